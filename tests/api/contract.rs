//! What every route promises: whatever is sent, the answer is a success or a problem that explains itself, never a fault.

use serde_json::{Value, json};

use super::departures::encoded;
use crate::program::client::{Client, Reply, raw};
use crate::program::people::{Tenant, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_body_that_is_no_json_is_refused_on_every_route,
    whatever_stands_in_a_field_is_taken_or_refused_by_name,
    an_unknown_field_is_refused_and_not_ignored,
    a_body_of_another_kind_or_size_is_refused,
    an_id_has_one_form,
    headers_and_queries_are_read_strictly,
    what_is_not_there_is_told_in_the_same_way,
    a_caller_who_is_not_known_learns_nothing,
    a_file_that_is_none_is_refused_and_a_half_good_one_is_taken_line_by_line,
    a_version_that_no_longer_stands_is_not_commanded,
);

/// Every route that takes a JSON body, with a body that it would take.
#[expect(clippy::too_many_lines, reason = "one line a route")]
fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (people_ops, compliance, hris) = (tenant.people_ops(), tenant.compliance(), tenant.hris());
    let (admin, leaver, alumnus) = (tenant.programme_admin(), tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-0"));
    let member = tenant.register(&departure, &leaver, &alumnus);
    let employment = hris.post("/v1/employments", &tenant.person().works("A-0", "2020-04-01")).expect(201);
    let employment = employment["id"].as_str().unwrap().to_owned();
    let person = people_ops.read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().to_owned();
    let other = people_ops.read(&format!("/v1/employments/{employment}"))["person_id"].as_str().unwrap().to_owned();
    let flag = super::no_rehire_flags::grounds(tenant, &person);
    let flag_id = compliance.post("/v1/no-rehire-flags", &flag).expect(201)["id"].as_str().unwrap().to_owned();
    let on = |collection: &str, id: &str, command: &str| format!("/v1/{collection}/{id}/{command}");
    let leaves = tenant.person().left("E-1");
    let money = json!({"amount": 6_400_000, "currency": "JPY"});
    let works = json!({
        "employee_number": "A-1", "previous_employee_number": "A-01", "legal_entity": "JP-HQ", "subject": "ema",
        "person": tenant.person().json(), "kind": "primary", "employment_type": "regular", "from": "2020-04-01",
        "to": "2021-03-31", "department": "物流部", "job_family": "driver", "job_title": "x", "grade": "G4",
        "location": "sendai", "manager_employee_number": "A-0", "weekly_hours": 40, "base_salary": money,
    });
    let claim = json!({
        "claim": {"employee_number": "E-7", "name_at_departure": tenant.person().name, "birth_date": "1971-01-01"},
        "contact": {"email": "x@example.jp", "phone": "090-1111-2222"}, "consents": ["contact"],
        "terms_version": "1", "consent_text_version": "1",
    });
    let grade = json!({"why": "x", "corrects": 1, "grade": "G5", "base_salary": money, "reason": "study"});
    let mut routes = vec![
        (people_ops.clone(), "/v1/departures".into(), leaves),
        (people_ops.clone(), on("departures", &departure, "correct"), grade),
        (people_ops.clone(), on("departures", &departure, "rescind"), json!({"why": "x"})),
        (
            people_ops.clone(),
            on("departures", &departure, "record-exit-interview"),
            json!({"held_on": "2024-03-01", "wishes_to_return": true, "notes": "x"}),
        ),
        (
            people_ops.clone(),
            on("departures", &departure, "assess-eligibility"),
            json!({"verdict": "needs_review", "reason_code": "x", "clause": "x", "note": "x"}),
        ),
        (
            people_ops.clone(),
            on("departures", &departure, "confirm-eligibility"),
            json!({"decision": "confirm", "clause": "x", "evidence_ref": "x", "expires_on": tenant.day(9), "appeal_route": "x", "note": "x"}),
        ),
        (
            people_ops.clone(),
            on("departures", &departure, "invite"),
            json!({"basis": "exit_notice", "notice_version": "1", "channel": "email"}),
        ),
        (
            people_ops.clone(),
            "/v1/departures/invite-batch".into(),
            json!({"departure_ids": [departure], "basis": "exit_notice", "notice_version": "1", "channel": "post"}),
        ),
        (hris.clone(), "/v1/employments".into(), works),
        (
            hris.clone(),
            on("employments", &employment, "correct"),
            json!({"why": "x", "corrects": 1, "grade": "G5", "person": {"email": "x@example.jp"}, "withdraw_end": false}),
        ),
        (hris.clone(), on("employments", &employment, "transfer"), json!({"on": "2021-04-01", "grade": "G5"})),
        (hris, on("employments", &employment, "end"), json!({"to": "2024-03-31", "because": "term_ended"})),
        (
            people_ops.clone(),
            "/v1/persons".into(),
            json!({"person_id": person, "same_as": other, "reason": "other", "evidence_ref": "x", "note": "x"}),
        ),
        (
            people_ops.clone(),
            on("persons", &person, "link"),
            json!({"same_as": other, "reason": "other", "evidence_ref": "x", "note": "x"}),
        ),
        (
            people_ops.clone(),
            on("persons", &person, "unlink"),
            json!({"same_as": other, "reason": "other", "evidence_ref": "x", "note": "x"}),
        ),
        (tenant.alumnus("claimant"), "/v1/members".into(), claim),
        (admin.clone(), on("members", &member, "approve"), json!({"departure_id": departure})),
        (admin, on("members", &member, "reject"), json!({"reason_code": "no_match", "note": "x"})),
        (
            alumnus.clone(),
            on("members", &member, "update-profile"),
            json!({"contact": {"email": "y@example.jp"}, "profile": {"skills": ["x"], "region": "JP-01"}, "intents": ["return"]}),
        ),
        (
            alumnus.clone(),
            on("members", &member, "grant-consent"),
            json!({"purpose": "analytics", "text_version": "1"}),
        ),
        (alumnus.clone(), on("members", &member, "withdraw-consent"), json!({"purpose": "analytics"})),
        (alumnus.clone(), on("members", &member, "declare-group"), json!({"group": {"sex": "female"}})),
        (alumnus.clone(), on("members", &member, "pause"), json!({"until": tenant.day(9)})),
        (
            tenant.recruiter(),
            on("members", &member, "record-contact"),
            json!({"contacted_on": tenant.day(0), "job_family": "x", "legal_entity": "JP-HQ", "channel": "post", "note": "x"}),
        ),
        (alumnus.clone(), on("members", &member, "leave"), json!({"reason": "x"})),
        (compliance.clone(), "/v1/no-rehire-flags".into(), flag),
        (
            tenant.second_compliance(),
            on("no-rehire-flags", &flag_id, "review"),
            json!({"decision": "uphold", "clause": "x", "note": "x"}),
        ),
        (
            compliance.clone(),
            on("no-rehire-flags", &flag_id, "renew"),
            json!({"evidence_ref": "y", "expires_on": tenant.day(99), "clause": "x"}),
        ),
        (
            compliance.clone(),
            on("no-rehire-flags", &flag_id, "appeal"),
            json!({"grounds": "x", "recorded_for": {"reason": "x"}}),
        ),
        (compliance, on("no-rehire-flags", &flag_id, "lift"), json!({"reason_code": "legal_advice", "note": "x"})),
    ];
    routes.extend(super::pay_policies::routes(tenant));
    routes.extend(super::programme_policies::routes(tenant));
    routes.extend(super::referrals::routes(tenant));
    routes.extend(super::requisitions::routes(tenant));
    routes.extend(super::reward_plans::routes(tenant));
    routes.extend(super::rewards::routes(tenant));
    routes
}

