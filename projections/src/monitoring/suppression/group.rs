//! Groups of people, and by how many two of them differ.

use std::collections::BTreeMap;

/// People in their order, each with the number of what is computed from them. Whoever was counted as two, and turned out to be one,
/// is one with two values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group(Vec<Member>);

/// Somebody in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    who: u32,
    /// As whom they were counted.
    as_who: u32,
    value: u32,
}

impl Group {
    /// A group of these.
    pub fn of(members: BTreeMap<u32, u32>) -> Self {
        Self(members.into_iter().map(|(who, value)| Member { who, as_who: who, value }).collect())
    }

    fn people(&self) -> impl Iterator<Item = &[Member]> {
        self.0.chunk_by(|one, next| one.who == next.who)
    }

    /// The numbers of the people.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.people().filter_map(|counted| Some(counted.first()?.who)).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.people().count()
    }

    /// Whether there is nobody.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with the number of what is computed from them.
    pub fn members(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().map(|member| (member.who, member.value))
    }

    /// What is computed from each.
    pub fn values(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|member| member.value)
    }

    /// How many people are in one alone, or have another value; counted no further than `most`.
    pub fn difference(&self, other: &Self, most: usize) -> usize {
        let (mut one, mut two) = (self.people().peekable(), other.people().peekable());
        let mut found = 0;
        let who = |person: Option<&&[Member]>| person.and_then(|counted| counted.first()).map(|one| one.who);
        // As whom somebody was counted makes no difference.
        let values = |person: &[Member]| {
            let mut values: Vec<u32> = person.iter().map(|one| one.value).collect();
            values.sort_unstable();
            values
        };
        let same = |one: &[Member], other: &[Member]| match (one, other) {
            ([one], [other]) => one.value == other.value,
            _ => values(one) == values(other),
        };
        while found < most {
            let here = (who(one.peek()), who(two.peek()));
            let (first, second) = match here {
                (None, None) => break,
                (Some(a), Some(b)) => (a <= b, b <= a),
                (first, second) => (first.is_some(), second.is_some()),
            };
            let here = first.then(|| one.next()).flatten().zip(second.then(|| two.next()).flatten());
            found += usize::from(!here.is_some_and(|(one, other)| same(one, other)));
        }
        found
    }

    /// The same people under the numbers that they have by now.
    pub(super) fn renamed(&self, same: &BTreeMap<u32, u32>) -> Self {
        let now = |as_who: u32| same.get(&as_who).copied().unwrap_or(as_who);
        Self::sorted(self.0.iter().map(|member| Member { who: now(member.as_who), ..*member }))
    }

    fn sorted(members: impl Iterator<Item = Member>) -> Self {
        let mut members: Vec<Member> = members.collect();
        members.sort_unstable();
        members.dedup();
        Self(members)
    }

    pub(super) fn joined<'a>(groups: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::sorted(groups.into_iter().flat_map(|group| group.0.iter().copied()))
    }
}
