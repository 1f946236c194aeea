//! MON-02: what those who came back earn beside those who never left, whom they overtake, and what is planned about it.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;

use super::as_of::{AsOf, Gathered, Numbers, Returner};
use super::compa_ratios::counted;
use super::report::{Alert, Figure, Line, Told, alert, count, left_out, ratio};
use super::statistics::{median, total};
use super::suppression::{Group, Place, Row, Table, Total};
use super::{ALL, Month};

pub(super) const FORMULA: &str = "Median of base ÷ median base of those who stayed, of those who accepted an offer within the \
     window that is in force; their overtaken incumbents ÷ the equally or better qualified ones. Raised where the median stood \
     above its bound in the latest two quarters of the calendar that are over. Plans to remedy: of every accepted offer in \
     force, what is planned and what was carried out a year; past its day is a plan whose day has come by the end of the month \
     and of which something is left.";

/// The table of those who came back.
pub const RETURNERS: &str = "returners";
/// The table of plans to remedy.
pub const REMEDIES: &str = "remedies";

/// SR, |L|, |Q|, RC, and what is planned and was carried out a year: the same of somebody in every group.
fn values(one: &Returner<'_>) -> Option<[Fraction; 6]> {
    let found = one.found?;
    let or_nothing = |value: Option<Fraction>| value.unwrap_or(Fraction::ZERO);
    let planned = one.remedy.map(|remedy| Fraction::whole(remedy.amount.amount));
    Some([
        or_nothing(found.stayer_ratio),
        Fraction::whole(found.leapfrogged),
        or_nothing(found.qualified.map(Fraction::whole)),
        found.remedy_cost,
        or_nothing(planned),
        Fraction::whole(one.carried_out.0),
    ])
}

pub(super) fn tables(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
    let [mut compared, mut undefined, mut not_assessed] = [(); 3].map(|()| Gathered::default());
    for one in &as_of.recent_returners(numbers) {
        let Some(values) = values(one) else {
            not_assessed.add(one.who, &[], false);
            continue;
        };
        let defined = one.found.is_some_and(|found| found.stayer_ratio.is_some() && found.qualified.is_some());
        if defined { &mut compared } else { &mut undefined }.add(one.who, &values, one.lost);
    }
    let parts = vec![compared.part(numbers)];
    let rows = BTreeMap::from([(ALL.to_owned(), Row { parts, only_with: Vec::new() })]);
    let returners = Table { name: RETURNERS, rows, total: Total::Untold };
    let reasons = [("returners_not_assessed", not_assessed), ("returners_without_stayers_or_peers", undefined)];
    let left_out = left_out(numbers, reasons);
    vec![returners, remedies(as_of, numbers), left_out]
}

/// The plans to remedy of every accepted offer in force, and those whose day has passed.
pub(super) fn remedies(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Table {
    let [mut planned, mut past] = [(); 2].map(|()| Gathered::default());
    for one in &as_of.returners(numbers) {
        let (Some(remedy), Some(values)) = (one.remedy, values(one)) else { continue };
        planned.add(one.who, &values, one.lost);
        if remedy.due_on <= as_of.month.last_day() && !one.carried_out.1 {
            past.add(one.who, &values, one.lost);
        }
    }
    let parts = vec![planned.part(numbers), past.some(numbers)];
    let rows = BTreeMap::from([(ALL.to_owned(), Row { parts, only_with: Vec::new() })]);
    Table { name: REMEDIES, rows, total: Total::Untold }
}

pub(super) fn lines(told: &Told<'_>) -> Vec<Line> {
    told.lines(|place, groups| match place.0 {
        RETURNERS => compared(told, place, groups),
        REMEDIES => remedied(told, groups),
        _ => counted(groups),
    })
}

/// What plans to remedy come to.
pub(super) fn remedied(told: &Told<'_>, groups: &[Group]) -> (Vec<Figure>, Option<Alert>) {
    let sum = |nth: usize, column: usize| total(&told.column(groups.get(nth), column));
    let figures = [
        count("plans", groups.first()),
        told.sum("cost_a_year", sum(0, 3)),
        told.sum("planned_a_year", sum(0, 4)),
        told.sum("carried_out_a_year", sum(0, 5)),
        count("past_their_day", groups.get(1)),
        told.sum("planned_a_year_past_its_day", sum(1, 4)),
    ];
    let raised = groups.get(1).is_some_and(|past| !past.is_empty());
    (figures.into_iter().flatten().collect(), Some(alert(raised, vec!["past_their_day"])))
}

fn compared(told: &Told<'_>, place: &Place, groups: &[Group]) -> (Vec<Figure>, Option<Alert>) {
    let column = |nth| told.column(groups.first(), nth);
    let share = total(&column(1)).zip(total(&column(2))).and_then(|(one, other)| one.over(other));
    let figures = [
        count("returners", groups.first()),
        ratio("median_stayer_ratio", median(&column(0))),
        ratio("leapfrog_share", share),
        told.sum("cost_a_year", total(&column(3))),
    ];
    let quarter = (0..3).map(|back| told.month.before(back)).find(|month| month.ends_quarter());
    let above = |quarter: Option<Month>| {
        let quarter = quarter?;
        let told_in = |month: Month| (quarter.before(2)..=quarter).contains(&month);
        let (_, groups) = told.disclosure.history(place).iter().rev().find(|(month, _)| told_in(*month))?;
        Some(median(&told.column(groups.first(), 0))? > Fraction::percent(105))
    };
    let quarters = [quarter, quarter.map(|quarter| quarter.before(3))].map(above);
    // A quarter of which nothing was told says neither.
    let found = quarters[0].map(|_| alert(quarters == [Some(true), Some(true)], vec!["median_stayer_ratio"]));
    (figures.into_iter().flatten().collect(), found)
}
