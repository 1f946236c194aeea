//! `GET /v1/monitoring/*` (モニタリング, MON-01 to MON-06): reports of closed months, with fixed dimensions and no filters.

use aggregates::access::{Access, AccessCommand, FiguresRead};
use aggregates::labour::Law;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use projections::monitoring::statistics::Method;
use projections::monitoring::suppression::Least;
use projections::monitoring::{ALL, Alert, Figure, Kind, Line as Row, Month, Report};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::problem::{INTERNAL_ERROR, Problem};
use super::request::{Line, Params, Session, one_of, one_of_or_null};
use super::views::pay::{FractionView, sees_everything};
use crate::dispatch::Envelope;
use crate::gather::labour;
use crate::identity::Role;
use crate::monitoring::{last_closed, run};
use crate::printed::sha256;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reports))
        .routes(routes!(compa_ratios))
        .routes(routes!(stayer_ratios))
        .routes(routes!(pay_gaps))
        .routes(routes!(selection_rates))
        .routes(routes!(exceptions))
}

/// What stands behind a figure that is not shown.
const RULE: &str = "MON-06";
/// Of which month, and of which entity. Everything else is fixed: whoever could choose groups could single somebody out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MonitoringMonth {
    /// A month that is over in the employer's local time, `YYYY-MM`; the last one when not given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}$", example = "2026-10")]
    month: Option<String>,
    /// The entity; the employer's first when not given.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
}

/// The reports there are, and what the caller is told in them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MonitoringReportsView {
    /// The last month that can be asked for.
    #[schema(examples("2026-10"))]
    last_closed_month: String,
    /// k: a figure that this caller is told is about so many people at least (MON-06); more where the pay policy of the entity
    /// says so.
    #[schema(examples(5))]
    smallest_group: usize,
    reports: Vec<MonitoringKindView>,
}

/// A report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonitoringKindView {
    #[schema(schema_with = one_of::<Kind>)]
    report: String,
    #[schema(examples("MON-01"))]
    rule: String,
    #[schema(examples("/v1/monitoring/compa-ratios"))]
    path: String,
    /// What is computed.
    formula: String,
    thresholds: Vec<ThresholdView>,
}

/// A bound that figures are held against.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ThresholdView {
    #[schema(examples("difference_above"))]
    name: String,
    value: FractionView,
    /// For reading.
    #[schema(examples("0.05"))]
    decimal: String,
}

/// A report of a closed month. Later events never change it, with one exception: what a person's erasure has made unreadable
/// is in no figure any more.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MonitoringReportView {
    #[schema(schema_with = one_of::<Kind>)]
    report: String,
    #[schema(examples("MON-01"))]
    rule: String,
    legal_entity: String,
    #[schema(examples("2026-10"))]
    month: String,
    /// The twelve months that end with it.
    window: WindowView,
    /// k: every figure is about so many people at least (MON-06).
    #[schema(examples(5))]
    smallest_group: usize,
    /// What is computed.
    formula: String,
    thresholds: Vec<ThresholdView>,
    /// `internal_under_counsel` where the law of the United States holds and rates of selection are compared: made for counsel's
    /// advice, and handed to nobody else (MON-04).
    #[schema(schema_with = one_of_or_null::<Handling>)]
    handling: Option<Handling>,
    rows: Vec<MonitoringRowView>,
    /// Who is in no figure of these rows, and why.
    left_out: Vec<MonitoringRowView>,
}

/// How a report is to be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(super) enum Handling {
    /// Federal agencies bring no cases of disparate impact at present; Title VII, private suits and states remain.
    InternalUnderCounsel,
}

/// From the first day to the last.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WindowView {
    from: NaiveDate,
    to: NaiveDate,
}

/// A row.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonitoringRowView {
    #[schema(examples("grade"))]
    table: String,
    /// Which row; null for everybody.
    #[schema(examples("G4"))]
    row: Option<String>,
    /// Whether its figures are kept back, so that nobody can be told from them.
    suppressed: bool,
    /// `MON-06` where figures are kept back, or repeated from an earlier month.
    #[schema(examples("MON-06"))]
    reason: Option<String>,
    /// The month whose figures these are: an earlier one where too few people have changed since.
    #[schema(examples("2026-10"))]
    as_of: Option<String>,
    figures: Vec<FigureView>,
    alert: Option<AlertView>,
}

