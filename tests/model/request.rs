//! What people send.

use serde_json::{Value, json};

use super::cast::plan_terms;
use super::commands::{
    Command, Decider, Planner, Seen, Setting, ToApplication, ToOffer, ToPlan, ToReferral, ToRequisition, ToReward,
};
use super::history::{Application, History, Offer, id_in, latest, position};
use crate::program::client::{Client, Reply};
use crate::program::steps::{having_read, yen};

/// How long a candidate has to answer.
pub const DAYS_TO_ANSWER: i64 = 20;
/// How far ahead the first day lies.
pub const DAYS_TO_START: i64 = 40;
/// What labour law asks of every offer that is measured, and how it is answered.
const LABOUR: [(&str, &str, &str); 3] = [
    ("answer-check", "LAB-07", "retirement_paid"),
    ("acknowledge", "LAB-08", ""),
    ("answer-check", "LAB-14", "satisfied"),
];
/// What is offered.
const PAY: [i64; 3] = [7_400_000, 7_100_000, 6_900_000];

/// Where offers are measured, what labour law asks is answered before they go out.
fn answer_labour(history: &History<'_>, by: &Client, offer: &str) {
    for (command, rule, answer) in LABOUR {
        let body = match command {
            "acknowledge" => json!({"rule": rule, "reason": history.cast.tenant.words("本人に説明した")}),
            _ => json!({"rule": rule, "answer": answer, "evidence_ref": "hr/2026/77"}),
        };
        by.post(&format!("/v1/offers/{offer}/{command}"), &body).expect(200);
    }
}

/// Sends a command; nothing where there is nothing to send it about.
pub fn send(history: &History<'_>, command: &Command) -> Option<Reply> {
    let cast = &history.cast;
    match command {
        Command::Wait { .. } => None,
        Command::Apply { member, requisition, referral } => {
            let member = &cast.members[*member];
            let referral = referral.and_then(|nth| latest(&history.referrals, nth)).map(|one| one.id.as_str());
            let body = json!({
                "member_id": member.id, "requisition_id": cast.requisitions[*requisition], "referral_id": referral,
                "channel": if referral.is_some() { "referral" } else { "alumni" },
            });
            Some(member.account.post("/v1/applications", &body))
        }
        Command::Application(nth, to) => about_application(history, latest(&history.applications, *nth)?, to),
        Command::Draft { application, by, pay } => {
            let mut body = json!({
                "application_id": latest(&history.applications, *application)?.id, "grade": "G4",
                "employment_type": "regular", "starts_on": cast.tenant.day(DAYS_TO_START), "location": "sendai",
                "expires_at": cast.after(DAYS_TO_ANSWER),
                "pay": {"base": yen(PAY[*pay]), "allowances": [], "sign_on": null},
            });
            if cast.setting == Setting::TwoApprove {
                body["qualification"] =
                    json!({"experience_months": 100, "rating": {"rating": 4, "rated_on": "2024-03-31"}});
                body["manager_employee_number"] = json!("A-90");
            }
            let by = &cast.recruiters[*by];
            let drafted = by.post("/v1/offers", &body);
            if cast.setting == Setting::TwoApprove && drafted.status == 201 {
                answer_labour(history, by, &id_in(&drafted));
            }
            Some(drafted)
        }
        Command::Offer(nth, to) => Some(about_offer(history, latest(&history.offers, *nth)?, to)),
        Command::Refer { by, candidate, requisition } => {
            let requisition = requisition.map(|nth| cast.requisitions[nth].as_str());
            let body = json!({
                "kind": "talent", "requisition_id": requisition, "relationship": "former_colleague",
                "candidate": cast.candidates[*candidate],
            });
            Some(cast.referrers[*by].post("/v1/referrals", &body))
        }
        Command::Referral(nth, to) => {
            let nth = position(&history.referrals, *nth)?;
            let one = &history.referrals[nth];
            let token = json!({"token": one.token});
            let hire = json!({"employee_number": format!("N-{nth}"), "legal_entity": "JP-HQ", "started_on": cast.tenant.day(0)});
            let not_hired = json!({"outcome": "not_hired", "reason_code": "rejected"});
            let refuse = json!({"decision": "refuse", "because": "earlier_contact"});
            let (by, command, body) = match to {
                ToReferral::Accept => (&cast.tenant.anyone, "accept-as-candidate", token),
                ToReferral::Decline => (&cast.tenant.anyone, "decline-as-candidate", token),
                ToReferral::Grant => (&cast.compliance, "resolve-ownership", json!({"decision": "grant"})),
                ToReferral::RefuseDuplicate => (&cast.compliance, "resolve-ownership", refuse),
                ToReferral::Withdraw { by } => (&cast.referrers[*by], "withdraw", json!({})),
                ToReferral::RecordHire => (&cast.recruiters[0], "record-hire", hire),
                ToReferral::RecordOutcome => (&cast.recruiters[0], "record-outcome", not_hired),
            };
            Some(by.post(&format!("/v1/referrals/{}/{command}", one.id), &body))
        }
        Command::Requisition(nth, to) => {
            let (command, body) = match to {
                ToRequisition::Revise { headcount } => ("revise", json!({"headcount": headcount})),
                ToRequisition::Publish => ("publish", json!({})),
                ToRequisition::Close { cancel_live } => {
                    ("close", json!({"reason": "budget", "cancel_live": cancel_live}))
                }
            };
            Some(cast.recruiters[0].post(&format!("/v1/requisitions/{}/{command}", cast.requisitions[*nth]), &body))
        }
        Command::Reward(nth, to) => {
            let id = &latest(&history.rewards, *nth)?.id;
            let (by, command, body) = match to {
                ToReward::Verify => (&cast.people_ops[0], "verify", json!({})),
                ToReward::Approve { by } => (cast.payer(*by), "approve", json!({})),
                ToReward::Decline => (&cast.executive, "decline", json!({"reason_code": "budget"})),
                ToReward::Hold => (&cast.compliance, "hold", json!({})),
                ToReward::LiftHold => (&cast.compliance, "lift-hold", json!({})),
            };
            Some(having_read(by, "rewards", id, command, &body))
        }
        Command::DraftPlan { by, amount } => {
            Some(cast.planner(Planner::Admin(*by)).post("/v1/reward-plans", &plan_terms(*amount)))
        }
        Command::Plan(nth, to) => {
            let id = &latest(&history.plans, *nth)?.id;
            let (by, command, body) = match to {
                ToPlan::Revise { by, amount } => (Planner::Admin(*by), "revise", plan_terms(*amount)),
                ToPlan::Approve { by } => (*by, "approve", json!({})),
                ToPlan::Publish { by } => (Planner::Admin(*by), "publish", json!({})),
                ToPlan::Retire { by } => (Planner::Admin(*by), "retire", json!({})),
            };
            Some(having_read(cast.planner(by), "reward-plans", id, command, &body))
        }
    }
}

