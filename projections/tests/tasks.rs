//! Tasks: what opens each, and that each ends.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{DepartureEvent, OutreachBar, Reopening};
use aggregates::follow_up::{FollowUpEvent, Refused, StreamName};
use aggregates::ids::{ActorId, PersonId};
use aggregates::member::{DisposalGround, MemberEvent, RejectionReason};
use aggregates::no_rehire_flag::{ExpiryCause, Grounds, NoRehireFlagEvent};
use aggregates::person::{LinkReason, PersonEvent, UnlinkReason};
use aggregates::values::Verdict;
use projections::model::ReadModel;
use projections::tasks::{Audience, Kind, Subject, Task};
use serde_json::json;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::departures::{assessed, confirmed, departure, left};
use crate::members::{approved, asked, claimed, joined, member};
use crate::no_rehire_flags::{
    appealed, dismissed, flag, lifted, raised, renewal_confirmed, renewal_proposed, upheld, waiting,
};
use crate::persons::{newer, noted, person, proposed, questioned};
use crate::support::{Log, day, may_be_filtered_by, sealed, uuid};

#[test]
fn a_task_is_shown_whole() {
    let log = left().then(departure(), assessed(Verdict::NotEligible));
    let shown = serde_json::to_value(only(&log)).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": only(&log).id,
            "state": "open",
            "position": 3,
            "kind": "confirm_eligibility",
            "audience": "people_ops",
            "about": departure(),
            "account": null,
            "subject": {"collection": "departures", "id": departure()},
            "person_id": person(),
            "other_person_id": null,
            "follow_up": null,
            "due_on": "2024-03-15",
            "opened_at": "2024-03-01T03:00:00Z",
            "title_en": "Confirm or return an assessment of \"not eligible\"",
            "title_ja": "「再雇用不可」の判定を確認または差し戻す",
            "not_by": [uuid(51)],
        })
    );
}

#[test]
fn an_assessment_waits_when_the_rule_does_not_propose_eligible() {
    ends_by(
        &left(),
        Kind::AssessEligibility,
        departure(),
        [
            assessed(Verdict::Eligible),
            proposal(Verdict::Eligible),
            rescinded(),
            DepartureEvent::OutreachBarred { because: OutreachBar::Deceased },
        ],
    );
    let eligible = Log::on("2024-03-01").then(departure(), proposal(Verdict::Eligible));
    assert!(eligible.documents::<Task>().list().is_empty());
    let refused = DepartureEvent::OutreachBarred { because: OutreachBar::ContactRefused };
    assert_eq!(only(&left().then(departure(), refused)).kind, Kind::AssessEligibility);
    assert_eq!(only(&left()).due_on, day("2024-03-15"));
}

#[test]
fn whoever_lives_after_all_is_assessed() {
    let dead = left().then(departure(), DepartureEvent::OutreachBarred { because: OutreachBar::Deceased });
    assert!(dead.documents::<Task>().list().is_empty());
    let lifted = DepartureEvent::OutreachBarLifted { was: OutreachBar::Deceased };
    let alive = dead.then(departure(), proposal(Verdict::NotEligible)).then(departure(), lifted);
    assert_eq!(only(&alive).kind, Kind::AssessEligibility);
}

#[test]
fn every_task_about_a_person_says_so() {
    let noticed = NoRehireFlagEvent::ExpiryNoticed { expires_on: day("2029-10-01") };
    for log in [
        left(),
        left().then(departure(), assessed(Verdict::NotEligible)),
        left().then(departure(), DepartureEvent::IneligibilityLapsed { on: day("2027-03-31") }),
        joined().then(member(), asked(1)),
        waiting(),
        upheld().then(flag(), appealed()),
        upheld().then(flag(), noticed),
        upheld().then(flag(), renewal_proposed()),
    ] {
        for task in log.documents::<Task>().list() {
            assert_eq!(task.person_id, Some(PersonId(person())), "{:?}", task.kind);
        }
    }
    assert_eq!(only(&claimed()).person_id, Some(PersonId(uuid(8))), "a provisional person until it is approved");
}

