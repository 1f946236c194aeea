//! Each report against figures computed by hand.

mod adversary;
mod between_tables;
mod selection_rates;

use std::collections::{BTreeMap, BTreeSet};

use aggregates::ids::{ActorId, DepartureId, PersonId, SnapshotId, VaultRef};
use aggregates::incumbents::Snapshot;
use aggregates::member::{AgeBand, DeclaredSex, GroupDeclaration, MemberEvent};
use aggregates::offer::RemedyPlan;
use aggregates::pay::{Band, Fraction};
use aggregates::pay_bands::BandVersion;
use aggregates::personal::{Personal, Sealed};
use aggregates::values::{EmploymentType, Money};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use proptest::prelude::*;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::as_of::{AsOf, Files};
use super::history::{Applied, Departure, Found, Offer, Rejoined, Step};
use super::report::Walk;
use super::suppression::{Disclosure, Least, Total};
use super::{ALL, History, Kind, Line, Month, Opened, Report, Sex, Worker, report};
use crate::model::Recorded;

const ENTITY: &str = "JP-HQ";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn person(number: u32) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(number)))
}

fn found(hundredths: u8) -> Found {
    Found {
        grade: "G4".to_owned(),
        compa_ratio: Some(Fraction::percent(hundredths)),
        stayer_ratio: Some(Fraction::percent(hundredths)),
        leapfrogged: 1,
        qualified: Some(4),
        remedy_cost: Fraction::whole(100_000),
    }
}

/// What was recorded of a company.
#[derive(Debug, Default)]
struct Company {
    history: History,
    opened: Opened,
}

impl Company {
    /// An offer of somebody, with steps of so many hours after the morning of a day.
    fn offer(&mut self, number: u32, unit: &str, steps: Vec<(&str, i64, Step)>) {
        let steps = steps.into_iter().map(|(on, hours, step)| {
            let at = day(on).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hours);
            (at, (day(on), step))
        });
        let (legal_entity, unit) = (ENTITY.to_owned(), Some(unit.to_owned()));
        let application = Uuid::from_u128(u128::from(number) + 4_000);
        let offer = Offer { application, person: person(number), legal_entity, unit, steps: steps.collect() };
        self.history.offers.insert(Uuid::from_u128(u128::from(number) + 1_000), offer);
    }

    /// Somebody who accepted an offer on a day.
    fn returned(&mut self, number: u32, hundredths: u8, on: &str) {
        let steps = vec![
            (on, 0, Step::Assessed(Box::new(found(hundredths)))),
            (on, 1, Step::Extended),
            (on, 2, Step::Accepted),
        ];
        self.offer(number, "logistics", steps);
    }

    /// A file of those who work here: grade, base, sex.
    fn file(&mut self, on: &str, workers: &[(&str, i64, Option<Sex>)]) {
        let id = SnapshotId(Uuid::from_u128(9_000 + self.history.snapshots.len() as u128));
        let snapshot = Snapshot {
            legal_entity: ENTITY.to_owned(),
            as_of: day(on),
            currency: "JPY".to_owned(),
            size: 0,
            left_out: 0,
            cohorts: vec![],
            pages: vec![],
            sha256: String::new(),
        };
        self.history.snapshots.push((day(on), (id, snapshot)));
        let worker = |(nth, (grade, base, sex)): (usize, &(&str, i64, Option<Sex>))| Worker {
            employee_number: format!("A-{nth}"),
            hired_on: day("2015-04-01"),
            grade: (*grade).to_owned(),
            job_family: "driver".to_owned(),
            location: "sendai".to_owned(),
            employment_type: if nth % 2 == 0 { EmploymentType::Regular } else { EmploymentType::PartTime },
            base: *base,
            sex: *sex,
            age_band: None,
        };
        self.opened.incumbents.insert(id, workers.iter().enumerate().map(worker).collect());
    }

    fn bands(&mut self) {
        let band = |grade: &str, midpoint| Band {
            grade: grade.to_owned(),
            job_family: "driver".to_owned(),
            location: "sendai".to_owned(),
            minimum: midpoint - 1_000_000,
            midpoint,
            maximum: midpoint + 1_000_000,
        };
        let version = BandVersion {
            legal_entity: ENTITY.to_owned(),
            version: "2026-04".to_owned(),
            effective_from: day("2026-04-01"),
            currency: "JPY".to_owned(),
            bands: vec![band("G4", 7_500_000), band("G5", 9_000_000)],
            sha256: String::new(),
            approval_ref: None,
        };
        self.history.bands.push((day("2026-04-01"), version));
    }

    /// Somebody invited on a day, who came so far: 1 applied, 2 was offered, 3 accepted.
    fn invited(&mut self, number: u32, on: &str, sex: Option<DeclaredSex>, stages: u8) {
        let departure = Departure {
            person: person(number),
            legal_entity: ENTITY.to_owned(),
            employments: vec![(day(on), (format!("E-{number}"), day("2010-04-01")))],
            invited: Some(day(on)),
        };
        self.history.departures.insert(Uuid::from_u128(u128::from(number) + 2_000), departure);
        if let Some(sex) = sex {
            let reference = VaultRef(Uuid::from_u128(u128::from(number) + 3_000));
            self.history.declared.push((day(on), (person(number), Some(reference))));
            self.opened.declared.insert(reference, GroupDeclaration { sex, age_band: None });
        }
        if stages > 0 {
            let application = Uuid::from_u128(u128::from(number) + 4_000);
            let applied = Applied { application, person: person(number), legal_entity: ENTITY.to_owned() };
            self.history.applied.push((day(on), applied));
        }
        if stages > 1 {
            let accepted = (stages > 2).then_some((on, 2, Step::Accepted));
            self.offer(number, "logistics", [(on, 1, Step::Extended)].into_iter().chain(accepted).collect());
        }
    }

    fn report(&self, kind: Kind, at: &str, least: Least) -> Report {
        report(kind, &self.history, &self.opened, ENTITY, month(at), least)
    }
}

