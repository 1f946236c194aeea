//! The views that PostgreSQL offers to other programs say what the API says.

use okaeri::ledger::StoreLocation;
use serde_json::{Value, json};
use sqlx::Connection as _;

use super::people::{Tenant, id};
use super::server::Home;
use crate::support::StoreKind;

/// The rows of a statement that selects JSON, as a reader of the views would get them.
pub fn rows(home: &Home, sql: &str, values: &[&str]) -> Vec<Value> {
    let StoreLocation::Postgres(url) = home.config().location() else { panic!("views stand on PostgreSQL") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rows: Vec<String> = runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        let statement = values.iter().fold(sqlx::query_scalar(sql), |statement, value| statement.bind(*value));
        statement.fetch_all(&mut connection).await.unwrap()
    });
    rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}

#[test]
fn the_pipeline_of_the_view_is_that_of_the_api() {
    let home = Home::with_employers(StoreKind::Postgres, &["acme", "other"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let recruiter = tenant.recruiter();
    let requisition = tenant.published(&json!({"headcount": 2, "hiring_manager": tenant.subject("bucho")}));
    let apply = |name: &str| {
        let (leaver, alumnus) = (tenant.person(), tenant.alumnus(name));
        let member = tenant.register(&tenant.record(&leaver.left(&format!("E-{name}"))), &leaver, &alumnus);
        let applies = json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"});
        id(&alumnus.post("/v1/applications", &applies).expect(201))
    };
    let (goes_on, rests, ended) = (apply("megumi"), apply("ken"), apply("aoi"));
    tenant.command(&recruiter, "applications", &goes_on, "advance", &json!({"to": "interviewing"})).expect(200);
    tenant.command(&recruiter, "applications", &rests, "hold", &json!({})).expect(200);
    let rejects = json!({"side": "employer", "reason_code": "qualifications"});
    tenant.command(&recruiter, "applications", &ended, "reject", &rejects).expect(200);

    let listed = recruiter.all("/v1/pipeline");
    assert_eq!(listed.len(), 2, "the one that has ended is not in it");
    let shown = |employer: &str| {
        let sql = "select to_json(v)::text from pipeline_v1 v where employer = $1 order by due_on, submitted_on, application_id";
        rows(&home, sql, &[employer])
    };
    let views = shown("acme");
    assert_eq!(views.len(), 2);
    assert!(shown("other").is_empty());
    for entry in &listed {
        let row = views.iter().find(|row| row["application_id"] == entry["application_id"]).unwrap();
        for member in [
            "state",
            "on_hold",
            "stage_since",
            "owner",
            "recruiter",
            "hiring_manager",
            "requisition_id",
            "legal_entity",
            "channel",
            "person_id",
            "member_id",
            "referral_id",
            "submitted_on",
            "first_answer_due",
            "stage_due",
            "result_due",
            "due_on",
            "offer_id",
            "version",
        ] {
            assert_eq!(row.get(member), entry.get(member), "{member} of {entry}");
        }
    }
    assert!(views.iter().any(|row| row["on_hold"] == true) && views.iter().any(|row| row["stage"] == "interviewing"));
    drop(tenant);
    assert!(server.terminate().success());

    // A second start finds the views there, with rows in them.
    let server = home.serve();
    assert_eq!(shown("acme"), views);
    assert!(server.terminate().success());
}
