//! Who may apply, what a review changes, and what a changed fact does to a live case.

use aggregates::application::{
    Application, ApplicationCommand as C, ApplicationError, ApplicationEvent, Channel, EligibilityFacts,
    EligibilityResult, FlagFact, FlagForce, HoldCause, MembershipFact, Office, ProgrammeFact, RejectionReason,
    RequisitionFact, ReviewDecision, Side, Stint, Submitted, Submitting, live_key,
};
use aggregates::checks::{CheckAnswer, Outcome, RuleResult, Settlement, SettlementError, found};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::{ActorId, FlagId, PersonId, ProgrammePolicyId};
use aggregates::programme_policy::{JobReturn, Rehire};
use aggregates::rehire_policy::{self, result};
use aggregates::requisition::{Audience, Engagement};
use aggregates::stream::Claim;
use aggregates::values::{EmploymentType, Verdict};
use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;

use super::{
    another_in_compliance, application_id, assessed, candidate, compliance, eligibility, facts, found_again, given,
    handed_in, held, in_review, joining, manager, not_eligible, of, recruiter, requisition_id, screening,
    second_recruiter, stint, submit, submitted, today,
};
use crate::support::{Given, day, person, sealed, service, system, uuid};

// submit

#[test]
fn somebody_eligible_starts_in_screening() {
    let nothing = Given::<Application>::nothing();
    nothing.when(candidate(), today(), submit(facts())).then([submitted(), assessed(facts())]);
    let case = given(screening());
    assert_eq!((case.state(), case.subject()), ("screening", Some(PersonId(uuid(1)))));
    assert!(case.folded().is_live());
}

#[test]
fn whoever_records_an_application_says_how_it_came_in() {
    let nothing = Given::<Application>::nothing();
    nothing.when(recruiter(), today(), submit(facts())).refused(ApplicationError::NotTheCandidate);
    let recorded = Submitted { recorded_for: Some(sealed(2)), ..handed_in() };
    let order = C::Submit(Box::new(Submitting { submitted: recorded.clone(), facts: facts() }));
    let submitted = Submitted { submitted_by: recruiter().id, ..recorded };
    nothing
        .when(recruiter(), today(), order)
        .then([ApplicationEvent::Submitted(Box::new(submitted)), assessed(facts())]);
}

#[test]
fn a_requisition_that_takes_nobody_refuses() {
    let nothing = Given::<Application>::nothing();
    for (requisition, error) in [
        (RequisitionFact::Open, ApplicationError::RequisitionNotOpen),
        (RequisitionFact::Closed, ApplicationError::RequisitionNotOpen),
        (RequisitionFact::Filled, ApplicationError::HeadcountFull),
    ] {
        nothing.when(candidate(), today(), submit(EligibilityFacts { requisition, ..facts() })).refused(error);
    }
}

#[test]
fn an_application_is_handed_in_once() {
    for past in [screening(), not_eligible()] {
        given(past).when(candidate(), today(), submit(facts())).refused(ApplicationError::AlreadySubmitted);
    }
}

#[test]
fn one_live_application_for_a_person_and_requisition() {
    let key = live_key(PersonId(uuid(1)), requisition_id());
    let taken = vec![Claim::take("live_application", key.clone(), application_id())];
    let released = vec![Claim::release("live_application", key, application_id())];
    let nothing = Given::<Application>::nothing();
    assert_eq!(nothing.claims(application_id(), &submitted()), taken);
    let fresh = given(vec![submitted()]);
    assert_eq!(fresh.claims(application_id(), &assessed(facts())), []);
    assert_eq!(fresh.claims(application_id(), &assessed(of(Verdict::NotEligible))), released);
    let asked = given(not_eligible()).and([requested()]);
    assert_eq!(asked.claims(application_id(), &answered(ReviewDecision::NotEligible)), []);
    assert_eq!(asked.claims(application_id(), &answered(ReviewDecision::Eligible)), taken);
    let rejected = ApplicationEvent::Rejected {
        side: Side::Employer,
        reason_code: RejectionReason::Other,
        rejected_by: recruiter().id,
        note: None,
        on: None,
    };
    assert_eq!(given(screening()).claims(application_id(), &rejected), released);
}

// the rules