/// A figure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FigureView {
    #[schema(examples("median_of_returners"))]
    name: String,
    /// Exactly; a probability to twelve places.
    value: FractionView,
    /// For reading: ratios to four places, probabilities to six.
    #[schema(examples("1.0800"))]
    decimal: String,
    /// How a probability was found: exactly, or by the normal distribution where there are too many people for that.
    #[schema(schema_with = one_of_or_null::<Method>)]
    method: Option<String>,
}

/// Whether somebody has to look.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AlertView {
    raised: bool,
    /// The figures that it rests on.
    because: Vec<String>,
    /// The first month without a break in which it was raised, where a time runs from it.
    #[schema(examples("2026-10"))]
    since: Option<String>,
    /// When that time is over.
    due_on: Option<NaiveDate>,
}

/// The reports that there are.
///
/// Each with its rule, what it computes, its bounds, and the last month that can be asked for.
#[utoipa::path(get, path = "/v1/monitoring", tag = "monitoring",
    responses((status = 200, description = "The reports", body = MonitoringReportsView)))]
async fn reports(State(app): State<App>, session: Session) -> Json<MonitoringReportsView> {
    let kind = |kind: Kind| MonitoringKindView {
        report: name(kind).to_owned(),
        rule: kind.rule().to_owned(),
        path: format!("/v1/monitoring/{}", name(kind)),
        formula: kind.formula().to_owned(),
        thresholds: thresholds(kind),
    };
    Json(MonitoringReportsView {
        last_closed_month: last_closed(app.dispatcher(), &session.employer).to_string(),
        smallest_group: least(session.role).people(),
        reports: Kind::iter().map(kind).collect(),
    })
}

/// Compa-ratios of those who came back beside those who stayed (MON-01).
///
/// Medians by grade, their difference, and a two-sided Mann–Whitney test. Raised where the medians differ by more than 0.05
/// either way and p lies below 0.05; otherwise it describes and nothing more.
#[utoipa::path(get, path = "/v1/monitoring/compa-ratios", tag = "monitoring", params(MonitoringMonth),
    responses((status = 200, description = "The report", body = MonitoringReportView)))]
async fn compa_ratios(state: State<App>, session: Session, asked: Params<MonitoringMonth>) -> Answered {
    answer(state, session, asked, Kind::CompaRatios).await
}

/// Pay of those who came back beside those who never left, and plans to remedy (MON-02).
///
/// Raised where the median stood above 1.05 in the latest two calendar quarters that are over.
#[utoipa::path(get, path = "/v1/monitoring/stayer-ratios", tag = "monitoring", params(MonitoringMonth),
    responses((status = 200, description = "The report", body = MonitoringReportView)))]
async fn stayer_ratios(state: State<App>, session: Session, asked: Params<MonitoringMonth>) -> Answered {
    answer(state, session, asked, Kind::StayerRatios).await
}

/// Pay of women beside that of men (MON-03, PAY-06, PAY-08).
///
/// In each grade with and without those who came back, among them alone, and for regular and other employees. Raised from a
/// gap of 5 % on; in a grade six months run from the first month of it.
#[utoipa::path(get, path = "/v1/monitoring/pay-gaps", tag = "monitoring", params(MonitoringMonth),
    responses((status = 200, description = "The report", body = MonitoringReportView)))]
async fn pay_gaps(state: State<App>, session: Session, asked: Params<MonitoringMonth>) -> Answered {
    answer(state, session, asked, Kind::PayGaps).await
}

/// Rates of selection by declared sex (MON-04).
///
/// From invitation to application to offer: impact ratio, two-sided Fisher test, and how many more selections would lift the
/// ratio to 0.80. Acceptance is the candidate's act and is told beside it. Who declared nothing is counted as that. Under the
/// law of the United States the report says `handling: internal_under_counsel`: it is made for counsel's advice.
#[utoipa::path(get, path = "/v1/monitoring/selection-rates", tag = "monitoring", params(MonitoringMonth),
    responses((status = 200, description = "The report", body = MonitoringReportView)))]
async fn selection_rates(state: State<App>, session: Session, asked: Params<MonitoringMonth>) -> Answered {
    answer(state, session, asked, Kind::SelectionRates).await
}