fn line<'a>(report: &'a Report, table: &str, row: &str) -> &'a Line {
    let found = report.lines.iter().find(|line| line.table == table && line.row == row);
    found.unwrap_or_else(|| panic!("{table} {row}: {:?}", report.lines))
}

fn figures(line: &Line) -> BTreeMap<&str, String> {
    line.figures.iter().map(|figure| (figure.name, figure.value.decimal(figure.places))).collect()
}

fn is(pairs: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn raised(line: &Line) -> Option<bool> {
    line.alert.as_ref().map(|alert| alert.raised)
}

/// Eight of one grade who stayed, and six who came back to it in October, all of them dearer.
fn dearer() -> Company {
    let mut company = Company::default();
    company.bands();
    let bases = [6_600_000, 6_900_000, 7_000_000, 7_200_000, 7_400_000, 7_600_000, 7_900_000, 8_000_000];
    company.file("2026-10-01", &bases.map(|base| ("G4", base, None)));
    for (nth, hundredths) in (0..).zip([107, 108, 108, 109, 110, 112]) {
        company.returned(nth, hundredths, "2026-10-05");
    }
    company
}

#[test]
fn returners_stand_beside_those_who_stayed() {
    let company = dearer();
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    let grade = line(&found, "grade", "G4");
    // The median of those who stayed is 7.3 of 7.5 million; only 8.0 million (1.0667) comes near. U = 0: 2 of 3003 ways.
    let expected = is(&[
        ("returners", "6"),
        ("incumbents", "8"),
        ("median_of_returners", "1.0850"),
        ("median_of_incumbents", "0.9733"),
        ("difference", "0.1117"),
        ("p", "0.000666"),
    ]);
    assert_eq!((figures(grade), raised(grade)), (expected, Some(true)));
    assert_eq!(line(&found, "grade", ALL).figures, grade.figures);
    // Six and eight are too few for a wider audience.
    let wide = company.report(Kind::CompaRatios, "2026-10", Least::MANY);
    assert!(wide.lines.iter().all(|line| line.as_of.is_none() && line.figures.is_empty() && line.alert.is_none()));
}

#[test]
fn a_grade_with_few_is_kept_back_and_what_it_would_follow_from_as_well() {
    let mut company = dearer();
    company.returned(100, 120, "2026-10-06");
    company.returned(101, 120, "2026-10-06");
    for number in [100, 101] {
        let offer = company.history.offers.get_mut(&Uuid::from_u128(number + 1_000)).unwrap();
        if let Step::Assessed(found) = &mut offer.steps[0].1.1 {
            found.grade = "G5".to_owned();
        }
    }
    for worker in company.opened.incumbents.values_mut().flat_map(|workers| &mut workers[..2]) {
        worker.grade = "G5".to_owned();
    }
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(line(&found, "grade", "G5").as_of, None);
    // Both grades are kept back, so that two do not follow from all; the total is told.
    assert_eq!(line(&found, "grade", "G4").as_of, None);
    assert_eq!(figures(line(&found, "grade", ALL))["returners"], "8");
}

#[test]
fn a_closed_month_is_never_told_otherwise_later_and_small_changes_wait() {
    let mut company = dearer();
    let october = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    company.returned(50, 150, "2026-11-02");
    assert_eq!(company.report(Kind::CompaRatios, "2026-10", Least::FEW), october);
    // One more would be told by what changes: November repeats October.
    let november = company.report(Kind::CompaRatios, "2026-11", Least::FEW);
    let repeated = line(&november, "grade", "G4");
    assert_eq!((repeated.as_of, &repeated.figures), (Some(month("2026-10")), &line(&october, "grade", "G4").figures));
    for number in 51..55 {
        company.returned(number, 150, "2026-12-02");
    }
    let december = company.report(Kind::CompaRatios, "2026-12", Least::FEW);
    assert_eq!(line(&december, "grade", "G4").as_of, Some(month("2026-12")));
    assert_eq!(figures(line(&december, "grade", "G4"))["returners"], "11");
    // After a year nobody accepted within the window: what was told last stands.
    let later = company.report(Kind::CompaRatios, "2028-01", Least::FEW);
    assert!(line(&later, "grade", "G4").as_of < Some(month("2028-01")));
}

#[test]
fn a_withdrawn_acceptance_is_no_return() {
    let mut company = dearer();
    let ended = |company: &mut Company, number: u128| {
        let steps = &mut company.history.offers.get_mut(&Uuid::from_u128(1_000 + number)).unwrap().steps;
        let at = steps[0].0 + TimeDelta::days(3);
        steps.push((at, (day("2026-10-08"), Step::Ended)));
    };
    for number in 51..56 {
        company.returned(number, 150, "2026-10-05");
        ended(&mut company, number.into());
    }
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "grade", "G4"))["returners"], "6");
    // How many accepted, another report tells: who alone withdrew would be left of the two.
    ended(&mut company, 0);
    let rates = company.report(Kind::SelectionRates, "2026-10", Least::FEW);
    assert_eq!(figures(line(&rates, "offered_accepted", "undeclared"))["came_further"], "11");
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "grade", "G4"))["returners"], "5", "six withdrew");
    let company = {
        let mut company = dearer();
        ended(&mut company, 0);
        company
    };
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(line(&found, "grade", "G4").as_of, None, "one withdrew");
}

