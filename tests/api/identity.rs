//! Who is calling: services that act for people, employers that know nothing of each other, and the rules of a trial.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::raw;
use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_service_acts_for_a_person_within_its_scope_and_both_are_recorded,
    a_service_does_not_decide_on_people,
    another_employer_sees_and_changes_nothing,
    an_employer_that_is_not_there_has_nothing,
    of_several_roles_the_most_permissive_counts,
    a_trial_answers_to_this_machine_alone,
);

fn a_service_acts_for_a_person_within_its_scope_and_both_are_recorded(kind: StoreKind) {
    let tenant = tenant(kind);
    let hanako = tenant.subject("hanako");
    tenant.tell(&hanako);
    let mut service = tenant.person_token("portal", &[Role::PeopleOps]);
    service.service = true;
    let without_scope = tenant.with_token(&service);
    service.may_act_for = true;
    let portal = tenant.with_token(&service);
    let record = |by: &crate::program::client::Client, number: &str, on_behalf_of: &str| {
        let body = tenant.person().left(number);
        by.request("POST", "/v1/departures").json(&body).header("on-behalf-of", on_behalf_of).send()
    };
    record(&without_scope, "E-1", &hanako).refused(403, "may_not_act_for");
    record(&tenant.people_ops(), "E-1", &hanako).refused(403, "may_not_act_for");
    record(&portal, "E-1", "").refused(403, "may_not_act_for");
    let departure = id(&record(&portal, "E-1", &hanako).expect(201));
    let history = tenant.compliance().all(&format!("/v1/history/departures/{departure}"));
    let first = &history[0];
    assert_eq!(first["actor"]["kind"], "service");
    assert_eq!(first["actor"]["name"], tenant.subject("portal"));
    assert_eq!(first["on_behalf_of"]["name"], hanako.as_str());
    assert_eq!(first["role"], "people_ops");
    let log = tenant.compliance().read("/v1/log");
    assert!(!log.to_string().contains(&hanako), "the log names nobody");
}

fn a_service_does_not_decide_on_people(kind: StoreKind) {
    let tenant = tenant(kind);
    let mut token = tenant.person_token("robot", &[Role::PeopleOps, Role::Compliance, Role::ProgrammeAdmin]);
    token.service = true;
    token.may_act_for = true;
    let robot = tenant.with_token(&token);
    let departure = tenant.record(&tenant.person().left("E-1"));
    // By the route: before anything is looked up.
    let nowhere = uuid::Uuid::now_v7();
    for path in [
        "/v1/persons".to_owned(),
        format!("/v1/persons/{nowhere}/link"),
        format!("/v1/persons/{nowhere}/unlink"),
        format!("/v1/departures/{nowhere}/confirm-eligibility"),
        format!("/v1/members/{nowhere}/approve"),
        format!("/v1/members/{nowhere}/reject"),
        format!("/v1/no-rehire-flags/{nowhere}/review"),
        format!("/v1/no-rehire-flags/{nowhere}/renew"),
        format!("/v1/no-rehire-flags/{nowhere}/lift"),
    ] {
        robot.post(&path, &json!({})).problem(403, "natural_person_required");
        let for_a_person = robot.request("POST", &path).json(&json!({})).header("on-behalf-of", "hanako").send();
        for_a_person.problem(403, "natural_person_required");
    }
    // By the case: an assessment is a judgement too.
    let assessment = json!({"verdict": "needs_review"});
    tenant
        .command(&robot, "departures", &departure, "assess-eligibility", &assessment)
        .problem(403, "natural_person_required");
    tenant.command(&robot, "departures", &departure, "refuse-contact", &json!({})).expect(200);
}

