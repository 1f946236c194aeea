//! MON-05: how often the pay policy is excepted from, by unit and by approver, and how long approval takes.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;

use super::ALL;
use super::as_of::{AsOf, Gathered, Kept, Numbers};
use super::compa_ratios::counted;
use super::report::{Alert, Figure, Line, Told, alert, count, left_out, ratio};
use super::selection_rates::either;
use super::statistics::median;
use super::stayer_ratios::{REMEDIES, remedied, remedies};
use super::suppression::{Group, Row, Table, Total};

pub(super) const FORMULA: &str = "Of the offers whose approval was completed within the window (of everybody the \
     latest), the share with an exception granted; by the unit that approves, by sex as in selection-rates, and by \
     everybody who approved. Raised above twice the rate of all. Hours from asking for approval to the last approval; \
     an approver's share of all these offers. Plans to remedy past their day, as in stayer-ratios.";

/// The table of the units.
const UNIT: &str = "unit";
/// The table of the sexes.
const SEX: &str = "sex";
/// The table of those who approve.
const APPROVER: &str = "approver";
/// An offer whose requisition names no unit.
const NO_UNIT: &str = "none";
/// All approvers of whom too little is known to name them.
const OTHERS: &str = "others";

pub(super) fn tables(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
    let mut units: BTreeMap<String, [Gathered; 2]> = BTreeMap::new();
    let mut approvers: BTreeMap<String, [Gathered; 2]> = BTreeMap::new();
    let mut sexes: BTreeMap<String, [Gathered; 2]> = BTreeMap::new();
    let mut not_assessed = Gathered::default();
    for one in as_of.decisions(numbers) {
        if !one.assessed {
            not_assessed.add(one.who, &[], one.lost);
            continue;
        }
        let unit = units.entry(one.unit.unwrap_or(NO_UNIT).to_owned()).or_default();
        let by = one.approvers.iter().map(ToString::to_string);
        let add = |[all, excepted]: &mut [Gathered; 2]| {
            all.add(one.who, &[one.hours], one.lost);
            if one.exception {
                excepted.add(one.who, &[one.hours], one.lost);
            }
        };
        add(unit);
        for sex in either(one.sex) {
            let group = sexes.entry(sex.to_owned()).or_default();
            if one.sex == Kept::LostSince { group.iter_mut().for_each(Gathered::lose) } else { add(group) }
        }
        for approver in by {
            add(approvers.entry(approver).or_default());
        }
    }
    let mut rows = |groups: BTreeMap<String, [Gathered; 2]>| -> BTreeMap<String, Row> {
        let row = |(name, [all, excepted]): (String, [Gathered; 2])| {
            let parts = vec![all.part(numbers), excepted.some(numbers)];
            (name, Row { parts, only_with: Vec::new() })
        };
        groups.into_iter().map(row).collect()
    };
    let (units, approvers, sexes) = (rows(units), rows(approvers), rows(sexes));
    let remedies = remedies(as_of, numbers);
    vec![
        Table { name: UNIT, rows: units, total: Total::Row(ALL) },
        Table { name: SEX, rows: sexes, total: Total::Of(UNIT) },
        Table { name: APPROVER, rows: approvers, total: Total::Untold },
        remedies,
        left_out(numbers, [("not_assessed", not_assessed)]),
    ]
}

pub(super) fn lines(told: &Told<'_>) -> Vec<Line> {
    let all = told.disclosure.history(&(UNIT, ALL.to_owned())).last();
    let rate_of = |groups: &[Group]| share(groups.get(1)?, groups.first()?);
    let lines = told.lines(|place, groups| match place.0 {
        UNIT | SEX | APPROVER => {
            let by_approver = place.0 == APPROVER;
            let rate = rate_of(groups);
            // Figures of two months are not held against each other.
            let told_in = told.disclosure.history(place).last().map(|(month, _)| *month);
            let same_month = all.filter(|(month, _)| Some(*month) == told_in);
            let of_all = same_month.filter(|_| by_approver).and_then(|(_, all)| share(groups.first()?, all.first()?));
            let hours = (!by_approver).then(|| median(&told.column(groups.first(), 0))).flatten();
            let figures = [
                count("offers", groups.first()),
                count("exceptions", groups.get(1)),
                ratio("exception_rate", rate),
                ratio("median_hours", hours),
                ratio("share_of_all", of_all),
            ];
            let double = same_month.and_then(|(_, all)| rate_of(all)?.times(Fraction::whole(2)));
            let held = if place.1 == ALL { None } else { rate.zip(double) };
            let found = held.map(|(rate, double)| alert(rate > double, vec!["exception_rate"]));
            (figures.into_iter().flatten().collect::<Vec<Figure>>(), found)
        }
        REMEDIES => remedied(told, groups),
        _ => counted(groups),
    });
    name_few(lines)
}

/// Nobody is named as an approver of so few people that it would be said of whom.
fn name_few(mut lines: Vec<Line>) -> Vec<Line> {
    let unnamed = |line: &Line| line.table == APPROVER && line.as_of.is_none();
    if lines.iter().any(unnamed) {
        lines.retain(|line| !unnamed(line));
        let (figures, alert): (Vec<Figure>, Option<Alert>) = (Vec::new(), None);
        lines.push(Line { table: APPROVER, row: OTHERS.to_owned(), as_of: None, figures, alert });
    }
    lines
}

fn share(some: &Group, all: &Group) -> Option<Fraction> {
    Fraction::new(i128::try_from(some.len()).ok()?, i128::try_from(all.len()).ok()?)
}
