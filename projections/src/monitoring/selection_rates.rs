//! MON-04: how many of each sex, and of each age band, come from one stage of selection to the next.

use std::collections::BTreeMap;

use aggregates::member::AgeBand;
use aggregates::pay::Fraction;
use strum::IntoEnumIterator as _;

use super::as_of::{AsOf, Candidate, Gathered, Kept, Numbers, Sex};
use super::report::{Line, Told, alert, count, probability, ratio, whole};
use super::statistics::{Share, fisher, more_selections};
use super::suppression::{Row, Table, Total};

pub(super) const FORMULA: &str = "Of those who came to a stage within the window, the share who had come to the next one by \
     the end of the month: those invited by having applied since, those who applied and those who were offered in the same \
     case. Impact ratio: the rate of a sex ÷ the highest rate of a sex, and of an age band likewise, where both are \
     at least ten people. Two-sided exact Fisher test of the two; and how many more selections would lift the ratio to its bound. From an offer to \
     its acceptance it is the candidate who chooses: rates, and nothing is held against them. Sex and age band (the tens of \
     years of birth) are what somebody declared, or what the employer's file of incumbents tells of them; whoever declared \
     none is counted as that. Age bands are told where all sexes are.";

/// From how many people on a rate is compared.
pub(super) const PEOPLE: u32 = 10;
/// From an offer to its acceptance.
const ACCEPTED: &str = "offered_accepted";
/// The same by age.
const ACCEPTED_BY_AGE: &str = "offered_accepted_by_age";
/// Whoever declared no sex.
const UNDECLARED: &str = "undeclared";

pub(super) fn tables(as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
    let stages = [
        ("invited_applied", "invited_applied_by_age", as_of.invited(numbers)),
        ("applied_offered", "applied_offered_by_age", as_of.applied(numbers)),
        (ACCEPTED, ACCEPTED_BY_AGE, as_of.offered(numbers)),
    ];
    let tables = stages.map(|(by_sex, by_age, candidates)| {
        let sexes = stage(by_sex, Total::Untold, &candidates, numbers, |one| either(one.sex));
        let ages = stage(by_age, Total::Implied(by_sex), &candidates, numbers, |one| any_age(one.age_band));
        [sexes, ages]
    });
    tables.into_iter().flatten().collect()
}

fn stage(
    name: &'static str,
    total: Total,
    candidates: &[Candidate],
    numbers: &mut Numbers,
    rows_of: impl Fn(&Candidate) -> Vec<&'static str>,
) -> Table {
    let mut groups: BTreeMap<&str, [Gathered; 2]> = BTreeMap::new();
    for one in candidates {
        let rows = rows_of(one);
        let lost = rows.len() > 1;
        for group in rows {
            let group = groups.entry(group).or_default();
            if lost { group.iter_mut().for_each(Gathered::lose) } else { add(group, one) }
        }
    }
    let row = |(group, [all, further]): (&str, [Gathered; 2])| {
        let parts = vec![all.part(numbers), further.some(numbers)];
        (group.to_owned(), Row { parts, only_with: Vec::new() })
    };
    Table { name, rows: groups.into_iter().map(row).collect(), total }
}

/// The row of those who were born in the same tens of years; any of them where nobody knows any more in which.
fn any_age(age_band: Kept<AgeBand>) -> Vec<&'static str> {
    match age_band {
        Kept::Is(band) => vec![band.into()],
        Kept::Nothing => vec![UNDECLARED],
        Kept::LostSince => AgeBand::iter().map(<&str>::from).chain([UNDECLARED]).collect(),
    }
}

/// The row that somebody belongs to; any of them where they were counted in one and nobody knows any more in which.
pub(super) fn either(sex: Kept<Sex>) -> Vec<&'static str> {
    match sex {
        Kept::Is(sex) => vec![sex.into()],
        Kept::Nothing => vec![UNDECLARED],
        Kept::LostSince => vec![Sex::Female.into(), Sex::Male.into(), Sex::Another.into(), UNDECLARED],
    }
}

fn add([all, further]: &mut [Gathered; 2], one: &Candidate) {
    all.add(one.who, &[], false);
    if one.further {
        further.add(one.who, &[], false);
    }
}

pub(super) fn lines(told: &Told<'_>) -> Vec<Line> {
    let mut shares: BTreeMap<(&str, String), Share> = BTreeMap::new();
    let mut lines = told.lines(|_, groups| {
        let figures = [count("people", groups.first()), count("came_further", groups.get(1))];
        (figures.into_iter().flatten().collect(), None)
    });
    for line in &mut lines {
        let number = |name: &str| {
            let figure = line.figures.iter().find(|figure| figure.name == name)?;
            u64::try_from(figure.value.num()).ok()
        };
        if let (Some(of), Some(selected)) = (number("people"), number("came_further")) {
            let share = Share { selected, of };
            line.figures.extend(ratio("rate", share.rate()));
            shares.insert((line.table, line.row.clone()), share);
        }
    }
    let months: BTreeMap<(&str, String), _> =
        lines.iter().map(|line| ((line.table, line.row.clone()), line.as_of)).collect();
    for line in
        lines.iter_mut().filter(|line| ![ACCEPTED, ACCEPTED_BY_AGE].contains(&line.table) && line.row != UNDECLARED)
    {
        let comparable = |(place, share): &(&(&str, String), &Share)| {
            place.0 == line.table
                && place.1 != UNDECLARED
                && share.of >= u64::from(PEOPLE)
                && months.get(*place) == Some(&line.as_of)
        };
        let of_stage: Vec<_> = shares.iter().filter(comparable).collect();
        let own = of_stage.iter().find(|(place, _)| place.1 == line.row).map(|(_, share)| **share);
        let top = of_stage.iter().map(|(_, share)| **share).max_by_key(|share| share.rate());
        if let (Some(own), Some(top), true) = (own, top, of_stage.len() > 1) {
            compare(line, own, top);
        }
    }
    lines
}

fn compare(line: &mut Line, own: Share, top: Share) {
    let bound = Fraction::percent(80);
    let impact = own.rate().zip(top.rate()).and_then(|(own, top)| own.over(top));
    let raised = impact.is_some_and(|impact| impact < bound);
    line.figures.extend(ratio("impact_ratio", impact));
    if impact.is_some_and(|impact| impact < Fraction::ONE) {
        line.figures.extend(probability(fisher(own, top)));
        line.figures
            .extend(more_selections(own, top, bound).map(|more| whole("more_selections", Fraction::whole(more))));
    }
    line.alert = Some(alert(raised, vec!["impact_ratio"]));
}