fn finding(facts: &EligibilityFacts, rule: &str) -> RuleResult {
    let rules = rehire_policy::assess(facts);
    assert_eq!(rules.iter().filter(|one| one.rule == rule).count(), 1, "{rule} answers once");
    rules.into_iter().find(|one| one.rule == rule).unwrap_or_else(|| panic!("no {rule}"))
}

#[test]
fn every_rule_is_recorded_whatever_it_says() {
    let rules = rehire_policy::assess(&facts());
    assert!(rules.iter().all(|rule| rule.outcome == Outcome::Pass));
    let blocked = rehire_policy::assess(&EligibilityFacts { stints: vec![], ..facts() });
    let names = |rules: &[RuleResult]| rules.iter().map(|rule| rule.rule.clone()).collect::<Vec<_>>();
    assert_eq!(names(&rules), names(&blocked));
    assert_eq!((result(&rules), result(&blocked)), (EligibilityResult::Eligible, EligibilityResult::NotEligible));
}

#[test]
fn what_bars_is_named_with_every_clause_and_nothing_else_is() {
    let flag = |force, clause: &str| FlagFact { flag_id: FlagId(uuid(6)), force, clause: clause.to_owned() };
    let left =
        |verdict, clause: Option<&str>| Stint { clause: clause.map(str::to_owned), ..stint("2020-03-31", verdict) };
    let facts = EligibilityFacts {
        flags: vec![
            flag(FlagForce::Raised, "第14条"),
            flag(FlagForce::InForce, "第12条"),
            flag(FlagForce::InForce, "第13条"),
        ],
        stints: vec![
            left(Verdict::NeedsReview, None),
            left(Verdict::NotEligible, Some("第33条")),
            left(Verdict::Eligible, Some("第1条")),
            left(Verdict::NotEligible, Some("第34条")),
            left(Verdict::NotEligible, Some("第33条")),
        ],
        ..facts()
    };
    assert_eq!(finding(&facts, "PRV-13"), found("PRV-13", Outcome::Block, "flag_in_force", "第12条; 第13条"));
    assert_eq!(finding(&facts, "ELG-06"), found("ELG-06", Outcome::Block, "not_eligible", "第33条; 第34条"));
}

#[test]
fn each_rule_says_what_it_found() {
    use Outcome::{Block, Hold, Pass};
    let flag = |force| FlagFact { flag_id: FlagId(uuid(6)), force, clause: "第12条".to_owned() };
    let dispatched = |left_on| EligibilityFacts {
        engagement: Engagement::Dispatched,
        stints: vec![stint(left_on, Verdict::Eligible)],
        ..facts()
    };
    let retired = |left_on| {
        let stints = vec![super::Stint { retired: true, ..stint(left_on, Verdict::Eligible) }];
        EligibilityFacts { stints, ..dispatched(left_on) }
    };
    let membership = |membership| EligibilityFacts { membership, ..facts() };
    let flagged = |flags| EligibilityFacts { flags, ..facts() };
    let audience = |audience| EligibilityFacts { audience, ..facts() };
    let left = |day| EligibilityFacts { stints: vec![stint(day, Verdict::Eligible)], ..facts() };
    for (facts, rule, outcome, code) in [
        (membership(MembershipFact::Active), "ELG-01", Pass, "active"),
        (membership(MembershipFact::Paused), "ELG-01", Pass, "paused"),
        (membership(MembershipFact::Dormant), "ELG-01", Pass, "dormant"),
        (membership(MembershipFact::PendingReview), "ELG-01", Block, "pending_review"),
        (membership(MembershipFact::Ended), "ELG-01", Block, "membership_ended"),
        (EligibilityFacts { requisition: RequisitionFact::Closed, ..facts() }, "ELG-02", Pass, "closed"),
        (audience(vec![Audience::Employees]), "ELG-03", Block, "not_addressed"),
        (audience(vec![Audience::Employees, Audience::Public]), "ELG-03", Pass, "addressed"),
        (EligibilityFacts { stints: vec![], ..facts() }, "ELG-04", Block, "no_stint"),
        (left("2026-10-01"), "ELG-05", Block, "still_employed"),
        (left("2026-09-30"), "ELG-05", Pass, "left"),
        (of(Verdict::Eligible), "ELG-06", Pass, "eligible"),
        (of(Verdict::NeedsReview), "ELG-06", Hold, "needs_review"),
        (of(Verdict::NotEligible), "ELG-06", Block, "not_eligible"),
        (flagged(vec![]), "PRV-13", Pass, "no_flag"),
        (flagged(vec![flag(FlagForce::Raised)]), "PRV-13", Hold, "flag_raised"),
        (flagged(vec![flag(FlagForce::Raised), flag(FlagForce::InForce)]), "PRV-13", Block, "flag_in_force"),
        (facts(), "PRV-01", Pass, "own_initiative"),
        (facts(), "LAB-01", Pass, "no_age_input"),
        (facts(), "LAB-04", Pass, "direct"),
        (dispatched("2025-10-02"), "LAB-04", Hold, "start_unknown"),
        (dispatched("2025-10-01"), "LAB-04", Pass, "a_year_has_passed"),
        (retired("2025-10-02"), "LAB-04", Pass, "retired"),
        (retired("2025-10-01"), "LAB-04", Pass, "a_year_has_passed"),
        (facts(), "ELG-07", Pass, "over"),
    ] {
        let said = finding(&facts, rule);
        assert_eq!((said.outcome, said.code.as_str()), (outcome, code), "{rule}");
        assert!(said.basis.is_some_and(|basis| !basis.is_empty()), "{rule} names its clause or law, passed or not");
    }
    assert_eq!(finding(&of(Verdict::NotEligible), "ELG-06").basis.as_deref(), Some("第3条"));
}

