//! Under a policy the figures of each month are looked at: alerts wait for somebody, pay gaps that stay are assessed jointly
//! (PAY-06), and once a year the gap is published (PAY-08).

use aggregates::issued::Due;
use aggregates::pay_policy::{
    AlertKey, AlertOutcome, AlertReview, Figures, PayGapLaw, PayPolicy, PayPolicyCommand as C, PayPolicyError,
    PayPolicyEvent as E, Publication, Raised,
};
use chrono::NaiveDate;

use super::{admin, approver, end, given, is_retired, published, retired, today};
use crate::support::{Given, day, sealed, system};

/// November is over on the first of December, and so on.
fn closed(last_day: &str) -> E {
    E::MonthClosed { last_day: day(last_day) }
}

fn grade(grade: &str) -> AlertKey {
    AlertKey { report: "pay-gaps".to_owned(), table: "grade".to_owned(), row: Some(grade.to_owned()) }
}

fn gap(row: &str, due_on: &str) -> Raised {
    let due_on = Some(day(due_on));
    Raised { alert: grade(row), rule: "MON-03".to_owned(), since: day("2026-12-31"), due_on }
}

fn unit() -> Raised {
    let alert = AlertKey { report: "exceptions".to_owned(), table: "unit".to_owned(), row: None };
    Raised { alert, rule: "MON-05".to_owned(), since: day("2026-12-31"), due_on: None }
}

fn figures(last_day: &str, raised: Vec<Raised>) -> Figures {
    Figures { last_day: day(last_day), raised, quiet: vec![], employees: 100, law: PayGapLaw::EuropeanUnion }
}

/// The row of G4, whose figures have nobody look.
pub fn quiet() -> AlertKey {
    grade("G4")
}

fn employing(last_day: &str, employees: u32, law: PayGapLaw) -> C {
    note(Figures { employees, law, ..figures(last_day, vec![]) })
}

fn note(figures: Figures) -> C {
    C::NoteFigures(figures)
}

fn raised(raised: Raised, look_by: &str) -> E {
    E::AlertRaised { raised, look_by: day(look_by) }
}

fn reviewed(outcome: AlertOutcome) -> AlertReview {
    AlertReview { outcome, reason: sealed(3), evidence_ref: "pay/gap/2027-1".to_owned() }
}

/// A look at the gap of G4.
pub fn review(outcome: AlertOutcome) -> C {
    C::ReviewAlert { alert: grade("G4"), review: reviewed(outcome) }
}

/// December is over, and the gap of G4 has somebody look until the end of June.
pub fn with_a_gap() -> Vec<E> {
    [published(), vec![closed("2026-12-31"), raised(gap("G4", "2027-06-30"), "2027-06-30")]].concat()
}

/// A fiscal year that ends in March is to be published.
pub fn with_a_publication() -> Vec<E> {
    let due = E::PublicationDue { year_ends: day("2027-03-31"), due_on: day("2027-06-30") };
    [published(), vec![closed("2027-03-31"), due]].concat()
}

fn publication(published_on: NaiveDate) -> Publication {
    Publication { published_on, evidence_ref: "db/2027".to_owned() }
}

/// It was published on a day.
pub fn publish_gap(published_on: &str) -> C {
    C::RecordPublication { year_ends: day("2027-03-31"), publication: publication(day(published_on)) }
}

#[test]
fn a_month_is_closed_once_it_is_over() {
    let policy = given(published());
    assert_eq!(policy.wake(), Some(Due::On(day("2027-01-01"))), "it governs from December on");
    policy.when_woken(day("2026-12-31")).quiet();
    policy.when_woken(day("2027-01-01")).then([closed("2026-12-31")]);
    // Of several that nobody looked at, the last one counts.
    policy.when_woken(day("2027-03-15")).then([closed("2027-02-28")]);
    let policy = policy.and([closed("2026-12-31")]);
    assert_eq!(policy.wake(), Some(Due::On(day("2027-02-01"))));
    policy.when_woken(day("2027-01-31")).quiet();
    let over = given(retired());
    assert_eq!(over.wake(), None, "what it watched over ends with it");
    over.when_woken(end()).quiet();
}

