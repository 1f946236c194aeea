//! Whoever remembers every month of a report singles nobody out.

use super::super::history::Link;
use super::super::suppression::{Row, Table};
use super::*;

/// Random years of a company: who is in which file with which pay and sex, who leaves, who comes back and under which number, who
/// approves, and whose records are linked.
fn random_company() -> impl Strategy<Value = Company> {
    let worker = (0_u8..3, 0_i64..3, 0_u8..4);
    let files = prop::collection::vec((prop::collection::vec(worker, 25..50), 0_usize..12), 1..4);
    let returner = (0_u8..3, 100_u8..104, 1_u32..6, any::<bool>(), 0_u8..4, 0_u8..4);
    let returners = prop::collection::vec(returner, 5..45);
    let links = prop::collection::vec((0_u32..45, 0_u32..45, 4_u32..9, any::<bool>()), 0..5);
    (files, returners, links).prop_map(|(files, returners, links)| {
        let mut company = Company::default();
        company.bands();
        let sexes = [Some(Sex::Female), Some(Sex::Male), None, Some(Sex::Another)];
        let grades = ["G4", "G5", "G6"];
        let mut workers: Vec<(&str, i64, Option<Sex>)> = vec![];
        for (nth, (all, changed)) in files.into_iter().enumerate() {
            let read = |(grade, base, sex): &(u8, i64, u8)| {
                (grades[usize::from(*grade)], 7_000_000 + base * 100_000, sexes[usize::from(*sex)])
            };
            // Of the file before, a few lines change.
            if workers.is_empty() {
                workers = all.iter().map(read).collect();
            }
            for (line, other) in workers.iter_mut().zip(&all).take(changed) {
                *line = read(other);
            }
            company.file(&format!("2026-0{}-10", 4 + nth), &workers);
            // Others come in the place of some, and of those some had left before.
            let (_, (id, _)) = company.history.snapshots.last().unwrap();
            let here = company.opened.incumbents.get_mut(id).unwrap().iter_mut();
            for (place, worker) in here.enumerate().filter(|(place, _)| nth > 0 && (place + changed) % 11 == 0) {
                worker.employee_number = format!("B-{place}");
                worker.hired_on = day("2026-04-01");
            }
        }
        for (one, other, month, is_link) in links.into_iter().filter(|(one, other, ..)| one != other) {
            let link = if is_link { Link::Linked } else { Link::Unlinked };
            let on = day(&format!("2026-0{month}-20"));
            company.history.links.push((on, (person(one), person(other), Link::Linked)));
            company.history.links.push((on.succ_opt().unwrap(), (person(one), person(other), link)));
        }
        for (number, (grade, hundredths, month, exception, sex, came)) in (0_u32..).zip(returners) {
            let on = format!("2026-0{}-12", 3 + month);
            let sex = [None, Some(DeclaredSex::Female), Some(DeclaredSex::Male), Some(DeclaredSex::Another)]
                [usize::from(sex)];
            company.invited(number, &on, sex, 1);
            if number % 3 == 0 {
                let departure =
                    company.history.departures.get_mut(&Uuid::from_u128(u128::from(number) + 2_000)).unwrap();
                departure.employments[0].1 = (format!("A-{number}"), day("2015-04-01"));
            }
            let bands = [None, Some(AgeBand::BornFrom1970), Some(AgeBand::BornFrom1980), Some(AgeBand::BornFrom1990)];
            let reference = VaultRef(Uuid::from_u128(u128::from(number) + 3_000));
            if let Some(declared) = company.opened.declared.get_mut(&reference) {
                declared.age_band = bands[usize::from(grade) % bands.len()];
            }
            let approver = ActorId(Uuid::from_u128(u128::from(number % 4) + 70));
            let mut found = found(hundredths);
            found.grade = grades[usize::from(grade)].to_owned();
            let granted = exception.then_some((&*on, 1, Step::ExceptionGranted));
            let steps = [(&*on, 0, Step::Assessed(Box::new(found)))].into_iter().chain(granted);
            let asked = [
                (&*on, 2, Step::ApprovalRequested),
                (&*on, 3 + i64::from(came), Step::Approved(approver, true)),
                (&*on, 8, Step::Extended),
                (&*on, 9, Step::Accepted),
            ];
            let unit = ["sales", "logistics", "plant"][usize::from(grade)];
            company.offer(
                number,
                unit,
                steps.chain(asked).take(2 + usize::from(came) + usize::from(exception)).collect(),
            );
            if came == 3 {
                let application = Uuid::from_u128(u128::from(number) + 4_000);
                let employee_number = format!("{}-{number}", if number % 2 == 0 { "A" } else { "B" });
                let rejoined = Rejoined { application, employee_number, started_on: day("2026-09-01") };
                company.history.rejoined.push((day(&on), rejoined));
            }
        }
        company
    })
}