#[test]
fn a_finding_that_fell_waits_for_another() {
    let confirmed = left().then(departure(), assessed(Verdict::NotEligible)).then(departure(), confirmed());
    assert!(confirmed.documents::<Task>().list().is_empty());
    let lapsed = confirmed.then(departure(), DepartureEvent::IneligibilityLapsed { on: day("2027-03-31") });
    ends_by(&lapsed, Kind::ReassessEligibility, departure(), [assessed(Verdict::NeedsReview), rescinded()]);

    let returned = left()
        .then(departure(), assessed(Verdict::NotEligible))
        .then(departure(), DepartureEvent::AssessmentReturned { note: None });
    assert_eq!(only(&returned).kind, Kind::ReassessEligibility);
    let reopened = DepartureEvent::AssessmentReopened {
        because: Reopening::ReasonCorrected,
        proposal: Verdict::Eligible,
        rule: "exit-reason/0".to_owned(),
    };
    let reopened = left().then(departure(), assessed(Verdict::Eligible)).then(departure(), reopened);
    assert_eq!(only(&reopened).kind, Kind::ReassessEligibility);
}

#[test]
fn not_eligible_waits_for_somebody_else() {
    let found = left().then(departure(), assessed(Verdict::NotEligible));
    assert_eq!(only(&found).not_by, BTreeSet::from([ActorId(uuid(51))]));
    ends_by(
        &found,
        Kind::ConfirmEligibility,
        departure(),
        [
            confirmed(),
            assessed(Verdict::Eligible),
            rescinded(),
            DepartureEvent::OutreachBarred { because: OutreachBar::Deceased },
        ],
    );
    ends_by(&found, Kind::ConfirmEligibility, departure(), [DepartureEvent::AssessmentReturned { note: None }]);
}

#[test]
fn possible_matches_and_links_wait_each_for_the_other_record() {
    ends_by(&noted(), Kind::PossibleSamePerson, newer(), [crate::persons::dismissed(), proposed()]);
    let task = only(&noted());
    assert_eq!((task.person_id, task.other_person_id), (Some(PersonId(newer())), Some(PersonId(person()))));
    assert_eq!(task.due_on, day("2026-10-31"));

    let link = noted().then(newer(), proposed());
    assert_eq!(only(&link).not_by, BTreeSet::from([ActorId(uuid(51))]));
    let withdrawn = PersonEvent::LinkProposalWithdrawn {
        other: PersonId(person()),
        reason: UnlinkReason::EvidenceInsufficient,
        evidence_ref: None,
        note: None,
    };
    ends_by(&link, Kind::ConfirmLink, newer(), [crate::persons::confirmed(), withdrawn]);

    let unlink = link.then(newer(), crate::persons::confirmed()).then(newer(), questioned());
    assert_eq!(only(&unlink).not_by, BTreeSet::from([ActorId(uuid(52))]));
    let undone = PersonEvent::Unlinked {
        other: PersonId(person()),
        confirmed_by: ActorId(uuid(53)),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    };
    let upheld = PersonEvent::UnlinkProposalWithdrawn {
        other: PersonId(person()),
        reason: LinkReason::PersonConfirmed,
        evidence_ref: "HR-5".to_owned(),
        note: None,
    };
    ends_by(&unlink, Kind::ConfirmUnlink, newer(), [undone, upheld]);
}

#[test]
fn two_namesakes_are_two_tasks() {
    let third =
        PersonEvent::PossibleMatchNoted { person_id: PersonId(newer()), other: PersonId(uuid(9)), evidence: vec![] };
    let log = noted().then(newer(), third);
    assert_eq!(log.documents::<Task>().list().len(), 2);
    let left = only(&log.then(newer(), crate::persons::dismissed()));
    assert_eq!(left.other_person_id, Some(PersonId(uuid(9))));
}

#[test]
fn a_self_claim_waits_a_week_for_somebody_else() {
    let task = only(&claimed());
    assert_eq!((task.audience, task.due_on), (Audience::ProgrammeAdmin, day("2024-05-08")));
    assert_eq!(task.not_by, BTreeSet::from([ActorId(uuid(70))]));
    ends_by(
        &claimed(),
        Kind::ReviewRegistration,
        member(),
        [
            approved(),
            MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: None },
            MemberEvent::Left { reason: None },
            MemberEvent::DeathRecorded,
        ],
    );
    assert!(joined().documents::<Task>().list().is_empty(), "an invited member waits for nobody");
}

