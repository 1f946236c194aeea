//! What stands outside of `/v1`: health, metrics, the description of the API and its pages. No token is needed.

use okaeri::http::problem::CODES;
use okaeri::identity::permissions::Permissions;
use serde_json::json;

use crate::program::people::tenant;
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    the_program_says_how_it_is,
    the_description_holds_every_route_and_no_other,
    every_problem_is_explained_on_a_page,
);

fn the_program_says_how_it_is(kind: StoreKind) {
    let tenant = tenant(kind);
    let anyone = &tenant.anyone;
    assert_eq!(anyone.read("/healthz"), json!({"status": "ok"}));
    tenant.record(&tenant.person().left("E-1"));
    let ready = anyone.get("/readyz");
    // A machine that is busy with tests may lag for a moment; what it says is the same.
    assert!([200, 503].contains(&ready.status));
    let ready = ready.json();
    assert_eq!((&ready["mode"], &ready["store"]), (&json!("trial"), &json!("reachable")));
    let names: Vec<&str> =
        ready["models"].as_array().unwrap().iter().map(|model| model["name"].as_str().unwrap()).collect();
    for name in ["departures", "employments", "members", "no_rehire_flags", "persons", "tasks"] {
        assert!(names.contains(&name), "{name}");
    }
    for name in [
        "pay_policies",
        "programme_policies",
        "pay_bands",
        "incumbent_snapshots",
        "requisitions",
        "reward_plans",
        "rewards",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(ready["models"].as_array().unwrap().iter().all(|model| model["stopped"] == false));
    let metrics = anyone.get("/metrics").text();
    for name in ["okaeri_http_requests_total", "okaeri_http_request_seconds_bucket", "okaeri_model_behind_events"] {
        assert!(metrics.contains(name), "{name}");
    }
    assert!(metrics.contains("route=\"/v1/departures\"") && metrics.ends_with("# EOF\n"));
    let docs = anyone.get("/docs");
    assert_eq!(docs.status, 200);
    assert!(docs.header("content-security-policy").unwrap().contains("default-src 'none'"));
    for header in ["x-request-id", "x-content-type-options", "cache-control"] {
        assert!(docs.header(header).is_some(), "{header}");
    }
}

fn the_description_holds_every_route_and_no_other(kind: StoreKind) {
    let tenant = tenant(kind);
    let described = tenant.anyone.read("/openapi.json");
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut found: Vec<String> = Vec::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        for method in
            item.as_object().unwrap().keys().filter(|key| ["get", "post", "put", "delete"].contains(&key.as_str()))
        {
            found.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut expected: Vec<String> = Permissions::embedded().unwrap().routes().map(ToString::to_string).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

fn every_problem_is_explained_on_a_page(kind: StoreKind) {
    let tenant = tenant(kind);
    for code in CODES {
        let page = tenant.anyone.get(&format!("/problems/{}", code.name));
        assert_eq!(page.status, 200, "{}", code.name);
        assert!(page.header("content-type").unwrap().starts_with("text/html") && page.text().contains(code.title_ja));
        let told = tenant
            .anyone
            .request("GET", &format!("/problems/{}", code.name))
            .header("accept", "application/json")
            .send();
        assert_eq!(told.expect(200)["status"], code.status.as_u16());
    }
    tenant.anyone.get("/problems/nothing").problem(404, "not_found");
}
