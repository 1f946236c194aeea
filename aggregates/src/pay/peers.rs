//! Who an offer is compared with: the peers, widened in a fixed order while they are too few, and those who stayed.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use smol_str::SmolStr;

use super::assess::{Excluded, Exclusion, PeerSet, Scope};
use super::{Cohort, Facts, Fraction, Incumbent, PolicyTerms, Stint};
use crate::values::EmploymentType;

/// The peers that were found, what a comparison reads of them, whoever of the same scope was left out, and how far one had to
/// look.
pub(super) struct Peers<'a> {
    /// What each earns.
    pub(super) bases: Vec<i64>,
    /// How many are equally or better qualified; none where the returner's experience is not known.
    pub(super) qualified: Option<u32>,
    /// Of how many no record tells whether they are.
    pub(super) unknown: u32,
    /// Those of them who earn materially less than the offer: base and number, by what they lack, most first.
    pub(super) overtaken: Vec<(i64, &'a SmolStr)>,
    pub(super) set: PeerSet,
}

/// Q and L: who is equally or better qualified, and earns materially less.
pub(super) struct Overtaking {
    experience_months: Option<u32>,
    rating: Option<u8>,
    /// Who earns as much is not overtaken.
    least: i64,
}

impl Overtaking {
    /// Whoever has at least the returner's experience and rating is equally qualified; where the returner has no rating, by
    /// experience alone. `floor` is what the offer leaves materially behind it.
    pub(super) fn of(facts: &Facts, floor: Fraction) -> Self {
        let whole = floor.num().div_euclid(floor.den()) + i128::from(floor.num().rem_euclid(floor.den()) > 0);
        Self {
            experience_months: facts.qualification.experience_months,
            rating: facts.qualification.rating.as_ref().map(|last| last.rating),
            least: i64::try_from(whole).unwrap_or(if whole > 0 { i64::MAX } else { i64::MIN }),
        }
    }

    /// Whether the record does not tell what is compared with the returner's.
    fn does_not_know(&self, incumbent: &Incumbent) -> bool {
        let Some(months) = self.experience_months else { return false };
        // Whoever falls short in what is known is not qualified, whatever the rest.
        let may = |known: Option<bool>| known.unwrap_or(true);
        let experience = incumbent.experience_months.map(|theirs| theirs >= months);
        let rating = self.rating.map_or(Some(true), |rating| incumbent.rating.map(|theirs| theirs >= rating));
        may(experience) && may(rating) && (experience.is_none() || rating.is_none())
    }

    /// Who has neither experience nor rating on record is not known to be equally qualified.
    fn qualifies(&self, incumbent: &Incumbent) -> bool {
        let at_least = self.experience_months.is_some_and(|months| incumbent.experience_months >= Some(months));
        at_least && self.rating.is_none_or(|rating| incumbent.rating >= Some(rating))
    }
}

/// C: in the same grade, family and zone; then everywhere; then in the family's function. The first scope that is large
/// enough, or the last.
pub(super) fn peers<'a>(policy: &PolicyTerms, facts: &'a Facts, overtaking: &Overtaking) -> Peers<'a> {
    let least = usize::try_from(policy.smallest_group).unwrap_or(usize::MAX);
    let mut looked = Vec::new();
    let mut found = within(Scope::Zone, policy, facts, overtaking);
    for wider in [Scope::Country, Scope::Function] {
        if found.bases.len() >= least {
            break;
        }
        looked.push((found.set.scope, found.set.size));
        found = within(wider, policy, facts, overtaking);
    }
    found.set.too_small = looked;
    found
}

/// Whether those of the family alone are enough to compare with, so that nobody of another one is read.
pub fn enough_of_family<'a>(policy: &PolicyTerms, on: NaiveDate, family: impl IntoIterator<Item = &'a Cohort>) -> bool {
    let least = usize::try_from(policy.smallest_group).unwrap_or(usize::MAX);
    let surely = surely_settled(policy, on);
    let members = family.into_iter().flat_map(|cohort| &cohort.members);
    members.filter(|one| exclusion(one, policy, (surely, on)).is_none()).take(least).count() >= least
}

/// Whoever was hired by then is here long enough, whatever the lengths of the months between.
fn surely_settled(policy: &PolicyTerms, on: NaiveDate) -> NaiveDate {
    on.checked_sub_months(Months::new(policy.peer_tenure_months)).unwrap_or(NaiveDate::MIN)
}

