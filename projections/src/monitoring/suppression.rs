//! Disclosure control (MON-06): what of a month's figures may be told, beside everything that was told before.
//!
//! Figures stand in rows, each of them about a few groups of people; a row is told whole or not at all. A group is people
//! with what is computed from them. Whatever a reader knows is a group: one that a row is about, the total of a table, and
//! what is left of a total when the rows that are told are taken away. Any two of these, of one month or of two, are the
//! same or differ by at least k people. What the rows of a table leave of a group that another table tells of, or another report
//! of the month, is nobody or at least k people as well. A row that cannot be told so repeats what it told last.

mod group;

use std::collections::{BTreeMap, BTreeSet};

use super::Month;
use super::remainders::Partition;
pub use group::Group;

/// The smallest group that is ever told of.
pub const SMALLEST: usize = 5;
/// The smallest for a wider audience.
pub const SMALLEST_FOR_MANY: usize = 10;

/// How small a group may be that is told of, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    people: usize,
    wide: bool,
}

impl Least {
    /// So many people, for a wider audience; none below five, which no employer may choose.
    pub const fn of(people: usize) -> Option<Self> {
        if people < SMALLEST { None } else { Some(Self { people, wide: true }) }
    }

    /// For those who watch over pay.
    pub const FEW: Self = Self { people: SMALLEST, wide: false };
    /// For a wider audience.
    pub const MANY: Self = Self { people: SMALLEST_FOR_MANY, wide: true };

    /// So many people or more, to the same audience.
    #[must_use]
    pub fn or_more(self, people: usize) -> Self {
        Self { people: self.people.max(people), ..self }
    }

    /// How many people.
    pub const fn people(self) -> usize {
        self.people
    }

    /// Whether for a wider audience than those who watch over pay.
    pub const fn is_wide(self) -> bool {
        self.wide
    }
}

/// One of the groups that a row is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Who.
    pub group: Group,
    /// Whether it may be empty: those of another part of whom something is true.
    pub may_be_empty: bool,
    /// How many may have belonged to it whose data is gone by now. What was told then cannot be told again.
    pub lost: usize,
}

impl Part {
    fn joined<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        Self {
            group: Group::joined(parts.clone().map(|part| &part.group)),
            may_be_empty: parts.clone().all(|part| part.may_be_empty),
            lost: parts.map(|part| part.lost).sum(),
        }
    }
}

/// A table and a row of it.
pub type Place = (&'static str, String);

/// A row before it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The groups that it is about.
    pub parts: Vec<Part>,
    /// Rows of earlier tables without which it is not told: it follows from them.
    pub only_with: Vec<Place>,
}

/// What a table says of all its rows together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    /// Nothing: its rows are no parts of a whole.
    #[default]
    Untold,
    /// A row of this name, where that can be told.
    Row(&'static str),
    /// The total of this earlier table is the total of this one: where that one is not told, nothing is.
    Of(&'static str),
    /// The rows of this earlier table together are all of this one, and nobody is told how many: where one of them is not told,
    /// nothing is, since what is left of either would follow from the other.
    Implied(&'static str),
}

/// Rows that are the parts of a whole, or of no whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its rows.
    pub rows: BTreeMap<String, Row>,
    /// The whole.
    pub total: Total,
}

/// What a reader can work out.
#[derive(Clone, Debug)]
struct Known {
    group: Group,
    lost: usize,
}

/// A total that was told, with the rows that were left of it.
#[derive(Clone, Debug)]
struct ToldTotal {
    untold: BTreeSet<String>,
    rows: BTreeMap<String, Vec<Group>>,
}

/// What a table is told beside.
struct Around<'a> {
    month: Month,
    /// Whether a row may be told to this audience at all.
    allowed: &'a dyn Fn(&Place) -> bool,
    /// What other tables and reports tell.
    beside: &'a [&'a Partition],
    /// Rows that follow from this table and others, whether they are told or not.
    follows: &'a [Row],
}

/// What was told so far, month by month.
#[derive(Clone, Debug)]
pub struct Disclosure {
    least: Least,
    known: Vec<Known>,
    told: BTreeMap<Place, Vec<(Month, Vec<Group>)>>,
    totals: BTreeMap<&'static str, Vec<ToldTotal>>,
    seen: BTreeSet<Place>,
    same: BTreeMap<u32, u32>,
}