/// What an offer's measure warns of is acknowledged before approval is asked for; whether anything was.
pub fn acknowledge(history: &History<'_>, command: &Command) -> bool {
    let Command::Offer(nth, ToOffer::RequestApproval { by }) = command else { return false };
    let Some(one) = latest(&history.offers, *nth) else { return false };
    if history.cast.setting != Setting::TwoApprove {
        return false;
    }
    let shown = &history.shown[&("offers", one.id.clone())]["finding"]["rules"];
    let warns = shown.as_array().into_iter().flatten().filter(|rule| rule["outcome"] == "warn");
    let mut acknowledged = false;
    for rule in warns {
        let body = json!({"rule": rule["rule"], "reason": history.cast.tenant.words("確認済み")});
        history.cast.recruiters[*by].post(&format!("/v1/offers/{}/acknowledge", one.id), &body);
        acknowledged = true;
    }
    acknowledged
}

fn about_application(history: &History<'_>, one: &Application, to: &ToApplication) -> Option<Reply> {
    use ToApplication as T;
    let (cast, recruiter) = (&history.cast, &history.cast.recruiters[0]);
    let card = |interview: &Value| {
        json!({
            "interview_id": interview, "rating": 4, "recommendation": "yes",
            "attributes": [{"name": "安全意識", "rating": 5}],
        })
    };
    let slot = || {
        let [starts_at, ends_at] = cast.past_hour();
        let interviewers = [cast.tenant.subject("haru")];
        json!({"starts_at": starts_at, "ends_at": ends_at, "interviewers": interviewers, "location": "本社"})
    };
    let start =
        |in_days: i64| json!({"employee_number": format!("R-{}", one.member), "started_on": cast.tenant.day(in_days)});
    let (by, command, body) = match to {
        T::Assign => (recruiter, "assign", json!({"owner": cast.tenant.subject("sato")})),
        T::Advance => (recruiter, "advance", json!({"to": "interviewing"})),
        T::Skip => (recruiter, "skip-stage", json!({"to": "evaluated", "clause": "再入社規程第5条"})),
        T::Schedule => (recruiter, "schedule-interview", slot()),
        T::Scorecard => (&cast.interviewer, "submit-scorecard", card(one.interview.as_ref()?)),
        T::Evaluate => (recruiter, "record-evaluation", json!({"recommendation": "yes"})),
        T::Hold => (recruiter, "hold", json!({})),
        T::Resume => (recruiter, "resume", json!({})),
        T::Reject { by } => {
            (&cast.recruiters[*by], "reject", json!({"side": "employer", "reason_code": "qualifications"}))
        }
        T::Withdraw { by } => (&cast.members[*by].account, "withdraw", json!({"reason_code": "timing"})),
        T::Reopen { by } => (&cast.recruiters[*by], "reopen", json!({})),
        T::Transfer { to } => (recruiter, "transfer", json!({"requisition_id": cast.requisitions[*to]})),
        T::Postpone { in_days } => {
            (recruiter, "postpone-start", json!({"to": cast.tenant.day(*in_days), "reason_code": "family"}))
        }
        T::Rejoin { in_days } => (recruiter, "record-rejoin", start(*in_days)),
        T::NoShow => (recruiter, "record-no-show", json!({})),
    };
    Some(by.post(&format!("/v1/applications/{}/{command}", one.id), &body))
}

