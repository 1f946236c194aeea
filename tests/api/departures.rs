//! `/v1/departures` as people operations, recruiters and leavers use it.

use serde_json::json;

use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(a_departure_is_recorded_once);

fn a_departure_is_recorded_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, leaver) = (tenant.people_ops(), tenant.person());
    let recorded = people_ops.post("/v1/departures", &leaver.left("E-1"));
    let body = recorded.expect(201);
    assert_eq!(body["state"], "effective");
    assert_eq!(recorded.header("location"), Some(format!("/v1/departures/{}", id(&body)).as_str()));
    assert_eq!(recorded.header("etag"), Some(format!("\"{}\"", body["version"]).as_str()));
    people_ops.post("/v1/departures", &leaver.left("E-1")).problem(409, "duplicate");
    people_ops.post("/v1/departures", &json!({})).problem(422, "validation_failed");
}