#[test]
fn what_was_erased_later_is_told_neither_again_nor_by_difference() {
    let mut company = dearer();
    company.history.erased.entry(person(3)).or_default().pay = Some(day("2026-11-20"));
    let october = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(line(&october, "grade", "G4").as_of, None);
    let november = company.report(Kind::CompaRatios, "2026-11", Least::FEW);
    assert_eq!(line(&november, "grade", "G4").as_of, None, "five are left of the six who were told of");
}

#[test]
fn two_quarters_above_the_bound_are_raised() {
    let mut company = Company::default();
    for number in 0..6 {
        company.returned(number, 108, "2026-06-10");
    }
    let june = company.report(Kind::StayerRatios, "2026-06", Least::FEW);
    let all = line(&june, "returners", ALL);
    let expected = is(&[
        ("returners", "6"),
        ("median_stayer_ratio", "1.0800"),
        ("leapfrog_share", "0.2500"),
        ("cost_a_year", "600000"),
    ]);
    assert_eq!((figures(all), raised(all)), (expected, Some(false)));
    assert_eq!(raised(line(&company.report(Kind::StayerRatios, "2026-08", Least::FEW), "returners", ALL)), Some(false));
    assert_eq!(raised(line(&company.report(Kind::StayerRatios, "2026-09", Least::FEW), "returners", ALL)), Some(true));
    assert_eq!(raised(line(&company.report(Kind::StayerRatios, "2026-10", Least::FEW), "returners", ALL)), Some(true));
}