#[test]
fn a_year_elsewhere_does_not_bar_a_dispatch_here() {
    let elsewhere = EligibilityFacts {
        engagement: Engagement::Dispatched,
        stints: vec![stint("2026-09-01", Verdict::Eligible)],
        legal_entity: Some("JP-EAST".to_owned()),
        ..facts()
    };
    assert_eq!(finding(&elsewhere, "LAB-04").outcome, Outcome::Pass);
    let gone_here = stint("2026-09-01", Verdict::Eligible);
    let retired_there = super::Stint { legal_entity: "JP-WEST".to_owned(), retired: true, ..gone_here.clone() };
    let both = EligibilityFacts {
        stints: vec![retired_there, super::Stint { legal_entity: "JP-EAST".to_owned(), ..gone_here }],
        ..elsewhere.clone()
    };
    assert_eq!(finding(&both, "LAB-04").outcome, Outcome::Hold, "who retired elsewhere left here all the same");
    let on_a_contract =
        super::Stint { employment_type: Some(EmploymentType::Contractor), ..stint("2026-09-01", Verdict::Eligible) };
    let worked = EligibilityFacts { legal_entity: None, stints: vec![on_a_contract], ..elsewhere.clone() };
    assert_eq!(finding(&worked, "LAB-04").outcome, Outcome::Pass, "whoever was not employed left no employment");
    let unknown = EligibilityFacts { legal_entity: None, ..elsewhere };
    assert_eq!(finding(&unknown, "LAB-04").outcome, Outcome::Hold, "where the entity is unknown, the strict reading");
}

#[test]
fn the_year_before_a_dispatch_ends_on_the_first_day_of_work() {
    let left = |left_on| EligibilityFacts {
        engagement: Engagement::Dispatched,
        stints: vec![stint(left_on, Verdict::Eligible)],
        ..facts()
    };
    let starting = |facts: &EligibilityFacts, starts_on| {
        let rules = rehire_policy::assess_start(facts, day(starts_on));
        rules.into_iter().find(|rule| rule.rule == rehire_policy::DISPATCHED).unwrap()
    };
    for (left_on, starts_on, outcome, code) in [
        ("2026-03-31", "2027-03-30", Outcome::Block, "dispatched_within_a_year"),
        ("2026-03-31", "2027-03-31", Outcome::Pass, "a_year_has_passed"),
        ("2025-09-01", "2027-01-04", Outcome::Pass, "a_year_has_passed"),
    ] {
        let said = starting(&left(left_on), starts_on);
        assert_eq!((said.outcome, said.code.as_str()), (outcome, code), "{left_on}, {starts_on}");
    }
    let direct = EligibilityFacts { engagement: Engagement::Direct, ..left("2026-09-01") };
    assert_eq!(starting(&direct, "2026-10-02").code, "direct");
}

