//! Offers: events, then documents, tasks and lines.

use std::collections::BTreeSet;

use aggregates::application::EligibilityResult;
use aggregates::catalogue::HrEvent;
use aggregates::checks::{CheckAnswer, Outcome, Settlement};
use aggregates::ids::ActorId;
use aggregates::labour::Duty;
use aggregates::offer::{
    Acceptance, ApplicationFacts, Case, ConflictKind, DeclineReason, DocumentKind, DocumentOutcome, Drafted, Drafting,
    Hold, LapseCause, OfferCommand, OfferEvent, Pack, Phase, Position, RefusalReason, RenderedDocument, Rescinder,
    RescissionReason, Revision, Seen,
};
use aggregates::person::RecordClasses;
use aggregates::personal::{Personal, RecordClass};
use aggregates::rehire_policy::DISPATCHED;
use aggregates::stream::Stream as _;
use projections::history::describe;
use projections::model::ReadModel;
use projections::offers::{DecisionKind, EndingKind, Offer, State};
use projections::tasks::{Audience, Kind, Task};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, name, steps};
use crate::support::{Log, day, erased, instant, only, samples, sealed, uuid};

/// What was answered stays so while the finding is the same, and goes with it.
#[test]
fn what_labour_law_asks_stands_with_its_answers() {
    let OfferEvent::LabourChecked { version, on, checks, .. } = one("labour_checked") else { panic!("a sample") };
    let log =
        drafted().then(offer(), OfferEvent::LabourChecked { version, on, checks: checks.clone(), agency_told: false });
    let rules = |shown: &Offer| shown.labour.iter().map(|one| one.check.result.rule.clone()).collect::<Vec<_>>();
    let shown: Offer = log.document(offer());
    assert_eq!(rules(&shown), checks.iter().map(|check| check.result.rule.clone()).collect::<Vec<_>>());
    assert!(shown.labour.iter().all(|one| one.answer.is_none()));

    let (rule, by) = ("LAB-14".to_owned(), ActorId(uuid(61)));
    let settlement = Settlement::Answered { rule, answer: CheckAnswer::Satisfied, evidence_ref: "hr/1".into(), by };
    let log = log.then(offer(), OfferEvent::Settled { settlement: settlement.clone() });
    let again = OfferEvent::LabourChecked { version: version + 1, on, checks: checks.clone(), agency_told: false };
    let answered = |shown: &Offer| {
        let answered = shown.labour.iter().filter(|one| one.answer.is_some());
        answered.map(|one| one.check.result.rule.clone()).collect::<Vec<_>>()
    };
    assert_eq!(answered(&log.document(offer())), ["LAB-14"]);
    let log = log.then(offer(), again);
    assert_eq!(answered(&log.document(offer())), ["LAB-14"]);
    assert_eq!(log.document::<Offer>(offer()).settlements.len(), 1);
    let other = checks.into_iter().map(|mut check| {
        check.result.code = "another".to_owned();
        check
    });
    let other = OfferEvent::LabourChecked { version: version + 2, on, checks: other.collect(), agency_told: false };
    assert!(answered(&log.then(offer(), other).document(offer())).is_empty());
}

#[test]
fn an_agency_waits_to_be_told_until_it_was_or_nothing_bars_any_more() {
    let OfferEvent::LabourChecked { version, on, checks, .. } = one("labour_checked") else { panic!("a sample") };
    let checked = |outcome, agency_told| {
        let mut checks = checks.clone();
        checks[0].result.rule = DISPATCHED.to_owned();
        checks[0].result.outcome = outcome;
        OfferEvent::LabourChecked { version, on, checks, agency_told }
    };
    let waits = |log: &Log| log.documents::<Task>().list().iter().any(|task| task.kind == Kind::TellAgency);
    assert!(!waits(&drafted().then(offer(), checked(Outcome::Hold, false))));
    let barred = drafted().then(offer(), checked(Outcome::Block, false));
    assert!(waits(&barred));
    let settled = |answer| {
        let (rule, evidence_ref, by) = (DISPATCHED.to_owned(), "agency/1".to_owned(), ActorId(uuid(61)));
        OfferEvent::Settled { settlement: Settlement::Answered { rule, answer, evidence_ref, by } }
    };
    assert!(!waits(&barred.clone().then(offer(), settled(CheckAnswer::AgencyTold))));
    assert!(!waits(&barred.clone().then(offer(), checked(Outcome::Pass, false))));
    let line = describe(barred.clone().then(offer(), settled(CheckAnswer::AgencyTold)).last());
    assert_eq!(line.why.and_then(|why| why.code).as_deref(), Some("agency_told"));
    let told =
        barred.clone().then(offer(), settled(CheckAnswer::AgencyTold)).then(offer(), checked(Outcome::Block, true));
    assert!(!waits(&told), "other terms that are barred likewise have nobody tell it again");
    assert!(waits(&barred.then(offer(), settled(CheckAnswer::Satisfied))));
}

