//! What one table or report leaves of another is nobody, or many.

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
