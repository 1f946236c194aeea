//! The pipeline.

use aggregates::application::{ApplicationEvent, OfferEnding, Stage};
use aggregates::ids::{ActorId, OfferId};
use chrono::NaiveDate;
use projections::applications::State;
use projections::model::ReadModel;
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use serde_json::json;
use uuid::Uuid;

use crate::applications::{
    accepted, advanced, application, joining, not_eligible, offer_id, offered, rejected, rejoined, screening, submitted,
};
use crate::support::{Log, day, uuid};

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
        assert!(shown[filter].is_string() || shown[filter].is_null(), "{filter}");
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

#[test]
fn an_offer_that_ended_stays_the_latest() {
    let ended = ApplicationEvent::OfferEnded { offer_id: offer_id(), ending: OfferEnding::Declined, on: None };
    let entry: PipelineEntry = offered().then(application(), ended).document(application());
    assert_eq!((entry.offer_id, entry.progress.state), (Some(offer_id()), State::OfferDeclined));
    let again = ApplicationEvent::OfferOpened { offer_id: OfferId(uuid(88)) };
    let entry: PipelineEntry = offered().then(application(), again).document(application());
    assert_eq!((entry.offer_id, entry.offer), (Some(OfferId(uuid(88))), None));
}