fn about_offer(history: &History<'_>, one: &Offer, to: &ToOffer) -> Reply {
    use ToOffer as T;
    let cast = &history.cast;
    let hash = seen(to).map_or(Value::Null, |seen| hash(one, seen));
    let recorded = || cast.tenant.words("書面による承諾");
    let saw = json!({"terms_hash": hash});
    let (by, command, body) = match to {
        T::Revise { by, pay } => (&cast.recruiters[*by], "revise", json!({"pay": {"base": yen(PAY[*pay])}})),
        T::RequestApproval { by } => (&cast.recruiters[*by], "request-approval", json!({})),
        T::Approve { by, .. } => (cast.decider(*by), "approve", saw),
        T::SendBack { by, .. } => (cast.decider(*by), "send-back", saw),
        T::Refuse { by, .. } => (cast.decider(*by), "refuse", json!({"terms_hash": hash, "reason_code": "budget"})),
        T::Force { .. } => {
            let body = json!({"terms_hash": hash, "authority": "決裁規程第9条", "reason": recorded()});
            (cast.decider(Decider::Executive), "force-approve", body)
        }
        T::DeclareConflict { by } => (cast.decider(*by), "declare-conflict", json!({"conflict": "relative"})),
        T::Extend { by, .. } => (&cast.recruiters[*by], "extend", saw),
        T::ExtendExpiry { in_days } => {
            (&cast.recruiters[0], "extend-expiry", json!({"expires_at": cast.after(*in_days)}))
        }
        T::Accept { by, .. } => (&cast.members[*by].account, "accept", saw),
        T::AcceptForThem { .. } => {
            (&cast.recruiters[0], "accept", json!({"terms_hash": hash, "recorded_for": {"reason": recorded()}}))
        }
        T::Decline { by } => (&cast.members[*by].account, "decline", json!({"reason_code": "personal"})),
        T::Rescind { executive: false } => (&cast.recruiters[0], "rescind", json!({"reason_code": "business"})),
        T::Rescind { executive: true } => {
            let body = json!({"reason_code": "business", "clause": "就業規則第20条", "opinion_ref": "legal/2026-77"});
            (&cast.executive, "rescind", body)
        }
        T::Ask { by } => (&cast.members[*by].account, "request-explanation", json!({})),
        T::Explain => (&cast.people_ops[0], "answer-explanation", json!({"answer": recorded()})),
        T::PayOnce => {
            let paid = json!({"paid_on": cast.tenant.day(0), "amount": yen(1), "evidence_ref": recorded()});
            (&cast.people_ops[0], "record-one-off", paid)
        }
    };
    by.post(&format!("/v1/offers/{}/{command}", one.id), &body)
}

/// Which terms a command names.
pub fn seen(to: &ToOffer) -> Option<Seen> {
    use ToOffer as T;
    match to {
        T::Approve { seen, .. }
        | T::SendBack { seen, .. }
        | T::Refuse { seen, .. }
        | T::Force { seen }
        | T::Extend { seen, .. }
        | T::Accept { seen, .. }
        | T::AcceptForThem { seen } => Some(*seen),
        T::Revise { .. }
        | T::RequestApproval { .. }
        | T::DeclareConflict { .. }
        | T::ExtendExpiry { .. }
        | T::Decline { .. }
        | T::Rescind { .. }
        | T::Ask { .. }
        | T::Explain
        | T::PayOnce => None,
    }
}

/// The hash of those terms.
pub fn hash(one: &Offer, seen: Seen) -> Value {
    match seen {
        Seen::Current => one.hash.clone(),
        Seen::First => one.first_hash.clone(),
        Seen::Made => json!("0".repeat(64)),
    }
}