/// Everybody is looked at once: a cohort may have tens of thousands.
fn within<'a>(scope: Scope, policy: &PolicyTerms, facts: &'a Facts, overtaking: &Overtaking) -> Peers<'a> {
    let offered = &facts.offered;
    let of_scope = |cohort: &&Cohort| {
        cohort.grade == offered.grade && (scope == Scope::Function || cohort.job_family == offered.job_family)
    };
    let most = facts.cohorts.iter().filter(of_scope).map(|cohort| cohort.members.len()).sum();
    let (mut bases, mut left_out) = (Vec::with_capacity(most), Vec::new());
    let (mut qualified, mut unknown, mut overtaken) = (0_u32, 0_u32, Vec::new());
    let surely = surely_settled(policy, facts.on);
    for incumbent in facts.cohorts.iter().filter(of_scope).flat_map(|cohort| &cohort.members) {
        if scope == Scope::Zone && incumbent.location != offered.location {
            continue;
        }
        if let Some(because) = exclusion(incumbent, policy, (surely, facts.on)) {
            left_out.push((&incumbent.employee_number, because));
            continue;
        }
        bases.push(incumbent.base);
        unknown = unknown.saturating_add(u32::from(overtaking.does_not_know(incumbent)));
        if overtaking.qualifies(incumbent) {
            qualified = qualified.saturating_add(1);
            if incumbent.base < overtaking.least {
                overtaken.push((incumbent.base, &incumbent.employee_number));
            }
        }
    }
    // The file's order says nothing.
    left_out.sort_unstable();
    overtaken.sort_unstable();
    let excluded = |(number, because): (&SmolStr, Exclusion)| Excluded { employee_number: number.clone(), because };
    Peers {
        qualified: overtaking.experience_months.map(|_| qualified),
        unknown,
        overtaken,
        set: PeerSet {
            scope,
            size: count(bases.len()),
            too_small: Vec::new(),
            excluded: left_out.into_iter().map(excluded).collect(),
            median: None,
        },
        bases,
    }
}

fn exclusion(incumbent: &Incumbent, policy: &PolicyTerms, (surely, on): (NaiveDate, NaiveDate)) -> Option<Exclusion> {
    let settled = || {
        let day = || incumbent.hired_on.checked_add_months(Months::new(policy.peer_tenure_months));
        incumbent.hired_on <= surely || day().is_some_and(|day| day <= on)
    };
    match incumbent {
        Incumbent { employment_type: EmploymentType::Contractor, .. } => Some(Exclusion::Contractor),
        Incumbent { red_circled: true, .. } => Some(Exclusion::RedCircled),
        Incumbent { on_notice: true, .. } => Some(Exclusion::OnNotice),
        Incumbent { .. } if !settled() => Some(Exclusion::ShortTenure),
        Incumbent { .. } => None,
    }
}

/// Whom of the incumbents as of the exit the returner worked beside: in the same grade or one beside it, of the same
/// family, hired within so many months. `grades` are in ascending order; whether they stayed, a later snapshot says.
pub fn stayer_candidates<'a>(
    policy: &PolicyTerms,
    stint: &Stint,
    grades: &[String],
    at_exit: &'a [Cohort],
) -> BTreeMap<&'a str, NaiveDate> {
    let Some((grade, family)) = stint.grade.as_ref().zip(stint.job_family.as_ref()) else { return BTreeMap::new() };
    let window = Months::new(policy.stayer_tenure_months);
    let earliest = stint.hired_on.checked_sub_months(window).unwrap_or(NaiveDate::MIN);
    let latest = stint.hired_on.checked_add_months(window).unwrap_or(NaiveDate::MAX);
    at_exit
        .iter()
        .filter(|cohort| cohort.job_family == *family && is_near(grades, grade, &cohort.grade))
        .flat_map(|cohort| &cohort.members)
        .filter(|member| member.employment_type != EmploymentType::Contractor)
        .filter(|member| (earliest..=latest).contains(&member.hired_on))
        .map(|member| (member.employee_number.as_str(), member.hired_on))
        .collect()
}

/// Whether a grade is another or one beside it. `grades` are in ascending order; what stands on none of them is near itself
/// alone.
pub fn is_near(grades: &[String], grade: &str, other: &str) -> bool {
    let place = |of: &str| grades.iter().position(|one| one == of);
    match (place(grade), place(other)) {
        (Some(grade), Some(other)) => grade.abs_diff(other) <= 1,
        (None, _) | (_, None) => other == grade,
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
