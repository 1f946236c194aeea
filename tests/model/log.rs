//! What no history may break, read from the log as compliance reads it: the events alone, without the product's own views.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::commands::Setting;
use crate::program::client::Client;

/// The whole log, checked to be without gaps.
pub fn whole(compliance: &Client) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    loop {
        let page = compliance.read(&format!("/v1/log?after={}&limit=500", items.len()));
        let found = page["items"].as_array().unwrap();
        if found.is_empty() {
            break;
        }
        items.extend(found.iter().cloned());
    }
    let positions: Vec<u64> = items.iter().map(|item| item["position"].as_u64().unwrap()).collect();
    assert!(positions.iter().copied().eq(1..=positions.len() as u64), "positions have gaps: {positions:?}");
    items
}

/// Reads a log from its first event on; every prefix has to hold.
pub fn check(log: &[Value], setting: Setting) {
    let approvers = if setting == Setting::TwoApprove { 2 } else { 1 };
    let mut seen = Told { approvers, ..Told::default() };
    for item in log {
        let (_, stream) = item["stream"].as_str().unwrap().split_once('/').unwrap();
        let (kind, event) = item["type"].as_str().unwrap().split_once('.').unwrap();
        let told = &item["payload"];
        let today = item["recorded_at"].as_str().unwrap()[..10].to_owned();
        match kind {
            "application" => seen.application(stream, event, told),
            "offer" => seen.offer(stream, event, told),
            "referral" => seen.referral(stream, event, told, &today),
            "requisition" => seen.requisition(stream, event, told),
            "reward" => seen.reward(stream, event, told),
            "reward_plan" => seen.plan(stream, event, told),
            _ => {}
        }
        assert_ne!(item["type"], "follow_up.refused", "what should have followed was refused: {item}");
    }
}

#[derive(Default)]
struct Told {
    /// How many have to approve an offer.
    approvers: usize,
    plans: BTreeMap<String, Plan>,
    applications: BTreeMap<String, Case>,
    offers: BTreeMap<String, Terms>,
    referrals: BTreeMap<String, Credit>,
    requisitions: BTreeMap<String, Seats>,
    rewards: BTreeMap<String, Pay>,
    /// The memberships that have ended with a return.
    returned: BTreeSet<String>,
}

/// The version of a plan that waits.
#[derive(Default)]
struct Plan {
    written_by: BTreeSet<String>,
    approved: bool,
}

#[derive(Default)]
struct Case {
    person: String,
    requisition: String,
    live: bool,
}

#[derive(Default)]
struct Terms {
    application: String,
    requisition: String,
    hash: String,
    /// The candidate, whoever referred them, and all who drafted, revised or asked.
    excluded: BTreeSet<String>,
    approvals: Vec<(String, String)>,
    extended: Option<String>,
    /// The latest approval was forced: it stands for all.
    forced: bool,
}

#[derive(Default)]
struct Credit {
    relation: String,
    /// The candidate, and the first day on which it owns them no more.
    owns: Option<(String, String)>,
}

#[derive(Default)]
struct Seats {
    headcount: u64,
    filled: BTreeSet<String>,
}

