//! `/v1/persons`: strangers are never merged; people link records, two at a time, and can undo it (decision 2).

use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    one_name_and_birth_date_open_a_question_and_merge_nobody,
    two_people_link_two_records_and_two_people_part_them_again,
    a_possible_match_is_dismissed_for_good,
    a_link_needs_two_records_evidence_and_a_human_being,
);

/// Two departures of one name and birth date: their persons, the older one first.
fn namesakes(tenant: &Tenant<'_>) -> (String, String) {
    let person = tenant.person();
    let of = |id: &str| {
        let departure = tenant.people_ops().read(&format!("/v1/departures/{id}"));
        departure["person_id"].as_str().unwrap().to_owned()
    };
    let (one, other) =
        (tenant.record(&person.left("E-1")), tenant.record(&person.leaves("E-2", "2018-04-01", "2023-03-31")));
    (of(&one), of(&other))
}

fn open_task(by: &Client, kind: &str) -> Option<Value> {
    by.all("/v1/tasks").into_iter().find(|task| task["kind"] == kind)
}

fn one_name_and_birth_date_open_a_question_and_merge_nobody(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let (older, newer) = namesakes(&tenant);
    assert_ne!(older, newer);
    let asked: Vec<String> = people_ops.all("/v1/persons?state=match_possible").iter().map(id).collect();
    assert_eq!(asked, [newer.as_str()], "the newer record asks");
    let person = people_ops.read(&format!("/v1/persons/{newer}"));
    assert_eq!(person["same_person"], json!([]));
    assert_eq!(person["relations"][0]["other"], older.as_str());
    let evidence = person["relations"][0]["evidence"].as_array().unwrap();
    assert!(evidence.contains(&json!("overlapping_periods")) && evidence.contains(&json!("same_birth_date")));
    let tasks = people_ops.all("/v1/tasks?kind=possible_same_person");
    assert_eq!(tasks.len(), 1, "one question for the two of them");
    assert_eq!((&tasks[0]["person_id"], &tasks[0]["other_person_id"]), (&json!(newer), &json!(older)));
}

fn two_people_link_two_records_and_two_people_part_them_again(kind: StoreKind) {
    let tenant = tenant(kind);
    let (first, second) = (tenant.people_ops(), tenant.second_people_ops());
    let (older, newer) = namesakes(&tenant);
    let link = json!({"same_as": older, "reason": "documents_seen", "evidence_ref": "HR-2024-021"});
    let part = json!({"same_as": older, "reason": "different_people", "evidence_ref": "HR-2024-022"});
    let ask = |by: &Client, command: &str, body: &Value| tenant.command(by, "persons", &newer, command, body);
    let stints = |id: &str| first.read(&format!("/v1/persons/{id}"))["stints"].as_array().unwrap().len();

    assert_eq!(ask(&first, "link", &link).expect(200)["state"], "link_proposed");
    assert_eq!((stints(&older), stints(&newer)), (1, 1), "a proposal changes nothing");
    ask(&first, "link", &json!({"same_as": older, "reason": "other", "evidence_ref": "x"}))
        .refused(422, "second_person_required");
    assert!(open_task(&first, "confirm_link").is_none() && open_task(&second, "confirm_link").is_some());
    // From the other side it is the same relation.
    let confirmation = json!({"same_as": newer, "reason": "documents_seen", "evidence_ref": "HR-2024-021"});
    let linked = tenant.command(&second, "persons", &older, "link", &confirmation).expect(200);
    assert_eq!((&linked["state"], &linked["id"]), (&json!("linked"), &json!(newer)));
    assert_eq!((stints(&older), stints(&newer)), (2, 2));
    let seen = first.read(&format!("/v1/persons/{older}"));
    assert_eq!(seen["same_person"], json!([newer]));
    assert_eq!(first.all("/v1/persons?linked=yes").len(), 2);

    assert_eq!(ask(&first, "unlink", &part).expect(200)["state"], "unlink_proposed");
    assert_eq!(stints(&older), 2, "still one person");
    assert_eq!(ask(&second, "unlink", &part).expect(200)["state"], "apart");
    assert_eq!((stints(&older), stints(&newer)), (1, 1));
    let history = tenant.compliance().all(&format!("/v1/history/persons/{older}"));
    let told: Vec<&str> = history.iter().map(|item| item["event"].as_str().unwrap()).collect();
    let events = ["possible_match_noted", "link_proposed", "linked", "unlink_proposed", "unlinked"];
    assert_eq!(told, events.map(|event| format!("person.{event}")));
}

fn a_possible_match_is_dismissed_for_good(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let (older, newer) = namesakes(&tenant);
    let dismiss = |note: Option<&str>| {
        let body = json!({"same_as": older, "reason": "different_people", "note": note});
        tenant.command(&people_ops, "persons", &newer, "unlink", &body)
    };
    assert_eq!(dismiss(Some("面談で確認")).expect(200)["state"], "apart");
    assert!(open_task(&people_ops, "possible_same_person").is_none());
    let before = dismiss(None).expect(200)["version"].clone();
    assert_eq!(dismiss(None).expect(200)["version"], before, "already so");
    dismiss(Some("again")).refused(409, "nothing_to_unlink");
    // A third record of that name asks about both, and not again about what people have decided.
    let departure = people_ops.all("/v1/departures")[0].clone();
    let mut third = tenant.person().leaves("E-3", "2010-04-01", "2012-03-31");
    third["person"] = departure["person"].clone();
    tenant.record(&third);
    assert_eq!(people_ops.all("/v1/tasks?kind=possible_same_person").len(), 2);
}

fn a_link_needs_two_records_evidence_and_a_human_being(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let (older, newer) = namesakes(&tenant);
    let stranger = uuid::Uuid::now_v7();
    let link = |other: &str| json!({"same_as": other, "reason": "documents_seen", "evidence_ref": "HR-1"});
    let ask = |id: &str, body: &Value| tenant.command(&people_ops, "persons", id, "link", body);
    ask(&newer, &link(&newer)).points_at("/same_as", "self_link");
    ask(&newer, &link(&stranger.to_string())).points_at("/same_as", "unknown_person");
    ask(&stranger.to_string(), &link(&older)).problem(404, "not_found");
    ask(&newer, &json!({"same_as": older, "reason": "documents_seen"})).points_at("/evidence_ref", "required");
    let mut service = tenant.person_token("robot", &[okaeri::identity::Role::PeopleOps]);
    service.service = true;
    let robot = tenant.with_token(&service);
    tenant.command(&robot, "persons", &newer, "link", &link(&older)).problem(403, "natural_person_required");
    let created = people_ops.post(
        "/v1/persons",
        &json!({"person_id": older, "same_as": newer, "reason": "person_confirmed", "evidence_ref": "HR-1"}),
    );
    assert_eq!(id(&created.expect(201)), newer);
}