#[test]
fn plans_are_told_as_planned_as_carried_out_and_as_past_their_day() {
    let mut company = Company::default();
    for number in 0..11 {
        let (amount, budget_ref) = (Money { amount: 120_000, currency: "JPY".to_owned() }, "b/7".to_owned());
        let due_on = day(if number < 5 { "2026-07-01" } else { "2027-07-01" });
        let plan = RemedyPlan { owner: ActorId(Uuid::nil()), due_on, amount, budget_ref };
        let on = "2026-06-10";
        let mut steps = vec![
            (on, 0, Step::Assessed(Box::new(found(108)))),
            (on, 1, Step::ExceptionRequested(Some(plan))),
            (on, 2, Step::ExceptionGranted),
            (on, 3, Step::Extended),
            (on, 4, Step::Accepted),
        ];
        if number < 5 {
            steps.push(("2026-08-15", 5, Step::Remedied(120_000, true)));
        }
        company.offer(number, "logistics", steps);
    }
    let june = company.report(Kind::StayerRatios, "2026-06", Least::FEW);
    let all = line(&june, "remedies", ALL);
    let planned = [("plans", "11"), ("cost_a_year", "1100000"), ("planned_a_year", "1320000")];
    let mut expected = is(&planned);
    expected.extend(is(&[("carried_out_a_year", "0")]));
    expected.extend(is(&[("past_their_day", "0"), ("planned_a_year_past_its_day", "0")]));
    assert_eq!((figures(all), raised(all)), (expected, Some(false)));
    for kind in [Kind::StayerRatios, Kind::Exceptions] {
        let july = company.report(kind, "2026-07", Least::FEW);
        let all = line(&july, "remedies", ALL);
        let mut expected = is(&planned);
        let past = [("past_their_day", "5"), ("planned_a_year_past_its_day", "600000"), ("carried_out_a_year", "0")];
        expected.extend(is(&past));
        assert_eq!((figures(all), raised(all)), (expected, Some(true)));
        let august = company.report(kind, "2026-08", Least::FEW);
        let all = line(&august, "remedies", ALL);
        let mut expected = is(&planned);
        let past = [("past_their_day", "0"), ("planned_a_year_past_its_day", "0"), ("carried_out_a_year", "600000")];
        expected.extend(is(&past));
        assert_eq!((figures(all), raised(all)), (expected, Some(false)));
    }
    // A wider audience is told how many, and no sum.
    let wider = company.report(Kind::StayerRatios, "2026-06", Least::MANY);
    let all = line(&wider, "remedies", ALL);
    assert_eq!(figures(all), is(&[("plans", "11"), ("past_their_day", "0")]));
    let told: Vec<&str> = line(&wider, "returners", ALL).figures.iter().map(|figure| figure.name).collect();
    assert_eq!(told, ["returners", "median_stayer_ratio", "leapfrog_share"]);
}

