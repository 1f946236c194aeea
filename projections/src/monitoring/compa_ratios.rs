//! MON-01: where in the band those stand who came back, beside those who stayed, grade by grade.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;

use super::ALL;
use super::as_of::{AsOf, Gathered, Numbers};
use super::report::{Alert, Figure, Line, Told, alert, count, distance, left_out, probability, ratio};
use super::statistics::{mann_whitney, median};
use super::suppression::{Group, Row, Table, Total};

pub(super) const FORMULA: &str = "Median of base ÷ midpoint of those who accepted an offer within the window that is in force, \
     less the median of those who work here and never came back, by the latest file of incumbents and the bands of its day; \
     two-sided Mann–Whitney test of the two.";

pub(super) fn tables(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
    let mut grades: BTreeMap<&str, [Gathered; 2]> = BTreeMap::new();
    let [mut not_assessed, mut no_band, mut unbanded] = [(); 3].map(|()| Gathered::default());
    let compared = as_of.recent_returners(numbers);
    for one in &compared {
        match one.found.map(|found| (&found.grade, found.compa_ratio)) {
            None => not_assessed.add(one.who, &[], false),
            Some((_, None)) => no_band.add(one.who, &[], one.lost),
            Some((grade, Some(compa_ratio))) => {
                grades.entry(grade).or_default()[0].add(one.who, &[compa_ratio], one.lost);
            }
        }
    }
    for one in as_of.incumbents(numbers).into_iter().filter(|one| !one.returner) {
        let ratio = one.midpoint.and_then(|midpoint| Fraction::new(one.worker.base.into(), midpoint.into()));
        match ratio {
            None => unbanded.add(one.who, &[], false),
            Some(ratio) => grades.entry(&one.worker.grade).or_default()[1].add(one.who, &[ratio], false),
        }
    }
    let row = |(grade, parts): (&str, [Gathered; 2])| {
        let parts = parts.map(|part| part.part(numbers)).into();
        (grade.to_owned(), Row { parts, only_with: Vec::new() })
    };
    let rows = grades.into_iter().map(row).collect();
    let reasons = [
        ("returners_not_assessed", not_assessed),
        ("returners_without_band", no_band),
        ("incumbents_without_band", unbanded),
    ];
    let left_out = left_out(numbers, reasons);
    vec![Table { name: "grade", rows, total: Total::Row(ALL) }, left_out]
}

pub(super) fn lines(told: &Told<'_>) -> Vec<Line> {
    told.lines(|place, groups| if place.0 == "grade" { compared(told, groups) } else { counted(groups) })
}

/// How many people a row is about, and nothing else.
pub(super) fn counted(groups: &[Group]) -> (Vec<Figure>, Option<Alert>) {
    (count("people", groups.first()).into_iter().collect(), None)
}

fn compared(told: &Told<'_>, groups: &[Group]) -> (Vec<Figure>, Option<Alert>) {
    let [returners, incumbents] = [0, 1].map(|nth| told.column(groups.get(nth), 0));
    let medians = [median(&returners), median(&incumbents)];
    let difference = medians[0].zip(medians[1]).and_then(|(one, other)| one.minus(other));
    let tested = mann_whitney(&returners, &incumbents);
    let raised = difference.is_some_and(|difference| distance(difference) > Fraction::percent(5))
        && tested.is_some_and(|tested| tested.p < Fraction::percent(5));
    let figures = [
        count("returners", groups.first()),
        count("incumbents", groups.get(1)),
        ratio("median_of_returners", medians[0]),
        ratio("median_of_incumbents", medians[1]),
        ratio("difference", difference),
        probability(tested),
    ];
    (figures.into_iter().flatten().collect(), Some(alert(raised, vec!["difference", "p"])))
}
