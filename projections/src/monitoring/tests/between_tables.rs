//! What one table or report leaves of another is nobody, or many.

use aggregates::pay::PolicyTerms;
use aggregates::pay_policy::PayPolicyEvent;

use super::*;

/// What the grades leave of everybody in regular employment is nobody, or many; nor do two reports leave few between them.
#[test]
fn neither_grades_nor_another_report_leave_a_few() {
    let people = |grade: &'static str, count: i64, sex: Option<Sex>| {
        (0..count).map(move |nth| (grade, 5_000_000 + nth * 10_000, sex)).collect::<Vec<_>>()
    };
    let both =
        |grade: &'static str| [people(grade, 12, Some(Sex::Female)), people(grade, 12, Some(Sex::Male))].concat();
    let with = |last: Vec<(&'static str, i64, Option<Sex>)>, regular: fn(&str, usize) -> bool| {
        let mut company = Company::default();
        company.bands();
        let workers = [both("G4"), both("G5"), last].concat();
        company.file("2026-09-30", &workers);
        for workers in company.opened.incumbents.values_mut() {
            for (nth, worker) in workers.iter_mut().enumerate() {
                let is_regular = regular(&worker.grade, nth);
                worker.employment_type = if is_regular { EmploymentType::Regular } else { EmploymentType::PartTime };
            }
        }
        company.report(Kind::PayGaps, "2026-10", Least::FEW)
    };
    // Of G6 one woman and one man are in regular employment, or six of each.
    let few = with(both("G6"), |grade, nth| grade != "G6" || nth % 12 == 0);
    assert!(few.lines.iter().all(|line| line.table != "employment" || line.as_of.is_none()), "{:?}", few.lines);
    let many = with(both("G6"), |grade, nth| grade != "G6" || nth % 2 == 0);
    assert_eq!(figures(line(&many, "employment", "regular"))["women"], "30");

    // Of G6 one has declared no sex: who is told how many work there is not told how many of them did.
    let mut company = Company::default();
    company.bands();
    let workers = [both("G4"), people("G4", 1, None)].concat();
    company.file("2026-09-30", &workers);
    for number in 1..7 {
        company.returned(number, 105, "2026-10-05");
    }
    let gaps = company.report(Kind::PayGaps, "2026-10", Least::FEW);
    assert_eq!(figures(line(&gaps, "grade", "G4"))["women"], "12");
    let ratios = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert!(ratios.lines.iter().all(|line| line.as_of.is_none()), "{:?}", ratios.lines);
    // Where all have declared theirs, both are told.
    let mut company = Company::default();
    company.bands();
    company.file("2026-09-30", &both("G4"));
    for number in 1..7 {
        company.returned(number, 105, "2026-10-05");
    }
    let ratios = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
    assert_eq!(figures(line(&ratios, "grade", "G4"))["incumbents"], "24");
}

/// A wider audience is told thousandths: an exact ratio of two means is two sums of pay.
#[test]
fn a_wider_audience_is_told_thousandths() {
    let mut company = Company::default();
    let sex = |nth: i64| Some(if nth % 2 == 0 { Sex::Female } else { Sex::Male });
    let workers: Vec<_> = (0..40).map(|nth| ("G4", 5_000_000 + nth * nth * 1_733, sex(nth))).collect();
    company.file("2026-09-30", &workers);
    let share = |least| {
        let found = company.report(Kind::PayGaps, "2026-10", least);
        let told =
            line(&found, "grade", ALL).figures.iter().find(|figure| figure.name == "women_to_men").unwrap().clone();
        (told.value, told.places)
    };
    let (exact, places) = share(Least::FEW);
    assert!(exact.den() > 1_000 && places == 4, "{exact}");
    assert_eq!(share(Least::MANY), (exact.rounded(3), 3));
}

