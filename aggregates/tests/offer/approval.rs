//! Approval: of what was seen, by somebody independent, and not for ever.

use aggregates::ids::ActorId;
use aggregates::issued::Actor;
use aggregates::offer::{ConflictKind, Offer, OfferCommand as C, OfferError, OfferEvent, RefusalReason, Seen};
use aggregates::stream::Claim;

use super::{
    accepted, approve, approved, approved_event, approver, candidate, drafted_event, executive, out, raised,
    raised_event, recruiter, requested, revise, same, seen, today, waiting,
};
use crate::samples::offer::drafted;
use crate::support::{Given, day, person, sealed, service, system, uuid};

#[test]
fn approval_is_asked_for_once() {
    let offer = Given::<Offer>::events([drafted_event()]);
    offer
        .when(
            recruiter(),
            today(),
            C::RequestApproval { overdue: vec![], editors: [recruiter().id].into(), labour: None },
        )
        .refused(OfferError::EditedLately);
    offer
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .then([requested()]);
    let waiting = offer.and([requested()]);
    assert_eq!(waiting.state(), "awaiting_approval");
    waiting
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .quiet();
    waiting
        .when(person(60), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(OfferError::AlreadyRequested);
    for past in [approved(), out(), accepted()] {
        let refusal = match past.len() {
            3 => OfferError::AlreadyApproved,
            4 => OfferError::AlreadyExtended,
            _ => OfferError::AlreadyAccepted,
        };
        Given::<Offer>::events(past)
            .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
            .refused(refusal);
    }
}

#[test]
fn an_approver_approves_what_they_saw() {
    let offer = Given::<Offer>::events(waiting());
    offer.when(approver(), today(), approve()).then([approved_event()]);
    let by_version = C::Approve {
        seen: Seen::Version,
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
        reports_to_proposer: false,
    };
    offer.when(approver(), today(), by_version).then([approved_event()]);
    assert_eq!(offer.and([approved_event()]).state(), "approved");
}

#[test]
fn nobody_decides_about_terms_that_have_changed_since() {
    let revised = Given::<Offer>::events(waiting()).and([
        raised_event(2),
        OfferEvent::ApprovalRequested {
            version: 2,
            terms_hash: "3".repeat(64),
            approvals_needed: 1,
            requested_by: recruiter().id,
            hiring_manager: None,
        },
    ]);
    for order in [approve(), send_back(), refuse(), force("第8条")] {
        revised.when(approver(), today(), order).refused(OfferError::TermsChanged);
    }
}

#[test]
fn whoever_proposed_gains_or_stepped_aside_decides_nothing() {
    let conflict =
        OfferEvent::ConflictDeclared { declared_by: approver().id, conflict: ConflictKind::Relative, note: None };
    let offer = Given::<Offer>::events(waiting()).and([conflict]);
    let referrer = person(66);
    for (by, refusal) in [
        (recruiter(), OfferError::DistinctApproverRequired),
        (candidate(), OfferError::CandidateExcluded),
        (referrer, OfferError::ReferrerExcluded),
        (approver(), OfferError::ConflictDeclared),
    ] {
        for order in [approve(), send_back(), refuse(), force("第8条")] {
            offer.when(by, today(), order).refused(refusal.clone());
        }
    }
    let reviser = person(60);
    let requester = person(59);
    let raised = Given::<Offer>::events([drafted_event()]);
    let raised = raised.clone().and(raised.when(reviser, today(), revise(raised_revision())).recorded());
    let raised = raised.clone().and(
        raised
            .when(requester, today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
            .recorded(),
    );
    for by in [reviser, requester, recruiter()] {
        let order = C::Approve {
            seen: Seen::Version,
            role: "executive".to_owned(),
            comment: None,
            editors: [].into(),
            reports_to_proposer: false,
        };
        raised.when(by, today(), order).refused(OfferError::DistinctApproverRequired);
    }
}

#[test]
fn a_program_decides_about_nobodys_pay() {
    let offer = Given::<Offer>::events(waiting());
    for by in [service(9), system()] {
        for order in [approve(), send_back(), refuse(), force("第8条"), conflict(None), delegate(64, "2026-12-10")] {
            offer.when(by, today(), order).refused(OfferError::NaturalPersonRequired);
        }
    }
}

#[test]
fn an_approved_offer_is_approved_once() {
    let offer = Given::<Offer>::events(approved());
    offer.when(approver(), today(), approve()).quiet();
    let with_words = C::Approve {
        seen: seen(),
        role: "compensation".to_owned(),
        comment: Some(sealed(1)),
        editors: [].into(),
        reports_to_proposer: false,
    };
    offer.when(approver(), today(), with_words).refused(OfferError::AlreadyApproved);
    for order in [approve(), send_back(), refuse(), force("第8条"), delegate(64, "2026-12-10")] {
        offer.when(executive(), today(), order).refused(OfferError::AlreadyApproved);
    }
}

#[test]
fn two_approvals_need_two_people() {
    let needs_two = OfferEvent::ApprovalRequested {
        version: 1,
        terms_hash: "1".repeat(64),
        approvals_needed: 2,
        requested_by: recruiter().id,
        hiring_manager: None,
    };
    let offer = Given::<Offer>::events([drafted_event(), needs_two, approved_event()]);
    assert_eq!(offer.state(), "awaiting_approval");
    offer.when(approver(), today(), approve()).refused(OfferError::AlreadyVoted);
    let second = offer.when(executive(), today(), approve()).recorded();
    assert_eq!(offer.and(second).state(), "approved");
}

#[test]
fn a_draft_does_not_wait_for_approval() {
    for order in [approve(), send_back(), refuse(), force("第8条")] {
        Given::<Offer>::events([drafted_event()])
            .when(approver(), today(), order)
            .refused(OfferError::NotAwaitingApproval);
    }
}

#[test]
fn an_offer_that_is_sent_back_is_drafted_anew_and_may_be_asked_for_again() {
    let offer = Given::<Offer>::events(waiting());
    let sent_back = sent_back();
    offer.when(approver(), today(), send_back()).then([sent_back.clone()]);
    assert_eq!(offer.claims(uuid(10), &sent_back), []);
    let offer = offer.and([sent_back]);
    assert_eq!(offer.state(), "drafting");
    offer
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .then([requested()]);
}

#[test]
fn a_refusal_is_final_for_the_same_terms() {
    let offer = Given::<Offer>::events(waiting());
    offer.when(approver(), today(), refuse()).then([refused_event()]);
    let of_the_case = format!("{}/{}", drafted().application_id, "1".repeat(64));
    let refused_terms =
        |claim: fn(&'static str, String, uuid::Uuid) -> Claim, by| claim("refused_terms", of_the_case.clone(), by);
    let taken = [live(Claim::release), refused_terms(Claim::take, uuid(10))];
    assert_eq!(offer.claims(uuid(10), &refused_event()), taken);
    // Another offer of the case asks whether its terms were refused.
    let drafted = Given::<Offer>::events([drafted_event()]);
    assert_eq!(drafted.claims(uuid(11), &requested()), [refused_terms(Claim::probe, uuid(11))]);
    let refused = offer.and([refused_event()]);
    assert_eq!(refused.state(), "refused");
    refused.when(recruiter(), today(), revise(same())).refused(OfferError::HashRefused);
    for order in [
        C::RequestApproval { overdue: vec![], editors: [].into(), labour: None },
        approve(),
        send_back(),
        refuse(),
        super::extend(),
        delegate(64, "2026-12-10"),
    ] {
        refused.when(executive(), today(), order).refused(OfferError::Refused);
    }
}

#[test]
fn other_terms_revive_a_refused_offer() {
    let refused = Given::<Offer>::events(waiting()).and([refused_event()]);
    refused.when(recruiter(), today(), revise(raised())).then([raised_event(2)]);
    assert_eq!(refused.claims(uuid(10), &raised_event(2)), [live(Claim::take)]);
    let revived = refused.clone().and([raised_event(2)]);
    assert_eq!(revived.state(), "drafting");
    let back = aggregates::offer::Revision { terms_hash: "1".repeat(64), ..same() };
    revived.when(recruiter(), today(), revise(back)).refused(OfferError::HashRefused);
    let ended = aggregates::offer::ApplicationFacts { case: aggregates::offer::Case::Ended, ..super::ready() };
    refused
        .when(recruiter(), today(), revise(aggregates::offer::Revision { application: ended, ..raised() }))
        .refused(OfferError::ApplicationEnded);
    let closed = aggregates::offer::Revision { position: aggregates::offer::Position::Closed, ..raised() };
    refused.when(recruiter(), today(), revise(closed)).refused(OfferError::RequisitionClosed);
}

#[test]
fn the_last_approver_names_the_authority_for_forcing_it() {
    let offer = Given::<Offer>::events(waiting());
    let forced = OfferEvent::ApprovalForced {
        version: 1,
        terms_hash: "1".repeat(64),
        forced_by: executive().id,
        authority: "第8条".to_owned(),
        reason: sealed(4),
        approved_on: Some(today()),
    };
    offer.when(executive(), today(), force("第8条")).then([forced.clone()]);
    offer.when(executive(), today(), force(" ")).refused(OfferError::AuthorityRequired);
    assert_eq!(offer.and([forced]).state(), "approved");
}

#[test]
fn a_conflict_is_declared_once_and_takes_the_approval_with_it() {
    let declared =
        OfferEvent::ConflictDeclared { declared_by: approver().id, conflict: ConflictKind::Relative, note: None };
    for past in [vec![drafted_event()], waiting(), out(), accepted()] {
        let offer = Given::<Offer>::events(past);
        offer.when(approver(), today(), conflict(None)).then([declared.clone()]);
        let stated = offer.clone().and([declared.clone()]);
        assert_eq!(stated.state(), offer.state());
        stated.when(approver(), today(), conflict(None)).quiet();
        assert_eq!(stated.when(approver(), today(), conflict(Some(2))).recorded().len(), 1);
    }
    let offer = Given::<Offer>::events(approved());
    offer.when(approver(), today(), conflict(None)).then([declared.clone(), sent_back()]);
    assert_eq!(offer.and([declared, sent_back()]).state(), "drafting");
}

#[test]
fn an_approval_is_delegated_before_it_is_used_and_the_delegate_is_told_apart() {
    let offer = Given::<Offer>::events(waiting());
    let delegated = OfferEvent::ApprovalDelegated {
        delegated_by: executive().id,
        delegated_to: approver().id,
        until: day("2026-12-10"),
        reason: None,
    };
    offer.when(executive(), today(), delegate(63, "2026-12-10")).then([delegated.clone()]);
    let offer = offer.and([delegated]);
    offer.when(executive(), today(), delegate(63, "2026-12-10")).quiet();
    let recorded = offer.when(approver(), day("2026-12-10"), approve()).recorded();
    assert!(matches!(&recorded[..], [OfferEvent::Approved { delegated_by: Some(by), .. }] if *by == executive().id));
    let late = offer.when(approver(), day("2026-12-11"), approve()).recorded();
    assert!(matches!(&late[..], [OfferEvent::Approved { delegated_by: None, .. }]), "in their own right then");
}

#[test]
fn an_approval_is_not_delegated_to_whoever_may_not_decide() {
    let offer = Given::<Offer>::events(waiting());
    for to in [61, 66, 70] {
        offer.when(executive(), today(), delegate(to, "2026-12-10")).refused(OfferError::DelegateExcluded);
    }
    let report = C::Delegate {
        to: ActorId(crate::support::uuid(64)),
        until: day("2026-12-10"),
        reason: None,
        reports_to_proposer: Some(true),
    };
    offer.when(executive(), today(), report).refused(OfferError::DelegateReportsToProposer);
    offer.when(executive(), today(), delegate(65, "2026-12-10")).refused(OfferError::SelfDelegation);
    offer.when(recruiter(), today(), delegate(63, "2026-12-10")).refused(OfferError::DistinctApproverRequired);
    let until = day("2026-11-30");
    offer.when(executive(), today(), delegate(63, "2026-11-30")).refused(OfferError::DelegationInThePast { until });
}

#[test]
fn approvals_older_than_fourteen_days_are_asked_for_again() {
    let offer = Given::<Offer>::events(approved());
    offer
        .when(recruiter(), day("2026-12-15"), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(OfferError::AlreadyApproved);
    let edited = C::RequestApproval { overdue: vec![], editors: [recruiter().id].into(), labour: None };
    offer.when(recruiter(), day("2026-12-16"), edited).refused(OfferError::EditedLately);
    offer
        .when(recruiter(), day("2026-12-16"), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .then([requested()]);
    let again = offer.and([requested()]);
    assert_eq!(again.state(), "awaiting_approval");
    assert_eq!(again.folded().standing().unwrap().approvals, []);
}

// helpers

fn raised_revision() -> aggregates::offer::Revision {
    raised()
}

fn live(claim: fn(&'static str, String, uuid::Uuid) -> Claim) -> Claim {
    claim("live_offer", drafted().application_id.to_string(), uuid(10))
}

fn send_back() -> C {
    C::SendBack { seen: seen(), reason_code: None, comment: None }
}

fn sent_back() -> OfferEvent {
    OfferEvent::SentBack {
        version: 1,
        terms_hash: "1".repeat(64),
        sent_back_by: approver().id,
        reason_code: None,
        comment: None,
    }
}

fn refuse() -> C {
    C::Refuse { seen: seen(), reason_code: RefusalReason::Budget, comment: None }
}

fn refused_event() -> OfferEvent {
    OfferEvent::Refused {
        version: 1,
        terms_hash: "1".repeat(64),
        refused_by: approver().id,
        reason_code: RefusalReason::Budget,
        comment: None,
    }
}

fn force(authority: &str) -> C {
    C::ForceApprove { seen: seen(), authority: authority.to_owned(), reason: sealed(4), editors: [].into() }
}

fn conflict(note: Option<u64>) -> C {
    C::DeclareConflict { conflict: ConflictKind::Relative, note: note.map(sealed) }
}

fn delegate(to: u64, until: &str) -> C {
    let Actor { id, .. } = person(to);
    C::Delegate { to: ActorId(id.0), until: day(until), reason: None, reports_to_proposer: Some(false) }
}