/// How a row stands in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It was told in this month, and these are its groups then.
    Told(Month, &'a [Group]),
    /// It was never told.
    Suppressed,
}

impl Disclosure {
    /// Nothing was told yet.
    pub const fn new(least: Least) -> Self {
        Self {
            least,
            known: Vec::new(),
            told: BTreeMap::new(),
            totals: BTreeMap::new(),
            seen: BTreeSet::new(),
            same: BTreeMap::new(),
        }
    }

    /// Begins a month: how small a group may be, and which numbers are those of somebody who has an earlier one. What was told is held
    /// against what will be as of the same human beings.
    pub fn begin(&mut self, least: Least, same: &BTreeMap<u32, u32>) {
        self.least = least;
        if self.same == *same {
            return;
        }
        self.same.clone_from(same);
        let rows = self.totals.values_mut().flatten().flat_map(|total| total.rows.values_mut()).flatten();
        for group in self.known.iter_mut().map(|known| &mut known.group).chain(rows) {
            *group = group.renamed(same);
        }
    }

    /// How small a group may be in this month.
    pub const fn least(&self) -> Least {
        self.least
    }

    /// Tells what of a month can be told, where other reports tell this besides. A wider audience is told nothing that `narrower` was
    /// not told in the same month.
    pub fn tell(&mut self, month: Month, tables: &[Table], narrower: Option<&Self>, beside: &[Partition]) {
        for table in tables {
            let own = self.partitions(Some(table.name));
            let beside: Vec<&Partition> = beside.iter().chain(&own).collect();
            let allowed = |place: &Place| narrower.is_none_or(|narrower| narrower.is_told(place, month));
            self.seen.extend(table.rows.keys().map(|row| (table.name, row.clone())));
            let renamed = table.renamed(&self.same);
            self.remember_what_is_gone(&renamed);
            let of_this = |row: &&Row| row.only_with.iter().any(|(name, _)| *name == table.name);
            let follows = tables.iter().flat_map(|other| other.rows.values()).filter(of_this);
            let follows: Vec<Row> = follows.map(|row| row.renamed(&self.same)).collect();
            let around = Around { month, allowed: &allowed, beside: &beside, follows: &follows };
            let rows = match table.total {
                Total::Untold => self.rows_alone(&renamed, &around),
                Total::Row(name) => {
                    self.seen.insert((table.name, name.to_owned()));
                    let whole = self.with_total(&renamed, Some(name), &around);
                    whole.unwrap_or_else(|| self.rows_alone(&renamed, &around))
                }
                Total::Implied(other) => {
                    let mut rows =
                        tables.iter().filter(|table| table.name == other).flat_map(|table| table.rows.keys());
                    let told = rows.all(|row| self.is_told(&(other, row.clone()), month));
                    let rows = told.then(|| self.with_total(&renamed, None, &around));
                    rows.flatten().unwrap_or_default()
                }
                Total::Of(other) => {
                    let told = self.total_row(other).is_some_and(|place| self.is_told(&place, month));
                    let rows = told.then(|| self.with_total(&renamed, None, &around));
                    rows.flatten().unwrap_or_default()
                }
            };
            self.record(month, table, &rows);
        }
    }

    /// Whether groups that were told once are large enough for this month, and so is what one of them leaves of another.
    fn large_enough(&self, groups: &[Group]) -> bool {
        let least = self.least.people();
        let many = |people: usize| people == 0 || people >= least;
        groups.iter().enumerate().all(|(nth, one)| {
            many(one.len()) && groups.iter().skip(nth + 1).all(|other| many(one.difference(other, least)))
        })
    }

    /// Every row that was ever looked at, as it stands in a month; totals last.
    pub fn standing(&self) -> impl Iterator<Item = (&Place, Standing<'_>)> {
        self.seen.iter().map(|place| {
            let last = self.told.get(place).and_then(|told| told.last());
            let last = last.filter(|(_, groups)| self.large_enough(groups));
            (place, last.map_or(Standing::Suppressed, |(month, groups)| Standing::Told(*month, groups)))
        })
    }