/// A policy with this k is recorded to govern from a day on.
fn governed(company: &mut Company, number: u128, smallest_group: u32, on: &str) {
    let (actor, on) = (ActorId(Uuid::nil()), day(on));
    let terms = Box::new(PolicyTerms { smallest_group, ..PolicyTerms::defaults(ENTITY, "") });
    let (loosening, reason) = (None, None);
    for event in [
        PayPolicyEvent::Drafted { terms, drafted_by: actor, drafted_on: on },
        PayPolicyEvent::Published { version: 1, effective_from: on, published_by: actor, loosening, reason },
    ] {
        company.history.add(&of_policy(number, on, event));
    }
}

fn of_policy(number: u128, on: NaiveDate, event: PayPolicyEvent) -> Recorded {
    let recorded_at = on.and_time(NaiveTime::MIN).and_utc();
    let (stream_id, event) = (Uuid::from_u128(number), event.into());
    Recorded { position: 1, stream_id, sequence: 1, recorded_at, on, actor: None, role: None, subject: None, event }
}

/// A closed month is told by the k of its own policy, whatever became of that since.
#[test]
fn a_month_is_told_of_groups_as_large_as_its_policy_lays_down() {
    let mut company = dearer();
    let october = |company: &Company| {
        let found = company.report(Kind::CompaRatios, "2026-10", Least::FEW);
        (found.least, line(&found, "grade", "G4").as_of.is_some())
    };
    assert_eq!(october(&company), (5, true));
    governed(&mut company, 1, 8, "2026-10-20");
    assert_eq!(october(&company), (8, false), "six came back");
    // It is retired, and another one takes its place with a smaller k.
    let (retired_by, effective_from) = (ActorId(Uuid::nil()), day("2026-11-10"));
    let retired = PayPolicyEvent::Retired { effective_from, retired_by, note: None };
    company.history.add(&of_policy(1, effective_from, retired));
    governed(&mut company, 2, 5, "2026-12-10");
    assert_eq!(october(&company), (8, false));
    let least = |at: &str| company.report(Kind::CompaRatios, at, Least::FEW).least;
    assert_eq!(["2026-09", "2026-11", "2026-12"].map(least), [5, 8, 5]);
    // What was told before is told no more where a later policy wants more; what it compares with stays as it is.
    let mut company = dearer();
    governed(&mut company, 1, 8, "2026-11-20");
    assert_eq!(october(&company), (5, true));
    let november = company.report(Kind::CompaRatios, "2026-11", Least::FEW);
    assert_eq!((november.least, line(&november, "grade", "G4").as_of), (8, None));
}

/// What a wider audience is told besides differs from what the narrower one is told by as many as the policy lays down.
#[test]
fn two_audiences_tell_no_fewer_apart_than_the_policy_lays_down() {
    let mut company = Company::default();
    governed(&mut company, 1, 8, "2026-04-01");
    for number in 0..20 {
        company.invited(number, "2026-04-05", Some(DeclaredSex::Female), 1);
    }
    for number in 20..26 {
        company.invited(number, "2026-05-05", Some(DeclaredSex::Female), 1);
    }
    for audience in [Least::FEW, Least::MANY] {
        let as_of = |at: &str| {
            let found = company.report(Kind::SelectionRates, at, audience);
            line(&found, "invited_applied", "female").as_of
        };
        assert_eq!(as_of("2026-04"), Some(month("2026-04")));
        assert_eq!(as_of("2026-05"), Some(month("2026-04")), "six came");
    }
    // Between an early month of the one and a late one of the other lie no fewer either: both tell of May first.
    let mut company = Company::default();
    governed(&mut company, 1, 8, "2026-04-01");
    for (count, on) in [(0..9, "2026-04-05"), (9..15, "2026-05-05")] {
        for number in count {
            company.invited(number, on, Some(DeclaredSex::Female), 1);
        }
    }
    let told = |audience| {
        let found = company.report(Kind::SelectionRates, "2026-05", audience);
        figures(line(&found, "invited_applied", "female")).get("people").cloned()
    };
    assert_eq!([Least::FEW, Least::MANY].map(told), [Some("9".to_owned()), None]);
}