#[test]
fn a_dispatch_within_a_year_is_reviewed_since_nobody_knows_its_first_day() {
    let facts = EligibilityFacts {
        engagement: Engagement::Dispatched,
        stints: vec![stint("2026-03-31", Verdict::Eligible)],
        ..facts()
    };
    let case = given(vec![submitted(), assessed(facts)]);
    assert_eq!(case.state(), "eligibility_review");
    let on = case.and([reviewed(ReviewDecision::Eligible)]);
    assert_eq!((on.state(), eligibility(&on)), ("screening", Some(EligibilityResult::Eligible)));
}

#[test]
fn one_stint_that_bars_a_return_is_not_outweighed_by_another() {
    for verdicts in [
        [Verdict::Eligible, Verdict::NotEligible],
        [Verdict::NotEligible, Verdict::Eligible],
        [Verdict::NeedsReview, Verdict::NotEligible],
    ] {
        let stints = verdicts.into_iter().map(|verdict| stint("2024-03-31", verdict)).collect();
        let facts = EligibilityFacts { stints, ..facts() };
        assert_eq!(result(&rehire_policy::assess(&facts)), EligibilityResult::NotEligible);
    }
}

// under a published policy

fn programme(channel: Channel) -> ProgrammeFact {
    ProgrammeFact {
        policy_id: ProgrammePolicyId(uuid(19)),
        version: 2,
        channel,
        rehire: Some(Rehire { clause: "第3条".to_owned(), cooling_off_days: 90, minimum_tenure_months: 36 }),
        job_return: Some(JobReturn {
            clause: "第7条".to_owned(),
            reasons: [SeparationReason::Childcare, SeparationReason::FamilyCare].into(),
            within_months: 60,
            cooling_off_days: 0,
            minimum_tenure_months: 12,
            registration_months: None,
        }),
        contact: "alumni@example.jp".to_owned(),
    }
}

fn under(programme: ProgrammeFact, stints: Vec<super::Stint>) -> EligibilityFacts {
    EligibilityFacts { stints, programme: Some(Box::new(programme)), ..facts() }
}

fn worked(hired_on: &str, left_on: NaiveDate) -> super::Stint {
    super::Stint { hired_on: day(hired_on), left_on, ..stint("2024-03-31", Verdict::Eligible) }
}

fn says(facts: &EligibilityFacts, rule: &str) -> (Outcome, String, Option<String>) {
    let finding = finding(facts, rule);
    (finding.outcome, finding.code, finding.basis)
}

#[test]
fn a_published_policy_is_cited_by_version_and_clause() {
    let facts = under(programme(Channel::Alumni), vec![worked("2024-07-01", today() - Days::new(90))]);
    assert_eq!(rehire_policy::version(&facts), format!("programme/{}/2", uuid(19)));
    let article = Some("第3条".to_owned());
    assert_eq!(says(&facts, rehire_policy::COOLING_OFF), (Outcome::Block, "cooling_off".to_owned(), article.clone()));
    assert_eq!(says(&facts, rehire_policy::TENURE), (Outcome::Block, "too_short".to_owned(), article));
    let later = under(programme(Channel::Alumni), vec![worked("2020-01-01", today() - Days::new(91))]);
    assert_eq!(result(&rehire_policy::assess(&later)), EligibilityResult::Eligible);
    // Version 0 knows neither a minimum tenure nor a job return.
    let rules = rehire_policy::assess(&super::facts());
    assert!(rules.iter().all(|one| ![rehire_policy::TENURE, rehire_policy::JOB_RETURN].contains(&one.rule.as_str())));
}

#[test]
fn all_periods_count_towards_the_tenure_in_full_months() {
    let long_ago = |hired_on: &str, left_on: &str| worked(hired_on, day(left_on));
    let tenure = |stints| says(&under(programme(Channel::Alumni), stints), rehire_policy::TENURE).0;
    assert_eq!(tenure(vec![long_ago("2015-04-01", "2018-03-31")]), Outcome::Pass, "36 months to the day");
    assert_eq!(tenure(vec![long_ago("2015-04-01", "2018-03-30")]), Outcome::Block, "a day less");
    let two = || vec![long_ago("2015-04-01", "2016-03-31"), long_ago("2018-01-15", "2020-01-14")];
    assert_eq!(tenure(two()), Outcome::Pass, "12 and 24");
    assert_eq!(tenure(vec![two().remove(1)]), Outcome::Block);
    let beside = vec![long_ago("2020-04-01", "2022-03-31"), long_ago("2021-04-01", "2022-03-31")];
    assert_eq!(tenure(beside), Outcome::Block, "a secondment lies beside the first");
    assert_eq!(tenure(vec![long_ago("2015-01-31", "2015-01-01")]), Outcome::Block, "a period that never was");
}