/// A refusal that explains itself; whatever it is, it is the caller's fault.
#[track_caller]
fn refused(reply: &Reply) -> Value {
    assert!((400..500).contains(&reply.status), "{}", reply.text());
    let code = reply.json()["code"].as_str().unwrap().to_owned();
    reply.problem(reply.status, &code)
}

fn a_body_that_is_no_json_is_refused_on_every_route(kind: StoreKind) {
    let tenant = tenant(kind);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(5000), "}".repeat(5000));
    let bodies: Vec<Vec<u8>> = vec![
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"{\"a\": 1,}".to_vec(),
        b"{\"why\": \"\xff\xfe\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        br#"{"why": "\ud800"}"#.to_vec(),
        br#"{"why": 1e400}"#.to_vec(),
        b"{\"why\": \"a\nb\"}".to_vec(),
        b"NaN".to_vec(),
        nested(100_000).into_bytes(),
        objects.into_bytes(),
    ];
    let others: Vec<Vec<u8>> = [nested(100).as_str(), "null", "[]", "7", "true", "\"x\""]
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    for (caller, path, _) in routes(&tenant) {
        for body in &bodies {
            let reply = caller.request("POST", &path).body("application/json", body).send();
            let told = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_eq!(reply.status, 400, "{path} {told}: {}", reply.text());
            reply.problem(400, "malformed_json");
        }
        for body in &others {
            refused(&caller.request("POST", &path).body("application/json", body).send());
        }
    }
}