#[test]
fn what_figures_raise_waits_until_they_raise_it_no_more() {
    let first = day("2027-01-01");
    let policy = given(published()).and([closed("2026-12-31")]);
    let both = || vec![gap("G4", "2027-06-30"), unit()];
    let noted = [raised(gap("G4", "2027-06-30"), "2027-06-30"), raised(unit(), "2027-01-31")];
    policy.when(system(), first, note(figures("2026-12-31", both()))).then(noted.clone());
    // Figures of another month than the one that was closed last say nothing.
    policy.when(system(), first, note(figures("2026-11-30", both()))).quiet();
    let policy = policy.and(noted).and([closed("2027-01-31")]);
    let second = day("2027-02-01");
    policy.when(system(), second, note(figures("2027-01-31", both()))).quiet();
    let cleared = E::AlertCleared { alert: unit().alert, last_day: day("2027-01-31") };
    let told = Figures { quiet: vec![unit().alert], ..figures("2027-01-31", vec![gap("G4", "2027-06-30")]) };
    policy.when(system(), second, note(told)).then([cleared]);
    // A row that is kept back says nothing, and no time begins anew for it.
    policy.when(system(), second, note(figures("2027-01-31", vec![]))).quiet();
    // A time that is over when a gap is first seen still leaves somebody time to look.
    let late = gap("G3", "2027-01-31");
    let all = [both(), vec![late.clone()]].concat();
    policy.when(system(), second, note(figures("2027-01-31", all))).then([raised(late, "2027-03-03")]);
    given(retired()).when(system(), end(), note(figures("2026-12-31", both()))).quiet();
}

#[test]
fn somebody_looks_once() {
    let policy = given(with_a_gap());
    policy.when(system(), today(), review(AlertOutcome::Justified)).refused(PayPolicyError::NaturalPersonRequired);
    given(published()).when(admin(), today(), review(AlertOutcome::Justified)).refused(PayPolicyError::NoSuchAlert);
    let look = |outcome| E::AlertReviewed { alert: grade("G4"), review: reviewed(outcome), reviewed_by: admin().id };
    policy.when(admin(), today(), review(AlertOutcome::Justified)).then([look(AlertOutcome::Justified)]);
    let policy = policy.and([look(AlertOutcome::Justified)]);
    policy.when(admin(), today(), review(AlertOutcome::Justified)).quiet();
    policy.when(admin(), today(), review(AlertOutcome::Mended)).refused(PayPolicyError::AlertReviewed);
    // What was justified is not assessed jointly when the time is over.
    let policy = policy.and([closed("2027-06-30")]);
    policy.when(system(), day("2027-07-01"), note(figures("2027-06-30", vec![gap("G4", "2027-06-30")]))).quiet();
    let gone = given(retired());
    gone.when(admin(), end(), review(AlertOutcome::Justified)).refused(PayPolicyError::Retired { from: end() });
}

/// What is being mended may turn out otherwise; and nobody closes what is about themselves (MON-05).
#[test]
fn a_look_that_mends_is_not_the_last_one() {
    let mended =
        E::AlertReviewed { alert: grade("G4"), review: reviewed(AlertOutcome::Mended), reviewed_by: admin().id };
    let policy = given(with_a_gap()).and([mended]);
    policy.when(admin(), today(), review(AlertOutcome::Mended)).quiet();
    assert_eq!(policy.when(admin(), today(), review(AlertOutcome::Justified)).recorded().len(), 1);

    let row = Some(admin().id.0.to_string());
    let alert = AlertKey { report: "exceptions".to_owned(), table: "approver".to_owned(), row };
    let rule = "MON-05".to_owned();
    let about = Raised { alert: alert.clone(), rule, since: day("2026-12-31"), due_on: None };
    let policy = given(published()).and([closed("2026-12-31"), raised(about, "2027-01-31")]);
    let look = || C::ReviewAlert { alert: alert.clone(), review: reviewed(AlertOutcome::Justified) };
    policy.when(admin(), today(), look()).refused(PayPolicyError::OwnAlert);
    assert_eq!(policy.when(approver(), today(), look()).recorded().len(), 1);
}