fn another_employer_sees_and_changes_nothing(kind: StoreKind) {
    let (tenant, neighbour) = (tenant(kind), tenant(kind));
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    let invitation = tenant.invite(&departure);
    let spy = neighbour.people_ops();
    spy.get(&format!("/v1/departures/{departure}")).problem(404, "not_found");
    neighbour.command(&spy, "departures", &departure, "invite", &json!({})).problem(404, "not_found");
    assert_eq!(spy.read("/v1/departures")["items"], json!([]));
    assert_eq!(spy.all(&format!("/v1/departures?q={}", super::departures::encoded(&leaver.name))), Vec::<Value>::new());
    neighbour.compliance().get(&format!("/v1/history/departures/{departure}")).problem(404, "not_found");
    assert_eq!(neighbour.compliance().read("/v1/log")["items"], json!([]));
    // An invitation is good at one employer only.
    neighbour
        .alumnus("megumi")
        .post("/v1/members", &leaver.registers(&invitation))
        .refused(422, "invitation_not_valid");
    alumnus.post("/v1/members", &leaver.registers(&invitation)).expect(201);
    // The same subject at two employers is two callers: a key used by one says nothing to the other.
    let same = |by: &crate::program::client::Client| {
        by.request("POST", "/v1/departures").json(&leaver.left("E-7")).key("k").send()
    };
    same(&tenant.people_ops()).expect(201);
    let mut token = tenant.person_token("suzuki", &[Role::PeopleOps]);
    token.employer.clone_from(&neighbour.employer);
    let elsewhere = same(&neighbour.with_token(&token));
    elsewhere.expect(201);
    assert_eq!(elsewhere.header("idempotency-replayed"), None);
    // Positions are each employer's own, without gaps.
    let log = neighbour.compliance().read("/v1/log")["items"].clone();
    let positions: Vec<u64> = log.as_array().unwrap().iter().map(|item| item["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>());
}

fn an_employer_that_is_not_there_has_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let mut token = tenant.person_token("suzuki", &[Role::PeopleOps]);
    "nobody-knows".clone_into(&mut token.employer);
    let stranger = tenant.with_token(&token);
    stranger.post("/v1/departures", &tenant.person().left("E-1")).problem(404, "not_found");
    assert_eq!(stranger.read("/v1/departures")["items"], json!([]));
    assert_eq!(stranger.read("/v1/tasks")["items"], json!([]));
    let file =
        "employee_number,name,hired_on,left_on,employment_type,reason\nE-1,x,2015-04-01,2024-03-31,regular,study\n";
    let imported = stranger.upload("/v1/departures/import", file.as_bytes());
    assert!((400..500).contains(&imported.status), "{}", imported.text());
}

fn of_several_roles_the_most_permissive_counts(kind: StoreKind) {
    let tenant = tenant(kind);
    let departure = tenant.record(&tenant.person().left("E-1"));
    let path = format!("/v1/departures/{departure}");
    let both = tenant.with_token(&tenant.person_token("both", &[Role::Recruiter, Role::Compliance]));
    assert_eq!(both.read(&path)["reason"], "relocation");
    let masked = tenant.with_token(&tenant.person_token("both", &[Role::Recruiter, Role::Alumnus]));
    assert!(masked.read(&path).get("reason").is_none());
    let neither = tenant.with_token(&tenant.person_token("both", &[Role::Payroll, Role::Partner]));
    let problem = neither.get(&path).problem(403, "forbidden");
    assert_eq!(problem["permission"], "GET /v1/departures/{id}", "names the permission, not the data");
}

fn a_trial_answers_to_this_machine_alone(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let ask = |path: &str, headers: &str| {
        let request = format!(
            "GET {path} HTTP/1.1\r\n{headers}authorization: Bearer {}\r\nconnection: close\r\n\r\n",
            people_ops.token()
        );
        raw(people_ops.address, request.as_bytes())
    };
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
        assert_eq!(ask("/v1/departures", &format!("host: {host}\r\n")).0, 200, "{host}");
    }
    for host in
        ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "10.0.0.1", "", "evil.example:80"]
    {
        for path in ["/v1/departures", "/healthz", "/docs", "/nowhere"] {
            let (status, answer) = ask(path, &format!("host: {host}\r\n"));
            assert!(status == 403 || status == 400, "{host} {path}: {answer}");
            assert!(status == 400 || answer.contains("trial_is_local"), "{host} {path}: {answer}");
        }
    }
    for header in
        ["forwarded: for=1.2.3.4", "x-forwarded-for: 127.0.0.1", "x-forwarded-host: localhost", "x-real-ip: 127.0.0.1"]
    {
        let (status, answer) = ask("/v1/departures", &format!("host: localhost\r\n{header}\r\n"));
        assert!(status == 403 && answer.contains("trial_is_local"), "{header}: {answer}");
    }
}
