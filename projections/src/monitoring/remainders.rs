//! What is left of a group of people when others that lie in it are taken away: where few are left, whoever is told all of them
//! is told of those few.

use std::collections::BTreeMap;

/// Groups of people by their numbers: the rows of a table, or what another table tells of the same people.
pub type Partition = Vec<Vec<u32>>;

/// In which groups somebody is.
struct Index {
    of: BTreeMap<u32, Vec<usize>>,
    sizes: Vec<usize>,
    /// Nobody is in two of them.
    apart: bool,
}

impl Index {
    fn of(groups: &[Vec<u32>]) -> Self {
        let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (nth, group) in groups.iter().enumerate() {
            for who in group {
                of.entry(*who).or_default().push(nth);
            }
        }
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let apart = of.len() == sizes.iter().sum::<usize>();
        Self { of, sizes, apart }
    }

    /// The groups that lie in one and leave fewer than so many of it, or that cover it and reach as little beyond it.
    fn leave_few(&self, one: &[u32], least: usize) -> Option<Vec<usize>> {
        let few = |left: usize| (1..least).contains(&left);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for nth in one.iter().filter_map(|who| self.of.get(who)).flatten() {
            *shared.entry(*nth).or_default() += 1;
        }
        let size = |nth: &usize| self.sizes.get(*nth).copied().unwrap_or_default();
        let within: Vec<usize> = shared.iter().filter(|(nth, both)| size(nth) == **both).map(|(nth, _)| *nth).collect();
        let covers = |nth: &&usize| shared.get(*nth) == Some(&one.len());
        if let Some(nth) = within.iter().find(|nth| few(one.len() - size(nth))) {
            return Some(vec![*nth]);
        }
        if let Some(nth) = shared.keys().filter(covers).find(|nth| few(size(nth) - one.len())) {
            return Some(vec![*nth]);
        }
        // Of groups that share people, no sum is known.
        if !self.apart {
            return None;
        }
        if !within.is_empty() && few(one.len() - within.iter().map(size).sum::<usize>()) {
            return Some(within);
        }
        let reach = shared.keys().map(size).sum::<usize>();
        (shared.values().sum::<usize>() == one.len() && few(reach - one.len())).then(|| shared.into_keys().collect())
    }
}

/// The row, by its place, that together with the others and with what is told besides gives away fewer than so many people.
pub fn gives_away(rows: &[Vec<u32>], beside: &Partition, least: usize) -> Option<usize> {
    let index = Index::of(rows);
    let smallest = |rows: Vec<usize>| rows.into_iter().min_by_key(|nth| index.sizes.get(*nth));
    let of_rows = beside.iter().filter(|one| !one.is_empty()).find_map(|one| index.leave_few(one, least));
    if let Some(row) = of_rows.and_then(smallest) {
        return Some(row);
    }
    let beside = Index::of(beside);
    rows.iter().position(|row| !row.is_empty() && beside.leave_few(row, least).is_some())
}

#[cfg(test)]
mod tests {
    use super::gives_away;

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
        assert_eq!(gives_away(&people(&[(0, 15), (2, 24)]), &beside, 5), Some(1), "one of them leaves three by itself");
    }
}