#[test]
fn a_drafted_offer_is_shown_whole() {
    let shown = serde_json::to_value(drafted().document::<Offer>(offer())).unwrap();
    let terms = &shown["terms"];
    assert_eq!(terms["pay"]["base"], json!({"amount": 7_400_000, "currency": "JPY"}));
    assert_eq!(
        shown,
        json!({
            "id": offer(),
            "state": "drafting",
            "version": 1,
            "position": 1,
            "application_id": uuid(9),
            "requisition_id": uuid(8),
            "person_id": uuid(1),
            "member_id": uuid(4),
            "account": uuid(70),
            "legal_entity": "JP-HQ",
            "line": {"recruiter": uuid(61), "hiring_manager": uuid(62), "approver_unit": "物流部"},
            "referrer": uuid(66),
            "terms_version": 1,
            "terms": terms,
            "terms_hash": "1".repeat(64),
            "expires_at": "2026-12-20T15:00:00Z",
            "pay_policy": "pay/0",
            "assessment": "not_assessed",
            "finding": null, "hands_in": null, "range_review": null,
            "exception": null,
            "drafted_by": uuid(61),
            "drafted_at": "2026-12-01T03:00:00Z",
            "drafted_position": 1,
            "versions": [{
                "number": 1,
                "terms": terms,
                "terms_hash": "1".repeat(64),
                "expires_at": "2026-12-20T15:00:00Z",
                "changed": [],
                "by": uuid(61),
                "at": "2026-12-01T03:00:00Z",
                "superseded_at": null,
            }],
            "request": null,
            "approvals": [],
            "decisions": [],
            "conflicts": [],
            "delegations": [],
            "extension": null,
            "acceptance": null,
            "duties": [],
            "explained": [],
            "remedied": [],
            "settlements": [],
            "labour": [],
            "ending": null,
        })
    );
    for filter in Offer::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn every_version_stays_readable_and_says_what_changed() {
    let shown: Offer = out().later("2026-12-05").then(offer(), one("revised")).document(offer());
    assert_eq!((shown.state, shown.terms_version), (State::Drafting, 2));
    let [first, second] = &shown.versions[..] else { panic!("two versions") };
    assert_eq!((first.superseded_at, second.superseded_at), (Some(instant(day("2026-12-05"))), None));
    assert_eq!(second.changed.len(), 3);
    assert_eq!(shown.terms, second.terms);
    assert_ne!(first.terms, second.terms);
    assert_eq!((shown.approvals.len(), shown.extension), (0, None), "nothing that was approved stands");
    assert_eq!(shown.decisions.len(), 1, "that it was approved is not forgotten");
}

#[test]
fn a_later_expiry_keeps_what_was_approved() {
    let Some(OfferEvent::Revised { version, terms_hash, expires_at, revised_by, .. }) = sample("revised") else {
        panic!("a revision")
    };
    let shown: Offer = approved().document(offer());
    let Some(terms) = shown.terms.clone() else { panic!("terms") };
    let later =
        OfferEvent::Revised { version, terms: Box::new(terms), terms_hash, expires_at, changed: vec![], revised_by };
    let shown: Offer = approved().then(offer(), later).document(offer());
    assert_eq!((shown.state, shown.terms_version, shown.approvals.len()), (State::Approved, 2, 1));
    assert_eq!(shown.expires_at, expires_at);
}

#[test]
fn an_approval_is_shown_with_its_role_and_for_whom_it_stands() {
    let shown: Offer = approved().document(offer());
    assert_eq!(shown.state, State::Approved);
    assert_eq!(shown.request.map(|request| request.approvals_needed), Some(1));
    let approval = &shown.approvals[0];
    assert_eq!((approval.approved_by, approval.role.as_str()), (ActorId(uuid(63)), "compensation"));
    assert_eq!((approval.delegated_by, approval.approved_on), (Some(ActorId(uuid(64))), Some(day("2026-12-02"))));
    assert_eq!(approval.authority, None);
    let forced: Offer = requested().then(offer(), one("approval_forced")).document(offer());
    assert_eq!((forced.state, forced.approvals[0].authority.as_deref()), (State::Approved, Some("職務権限規程第8条")));
    assert_eq!(forced.decisions[0].decision, DecisionKind::Forced);
}

#[test]
fn what_was_sent_back_or_refused_waits_for_no_approval() {
    let sent_back: Offer = requested().then(offer(), one("sent_back")).document(offer());
    assert_eq!((sent_back.state, sent_back.request.is_none()), (State::Drafting, true));
    assert_eq!(sent_back.decisions[0].reason_code, Some(RefusalReason::Incomplete));
    let refused: Offer = requested().then(offer(), one("refused")).document(offer());
    assert_eq!((refused.state, refused.decisions[0].decision), (State::Refused, DecisionKind::Refused));
    assert_eq!(refused.ending, None, "other terms revive it");
}

#[test]
fn conflicts_delegations_and_settlements_are_kept() {
    let shown: Offer = requested()
        .then(offer(), one("conflict_declared"))
        .then(offer(), one("approval_delegated"))
        .then(offer(), one("settled"))
        .document(offer());
    assert_eq!(shown.conflicts[0].declared_by, ActorId(uuid(64)));
    assert_eq!(shown.delegations[0].delegated_to, ActorId(uuid(63)));
    assert_eq!(shown.settlements[0].settlement.rule(), "LAB-04");
    assert_eq!(shown.state, State::AwaitingApproval);
}

/// What is to be filed and done waits until it is recorded, each by itself.
#[test]
fn what_is_to_be_done_since_work_began_waits_until_it_is_recorded() {
    let started = accepted().then(offer(), one("duties_noted"));
    let waits = |log: &Log| -> Vec<Kind> { log.documents::<Task>().list().iter().map(|task| task.kind).collect() };
    let filings = [Kind::FileHealthAndPension, Kind::FileEmploymentInsurance, Kind::ExamineReturner];
    assert!(filings.iter().all(|kind| waits(&started).contains(kind)));
    assert!(started.document::<Offer>(offer()).duties.iter().all(|duty| duty.done_on.is_none()));
    let filed = started.then(offer(), one("duty_done"));
    assert_eq!(filings.map(|kind| waits(&filed).contains(&kind)), [false, true, true]);
    let shown = filed.document::<Offer>(offer()).duties;
    let done: Vec<_> = shown.iter().filter(|duty| duty.done_on.is_some()).map(|duty| duty.due.duty).collect();
    assert_eq!((done, shown.len()), (vec![Duty::HealthAndPension], 3));
    let task = filed.documents::<Task>().list().into_iter().find(|task| task.kind == Kind::FileEmploymentInsurance);
    assert_eq!(task.unwrap().due_on, day("2027-02-10"));
}

/// Every sample of the events of offers.
fn all() -> impl Iterator<Item = OfferEvent> {
    samples("offer").into_iter().filter_map(|event| if let HrEvent::Offer(what) = event { Some(what) } else { None })
}

/// What is handed in waits for the last document, and the way goes with the person.
#[test]
fn what_a_returner_hands_in_waits_until_all_of_it_came_in() {
    let recorded = |complete: bool| {
        let of_it = |event: &OfferEvent| matches!(event, OfferEvent::DocumentRecorded { missing, .. } if (*missing == 0) == complete);
        all().find(of_it).expect("a sample")
    };
    let asks = |event: &OfferEvent| matches!(event, OfferEvent::Accepted { hands_in: Some(_), .. });
    let asked = out().then(offer(), all().find(asks).expect("a sample"));
    let waits = |log: &Log| log.documents::<Task>().list().into_iter().find(|task| task.kind == Kind::CollectDocuments);
    assert_eq!(waits(&asked).map(|task| task.due_on), Some(day("2027-01-04")));
    let hands_in = |log: &Log| log.document::<Offer>(offer()).hands_in.expect("it is asked for");
    assert_eq!(hands_in(&asked).documents[0].outcome, None);
    let part = asked.then(offer(), recorded(false));
    assert!(waits(&part).is_some());
    let shown = hands_in(&part).documents;
    assert_eq!((shown[0].outcome, shown[0].on), (Some(DocumentOutcome::Received), Some(day("2027-01-04"))));
    let whole = part.then(offer(), recorded(true));
    assert!(waits(&whole).is_none());
    let person = whole.document::<Offer>(offer()).person_id.0;
    let gone = whole.then(person, erased(person, only([RecordClass::Recruiting])));
    assert_eq!(gone.document::<Offer>(offer()).hands_in, None);
}

/// Questions about conditions, each with its answer; what was said goes with the person.
#[test]
fn what_was_asked_is_shown_with_what_was_answered() {
    let asked = out().then(offer(), one("explanation_requested"));
    let [waits] = &asked.document::<Offer>(offer()).explained[..] else { panic!("one question") };
    assert_eq!((waits.requested_by, waits.answer_by), (Some(ActorId(uuid(70))), day("2027-04-15")));
    assert_eq!((&waits.question, &waits.answered), (&Some(sealed(20)), &None));
    let waiting = |log: &Log| log.documents::<Task>().list().iter().any(|task| task.kind == Kind::AnswerEnquiry);
    assert!(waiting(&asked));
    let answered = asked.then(offer(), one("explanation_given"));
    assert!(!waiting(&answered));
    let [told] = &answered.document::<Offer>(offer()).explained[..] else { panic!("one question") };
    let given = told.answered.as_ref().unwrap();
    assert_eq!((given.given_by, &given.answer), (ActorId(uuid(62)), &Some(sealed(21))));
    assert_eq!(given.comparison.as_ref().unwrap().items.len(), 2);
    // The next question is another one.
    let again = answered.then(offer(), one("explanation_requested"));
    let shown = again.document::<Offer>(offer()).explained;
    assert_eq!((shown.len(), shown[0].answered.is_some(), shown[1].answered.is_some()), (2, true, false));
    // One that waits ends with the offer.
    assert!(waiting(&again) && !waiting(&again.clone().then(offer(), one("rescinded"))));

    let gone = again.then(uuid(1), erased(uuid(1), RecordClasses::All)).document::<Offer>(offer());
    assert!(gone.duties.is_empty());
    for told in &gone.explained {
        assert_eq!(told.requested_by, None);
        assert!(matches!(told.question, None | Some(Personal::Erased)), "{told:?}");
        assert!(told.answered.iter().all(|given| given.comparison.is_none()));
    }
}

#[test]
fn what_went_out_is_shown_with_its_seat_documents_and_approvers() {
    let shown: Offer = out().document(offer());
    let extension = shown.extension.unwrap();
    assert_eq!((shown.state, extension.seat, extension.documents.len()), (State::Extended, 2, 3));
    assert_eq!(extension.approved, [ActorId(uuid(63))]);
    assert_eq!(extension.rechecked[0].rule, "PRV-13");
    let later: Offer = out().then(offer(), one("expiry_extended")).document(offer());
    assert_eq!(later.expires_at.date_naive(), day("2026-12-27"));
}

#[test]
fn answers_and_endings_tell_how() {
    let accepted: Offer = accepted().document(offer());
    assert_eq!((accepted.state, accepted.ending), (State::Accepted, None));
    assert_eq!(accepted.acceptance.map(|answer| answer.recorded_for), Some(Some(sealed(7))));
    let declined: Offer = out().then(offer(), one("declined")).document(offer());
    let ending = declined.ending.unwrap();
    assert_eq!((declined.state, ending.kind), (State::Declined, EndingKind::Declined));
    assert_eq!((ending.acceptance, ending.decline_reason), (Some(Acceptance::Before), Some(DeclineReason::OtherOffer)));
    let expired: Offer = out().then(offer(), one("expired")).document(offer());
    assert_eq!(expired.state, State::Expired);
    let rescinded: Offer = self::accepted().then(offer(), one("rescinded")).document(offer());
    let ending = rescinded.ending.unwrap();
    assert_eq!((rescinded.state, ending.opinion_ref.as_deref()), (State::Rescinded, Some("legal/2026/0077")));
    for (because, state) in [
        (LapseCause::ApplicationWithdrawn, State::Declined),
        (LapseCause::NoShow, State::Declined),
        (LapseCause::ApplicationRejected, State::Rescinded),
        (LapseCause::RequisitionClosed, State::Rescinded),
    ] {
        let lapsed: Offer = self::accepted().then(offer(), OfferEvent::Lapsed { because }).document(offer());
        let ending = lapsed.ending.unwrap();
        assert_eq!((lapsed.state, ending.kind, ending.lapse_cause), (state, EndingKind::Lapsed, Some(because)));
    }
}

#[test]
fn nothing_about_an_offer_is_shown_before_it_is_drafted() {
    assert!(Log::on("2026-12-01").then(offer(), one("approved")).documents::<Offer>().list().is_empty());
}

#[test]
fn erasing_drops_pay_and_words_and_keeps_who_decided() {
    let whole = requested()
        .then(offer(), one("approved"))
        .then(offer(), one("conflict_declared"))
        .then(offer(), one("extended"))
        .then(offer(), one("settled"))
        .then(offer(), one("accepted"))
        .then(offer(), one("rescinded"));
    let gone = whole.clone().then(uuid(1), erased(uuid(1), RecordClasses::All));
    let shown: Offer = gone.document(offer());
    let body = serde_json::to_string(&shown).unwrap();
    for secret in ["\"ref\"", "7400000", "G4", "Sendai", "legal/2026", "hr/2026"] {
        assert!(!body.contains(secret), "{secret} stays: {body}");
        let before = serde_json::to_string(&whole.document::<Offer>(offer())).unwrap();
        assert!(before.contains(secret), "{secret} was there");
    }
    assert_eq!((shown.account, shown.terms), (None, None));
    assert_eq!(shown.decisions[0].by, ActorId(uuid(63)));
    assert_eq!(shown.position, gone.last().position);
    let partly: Offer = whole.then(uuid(1), erased(uuid(1), only([RecordClass::Recruiting]))).document(offer());
    assert!(partly.terms.is_some());
    assert_eq!(partly.ending.and_then(|ending| ending.words), Some(Personal::Erased));
}

// tasks

#[test]
fn what_waits_about_an_offer_follows_its_state() {
    assert_eq!(waiting(&drafted()), [] as [Kind; 0]);
    assert_eq!(waiting(&requested()), [Kind::ApproveOffer]);
    let asked = requested().documents::<Task>().list().pop().unwrap();
    assert_eq!((asked.audience, asked.account), (Audience::OfferApprovers, Some(ActorId(uuid(62)))), "and the manager");
    assert_eq!(waiting(&approved()), [Kind::ExtendOffer]);
    assert_eq!(waiting(&out()), [Kind::AnswerOffer]);
    assert_eq!(waiting(&accepted()), [] as [Kind; 0]);
    for (log, ends) in [
        (requested(), ["sent_back", "refused", "revised", "rescinded", "lapsed"]),
        (approved(), ["sent_back", "revised", "rescinded", "lapsed", "declined"]),
        (out(), ["accepted", "declined", "expired", "rescinded", "lapsed"]),
        (out(), ["revised", "declined", "expired", "rescinded", "lapsed"]),
    ] {
        for end in ends {
            assert_eq!(waiting(&log.clone().then(offer(), one(end))), [] as [Kind; 0], "{end}");
        }
    }
    assert_eq!(waiting(&approved().then(offer(), one("approval_requested"))), [Kind::ApproveOffer]);
}

#[test]
fn whoever_asked_does_not_approve_and_the_candidate_answers_in_time() {
    let [approve] = &requested().documents::<Task>().list()[..] else { panic!("one task") };
    assert_eq!(approve.not_by, BTreeSet::from([ActorId(uuid(61))]));
    let [answer] = &out().documents::<Task>().list()[..] else { panic!("one task") };
    assert_eq!((answer.account, answer.due_on), (Some(ActorId(uuid(70))), day("2026-12-20")));
    let [later] = &out().then(offer(), one("expiry_extended")).documents::<Task>().list()[..] else {
        panic!("one task")
    };
    assert_eq!((later.id, later.due_on), (answer.id, day("2026-12-27")));
}

// what the aggregate decides, the document shows

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn offers_agree(steps in steps()) {
        let (decided, log) = grown::<aggregates::offer::Offer>(offer(), &orders(), &steps);
        let shown: Offer = log.document(offer());
        prop_assert_eq!(name(shown.state), decided.state());
        prop_assert_eq!(shown.version, log.last().sequence);
        let standing = decided.standing().unwrap();
        prop_assert_eq!((shown.terms_version, shown.terms.as_ref()), (standing.version, Some(&standing.terms)));
        prop_assert_eq!((&shown.terms_hash, shown.expires_at), (&standing.terms_hash, standing.expires_at));
        let open = |phases: &[Phase]| phases.contains(&standing.phase);
        if open(&[Phase::Drafting, Phase::AwaitingApproval, Phase::Approved, Phase::Extended]) {
            let approved: Vec<ActorId> = shown.approvals.iter().map(|approval| approval.approved_by).collect();
            prop_assert_eq!(approved, standing.approvals.iter().map(|approval| approval.by).collect::<Vec<_>>());
            prop_assert_eq!(shown.extension.as_ref().map(|extension| extension.seat), standing.seat);
        }
        let waits: Vec<Kind> = [
            (Kind::ApproveOffer, Phase::AwaitingApproval),
            (Kind::ExtendOffer, Phase::Approved),
            (Kind::AnswerOffer, Phase::Extended),
        ]
        .into_iter()
        .filter_map(|(kind, phase)| open(&[phase]).then_some(kind))
        .collect();
        prop_assert_eq!(waiting(&log), waits);
    }
}