    /// Each month in which a row was told anew, with its groups, oldest first.
    pub fn history(&self, place: &Place) -> &[(Month, Vec<Group>)] {
        self.told.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a row was told anew in a month.
    pub fn is_told(&self, place: &Place, month: Month) -> bool {
        self.history(place).iter().any(|(told, _)| *told == month)
    }

    /// What may have been told before data was lost stays known, and is not told again.
    fn remember_what_is_gone(&mut self, table: &Table) {
        let parts = table.rows.values().flat_map(|row| &row.parts);
        let gone: Vec<Part> = parts.filter(|part| part.lost > 0).cloned().collect();
        if gone.is_empty() {
            return;
        }
        let wholes = (0..width(table)).map(|nth| joined(table, names(table), nth));
        for part in gone.into_iter().chain(wholes).filter(|part| !part.group.is_empty()) {
            self.known.push(Known { group: part.group, lost: part.lost });
        }
    }

    fn never_told(&self, table: &Table, row: &str) -> bool {
        self.history(&(table.name, row.to_owned())).is_empty()
    }

    fn total_row(&self, table: &str) -> Option<Place> {
        self.seen.iter().find(|(name, row)| *name == table && row == super::ALL).cloned()
    }

    fn may_stand_beside(&self, group: &Group, lost: usize) -> bool {
        let least = self.least.people();
        self.known.iter().all(|known| {
            let differ = group.difference(&known.group, least);
            differ >= least || differ == 0 && known.lost == 0 && lost == 0
        })
    }

    /// Adds what a row is about to what is known, where that may be. Nothing is added where it may not.
    fn learn(&mut self, parts: &[Part]) -> bool {
        let before = self.known.len();
        for part in parts {
            let size = part.group.len();
            let large = size >= self.least.people() || size == 0 && part.may_be_empty;
            if !large || !self.may_stand_beside(&part.group, part.lost) {
                self.known.truncate(before);
                return false;
            }
            if size > 0 {
                self.known.push(Known { group: part.group.clone(), lost: part.lost });
            }
        }
        true
    }

    /// The rows of a table that can be told, and were added to what is known; `barred` ones are not.
    fn tellable<'t>(&mut self, table: &'t Table, barred: &BTreeSet<&str>, around: &Around<'_>) -> BTreeSet<&'t str> {
        let mut rows = BTreeSet::new();
        for (name, row) in &table.rows {
            let place = (table.name, name.clone());
            let whole = row.only_with.iter().all(|other| self.is_told(other, around.month));
            if barred.contains(name.as_str()) || !whole || !(around.allowed)(&place) {
                continue;
            }
            let gone = row.parts.iter().any(|part| part.lost > 0);
            if !gone && self.learn(&row.parts) {
                rows.insert(name.as_str());
            }
        }
        rows
    }

    /// What was left of an earlier total and is told now row by row is a group of its own, and known from now on: the smallest of
    /// its rows that would give somebody away.
    fn gives_away<'t>(&mut self, table: &'t Table, rows: &BTreeSet<&'t str>) -> Option<&'t str> {
        let once_left: BTreeSet<BTreeSet<String>> =
            self.totals.get(table.name).into_iter().flatten().map(|total| total.untold.clone()).collect();
        for untold in once_left {
            let told = untold.iter().all(|name| rows.contains(name.as_str()) || !table.rows.contains_key(name));
            if !told {
                continue;
            }
            for nth in 0..width(table) {
                let now = joined(table, untold.iter().map(String::as_str), nth);
                if !self.learn_what_follows(now.group) {
                    return smallest(table, rows.iter().copied().filter(|name| untold.contains(*name)));
                }
            }
        }
        None
    }

    /// Adds a group that follows from what is told to what is known, where that may be.
    fn learn_what_follows(&mut self, group: Group) -> bool {
        if group.is_empty() {
            return true;
        }
        let stands = self.may_stand_beside(&group, 0);
        self.known.push(Known { group, lost: 0 });
        stands
    }

    /// The row of those that would be told that leaves few of what is told besides.
    fn leaves_few<'t>(&self, table: &'t Table, rows: &BTreeSet<&'t str>, beside: &[&Partition]) -> Option<&'t str> {
        let told: Vec<&'t str> = rows.iter().copied().collect();
        let parts = told.iter().map(|row| table.rows.get(*row).into_iter().flat_map(|row| &row.parts));
        let columns = columns(parts.map(|parts| parts.map(|part| &part.group)));
        let least = self.least.people();
        let found = columns.iter().find_map(|column| beside.iter().find_map(|one| column.gives_away(one, least)));
        told.get(found?).copied()
    }

    /// What every table tells last, but for one, and what that leaves of its total: column by column, and of each row all its
    /// people together.
    pub fn partitions(&self, but: Option<&str>) -> Vec<Partition> {
        let mut tables: BTreeMap<(&str, bool), Vec<Vec<Group>>> = BTreeMap::new();
        let renamed = |groups: &Vec<Group>| groups.iter().map(|group| group.renamed(&self.same)).collect();
        for ((table, row), told) in self.told.iter().filter(|((table, _), _)| Some(*table) != but) {
            // A total is told of the same people as its rows.
            let rows = tables.entry((*table, row == super::ALL)).or_default();
            rows.extend(told.last().map(|(_, groups)| renamed(groups)));
        }
        let told = tables.values().flat_map(|rows| columns(rows.iter().map(|groups| groups.iter())));
        // What is left of a total without the rows that are told is known as well.
        let totals = self.totals.iter().filter(|(table, _)| Some(**table) != but);
        let left = totals.filter_map(|(_, totals)| totals.last()).flat_map(|total| {
            let untold: Vec<&Vec<Group>> = total.untold.iter().filter_map(|row| total.rows.get(row)).collect();
            let width = untold.iter().map(|groups| groups.len()).max().unwrap_or_default();
            let column = |nth: usize| Group::joined(untold.iter().filter_map(|groups| groups.get(nth)));
            let left: Vec<Group> = (0..width).map(column).collect();
            columns([left.iter()])
        });
        told.chain(left).collect()
    }

    /// What of these rows gives somebody away: beside what was left of a total, beside other tables, or by what follows from both.
    fn betrays<'t>(&mut self, table: &'t Table, rows: &BTreeSet<&'t str>, around: &Around<'_>) -> Option<&'t str> {
        self.gives_away(table, rows)
            .or_else(|| self.leaves_few(table, rows, around.beside))
            .or_else(|| self.remainder_gives_away(table, rows, around))
    }

    /// A row that follows from one of these and from others that are told is known, whether it is told or not.
    fn remainder_gives_away<'t>(
        &mut self,
        table: &Table,
        rows: &BTreeSet<&'t str>,
        around: &Around<'_>,
    ) -> Option<&'t str> {
        for row in around.follows {
            let (of_this, others): (Vec<&Place>, Vec<&Place>) =
                row.only_with.iter().partition(|(name, _)| *name == table.name);
            let here = of_this.iter().find_map(|(_, name)| rows.get(name.as_str()).copied());
            let Some(here) = here.filter(|_| others.iter().all(|other| self.is_told(other, around.month))) else {
                continue;
            };
            if !row.parts.iter().all(|part| self.learn_what_follows(part.group.clone())) {
                return Some(here);
            }
        }
        None
    }

    /// The same of everybody, where the other totals are told.
    fn learn_remainder_of_all(&mut self, table: &Table, around: &Around<'_>) -> bool {
        let other_tables = around.follows.iter().flat_map(|row| &row.only_with).map(|(name, _)| *name);
        let others: BTreeSet<&str> = other_tables.filter(|name| *name != table.name).collect();
        let told = |name: &&str| self.total_row(name).is_some_and(|place| self.is_told(&place, around.month));
        if others.is_empty() || !others.iter().all(told) {
            return true;
        }
        let width = around.follows.iter().map(|row| row.parts.len()).max().unwrap_or_default();
        let column = |nth: usize| around.follows.iter().filter_map(move |row| Some(&row.parts.get(nth)?.group));
        (0..width).all(|nth| self.learn_what_follows(Group::joined(column(nth))))
    }

    /// The sum of the rows of a whole is known where all of them are told, whether the whole is told or not: the smallest row, where
    /// it would give somebody away.
    fn sum_gives_away<'t>(&mut self, table: &'t Table, rows: &BTreeSet<&'t str>) -> Option<&'t str> {
        if rows.len() < table.rows.len() {
            return None;
        }
        let of_a_whole =
            |nth: usize, sum: &Group| names(table).map(|row| size(table, row, nth)).sum::<usize>() == sum.len();
        let sums = (0..width(table)).map(|nth| (nth, joined(table, names(table), nth).group));
        let sums: Vec<Group> = sums.filter(|(nth, sum)| of_a_whole(*nth, sum)).map(|(_, sum)| sum).collect();
        let stands = sums.into_iter().all(|sum| self.learn_what_follows(sum));
        if stands { None } else { smallest(table, rows.iter().copied()) }
    }

    /// The rows that can be told by themselves.
    fn rows_alone<'t>(&mut self, table: &'t Table, around: &Around<'_>) -> BTreeSet<&'t str> {
        let (before, mut barred) = (self.known.len(), BTreeSet::new());
        loop {
            self.known.truncate(before);
            let rows = self.tellable(table, &barred, around);
            match self.betrays(table, &rows, around).or_else(|| self.sum_gives_away(table, &rows)) {
                Some(row) => {
                    barred.insert(row);
                }
                None => return rows,
            }
        }
    }

    /// The rows that can be told beside the total, as many hidden as it takes so that none follows from the total and the others; with
    /// the total's own where it has one. Nothing where that cannot be done at all.
    fn with_total<'t>(
        &mut self,
        table: &'t Table,
        name: Option<&'static str>,
        around: &Around<'_>,
    ) -> Option<BTreeSet<&'t str>> {
        let place = name.map(|name| (table.name, name.to_owned()));
        if table.rows.is_empty() || place.as_ref().is_some_and(|place| !(around.allowed)(place)) {
            return None;
        }
        let width = width(table);
        let everybody: Vec<Part> = (0..width).map(|nth| joined(table, names(table), nth)).collect();
        if everybody.iter().any(|part| part.lost > 0) {
            return None;
        }
        let least = self.least.people();
        let all = columns([everybody.iter().map(|part| &part.group)]);
        let stands = |all: &Partition| around.beside.iter().all(|one| all.gives_away(one, least).is_none());
        if place.is_some() && !all.iter().all(stands) {
            return None;
        }
        let (before, mut barred) = (self.known.len(), BTreeSet::new());
        loop {
            self.known.truncate(before);
            let rows = self.tellable(table, &barred, around);
            if let Some(row) = self.betrays(table, &rows, around) {
                barred.insert(row);
                continue;
            }
            let untold: BTreeSet<&str> = names(table).filter(|row| !rows.contains(row)).collect();
            // What was told of a row before, beside what is left now, could be set against each other.
            if !untold.iter().all(|row| self.never_told(table, row)) {
                self.known.truncate(before);
                return None;
            }
            // Of a total that follows from another table everybody is known, and so is who is left of it.
            let follows = matches!(table.total, Total::Implied(_));
            let whole = match &place {
                Some(_) => self.learn(&everybody) && self.learn_remainder_of_all(table, around),
                None => !follows || everybody.iter().all(|part| self.learn_what_follows(part.group.clone())),
            };
            if whole && self.learn_left(table, &untold, width) {
                self.totals.entry(table.name).or_default().push(ToldTotal {
                    untold: untold.into_iter().map(str::to_owned).collect(),
                    rows: table.rows.iter().map(|(name, row)| (name.clone(), groups(&row.parts))).collect(),
                });
                return Some(rows.into_iter().chain(name).collect());
            }
            let Some(row) = smallest(table, rows.iter().copied().filter(|row| self.never_told(table, row))) else {
                self.known.truncate(before);
                return None;
            };
            barred.insert(row);
        }
    }

    /// What is left of the total without the rows that are told, where it gives nobody away: nobody, or at least k people in
    /// at least two rows, who are the same as were left in any month before, or differ by k. It is known from then on, and with
    /// it what was left of each earlier total, as far as its rows are told now or left again. Whether that may be.
    fn learn_left(&mut self, table: &Table, untold: &BTreeSet<&str>, width: usize) -> bool {
        let least = self.least.people();
        for nth in 0..width {
            let part = joined(table, untold.iter().copied(), nth);
            let inhabited = untold.iter().filter(|row| size(table, row, nth) > 0).count();
            let large = part.group.len() >= least && inhabited >= 2;
            if !(part.group.is_empty() || large && self.learn_what_follows(part.group.clone())) {
                return false;
            }
            let mut together = BTreeMap::new();
            for before in self.totals.get(table.name).into_iter().flatten() {
                let either = untold.iter().copied().chain(before.untold.iter().map(String::as_str));
                let either: BTreeSet<String> = either.map(str::to_owned).collect();
                let now = joined(table, either.iter().map(String::as_str), nth).group;
                let then = either.iter().filter_map(|row| before.rows.get(row)?.get(nth));
                let differ = now.difference(&Group::joined(then), least);
                if differ > 0 && differ < least {
                    return false;
                }
                together.insert(either, now);
            }
            if !together.into_values().all(|now| self.learn_what_follows(now)) {
                return false;
            }
        }
        true
    }

    fn record(&mut self, month: Month, table: &Table, rows: &BTreeSet<&str>) {
        for name in rows {
            // A row that the table does not have is its total.
            let groups = table.rows.get(*name).map_or_else(|| table.whole(), |row| groups(&row.parts));
            self.told.entry((table.name, (*name).to_owned())).or_default().push((month, groups));
        }
    }
}

