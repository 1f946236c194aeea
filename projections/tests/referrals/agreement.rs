//! What a referral decides, its document shows.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId};
use aggregates::personal::{Personal, RecordClass};
use aggregates::referral::{
    CandidateDetails, CandidateHistory, Duplicate, DuplicateCause, HiredVia, Likeness, Offices, OutcomeReason,
    OwnershipDecision, Phase, Reassigning, Referral, ReferralCommand, ReferrerClass, ReferrerRelation, Relationship,
    Submitting, Vacancy,
};
use aggregates::stream::{Stream, Wakes};
use projections::referrals;
use projections::tasks::Task;
use proptest::prelude::*;

use super::relation;
use crate::agreement::{grown, name, steps};
use crate::support::{day, uuid};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn referrals_agree(steps in steps()) {
        let (referral, log) = grown::<Referral>(uuid(11), &orders(), &steps);
        let shown: referrals::Referral = log.document(uuid(11));
        prop_assert_eq!(name(shown.state), referral.state());
        prop_assert_eq!(shown.version, log.last().sequence);
        prop_assert_eq!(Some(shown.candidate_person_id), referral.subject());
        let standing = referral.standing().expect("it is made");
        prop_assert_eq!((shown.referrer, &shown.relation), (standing.referrer, &standing.relation));
        prop_assert_eq!(shown.owned_until, standing.ownership.as_ref().map(|ownership| ownership.until));
        prop_assert_eq!((shown.accepted_on, shown.candidate_history), (standing.accepted_on, standing.history));
        prop_assert_eq!(shown.application_id, standing.application_id);
        prop_assert_eq!(shown.hire.is_some(), matches!(standing.phase, Phase::Hired(_)));
        prop_assert_eq!(shown.ending.is_some(), matches!(standing.phase, Phase::Ended(_)));
        let found: BTreeMap<_, _> = shown.checks.iter().map(|check| (&check.rule, (check.outcome, &check.code))).collect();
        let stands: BTreeMap<_, _> =
            standing.checks.results().map(|check| (&check.rule, (check.outcome, &check.code))).collect();
        prop_assert_eq!(found, stands);
        let waiting: BTreeSet<&str> =
            log.documents::<Task>().list().into_iter().map(|task| task.kind.into()).collect();
        prop_assert_eq!(waiting.contains("ask_candidate"), standing.phase == Phase::AwaitingCandidate);
        let held = standing.phase == Phase::HeldAsDuplicate;
        prop_assert_eq!(waiting.contains("resolve_ownership"), held);
        let invited = standing.history == Some(CandidateHistory::FormerlyEmployed)
            && standing.application_id.is_none()
            && (held || standing.phase == Phase::Owned);
        prop_assert_eq!(waiting.contains("invite_candidate"), invited);
    }
}

fn orders() -> Vec<ReferralCommand> {
    use ReferralCommand as C;
    let accept = |history, duplicate| C::AcceptAsCandidate { history, key: "5f0c".to_owned(), duplicate };
    let duplicate = Duplicate { because: DuplicateCause::EarlierReferral, earlier: Some(ReferralId(uuid(110))) };
    let resolve = |decision, because| C::ResolveOwnership { decision, because, note: None };
    let reassign = |account, person, class| {
        C::ReassignCredit(Box::new(Reassigning {
            to: ActorId(uuid(account)),
            relation: ReferrerRelation { class, person_id: Some(PersonId(uuid(person))), ..relation() },
            relationship: (account % 2 == 0).then_some(Relationship::Colleague),
            exclusions: BTreeSet::new(),
            offices: Offices::Known,
            likeness: Likeness::NotShown,
            paid_in_twelve_months: 0,
            recruiter: None,
            judges: BTreeSet::new(),
            clause: "規程7条".to_owned(),
            note: Some(Personal::new(RecordClass::Recruiting, "words".to_owned())),
        }))
    };
    let credit = |number, duplicate| C::Credit { application_id: ApplicationId(uuid(number)), duplicate };
    let hired = |via| C::NoteHired {
        via,
        hired_person_id: PersonId(uuid(1)),
        employee_number: "E-20001".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        started_on: day("2024-05-01"),
    };
    let answer = |answer| {
        C::Settle(Settlement::Answered {
            rule: "REF-01".to_owned(),
            answer,
            evidence_ref: "hr/70".to_owned(),
            by: ActorId(uuid(92)),
        })
    };
    vec![
        C::Submit(Box::new(Submitting {
            relation: ReferrerRelation { class: ReferrerClass::Unknown, ..relation() },
            candidate_person_id: PersonId(uuid(9)),
            candidate: CandidateDetails {
                name: Personal::new(RecordClass::Recruiting, "a name".to_owned()),
                email: None,
                phone: None,
            },
            requisition_id: Some(RequisitionId(uuid(8))),
            vacancy: Vacancy::Open,
            legal_entity: "JP-HQ".to_owned(),
            job_family: None,
            relationship: Relationship::Friend,
            plan: None,
            exclusions: BTreeSet::new(),
            likeness: Likeness::NotShown,
            paid_in_twelve_months: 0,
            permitted: None,
        })),
        accept(CandidateHistory::NeverEmployed, None),
        accept(CandidateHistory::FormerlyEmployed, None),
        accept(CandidateHistory::NeverEmployed, Some(duplicate)),
        accept(CandidateHistory::FormerlyEmployed, Some(duplicate)),
        C::DeclineAsCandidate,
        resolve(OwnershipDecision::Grant, None),
        resolve(OwnershipDecision::Refuse, Some(DuplicateCause::EarlierContact)),
        reassign(71, 17, ReferrerClass::Employee),
        reassign(91, 7, ReferrerClass::GroupEmployee),
        credit(10, None),
        credit(10, Some(DuplicateCause::EarlierApplication)),
        credit(100, None),
        hired(HiredVia::Record),
        hired(HiredVia::Application { application_id: ApplicationId(uuid(10)) }),
        C::NoteNotHired { reason_code: OutcomeReason::Rejected },
        C::NoteNotHired { reason_code: OutcomeReason::NoShow },
        C::Withdraw { reason: None },
        answer(CheckAnswer::Satisfied),
        answer(CheckAnswer::NotSatisfied),
        C::wake(),
        C::wake(),
    ]
}
