//! `GET /v1/offers`: whole for those who make and approve offers, and for the candidate what went out to them.

use std::str::FromStr as _;

use aggregates::ids::ActorId;
use aggregates::offer::DocumentKind;
use aggregates::requisition::Line;
use axum::Json;
use axum::extract::State;
use projections::offers::Offer;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::names;
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging, typed};
use crate::http::request::{self, Id, Params, Reach, Session};
use crate::http::scope::{CaseScope, case_session, reads_as};
use crate::http::views::offers::{OfferState, OfferView, mask, went_out};
use crate::http::views::pay::sees_tier;
use crate::http::views::{One, Page, Seen, entity_filter, one, one_value, table};
use crate::ledger::TableId;
use crate::offer_pack::Contents;

/// The read model.
const OFFERS: TableId = table::<Offer>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which offers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<OfferState>,
    /// All offers of one case.
    application_id: Option<Uuid>,
    /// All offers for one position.
    requisition_id: Option<Uuid>,
    /// All offers to one human being.
    person_id: Option<Uuid>,
    /// The entity that employs.
    legal_entity: Option<request::Line>,
    /// Part of a name at a departure (at least two characters, as written or in katakana).
    #[param(max_length = 200, example = "山田")]
    q: Option<String>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// Whose a document is and who leads it.
struct Whose {
    account: Option<ActorId>,
    line: Option<Line>,
    legal_entity: String,
}

fn whose(body: &Value) -> Whose {
    let part = |name: &str| body.get(name).cloned().unwrap_or_default();
    Whose {
        account: serde_json::from_value(part("account")).unwrap_or_default(),
        line: serde_json::from_value(part("line")).ok(),
        legal_entity: part("legal_entity").as_str().unwrap_or_default().to_owned(),
    }
}

/// The session as this caller comes to the offer.
fn as_caller(session: &Session, whose: &Whose) -> Result<Session, Problem> {
    let scope = CaseScope {
        account: whose.account,
        line: whose.line.as_ref(),
        legal_entity: &whose.legal_entity,
        ..CaseScope::default()
    };
    case_session(session, &scope)
}

/// List offers.
///
/// In the order in which they were drafted. A hiring manager gets those of their own positions, and may get fewer items
/// than the limit on a page.
#[utoipa::path(get, path = "/v1/offers", tag = "offers", params(OfferFilters),
    responses((status = 200, description = "A page of offers", body = Page<OfferView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<OfferFilters>,
) -> Result<Json<Page<Seen<OfferView>>>, Problem> {
    // Whoever comes by what is assigned to them is not held to the entities of their token.
    let entity = match session.reach {
        Reach::All => entity_filter(&session, asked.legal_entity),
        Reach::Own | Reach::Assigned => one_value("legal_entity", asked.legal_entity.map(|line| line.0)),
    };
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("application_id", asked.application_id),
        one_value("requisition_id", asked.requisition_id),
        one_value("person_id", asked.person_id),
        entity,
    ];
    let named = names::persons(&app, &session, asked.q.as_deref()).await?;
    let filters = filters.into_iter().flatten().chain(named).collect();
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let shown = |session: &Session, body: &mut Value| {
        // An offer to the caller is not there before it went out, and what it has come to since no filter tells.
        let own = reads_as(session, body).1 == Reach::Own;
        if as_caller(session, &whose(body)).is_err() || (own && (asked.state.is_some() || !went_out(body))) {
            *body = Value::Null;
        } else {
            mask(session, body);
        }
    };
    let mut listed: Listed<Value> = reading::list(&app, &session, &OFFERS, filters, None, &paging, shown).await?;
    listed.items.retain(|body| !body.is_null());
    let items = listed.items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// Read an offer.
///
/// With `terms_hash`, and the texts of the documents that went out: all three for the employer, for the candidate the
/// notice of working conditions and the explanation.
#[utoipa::path(get, path = "/v1/offers/{id}", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The offer, its version as `ETag`", body = OfferView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<OfferView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &OFFERS, id.0).await?;
    let session = as_caller(&session, &whose(&body))?;
    if reads_as(&session, &body).1 == Reach::Own && !went_out(&body) {
        return Err(Problem::not_found());
    }
    let shown = |session: &Session, body: &mut Value| {
        let mut texts = texts(body);
        // The sheet tells the tier and what a remedy costs.
        let tells_all = sees_tier(reads_as(session, body).0) || body["finding"].is_null();
        texts.retain(|(kind, _)| tells_all || *kind != DocumentKind::ApprovalSheet);
        mask(session, body);
        show(&texts, body);
    };
    one(&app, &session, document, shown).await
}

/// An offer that this caller may read, as its page knows it: the log itself may no longer be readable.
pub(super) async fn may_read(app: &App, session: &Session, id: Uuid) -> Result<(), Problem> {
    let (_, body) = reading::document(app, session, &OFFERS, id).await?;
    as_caller(session, &whose(&body)).map(drop)
}

/// What the documents say, rendered anew from what is recorded; left out where that is not what went out.
fn texts(body: &Value) -> Vec<(DocumentKind, String)> {
    let Ok(offer) = serde_json::from_value::<Offer>(body.clone()) else { return vec![] };
    let recorded = offer.extension.as_ref().map(|extension| extension.documents.clone()).unwrap_or_default();
    let rendered = Contents::of_document(&offer).map(|contents| contents.render());
    let rendered = rendered.into_iter().flatten();
    rendered.filter(|one| recorded.contains(&one.recorded())).map(|one| (one.kind, one.rendered.text)).collect()
}

fn show(texts: &[(DocumentKind, String)], body: &mut Value) {
    let documents = body.pointer_mut("/extension/documents").and_then(Value::as_array_mut);
    for document in documents.into_iter().flatten() {
        let kind = document.get("kind").and_then(Value::as_str).and_then(|kind| DocumentKind::from_str(kind).ok());
        let text = texts.iter().find(|(of, _)| Some(*of) == kind).map(|(_, text)| Value::from(text.as_str()));
        if let Some(members) = document.as_object_mut() {
            members.insert("text".to_owned(), text.unwrap_or(Value::Null));
        }
    }
}