#[test]
fn a_job_return_has_conditions_of_its_own_and_a_person_looks_where_they_are_not_met() {
    let left = |years: i32, counts| {
        let left_on = today() - Months::new(u32::try_from(years * 12).unwrap());
        let hired_on = left_on - Months::new(12) + Days::new(1);
        vec![super::Stint { reason_counts: counts, hired_on, left_on, ..stint("2024-03-31", Verdict::Eligible) }]
    };
    let asked = |channel, stints| under(programme(channel), stints);
    let own = asked(Channel::JobReturn, left(5, true));
    assert_eq!(result(&rehire_policy::assess(&own)), EligibilityResult::Eligible, "12 months suffice, and five years");
    let article = Some("第7条".to_owned());
    assert_eq!(says(&own, rehire_policy::JOB_RETURN), (Outcome::Pass, "within_time".to_owned(), article.clone()));
    let hold = |facts: &EligibilityFacts| {
        assert_eq!(result(&rehire_policy::assess(facts)), EligibilityResult::NeedsReview);
        says(facts, rehire_policy::JOB_RETURN)
    };
    let late = hold(&asked(Channel::JobReturn, left(6, true)));
    assert_eq!(late, (Outcome::Hold, "too_long_ago".to_owned(), article.clone()));
    let otherwise = hold(&asked(Channel::JobReturn, left(5, false)));
    assert_eq!(otherwise, (Outcome::Hold, "reason_does_not_count".to_owned(), article));
    // Where the wish has to be registered at the exit, it holds for a time.
    let registered = |years: i32, wish_registered: bool| {
        let mut facts = asked(Channel::JobReturn, left(years, true));
        let job_return = facts.programme.as_mut().and_then(|programme| programme.job_return.as_mut());
        job_return.unwrap().registration_months = Some(36);
        facts.stints[0].wish_registered = wish_registered;
        facts
    };
    assert_eq!(says(&registered(3, true), rehire_policy::JOB_RETURN).1, "within_time");
    assert_eq!(hold(&registered(3, false)).1, "not_registered");
    assert_eq!(hold(&registered(4, true)).1, "registration_over");
    assert_eq!(hold(&registered(6, true)).1, "too_long_ago");
    let mut none = programme(Channel::JobReturn);
    none.job_return = None;
    let without = under(none, vec![worked("2015-04-01", day("2024-03-31"))]);
    assert_eq!(hold(&without).1, "not_offered");
    let same_as_alumna = asked(Channel::Alumni, left(5, true));
    assert_eq!(result(&rehire_policy::assess(&same_as_alumna)), EligibilityResult::NotEligible, "36 months are asked");
}

#[test]
fn where_the_programme_offers_no_return_nobody_applies() {
    let mut programme = programme(Channel::Alumni);
    (programme.rehire, programme.job_return) = (None, None);
    let facts = under(programme, vec![stint("2024-03-31", Verdict::Eligible)]);
    let contact = "alumni@example.jp".to_owned();
    let nothing = Given::<Application>::nothing();
    nothing.when(candidate(), today(), submit(facts)).refused(ApplicationError::NotOffered { contact });
}

proptest! {
    #[test]
    fn worse_facts_never_make_anybody_more_eligible(
        verdicts in proptest::collection::vec(any_verdict(), 1..4),
        more in any_verdict(),
        flagged in any::<bool>(),
    ) {
        let stints = |verdicts: &[Verdict]| verdicts.iter().map(|one| stint("2024-03-31", *one)).collect::<Vec<_>>();
        let before = EligibilityFacts { stints: stints(&verdicts), ..facts() };
        let mut after = EligibilityFacts { stints: stints(&[verdicts, vec![more]].concat()), ..facts() };
        if flagged {
            after.flags.push(FlagFact { flag_id: FlagId(uuid(6)), force: FlagForce::InForce, clause: "第12条".into() });
        }
        let says = |facts| result(&rehire_policy::assess(facts));
        prop_assert!(says(&before) <= says(&after));
        prop_assert_eq!(says(&after), says(&after.clone()), "the same facts, the same answer");
    }
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Eligible), Just(Verdict::NeedsReview), Just(Verdict::NotEligible)]
}

