//! MON-03: what women earn beside men, in each grade and among those who came back.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;
use aggregates::values::EmploymentType;

use super::as_of::{AsOf, Gathered, Kept, Numbers, Sex};
use super::compa_ratios::counted;
use super::report::{Alert, Figure, LEFT_OUT, Line, Told, alert, count, distance, left_out, ratio};
use super::statistics::mean;
use super::suppression::{Group, Place, Row, Table, Total};
use super::{ALL, Month};

pub(super) const FORMULA: &str = "(mean base of men − mean base of women) ÷ mean base of men, and mean base of \
     women ÷ mean base of men, of those who work here by the latest file of incumbents; base is annual and full-time \
     equivalent, without overtime and bonus. A grade is a category of workers of equal value (PAY-06). `grade` \
     includes those who came back, `grade_without_returners` does not, `returners` are they alone; for the yearly \
     publication (PAY-08) there is `employment`, and for all the row of everybody in `grade`. Sex is what somebody \
     declared, or what that file tells. From the first month of those without a break in which the gap of a grade \
     reaches the bound, either way, there are six months to justify or mend it.";

/// Months to justify a gap, or to mend it (PAY-06).
const MONTHS_TO_MEND: u32 = 6;
/// The table of the grades.
const GRADE: &str = "grade";
/// The same without those who came back.
const WITHOUT: &str = "grade_without_returners";
/// Those who came back alone.
const RETURNERS: &str = "returners";

/// Women and men of a row.
#[derive(Default)]
struct Pair([Gathered; 2]);

impl Pair {
    fn add(&mut self, who: u32, sex: Kept<Sex>, base: Fraction) {
        match sex {
            Kept::Is(Sex::Female) => self.0[0].add(who, &[base], false),
            Kept::Is(Sex::Male) => self.0[1].add(who, &[base], false),
            Kept::LostSince => self.0.iter_mut().for_each(Gathered::lose),
            Kept::Is(Sex::Another) | Kept::Nothing => {}
        }
    }

    fn row(self, numbers: &mut Numbers) -> Row {
        Row { parts: self.0.map(|part| part.part(numbers)).into(), only_with: Vec::new() }
    }
}

pub(super) fn tables(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
    let incumbents = as_of.incumbents(numbers);
    let (mut grades, mut returners, mut without) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut employments: BTreeMap<&str, Pair> = BTreeMap::new();
    let [mut undeclared, mut another] = [(); 2].map(|()| Gathered::default());
    for one in &incumbents {
        let (grade, base) = (one.worker.grade.as_str(), Fraction::whole(one.worker.base));
        let add = |pairs: &mut BTreeMap<_, Pair>| pairs.entry(grade).or_default().add(one.who, one.sex, base);
        add(&mut grades);
        add(if one.returner { &mut returners } else { &mut without });
        let regular = one.worker.employment_type == EmploymentType::Regular;
        let employment = if regular { "regular" } else { "non_regular" };
        employments.entry(employment).or_default().add(one.who, one.sex, base);
        match one.sex {
            Kept::Nothing => undeclared.add(one.who, &[base], false),
            Kept::Is(Sex::Another) => another.add(one.who, &[base], false),
            Kept::LostSince => undeclared.lose(),
            Kept::Is(Sex::Female | Sex::Male) => {}
        }
    }
    let mut rows = |pairs: BTreeMap<&str, Pair>| -> BTreeMap<String, Row> {
        pairs.into_iter().map(|(name, pair)| (name.to_owned(), pair.row(numbers))).collect()
    };
    let (grades, returners, mut without) = (rows(grades), rows(returners), rows(without));
    for (grade, row) in &mut without {
        row.only_with.push((GRADE, grade.clone()));
        let came_back = returners.get(grade).into_iter().flat_map(|row| &row.parts);
        if came_back.clone().any(|part| part.lost > 0 || !part.group.is_empty()) {
            row.only_with.push((RETURNERS, grade.clone()));
        }
    }
    let employments = rows(employments);
    let table = |name, rows, total| Table { name, rows, total };
    vec![
        table(GRADE, grades, Total::Row(ALL)),
        table("employment", employments, Total::Of(GRADE)),
        table(RETURNERS, returners, Total::Row(ALL)),
        table(WITHOUT, without, Total::Untold),
        left_out(numbers, [("sex_not_declared", undeclared), ("another_sex", another)]),
    ]
}

pub(super) fn lines(told: &Told<'_>) -> Vec<Line> {
    told.lines(|place, groups| if place.0 == LEFT_OUT { counted(groups) } else { compared(told, place, groups) })
}

fn gap(told: &Told<'_>, groups: &[Group]) -> Option<(Fraction, Fraction)> {
    let women = mean(&told.column(groups.first(), 0))?;
    let men = mean(&told.column(groups.get(1), 0))?;
    Some((men.minus(women)?.over(men)?, women.over(men)?))
}

fn reaches(gap: Fraction) -> bool {
    distance(gap) >= Fraction::percent(5)
}

fn compared(told: &Told<'_>, place: &Place, groups: &[Group]) -> (Vec<Figure>, Option<Alert>) {
    let gap_and_share = gap(told, groups);
    let figures = [
        count("women", groups.first()),
        count("men", groups.get(1)),
        ratio("gap", gap_and_share.map(|(gap, _)| gap)),
        ratio("women_to_men", gap_and_share.map(|(_, share)| share)),
    ];
    let raised = gap_and_share.is_some_and(|(gap, _)| reaches(gap));
    let mut found = alert(raised, vec!["gap"]);
    // Everybody together is no category of workers (PAY-06).
    if raised && place.0 == GRADE && place.1 != ALL {
        let so = |(month, groups): &(Month, Vec<Group>)| {
            gap(told, groups).is_some_and(|(gap, _)| reaches(gap)).then_some(*month)
        };
        found.since = told.disclosure.history(place).iter().rev().map_while(so).last();
        found.due_on = found.since.map(|since| since.after(MONTHS_TO_MEND).last_day());
    }
    (figures.into_iter().flatten().collect(), Some(found))
}