/// Every place in a body.
fn places(value: &Value, at: &str, places: &mut Vec<String>) {
    let mut below = |step: &str, child: &Value| {
        let place = format!("{at}/{step}");
        places.push(place.clone());
        self::places(child, &place, places);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, child)| below(name, child)),
        Value::Array(items) => items.iter().enumerate().for_each(|(nth, child)| below(&nth.to_string(), child)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn whatever_stands_in_a_field_is_taken_or_refused_by_name(kind: StoreKind) {
    let tenant = tenant(kind);
    let odd: Vec<Value> = vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(9_007_199_254_740_993_i64),
        json!(u64::MAX),
        json!(""),
        json!(" \t"),
        json!("x\u{0}y"),
        json!("\u{202e}👩‍👩‍👧‍👦"),
        json!("字".repeat(201)),
        json!("字".repeat(10_001)),
        json!("0000-00-00"),
        json!("2024-02-30"),
        json!("9999-12-31"),
        json!("-262143-01-01"),
        json!([]),
        json!({}),
        json!([[{"a": 1}]]),
    ];
    for (caller, path, body) in routes(&tenant) {
        let mut all = Vec::new();
        places(&body, "", &mut all);
        for place in all {
            for value in &odd {
                let mut changed = body.clone();
                *changed.pointer_mut(&place).unwrap() = value.clone();
                let reply = caller.post(&path, &changed);
                if reply.status >= 400 {
                    let problem = refused(&reply);
                    for error in problem["errors"].as_array().into_iter().flatten() {
                        let pointer = error["pointer"].as_str().unwrap();
                        assert!(pointer.is_empty() || pointer.starts_with('/'), "{path} {place}: {problem}");
                    }
                    if problem["code"] == "validation_failed" {
                        assert_ne!(problem["errors"], json!([]), "{path} {place} {value}: {problem}");
                    }
                }
            }
        }
    }
}

fn an_unknown_field_is_refused_and_not_ignored(kind: StoreKind) {
    let tenant = tenant(kind);
    for (caller, path, mut body) in routes(&tenant) {
        body["surprise"] = json!(1);
        caller.post(&path, &body).points_at("/surprise", "unknown_field");
    }
    let mut nested = tenant.person().left("E-9");
    nested["person"]["a/b~c"] = json!(1);
    tenant.people_ops().post("/v1/departures", &nested).points_at("/person/a~1b~0c", "unknown_field");
}

