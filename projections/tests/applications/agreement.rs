//! What an application decides, its documents show.

use aggregates::application::{
    Application, ApplicationCommand as C, Channel, Disclosing, EligibilityFacts, FlagFact, FlagForce, HoldCause,
    OfferAcceptance, OfferEnding, Office, PostponementReason, Recommendation, RejectionReason, Rejoining,
    ReviewDecision, Scheduling, Scorecard, Side, Slot, Stage, Submitted, Submitting, Transferring, WithdrawalReason,
};
use aggregates::ids::{ActorId, FlagId, InterviewId, MemberId, OfferId, PersonId, RequisitionId};
use aggregates::member::ContactChannel;
use aggregates::requisition::{Line, PayRange};
use aggregates::stream::{Stream, Wakes};
use aggregates::values::{EmploymentType, Money, Verdict};
use projections::applications;
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use projections::tasks::{Kind, Task};
use proptest::prelude::*;

use super::{application, facts};
use crate::agreement::{grown, name, steps};
use crate::support::{day, instant, sealed, uuid};

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applications_agree(steps in steps(), begins in 0_u64..3) {
        let (case, log) = grown::<Application>(application(), &orders(begins), &steps);
        let shown: applications::Application = log.document(application());
        let standing = case.standing().expect("it is handed in");
        prop_assert_eq!(name(shown.progress.state), case.state());
        prop_assert_eq!(shown.progress.state.is_live(), case.is_live());
        prop_assert_eq!(shown.progress.eligibility_result, standing.eligibility);
        prop_assert_eq!(shown.progress.stage, standing.stage);
        prop_assert_eq!(shown.progress.hold_because, standing.hold.map(|hold| hold.because));
        prop_assert_eq!(shown.progress.hold_until, standing.hold.and_then(|hold| hold.until));
        prop_assert_eq!(shown.hold.is_some(), standing.hold.is_some());
        prop_assert_eq!(shown.version, log.last().sequence);
        prop_assert_eq!((shown.requisition_id, shown.recruiter), (standing.requisition_id, standing.line.recruiter));
        prop_assert_eq!(shown.owner, standing.owner);
        prop_assert_eq!(shown.ending.is_some(), !case.is_live());
        let told = standing.disclosed_range.as_ref().map(|told| (told.requisition_id, told.range.clone()));
        prop_assert_eq!(shown.disclosed_range.clone().map(|told| (told.requisition_id, told.range)), told);
        prop_assert_eq!(shown.interviews.len(), standing.interviews.len());
        for interview in &shown.interviews {
            let stands = &standing.interviews[&interview.interview_id];
            prop_assert_eq!((interview.starts_at, interview.outcome), (stands.slot.starts_at, stands.outcome));
            prop_assert_eq!(interview.scorecards.len(), stands.scorecards.len());
        }

        let entry = log.documents::<PipelineEntry>().get(application());
        match entry {
            Some(entry) => {
                prop_assert_eq!(entry.progress, shown.progress);
                prop_assert_eq!(entry.live == YesNo::Yes, case.is_live());
                prop_assert_eq!((entry.owner, entry.requisition_id), (shown.owner, shown.requisition_id));
            }
            None => prop_assert!(!case.is_live(), "a live case is in the pipeline"),
        }

        let tasks = log.documents::<Task>().list();
        let waits = |kind: Kind| tasks.iter().any(|task| task.kind == kind);
        if !case.is_live() && case.state() != "not_eligible" {
            prop_assert!(tasks.is_empty(), "nothing waits in an ended case: {tasks:?}");
        }
        prop_assert_eq!(waits(Kind::ReviewEligibility), case.state() == "eligibility_review");
        let by_fact = standing.hold.is_some_and(aggregates::application::Hold::by_fact);
        prop_assert_eq!(waits(Kind::ReviewHeldCase), by_fact);
        prop_assert_eq!(waits(Kind::ArrangeStart), case.state() == "offer_accepted");
        if ["offer_declined", "offer_expired"].contains(&case.state()) {
            prop_assert!(waits(Kind::DecideAfterOffer));
        }
    }
}

fn of(verdict: Verdict) -> EligibilityFacts {
    let mut facts = facts();
    facts.on = day("2024-05-01");
    facts.stints[0].left_on = day("2024-01-31");
    facts.stints[0].verdict = verdict;
    facts
}