/// Exceptions from the pay policy by unit, sex and approver, and how long approval takes (MON-05).
///
/// Raised above twice the rate of all. An approver is named by the key of their account, and only from k people on.
#[utoipa::path(get, path = "/v1/monitoring/exceptions", tag = "monitoring", params(MonitoringMonth),
    responses((status = 200, description = "The report", body = MonitoringReportView)))]
async fn exceptions(state: State<App>, session: Session, asked: Params<MonitoringMonth>) -> Answered {
    answer(state, session, asked, Kind::Exceptions).await
}

type Answered = Result<Json<MonitoringReportView>, Problem>;

async fn answer(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<MonitoringMonth>,
    kind: Kind,
) -> Answered {
    let month = closed_month(&app, &session, asked.month.as_deref())?;
    let default = || session.employer.default_legal_entity.clone();
    let named = asked.legal_entity.is_some();
    let legal_entity = asked.legal_entity.map_or_else(default, |entity| entity.0);
    let entity = if named { Entity::Named(legal_entity.clone()) } else { Entity::Known(legal_entity.clone()) };
    let (report, handling) = read(&app, &session, kind, entity, month, least(session.role)).await?;
    Ok(Json(shown(report, legal_entity, handling)))
}

/// The month that was asked for; the last one that is over when none was.
pub(super) fn closed_month(app: &App, session: &Session, asked: Option<&str>) -> Result<Month, Problem> {
    month(asked, last_closed(app.dispatcher(), &session.employer))
}

/// Which entity is asked about.
#[derive(Clone)]
pub(super) enum Entity {
    /// One that the program knows.
    Known(String),
    /// One that the caller wrote.
    Named(String),
}

/// A report as it is told of groups of so many people, and how it is to be handled; that it was told is recorded. An entity beyond the caller's reach is told
/// like one that is not there.
pub(super) async fn read(
    app: &App,
    session: &Session,
    kind: Kind,
    entity: Entity,
    month: Month,
    least: Least,
) -> Result<(Report, Option<Handling>), Problem> {
    let (Entity::Known(legal_entity) | Entity::Named(legal_entity)) = entity.clone();
    let employer = &session.employer;
    let (report, handling) = if session.covers(&legal_entity) {
        let report = run(app.dispatcher(), employer, kind, legal_entity.clone(), month, least).await?;
        (report, handling(app, session, kind, &legal_entity).await?)
    } else {
        (Report { kind, month, least: least.people(), lines: Vec::new() }, None)
    };
    // What somebody writes stays out of the log where it is no entity of which there is anything to tell.
    if matches!(entity, Entity::Known(_)) || !report.lines.is_empty() {
        record(app, session, &report, handling, legal_entity).await?;
    }
    Ok((report, handling))
}

/// Who was told what is a fact of the log before it is told (MON-06, AUD-07).
async fn record(
    app: &App,
    session: &Session,
    report: &Report,
    handling: Option<Handling>,
    legal_entity: String,
) -> Result<(), Problem> {
    let told = shown(report.clone(), legal_entity.clone(), handling);
    let told = serde_json::to_vec(&told).map_err(|error| {
        tracing::error!(%error, report = name(report.kind), "a report cannot be written");
        Problem::of(INTERNAL_ERROR)
    })?;
    let figures = FiguresRead {
        report: name(report.kind).to_owned(),
        rule: report.kind.rule().to_owned(),
        legal_entity,
        month: report.month.to_string(),
        smallest_group: u32::try_from(report.least).unwrap_or(u32::MAX),
        sha256: sha256(&told),
    };
    // Each time anew: a reading is no command that a caller repeats, or holds against a version.
    let envelope = Envelope { receipt: None, expected: None, ..session.envelope("monitoring.read", 200, &[]) };
    app.dispatcher().create::<Access>(&envelope, Uuid::now_v7(), AccessCommand::Tell(figures)).await?;
    Ok(())
}

/// How a report about an entity is to be handled, by the law that it follows today.
async fn handling(app: &App, session: &Session, kind: Kind, legal_entity: &str) -> Result<Option<Handling>, Problem> {
    if kind != Kind::SelectionRates {
        return Ok(None);
    }
    let law = labour::law(app.dispatcher(), &session.employer, legal_entity)
        .await
        .map_err(crate::dispatch::LoadError::from)?;
    Ok((law == Law::UnitedStates).then_some(Handling::InternalUnderCounsel))
}

/// How few people a figure may be about that a role is told.
const fn least(role: Role) -> Least {
    if sees_everything(role) { Least::FEW } else { Least::MANY }
}