fn a_body_of_another_kind_or_size_is_refused(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let body = tenant.person().left("E-1").to_string();
    for media_type in ["text/plain", "application/xml", "application/json; charset=shift_jis", "", "json", "text/csv"] {
        let reply = people_ops.request("POST", "/v1/departures").body(media_type, body.as_bytes()).send();
        reply.problem(415, "unsupported_media_type");
    }
    let untyped = |path: &str, body: &str| {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            people_ops.token(),
            body.len(),
        );
        raw(people_ops.address, request.as_bytes())
    };
    assert_eq!(untyped("/v1/departures", &body).0, 415);
    assert_eq!(untyped("/v1/departures", "").0, 422, "no body at all is an empty object");
    let large = format!("{{\"employee_number\": \"{}\"}}", "x".repeat(1 << 20));
    people_ops
        .request("POST", "/v1/departures")
        .body("application/json", large.as_bytes())
        .send()
        .problem(413, "body_too_large");
    let file = people_ops.request("POST", "/v1/departures/import").body("application/json", b"{}").send();
    file.problem(415, "unsupported_media_type");
    let announced = format!(
        "POST /v1/departures/import HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-type: text/csv\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        people_ops.token(),
        (64 << 20) + 1
    );
    assert_eq!(raw(people_ops.address, announced.as_bytes()).0, 413);
    let typed =
        people_ops.request("POST", "/v1/departures").body("Application/JSON; charset=UTF-8", body.as_bytes()).send();
    typed.expect(201);
}

fn an_id_has_one_form(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let id = tenant.record(&tenant.person().left("E-1"));
    let simple = id.replace('-', "");
    for wrong in [
        "7",
        "%00",
        "x",
        &simple,
        &format!("%7B{id}%7D"),
        &format!("urn:uuid:{id}"),
        &format!("{id}%0A"),
        &"9".repeat(5000),
        "%FF",
        "..%2F..",
    ] {
        for path in [
            format!("/v1/departures/{wrong}"),
            format!("/v1/employments/{wrong}"),
            format!("/v1/persons/{wrong}"),
            format!("/v1/members/{wrong}"),
            format!("/v1/no-rehire-flags/{wrong}"),
            format!("/v1/history/departures/{wrong}"),
        ] {
            let reply = people_ops.get(&path);
            if path.starts_with("/v1/history/") && wrong == "%FF" {
                reply.problem(404, "not_found");
            } else {
                reply.problem(400, "malformed_request");
            }
        }
        let reply = people_ops.post(&format!("/v1/departures/{wrong}/refuse-contact"), &json!({}));
        reply.refused(400, "malformed_id");
    }
    people_ops.get(&format!("/v1/departures/{}", id.to_uppercase())).expect(200);
    people_ops.get(&format!("/v1/history/secrets/{id}")).problem(404, "not_found");
}

fn headers_and_queries_are_read_strictly(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let id = tenant.record(&tenant.person().left("E-1"));
    let path = format!("/v1/departures/{id}/refuse-contact");
    let with = |name: &str, value: &str| people_ops.request("POST", &path).json(&json!({})).header(name, value).send();
    for wrong in ["3", "W/\"3\"", "\"x\"", "\"-1\"", "\"9223372036854775808\"", "\"\"", "\"3\", \"4\""] {
        with("if-match", wrong).problem(400, "malformed_request");
    }
    for wrong in ["", &"k".repeat(256)] {
        with("idempotency-key", wrong).problem(400, "malformed_request");
    }
    with("if-match", "*").expect(200);
    for query in
        ["q=%00", "employee_number=%00", "employee_number=%0A", "cursor=%00", "cursor=AAAA", "q=%FF", "department="]
    {
        let reply = people_ops.get(&format!("/v1/departures?{query}"));
        // A search for what no name can hold finds nothing.
        assert!(reply.status == 400 || (reply.status == 200 && query.starts_with("q=")), "{query}: {}", reply.text());
    }
    people_ops.get(&format!("/v1/departures?q={}", encoded(&"字".repeat(201)))).problem(400, "malformed_request");
    people_ops.get("/v1/departures?limit=1&limit=2").problem(400, "malformed_request");
    let cursor = |text: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    for text in ["[]", "[\"x\"]", "[\"\\u0000\",\"01990000-0000-7000-8000-000000000001\"]", "{}", "[1,2]"] {
        for list in ["departures", "employments", "persons", "members", "no-rehire-flags", "tasks"] {
            let caller = if list == "members" { tenant.programme_admin() } else { people_ops.clone() };
            caller.get(&format!("/v1/{list}?cursor={}", cursor(text))).problem(400, "malformed_request");
        }
    }
    let compliance = tenant.compliance();
    for query in ["after=-1", "limit=0", "after=x", "type=DROP", "subject=7", "open=maybe", "after=9223372036854775808"]
    {
        compliance.get(&format!("/v1/log?{query}")).problem(400, "malformed_request");
    }
    assert_eq!(compliance.read("/v1/log?after=9223372036854775807")["items"], json!([]));
}

