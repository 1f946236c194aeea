//! `GET /v1/referrals`: for those who recruit and those who decide; the referrer reads their own in safe words.

use axum::Json;
use axum::extract::State;
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
use crate::http::request::{Id, Line, Params, Reach, Session};
use crate::http::views::referrals::{ReferralState, ReferralView, mask};
use crate::http::views::{One, Page, Seen, entity_filter, in_scope, one_value, table};
use crate::identity::Role;
use crate::invitation::candidate_token;
use crate::ledger::TableId;

/// The read model.
pub(in crate::http) const REFERRALS: TableId = table::<projections::referrals::Referral>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which referrals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferralFilters {
    /// How far they have come. Not for the referrer, to whom it is not told.
    #[param(inline)]
    state: Option<ReferralState>,
    /// The account that has the credit.
    referrer: Option<Uuid>,
    /// To one position.
    requisition_id: Option<Uuid>,
    /// To one entity.
    legal_entity: Option<Line>,
    /// Of one candidate.
    candidate_person_id: Option<Uuid>,
    /// Part of the candidate's name (at least two characters). For those who are told it; never finds one's own referrals.
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

/// List referrals.
///
/// In the order in which they were made. Employees and alumni get their own, in words that are safe to tell.
#[utoipa::path(get, path = "/v1/referrals", tag = "referrals", params(ReferralFilters),
    responses((status = 200, description = "A page of referrals", body = Page<ReferralView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<ReferralFilters>,
) -> Result<Json<Page<Seen<ReferralView>>>, Problem> {
    let own = session.reach == Reach::Own;
    if own && (asked.state.is_some() || asked.candidate_person_id.is_some()) {
        // A filter would tell what the list does not.
        return Err(Problem::forbidden("GET /v1/referrals?state&candidate_person_id"));
    }
    let told_names = !own && matches!(session.role, Role::Compliance | Role::Recruiter | Role::PeopleOps);
    if asked.q.is_some() && !told_names {
        return Err(Problem::forbidden("GET /v1/referrals?q").reason("name_search"));
    }
    let referrer = if own {
        let actor = session.actor.0;
        if asked.referrer.is_some_and(|asked| asked != actor) {
            return Ok(Json(Listed { items: vec![], next_cursor: None }.into()));
        }
        Some(actor)
    } else {
        asked.referrer
    };
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("referrer", referrer),
        one_value("requisition_id", asked.requisition_id),
        one_value("candidate_person_id", asked.candidate_person_id),
        if own {
            one_value("legal_entity", asked.legal_entity.map(|line| line.0))
        } else {
            entity_filter(&session, asked.legal_entity)
        },
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let ids = names::referrals(&app, &session, asked.q.as_deref()).await?;
    let listed: Listed<Value> = reading::list(&app, &session, &REFERRALS, filters, ids, &paging, mask).await?;
    let items = listed.items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// Whether the caller has the credit.
fn is_theirs(session: &Session, body: &Value) -> bool {
    body.get("referrer").and_then(Value::as_str) == Some(session.actor.to_string().as_str())
}

/// Read a referral.
///
/// Recruiters and people operations are given `candidate_token` while the candidate has not answered: with it the candidate
/// agrees or declines. The referrer never is: nobody agrees for another.
#[utoipa::path(get, path = "/v1/referrals/{id}", tag = "referrals", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The referral, its version as `ETag` but for the referrer", body = ReferralView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<ReferralView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &REFERRALS, id.0).await?;
    let theirs = is_theirs(&session, &body);
    let visible = match session.reach {
        Reach::Own => theirs,
        Reach::All | Reach::Assigned => in_scope(&session, &body),
    };
    if !visible {
        return Err(Problem::not_found());
    }
    let version = document.version;
    let asks = session.reach == Reach::All && matches!(session.role, Role::Recruiter | Role::PeopleOps) && !theirs;
    let waits = body.get("state").and_then(Value::as_str) == Some("awaiting_candidate");
    let seen: Vec<Value> = reading::present(&app, &session, vec![document], mask).await?;
    let mut body = seen.into_iter().next().ok_or_else(Problem::not_found)?;
    if asks && waits {
        body["candidate_token"] = candidate_token(&session.employer.keys, &session.employer.name, id.0).into();
    }
    let body = typed(body)?;
    // What the referrer is told of it does not say how often something was recorded about it.
    let told = session.reach == Reach::All && !theirs;
    Ok(if told { One::new(body, version) } else { One::untagged(body) })
}