/// Somebody's number, with what is computed from them.
type People = BTreeSet<(u32, u32)>;

/// What whoever remembers every month of a report can work out: groups that were told, all of them together, what is left of each
/// total, and what grades leave without those who came back; each with the month from which on it is known.
fn worked_out(
    company: &Company,
    kind: Kind,
    walk: &mut Walk,
    disclosure: &Disclosure,
    last: Month,
) -> Vec<(Month, People)> {
    let files = Files::of(&company.history, &company.opened, ENTITY);
    let (mut known, mut at) = (vec![], month("2026-04"));
    while at <= last {
        let as_of = AsOf::new(&company.history, &company.opened, &files, ENTITY, at);
        let tables = kind.tables(&as_of, &mut walk.numbers);
        for table in &tables {
            let is_told = |row: &str| disclosure.is_told(&(table.name, row.to_owned()), at);
            let width = table.rows.values().map(|row| row.parts.len()).max().unwrap_or_default();
            for nth in 0..width {
                let of = |rows: &dyn Fn(&str) -> bool| -> (Month, People) {
                    let rows = table.rows.iter().filter(|(name, _)| rows(name));
                    let groups = rows.filter_map(|(_, row)| row.parts.get(nth));
                    (at, groups.flat_map(|part| part.group.members()).collect())
                };
                let told = table.rows.keys().filter(|row| is_told(row));
                known.extend(told.map(|row| of(&|name| name == row)));
                let elsewhere = |name| disclosure.is_told(&(name, ALL.to_owned()), at);
                let whole = |name: &str| {
                    let mut of = tables.iter().filter(|other| other.name == name).flat_map(|other| {
                        other.rows.keys().map(|row| disclosure.is_told(&(other.name, row.clone()), at))
                    });
                    of.all(|told| told)
                };
                let implied = match table.total {
                    Total::Of(name) => elsewhere(name),
                    Total::Implied(name) => whole(name),
                    Total::Row(_) | Total::Untold => false,
                };
                if is_told(ALL) || implied {
                    known.push(of(&|_| true));
                    known.push(of(&|name| !is_told(name)));
                }
                let apart = || {
                    let people = |row: &Row| row.parts.get(nth).map_or(0, |part| part.group.len());
                    table.rows.values().map(people).sum::<usize>() == of(&|_| true).1.len()
                };
                if table.rows.keys().all(|row| is_told(row)) && apart() {
                    known.push(of(&|_| true));
                }
            }
        }
        known.extend(without_returners(&tables, disclosure, at));
        at = at.next();
    }
    known.retain(|(_, people)| !people.is_empty());
    known
}

