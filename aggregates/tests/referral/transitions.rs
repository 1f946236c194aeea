//! What a referral answers in every state to every command.

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found};
use aggregates::issued::Actor;
use aggregates::referral::{
    DuplicateCause, HiredVia, OutcomeReason, OwnershipDecision, Referral, ReferralCommand as C, ReferralEvent,
};

use super::given::{
    accept, accepted, accepted_on, answered, blocked, compliance, credit, declined, held_event, hired, key,
    not_hired_because, not_hired_event, note_hired, reassigning, recorded, referrer, resolve, submit, submitted,
    submitting, today, withdrawn,
};
use crate::support::{Given, day, person, sealed, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const REFERRAL: &str = include_str!("../../src/referral.rs");
const STANDING: &str = include_str!("../../src/referral/standing.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Referral> {
        named: vec![
            Named::Strings(REFERRAL, "fn state(&self)"),
            Named::Strings(STANDING, "pub fn name(&self)"),
            Named::Variants(STANDING, "pub enum Ending"),
        ],
        orders: (REFERRAL, "pub enum ReferralCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["blocked", "declined", "expired", "hired", "refused_duplicate", "withdrawn"],
    }
    .hold();
}

/// Submitted, with a rule of each kind that somebody can answer.
fn made() -> Given<Referral> {
    let mut event = submitted();
    if let ReferralEvent::Submitted(submitted) = &mut event {
        submitted.gate.extend([
            found("A", Outcome::Hold, "a", "規程"),
            found("B", Outcome::Warn, "b", "規程"),
            found("C", Outcome::Legal, "c", "規程"),
        ]);
    }
    Given::events([event])
}

fn owned() -> Given<Referral> {
    made().and([accepted(), ReferralEvent::OwnershipGranted { key: key(), until: day("2027-04-05") }])
}

fn in_process() -> Given<Referral> {
    owned().and([ReferralEvent::Credited { application_id: super::given::application(1) }])
}

fn held() -> Given<Referral> {
    made().and([accepted(), held_event()])
}

fn pasts() -> Vec<Past<Referral>> {
    let over = day("2027-04-05");
    let lapsed = ReferralEvent::AcceptanceLapsed { on: day("2026-10-16") };
    let because = DuplicateCause::EarlierReferral;
    let refused = ReferralEvent::RefusedDuplicate { because, decided_by: compliance().id, note: None };
    let not_hired = || in_process().and([not_hired_event()]);
    vec![
        past("unrecorded", today(), Given::nothing()),
        past("awaiting_candidate", today(), made()),
        past_where("awaiting_candidate", "the fourteen days are over", day("2026-10-16"), made()),
        past("owned", accepted_on(), owned()),
        past_where("owned", "the six months are over", over, owned()),
        past("held_as_duplicate", accepted_on(), held()),
        past_where("held_as_duplicate", "the six months are over", over, held()),
        past("in_process", accepted_on(), in_process()),
        past_where("in_process", "the six months are over", over, in_process()),
        past("hired", accepted_on(), hired()),
        past_where("hired", "as somebody recorded", accepted_on(), recorded(owned(), person(52), recorded_hire())),
        past("not_hired", accepted_on(), not_hired()),
        past_where("not_hired", "the six months are over", over, not_hired()),
        past("declined", accepted_on(), declined()),
        past("withdrawn", accepted_on(), withdrawn()),
        past("expired", accepted_on(), made().and([lapsed])),
        past("refused_duplicate", accepted_on(), held().and([refused])),
        past("blocked", accepted_on(), owned().and([blocked("REF-06", "not_employed_at_referral")])),
    ]
}

fn recorded_hire() -> C {
    let C::NoteHired { hired_person_id, employee_number, legal_entity, started_on, .. } = note_hired() else {
        panic!("a hire is noted")
    };
    C::NoteHired { via: HiredVia::Record, hired_person_id, employee_number, legal_entity, started_on }
}

fn commands() -> Vec<Asked<C>> {
    let (the_candidate, recruiter): (Actor, Actor) = (person(9), person(52));
    let by = compliance().id;
    let acknowledged = Settlement::Acknowledged { rule: "B".to_owned(), reason: sealed(1), by };
    let (opinion_ref, valid_until) = ("legal/9".to_owned(), day("2028-01-01"));
    let opinion = Settlement::LegalOpinion { rule: "C".to_owned(), opinion_ref, valid_until, by };
    let because = Some(DuplicateCause::EarlierReferral);
    let refuse = C::ResolveOwnership { decision: OwnershipDecision::Refuse, because, note: None };
    vec![
        ("submit", referrer(), submit(submitting())),
        ("accept-as-candidate", the_candidate, accept(None)),
        ("decline-as-candidate", the_candidate, C::DeclineAsCandidate),
        ("resolve-ownership (grant)", compliance(), resolve(OwnershipDecision::Grant)),
        ("resolve-ownership (refuse)", compliance(), refuse),
        ("reassign-credit", compliance(), C::ReassignCredit(Box::new(reassigning()))),
        ("withdraw", referrer(), C::Withdraw { reason: None }),
        ("record-hire", recruiter, recorded_hire()),
        ("record-outcome", recruiter, not_hired_because(OutcomeReason::Rejected)),
        ("answer-check", compliance(), C::Settle(answered("A", CheckAnswer::Satisfied))),
        ("acknowledge", compliance(), C::Settle(acknowledged)),
        ("record-legal-opinion", compliance(), C::Settle(opinion)),
        ("credit", system(), credit(1)),
        ("note-hired", system(), note_hired()),
        ("note-not-hired", system(), not_hired_because(OutcomeReason::OfferDeclined)),
        ("wake", system(), C::Wake),
    ]
}
