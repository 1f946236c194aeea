//! What is watched over under a pay policy: looks at alerts, and publications of the pay gap.

use aggregates::pay_policy::{AlertKey, AlertOutcome, AlertReview, PayPolicyCommand, Publication};
use aggregates::personal::{Personal, RecordClass};
use axum::extract::State;
use projections::monitoring::Kind;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::send;
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, Words, one_of};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(review_alert)).routes(routes!(record_publication))
}

/// A look at an alert.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewPayAlert {
    #[schema(schema_with = one_of::<Kind>)]
    report: String,
    /// The table of the report.
    #[schema(examples("grade"))]
    table: Line,
    /// The row; everybody when not given.
    #[schema(examples("G4"))]
    row: Option<Line>,
    #[schema(schema_with = one_of::<AlertOutcome>)]
    outcome: String,
    /// Why.
    reason: Words,
    /// Where it lies.
    #[schema(examples("賃金格差検証 2027-2"))]
    evidence_ref: Line,
}

/// Record that somebody looked at an alert of a monitoring report (MON-01…05).
///
/// When a month is over, its reports are computed; what they raise waits here, with a task, until somebody looks or later figures
/// raise it no more. A pay gap of a grade is justified or mended within six months (PAY-06); where the law is that of a member
/// state of the European Union, it is assessed with the workers' representatives after that, and no other outcome does.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/review-alert", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = ReviewPayAlert, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn review_alert(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ReviewPayAlert>,
) -> Result<Answer, Problem> {
    let ReviewPayAlert { report, table, row, outcome, reason, evidence_ref } = body.value;
    let report: Kind = named("/report", &report)?;
    let outcome = named("/outcome", &outcome)?;
    let alert = AlertKey { report: <&str>::from(report).to_owned(), table: table.0, row: row.map(|row| row.0) };
    let reason = Personal::new(RecordClass::PayDecision, reason.0);
    let review = AlertReview { outcome, reason, evidence_ref: evidence_ref.0 };
    let envelope = session.envelope("pay-policies.review-alert", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, PayPolicyCommand::ReviewAlert { alert, review }).await
}

/// That a pay gap was published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordPayGapPublication {
    /// The last day of the fiscal year.
    year_ends: Day,
    /// The day on which it was published.
    published_on: Day,
    /// Where it stands.
    #[schema(examples("女性の活躍推進企業データベース"))]
    evidence_ref: Line,
}

/// Record that the pay gap of a fiscal year was published (男女の賃金の差異の公表, PAY-08).
///
/// An employer in Japan of 101 people or more publishes it within three months after the year; people operations have a task.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/record-publication", tag = "pay-policies",
    params(("id" = Uuid, Path)), request_body = RecordPayGapPublication,
    responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_publication(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordPayGapPublication>,
) -> Result<Answer, Problem> {
    let RecordPayGapPublication { year_ends, published_on, evidence_ref } = body.value;
    let publication = Publication { published_on: published_on.0, evidence_ref: evidence_ref.0 };
    let order = PayPolicyCommand::RecordPublication { year_ends: year_ends.0, publication };
    let envelope = session.envelope("pay-policies.record-publication", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, order).await
}
