//! An offer: terms that others approve as they saw them, one seat, one answer before it lapses.

mod approval;
mod documents;
mod duties;
mod ending;
mod enquiry;
mod extension;
mod independence;
mod labour;
mod pricing;
mod range_review;
mod remedy;
mod tracking;
mod transitions;

use aggregates::application::EligibilityResult;
use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::ids::{ActorId, RequisitionId};
use aggregates::issued::{Actor, Due};
use aggregates::labour::Duty;
use aggregates::offer::{
    Allowance, ApplicationFacts, Case, ContractTerm, Drafted, Drafting, Hold, NoticeItem, Offer, OfferCommand,
    OfferError, OfferEvent, Pack, Period, Phase, Position, Revision, Seen, TermField, Terms, seat_key,
};
use aggregates::stream::{Claim, Stream as _};
use aggregates::values::{EmploymentType, LARGEST_AMOUNT};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use crate::samples;
use crate::samples::offer::{drafted, extended, fixed_term, terms, yen};
use crate::support::{Given, assert_goldens, day, instant, person, service, system, uuid};

// draft

#[test]
fn an_offer_is_drafted_for_an_evaluated_case() {
    Given::<Offer>::nothing().when(recruiter(), today(), draft(drafting())).then([drafted_event()]);
    let offer = Given::<Offer>::events([drafted_event()]);
    assert_eq!((offer.state(), offer.subject(), offer.wake()), ("drafting", Some(drafted().person_id), None));
    let standing = offer.folded().standing().unwrap();
    assert_eq!((standing.version, standing.seat, standing.phase), (1, None, Phase::Drafting));
}

#[test]
fn whoever_sends_the_command_drafted_it() {
    let somebody = Drafted { drafted_by: ActorId(uuid(99)), ..drafted() };
    let order = draft(Drafting { drafted: somebody, ..drafting() });
    Given::<Offer>::nothing().when(recruiter(), today(), order).then([drafted_event()]);
}

#[test]
fn an_offer_needs_a_case_that_is_ready_for_one() {
    let with = |application| draft(Drafting { application, ..drafting() });
    for (application, refusal) in [
        (ApplicationFacts { case: Case::Early, ..ready() }, OfferError::ApplicationNotEvaluated),
        (ApplicationFacts { case: Case::Offered, ..ready() }, OfferError::OfferLive),
        (ApplicationFacts { case: Case::Accepted, ..ready() }, OfferError::OfferLive),
        (ApplicationFacts { case: Case::Ended, ..ready() }, OfferError::ApplicationEnded),
        (ApplicationFacts { hold: Hold::OnHold, ..ready() }, OfferError::ApplicationOnHold),
        (ApplicationFacts { eligibility: EligibilityResult::NeedsReview, ..ready() }, ineligible("needs_review")),
        (ApplicationFacts { eligibility: EligibilityResult::NotEligible, ..ready() }, ineligible("not_eligible")),
    ] {
        Given::<Offer>::nothing().when(recruiter(), today(), with(application)).refused(refusal);
    }
    let barred = ApplicationFacts { open: vec![barred_by_flag()], ..ready() };
    Given::<Offer>::nothing().when(recruiter(), today(), with(barred)).refused(OfferError::NotEligibleAnyMore {
        rule: "PRV-13".to_owned(),
        code: "flag_in_force".to_owned(),
        basis: Some("第12条".to_owned()),
    });
}

#[test]
fn a_closed_requisition_offers_nothing() {
    let order = draft(Drafting { position: Position::Closed, ..drafting() });
    Given::<Offer>::nothing().when(recruiter(), today(), order).refused(OfferError::RequisitionClosed);
}