// review

fn review(decision: ReviewDecision) -> C {
    C::ReviewEligibility { decision, clause: "第3条".to_owned(), note: None, involved: [].into() }
}

fn reviewed(decision: ReviewDecision) -> ApplicationEvent {
    ApplicationEvent::EligibilityReviewed {
        decision,
        clause: "第3条".to_owned(),
        reviewed_by: compliance().id,
        note: None,
        on: Some(today()),
    }
}

fn requested() -> ApplicationEvent {
    ApplicationEvent::ReviewRequested { requested_by: candidate().id, grounds: None }
}

fn answered(decision: ReviewDecision) -> ApplicationEvent {
    ApplicationEvent::ReviewAnswered {
        decision,
        clause: "第3条".to_owned(),
        reviewed_by: another_in_compliance().id,
        note: None,
    }
}

#[test]
fn a_reviewer_lets_the_case_go_on_or_not() {
    let case = given(in_review());
    assert_eq!(case.state(), "eligibility_review");
    case.when(compliance(), today(), review(ReviewDecision::Eligible)).then([reviewed(ReviewDecision::Eligible)]);
    let on = case.clone().and([reviewed(ReviewDecision::Eligible)]);
    assert_eq!((on.state(), eligibility(&on)), ("screening", Some(EligibilityResult::Eligible)));
    let off = case.and([reviewed(ReviewDecision::NotEligible)]);
    assert_eq!((off.state(), off.folded().is_live()), ("not_eligible", false));
}

#[test]
fn nobody_who_is_involved_reviews() {
    let owned = given(in_review())
        .and([ApplicationEvent::OwnerAssigned { owner: second_recruiter().id, assigned_by: recruiter().id }]);
    for by in [recruiter(), manager(), second_recruiter(), candidate()] {
        owned.when(by, today(), review(ReviewDecision::Eligible)).refused(ApplicationError::UninvolvedPersonRequired);
    }
    for by in [service(60), system()] {
        owned.when(by, today(), review(ReviewDecision::Eligible)).refused(ApplicationError::NaturalPersonRequired);
    }
}

/// Whoever found what the rules rest on is no judge of it.
#[test]
fn nobody_reviews_what_they_found_themselves() {
    let order = |decision| C::ReviewEligibility {
        decision,
        clause: "第3条".to_owned(),
        note: None,
        involved: [compliance().id].into(),
    };
    let asked = given(not_eligible()).and([requested()]);
    for case in [given(in_review()), asked] {
        for decision in [ReviewDecision::Eligible, ReviewDecision::NotEligible] {
            let refused = ApplicationError::UninvolvedPersonRequired;
            case.when(compliance(), today(), order(decision)).refused(refused);
            assert_eq!(case.when(another_in_compliance(), today(), order(decision)).recorded().len(), 1);
        }
    }
}

#[test]
fn a_review_names_its_clause_and_needs_something_to_review() {
    let (decision, clause) = (ReviewDecision::Eligible, " ".to_owned());
    let order = C::ReviewEligibility { decision, clause, note: None, involved: [].into() };
    given(in_review()).when(compliance(), today(), order).refused(ApplicationError::ClauseRequired);
    for past in [screening(), not_eligible()] {
        given(past)
            .when(compliance(), today(), review(ReviewDecision::Eligible))
            .refused(ApplicationError::NothingToReview);
    }
}

#[test]
fn the_person_asks_for_a_review_once_within_thirty_days() {
    let case = given(not_eligible());
    let ask = || C::RequestReview { grounds: None };
    let last = day("2026-10-31");
    case.when(candidate(), last, ask()).then([requested()]);
    case.when(candidate(), last + Days::new(1), ask()).refused(ApplicationError::ReviewPeriodOver { until: last });
    case.when(recruiter(), today(), ask()).refused(ApplicationError::NotTheCandidate);
    let asked = case.and([requested()]);
    asked.when(candidate(), today(), ask()).quiet();
    asked
        .when(candidate(), today(), C::RequestReview { grounds: Some(sealed(4)) })
        .refused(ApplicationError::ReviewRequestedAlready);
    let settled = asked.and([answered(ReviewDecision::NotEligible)]);
    settled.when(candidate(), today(), ask()).refused(ApplicationError::ReviewAnswered);
    given(screening()).when(candidate(), today(), ask()).refused(ApplicationError::NothingToReview);
}