/// What an offer is asked, the first order being the one that begins it.
fn orders() -> Vec<OfferCommand> {
    use OfferCommand as C;
    let OfferEvent::Drafted(drafted) = one("drafted") else { panic!("a draft") };
    let drafted = Drafted { account: ActorId(uuid(93)), referrer: None, ..*drafted };
    let application = ApplicationFacts {
        case: Case::Ready,
        hold: Hold::None,
        eligibility: EligibilityResult::Eligible,
        rechecked: vec![],
        open: vec![],
    };
    let position = Position::Open;
    let hash = |digit: &str| digit.repeat(64);
    let revision = |base: i64, digit: &str, expires: &str| {
        let mut terms = drafted.terms.clone();
        terms.pay.base.amount = base;
        let (terms_hash, expires_at) = (hash(digit), instant(day(expires)));
        let (seen, application) = (Seen::Version, application.clone());
        C::Revise(Box::new(Revision {
            seen,
            terms,
            terms_hash,
            expires_at,
            application,
            position,
            priced: None,
            labour: None,
        }))
    };
    let kind = DocumentKind::Explanation;
    let explanation = RenderedDocument { kind, template: "explanation/1".to_owned(), sha256: hash("c") };
    let extend = |digit: &str| C::Extend {
        seen: Seen::Version,
        seat: Some(2),
        application: Box::new(application.clone()),
        position,
        pack: Pack { terms_hash: hash(digit), documents: vec![explanation.clone()] },
        labour: None,
    };
    let rescind = |role| C::Rescind {
        reason_code: RescissionReason::Business,
        clause: Some("第20条".to_owned()),
        opinion_ref: Some("legal/1".to_owned()),
        role,
        note: None,
        case: Case::Offered,
    };
    let approve = || C::Approve {
        seen: Seen::Version,
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
        reports_to_proposer: false,
    };
    vec![
        C::Draft(Box::new(Drafting {
            drafted: drafted.clone(),
            application: application.clone(),
            position,
            priced: None,
            labour: None,
        })),
        revision(7_400_000, "1", "2026-12-24"),
        revision(7_600_000, "3", "2026-12-24"),
        C::RequestApproval { overdue: vec![], editors: [].into(), labour: None },
        C::RequestApproval { overdue: vec![], editors: [].into(), labour: None },
        C::RequestApproval { overdue: vec![], editors: [].into(), labour: None },
        approve(),
        approve(),
        approve(),
        C::SendBack { seen: Seen::Version, reason_code: None, comment: None },
        C::Refuse { seen: Seen::Version, reason_code: RefusalReason::Budget, comment: None },
        C::ForceApprove { seen: Seen::Version, authority: "第8条".to_owned(), reason: sealed(1), editors: [].into() },
        C::DeclareConflict { conflict: ConflictKind::Other, note: None },
        C::Delegate { to: ActorId(uuid(92)), until: day("2025-06-30"), reason: None, reports_to_proposer: Some(false) },
        extend("1"),
        extend("1"),
        extend("3"),
        C::Accept { seen: Seen::Version, recorded_for: Some(sealed(2)), case: Case::Offered, required: None },
        C::Decline { reason_code: DeclineReason::Timing, recorded_for: Some(sealed(3)), case: Case::Offered },
        C::ExtendExpiry { expires_at: instant(day("2027-01-03")) },
        rescind(Rescinder::Recruiter),
        rescind(Rescinder::Executive),
        C::Lapse { because: LapseCause::ApplicationWithdrawn },
        C::Wake,
    ]
}