#[test]
fn terms_that_nobody_may_offer_are_refused() {
    let fixed = |ends_on: &str| ContractTerm::Fixed { ends_on: day(ends_on), renewal: None, ground: None };
    let starts_on = terms().starts_on;
    for (offered, refusal) in [
        (Terms { employment_type: EmploymentType::Contractor, ..terms() }, OfferError::ContractorNotOffered),
        (Terms { employment_type: EmploymentType::FixedTerm, ..terms() }, OfferError::TermEndRequired),
        (Terms { contract: fixed("2027-12-31"), ..terms() }, OfferError::TermEndNotAllowed),
        (
            Terms { contract: fixed("2027-01-03"), ..fixed_term() },
            OfferError::TermEndsBeforeStart { starts_on, ends_on: day("2027-01-03") },
        ),
        (
            Terms { starts_on: day("2026-11-30"), ..terms() },
            OfferError::StartInThePast { starts_on: day("2026-11-30") },
        ),
        (Terms { weekly_hours: 0, ..terms() }, OfferError::WeeklyHoursOutOfRange { most: 44 }),
        (Terms { weekly_hours: 45, ..terms() }, OfferError::WeeklyHoursOutOfRange { most: 44 }),
        (paid(0), OfferError::AmountNotPositive),
        (paid(-1), OfferError::AmountNotPositive),
        (mixed(), OfferError::MixedCurrencies),
        (allowed(Period::Month, LARGEST_AMOUNT / 12 + 1), OfferError::AllowancesTooLarge),
        (allowed(Period::Once, LARGEST_AMOUNT), OfferError::AllowancesTooLarge),
    ] {
        let order = draft(Drafting { drafted: Drafted { terms: offered, ..drafted() }, ..drafting() });
        Given::<Offer>::nothing().when(recruiter(), today(), order).refused(refusal);
    }
}

#[test]
fn the_first_day_may_be_today() {
    let offered = Terms { starts_on: today(), ..terms() };
    let order = draft(Drafting { drafted: Drafted { terms: offered, ..drafted() }, ..drafting() });
    assert_eq!(Given::<Offer>::nothing().when(recruiter(), today(), order).recorded().len(), 1);
}

