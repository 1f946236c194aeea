//! Who an offer is compared with: the peers, widened in a fixed order while they are too few, and those who stayed.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::assess::{Excluded, Exclusion, PeerSet, Scope};
use super::{Cohort, Facts, Incumbent, PolicyTerms, Stint};
use crate::values::EmploymentType;

/// The peers that were found, whoever of the same scope was left out, and how far one had to look.
pub(super) struct Peers<'a> {
    pub(super) members: Vec<Peer<'a>>,
    pub(super) set: PeerSet,
}

/// A peer, with what every comparison reads close at hand.
#[derive(Clone, Copy)]
pub(super) struct Peer<'a> {
    pub(super) base: i64,
    pub(super) experience_months: Option<u32>,
    pub(super) rating: Option<u8>,
    pub(super) who: &'a Incumbent,
}

impl<'a> From<&'a Incumbent> for Peer<'a> {
    fn from(who: &'a Incumbent) -> Self {
        Self { base: who.base, experience_months: who.experience_months, rating: who.rating, who }
    }
}

/// C: in the same grade, family and zone; then everywhere; then in the family's function. The first scope that is large
/// enough, or the last.
pub(super) fn peers<'a>(policy: &PolicyTerms, facts: &'a Facts) -> Peers<'a> {
    let least = usize::try_from(policy.smallest_group).unwrap_or(usize::MAX);
    let mut looked = Vec::new();
    let mut found = within(Scope::Zone, policy, facts);
    for wider in [Scope::Country, Scope::Function] {
        if found.0.len() >= least {
            break;
        }
        looked.push((found.2, count(found.0.len())));
        found = within(wider, policy, facts);
    }
    let (members, excluded, scope) = found;
    let set = PeerSet { scope, size: count(members.len()), too_small: looked, excluded, median: None };
    Peers { members, set }
}

fn within<'a>(scope: Scope, policy: &PolicyTerms, facts: &'a Facts) -> (Vec<Peer<'a>>, Vec<Excluded>, Scope) {
    let offered = &facts.offered;
    let of_scope = |cohort: &&Cohort| {
        cohort.grade == offered.grade && (scope == Scope::Function || cohort.job_family == offered.job_family)
    };
    let most = facts.cohorts.iter().filter(of_scope).map(|cohort| cohort.members.len()).sum();
    let (mut members, mut excluded) = (Vec::with_capacity(most), Vec::new());
    // Whoever was hired by then is here long enough, whatever the lengths of the months between.
    let surely = facts.on.checked_sub_months(Months::new(policy.peer_tenure_months)).unwrap_or(NaiveDate::MIN);
    for incumbent in facts.cohorts.iter().filter(of_scope).flat_map(|cohort| &cohort.members) {
        if scope == Scope::Zone && incumbent.location != offered.location {
            continue;
        }
        match exclusion(incumbent, policy, (surely, facts.on)) {
            None => members.push(Peer::from(incumbent)),
            Some(because) => {
                let employee_number = incumbent.employee_number.clone();
                excluded.push(Excluded { employee_number, because });
            }
        }
    }
    // The file's order says nothing.
    excluded.sort_unstable_by(|one, two| one.employee_number.cmp(&two.employee_number));
    (members, excluded, scope)
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
    let place = grades.iter().position(|one| one == grade);
    let near = |other: &str| match (place, grades.iter().position(|one| one == other)) {
        (Some(place), Some(other)) => place.abs_diff(other) <= 1,
        (None, _) | (_, None) => other == grade,
    };
    let window = Months::new(policy.stayer_tenure_months);
    let earliest = stint.hired_on.checked_sub_months(window).unwrap_or(NaiveDate::MIN);
    let latest = stint.hired_on.checked_add_months(window).unwrap_or(NaiveDate::MAX);
    at_exit
        .iter()
        .filter(|cohort| cohort.job_family == *family && near(&cohort.grade))
        .flat_map(|cohort| &cohort.members)
        .filter(|member| member.employment_type != EmploymentType::Contractor)
        .filter(|member| (earliest..=latest).contains(&member.hired_on))
        .map(|member| (member.employee_number.as_str(), member.hired_on))
        .collect()
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