#[test]
fn somebody_else_answers_the_request() {
    let case = given(in_review()).and([reviewed(ReviewDecision::NotEligible), requested()]);
    case.when(compliance(), today(), review(ReviewDecision::Eligible))
        .refused(ApplicationError::UninvolvedPersonRequired);
    case.when(another_in_compliance(), today(), review(ReviewDecision::Eligible))
        .then([answered(ReviewDecision::Eligible)]);
    let on = case.and([answered(ReviewDecision::Eligible)]);
    assert_eq!((on.state(), eligibility(&on)), ("screening", Some(EligibilityResult::Eligible)));
}

#[test]
fn without_a_request_not_eligible_is_final_and_waits_for_nothing() {
    let case = given(not_eligible());
    assert_eq!(case.wake(), None);
    case.when_woken(day("2027-10-01")).quiet();
    case.when(recruiter(), today(), super::assign(recruiter().id))
        .refused(ApplicationError::Ended { state: "not_eligible" });
}

// changed facts

fn reassess(facts: EligibilityFacts) -> C {
    C::Reassess { facts: Box::new(facts), because: HoldCause::FlagRaised }
}

fn flagged(force: FlagForce) -> EligibilityFacts {
    let flag = FlagFact { flag_id: FlagId(uuid(6)), force, clause: "第12条".to_owned() };
    EligibilityFacts { flags: vec![flag], on: day("2026-10-05"), ..facts() }
}

fn again(facts: EligibilityFacts) -> ApplicationEvent {
    found_again(facts, HoldCause::FlagRaised)
}

fn held_by_flag() -> ApplicationEvent {
    ApplicationEvent::Held { because: HoldCause::FlagRaised, until: None, held_by: system().id, note: None }
}

#[test]
fn a_fact_that_counts_against_the_person_puts_the_case_on_hold() {
    for past in [screening(), joining()] {
        given(past)
            .when(system(), day("2026-10-05"), reassess(flagged(FlagForce::Raised)))
            .then([again(flagged(FlagForce::Raised)), held_by_flag()]);
    }
    let case = given(screening()).and([again(flagged(FlagForce::Raised)), held_by_flag()]);
    assert_eq!(eligibility(&case), Some(EligibilityResult::NeedsReview));
}

#[test]
fn the_same_facts_on_another_day_change_nothing() {
    let later = EligibilityFacts { on: day("2026-10-05"), ..facts() };
    given(screening()).when(system(), day("2026-10-05"), reassess(later)).quiet();
    for past in [not_eligible(), vec![]] {
        let case = given(past);
        if case.subject().is_some() {
            case.when(system(), today(), reassess(flagged(FlagForce::Raised))).quiet();
        }
    }
}

#[test]
fn a_fact_that_does_not_count_against_the_person_is_recorded_and_nothing_else() {
    let consented = EligibilityFacts { jobs_consent: Some("2026-10".to_owned()), ..facts() };
    given(screening()).when(system(), today(), reassess(consented.clone())).then([again(consented)]);
}

#[test]
fn what_was_reviewed_does_not_hold_the_case_again() {
    let case = given(in_review()).and([reviewed(ReviewDecision::Eligible)]);
    let consented = EligibilityFacts { jobs_consent: Some("2026-10".to_owned()), ..of(Verdict::NeedsReview) };
    case.when(system(), today(), reassess(consented.clone())).then([again(consented.clone())]);
    assert_eq!(eligibility(&case.and([again(consented)])), Some(EligibilityResult::Eligible));
}

#[test]
fn the_hold_ends_when_the_fact_does() {
    let case = given(screening()).and([again(flagged(FlagForce::Raised)), held_by_flag()]);
    let resumed = ApplicationEvent::Resumed { resumed_by: system().id, clause: None, note: None };
    case.when(system(), today(), reassess(facts())).then([again(facts()), resumed.clone()]);
    let on = case.and([again(facts()), resumed]);
    assert_eq!((on.state(), eligibility(&on)), ("screening", Some(EligibilityResult::Eligible)));
    assert_eq!(on.folded().standing().and_then(|standing| standing.hold), None);
}

