//! Whatever is told, of one month or of several, to one audience or to both: nobody is singled out by it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use projections::monitoring::Month;
use projections::monitoring::suppression::{Disclosure, Group, Least, Part, Place, Row, Standing, Table, Total};
use proptest::prelude::*;

const WHOLE: &str = "";
const LEAST: usize = 5;

fn month(nth: u32) -> Month {
    Month::of(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()).after(nth)
}

fn group(people: impl IntoIterator<Item = u32>) -> Group {
    Group::of(people.into_iter().map(|who| (who, 0)).collect())
}

fn part(group: Group) -> Part {
    Part { group, may_be_empty: false, lost: 0 }
}

fn row(groups: impl IntoIterator<Item = Group>) -> Row {
    Row { parts: groups.into_iter().map(part).collect(), only_with: vec![] }
}

fn table(total: Total, rows: impl IntoIterator<Item = (&'static str, Group)>) -> Table {
    let rows = rows.into_iter().map(|(name, group)| (name.to_owned(), row([group])));
    Table { name: "t", rows: rows.collect(), total }
}

fn told(disclosure: &Disclosure, nth: u32) -> Vec<String> {
    let here = |(place, _): &(&Place, _)| disclosure.is_told(place, month(nth));
    disclosure.standing().filter(here).map(|(place, _)| place.1.clone()).collect()
}

#[test]
fn no_employer_may_be_told_of_fewer_than_five() {
    assert_eq!((0..5).find_map(Least::of), None);
    assert_eq!(Least::of(5).map(Least::people), Some(5));
    assert_eq!([Least::FEW, Least::MANY].map(|least| least.or_more(8).people()), [8, 10]);
    assert_eq!([Least::FEW.or_more(12), Least::MANY].map(Least::is_wide), [false, true]);
    assert_eq!(Least::of(10), Some(Least::MANY));
}

#[test]
fn a_small_row_takes_the_next_smallest_with_it_so_that_it_does_not_follow_from_the_total() {
    let mut disclosure = Disclosure::new(Least::FEW);
    let rows = [("a", group(0..3)), ("b", group(10..16)), ("c", group(20..30)), ("d", group(40..60))];
    disclosure.tell(month(0), &[table(Total::Row(WHOLE), rows.clone())], None, &[]);
    assert_eq!(told(&disclosure, 0), [WHOLE, "c", "d"]);
    // Without a total nothing follows from anything.
    let mut alone = Disclosure::new(Least::FEW);
    alone.tell(month(0), &[table(Total::Untold, rows)], None, &[]);
    assert_eq!(told(&alone, 0), ["b", "c", "d"]);
}

#[test]
fn what_is_left_of_a_total_is_not_told_but_for_a_few_by_another_table() {
    let both = |one: Group, other: Group| {
        let mut disclosure = Disclosure::new(Least::FEW);
        let rows = [("a", group(0..3)), ("b", group(10..20)), ("c", group(20..40)), ("d", group(40..70))];
        let second = BTreeMap::from([("x", one), ("y", other)].map(|(name, group)| (name.to_owned(), row([group]))));
        let second = Table { name: "u", rows: second, total: Total::Untold };
        disclosure.tell(month(0), &[table(Total::Row(WHOLE), rows), second], None, &[]);
        ["x", "y"].iter().all(|row| disclosure.is_told(&("u", (*row).to_owned()), month(0)))
    };
    // Three and ten are left together: of those thirteen, six and five leave two, who are in neither.
    assert!(!both(group((0..3).chain(10..13)), group(13..18)));
    assert!(both(group((0..3).chain(10..13)), group(13..20)), "nobody is left");
}

#[test]
fn a_total_of_one_large_and_one_small_row_is_told_without_either() {
    let mut disclosure = Disclosure::new(Least::FEW);
    disclosure.tell(month(0), &[table(Total::Row(WHOLE), [("a", group(0..3)), ("b", group(10..16))])], None, &[]);
    assert_eq!(told(&disclosure, 0), [WHOLE]);
}

#[test]
fn a_row_in_which_too_few_changed_repeats_what_it_told() {
    let mut disclosure = Disclosure::new(Least::FEW);
    let tell = |disclosure: &mut Disclosure, nth, people: Group| {
        disclosure.tell(month(nth), &[table(Total::Untold, [("a", people)])], None, &[]);
    };
    tell(&mut disclosure, 0, group(0..8));
    tell(&mut disclosure, 1, group(0..9));
    tell(&mut disclosure, 2, group(2..11));
    tell(&mut disclosure, 3, group(3..13));
    tell(&mut disclosure, 4, group(0..8));
    let history: Vec<Month> = disclosure.history(&("t", "a".to_owned())).iter().map(|(month, _)| *month).collect();
    // In the third month five changed against the first; in the fourth three against the third.
    assert_eq!(history, [month(0), month(2), month(4)]);
    // What is the same as ever before is told: it says nothing new.
    let (_, standing) = disclosure.standing().next().unwrap();
    assert!(matches!(standing, Standing::Told(at, _) if at == month(4)));
}

#[test]
fn another_value_of_the_same_people_is_a_change() {
    let mut disclosure = Disclosure::new(Least::FEW);
    let valued = |raised: u32| Group::of((0..9).map(|who| (who, u32::from(who < raised))).collect());
    for (nth, raised) in [(0, 0), (1, 4), (2, 5)] {
        disclosure.tell(month(nth), &[table(Total::Untold, [("a", valued(raised))])], None, &[]);
    }
    assert_eq!(told(&disclosure, 1), [""; 0]);
    assert_eq!(told(&disclosure, 2), ["a"]);
}

#[test]
fn those_of_whom_something_is_true_are_told_where_neither_they_nor_the_others_are_few() {
    for (some, is_told) in
        [(0, true), (1, false), (4, false), (5, true), (8, true), (9, false), (12, false), (13, true)]
    {
        let parts = vec![part(group(0..13)), Part { may_be_empty: true, ..part(group(0..some)) }];
        let rows = BTreeMap::from([("a".to_owned(), Row { parts, only_with: vec![] })]);
        let mut disclosure = Disclosure::new(Least::FEW);
        disclosure.tell(month(0), &[Table { name: "t", rows, total: Total::Untold }], None, &[]);
        assert_eq!(!told(&disclosure, 0).is_empty(), is_told, "{some} of 13");
    }
}

#[test]
fn what_was_told_of_somebody_whose_data_is_gone_is_not_told_again_nor_set_against() {
    let mut disclosure = Disclosure::new(Least::FEW);
    let lost = |people, lost| {
        let rows =
            BTreeMap::from([("a".to_owned(), Row { parts: vec![Part { lost, ..part(people) }], only_with: vec![] })]);
        [Table { name: "t", rows, total: Total::Untold }]
    };
    // In the first month there was one more, of whom nothing is known any more.
    disclosure.tell(month(0), &lost(group(0..9), 1), None, &[]);
    disclosure.tell(month(1), &lost(group(0..9), 0), None, &[]);
    disclosure.tell(month(2), &lost(group(0..13), 0), None, &[]);
    disclosure.tell(month(3), &lost(group(0..14), 0), None, &[]);
    let history: Vec<Month> = disclosure.history(&("t", "a".to_owned())).iter().map(|(month, _)| *month).collect();
    assert_eq!(history, [month(3)]);
}

#[test]
fn rows_whose_total_stands_elsewhere_are_told_with_it_alone() {
    let tables = |people: u32| {
        let by = |name, cut: u32, total| Table {
            name,
            rows: BTreeMap::from([
                ("low".to_owned(), row([group(0..cut)])),
                ("high".to_owned(), row([group(cut..people)])),
            ]),
            total,
        };
        [by("grade", 12, Total::Row(WHOLE)), by("employment", 6, Total::Of("grade"))]
    };
    let mut disclosure = Disclosure::new(Least::FEW);
    disclosure.tell(month(0), &tables(30), None, &[]);
    assert!(disclosure.is_told(&("employment", "low".to_owned()), month(0)));
    // One more: the total repeats, and so does whatever would follow from another one.
    disclosure.tell(month(1), &tables(31), None, &[]);
    let is_told = |table, row: &str| disclosure.is_told(&(table, row.to_owned()), month(1));
    assert_eq!(["low", "high", WHOLE].map(|row| is_told("grade", row)), [true, false, false]);
    assert_eq!(["low", "high"].map(|row| is_told("employment", row)), [false, false]);
    // Too few in one of the two: the other would give them away.
    let mut thin = Disclosure::new(Least::FEW);
    let mut two = tables(30);
    two[1].rows.insert("low".to_owned(), row([group(0..3)]));
    two[1].rows.insert("high".to_owned(), row([group(3..30)]));
    thin.tell(month(0), &two, None, &[]);
    assert!(["low", "high"].iter().all(|name| !thin.is_told(&("employment", (*name).to_owned()), month(0))));
}

/// A row that follows from two others is known where both are told, and so are all of them together.
#[test]
fn what_two_tables_leave_is_told_from_month_to_month_as_well() {
    let tell = |more: bool, rest: u32| {
        let tables = |came: u32, rest: std::ops::Range<u32>| {
            let follows = Row {
                parts: vec![part(group(rest.clone()))],
                only_with: vec![("all", "a".to_owned()), ("some", "a".to_owned())],
            };
            let of = |name, group: Group| Table { name, ..table(Total::Untold, [("a", group)]) };
            [
                of("all", group((0..came).chain(rest.clone()))),
                of("some", group(0..came)),
                Table { name: "rest", rows: BTreeMap::from([("a".to_owned(), follows)]), total: Total::Untold },
            ]
        };
        let mut disclosure = Disclosure::new(Least::FEW);
        disclosure.tell(month(0), &tables(8, 100..120), None, &[]);
        disclosure.tell(month(1), &tables(if more { 14 } else { 8 }, 100..rest), None, &[]);
        ["all", "some", "rest"].map(|name| disclosure.is_told(&(name, "a".to_owned()), month(1)))
    };
    // Six more came and one of the others left: all and some differ by six and seven, what they leave by one.
    assert_eq!(tell(true, 119), [true, false, false]);
    assert_eq!(tell(true, 120), [true, true, true]);
    assert_eq!(tell(false, 112), [true, true, true]);
}

/// The sum of all rows is known though no total is told, of a whole alone.
#[test]
fn the_sum_of_rows_that_are_all_told_changes_by_many_or_by_nobody() {
    let tell = |women: Group, men: Group, total: Total| {
        let mut disclosure = Disclosure::new(Least::FEW);
        for (nth, rows) in [(group(0..20), group(30..60)), (women, men)].into_iter().enumerate() {
            let rows = [("women", rows.0), ("men", rows.1)];
            disclosure.tell(month(u32::try_from(nth).unwrap()), &[table(total, rows)], None, &[]);
        }
        told(&disclosure, 1)
    };
    // Five declare another sex, and one of those is new: the rows change by five and six, their sum by one.
    let (women, men) = (group(5..20), group((30..60).chain(0..5).chain([99])));
    for total in [Total::Untold, Total::Row(WHOLE)] {
        assert_eq!(tell(women.clone(), men.clone(), total), ["men"]);
        assert_eq!(tell(women.clone(), group((30..60).chain(0..5)), total).len(), told_in_all(total));
    }
    // Groups that share people are no whole, and of them no sum is known.
    assert_eq!(tell(group(5..20), group((30..60).chain(5..9).chain([99])), Total::Untold), ["men", "women"]);
}

fn told_in_all(total: Total) -> usize {
    if total == Total::Untold { 2 } else { 3 }
}

/// Months of a company: in each, who is in which row with which value.
fn company() -> impl Strategy<Value = Vec<BTreeMap<u32, (u8, u32)>>> {
    let person = (0_u8..4, 0_u32..3, any::<bool>());
    let people = prop::collection::vec(person, 12..60);
    let moves = prop::collection::vec(prop::collection::vec((0_u32..60, 0_u8..5, 0_u32..3), 0..14), 1..6);
    (people, moves).prop_map(|(people, moves)| {
        let here = people.into_iter().enumerate().filter(|(_, (.., here))| *here);
        let mut now: BTreeMap<u32, (u8, u32)> =
            here.map(|(who, (row, value, _))| (u32::try_from(who).unwrap(), (row, value))).collect();
        let mut months = vec![now.clone()];
        for month in moves {
            for (who, row, value) in month {
                // The fifth row is outside.
                if row == 4 {
                    now.remove(&who)
                } else {
                    now.insert(who, (row, value))
                };
            }
            months.push(now.clone());
        }
        months
    })
}

type People = BTreeSet<(u32, u32)>;

fn rows_of(month: &BTreeMap<u32, (u8, u32)>) -> BTreeMap<String, People> {
    let mut rows: BTreeMap<String, People> = BTreeMap::new();
    for (who, (row, value)) in month {
        rows.entry(format!("row {row}")).or_default().insert((*who, *value));
    }
    rows
}

fn as_table(month: &BTreeMap<u32, (u8, u32)>, total: Total) -> Table {
    let rows = rows_of(month).into_iter().map(|(name, people)| (name, row([Group::of(people.into_iter().collect())])));
    Table { name: "t", rows: rows.collect(), total }
}

/// How many people are in one set alone, or have another value in the other.
fn differ(one: &People, two: &People) -> usize {
    one.symmetric_difference(two).map(|(who, _)| who).collect::<BTreeSet<_>>().len()
}

/// What a reader who remembers every month can work out: what was told, what is left of each total, and in later months
/// those rows together that were left once.
fn worked_out(months: &[BTreeMap<u32, (u8, u32)>], disclosure: &Disclosure) -> Vec<People> {
    let (mut known, mut left): (Vec<People>, Vec<BTreeSet<String>>) = (vec![], vec![]);
    let is_told =
        |row: &str, nth: usize| disclosure.is_told(&("t", row.to_owned()), month(u32::try_from(nth).unwrap()));
    for (nth, people) in months.iter().enumerate() {
        let rows = rows_of(people);
        let everybody: People = rows.values().flatten().copied().collect();
        known.extend(rows.iter().filter(|(row, _)| is_told(row, nth)).map(|(_, people)| people.clone()));
        if is_told(WHOLE, nth) {
            known.push(everybody);
            let untold: BTreeSet<String> = rows.keys().filter(|row| !is_told(row, nth)).cloned().collect();
            known.push(untold.iter().flat_map(|row| rows[row].iter().copied()).collect());
            left.push(untold);
        }
        for untold in &left {
            let of = |row: &String| rows.get(row).cloned().unwrap_or_default();
            let follows = untold.iter().all(|row| !rows.contains_key(row) || is_told(row, nth));
            // The others are told, and so is the total.
            let all_others = is_told(WHOLE, nth) && rows.keys().all(|row| untold.contains(row) || is_told(row, nth));
            if follows || all_others {
                known.push(untold.iter().flat_map(of).collect());
            }
        }
    }
    known.retain(|people| !people.is_empty());
    known
}

fn nobody_is_singled_out(known: &[People], least: usize) -> Result<(), TestCaseError> {
    for (nth, one) in known.iter().enumerate() {
        prop_assert!(one.len() >= least, "{one:?}");
        for other in &known[nth + 1..] {
            let differ = differ(one, other);
            prop_assert!(differ == 0 || differ >= least, "{one:?} and {other:?}");
        }
    }
    Ok(())
}

/// Three rows are left of the first month's total, and all four of the second's. In the third the fourth row alone could be
/// told: the others together then follow from the total, and differ from the second month by three people.
#[test]
fn what_was_left_once_follows_when_the_other_rows_are_told() {
    let company = |rows: [&[u32]; 4], changed: Option<u32>| {
        let people = (0_u8..).zip(rows).flat_map(|(row, people)| people.iter().map(move |who| (*who, (row, 0))));
        let mut people: BTreeMap<u32, (u8, u32)> = people.collect();
        people.extend(changed.and_then(|who| people.get(&who).map(|(row, _)| (who, (*row, 1)))));
        people
    };
    let months = [
        company([&[11], &[], &[1, 3, 9], &[8]], None),
        company([&[2, 11, 13], &[4], &[1, 3, 9, 12], &[8, 35]], None),
        company([&[2, 11, 13], &[0, 4, 6, 14, 15], &[1, 3, 5, 9, 12], &[8, 35]], Some(9)),
    ];
    let mut disclosure = Disclosure::new(Least::FEW);
    for (nth, people) in months.iter().enumerate() {
        disclosure.tell(month(u32::try_from(nth).unwrap()), &[as_table(people, Total::Row(WHOLE))], None, &[]);
    }
    nobody_is_singled_out(&worked_out(&months, &disclosure), LEAST).unwrap();
    let told_in_the_last = |row: &str| disclosure.is_told(&("t", row.to_owned()), month(2));
    assert!(!(told_in_the_last(WHOLE) && told_in_the_last("row 1")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_two_things_that_can_be_worked_out_differ_by_fewer_people_than_k(months in company(), with_total in any::<bool>()) {
        let total = if with_total { Total::Row(WHOLE) } else { Total::Untold };
        let (mut few, mut many) = (Disclosure::new(Least::FEW), Disclosure::new(Least::MANY));
        for (nth, people) in months.iter().enumerate() {
            let tables = [as_table(people, total)];
            let month = month(u32::try_from(nth).unwrap());
            few.tell(month, &tables, None, &[]);
            many.tell(month, &tables, Some(&few), &[]);
        }
        let narrow = worked_out(&months, &few);
        nobody_is_singled_out(&narrow, LEAST)?;
        nobody_is_singled_out(&worked_out(&months, &many), 2 * LEAST)?;
        // The wider audience is told nothing that the narrower one was not told in the same month.
        for (place, _) in many.standing() {
            for (month, groups) in many.history(place) {
                let there = few.history(place).iter().find(|(told, _)| told == month);
                prop_assert_eq!(there.map(|(_, groups)| groups), Some(groups));
            }
        }
        // And both together know no more than the narrower one.
        let both: Vec<People> = narrow.into_iter().chain(worked_out(&months, &many)).collect();
        nobody_is_singled_out(&both, LEAST)?;
    }

    #[test]
    fn the_same_months_are_told_the_same_way_and_a_later_month_changes_no_earlier_one(months in company()) {
        let told = |months: &[BTreeMap<u32, (u8, u32)>]| {
            let mut disclosure = Disclosure::new(Least::FEW);
            for (nth, people) in months.iter().enumerate() {
                disclosure.tell(month(u32::try_from(nth).unwrap()), &[as_table(people, Total::Row(WHOLE))], None, &[]);
            }
            let places: Vec<Place> = disclosure.standing().map(|(place, _)| place.clone()).collect();
            let history = |place: &Place| disclosure.history(place).to_vec();
            places.into_iter().map(|place| (place.clone(), history(&place))).collect::<BTreeMap<_, _>>()
        };
        let (all, last) = (told(&months), month(u32::try_from(months.len() - 1).unwrap()));
        for (place, history) in told(&months[..months.len() - 1]) {
            let before: Vec<_> = all[&place].iter().filter(|(month, _)| *month != last).cloned().collect();
            prop_assert_eq!(history, before);
        }
    }
}