#[test]
fn an_offer_expires_after_it_is_drafted() {
    let at = expiry();
    Given::<Offer>::nothing()
        .when(recruiter(), at, draft(drafting()))
        .refused(OfferError::ExpiryNotInFuture { expires_at: at });
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn a_drafted_offer_is_not_drafted_again() {
    for past in [vec![drafted_event()], out(), accepted()] {
        Given::<Offer>::events(past).when(recruiter(), today(), draft(drafting())).refused(OfferError::AlreadyDrafted);
    }
}

#[test]
fn nothing_can_be_asked_of_an_offer_that_nobody_drafted() {
    let offer = Given::<Offer>::nothing();
    for order in orders() {
        offer.when(approver(), today(), order).refused(OfferError::Undrafted);
    }
    offer.when_woken(today()).quiet();
    assert_eq!((offer.state(), offer.subject(), offer.wake()), ("undrafted", None, None));
    assert_eq!(offer.folded().standing(), None);
}

// revise

#[test]
fn other_terms_are_a_new_version() {
    Given::<Offer>::events([drafted_event()]).when(recruiter(), today(), revise(raised())).then([raised_event(2)]);
}

#[test]
fn the_same_terms_and_expiry_are_no_revision() {
    for past in [vec![drafted_event()], waiting(), approved(), out()] {
        Given::<Offer>::events(past).when(recruiter(), today(), revise(same())).quiet();
    }
}

#[test]
fn other_terms_drop_what_was_approved() {
    for past in [waiting(), approved()] {
        let offer = Given::<Offer>::events(past);
        offer.when(recruiter(), today(), revise(raised())).then([raised_event(2)]);
        let revised = offer.and([raised_event(2)]);
        assert_eq!(revised.state(), "drafting");
        assert_eq!(revised.folded().standing().unwrap().approvals, []);
    }
}

#[test]
fn a_later_expiry_alone_keeps_the_approvals() {
    let later = Revision { expires_at: instant("2026-12-24T15:00:00Z"), ..same() };
    for (past, state) in [(waiting(), "awaiting_approval"), (approved(), "approved")] {
        let offer = Given::<Offer>::events(past);
        let recorded = offer.when(recruiter(), today(), revise(later.clone())).recorded();
        assert!(matches!(&recorded[..], [OfferEvent::Revised { version: 2, changed, .. }] if changed.is_empty()));
        assert_eq!(offer.and(recorded).state(), state);
    }
}

#[test]
fn an_approver_does_not_revise_what_they_approved_and_keep_their_approval() {
    let later = Revision { expires_at: instant("2026-12-24T15:00:00Z"), ..same() };
    let offer = Given::<Offer>::events(approved());
    offer.when(approver(), today(), revise(later.clone())).refused(OfferError::DistinctApproverRequired);
    offer.when(approver(), today(), revise(same())).quiet();
    let raised = offer.clone().and(offer.when(approver(), today(), revise(raised())).recorded());
    assert_eq!((raised.state(), &raised.folded().standing().unwrap().approvals[..]), ("drafting", &[][..]));
    let first_of_two = OfferEvent::ApprovalRequested {
        version: 1,
        terms_hash: "1".repeat(64),
        approvals_needed: 2,
        requested_by: recruiter().id,
        hiring_manager: None,
    };
    let waits = Given::<Offer>::events([drafted_event(), first_of_two, approved_event()]);
    waits.when(approver(), today(), revise(later)).refused(OfferError::DistinctApproverRequired);
}

#[test]
fn revising_what_the_candidate_has_pulls_it_back_and_frees_the_seat() {
    let offer = Given::<Offer>::events(out());
    offer.when(recruiter(), today(), revise(raised())).then([raised_event(2)]);
    assert_eq!(offer.claims(uuid(10), &raised_event(2)), [Claim::release("seat", seat(2), uuid(9))]);
    let revised = offer.and([raised_event(2)]);
    assert_eq!((revised.state(), revised.wake()), ("drafting", None));
    let standing = revised.folded().standing().unwrap();
    assert_eq!((standing.seat, &standing.documents[..]), (None, &[][..]));
}

#[test]
fn the_expiry_of_an_extended_offer_is_not_revised() {
    let later = Revision { expires_at: instant("2026-12-24T15:00:00Z"), ..same() };
    Given::<Offer>::events(out()).when(recruiter(), today(), revise(later)).refused(OfferError::TermsUnchanged);
}

#[test]
fn a_revision_is_held_to_the_same_rules() {
    let order = revise(Revision { terms: paid(0), ..raised() });
    Given::<Offer>::events([drafted_event()]).when(recruiter(), today(), order).refused(OfferError::AmountNotPositive);
}

#[test]
fn a_revision_of_terms_that_have_changed_since_is_none() {
    let order = revise(Revision { seen: Seen::Terms("9".repeat(64)), ..raised() });
    Given::<Offer>::events([drafted_event()]).when(recruiter(), today(), order).refused(OfferError::TermsChanged);
}

#[test]
fn an_accepted_offer_is_not_revised() {
    Given::<Offer>::events(accepted())
        .when(recruiter(), today(), revise(raised()))
        .refused(OfferError::AlreadyAccepted);
}

#[test]
fn every_field_of_the_terms_is_told_when_it_changes() {
    type Change = fn(&mut Terms);
    let changes: [(TermField, Change); 15] = [
        (TermField::Grade, |terms| "G5".clone_into(&mut terms.grade)),
        (TermField::EmploymentType, |terms| terms.employment_type = EmploymentType::PartTime),
        (TermField::Contract, |terms| {
            terms.contract = ContractTerm::Fixed { ends_on: day("2028-01-03"), renewal: None, ground: None };
        }),
        (TermField::StartsOn, |terms| terms.starts_on = day("2027-02-01")),
        (TermField::Location, |terms| terms.location = None),
        (TermField::LocationScope, |terms| terms.location_scope = None),
        (TermField::Duties, |terms| terms.duties = None),
        (TermField::DutiesScope, |terms| terms.duties_scope = None),
        (TermField::WeeklyHours, |terms| terms.weekly_hours = 30),
        (TermField::ProbationMonths, |terms| terms.probation_months = None),
        (TermField::Base, |terms| terms.pay.base = yen(7_500_000)),
        (TermField::Allowances, |terms| terms.pay.allowances.clear()),
        (TermField::FixedOvertime, |terms| terms.pay.fixed_overtime = None),
        (TermField::Bonus, |terms| terms.pay.bonus = None),
        (TermField::SignOn, |terms| terms.pay.sign_on = None),
    ];
    // Part time, so that every single change is one that may be agreed.
    let part_time = Terms { employment_type: EmploymentType::PartTime, weekly_hours: 20, ..terms() };
    let offer = Given::<Offer>::events([OfferEvent::Drafted(Box::new(Drafted { terms: part_time, ..drafted() }))]);
    for (field, change) in changes {
        let mut terms = offer.folded().standing().unwrap().terms.clone();
        if field == TermField::EmploymentType {
            terms.employment_type = EmploymentType::Regular;
        } else {
            change(&mut terms);
        }
        let order = revise(Revision { terms, ..raised() });
        let recorded = offer.when(recruiter(), today(), order).recorded();
        assert!(matches!(&recorded[..], [OfferEvent::Revised { changed, .. }] if *changed == [field]), "{field:?}");
    }
}

// settle

#[test]
fn a_rule_that_bears_on_the_offer_is_settled_and_others_are_not() {
    let mut evaluated = extended();
    evaluated.rechecked = vec![
        found("LAB-04", Outcome::Hold, "entity_unknown", "労働者派遣法35条の5"),
        passed("LAB-01", "ok", "労働施策総合推進法9条"),
    ];
    let mut past = approved();
    past.push(OfferEvent::Extended(Box::new(evaluated)));
    let offer = Given::<Offer>::events(past);
    let answer = |rule: &str| Settlement::Answered {
        rule: rule.to_owned(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "hr/1".to_owned(),
        by: recruiter().id,
    };
    let settled = OfferEvent::Settled { settlement: answer("LAB-04") };
    offer.when(recruiter(), today(), OfferCommand::Settle(answer("LAB-04"))).then([settled.clone()]);
    offer.clone().and([settled]).when(recruiter(), today(), OfferCommand::Settle(answer("LAB-04"))).quiet();
    offer
        .when(recruiter(), today(), OfferCommand::Settle(answer("PAY-01")))
        .refused(OfferError::RuleNotEvaluated { rule: "PAY-01".to_owned() });
    offer
        .when(recruiter(), today(), OfferCommand::Settle(answer("LAB-01")))
        .refused(OfferError::WrongAnswer { rule: "LAB-01".to_owned(), outcome: Outcome::Pass });
}

// the stored form, and what is true of all of it

#[test]
fn the_stored_form_is_golden() {
    assert_goldens::<Offer>(&samples::offer::samples());
}

#[test]
fn one_offer_at_a_time_for_a_case() {
    let take = Claim::take("live_offer", drafted().application_id.to_string(), uuid(10));
    assert_eq!(Given::<Offer>::nothing().claims(uuid(10), &drafted_event()), [take]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is asked in whatever order: nobody approves what they proposed, nothing goes out unapproved, and a seat
    /// is held exactly while the candidate has the offer or has accepted it.
    #[test]
    fn no_order_of_commands_breaks_an_offer(steps in prop::collection::vec((any::<prop::sample::Index>(), 0_u64..6, 0_u64..4), 1..40)) {
        let mut offer = Given::<Offer>::events([drafted_event()]);
        let (mut live, mut seat_held) = (true, None);
        let mut today = today();
        for (which, by, days) in steps {
            today = today + chrono::Days::new(days);
            let orders = orders();
            let order = orders[which.index(orders.len())].clone();
            let by = [recruiter(), approver(), executive(), candidate(), system(), service(80)][usize::try_from(by).unwrap()];
            let before = offer.clone();
            for event in offer.when(by, today, order).recorded() {
                for claim in before.claims(uuid(10), &event) {
                    match (claim.scope, claim.change) {
                        ("live_offer", aggregates::stream::ClaimChange::Take { .. }) => { prop_assert!(!live); live = true; }
                        ("live_offer", aggregates::stream::ClaimChange::Release { .. }) => { prop_assert!(live); live = false; }
                        ("seat", aggregates::stream::ClaimChange::Take { .. }) => { prop_assert!(seat_held.is_none()); seat_held = Some(claim.key); }
                        ("seat", aggregates::stream::ClaimChange::Release { .. }) => { prop_assert_eq!(seat_held.take(), Some(claim.key)); }
                        ("refused_terms", aggregates::stream::ClaimChange::Take { holder, .. }) => prop_assert_eq!(holder, uuid(10)),
                        (scope, _) => prop_assert!(false, "{} is no claim of an offer", scope),
                    }
                }
                if let OfferEvent::Approved { approved_by, .. } = &event {
                    prop_assert!(!before.folded().standing().unwrap().proposers.contains(approved_by));
                }
                if matches!(event, OfferEvent::Extended(_)) {
                    prop_assert_eq!(before.state(), "approved");
                }
                offer = offer.and([event]);
            }
            let standing = offer.folded().standing().unwrap();
            prop_assert_eq!(seat_held.is_some(), matches!(standing.phase, Phase::Extended | Phase::Accepted));
            prop_assert_eq!(live, standing.phase.is_live() || standing.phase == Phase::Accepted);
            prop_assert_eq!(standing.seat.is_some(), seat_held.is_some());
        }
    }

    /// History cannot be refused: any events in any order leave a state that answers.
    #[test]
    fn any_history_can_be_read(events in prop::collection::vec(prop::sample::select(samples::offer::samples()), 0..20)) {
        let offer = Given::<Offer>::events(events);
        let _ = (offer.state(), offer.subject(), offer.wake());
        for order in orders() {
            let _ = offer.when(approver(), today(), order).recorded();
        }
    }
}

// helpers

pub fn today() -> NaiveDate {
    day("2026-12-01")
}

pub fn expiry() -> DateTime<Utc> {
    drafted().expires_at
}

pub fn recruiter() -> Actor {
    person(61)
}

pub fn approver() -> Actor {
    person(63)
}

pub fn executive() -> Actor {
    person(65)
}

pub fn candidate() -> Actor {
    person(70)
}

pub fn ready() -> ApplicationFacts {
    ApplicationFacts {
        case: Case::Ready,
        hold: Hold::None,
        eligibility: EligibilityResult::Eligible,
        rechecked: vec![passed("PRV-13", "eligible", "programme/0")],
        open: vec![],
    }
}

pub fn barred_by_flag() -> aggregates::checks::RuleResult {
    found("PRV-13", Outcome::Block, "flag_in_force", "第12条")
}

pub fn ineligible(code: &str) -> OfferError {
    OfferError::NotEligibleAnyMore { rule: "PRV-13".to_owned(), code: code.to_owned(), basis: None }
}

pub fn drafting() -> Drafting {
    Drafting { drafted: drafted(), application: ready(), position: Position::Open, priced: None, labour: None }
}

pub fn draft(drafting: Drafting) -> OfferCommand {
    OfferCommand::Draft(Box::new(drafting))
}

pub fn drafted_event() -> OfferEvent {
    OfferEvent::Drafted(Box::new(drafted()))
}

pub fn paid(base: i64) -> Terms {
    let mut terms = terms();
    terms.pay.base = yen(base);
    terms
}

/// An allowance besides, and another of ten yen.
fn allowed(period: Period, amount: i64) -> Terms {
    let mut terms = terms();
    terms.pay.sign_on = None;
    terms.pay.allowances =
        [amount, 10].map(|amount| Allowance { code: "x".into(), amount: yen(amount), period }).to_vec();
    terms
}

pub fn mixed() -> Terms {
    let mut terms = terms();
    terms.pay.sign_on = Some(aggregates::values::Money { amount: 100, currency: "USD".to_owned() });
    terms
}

pub fn same() -> Revision {
    Revision {
        seen: Seen::Version,
        terms: terms(),
        terms_hash: "1".repeat(64),
        expires_at: expiry(),
        application: ready(),
        position: Position::Open,
        priced: None,
        labour: None,
    }
}

pub fn raised() -> Revision {
    Revision { terms: paid(7_600_000), terms_hash: "3".repeat(64), ..same() }
}

pub fn raised_event(version: u32) -> OfferEvent {
    OfferEvent::Revised {
        version,
        terms: Box::new(paid(7_600_000)),
        terms_hash: "3".repeat(64),
        expires_at: expiry(),
        changed: vec![TermField::Base],
        revised_by: recruiter().id,
    }
}

pub fn revise(revision: Revision) -> OfferCommand {
    OfferCommand::Revise(Box::new(revision))
}

pub fn seen() -> Seen {
    Seen::Terms("1".repeat(64))
}

pub fn approve() -> OfferCommand {
    OfferCommand::Approve {
        seen: seen(),
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
        reports_to_proposer: false,
    }
}

pub fn extend() -> OfferCommand {
    OfferCommand::Extend {
        seen: Seen::Version,
        seat: Some(2),
        application: Box::new(ApplicationFacts { case: Case::Offered, ..ready() }),
        position: Position::Open,
        pack: Pack { terms_hash: "1".repeat(64), documents: extended().documents },
        labour: None,
    }
}

pub fn seat(number: u32) -> String {
    seat_key(RequisitionId(uuid(8)), number)
}

pub fn requested() -> OfferEvent {
    OfferEvent::ApprovalRequested {
        version: 1,
        terms_hash: "1".repeat(64),
        approvals_needed: 1,
        requested_by: recruiter().id,
        hiring_manager: Some(ActorId(uuid(62))),
    }
}

pub fn approved_event() -> OfferEvent {
    OfferEvent::Approved {
        version: 1,
        terms_hash: "1".repeat(64),
        approved_by: approver().id,
        role: "compensation".to_owned(),
        delegated_by: None,
        comment: None,
        approved_on: Some(today()),
        missing: 0,
    }
}

pub fn extended_event() -> OfferEvent {
    OfferEvent::Extended(Box::new(extended()))
}

pub fn accepted_event() -> OfferEvent {
    OfferEvent::Accepted {
        version: 1,
        terms_hash: "1".repeat(64),
        accepted_by: candidate().id,
        recorded_for: None,
        remedy: None,
        hands_in: None,
    }
}

pub fn waiting() -> Vec<OfferEvent> {
    vec![drafted_event(), requested()]
}

pub fn approved() -> Vec<OfferEvent> {
    vec![drafted_event(), requested(), approved_event()]
}

pub fn out() -> Vec<OfferEvent> {
    vec![drafted_event(), requested(), approved_event(), extended_event()]
}

pub fn accepted() -> Vec<OfferEvent> {
    vec![drafted_event(), requested(), approved_event(), extended_event(), accepted_event()]
}

/// One of each command but drafting and waking.
pub fn orders() -> Vec<OfferCommand> {
    use OfferCommand as C;
    use aggregates::offer::{ConflictKind, DeclineReason, LapseCause, RefusalReason, Rescinder, RescissionReason};
    let rescind = |role| C::Rescind {
        reason_code: RescissionReason::Business,
        clause: Some("第20条".to_owned()),
        opinion_ref: Some("legal/1".to_owned()),
        role,
        note: None,
        case: Case::Accepted,
    };
    vec![
        revise(raised()),
        revise(same()),
        C::RequestException {
            seen: Seen::Version,
            exception: Box::new(pricing::exception()),
            terms_hash: "5".repeat(64),
            editors: [].into(),
        },
        C::DecideException {
            seen: Seen::Version,
            decision: aggregates::offer::ExceptionDecision::Granted,
            role: "compensation".to_owned(),
            comment: None,
            editors: [].into(),
        },
        C::RequestApproval { overdue: vec![], editors: [].into(), labour: None },
        C::Approve {
            seen: Seen::Version,
            role: "compensation".to_owned(),
            comment: None,
            editors: [].into(),
            reports_to_proposer: false,
        },
        C::SendBack { seen: Seen::Version, reason_code: None, comment: None },
        C::Refuse { seen: Seen::Version, reason_code: RefusalReason::Budget, comment: None },
        C::ForceApprove {
            seen: Seen::Version,
            authority: "第8条".to_owned(),
            reason: crate::support::sealed(9),
            editors: [].into(),
        },
        C::DeclareConflict { conflict: ConflictKind::Other, note: None },
        C::Delegate { to: ActorId(uuid(64)), until: day("2027-03-01"), reason: None, reports_to_proposer: Some(false) },
        extend(),
        C::Extend {
            seen: Seen::Version,
            seat: Some(1),
            application: Box::new(ApplicationFacts { case: Case::Offered, ..ready() }),
            position: Position::Open,
            pack: Pack { terms_hash: "3".repeat(64), documents: extended().documents },
            labour: None,
        },
        C::Accept { seen: Seen::Version, recorded_for: None, case: Case::Offered, required: None },
        C::Decline { reason_code: DeclineReason::Timing, recorded_for: None, case: Case::Offered },
        C::ExtendExpiry { expires_at: instant("2027-01-01T00:00:00Z") },
        C::RecordRemedy(remedy::remedied(885_000, "hr/7")),
        C::RecordOneOff(Box::new(tracking::paid(500_000, "2027-04-25"))),
        C::NoteDuties { started_on: day("2027-01-04") },
        C::RecordDuty(duties::done(Duty::HealthCheck, "2026-12-20")),
        C::RecordDocument(documents::handed_in("insurance_card", "2026-12-20")),
        range_review::open(),
        enquiry::ask(),
        enquiry::answer(),
        C::Track(Box::new(tracking::shows(8_100_000, "2027-04-01"))),
        rescind(Rescinder::Recruiter),
        rescind(Rescinder::Executive),
        C::Lapse { because: LapseCause::ApplicationWithdrawn },
        C::Settle(Settlement::Answered {
            rule: "PRV-13".to_owned(),
            answer: CheckAnswer::Satisfied,
            evidence_ref: "hr/1".to_owned(),
            by: recruiter().id,
        }),
    ]
}

#[test]
fn an_offer_that_waits_for_its_answer_wakes_at_its_expiry() {
    assert_eq!(Given::<Offer>::events(out()).wake(), Some(Due::At(expiry())));
    for past in [vec![drafted_event()], waiting(), approved(), accepted()] {
        let offer = Given::<Offer>::events(past);
        assert_eq!(offer.wake(), None);
        offer.when_woken(expiry()).quiet();
    }
}

#[test]
fn every_item_of_the_notice_is_asked_for() {
    let bare = Terms { location: None, location_scope: None, duties: None, duties_scope: None, ..fixed_term() };
    let part_time = Terms { employment_type: EmploymentType::PartTime, ..terms() };
    let unrenewed = ContractTerm::Fixed { ends_on: day("2027-12-31"), renewal: None, ground: None };
    let told = || Some("told".to_owned());
    for (terms, item) in [
        (bare.clone(), Some(NoticeItem::Location)),
        (Terms { location: Some(" ".to_owned()), ..terms() }, Some(NoticeItem::Location)),
        (Terms { location: told(), ..bare.clone() }, Some(NoticeItem::LocationScope)),
        (Terms { location: told(), location_scope: told(), ..bare.clone() }, Some(NoticeItem::Duties)),
        (Terms { location: told(), location_scope: told(), duties: told(), ..bare }, Some(NoticeItem::DutiesScope)),
        (Terms { contract: unrenewed, ..fixed_term() }, Some(NoticeItem::Renewal)),
        (part_time.clone(), Some(NoticeItem::WeeklyHours)),
        (Terms { weekly_hours: 39, ..part_time }, None),
        (Terms { location_scope: None, duties_scope: None, ..terms() }, None),
        (fixed_term(), None),
    ] {
        assert_eq!(terms.incomplete(), item, "{terms:?}");
    }
    assert_eq!(Offer::default().state(), "undrafted");
}
