//! The pipeline.

use std::collections::BTreeSet;

use aggregates::application::{ApplicationEvent, OfferEnding, Stage};
use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, OfferId};
use aggregates::offer::{Drafted, OfferEvent};
use chrono::{NaiveDate, TimeDelta};
use projections::applications::State;
use projections::model::ReadModel;
use projections::parts::YesNo;
use projections::pipeline::{OfferState, OfferSummary, PipelineEntry};
use serde_json::json;
use uuid::Uuid;

use crate::applications::{
    accepted, advanced, application, joining, not_eligible, offer_id, offered, rejected, rejoined, screening, submitted,
};
use crate::offers::one;
use crate::support::{Log, day, instant, may_be_filtered_by, samples, uuid};

#[test]
fn a_case_is_shown_whole() {
    let shown = serde_json::to_value(screening().document::<PipelineEntry>(application())).unwrap();
    assert_eq!(
        shown,
        json!({
            "application_id": application(),
            "state": "screening",
            "stage_since": "2026-10-01",
            "stage": "screening",
            "eligibility_result": "eligible",
            "on_hold": "no",
            "hold_because": null,
            "hold_until": null,
            "assessed": "eligible",
            "live": "yes",
            "version": 2,
            "position": 2,
            "person_id": uuid(1),
            "member_id": uuid(4),
            "requisition_id": uuid(5),
            "legal_entity": "JP-HQ",
            "recruiter": uuid(51),
            "hiring_manager": uuid(54),
            "owner": null,
            "channel": "alumni",
            "referral_id": null,
            "open_interviews": [],
            "submitted_on": "2026-10-01",
            "submitted_position": 1,
            "first_answer_due": "2026-10-15",
            "stage_due": "2026-10-15",
            "result_due": "2026-11-01",
            "due_on": "2026-10-15",
            "offer_id": null,
            "offer": null,
        })
    );
    for filter in PipelineEntry::FILTERS {
        assert!(may_be_filtered_by(&shown, filter), "{filter}");
    }
}

#[test]
fn what_is_due_first_comes_first() {
    let dates = |log: &Log| {
        let entry: PipelineEntry = log.document(application());
        (entry.first_answer_due, entry.stage_due, entry.result_due, entry.due_on)
    };
    let log = screening().later("2026-10-10").then(application(), advanced());
    let (stage, result): (NaiveDate, _) = (day("2026-10-24"), day("2026-11-01"));
    assert_eq!(dates(&log), (None, stage, Some(result), stage));
    let later = log.later("2026-10-30").then(
        application(),
        ApplicationEvent::StageSkipped {
            from: Stage::Screening,
            to: Stage::Evaluated,
            clause: "第5条".to_owned(),
            skipped_by: ActorId(uuid(51)),
        },
    );
    assert_eq!(dates(&later), (None, day("2026-11-13"), Some(result), result));
    let entry: PipelineEntry = accepted().document(application());
    assert_eq!(entry.result_due, None, "an accepted offer is the result");

    let two = screening().later("2026-10-02").then(uuid(12), submitted());
    let order: Vec<Uuid> = two.documents::<PipelineEntry>().list().iter().map(|one| one.application_id.0).collect();
    assert_eq!(order, [application(), uuid(12)]);
}

#[test]
fn a_case_that_has_ended_for_good_is_gone() {
    let gone = |log: Log| log.documents::<PipelineEntry>().get(application()).is_none();
    assert!(gone(joining().then(application(), rejoined())));
    assert!(gone(screening().then(application(), ApplicationEvent::Closed { on: day("2026-12-20") })));
    assert!(!gone(joining()));
}

#[test]
fn a_case_that_may_come_back_is_kept_out_of_sight() {
    let rejected = screening().then(application(), rejected());
    let entry: PipelineEntry = rejected.document(application());
    assert_eq!((entry.live, entry.progress.state), (YesNo::No, State::Rejected));
    let entry: PipelineEntry = not_eligible().document(application());
    assert_eq!(entry.live, YesNo::No);
    let reopened = ApplicationEvent::Reopened { to: Stage::Screening, reopened_by: ActorId(uuid(52)), note: None };
    let entry: PipelineEntry = rejected.then(application(), reopened).document(application());
    assert_eq!((entry.live, entry.progress.state), (YesNo::Yes, State::Screening));
}

/// What happened after the draft; then the state, the terms' version, the last day, approvals had and needed.
type Shown = (&'static [&'static str], OfferState, u32, &'static str, [u32; 2]);