/// What `grade` leaves without `returners`, row by row and in all, where both are told.
fn without_returners(tables: &[Table], disclosure: &Disclosure, at: Month) -> Vec<(Month, People)> {
    let table = |name: &str| tables.iter().find(|table| table.name == name);
    let (Some(all), Some(back)) = (table("grade"), table("returners")) else { return vec![] };
    let told =
        |row: &&String| ["grade", "returners"].map(|name| disclosure.is_told(&(name, (*row).clone()), at)) == [true; 2];
    let (all_of_them, each) = (ALL.to_owned(), back.rows.keys());
    let rows: Vec<&String> = each.chain([&all_of_them]).filter(told).collect();
    let people = |table: &Table, row: &str, nth: usize| -> People {
        let rows = table.rows.iter().filter(|(name, _)| row == ALL || *name == row);
        rows.flat_map(|(_, row)| row.parts[nth].group.members()).collect()
    };
    let left = |row: &&String, nth: usize| &people(all, row, nth) - &people(back, row, nth);
    rows.iter().flat_map(|row| [0, 1].map(|nth| (at, left(row, nth)))).collect()
}

/// Who turned out by the end of each month to be somebody with an earlier number.
fn recognised(company: &Company, walk: &mut Walk, last: Month) -> BTreeMap<Month, BTreeMap<u32, u32>> {
    let files = Files::of(&company.history, &company.opened, ENTITY);
    let months = (0..).map(|nth| month("2026-01").after(nth)).take_while(|at| *at <= last);
    // The numbers are those of the walk, which has recognised everybody; what was known by a month, fresh ones tell.
    let mut at = |at: Month| {
        let mut fresh = walk.numbers.unrecognised();
        let mut earlier = month("2026-01");
        while earlier <= at {
            AsOf::new(&company.history, &company.opened, &files, ENTITY, earlier).recognise(&mut fresh);
            earlier = earlier.next();
        }
        (at, fresh.same_humans())
    };
    months.map(&mut at).collect()
}

fn nobody_is_singled_out(
    known: &[(Month, People)],
    same: &BTreeMap<Month, BTreeMap<u32, u32>>,
    least: usize,
) -> Result<(), TestCaseError> {
    let humans = |people: &People, at: &Month| -> BTreeMap<u32, Vec<u32>> {
        let mut humans: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (who, value) in people {
            humans.entry(same[at].get(who).copied().unwrap_or(*who)).or_default().push(*value);
        }
        humans
    };
    for (nth, (then, one)) in known.iter().enumerate() {
        prop_assert!(humans(one, then).len() >= least, "{then}: {one:?}");
        for (now, other) in &known[nth + 1..] {
            let (one, other) = (humans(one, now.max(then)), humans(other, now.max(then)));
            let everybody: BTreeSet<&u32> = one.keys().chain(other.keys()).collect();
            let differ = everybody.iter().filter(|who| one.get(who) != other.get(who)).count();
            prop_assert!(differ == 0 || differ >= least, "{then}: {one:?} and {now}: {other:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_report_singles_anybody_out_in_any_month_to_any_audience(company in random_company()) {
        let last = month("2026-09");
        for kind in Kind::iter() {
            let mut walk = Walk::new(kind, &company.history, &company.opened, ENTITY, last, Least::MANY);
            let (few, many) = (walk.few.clone(), walk.many.clone().unwrap());
            let same = recognised(&company, &mut walk, last);
            for (disclosure, least) in [(&few, 5), (&many, 10)] {
                let known = worked_out(&company, kind, &mut walk, disclosure, last);
                nobody_is_singled_out(&known, &same, least)?;
            }
            let narrow = company.report(kind, "2026-09", Least::FEW);
            for line in company.report(kind, "2026-09", Least::MANY).lines {
                let same = narrow.lines.iter().find(|other| (other.table, &other.row) == (line.table, &line.row));
                if let (Some(as_of), Some(same)) = (line.as_of, same) {
                    prop_assert!(same.as_of >= Some(as_of), "{kind:?}: {line:?} and {same:?}");
                }
                prop_assert!(line.as_of.is_some() || line.figures.is_empty() && line.alert.is_none());
            }
        }
    }
}
