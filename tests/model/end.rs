//! How a history ends: whoever can still take something back does, time passes, and nothing waits for anybody any more.

use serde_json::{Value, json};

use super::commands::Planner;
use super::history::{COLLECTIONS, History, Offer};
use super::machines::{has_ended, is_live};

/// How long everybody waits in the end, in four steps: longer than any deadline of a case, a referral or a reward.
const LONG: [&str; 4] = ["P100D"; 4];

/// Everything that is open is taken back by whoever may, and then time passes.
pub fn run_out(history: &mut History<'_>) {
    let tenant = &history.cast.tenant;
    for one in &history.applications {
        if is_live(history.state("applications", &one.id)) {
            let account = &history.cast.members[one.member].account;
            tenant.command(account, "applications", &one.id, "withdraw", &json!({"reason_code": "timing"})).expect(200);
        }
    }
    for one in &history.referrals {
        // With its application it may have ended just now: its time was over before.
        let by = &history.cast.referrers[one.by];
        if !has_ended("referrals", history.state("referrals", &one.id)) {
            let withdrawn = tenant.command(by, "referrals", &one.id, "withdraw", &json!({}));
            assert!(matches!(withdrawn.status, 200 | 409), "{}", withdrawn.text());
        }
    }
    let close = json!({"reason": "budget", "cancel_live": true});
    for id in &history.cast.requisitions {
        if !has_ended("requisitions", history.state("requisitions", id)) {
            tenant.command(&history.cast.recruiters[0], "requisitions", id, "close", &close).expect(200);
        }
    }
    let forfeit = json!({"clause": "賃金規程第21条"});
    for one in &history.rewards {
        let state = history.state("rewards", &one.id);
        if !has_ended("rewards", state) && state != "approved" {
            tenant.command(&history.cast.people_ops[0], "rewards", &one.id, "forfeit", &forfeit).expect(200);
        }
    }
    for one in &history.plans {
        if !has_ended("reward-plans", history.state("reward-plans", &one.id)) {
            let admin = history.cast.planner(Planner::Admin(0));
            tenant.command(admin, "reward-plans", &one.id, "retire", &json!({})).expect(200);
        }
    }
    // Whoever came back is registered and examined, and has handed in what was asked for.
    let offers = tenant.recruiter().all("/v1/offers?state=accepted&limit=500");
    for offer in offers {
        let shown = tenant.people_ops().read(&format!("/v1/offers/{}", offer["id"].as_str().unwrap()));
        for duty in shown["duties"].as_array().unwrap().iter().filter(|duty| duty["done_on"].is_null()) {
            let done = json!({"duty": duty["duty"], "done_on": tenant.day(0), "evidence_ref": "hr/receipts"});
            let (by, id) = (tenant.people_ops(), offer["id"].as_str().unwrap());
            tenant.command(&by, "offers", id, "record-duty", &done).expect(200);
        }
        let asked = shown["hands_in"]["documents"].as_array().into_iter().flatten();
        for document in asked.filter(|document| document["outcome"].is_null()) {
            let received = json!({"code": document["code"], "on": tenant.day(0), "evidence_ref": "hr/files"});
            let (by, id) = (tenant.people_ops(), offer["id"].as_str().unwrap());
            tenant.command(&by, "offers", id, "record-document", &received).expect(200);
        }
    }
    // Whatever else was asked about has ended with its case.
    let of_returners =
        |one: &&Offer| history.state("applications", &history.applications[one.application].id) == "rejoined";
    for one in history.offers.iter().filter(|one| one.asks).filter(of_returners) {
        if history.state("offers", &one.id) == "accepted" {
            let answer = json!({"answer": tenant.words("説明")});
            tenant.command(&history.cast.people_ops[0], "offers", &one.id, "answer-explanation", &answer).expect(200);
        }
    }
    for step in LONG {
        tenant.advance(step);
    }
    history.shown = history.read();
}

/// A task is gone with the thing that it is about.
pub fn no_task_outlives_its_subject(history: &History<'_>) {
    for task in history.cast.tasks() {
        let (kind, subject) = (task["kind"].as_str().unwrap(), &task["subject"]);
        let (collection, id) = (subject["collection"].as_str().unwrap(), subject["id"].as_str().unwrap());
        assert_ne!(kind, "reaction_refused", "{task}");
        let shown = history.shown.iter().find(|((one, known), _)| *one == collection && known == id);
        let state = shown.map_or("", |(_, item)| item["state"].as_str().unwrap());
        assert!(!has_ended(collection, state), "a task about what is {state}: {task}");
    }
}

/// Whatever was followed waits for nobody.
pub fn nothing_waits(history: &History<'_>) {
    let about = |task: &Value| task["subject"]["collection"].as_str().unwrap().to_owned();
    let followed = |task: &Value| COLLECTIONS.contains(&about(task).as_str());
    let waits: Vec<Value> = history.cast.tasks().into_iter().filter(followed).collect();
    assert!(waits.is_empty(), "some things wait for ever: {waits:?}");
}

/// Whatever was decided is found again from the log, byte for byte, and nothing that followed is of other terms.
pub fn decisions_replay(history: &History<'_>) {
    let cast = &history.cast;
    for one in &history.offers {
        let replayed = cast.tenant.command(&cast.compliance, "offers", &one.id, "replay", &json!({})).expect(200);
        for replay in replayed["replays"].as_array().unwrap() {
            assert_eq!(replay["identical"], true, "offer {}: {replay}", one.id);
        }
    }
}