#[test]
fn women_and_men_stand_beside_each_other_with_and_without_those_who_came_back() {
    let mut company = Company::default();
    let (women, men) = ([6_000_000_i64; 10], [8_000_000_i64; 10]);
    let women = women.iter().map(|base| ("G4", *base, Some(Sex::Female)));
    let men = men.iter().map(|base| ("G4", *base, Some(Sex::Male)));
    let silent = (0..5).map(|_| ("G4", 7_000_000, None));
    let workers: Vec<_> = women.chain(men).chain(silent).collect();
    company.file("2026-10-01", &workers);
    let found = company.report(Kind::PayGaps, "2026-10", Least::FEW);
    let grade = line(&found, "grade", "G4");
    let expected = is(&[("women", "10"), ("men", "10"), ("gap", "0.2500"), ("women_to_men", "0.7500")]);
    assert_eq!((figures(grade), raised(grade)), (expected, Some(true)));
    let alert = grade.alert.as_ref().unwrap();
    assert_eq!((alert.since, alert.due_on), (Some(month("2026-10")), Some(day("2027-04-30"))));
    assert_eq!(line(&found, "grade_without_returners", "G4").figures, grade.figures);
    assert_eq!(figures(line(&found, "employment", "regular"))["women"], "5");
    assert_eq!(figures(line(&found, "left_out", "sex_not_declared")), is(&[("people", "5")]));

    // Two of the women came back: the grade is told with them; without them two would follow, so that is kept back.
    for nth in [0, 2] {
        let application = Uuid::from_u128(nth + 4_000);
        let applied = Applied { application, person: person(7), legal_entity: ENTITY.to_owned() };
        company.history.applied.push((day("2026-09-01"), applied));
        let rejoined = Rejoined { application, employee_number: format!("A-{nth}"), started_on: day("2026-09-01") };
        company.history.rejoined.push((day("2026-10-01"), rejoined));
    }
    company.history.applied[1].1.person = person(8);
    let found = company.report(Kind::PayGaps, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "grade", "G4"))["women"], "10");
    assert_eq!(line(&found, "grade_without_returners", "G4").as_of, None);
    assert_eq!(line(&found, "returners", ALL).as_of, None);

    // Their numbers were given anew since: whoever bears them now never came back.
    company.history.rejoined.iter_mut().for_each(|(_, one)| one.started_on = day("2014-01-01"));
    let found = company.report(Kind::PayGaps, "2026-10", Least::FEW);
    assert_eq!(line(&found, "grade_without_returners", "G4").figures, line(&found, "grade", "G4").figures);
}

#[test]
fn the_six_months_run_from_the_first_month_without_a_break() {
    let mut company = Company::default();
    let file = |company: &mut Company, on: &str, base: i64| {
        let women = [("G4", base, Some(Sex::Female)); 8];
        let men = [("G4", 8_000_000, Some(Sex::Male)); 8];
        company.file(on, &[women, men].concat());
    };
    file(&mut company, "2026-01-10", 7_000_000);
    file(&mut company, "2026-03-10", 7_900_000);
    file(&mut company, "2026-04-10", 7_500_000);
    let since = |at: &str| {
        let found = company.report(Kind::PayGaps, at, Least::FEW);
        let alert = line(&found, "grade", "G4").alert.clone().unwrap();
        alert.raised.then(|| (alert.since.unwrap().to_string(), alert.due_on.unwrap()))
    };
    assert_eq!(since("2026-02"), Some(("2026-01".to_owned(), day("2026-07-31"))));
    assert_eq!(since("2026-03"), None);
    assert_eq!(since("2026-06"), Some(("2026-04".to_owned(), day("2026-10-31"))));
}

