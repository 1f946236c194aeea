//! What is left of a group of people when others that lie in it are taken away: where few are left, whoever is told all of them
//! is told of those few.

use std::collections::{BTreeSet, HashMap};

/// Groups of people by their numbers, the rows of a table or what another table tells of the same people; and in which of them
/// somebody is.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    groups: Vec<Vec<u32>>,
    of: HashMap<u32, Vec<usize>>,
}

impl FromIterator<Vec<u32>> for Partition {
    fn from_iter<T: IntoIterator<Item = Vec<u32>>>(groups: T) -> Self {
        let groups: Vec<Vec<u32>> = groups.into_iter().collect();
        let mut of: HashMap<u32, Vec<usize>> = HashMap::new();
        for (nth, group) in groups.iter().enumerate() {
            for who in group {
                of.entry(*who).or_default().push(nth);
            }
        }
        Self { groups, of }
    }
}

impl Partition {
    fn size(&self, nth: usize) -> usize {
        self.groups.get(nth).map_or(0, Vec::len)
    }

    /// How many people are in these groups; nothing where somebody is in two of them, so that no sum is known.
    fn sum(&self, groups: &[usize]) -> Option<usize> {
        let people = || groups.iter().filter_map(|nth| self.groups.get(*nth)).flatten();
        let apart = people().collect::<BTreeSet<_>>().len() == people().count();
        apart.then(|| groups.iter().map(|nth| self.size(*nth)).sum())
    }

    /// The groups that lie in one and leave fewer than so many of it, or that cover it and reach as little beyond it.
    fn leave_few(&self, one: &[u32], least: usize) -> Option<Vec<usize>> {
        let few = |left: usize| (1..least).contains(&left);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for nth in one.iter().filter_map(|who| self.of.get(who)).flatten() {
            *shared.entry(*nth).or_default() += 1;
        }
        let mut touched: Vec<usize> = shared.keys().copied().collect();
        touched.sort_unstable();
        let both = |nth: &usize| shared.get(nth).copied().unwrap_or_default();
        let within: Vec<usize> = touched.iter().copied().filter(|nth| self.size(*nth) == both(nth)).collect();
        let alone = within.iter().find(|nth| few(one.len() - self.size(**nth)));
        let beyond =
            || touched.iter().filter(|nth| both(nth) == one.len()).find(|nth| few(self.size(**nth) - one.len()));
        if let Some(nth) = alone.or_else(beyond) {
            return Some(vec![*nth]);
        }
        if self.sum(&within).is_some_and(|sum| sum > 0 && few(one.len() - sum)) {
            return Some(within);
        }
        let covered = || one.iter().all(|who| self.of.contains_key(who));
        let reach = self.sum(&touched).filter(|_| !touched.is_empty());
        reach.is_some_and(|reach| reach > one.len() && few(reach - one.len()) && covered()).then_some(touched)
    }

    /// The row, by its place, that together with the others and with what is told besides gives away fewer than so many people.
    pub fn gives_away(&self, beside: &Self, least: usize) -> Option<usize> {
        let smallest = |rows: Vec<usize>| rows.into_iter().min_by_key(|nth| self.size(*nth));
        let of_rows = beside.groups.iter().filter(|one| !one.is_empty()).find_map(|one| self.leave_few(one, least));
        of_rows
            .and_then(smallest)
            .or_else(|| self.groups.iter().position(|row| !row.is_empty() && beside.leave_few(row, least).is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::Partition;

    fn gives_away(rows: &[Vec<u32>], beside: &[Vec<u32>], least: usize) -> Option<usize> {
        let partition = |groups: &[Vec<u32>]| groups.iter().cloned().collect::<Partition>();
        partition(rows).gives_away(&partition(beside), least)
    }

    fn people(groups: &[(u32, u32)]) -> Vec<Vec<u32>> {
        groups.iter().map(|(from, to)| (*from..*to).collect()).collect()
    }

    #[test]
    fn what_lies_in_a_group_leaves_nobody_or_many() {
        let beside = people(&[(0, 25)]);
        assert_eq!(gives_away(&people(&[(0, 12), (12, 24)]), &beside, 5), Some(0), "one is left of the twenty-five");
        assert_eq!(gives_away(&people(&[(0, 12), (12, 25)]), &beside, 5), None, "nobody is");
        assert_eq!(gives_away(&people(&[(0, 10), (10, 20)]), &beside, 5), None, "five are");
        assert_eq!(gives_away(&people(&[(0, 24)]), &beside, 5), Some(0), "by itself as well");
        // What lies in it only in part says nothing of the rest.
        assert_eq!(gives_away(&people(&[(0, 12), (20, 40)]), &beside, 5), None);
    }

    #[test]
    fn what_covers_a_group_reaches_as_far_beyond_it() {
        let beside = people(&[(0, 20)]);
        assert_eq!(gives_away(&people(&[(0, 10), (10, 22)]), &beside, 5), Some(0));
        assert_eq!(gives_away(&people(&[(0, 10), (10, 25)]), &beside, 5), None);
        assert_eq!(gives_away(&people(&[(0, 21)]), &beside, 5), Some(0));
        assert_eq!(gives_away(&people(&[(0, 12), (14, 22)]), &beside, 5), None, "two of the twenty are in neither");
    }

    #[test]
    fn it_is_the_same_from_the_other_side() {
        let told = people(&[(0, 12), (12, 24)]);
        assert_eq!(gives_away(&people(&[(30, 60), (0, 25)]), &told, 5), Some(1));
        assert_eq!(gives_away(&people(&[(30, 60), (0, 24)]), &told, 5), None);
        assert_eq!(gives_away(&people(&[(0, 22)]), &told, 5), Some(0));
        assert_eq!(gives_away(&people(&[(0, 0)]), &told, 5), None);
        assert_eq!(gives_away(&[], &told, 5), None);
    }

    #[test]
    fn of_groups_that_share_people_no_sum_is_known() {
        let beside = people(&[(0, 25)]);
        assert_eq!(gives_away(&people(&[(0, 15), (10, 24)]), &beside, 5), None);
        // Those that share nobody have a sum all the same.
        assert_eq!(gives_away(&people(&[(0, 10), (10, 24), (20, 40)]), &beside, 5), Some(0));
        assert_eq!(gives_away(&people(&[(0, 15), (2, 24)]), &beside, 5), Some(1), "one of them leaves three by itself");
    }
}