#[derive(Default)]
struct Pay {
    payee: String,
    approved_by: BTreeSet<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Told {
    fn application(&mut self, id: &str, event: &str, told: &Value) {
        let case = self.applications.entry(id.to_owned()).or_default();
        match event {
            "submitted" => {
                (case.person, case.requisition) = (text(&told["person_id"]), text(&told["requisition_id"]));
                case.live = true;
            }
            "transferred" => case.requisition = text(&told["to"]),
            "reopened" => case.live = true,
            "rejected" | "withdrawn" | "cancelled" | "closed" | "no_show_recorded" | "rejoined" => case.live = false,
            "eligibility_assessed" if told["result"] == "not_eligible" => case.live = false,
            "offer_ended" if told["ending"] == "rescinded_after_acceptance" => case.live = false,
            _ => {}
        }
        if event == "rejoined" {
            assert!(self.returned.insert(text(&told["member_id"])), "somebody came back twice: {id} {told}");
        }
        let mut live = BTreeSet::new();
        for case in self.applications.values().filter(|case| case.live) {
            assert!(
                !case.person.is_empty() && !case.requisition.is_empty(),
                "an application of nobody: {event} {told}"
            );
            assert!(
                live.insert((&case.person, &case.requisition)),
                "two live applications of one person: {event} {id}"
            );
        }
    }

    fn offer(&mut self, id: &str, event: &str, told: &Value) {
        let offer = self.offers.entry(id.to_owned()).or_default();
        match event {
            "drafted" => {
                offer.application = text(&told["application_id"]);
                offer.requisition = text(&told["requisition_id"]);
                offer.hash = text(&told["terms_hash"]);
                let involved = ["drafted_by", "account", "referrer"].map(|member| text(&told[member]));
                offer.excluded.extend(involved.into_iter().filter(|one| !one.is_empty()));
            }
            "revised" => {
                let hash = text(&told["terms_hash"]);
                if hash != offer.hash {
                    (offer.hash, offer.extended) = (hash, None);
                    offer.approvals.clear();
                }
                offer.excluded.insert(text(&told["revised_by"]));
            }
            "approval_requested" => {
                offer.excluded.insert(text(&told["requested_by"]));
                offer.approvals.clear();
            }
            "sent_back" | "refused" => offer.approvals.clear(),
            "conflict_declared" => {
                offer.excluded.insert(text(&told["declared_by"]));
            }
            "approved" | "approval_forced" => {
                let by = text(if event == "approved" { &told["approved_by"] } else { &told["forced_by"] });
                assert!(!by.is_empty() && !offer.excluded.contains(&by), "approved by somebody excluded: {told}");
                assert!(offer.approvals.iter().all(|(one, _)| *one != by), "approved twice by one person: {told}");
                offer.approvals.push((by, text(&told["terms_hash"])));
                offer.forced = event == "approval_forced";
            }
            "extended" => {
                let hash = text(&told["terms_hash"]);
                let fits = |(_, approved): &(String, String)| *approved == hash;
                assert!(!hash.is_empty() && hash == offer.hash, "other terms went out than stand: {told}");
                let approved = offer.approvals.iter().filter(|one| fits(one)).count();
                assert!(
                    approved >= self.approvers || (offer.forced && approved > 0),
                    "went out without approval of these terms: {told}"
                );
                offer.extended = Some(hash);
                self.promised(id);
            }
            "accepted" => {
                let accepted = Some(text(&told["terms_hash"]));
                assert_eq!(offer.extended, accepted, "other terms were accepted than went out");
            }
            "declined" | "expired" | "rescinded" | "lapsed" => offer.extended = None,
            _ => {}
        }
    }

    /// Whoever has a promise has a seat, at the moment in which it is made.
    fn promised(&self, id: &str) {
        let requisition = &self.offers[id].requisition;
        let seats = &self.requisitions[requisition];
        let promised = |offer: &&Terms| {
            offer.requisition == *requisition && offer.extended.is_some() && !seats.filled.contains(&offer.application)
        };
        let held = self.offers.values().filter(promised).count() + seats.filled.len();
        assert!(held as u64 <= seats.headcount, "{held} seats promised of {}", seats.headcount);
    }

    fn referral(&mut self, id: &str, event: &str, told: &Value, today: &String) {
        let credit = self.referrals.entry(id.to_owned()).or_default();
        match event {
            "submitted" => credit.relation = text(&told["relation"]["class"]),
            "credit_reassigned" => credit.relation = text(&told["relation"]["class"]),
            "ownership_granted" => credit.owns = Some((text(&told["key"]), text(&told["until"]))),
            "ownership_lapsed" | "refused_duplicate" | "candidate_declined" | "withdrawn" | "blocked" | "hired" => {
                credit.owns = None;
            }
            _ => {}
        }
        let mut owned = BTreeSet::new();
        for (key, _) in
            self.referrals.values().filter_map(|credit| credit.owns.as_ref()).filter(|(_, until)| today < until)
        {
            assert!(!key.is_empty() && owned.insert(key), "two owners of one candidate: {event} {id}");
        }
    }

    fn requisition(&mut self, id: &str, event: &str, told: &Value) {
        let seats = self.requisitions.entry(id.to_owned()).or_default();
        match event {
            "opened" => seats.headcount = told["headcount"].as_u64().unwrap(),
            "revised" => seats.headcount = told["changes"]["headcount"].as_u64().unwrap_or(seats.headcount),
            "seat_filled" => {
                seats.filled.insert(text(&told["application_id"]));
            }
            _ => {}
        }
        assert!(seats.filled.len() as u64 <= seats.headcount, "more people than seats: {event} {told}");
    }

    /// What is published was approved by somebody who has not written at it.
    fn plan(&mut self, id: &str, event: &str, told: &Value) {
        let plan = self.plans.entry(id.to_owned()).or_default();
        match event {
            "drafted" | "revised" => {
                plan.written_by.insert(text(&told[if event == "drafted" { "drafted_by" } else { "revised_by" }]));
                plan.approved = false;
            }
            "approved" => {
                let by = text(&told["approved_by"]);
                assert!(!by.is_empty() && !plan.written_by.contains(&by), "approved by whoever wrote it: {told}");
                plan.approved = true;
            }
            "published" => {
                assert!(plan.approved, "published without approval: {told}");
                *plan = Plan::default();
            }
            _ => {}
        }
    }

    fn reward(&mut self, id: &str, event: &str, told: &Value) {
        let pay = self.rewards.entry(id.to_owned()).or_default();
        match event {
            "planned" => {
                pay.payee = text(&told["payee"]);
                let relation = &self.referrals[told["referral_id"].as_str().unwrap()].relation;
                assert_eq!(relation, "employee", "a reward for an outsider: {told}");
            }
            "verified" => pay.approved_by.clear(),
            "approved" => {
                let by = text(&told["approved_by"]);
                assert!(by != pay.payee, "whoever is paid approves: {told}");
                assert!(pay.approved_by.insert(by), "approved twice by one person: {told}");
            }
            _ => {}
        }
    }
}