#[test]
fn a_gap_that_nobody_justified_in_time_is_assessed_jointly_in_the_union() {
    let late = given(with_a_gap()).and([closed("2027-06-30")]);
    let first = day("2027-07-01");
    let stays = || figures("2027-06-30", vec![gap("G4", "2027-06-30")]);
    let due = E::JointAssessmentDue { alert: grade("G4"), due_on: day("2028-01-01") };
    late.when(system(), first, note(stays())).then([due.clone()]);
    // Elsewhere it is good practice and no more, and before its day nothing is late.
    late.when(system(), first, note(Figures { law: PayGapLaw::Japan, ..stays() })).quiet();
    let early = given(with_a_gap()).and([closed("2027-05-31")]);
    early.when(system(), day("2027-06-01"), note(figures("2027-05-31", vec![gap("G4", "2027-06-30")]))).quiet();
    // What was being mended and is still there has not been.
    let look = |outcome| E::AlertReviewed { alert: grade("G4"), review: reviewed(outcome), reviewed_by: admin().id };
    let late = late.and([look(AlertOutcome::Mended)]);
    late.when(system(), first, note(stays())).then([due.clone()]);
    let late = late.and([due]);
    late.when(system(), first, note(stays())).quiet();
    late.when(approver(), first, review(AlertOutcome::Justified)).refused(PayPolicyError::JointAssessmentRequired);
    assert_eq!(late.when(approver(), first, review(AlertOutcome::JointlyAssessed)).recorded().len(), 1);
}

#[test]
fn an_employer_of_a_hundred_and_one_publishes_its_gap_once_a_year() {
    let policy = given(published()).and([closed("2027-03-31")]);
    let first = day("2027-04-01");
    let of = |employees, law| employing("2027-03-31", employees, law);
    let due = E::PublicationDue { year_ends: day("2027-03-31"), due_on: day("2027-06-30") };
    policy.when(system(), first, of(101, PayGapLaw::Japan)).then([due.clone()]);
    policy.when(system(), first, of(100, PayGapLaw::Japan)).quiet();
    policy.when(system(), first, of(101, PayGapLaw::EuropeanUnion)).quiet();
    let february = given(published()).and([closed("2027-02-28")]);
    february.when(system(), day("2027-03-01"), employing("2027-02-28", 101, PayGapLaw::Japan)).quiet();
    // Whoever looks late, or whose file comes late, finds the year as well, as long as it can be published in time.
    let late = |month: &str| {
        let policy = given(published()).and([closed(month)]);
        policy.when(system(), day("2027-07-01"), employing(month, 101, PayGapLaw::Japan))
    };
    late("2027-05-31").then([due]);
    late("2027-06-30").quiet();
    given(with_a_publication()).when(system(), first, of(101, PayGapLaw::Japan)).quiet();
}

#[test]
fn a_publication_is_recorded_once_and_after_the_year() {
    let policy = given(with_a_publication());
    let on = day("2027-06-20");
    let recorded = E::PayGapPublished {
        year_ends: day("2027-03-31"),
        publication: publication(day("2027-06-15")),
        recorded_by: admin().id,
    };
    policy.when(admin(), on, publish_gap("2027-06-15")).then([recorded.clone()]);
    let outside = PayPolicyError::PublishedOutsideTheYear { after: day("2027-03-31"), today: on };
    for published_on in ["2027-03-31", "2027-06-21"] {
        policy.when(admin(), on, publish_gap(published_on)).refused(outside.clone());
    }
    let policy = policy.and([recorded]);
    policy.when(admin(), on, publish_gap("2027-06-15")).quiet();
    policy.when(admin(), on, publish_gap("2027-06-16")).refused(PayPolicyError::PayGapPublished);
    let none: Given<PayPolicy> = given(published());
    none.when(admin(), on, publish_gap("2027-06-15")).refused(PayPolicyError::PublicationNotDue);
    let gone = given(with_a_publication()).and([is_retired()]);
    gone.when(admin(), on, publish_gap("2027-06-15")).refused(PayPolicyError::Retired { from: end() });
}