// lines

#[test]
fn an_offer_is_told_with_the_rules_that_it_follows() {
    let told = |name: &str| describe(drafted().then(offer(), one(name)).last());
    assert_eq!(told("approved").rule.as_deref(), Some("PAY-21"));
    let refused = told("refused");
    assert_eq!(refused.rule.as_deref(), Some("PAY-26"));
    assert_eq!(refused.why.and_then(|why| why.code).as_deref(), Some("pay_too_high"));
    assert_eq!(told("approval_forced").basis.as_deref(), Some("職務権限規程第8条"));
    assert_eq!(told("revised").basis.as_deref(), Some("employment_type, contract, base"));
    let extended = told("extended");
    assert_eq!((extended.rule.as_deref(), extended.basis.as_deref()), (Some("LAB-09"), Some("労基法15条")));
    assert_eq!(told("rescinded").title_ja, "内定が取り消された");
    assert_eq!(told("settled").rule.as_deref(), Some("LAB-04"));
}

// helpers

pub fn offer() -> Uuid {
    uuid(10)
}

pub fn sample(name: &str) -> Option<OfferEvent> {
    samples("offer").into_iter().find_map(|event| {
        let HrEvent::Offer(event) = event else { return None };
        (<&str>::from(&event) == name).then_some(event)
    })
}

#[track_caller]
pub fn one(name: &str) -> OfferEvent {
    sample(name).unwrap_or_else(|| panic!("there is no sample of offer.{name}"))
}

pub fn drafted() -> Log {
    Log::on("2026-12-01").then(offer(), one("drafted"))
}

pub fn requested() -> Log {
    drafted().then(offer(), one("approval_requested"))
}

pub fn approved() -> Log {
    requested().then(offer(), one("approved"))
}

pub fn out() -> Log {
    approved().then(offer(), one("extended"))
}

pub fn accepted() -> Log {
    out().then(offer(), one("accepted"))
}

fn waiting(log: &Log) -> Vec<Kind> {
    log.documents::<Task>().list().into_iter().map(|task| task.kind).collect()
}