#[expect(clippy::too_many_lines, reason = "one line a command")]
fn orders(begins: u64) -> Vec<C> {
    let begins = match begins {
        0 => Verdict::Eligible,
        1 => Verdict::NeedsReview,
        _ => Verdict::NotEligible,
    };
    let line = |recruiter| Line { recruiter: ActorId(uuid(recruiter)), hiring_manager: None, approver_unit: None };
    let submitted = Submitted {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(91)),
        requisition_id: RequisitionId(uuid(5)),
        legal_entity: "JP-HQ".to_owned(),
        line: line(50),
        channel: Channel::Alumni,
        referral_id: None,
        motivation: None,
        submitted_by: ActorId(uuid(91)),
        recorded_for: None,
    };
    let flagged = EligibilityFacts {
        flags: vec![FlagFact { flag_id: FlagId(uuid(6)), force: FlagForce::Raised, clause: "第12条".to_owned() }],
        ..of(begins)
    };
    let reassess = |facts| C::Reassess { facts: Box::new(facts), because: HoldCause::FlagRaised };
    let slot = |number: i64| Slot {
        starts_at: instant(day("2024-03-02")) + chrono::TimeDelta::hours(number),
        ends_at: instant(day("2024-03-02")) + chrono::TimeDelta::hours(number + 1),
        interviewers: vec![ActorId(uuid(92)), ActorId(uuid(93))],
        location: None,
    };
    let schedule = |id, hour| {
        Box::new(Scheduling {
            interview_id: InterviewId(uuid(id)),
            slot: slot(hour),
            busy: vec![],
            candidate_busy: false,
            range_first: true,
            range: None,
            referrer: None,
        })
    };
    let scorecard =
        || Box::new(Scorecard { rating: 4, recommendation: Recommendation::Yes, attributes: vec![], notes: None });
    let review =
        |decision| C::ReviewEligibility { decision, clause: "第3条".to_owned(), note: None, involved: [].into() };
    let offer = || OfferId(uuid(8));
    let ended = |ending| C::NoteOfferEnded { offer_id: offer(), ending };
    let accept = || {
        C::NoteOfferAccepted(Box::new(OfferAcceptance {
            offer_id: offer(),
            starts_on: day("2024-04-01"),
            employment_type: EmploymentType::Regular,
            grade: "G4".to_owned(),
            location: None,
        }))
    };
    let rejoin = |started_on| {
        C::RecordRejoin(Box::new(Rejoining {
            employee_number: "E-20001".to_owned(),
            started_on,
            department: None,
            job_family: None,
        }))
    };
    let hold = |until| C::Hold { until, note: None };
    let yen = |amount| Money { amount, currency: "JPY".to_owned() };
    let range = PayRange { minimum: yen(6_000_000), midpoint: None, maximum: yen(9_000_000) };
    let requisition_id = RequisitionId(uuid(5));
    let disclose = || {
        C::DiscloseRange(Box::new(Disclosing {
            requisition_id,
            range: Some(range.clone()),
            channel: ContactChannel::Email,
        }))
    };
    vec![
        C::Submit(Box::new(Submitting { submitted, facts: of(begins) })),
        review(ReviewDecision::Eligible),
        review(ReviewDecision::Eligible),
        review(ReviewDecision::NotEligible),
        C::RequestReview { grounds: None },
        C::Assign { owner: ActorId(uuid(51)) },
        C::Advance { to: Stage::Interviewing },
        C::Advance { to: Stage::Interviewing },
        C::SkipStage { to: Stage::Evaluated, clause: "第5条".to_owned(), referrer: None },
        C::SkipStage { to: Stage::Evaluated, clause: "第5条".to_owned(), referrer: None },
        disclose(),
        C::ScheduleInterview(schedule(7, 1)),
        C::ScheduleInterview(schedule(70, 5)),
        C::RescheduleInterview(schedule(70, 9)),
        C::CancelInterview { interview_id: InterviewId(uuid(70)), note: None },
        C::SubmitScorecard { interview_id: InterviewId(uuid(7)), scorecard: scorecard() },
        C::SubmitScorecard { interview_id: InterviewId(uuid(7)), scorecard: scorecard() },
        C::AmendScorecard { interview_id: InterviewId(uuid(7)), scorecard: scorecard(), why: sealed(1) },
        C::RecordEvaluation { recommendation: Recommendation::Yes, note: None, referrer: None },
        C::RecordEvaluation { recommendation: Recommendation::Yes, note: None, referrer: None },
        hold(None),
        hold(Some(day("2024-04-10"))),
        C::Resume { office: Office::Recruiting, clause: None, involved: [].into(), note: None },
        C::Resume { office: Office::Compliance, clause: Some("第3条".to_owned()), involved: [].into(), note: None },
        reassess(flagged.clone()),
        reassess(of(Verdict::Eligible)),
        reassess(of(begins)),
        C::Reject { side: Side::Employer, reason_code: RejectionReason::Other, note: None },
        C::Withdraw { reason_code: WithdrawalReason::Other, recorded_for: None },
        C::Reopen { facts: Box::new(of(begins)), note: None },
        C::Reopen { facts: Box::new(flagged), note: None },
        C::Transfer(Box::new(Transferring {
            requisition_id: RequisitionId(uuid(55)),
            legal_entity: "JP-HQ".to_owned(),
            line: line(52),
            facts: of(begins),
        })),
        C::NoteOffer { offer_id: offer() },
        C::NoteOffer { offer_id: offer() },
        C::NoteOffer { offer_id: offer() },
        accept(),
        accept(),
        accept(),
        ended(OfferEnding::Declined),
        ended(OfferEnding::Refused),
        ended(OfferEnding::RescindedAfterAcceptance),
        rejoin(day("2024-04-01")),
        rejoin(day("2024-12-01")),
        C::PostponeStart { to: day("2024-05-01"), reason_code: PostponementReason::Family },
        C::RecordNoShow { note: None },
        C::Cancel { requisition_id: RequisitionId(uuid(5)) },
        C::wake(),
    ]
}