#[test]
fn an_offer_is_shown_as_far_as_it_has_come() {
    use OfferState as S;
    let (first, revised, longer) = ("2026-12-20", "2026-12-24", "2026-12-27");
    let cases: [Shown; 32] = [
        (&[], S::Drafting, 1, first, [0, 0]),
        (&["assessed"], S::Drafting, 1, first, [0, 0]),
        (&["approval_requested", "labour_checked"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["assessed", "exception_requested"], S::ExceptionPending, 1, first, [0, 0]),
        (&["assessed", "exception_requested", "exception_decided"], S::Drafting, 1, first, [0, 0]),
        (&["approval_requested"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "conflict_declared"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "approval_delegated"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "settled"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "approval_forced"], S::Approved, 1, first, [0, 1]),
        (&["approval_requested", "approved", "sent_back"], S::Drafting, 1, first, [0, 1]),
        (&["approval_requested", "refused"], S::Refused, 1, first, [0, 1]),
        (&["approval_requested", "approved"], S::Approved, 1, first, [1, 1]),
        (&["approval_requested", "approved", "approval_requested"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "approved", "revised"], S::Drafting, 2, revised, [0, 1]),
        (&["approval_requested", "approved", "extended"], S::Extended, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "revised"], S::Drafting, 2, revised, [0, 1]),
        (&["approval_requested", "approved", "extended", "expiry_extended"], S::Extended, 1, longer, [1, 1]),
        (&["approval_requested", "approved", "extended", "accepted"], S::Accepted, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "accepted", "remedy_recorded"], S::Accepted, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "accepted", "pay_changed"], S::Accepted, 1, first, [1, 1]),
        (
            &["approval_requested", "approved", "extended", "accepted", "one_off_recorded"],
            S::Accepted,
            1,
            first,
            [1, 1],
        ),
        (&["approval_requested", "approved", "extended", "accepted", "duties_noted"], S::Accepted, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "accepted", "duty_done"], S::Accepted, 1, first, [1, 1]),
        (
            &["approval_requested", "approved", "extended", "accepted", "document_recorded"],
            S::Accepted,
            1,
            first,
            [1, 1],
        ),
        (&["approval_requested", "range_review_opened"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "range_review_opened", "range_reviewed"], S::AwaitingApproval, 1, first, [0, 1]),
        (&["approval_requested", "approved", "extended", "explanation_requested"], S::Extended, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "explanation_given"], S::Extended, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "declined"], S::Declined, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "expired"], S::Expired, 1, first, [1, 1]),
        (&["approval_requested", "approved", "extended", "rescinded"], S::Rescinded, 1, first, [1, 1]),
    ];
    for (told, state, terms_version, last_day, [approvals, approvals_needed]) in cases {
        let log = drafted().all(offer_id().0, told.iter().map(|name| one(name)));
        let entry: PipelineEntry = log.document(application());
        let expires_at = instant(day(last_day)) + TimeDelta::hours(12);
        let expected = OfferSummary { state, terms_version, expires_at, approvals_needed, approvals };
        assert_eq!(entry.offer, Some(expected), "{told:?}");
        assert_eq!((entry.offer_id, entry.position), (Some(offer_id()), log.last().position), "{told:?}");
    }
    let in_the_table = cases.iter().flat_map(|(told, ..)| told.iter().copied());
    let shown: BTreeSet<String> =
        in_the_table.chain(["drafted", "lapsed"]).map(|name| format!("offer.{name}")).collect();
    assert_eq!(shown, samples("offer").iter().map(HrEvent::full_type).collect(), "each event has its case");
}

#[test]
fn an_offer_is_approved_by_as_many_as_have_to() {
    let OfferEvent::ApprovalRequested { version, terms_hash, requested_by, hiring_manager, .. } =
        one("approval_requested")
    else {
        panic!("a request")
    };
    let by_two =
        OfferEvent::ApprovalRequested { version, terms_hash, approvals_needed: 2, requested_by, hiring_manager };
    let once = drafted().then(offer_id().0, by_two).then(offer_id().0, one("approved"));
    let approved = |log: &Log| {
        let offer = log.document::<PipelineEntry>(application()).offer.expect("an offer");
        (offer.state, offer.approvals)
    };
    assert_eq!(approved(&once), (OfferState::AwaitingApproval, 1));
    assert_eq!(approved(&once.clone().then(offer_id().0, one("approved"))), (OfferState::Approved, 2));
    let OfferEvent::Revised { version, terms, terms_hash, expires_at, revised_by, .. } = one("revised") else {
        panic!("a revision")
    };
    let longer = OfferEvent::Revised { version, terms, terms_hash, expires_at, changed: vec![], revised_by };
    assert_eq!(approved(&once.then(offer_id().0, longer)).1, 1, "more time to answer is no other offer");
}

#[test]
fn an_offer_that_fell_away_and_one_of_another_case_are_not_shown() {
    let lapsed: PipelineEntry = drafted().then(offer_id().0, one("lapsed")).document(application());
    assert_eq!((lapsed.offer_id, lapsed.offer), (Some(offer_id()), None));
    let before: PipelineEntry = drafted().document(application());
    let others: PipelineEntry = drafted().then(uuid(88), one("rescinded")).document(application());
    assert_eq!((others.offer, others.position), (before.offer, before.position));
}

#[test]
fn an_offer_that_ended_stays_the_latest() {
    let ended = ApplicationEvent::OfferEnded { offer_id: offer_id(), ending: OfferEnding::Declined, on: None };
    let entry: PipelineEntry = offered().then(application(), ended).document(application());
    assert_eq!((entry.offer_id, entry.progress.state), (Some(offer_id()), State::OfferDeclined));
    let again = ApplicationEvent::OfferOpened { offer_id: OfferId(uuid(88)) };
    let entry: PipelineEntry = offered().then(application(), again).document(application());
    assert_eq!((entry.offer_id, entry.offer), (Some(OfferId(uuid(88))), None));
}

// helpers

/// A case for which an offer is drafted.
fn drafted() -> Log {
    let OfferEvent::Drafted(drafted) = one("drafted") else { panic!("a draft") };
    let drafted = Drafted { application_id: ApplicationId(application()), ..*drafted };
    screening().later("2026-12-01").then(offer_id().0, OfferEvent::Drafted(Box::new(drafted)))
}