fn name(kind: Kind) -> &'static str {
    kind.into()
}

/// A month that is over.
fn month(asked: Option<&str>, last: Month) -> Result<Month, Problem> {
    let Some(asked) = asked else { return Ok(last) };
    let problem = |code: &str, english: String, japanese: String| {
        Problem::field("/month", code, english, japanese).rule(RULE, "closed calendar months")
    };
    let month: Month = asked.parse().map_err(|()| {
        let (english, japanese) = ("A month such as 2026-10 is expected.", "2026-10のような年月で指定してください。");
        problem("not_a_month", english.to_owned(), japanese.to_owned())
    })?;
    if month > last {
        return Err(problem(
            "month_not_closed",
            format!("Only months that are over are reported; the last one is {last}."),
            format!("締まった月のみ集計します。直近は{last}です。"),
        ));
    }
    Ok(month)
}

fn thresholds(kind: Kind) -> Vec<ThresholdView> {
    let shown = |threshold: projections::monitoring::Threshold| ThresholdView {
        name: threshold.name.to_owned(),
        value: FractionView::of(threshold.value),
        decimal: threshold.value.decimal(2),
    };
    kind.thresholds().into_iter().map(shown).collect()
}

fn shown(report: Report, legal_entity: String, handling: Option<Handling>) -> MonitoringReportView {
    let Report { kind, month, least, lines } = report;
    let (left_out, rows): (Vec<Row>, Vec<Row>) = lines.into_iter().partition(|line| line.table == "left_out");
    let shown = |rows: Vec<Row>| rows.into_iter().map(|line| row(line, month)).collect();
    MonitoringReportView {
        report: name(kind).to_owned(),
        rule: kind.rule().to_owned(),
        legal_entity,
        month: month.to_string(),
        window: WindowView { from: month.window_start(), to: month.last_day() },
        smallest_group: least,
        formula: kind.formula().to_owned(),
        thresholds: thresholds(kind),
        handling,
        rows: shown(rows),
        left_out: shown(left_out),
    }
}

fn row(line: Row, month: Month) -> MonitoringRowView {
    MonitoringRowView {
        table: line.table.to_owned(),
        row: Some(line.row).filter(|row| row != ALL),
        suppressed: line.as_of.is_none(),
        reason: (line.as_of != Some(month)).then(|| RULE.to_owned()),
        as_of: line.as_of.map(|month| month.to_string()),
        figures: line.figures.iter().map(figure).collect(),
        alert: line.alert.map(alert),
    }
}

fn figure(figure: &Figure) -> FigureView {
    FigureView {
        name: figure.name.to_owned(),
        value: FractionView::of(figure.value),
        decimal: figure.value.decimal(figure.places),
        method: figure.method.map(|method| <&str>::from(method).to_owned()),
    }
}

fn alert(alert: Alert) -> AlertView {
    AlertView {
        raised: alert.raised,
        because: alert.because.into_iter().map(str::to_owned).collect(),
        since: alert.since.map(|month| month.to_string()),
        due_on: alert.due_on,
    }
}

#[cfg(test)]
mod tests {
    use projections::monitoring::Month;

    use super::{least, month};
    use crate::identity::Role;

    #[test]
    fn only_a_month_that_is_over_is_reported() {
        let last: Month = "2026-10".parse().unwrap();
        assert_eq!(month(None, last).unwrap(), last);
        assert_eq!(month(Some("2025-12"), last).unwrap().to_string(), "2025-12");
        for (asked, code) in [
            ("2026-11", "month_not_closed"),
            ("2026-13", "not_a_month"),
            ("2026-1", "not_a_month"),
            ("2026-10-01", "not_a_month"),
            ("", "not_a_month"),
        ] {
            let problem = month(Some(asked), last).unwrap_err();
            assert_eq!((problem.errors[0].code.as_str(), problem.rule.as_deref()), (code, Some("MON-06")), "{asked}");
            assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "/month"));
        }
    }

    #[test]
    fn a_wider_audience_is_told_of_larger_groups_alone() {
        assert_eq!([Role::Compliance, Role::Compensation].map(|role| least(role).people()), [5, 5]);
        assert_eq!([Role::Executive, Role::ProgrammeAdmin].map(|role| least(role).people()), [10, 10]);
    }
}