const CLAUSE: Option<&str> = Some("再雇用規程第3条");

fn resume(office: Office, clause: Option<&str>) -> C {
    C::Resume { office, clause: clause.map(str::to_owned), involved: [uuid(40)].map(ActorId).into(), note: None }
}

#[test]
fn only_compliance_lets_a_case_go_on_after_a_fact_and_never_against_a_bar() {
    let case = given(screening()).and([again(flagged(FlagForce::Raised)), held_by_flag()]);
    case.when(recruiter(), today(), resume(Office::Recruiting, CLAUSE)).refused(ApplicationError::HeldByFact);
    let clause = CLAUSE.map(str::to_owned);
    let resumed = ApplicationEvent::Resumed { resumed_by: compliance().id, clause, note: None };
    case.when(compliance(), today(), resume(Office::Compliance, CLAUSE)).then([resumed.clone()]);
    let on = case.clone().and([resumed]);
    assert_eq!(eligibility(&on), Some(EligibilityResult::Eligible));
    on.when(compliance(), today(), resume(Office::Compliance, None)).quiet();
    case.when(recruiter(), today(), C::Hold { until: None, note: None }).refused(ApplicationError::HeldByFact);
    let barred = case.and([again(flagged(FlagForce::InForce)), held_by_flag()]);
    barred.when(compliance(), today(), resume(Office::Compliance, CLAUSE)).refused(ApplicationError::NotEligible);
}

#[test]
fn to_let_a_case_go_on_after_a_fact_is_a_review() {
    let case = given(screening()).and([again(flagged(FlagForce::Raised)), held_by_flag()]);
    let asks = || resume(Office::Compliance, CLAUSE);
    for clause in [None, Some(" ")] {
        case.when(compliance(), today(), resume(Office::Compliance, clause)).refused(ApplicationError::ClauseRequired);
    }
    for by in [recruiter(), candidate(), person(40)] {
        case.when(by, today(), asks()).refused(ApplicationError::UninvolvedPersonRequired);
    }
    case.when(service(16), today(), asks()).refused(ApplicationError::NaturalPersonRequired);
}

#[test]
fn a_case_in_review_goes_where_the_new_facts_say() {
    let case = given(in_review());
    let barred = of(Verdict::NotEligible);
    case.when(system(), today(), reassess(facts())).then([assessed(facts())]);
    assert_eq!(case.clone().and([assessed(facts())]).state(), "screening");
    case.when(system(), today(), reassess(barred.clone())).then([assessed(barred.clone())]);
    assert_eq!(case.and([assessed(barred)]).state(), "not_eligible");
}

#[test]
fn a_manual_hold_gives_way_to_that_of_a_fact() {
    let case = given(screening()).and([held(HoldCause::Manual)]);
    case.when(system(), day("2026-10-05"), reassess(flagged(FlagForce::Raised)))
        .then([again(flagged(FlagForce::Raised)), held_by_flag()]);
}

// answers to rules

#[test]
fn a_rule_that_holds_is_answered_once() {
    let case = given(in_review());
    let settlement = || Settlement::Answered {
        rule: rehire_policy::VERDICT.to_owned(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "hr/9".to_owned(),
        by: ActorId(uuid(11)),
    };
    let settled = ApplicationEvent::Settled { settlement: settlement() };
    case.when(recruiter(), today(), C::Settle(settlement())).then([settled.clone()]);
    case.clone().and([settled]).when(recruiter(), today(), C::Settle(settlement())).quiet();
    let unknown = found("REF-99", Outcome::Hold, "unknown", "");
    let other = Settlement::Answered {
        rule: unknown.rule.clone(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "hr/9".to_owned(),
        by: ActorId(uuid(11)),
    };
    case.when(person(11), today(), C::Settle(other))
        .refused(ApplicationError::Settlement(SettlementError::RuleNotEvaluated { rule: unknown.rule }));
}

#[test]
fn an_answer_alone_does_not_replace_the_review() {
    let settled = ApplicationEvent::Settled {
        settlement: Settlement::Answered {
            rule: rehire_policy::VERDICT.to_owned(),
            answer: CheckAnswer::Satisfied,
            evidence_ref: "hr/9".to_owned(),
            by: ActorId(uuid(11)),
        },
    };
    assert_eq!(given(in_review()).and([settled]).state(), "eligibility_review");
}
