//! What comes of a referral: whose application and whose hire it has the credit for.

use aggregates::ids::PersonId;
use aggregates::referral::{
    DuplicateCause, Ending, HiredVia, OutcomeReason, OwnershipDecision, ReferralCommand, ReferralError, ReferralEvent,
};
use chrono::Days;

use super::given::*;
use crate::support::{person, system, uuid};

#[test]
fn a_hire_ends_the_referral_well() {
    for referral in [owned(), in_process()] {
        referral.when(system(), today(), note_hired()).then([hire_event()]);
    }
    hired().when(system(), today(), note_hired()).quiet();
    let ReferralCommand::NoteHired { via, hired_person_id, legal_entity, started_on, .. } = note_hired() else {
        panic!("a hire")
    };
    let employee_number = "E-2".to_owned();
    let other = ReferralCommand::NoteHired { via, hired_person_id, employee_number, legal_entity, started_on };
    hired().when(system(), today(), other).refused(ReferralError::AlreadyHired);
    made().when(system(), today(), note_hired()).refused(ReferralError::AwaitsCandidate);
    declined().when(system(), today(), note_hired()).refused(ended(Ending::Declined));
}

#[test]
fn an_earlier_record_that_is_known_only_by_the_application_is_decided_about_once() {
    let because = DuplicateCause::EarlierApplication;
    let asks = || ReferralCommand::Credit { application_id: application(1), duplicate: Some(because) };
    let credited = ReferralEvent::Credited { application_id: application(1) };
    let doubted = ReferralEvent::HeldAsDuplicate { key: key(), because, earlier: None };
    owned().when(system(), today(), asks()).then([credited, doubted]);
    let held = recorded(owned(), system(), asks());
    assert_eq!((held.state(), held.wake()), ("held_as_duplicate", None), "a case that runs is seen to its end");
    held.when(system(), today(), note_hired()).refused(ReferralError::OwnershipUnresolved);
    let refused = recorded(held.clone(), compliance(), resolve(OwnershipDecision::Refuse));
    assert_eq!(refused.state(), "refused_duplicate");
    let granted = recorded(held, compliance(), resolve(OwnershipDecision::Grant));
    assert_eq!(granted.state(), "in_process");
    let over = recorded(granted, system(), ReferralCommand::NoteNotHired { reason_code: OutcomeReason::Rejected });
    assert_eq!(recorded(over, system(), asks()).state(), "in_process", "somebody has decided");
}

#[test]
fn the_return_of_another_application_takes_no_credit() {
    let through = |number| {
        let ReferralCommand::NoteHired { hired_person_id, employee_number, legal_entity, started_on, .. } =
            note_hired()
        else {
            panic!("a hire")
        };
        let via = HiredVia::Application { application_id: application(number) };
        ReferralCommand::NoteHired { via, hired_person_id, employee_number, legal_entity, started_on }
    };
    let credited = ReferralError::AlreadyCredited { application_id: application(1) };
    in_process().when(system(), today(), through(2)).refused(credited);
    assert_eq!(recorded(in_process(), system(), through(1)).state(), "hired");
}

#[test]
fn nobody_was_hired_on_a_referral_before_it_was_made() {
    let ReferralCommand::NoteHired { hired_person_id, employee_number, legal_entity, .. } = note_hired() else {
        panic!("a hire")
    };
    let referred_on = owned().folded().standing().expect("a referral").relation.on;
    let hired_on = |started_on| ReferralCommand::NoteHired {
        via: HiredVia::Record,
        hired_person_id,
        employee_number: employee_number.clone(),
        legal_entity: legal_entity.clone(),
        started_on,
    };
    let before = hired_on(referred_on - Days::new(1));
    owned().when(person(52), today(), before).refused(ReferralError::HiredBefore { referred_on });
    assert_eq!(recorded(owned(), person(52), hired_on(referred_on)).state(), "hired");
}

#[test]
fn whoever_proves_to_have_referred_themselves_is_hired_without_a_reward() {
    let ReferralCommand::NoteHired { via, employee_number, legal_entity, started_on, .. } = note_hired() else {
        panic!("a hire")
    };
    let hired_person_id = PersonId(uuid(7));
    let order = ReferralCommand::NoteHired { via, hired_person_id, employee_number, legal_entity, started_on };
    in_process().when(system(), today(), order).then([blocked("REF-10", "self_referral")]);
    assert_eq!(in_process().and([blocked("REF-10", "self_referral")]).state(), "blocked");
}