fn what_is_not_there_is_told_in_the_same_way(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let nowhere = uuid::Uuid::now_v7();
    for path in
        ["/", "/v1", "/v2/departures", "/v1/departures/", "/v1/salaries", "/.git/config", "/v1/departures/x/y/z"]
    {
        people_ops.get(path).problem(404, "not_found");
    }
    for (method, path) in [
        ("DELETE", "/v1/departures"),
        ("PUT", "/v1/departures"),
        ("PATCH", "/v1/members/x"),
        ("POST", "/v1/tasks"),
        ("POST", "/healthz"),
        ("GET", "/v1/departures/import"),
    ] {
        let reply = people_ops.request(method, path).send();
        assert!([405, 400].contains(&reply.status), "{method} {path}: {}", reply.text());
        if reply.status == 405 {
            reply.problem(405, "method_not_allowed");
            assert!(reply.header("allow").is_some(), "{method} {path}");
        }
    }
    for (caller, path, body) in routes(&tenant) {
        let mut parts: Vec<String> = path.split('/').map(ToOwned::to_owned).collect();
        if parts.len() < 5 {
            continue;
        }
        parts[3] = nowhere.to_string();
        let reply = caller.post(&parts.join("/"), &body);
        let problem = reply.json();
        // What the caller has seen is asked before it is looked for.
        let unknown = [404, 428].contains(&reply.status)
            || problem["errors"][0]["pointer"].as_str().is_some_and(|at| at != "/surprise");
        assert!(unknown, "{path}: {problem}");
    }
    for path in
        ["departures", "employments", "persons", "no-rehire-flags", "members", "history/departures", "history/members"]
    {
        people_ops.get(&format!("/v1/{path}/{nowhere}")).problem(404, "not_found");
    }
}

fn a_caller_who_is_not_known_learns_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let departure = tenant.record(&tenant.person().left("E-1"));
    let path = format!("/v1/departures/{departure}");
    let anonymous = tenant.anyone.get(&path);
    anonymous.refused(401, "token_missing");
    assert_eq!(anonymous.header("www-authenticate"), Some("Bearer"));
    let with = |value: &str| tenant.anyone.request("GET", &path).header("authorization", value).send();
    for wrong in
        ["", "Bearer", "Bearer x", "Basic dTpw", "Bearer a.b.c", "Bearer okk_x", "Bearer okk_abcdefghijkl_AAAA"]
    {
        assert_eq!(with(wrong).problem(401, "unauthenticated")["code"], "unauthenticated");
    }
    let mut expired = tenant.person_token("suzuki", &[okaeri::identity::Role::PeopleOps]);
    expired.lifetime_seconds = 1;
    let expired = tenant.with_token(&expired);
    let good = tenant.people_ops().token().to_owned();
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = {
        use base64::Engine as _;
        let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        format!("Bearer {head}.{}.", parts[1])
    };
    with(&unsigned).problem(401, "unauthenticated");
    let other = tenant.user("suzuki", okaeri::identity::Role::Recruiter).token().to_owned();
    let swapped = format!("Bearer {}.{}.{}", parts[0], other.split('.').nth(1).unwrap(), parts[2]);
    with(&swapped).refused(401, "token_bad_signature");
    let mut roleless = tenant.person_token("suzuki", &[]);
    roleless.roles.clear();
    tenant.with_token(&roleless).get(&path).problem(403, "forbidden");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let late = expired.get(&path);
    assert!(late.status == 401 || late.status == 200, "a minute of leeway at most: {}", late.text());
}

