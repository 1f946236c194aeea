//! Who decides about pay, in every history: each another natural person, none of whom proposes the offer or gains from it
//! (PAY-20, PAY-25).

use std::collections::BTreeSet;

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::ids::ActorId;
use aggregates::offer::{
    ConflictKind, ExceptionDecision, Offer, OfferCommand as C, OfferError, OfferEvent, REMEDY, Revision, Seen,
};
use aggregates::pay::Tier;
use chrono::Days;
use proptest::prelude::*;

use super::pricing::{approve, ask, decide, exception, granted, past_of_four, priced};
use super::{drafted_event, raised, revise, same, today};
use crate::samples::offer as samples;
use crate::support::{Given, day, person, sealed, uuid};

/// An exception falls with the independence of whoever granted it: somebody else grants it anew.
#[test]
fn an_exception_falls_with_whoever_granted_it() {
    let offer = Given::<Offer>::events(past_of_four());
    let conflict = C::DeclareConflict { conflict: ConflictKind::Relative, note: None };
    let declared = offer.when(person(63), today(), conflict).recorded();
    assert!(matches!(declared[..], [OfferEvent::ConflictDeclared { .. }, OfferEvent::SentBack { .. }]), "{declared:?}");
    let fallen = offer.and(declared);
    let request = || C::RequestApproval { overdue: vec![], editors: [].into(), labour: None };
    fallen.when(person(61), today(), request()).refused(OfferError::ExceptionRequired);
    let asked = fallen.when(person(61), today(), ask(exception())).recorded();
    let asked = fallen.and(asked);
    let grant = || decide(ExceptionDecision::Granted);
    asked.when(person(63), today(), grant()).refused(OfferError::ConflictDeclared);
    let granted = asked.when(person(65), today(), grant()).recorded();
    // Without whoever stepped aside the seats are not filled, which is told now.
    asked.and(granted).when(person(61), today(), request()).refused(OfferError::ApproversMissing { tier: Tier::D });
}

/// Whoever has the same terms measured by other facts proposes what comes of it.
#[test]
fn whoever_has_an_offer_measured_anew_proposes_it() {
    let mut other = samples::priced(8_100_000);
    other.basis.qualification.experience_months = Some(12);
    let revision = Revision { terms_hash: "6".repeat(64), priced: Some(Box::new(other)), ..same() };
    let offer = Given::<Offer>::events(priced());
    let measured = offer.when(person(65), today(), revise(revision)).recorded();
    assert!(matches!(&measured[..], [OfferEvent::Assessed(one)] if one.proposed_by == Some(person(65).id)));
    let asked = offer.and(measured);
    let asked = asked.clone().and(asked.when(person(61), today(), ask(exception())).recorded());
    let grant = decide(ExceptionDecision::Granted);
    asked.when(person(65), today(), grant).refused(OfferError::DistinctApproverRequired);
}

/// What somebody else than whoever proposes answers is answered of one assessment: of other terms, or by other facts, it is asked
/// again. What is acknowledged stays so while the finding is the same.
#[test]
fn an_answer_is_to_what_was_assessed() {
    let open = |offer: &Given<Offer>| {
        let standing = offer.folded();
        let open = standing.standing().expect("it stands").checks.open(today());
        open.into_iter().map(|result| result.rule.clone()).collect::<Vec<_>>()
    };
    let acknowledged = Settlement::Acknowledged { rule: "SR".to_owned(), reason: sealed(1), by: person(61).id };
    let (evidence_ref, by) = ("board/7".to_owned(), person(63).id);
    let answered = Settlement::Answered { rule: REMEDY.to_owned(), answer: CheckAnswer::Satisfied, evidence_ref, by };
    let settled = [acknowledged, answered].map(|settlement| OfferEvent::Settled { settlement });
    let assessed = |priced| OfferEvent::Assessed(Box::new(samples::of(priced)));
    let past = [drafted_event(), assessed(samples::priced_while_overdue(8_100_000))];
    let offer = Given::<Offer>::events(past);
    assert_eq!(open(&offer), [REMEDY, "SR"]);
    let answered = offer.and(settled);
    assert!(open(&answered).is_empty());
    let mut facts = samples::priced_while_overdue(8_100_000);
    facts.basis.snapshot.as_mut().expect("there is one").sha256 = "e".repeat(64);
    let by_others = Revision { terms_hash: "6".repeat(64), priced: Some(Box::new(facts)), ..same() };
    let dearer = samples::priced_while_overdue(8_200_000);
    for revision in [by_others, Revision { priced: Some(Box::new(dearer)), ..raised() }] {
        let revised = answered.when(person(61), today(), revise(revision)).recorded();
        assert_eq!(open(&answered.clone().and(revised)), [REMEDY]);
    }
    // What an assessment does not ask is no question any more.
    assert!(open(&answered.clone().and([assessed(samples::priced(8_100_000))])).is_empty());
    let unmeasured = answered.when(person(61), today(), revise(raised())).recorded();
    let request = C::RequestApproval { overdue: vec![], editors: [].into(), labour: None };
    let unmeasured = answered.and(unmeasured);
    assert_eq!(unmeasured.when(person(61), today(), request).recorded().len(), 1, "under pay policy 0");
}

/// The recruiter, the hiring manager, those whom the policy names, the referrer, the candidate, and others.
const PEOPLE: [u64; 8] = [61, 62, 63, 64, 65, 66, 70, 71];
/// Whoever gains from the offer: the candidate, and whoever referred them.
const GAIN: [u64; 2] = [66, 70];
/// The line that hires: its recruiter and its manager, who take no seat outside it.
const OF_THE_LINE: [u64; 2] = [61, 62];
/// Whom the policy names for the seat outside the line.
const HEAD: u64 = 63;

