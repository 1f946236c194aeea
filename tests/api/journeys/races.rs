//! Two at once: what must happen once happens once, and nobody decides about what they did not see.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::super::no_rehire_flags::person_of;
use super::story::{Returner, Story, task, terms};
use crate::program::client::{Call, Reply};
use crate::program::people::{clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{version, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    two_recruiters_advance_one_case,
    two_offers_reach_for_the_last_seat,
    an_offer_is_revised_between_view_and_approval,
    an_offer_is_accepted_in_the_moment_in_which_it_expires,
    a_requisition_is_closed_under_live_cases,
    an_offer_is_accepted_while_its_requisition_is_closed,
    one_person_applies_twice_at_once,
    one_person_applies_under_another_record,
    a_seat_is_promised_while_the_headcount_is_lowered,
    one_person_returns_by_two_cases_on_one_day,
    somebody_applies_while_the_requisition_is_closed,
    one_interviewer_is_asked_for_one_hour_twice,
);

/// Sends all at the same moment; the replies in their order.
fn at_once(calls: &[Call<'_>]) -> Vec<Reply> {
    let barrier = Barrier::new(calls.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = calls
            .iter()
            .map(|call| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    call.send()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn statuses(replies: &[Reply]) -> Vec<u16> {
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    statuses
}

fn two_recruiters_advance_one_case(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let application = story.apply(&story.returner("H-7", "megumi"), &story.requisition(1));
    let version = version(&story.recruiter, "applications", &application);
    let path = format!("/v1/applications/{application}/advance");
    let body = json!({"to": "interviewing"});
    let call = |by: &'static str| {
        let client = if by == "one" { &story.recruiter } else { &story.second_recruiter };
        client.request("POST", &path).if_match(version).json(&body)
    };
    let replies = at_once(&[call("one"), call("other")]);
    let [one, other] = statuses(&replies)[..] else { panic!("{replies:?}") };
    assert!(one == 200 && [409, 412].contains(&other), "{replies:?}");
    assert_eq!(story.count("applications", &application, "application.advanced"), 1);
    // Without If-Match the second finds the case where it wanted it, or is told that it is there.
    let again = story.second_recruiter.post(&path, &body);
    assert!([200, 409].contains(&again.status), "{again:?}");
    assert_eq!(story.count("applications", &application, "application.advanced"), 1);
}

fn two_offers_reach_for_the_last_seat(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let requisition = story.requisition(1);
    let offers: Vec<String> = (0..2)
        .map(|nth| {
            let returner = story.returner(&format!("H-{nth}"), &format!("returner-{nth}"));
            let application = story.apply(&returner, &requisition);
            story.evaluate(&application);
            story.approved(&terms(&application, &tenant.day(30), &story.after(86_400)))
        })
        .collect();
    let calls: Vec<_> = offers
        .iter()
        .map(|offer| {
            let version = version(&story.recruiter, "offers", offer);
            story.recruiter.request("POST", &format!("/v1/offers/{offer}/extend")).if_match(version).json(&json!({}))
        })
        .collect();
    let replies = at_once(&calls);
    assert_eq!(statuses(&replies), [200, 409], "{replies:?}");
    let loser = &offers[replies.iter().position(|reply| reply.status == 409).unwrap()];
    story.extend(loser).problem(409, "headcount_full");
    assert_eq!(story.state("offers", loser), "approved", "it waits for a seat");

    // The seat is free again when the other offer ends.
    let winner = &offers[replies.iter().position(|reply| reply.status == 200).unwrap()];
    let rescind = json!({"reason_code": "position_withdrawn"});
    story.command(&story.recruiter, "offers", winner, "rescind", &rescind).expect(200);
    assert_eq!(story.extend(loser).expect(200)["state"], "extended");
}

fn an_offer_is_revised_between_view_and_approval(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let application = story.apply(&story.returner("H-7", "megumi"), &story.requisition(1));
    story.evaluate(&application);
    let terms = terms(&application, &tenant.day(30), &story.after(86_400));
    let offer = crate::program::people::id(&story.recruiter.post("/v1/offers", &terms).expect(201));
    let ask = || story.command(&story.recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    ask();
    let path = format!("/v1/offers/{offer}");
    let seen = story.compensation.read(&path);
    let version = version(&story.compensation, "offers", &offer);
    let revision = json!({"pay": {"base": yen(8_900_000), "allowances": [], "sign_on": null}});
    story.command(&story.recruiter, "offers", &offer, "revise", &revision).expect(200);
    ask();
    let approve = |call: Call<'_>, body: &Value| call.json(body).send();
    let request = || story.compensation.request("POST", &format!("{path}/approve"));
    approve(request().if_match(version), &json!({})).problem(412, "version_mismatch");
    let stale = approve(request(), &json!({"terms_hash": seen["terms_hash"]}));
    assert_eq!(stale.status, 412, "{stale:?}");
    approve(request(), &json!({})).problem(428, "precondition_required");
    approve(request().header("if-match", "*"), &json!({})).problem(428, "precondition_required");
    assert_eq!(story.state("offers", &offer), "awaiting_approval");
    let now = story.compensation.read(&path);
    assert_ne!(now["terms_hash"], seen["terms_hash"]);
    approve(request(), &json!({"terms_hash": now["terms_hash"]})).expect(200);
    assert_eq!(story.count("offers", &offer, "offer.approved"), 1);
}

fn an_offer_is_accepted_in_the_moment_in_which_it_expires(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let returner = story.returner("H-7", "megumi");
    let application = story.apply(&returner, &story.requisition(1));
    story.evaluate(&application);
    let offer = story.approved(&terms(&application, &tenant.day(30), &story.after(3600)));
    story.extend(&offer).expect(200);
    let version = version(&returner.account, "offers", &offer);
    let accept = returner.account.request("POST", &format!("/v1/offers/{offer}/accept"));
    let accept = accept.if_match(version).json(&json!({}));
    let expire = story.people_ops.request("POST", "/dev/clock/advance").json(&json!({"by": "PT1H"}));
    let replies = at_once(&[accept, expire]);
    replies[1].expect(200);
    let (accepted, expired) =
        (story.count("offers", &offer, "offer.accepted"), story.count("offers", &offer, "offer.expired"));
    assert_eq!(accepted + expired, 1, "one or the other: {replies:?}");
    assert_eq!(accepted == 1, replies[0].status == 200, "{replies:?}");
    let (of_offer, of_case) = if accepted == 1 { ("accepted", "offer_accepted") } else { ("expired", "offer_expired") };
    assert_eq!(
        (story.state("offers", &offer).as_str(), story.state("applications", &application).as_str()),
        (of_offer, of_case)
    );
    let late = story.accept(&returner, &offer);
    assert_eq!(late.status, if accepted == 1 { 200 } else { 409 }, "what stands is not accepted twice: {late:?}");
    assert_eq!(story.count("offers", &offer, "offer.accepted"), accepted);
}

fn a_requisition_is_closed_under_live_cases(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let requisition = story.requisition(3);
    let cases: Vec<_> = (0..3)
        .map(|nth| {
            let returner = story.returner(&format!("H-{nth}"), &format!("returner-{nth}"));
            let application = story.apply(&returner, &requisition);
            (returner, application)
        })
        .collect();
    let [(_, screening), (_, offered), (returner, accepted)] = &cases[..] else { panic!() };
    for application in [offered, accepted] {
        story.evaluate(application);
    }
    let (live, kept) = (story.extended(offered, &tenant.day(30)), story.extended(accepted, &tenant.day(30)));
    story.accept(returner, &kept).expect(200);

    let close = |body: &Value| story.command(&story.recruiter, "requisitions", &requisition, "close", body);
    close(&json!({})).refused(409, "live_applications");
    close(&json!({"reason": "budget", "cancel_live": true, "note": "来期に再募集"})).expect(200);
    assert_eq!(story.state("applications", screening), "cancelled");
    assert_eq!(story.state("applications", offered), "cancelled");
    assert_eq!(story.state("offers", &live), "rescinded", "the offer falls away with its case");
    assert_eq!(story.state("applications", accepted), "offer_accepted", "an accepted one is never touched");
    let late = story.returner("H-9", "late");
    late.account
        .post("/v1/applications", &story.application(&late, &requisition, None))
        .refused(409, "requisition_not_open");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// Whichever comes first: an accepted offer is a case that goes on, a cancelled case has no accepted offer.
fn an_offer_is_accepted_while_its_requisition_is_closed(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    for nth in 0..4 {
        let requisition = story.requisition(1);
        let returner = story.returner(&format!("H-{nth}"), &format!("returner-{nth}"));
        let application = story.apply(&returner, &requisition);
        story.evaluate(&application);
        let offer = story.extended(&application, &tenant.day(30));
        let version = version(&returner.account, "offers", &offer);
        let accept = format!("/v1/offers/{offer}/accept");
        let close = format!("/v1/requisitions/{requisition}/close");
        let (nothing, cancels) = (json!({}), json!({"reason": "budget", "cancel_live": true}));
        let replies = at_once(&[
            returner.account.request("POST", &accept).if_match(version).json(&nothing),
            story.recruiter.request("POST", &close).json(&cancels),
        ]);
        let stands = (story.state("applications", &application), story.state("offers", &offer));
        let stands = (stands.0.as_str(), stands.1.as_str());
        match replies[0].status {
            200 => assert_eq!(stands, ("offer_accepted", "accepted"), "{replies:?}"),
            _ => assert_eq!(stands, ("cancelled", "rescinded"), "{replies:?}"),
        }
        assert_eq!(task(&story.compliance, "reaction_refused"), None);
    }
}

/// Whichever comes first: no more is promised than there are seats.
fn a_seat_is_promised_while_the_headcount_is_lowered(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    for nth in 0..4 {
        let requisition = story.requisition(2);
        let offers = [0, 1].map(|one| {
            let returner = story.returner(&format!("H-{nth}-{one}"), &format!("returner-{nth}-{one}"));
            let application = story.apply(&returner, &requisition);
            story.evaluate(&application);
            story.approved(&terms(&application, &tenant.day(30), &story.after(86_400)))
        });
        story.extend(&offers[0]).expect(200);
        let seen = version(&story.recruiter, "offers", &offers[1]);
        let (extend, revise) =
            (format!("/v1/offers/{}/extend", offers[1]), format!("/v1/requisitions/{requisition}/revise"));
        let replies = at_once(&[
            story.recruiter.request("POST", &extend).if_match(seen).json(&json!({})),
            story.second_recruiter.request("POST", &revise).json(&json!({"headcount": 1})),
        ]);
        assert_eq!(statuses(&replies), [200, 409], "{replies:?}");
        let headcount = story.compliance.read(&format!("/v1/requisitions/{requisition}"))["headcount"].clone();
        let stands = (story.state("offers", &offers[1]), headcount);
        let expected = if replies[0].status == 200 {
            ("extended".to_owned(), json!(2))
        } else {
            ("approved".to_owned(), json!(1))
        };
        assert_eq!(stands, expected, "{replies:?}");
    }
}

fn one_person_applies_twice_at_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (returner, requisition) = (story.returner("H-7", "megumi"), story.requisition(1));
    let body = story.application(&returner, &requisition, None);
    let calls: Vec<_> = (0..4).map(|_| returner.account.request("POST", "/v1/applications").json(&body)).collect();
    let replies = at_once(&calls);
    assert_eq!(statuses(&replies), [201, 409, 409, 409], "{replies:?}");
    assert_eq!(story.recruiter.all(&format!("/v1/applications?requisition_id={requisition}")).len(), 1);
}

/// Two records, two memberships, two logins, one human being.
fn one_person_applies_under_another_record(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let ([first, second], requisition) = (
        [("H-7", "megumi"), ("H-8", "mei")].map(|(number, login)| story.returner(number, login)),
        story.requisition(2),
    );
    let record = |of: &Returner| person_of(&tenant, &of.departure);
    let case = story.apply(&first, &requisition);
    let elsewhere = story.apply(&second, &story.requisition(1));
    let link = json!({"same_as": record(&first), "reason": "documents_seen", "evidence_ref": "HR-1"});
    for by in [&story.people_ops, &tenant.second_people_ops()] {
        story.command(by, "persons", &record(&second), "link", &link).expect(200);
    }
    let applies = || second.account.post("/v1/applications", &story.application(&second, &requisition, None));
    applies().problem(409, "duplicate");
    let there = json!({"requisition_id": requisition});
    story.command(&story.recruiter, "applications", &elsewhere, "transfer", &there).problem(409, "duplicate");
    story.command(&first.account, "applications", &case, "withdraw", &json!({"reason_code": "personal"})).expect(200);
    applies().expect(201);
    let reopens = story.command(&story.second_recruiter, "applications", &case, "reopen", &json!({}));
    reopens.problem(409, "duplicate");

    // Under both records at the same moment.
    for _ in 0..4 {
        let requisition = story.requisition(2);
        let both = [&first, &second];
        let bodies = both.map(|of| story.application(of, &requisition, None));
        let calls: Vec<_> = both
            .iter()
            .zip(&bodies)
            .map(|(of, body)| of.account.request("POST", "/v1/applications").json(body))
            .collect();
        let replies = at_once(&calls);
        assert_eq!(statuses(&replies), [201, 409], "{replies:?}");
        let cases = story.recruiter.all(&format!("/v1/applications?requisition_id={requisition}"));
        assert_eq!(cases.len(), 1);
        // Once it has ended, nothing is left in the way of the other.
        let lost = usize::from(replies[0].status == 201);
        let ends = json!({"reason_code": "personal"});
        story.command(&both[1 - lost].account, "applications", &id(&cases[0]), "withdraw", &ends).expect(200);
        both[lost].account.post("/v1/applications", &bodies[lost]).expect(201);
    }
}

/// Two offers are accepted, and both begin on one day: nobody has two seats, and the other case rests for good.
fn one_person_returns_by_two_cases_on_one_day(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let returner = story.returner("H-7", "megumi");
    let first_day = tenant.day(5);
    let requisitions = [(); 3].map(|()| story.requisition(1));
    let [screened, one, other] = requisitions.each_ref().map(|requisition| story.apply(&returner, requisition));
    for application in [&one, &other] {
        let skip = json!({"to": "evaluated", "clause": "再入社規程第5条"});
        story.command(&story.recruiter, "applications", application, "skip-stage", &skip).expect(200);
        let offer = story.extended(application, &first_day);
        story.accept(&returner, &offer).expect(200);
    }
    for (application, number) in [(&one, "E-20001"), (&other, "E-20002")] {
        let start = json!({"employee_number": number, "started_on": first_day});
        story.command(&story.recruiter, "applications", application, "record-rejoin", &start).expect(200);
    }
    tenant.advance("P20D");
    let back = |application: &&String| story.state("applications", application) == "rejoined";
    let cases = [&one, &other];
    assert_eq!(cases.iter().filter(|case| back(case)).count(), 1);
    let left_over = if back(&cases[0]) { cases[1] } else { cases[0] };
    for (application, state) in [(left_over, "joining"), (&screened, "screening")] {
        let rests = story.compliance.read(&format!("/v1/applications/{application}"));
        assert_eq!((&rests["state"], &rests["on_hold"]), (&json!(state), &json!(true)), "{rests}");
        assert_eq!(rests["hold"]["because"], "returned");
        let clause = json!({"clause": "第3条"});
        story.command(&story.compliance, "applications", application, "resume", &clause).refused(422, "not_eligible");
    }
    assert_eq!(story.compliance.all("/v1/tasks?kind=review_held_case").len(), 2);
    let at_work = ["E-20001", "E-20002"]
        .map(|number| story.people_ops.all(&format!("/v1/employments?employee_number={number}")).len());
    assert_eq!(at_work.iter().sum::<usize>(), 1, "one employment");
    let missing = story.command(&story.recruiter, "applications", left_over, "record-no-show", &json!({}));
    assert_eq!(missing.expect(200)["state"], "no_show", "somebody ends it");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// Whichever comes first: nobody waits in a position that nobody can fill.
fn somebody_applies_while_the_requisition_is_closed(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    for nth in 0..6 {
        let requisition = story.requisition(1);
        let returner = story.returner(&format!("H-{nth}"), &format!("returner-{nth}"));
        let (body, nothing) = (story.application(&returner, &requisition, None), json!({}));
        let close = format!("/v1/requisitions/{requisition}/close");
        let replies = at_once(&[
            returner.account.request("POST", "/v1/applications").json(&body),
            story.recruiter.request("POST", &close).json(&nothing),
        ]);
        let state = replies[0].status == 201;
        let state = state.then(|| story.state("applications", &id(&replies[0].json())));
        match (replies[0].status, replies[1].status) {
            (201, 409) => assert_eq!(state.as_deref(), Some("screening"), "{replies:?}"),
            (201, 200) => assert_eq!(state.as_deref(), Some("cancelled"), "{replies:?}"),
            (409, 200) => {}
            other => panic!("{other:?}: {replies:?}"),
        }
    }
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn one_interviewer_is_asked_for_one_hour_twice(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let requisition = story.requisition(2);
    let cases = [("H-7", "megumi"), ("H-8", "haruka")].map(|(number, login)| {
        let application = story.apply(&story.returner(number, login), &requisition);
        story.command(&story.recruiter, "applications", &application, "advance", &json!({"to": "interviewing"}));
        application
    });
    for hour in 1..6 {
        let (starts_at, ends_at) = (story.after(hour * 7200), story.after(hour * 7200 + 3600));
        let slot = json!({"starts_at": starts_at, "ends_at": ends_at, "interviewers": [tenant.subject("haru")]});
        let paths = cases.each_ref().map(|case| format!("/v1/applications/{case}/schedule-interview"));
        let replies = at_once(&[
            story.recruiter.request("POST", &paths[0]).json(&slot),
            story.second_recruiter.request("POST", &paths[1]).json(&slot),
        ]);
        assert_eq!(statuses(&replies), [200, 409], "{replies:?}");
        let refused = replies.iter().find(|reply| reply.status == 409).unwrap();
        refused.refused(409, "interviewer_busy");
    }
}