fn a_file_that_is_none_is_refused_and_a_half_good_one_is_taken_line_by_line(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let send = |file: &[u8]| people_ops.upload("/v1/departures/import", file);
    for file in [
        &b""[..],
        b"\n",
        b"a,b,c\n1,2,3\n",
        b"\x00\x01\x02",
        &[0xff; 5000],
        b"employee_number\nE-1\n",
        &b"x".repeat(3 << 20),
    ] {
        let problem = send(file).problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], "", "{problem}");
    }
    let person = tenant.person();
    let header = "employee_number,name,birth_date,hired_on,left_on,employment_type,reason";
    let good = format!("E-1,{},{},2015-04-01,2024-03-31,regular,study", person.name, person.birth_date);
    let lines = [
        header.to_owned(),
        good.clone(),
        "E-2,,1980-01-01,2015-04-01,2024-03-31,regular,study".to_owned(),
        format!("E-3,{},1980-02-31,2015-04-01,2024-03-31,regular,study", person.name),
        format!("E-4,{},1980-01-01,2024-04-01,2015-03-31,regular,study", person.name),
        format!("E-5,{}\u{0},1980-01-01,2015-04-01,2024-03-31,regular,study", person.name),
        format!("E-6,{},1980-01-01,2015-04-01,2024-03-31,regular,boredom", person.name),
        format!("E-7,{},1980-01-01,2015-04-01", person.name),
        format!("E-8,\"{}", "x".repeat(100_000)),
    ];
    let report = send(lines.join("\r\n").as_bytes()).expect(200);
    assert_eq!((&report["accepted"], &report["repeated"]), (&json!(1), &json!(0)), "{report}");
    let refused = report["refused"].as_array().unwrap();
    let named: Vec<(u64, &str)> =
        refused.iter().map(|line| (line["line"].as_u64().unwrap(), line["field"].as_str().unwrap())).collect();
    for expected in [(3, "name"), (4, "birth_date"), (5, "left_on"), (7, "reason")] {
        assert!(named.contains(&expected), "{expected:?}: {report}");
    }
    assert!((3..=9).all(|line| named.iter().any(|(number, _)| *number == line)), "{report}");
    let changed = good.replace("2024-03-31", "2024-03-30");
    let report = send([header, &changed].join("\n").as_bytes()).expect(200);
    assert_eq!(report["refused"][0]["code"], "already_recorded");
    assert_eq!(people_ops.all("/v1/departures").len(), 1);
}

fn a_version_that_no_longer_stands_is_not_commanded(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let departure = tenant.record(&tenant.person().left("E-1"));
    let version = people_ops.read(&format!("/v1/departures/{departure}"))["version"].as_i64().unwrap();
    let assess = |version: i64, verdict: &str| {
        let path = format!("/v1/departures/{departure}/assess-eligibility");
        people_ops.request("POST", &path).json(&json!({"verdict": verdict})).if_match(version).send()
    };
    for wrong in [0, version - 1, version + 1, 99] {
        let problem = assess(wrong, "needs_review").problem(412, "version_mismatch");
        assert!(problem["detail"].as_str().unwrap().contains(&version.to_string()));
    }
    let done = assess(version, "needs_review").expect(200);
    assert_eq!(done["version"], version + 1);
    assess(version, "eligible").problem(412, "version_mismatch");
    // Of many who saw the same version one is the first.
    let outcomes: Vec<u16> = std::thread::scope(|scope| {
        let assess = &assess;
        let racers: Vec<_> = (0..8).map(|_| scope.spawn(move || assess(version + 1, "eligible").status)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|status| [200, 409, 412].contains(status)), "{outcomes:?}");
}