#[test]
fn a_member_is_asked_until_they_answer_or_are_left_alone() {
    let asked = joined().later("2025-05-01").then(member(), asked(1));
    assert_eq!((only(&asked).audience, only(&asked).due_on), (Audience::Account, day("2025-05-31")));
    assert_eq!((only(&asked).account, only(&asked).person_id), (Some(ActorId(uuid(70))), Some(PersonId(person()))));
    let again = asked.clone().later("2025-05-31").then(member(), crate::members::asked(2));
    assert_eq!(only(&again).due_on, day("2025-06-30"));
    let disposed = MemberEvent::Disposed { because: DisposalGround::ErasureRequested, certificate: String::new() };
    ends_by(
        &again,
        Kind::ConfirmData,
        member(),
        [
            MemberEvent::DataConfirmed { confirmed_on: day("2025-06-01") },
            MemberEvent::Paused { until: None },
            MemberEvent::BecameDormant { dormant_on: day("2025-06-30") },
            MemberEvent::Left { reason: None },
            MemberEvent::Returned { started_on: day("2025-06-01") },
            MemberEvent::DeathRecorded,
            disposed,
        ],
    );
}

#[test]
fn a_flag_waits_for_its_review_and_falls_away() {
    let task = only(&waiting());
    assert_eq!((task.audience, task.due_on), (Audience::Compliance, day("2026-10-31")));
    assert_eq!(task.subject, Subject { collection: "no-rehire-flags".to_owned(), id: flag() });
    assert_eq!((task.person_id, task.not_by), (Some(PersonId(person())), BTreeSet::from([ActorId(uuid(51))])));
    ends_by(
        &waiting(),
        Kind::ReviewFlag,
        flag(),
        [
            upheld().last().event.clone(),
            NoRehireFlagEvent::Rejected { reviewed_by: ActorId(uuid(52)), note: None }.into(),
            lifted().into(),
            expired().into(),
        ],
    );
    let NoRehireFlagEvent::Raised { person_id, grounds, raised_by, raised_on } = raised() else { unreachable!() };
    let grounds = Box::new(Grounds { expires_on: day("2026-10-10"), ..*grounds });
    let short = NoRehireFlagEvent::Raised { person_id, grounds, raised_by, raised_on };
    assert_eq!(only(&Log::on("2026-10-01").then(flag(), short)).due_on, day("2026-10-10"));
}

#[test]
fn an_appeal_waits_thirty_days() {
    let appealed = upheld().then(flag(), appealed());
    assert_eq!((only(&appealed).kind, only(&appealed).due_on), (Kind::DecideAppeal, day("2026-11-04")));
    let not_by = [51, 52, 70].map(|number| ActorId(uuid(number)));
    assert_eq!(only(&appealed).not_by, BTreeSet::from(not_by), "nobody who had a hand in it decides");
    let granted = NoRehireFlagEvent::AppealGranted { reviewed_by: ActorId(uuid(53)), note: None };
    ends_by(&appealed, Kind::DecideAppeal, flag(), [dismissed(), granted, lifted(), expired()]);
}

#[test]
fn a_term_that_ends_waits_for_a_renewal_and_its_review() {
    let noticed =
        upheld().later("2029-08-02").then(flag(), NoRehireFlagEvent::ExpiryNoticed { expires_on: day("2029-10-01") });
    assert_eq!(only(&noticed).due_on, day("2029-10-01"));
    ends_by(&noticed, Kind::RenewFlag, flag(), [renewal_proposed(), lifted(), expired()]);

    let renewal = noticed.then(flag(), renewal_proposed());
    assert_eq!(only(&renewal).not_by, BTreeSet::from([ActorId(uuid(51))]));
    let refused = NoRehireFlagEvent::RenewalRefused { reviewed_by: ActorId(uuid(52)), note: None };
    ends_by(&renewal, Kind::ReviewRenewal, flag(), [renewal_confirmed(), refused, lifted(), expired()]);
}