#[test]
fn an_erased_person_has_declared_nothing_and_earlier_months_are_silent_about_them() {
    let mut company = Company::default();
    for number in 0..12 {
        company.invited(number, "2026-09-05", Some(DeclaredSex::Female), 1);
    }
    let women = |company: &Company, at: &str| {
        let found = company.report(Kind::SelectionRates, at, Least::FEW);
        let line = line(&found, "invited_applied", "female");
        (line.as_of.map(|month| month.to_string()), figures(line).get("people").cloned())
    };
    let told = |at: &str, people: &str| (Some(at.to_owned()), Some(people.to_owned()));
    assert_eq!(women(&company, "2026-10"), told("2026-10", "12"));
    company.history.erased.entry(person(3)).or_default().groups = Some(day("2026-10-20"));
    // September cannot be told as it was any more, and eleven beside the twelve of then would tell of one.
    assert_eq!([women(&company, "2026-09"), women(&company, "2026-10")], [(None, None), (None, None)]);
    for number in 20..24 {
        company.invited(number, "2026-11-05", Some(DeclaredSex::Female), 1);
    }
    assert_eq!(women(&company, "2026-11"), (None, None));
    company.invited(24, "2026-11-06", Some(DeclaredSex::Female), 1);
    assert_eq!(women(&company, "2026-11"), told("2026-11", "16"));
}

#[test]
fn exceptions_are_compared_between_units_and_approvers_are_named_from_k_people_on() {
    let mut company = Company::default();
    let (head, other) = (ActorId(Uuid::from_u128(70)), ActorId(Uuid::from_u128(71)));
    let mut decide = |from: u32, people: u32, unit: &str, exception: bool, by: ActorId, hours: i64| {
        for number in from..from + people {
            let on = "2026-10-05";
            let granted = exception.then_some((on, 1, Step::ExceptionGranted));
            let steps = [(on, 0, Step::Assessed(Box::new(found(100))))].into_iter().chain(granted);
            let asked = [(on, 2, Step::ApprovalRequested), (on, 2 + hours, Step::Approved(by, true))];
            company.offer(number, unit, steps.chain(asked).collect());
        }
    };
    decide(0, 8, "sales", true, head, 30);
    decide(10, 5, "sales", false, head, 10);
    decide(20, 27, "logistics", false, other, 4);
    decide(50, 4, "logistics", false, ActorId(Uuid::from_u128(72)), 4);
    let found = company.report(Kind::Exceptions, "2026-10", Least::FEW);
    let sales = line(&found, "unit", "sales");
    let expected =
        is(&[("offers", "13"), ("exceptions", "8"), ("exception_rate", "0.6154"), ("median_hours", "30.0000")]);
    assert_eq!((figures(sales), raised(sales)), (expected, Some(true)));
    let all = line(&found, "unit", ALL);
    assert_eq!((figures(all)["exception_rate"].as_str(), raised(all)), ("0.1818", None));
    assert_eq!(figures(line(&found, "approver", &head.to_string()))["share_of_all"], "0.2955");
    assert_eq!(line(&found, "approver", "others").as_of, None);
    // Of nobody the sex is known: all are in one row, whose total is told.
    assert_eq!(figures(line(&found, "sex", "undeclared"))["exception_rate"], "0.1818");
    let text = format!("{:?}", found.lines);
    assert!(!text.contains(&Uuid::from_u128(72).to_string()), "{text}");
}

#[test]
fn two_records_of_one_human_being_are_one() {
    let mut company = dearer();
    let (one, other) = (person(0), person(1));
    let linked = (other, one, super::history::Link::Linked);
    company.history.links.push((day("2026-10-20"), linked));
    let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "grade", "G4"))["returners"], "5");
}

