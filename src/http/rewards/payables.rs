//! `GET /v1/reward-payables`: what payroll pays in a period, one row a tranche.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reading::REWARDS;
use crate::http::App;
use crate::http::problem::{MALFORMED_REQUEST, Problem};
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Line, Params, Session};
use crate::http::views::rewards::{PayableView, RewardState, payable};
use crate::http::views::{Page, entity_filter};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(payables))
}

/// Which tranches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PayableFilters {
    /// The month in which they are due, `YYYY-MM`.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}$", example = "2027-04")]
    period: String,
    /// How far they have come: only approved ones are to be paid.
    #[param(inline)]
    state: Option<RewardState>,
    /// The entity that pays.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// The rewards that are due in a period, one row a tranche.
///
/// `reward_id` is the key by which payroll tells payments apart: one is paid once. Only approved ones are to be paid.
#[utoipa::path(get, path = "/v1/reward-payables", tag = "rewards", params(PayableFilters),
    responses((status = 200, description = "A page of tranches", body = Page<PayableView>)))]
async fn payables(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<PayableFilters>,
) -> Result<Json<Page<PayableView>>, Problem> {
    let filters = [
        Some(("period", vec![month(&asked.period)?])),
        asked.state.map(|state| ("state", vec![<&'static str>::from(state).to_owned()])),
        entity_filter(&session, asked.legal_entity),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    Ok(Json(reading::list(&app, &session, &REWARDS, filters, None, &paging, payable).await?.into()))
}

/// A month, `YYYY-MM`.
fn month(text: &str) -> Result<String, Problem> {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((year, month)) if digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month) => {
            Ok(text.to_owned())
        }
        Some(_) | None => Err(Problem::of(MALFORMED_REQUEST)
            .detail("period is a month such as 2027-04.", "periodは2027-04のような年月で指定してください。")
            .reason("malformed_period")),
    }
}

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn a_period_is_a_month() {
        assert_eq!(month("2027-04").unwrap(), "2027-04");
        for other in ["2027-4", "2027-13", "2027-00", "2027", "2027-04-01", "", "abcd-ef", "２０２７-04"] {
            assert_eq!(month(other).unwrap_err().reason.as_deref(), Some("malformed_period"), "{other}");
        }
    }
}
