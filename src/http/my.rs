//! `/v1/my`: what is held about the caller, for the caller (PRV-09). Nothing of it is about, or by, anybody else (PRV-10).

mod consents;
mod data;
mod referrals;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(consents::consents))
        .routes(routes!(data::data))
        .routes(routes!(referrals::referrals))
}