/// Whom a file tells of, and who turns out later to have come back, or to have two records, is one human being all along.
#[test]
fn whoever_is_recognised_later_is_no_change() {
    let mut company = Company::default();
    let women = (0..10).map(|nth| ("G4", 5_000_000 + nth * 10_000, Some(Sex::Female)));
    let men = |count: i64| (0..count).map(|nth| ("G4", 5_500_000 + nth * 10_000, Some(Sex::Male)));
    company.file("2026-04-15", &women.clone().chain(men(12)).collect::<Vec<_>>());
    // The first two of the men came back in April, which is recorded in May; the last one leaves.
    for number in [10, 11] {
        company.invited(number, "2026-02-05", Some(DeclaredSex::Male), 1);
        let (application, started_on) = (Uuid::from_u128(u128::from(number) + 4_000), day("2026-04-01"));
        let rejoined = Rejoined { application, employee_number: format!("A-{number}"), started_on };
        company.history.rejoined.push((day("2026-05-10"), rejoined));
    }
    company.file("2026-05-15", &women.chain(men(11)).collect::<Vec<_>>());
    let as_of = |company: &Company, table: &str, at: &str| {
        let kind = if table == "grade" { Kind::PayGaps } else { Kind::SelectionRates };
        let row = if table == "grade" { "G4" } else { "female" };
        line(&company.report(kind, at, Least::FEW), table, row).as_of
    };
    assert_eq!(as_of(&company, "grade", "2026-04"), Some(month("2026-04")));
    assert_eq!(as_of(&company, "grade", "2026-05"), Some(month("2026-04")), "one man left");
    let may = company.report(Kind::PayGaps, "2026-05", Least::FEW);
    assert_eq!(figures(line(&may, "grade", "G4"))["men"], "12", "what is repeated is what was told");

    // Two records of one woman are linked, under the earlier one, and one more is invited.
    let mut company = Company::default();
    for number in 10..20 {
        company.invited(number, "2026-04-05", Some(DeclaredSex::Female), 1);
    }
    for (later, earlier) in [(10, 5), (11, 6)] {
        let linked = (person(later), person(earlier), super::history::Link::Linked);
        company.history.links.push((day("2026-05-02"), linked));
    }
    company.invited(30, "2026-05-05", Some(DeclaredSex::Female), 1);
    assert_eq!(as_of(&company, "invited_applied", "2026-04"), Some(month("2026-04")));
    assert_eq!(as_of(&company, "invited_applied", "2026-05"), Some(month("2026-04")), "one came");
}

#[test]
fn what_a_claimant_declared_before_the_approval_is_theirs() {
    let recorded = |on: &str, subject: u32, event: MemberEvent| Recorded {
        position: 1,
        stream_id: Uuid::from_u128(1),
        sequence: 1,
        recorded_at: day(on).and_time(NaiveTime::MIN).and_utc(),
        on: day(on),
        actor: None,
        role: None,
        subject: Some(person(subject)),
        event: event.into(),
    };
    let mut company = Company::default();
    for number in 0..6 {
        company.invited(number, "2026-10-05", None, 1);
        let (made_up, reference) = (number + 50, VaultRef(Uuid::from_u128(u128::from(number) + 3_000)));
        let group = Personal::Sealed(Sealed { reference, commitment: String::new() });
        company.history.add(&recorded("2026-10-06", made_up, MemberEvent::GroupDeclared { group }));
        company.opened.declared.insert(reference, GroupDeclaration { sex: DeclaredSex::Female, age_band: None });
        let (person_id, registered_as) = (person(number), Some(person(made_up)));
        let (departure_id, approved_by) = (DepartureId(Uuid::nil()), ActorId(Uuid::nil()));
        let live_flags = vec![];
        let approved = MemberEvent::Approved { person_id, departure_id, registered_as, approved_by, live_flags };
        company.history.add(&recorded("2026-10-07", number, approved));
    }
    let found = company.report(Kind::SelectionRates, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "invited_applied", "female"))["people"], "6");
}

#[test]
fn a_month_is_read_as_it_is_written() {
    assert_eq!(month("2026-10").to_string(), "2026-10");
    assert_eq!((month("2026-10").window_start(), month("2026-10").last_day()), (day("2025-11-01"), day("2026-10-31")));
    for other in ["2026-13", "2026-1", "2026-010", "+026-01", "2026/01", ""] {
        assert!(other.parse::<Month>().is_err(), "{other}");
    }
}