impl Row {
    /// The same of people under the numbers that they have by now.
    fn renamed(&self, same: &BTreeMap<u32, u32>) -> Self {
        let mut renamed = self.clone();
        for part in &mut renamed.parts {
            part.group = part.group.renamed(same);
        }
        renamed
    }
}

impl Table {
    fn renamed(&self, same: &BTreeMap<u32, u32>) -> Self {
        let rows = self.rows.iter().map(|(name, row)| (name.clone(), row.renamed(same))).collect();
        Self { name: self.name, rows, total: self.total }
    }

    /// The groups of everybody, each person once.
    fn whole(&self) -> Vec<Group> {
        let column = |nth: usize| self.rows.values().filter_map(move |row| row.parts.get(nth));
        (0..width(self)).map(|nth| Group::of(column(nth).flat_map(|part| part.group.members()).collect())).collect()
    }
}

fn names(table: &Table) -> impl Iterator<Item = &str> {
    table.rows.keys().map(String::as_str)
}

fn width(table: &Table) -> usize {
    table.rows.values().map(|row| row.parts.len()).max().unwrap_or_default()
}

fn groups(parts: &[Part]) -> Vec<Group> {
    parts.iter().map(|part| part.group.clone()).collect()
}

fn size(table: &Table, row: &str, nth: usize) -> usize {
    table.rows.get(row).and_then(|row| row.parts.get(nth)).map_or(0, |part| part.group.len())
}

/// The nth parts of some rows together.
fn joined<'a>(table: &Table, rows: impl Iterator<Item = &'a str>, nth: usize) -> Part {
    let parts: Vec<&Part> = rows.filter_map(|row| table.rows.get(row)?.parts.get(nth)).collect();
    Part::joined(parts.iter().copied())
}

/// The row of the fewest people, the first of several.
fn smallest<'a>(table: &Table, rows: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let people =
        |row: &str| table.rows.get(row).map_or(0, |row| row.parts.iter().map(|p| p.group.len()).sum::<usize>());
    rows.min_by_key(|row| (people(row), *row))
}

/// The groups of rows, column by column, and of each row all its people together; by number alone.
fn columns<'a, R>(rows: impl IntoIterator<Item = R>) -> Vec<Partition>
where
    R: IntoIterator<Item = &'a Group>,
{
    let rows: Vec<Vec<&Group>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let column =
        |nth: usize| rows.iter().map(|row| row.get(nth).map(|group| group.numbers()).unwrap_or_default()).collect();
    let together = || rows.iter().map(|row| Group::joined(row.iter().copied()).numbers()).collect();
    (0..width).map(column).chain((width > 1).then(together)).collect()
}