/// What was decided since the offer was last put before its approvers, and who may not decide.
#[derive(Default)]
struct Told {
    proposed: BTreeSet<ActorId>,
    aside: BTreeSet<ActorId>,
    voted: BTreeSet<ActorId>,
}

impl Told {
    /// Takes an event in; what is wrong with it, if anything.
    fn takes(&mut self, event: &OfferEvent) -> Result<(), String> {
        use OfferEvent as E;
        match event {
            E::Drafted(drafted) => _ = self.proposed.insert(drafted.drafted_by),
            E::Revised { revised_by, changed, .. } => {
                self.proposed.insert(*revised_by);
                if !changed.is_empty() {
                    self.voted.clear();
                }
            }
            E::Assessed(_) | E::SentBack { .. } | E::Refused { .. } => self.voted.clear(),
            E::ExceptionRequested { requested_by, .. } => _ = self.proposed.insert(*requested_by),
            E::ApprovalRequested { requested_by, .. } => {
                self.proposed.insert(*requested_by);
                self.voted.clear();
            }
            E::ConflictDeclared { declared_by, .. } => _ = self.aside.insert(*declared_by),
            E::ExceptionDecided { decided_by, .. } => self.independent(*decided_by)?,
            E::ApprovalForced { forced_by, .. } => {
                self.independent(*forced_by)?;
                if !self.voted.insert(*forced_by) {
                    return Err(format!("{forced_by} takes part twice"));
                }
                if OF_THE_LINE.map(person).iter().any(|one| one.id == *forced_by) {
                    return Err(format!("{forced_by} of the line stands for everybody"));
                }
            }
            E::Approved { approved_by, delegated_by, .. } => {
                for who in [*approved_by].into_iter().chain(*delegated_by) {
                    self.independent(who)?;
                    if !self.voted.insert(who) {
                        return Err(format!("{who} takes part twice"));
                    }
                }
                let stands_in = OF_THE_LINE.map(person).iter().any(|one| one.id == *approved_by);
                if stands_in && *delegated_by == Some(person(HEAD).id) {
                    return Err(format!("{approved_by} of the line stands for whoever is outside it"));
                }
            }
            E::LabourChecked { .. }
            | E::ApprovalDelegated { .. }
            | E::Extended(_)
            | E::Accepted { .. }
            | E::RemedyRecorded { .. }
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::PayChanged(_)
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::Declined { .. }
            | E::Expired { .. }
            | E::ExpiryExtended { .. }
            | E::Rescinded { .. }
            | E::Lapsed { .. }
            | E::Settled { .. } => {}
        }
        Ok(())
    }

    fn independent(&self, who: ActorId) -> Result<(), String> {
        if self.proposed.contains(&who) {
            return Err(format!("{who} proposed it"));
        }
        if self.aside.contains(&who) {
            return Err(format!("{who} has stepped aside"));
        }
        if GAIN.map(|number| person(number).id).contains(&who) {
            return Err(format!("{who} gains"));
        }
        Ok(())
    }
}

/// What anybody may try.
fn orders() -> impl Strategy<Value = C> {
    let to = prop::sample::select(PEOPLE.to_vec());
    prop_oneof![
        1 => Just(()).prop_map(|()| ask(exception())),
        2 => Just(()).prop_map(|()| decide(ExceptionDecision::Granted)),
        2 => Just(()).prop_map(|()| C::RequestApproval { overdue: vec![], editors: [].into(), labour: None }),
        12 => Just(()).prop_map(|()| approve()),
        1 => Just(()).prop_map(|()| C::SendBack { seen: Seen::Version, reason_code: None, comment: None }),
        1 => Just(()).prop_map(|()| C::ForceApprove {
            seen: Seen::Version,
            authority: "第8条".to_owned(),
            reason: sealed(9),
            editors: [].into(),
        }),
        3 => Just(()).prop_map(|()| C::DeclareConflict { conflict: ConflictKind::Relative, note: None }),
        6 => to.prop_map(|to| C::Delegate {
            to: ActorId(uuid(to)),
            until: day("2027-03-01"),
            reason: None,
            reports_to_proposer: Some(false),
        }),
        1 => Just(()).prop_map(|()| revise(Revision {
            seen: Seen::Version,
            priced: Some(Box::new(samples::priced(8_100_000))),
            ..raised()
        })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn approvers_are_different_people_and_none_gains_in_every_history(
        start in prop::sample::select(vec![priced(), granted(), past_of_four()]),
        steps in prop::collection::vec((orders(), prop::sample::select(PEOPLE.to_vec()), 0_u64..3), 1..60),
    ) {
        let mut told = Told::default();
        for event in &start {
            prop_assert_eq!(told.takes(event), Ok(()));
        }
        let (mut offer, mut on) = (Given::<Offer>::events(start), today());
        for (order, by, days) in steps {
            on = on + Days::new(days);
            let events = offer.when(person(by), on, order).recorded();
            for event in &events {
                prop_assert_eq!(told.takes(event), Ok(()), "{:?}", event);
            }
            let decided = matches!(events.last(), Some(OfferEvent::Approved { missing: 0, .. }));
            offer = offer.and(events);
            if decided {
                prop_assert_eq!(offer.state(), "approved");
                let seats = offer.folded().standing().unwrap().assessed.as_ref().unwrap().seats.len();
                prop_assert!(told.voted.len() >= seats, "{} people took {seats} seats", told.voted.len());
            }
        }
    }
}