#[test]
fn a_refused_follow_up_waits_for_somebody_to_see_to_it() {
    let refused = Refused {
        reaction: "end_employment".to_owned(),
        event_position: 1042,
        on_stream: StreamName { kind: "employment".to_owned(), id: uuid(5) },
        error_code: "already_ended".to_owned(),
        error_text: "the employment ended on 2024-03-20".to_owned(),
    };
    let log = Log::on("2026-10-01").then(uuid(40), FollowUpEvent::Refused(refused));
    let task = only(&log);
    assert_eq!(task.subject, Subject { collection: "employments".to_owned(), id: uuid(5) });
    assert_eq!(
        task.follow_up.map(|follow_up| (follow_up.id, follow_up.error_code)),
        Some((uuid(40), "already_ended".to_owned()))
    );
    let resolved = FollowUpEvent::Resolved { resolved_by: ActorId(uuid(51)), note: Some(sealed(47)) };
    ends_by(&log, Kind::ReactionRefused, uuid(40), [resolved]);
}

#[test]
fn what_is_due_first_is_listed_first() {
    let log = claimed().then(departure(), proposal(Verdict::NeedsReview)).then(newer(), noted().last().event.clone());
    let kinds: Vec<Kind> = log.documents::<Task>().list().iter().map(|task| task.kind).collect();
    assert_eq!(kinds, [Kind::ReviewRegistration, Kind::AssessEligibility, Kind::PossibleSamePerson]);
}

#[test]
fn the_same_task_has_the_same_id_for_ever() {
    let id = only(&left()).id;
    let ended = left().then(departure(), assessed(Verdict::Eligible)).then(departure(), proposal(Verdict::NeedsReview));
    assert_eq!(only(&ended).id, id);
    assert_eq!(id, Uuid::new_v5(&departure(), b"assess_eligibility"));
}

#[test]
fn each_kind_says_something_else() {
    let titles: BTreeSet<_> = Kind::iter().map(Kind::titles).collect();
    assert_eq!(titles.len(), Kind::iter().count());
    for kind in Kind::iter() {
        let (en, ja) = kind.titles();
        assert!(en.is_ascii() && !ja.is_ascii(), "{kind:?}");
        let ends_by_itself = matches!(
            kind,
            Kind::RenewFlag
                | Kind::AnswerOffer
                | Kind::CarryOutRemedy
                | Kind::AnswerEnquiry
                | Kind::ReviewRange
                | Kind::ReviewAlert
                | Kind::AssessPayJointly
                | Kind::PublishPayGap
                | Kind::CollectDocuments
                | Kind::FileHealthAndPension
                | Kind::FileEmploymentInsurance
                | Kind::ExamineReturner
        );
        assert_eq!(kind.days() == 0, ends_by_itself, "{kind:?}: only a term that ends says itself by when");
    }
}

#[test]
fn a_task_filters_by_text() {
    let shown = serde_json::to_value(only(&waiting())).unwrap();
    for filter in Task::FILTERS {
        assert!(may_be_filtered_by(&shown, filter), "{filter}");
    }
}

// helpers

/// The only task there is.
#[track_caller]
fn only(log: &Log) -> Task {
    let mut tasks = log.documents::<Task>().list();
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    tasks.remove(0)
}

/// Each of these events alone ends the one task of this kind.
#[track_caller]
fn ends_by<E: Into<HrEvent>>(log: &Log, kind: Kind, stream: Uuid, events: impl IntoIterator<Item = E>) {
    assert_eq!(only(log).kind, kind);
    for event in events {
        let ended = log.clone().then(stream, event);
        let left = ended.documents::<Task>().list();
        assert!(left.iter().all(|task| task.kind != kind), "{:?} does not end {kind:?}", ended.last().event);
    }
}

fn proposal(verdict: Verdict) -> DepartureEvent {
    DepartureEvent::EligibilityProposed { verdict, rule: "exit-reason/0".to_owned() }
}

fn rescinded() -> DepartureEvent {
    DepartureEvent::Rescinded { why: sealed(33), member_id: None }
}

fn expired() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Expired { on: day("2029-10-01"), because: ExpiryCause::TermEnded }
}
