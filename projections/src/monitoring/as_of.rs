//! What was recorded by the end of a month, as the reports read it.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::ids::{ActorId, PersonId, SnapshotId, VaultRef};
use aggregates::incumbents::Snapshot;
use aggregates::member::{AgeBand, DeclaredSex, GroupDeclaration};
use aggregates::offer::RemedyPlan;
use aggregates::pay::Fraction;
use aggregates::values::EmploymentType;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Month;
use super::history::{Applied, Found, History, Link, Offer, Step};
use super::suppression::{Group, Part};

/// Sex as it was declared, or as the employer's own file of those who work here says. Never guessed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumIter, strum::EnumString,
)]
#[strum(serialize_all = "snake_case")]
pub enum Sex {
    /// 女性
    Female,
    /// 男性
    Male,
    /// その他
    Another,
}

/// Somebody who works here, as a file of incumbents tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The number in this employment.
    pub employee_number: String,
    /// Its first day.
    pub hired_on: NaiveDate,
    /// Grade.
    pub grade: String,
    /// Job family.
    pub job_family: String,
    /// Zone.
    pub location: String,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// Annual base, full-time equivalent.
    pub base: i64,
    /// Their sex, where the file tells it.
    pub sex: Option<Sex>,
    /// When they were born, where the file tells it.
    pub age_band: Option<AgeBand>,
}

/// What is sealed or lies in parts, opened for the reports.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// What was declared, as far as it still opens.
    pub declared: BTreeMap<VaultRef, GroupDeclaration>,
    /// Who the files of incumbents tell of.
    pub incumbents: BTreeMap<SnapshotId, Vec<Worker>>,
}

/// Numbers for people and for what is computed from them, the same ones in every month.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    people: BTreeMap<Who, u32>,
    /// Numbers of somebody who has an earlier one.
    same: BTreeMap<u32, u32>,
    values: BTreeMap<Vec<Fraction>, u32>,
    written: Vec<Vec<Fraction>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Person(PersonId),
    Worker(String, NaiveDate),
}

impl Numbers {
    fn who(&mut self, who: Who) -> u32 {
        let next = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        *self.people.entry(who).or_insert(next)
    }

    fn same(&mut self, one: Who, other: Who) {
        let [one, other] = [one, other].map(|who| {
            let who = self.who(who);
            first_of(&self.same, who)
        });
        if one != other {
            self.same.insert(one.max(other), one.min(other));
        }
    }

    /// The same numbers, as if nobody had been recognised yet.
    #[cfg(test)]
    pub(super) fn unrecognised(&self) -> Self {
        Self { same: BTreeMap::new(), ..self.clone() }
    }

    /// Which numbers are known by now to be those of somebody who has an earlier one, and which that is.
    pub(super) fn same_humans(&self) -> BTreeMap<u32, u32> {
        self.same.keys().map(|number| (*number, first_of(&self.same, *number))).collect()
    }

    fn value(&mut self, values: &[Fraction]) -> u32 {
        if let Some(known) = self.values.get(values) {
            return *known;
        }
        let next = u32::try_from(self.written.len()).unwrap_or(u32::MAX);
        self.values.insert(values.to_vec(), next);
        self.written.push(values.to_vec());
        next
    }

    /// A group of people with what is computed from each.
    pub(super) fn group(&mut self, members: impl IntoIterator<Item = (u32, Vec<Fraction>)>) -> Group {
        Group::of(members.into_iter().map(|(who, values)| (who, self.value(&values))).collect())
    }

    /// The nth value of each of a group.
    pub(super) fn column(&self, group: &Group, nth: usize) -> Vec<Fraction> {
        let written = |value: u32| self.written.get(usize::try_from(value).ok()?)?.get(nth).copied();
        group.values().filter_map(written).collect()
    }
}

/// Whether something can be used, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept<T> {
    /// It is this.
    Is(T),
    /// It was, at the end of the month, and is gone by now.
    LostSince,
    /// There was nothing at the end of the month.
    Nothing,
}

/// Somebody who accepted an offer that is in force.
pub(super) struct Returner<'a> {
    pub(super) who: u32,
    /// What was found of the terms, where they were assessed and nothing of it was erased by the end of the month.
    pub(super) found: Option<&'a Found>,
    /// Whether it was erased since.
    pub(super) lost: bool,
    pub(super) accepted_on: NaiveDate,
    pub(super) remedy: Option<&'a RemedyPlan>,
    /// What of it was carried out a year, and whether nothing of it is left.
    pub(super) carried_out: (i64, bool),
}

/// An approved offer.
pub(super) struct Decision<'a> {
    pub(super) who: u32,
    pub(super) unit: Option<&'a str>,
    pub(super) assessed: bool,
    pub(super) exception: bool,
    pub(super) hours: Fraction,
    pub(super) approvers: BTreeSet<ActorId>,
    pub(super) sex: Kept<Sex>,
    pub(super) lost: bool,
}

/// Somebody who works here.
pub(super) struct Incumbent<'a> {
    pub(super) who: u32,
    pub(super) sex: Kept<Sex>,
    pub(super) worker: &'a Worker,
    pub(super) midpoint: Option<i64>,
    /// Whether they left once and came back.
    pub(super) returner: bool,
}

/// People at a stage of selection, with whether they came further by the end of the month.
pub(super) struct Candidate {
    pub(super) who: u32,
    pub(super) sex: Kept<Sex>,
    pub(super) age_band: Kept<AgeBand>,
    pub(super) further: bool,
}

/// A step with the instant and the local day on which it was recorded.
type Taken<'a> = (DateTime<Utc>, NaiveDate, &'a Step);

/// What was recorded by the end of a month about an entity.
pub(super) struct AsOf<'a> {
    history: &'a History,
    opened: &'a Opened,
    legal_entity: &'a str,
    /// The month.
    pub(super) month: Month,
    same: BTreeMap<PersonId, PersonId>,
    /// The numbers of each human being, from their departures (with the first day) and their returns.
    numbers: BTreeMap<PersonId, BTreeSet<(String, Option<NaiveDate>)>>,
    /// Who came back under a number, and since when.
    returned: BTreeMap<&'a str, (PersonId, NaiveDate)>,
    declared: BTreeMap<PersonId, Option<VaultRef>>,
    erased: BTreeMap<PersonId, super::history::Erased>,
    files: &'a Files<'a>,
}

/// What the files of incumbents of an entity tell of a number: the day on which it was recorded, the first day of the
/// employment, and the groups; the file of the latest day last.
pub(super) struct Files<'a>(BTreeMap<&'a str, Vec<(NaiveDate, NaiveDate, Groups)>>);

/// The groups that a file of incumbents puts somebody in.
#[derive(Clone, Copy)]
struct Groups {
    sex: Option<Sex>,
    age_band: Option<AgeBand>,
}

impl<'a> Files<'a> {
    /// Every file of an entity.
    pub(super) fn of(history: &'a History, opened: &'a Opened, legal_entity: &str) -> Self {
        let mut snapshots: Vec<_> = history.snapshots.iter().collect();
        snapshots.retain(|(_, (_, one))| one.legal_entity == legal_entity);
        snapshots.sort_by_key(|(_, (_, one))| one.as_of);
        let mut told: BTreeMap<&str, Vec<(NaiveDate, NaiveDate, Groups)>> = BTreeMap::new();
        for (on, (id, _)) in snapshots {
            for worker in opened.incumbents.get(id).into_iter().flatten() {
                let Worker { sex, age_band, .. } = *worker;
                let known = (sex.is_some() || age_band.is_some()).then_some(Groups { sex, age_band });
                let known = known.map(|groups| (*on, worker.hired_on, groups));
                told.entry(&worker.employee_number).or_default().extend(known);
            }
        }
        Self(told)
    }

    /// What the latest of the files that were recorded by a day, and tell it, says of a number.
    fn by<T>(&self, end: NaiveDate, number: &str, of: fn(Groups) -> Option<T>) -> Option<(NaiveDate, T)> {
        let mut known = self.0.get(number)?.iter().rev().filter(|(on, ..)| *on <= end);
        known.find_map(|(_, hired_on, groups)| Some((*hired_on, of(*groups)?)))
    }
}

impl<'a> AsOf<'a> {
    /// What the log tells by the end of a month.
    pub(super) fn new(
        history: &'a History,
        opened: &'a Opened,
        files: &'a Files<'a>,
        legal_entity: &'a str,
        month: Month,
    ) -> Self {
        let end = month.last_day();
        let mut this = Self {
            history,
            opened,
            legal_entity,
            month,
            same: same_humans(history, end),
            numbers: BTreeMap::new(),
            returned: BTreeMap::new(),
            declared: BTreeMap::new(),
            erased: BTreeMap::new(),
            files,
        };
        for departure in history.departures.values().filter(|one| one.legal_entity == legal_entity) {
            let known = departure.employments.iter().rev().find(|(on, _)| *on <= end);
            if let Some((_, (number, hired_on))) = known {
                let theirs = this.numbers.entry(this.human(departure.person)).or_default();
                theirs.insert((number.clone(), Some(*hired_on)));
            }
        }
        let applicants: BTreeMap<_, _> = history.applied.iter().map(|(_, one)| (one.application, one)).collect();
        for (_, joined) in history.rejoined.iter().filter(|(on, _)| *on <= end) {
            if let Some(applicant) = applicants.get(&joined.application).filter(|one| one.legal_entity == legal_entity)
            {
                let human = this.human(applicant.person);
                this.numbers.entry(human).or_default().insert((joined.employee_number.clone(), None));
                this.returned.insert(joined.employee_number.as_str(), (human, joined.started_on));
            }
        }
        for (_, (person, reference)) in history.declared.iter().filter(|(on, _)| *on <= end) {
            this.declared.insert(this.human(*person), *reference);
        }
        for (person, erased) in &history.erased {
            let known = this.erased.entry(this.human(*person)).or_default();
            known.groups = known.groups.or(erased.groups);
            known.pay = known.pay.or(erased.pay);
        }
        this
    }

    fn human(&self, person: PersonId) -> PersonId {
        self.same.get(&person).copied().unwrap_or(person)
    }

    fn is_within(&self, on: NaiveDate) -> bool {
        (self.month.window_start()..=self.month.last_day()).contains(&on)
    }

    fn sex(&self, human: PersonId) -> Kept<Sex> {
        let declared = |group: &GroupDeclaration| match group.sex {
            DeclaredSex::Female => Some(Sex::Female),
            DeclaredSex::Male => Some(Sex::Male),
            DeclaredSex::Another => Some(Sex::Another),
            DeclaredSex::NotStated => None,
        };
        self.group(human, declared, |groups| groups.sex)
    }

    fn age_band(&self, human: PersonId) -> Kept<AgeBand> {
        self.group(human, |group| group.age_band, |groups| groups.age_band)
    }

    /// What a person declared; where they never did, what the employer's own file says of their numbers.
    fn group<T>(
        &self,
        human: PersonId,
        declared: impl Fn(&GroupDeclaration) -> Option<T>,
        filed: fn(Groups) -> Option<T>,
    ) -> Kept<T> {
        match self.erased.get(&human).and_then(|erased| erased.groups) {
            Some(on) if on <= self.month.last_day() => return Kept::Nothing,
            Some(_) => return Kept::LostSince,
            None => {}
        }
        match self.declared.get(&human) {
            Some(None) => return Kept::Nothing,
            Some(Some(reference)) => {
                let Some(group) = self.opened.declared.get(reference) else { return Kept::LostSince };
                return declared(group).map_or(Kept::Nothing, Kept::Is);
            }
            None => {}
        }
        let theirs = self.numbers.get(&human).into_iter().flatten();
        let mut told = theirs.filter_map(|(number, first)| {
            let (hired_on, group) = self.files.by(self.month.last_day(), number, filed)?;
            // A number that was given anew is somebody else.
            first.is_none_or(|first| first == hired_on).then_some(group)
        });
        told.next_back().map_or(Kept::Nothing, Kept::Is)
    }

    fn pay_of(&self, human: PersonId) -> Kept<()> {
        match self.erased.get(&human).and_then(|erased| erased.pay) {
            None => Kept::Is(()),
            Some(on) if on <= self.month.last_day() => Kept::Nothing,
            Some(_) => Kept::LostSince,
        }
    }

    fn offers(&self) -> impl Iterator<Item = (&'a Offer, Vec<Taken<'a>>)> {
        let (entity, end) = (self.legal_entity, self.month.last_day());
        self.history.offers.values().filter(move |offer| offer.legal_entity == entity).map(move |offer| {
            let steps = offer.steps.iter().filter(|(_, (on, _))| *on <= end);
            (offer, steps.map(|(at, (on, step))| (*at, *on, step)).collect())
        })
    }

    /// Everybody who ever accepted an offer that is in force at the end of the month, by their latest one.
    pub(super) fn returners(&self, numbers: &mut Numbers) -> Vec<Returner<'a>> {
        let mut latest: BTreeMap<PersonId, Returner<'a>> = BTreeMap::new();
        for (offer, steps) in self.offers() {
            let (mut found, mut asked, mut granted, mut accepted) = (None, None, None, None);
            let mut carried_out = (0_i64, false);
            for (_, on, step) in steps {
                match step {
                    Step::Revised => (found, asked, granted) = (None, None, None),
                    Step::Assessed(one) => (found, asked, granted) = (Some(one.as_ref()), None, None),
                    Step::ExceptionRequested(remedy) => asked = remedy.as_ref(),
                    Step::ExceptionGranted => granted = asked,
                    Step::Accepted => accepted = Some(on),
                    Step::Remedied(amount, fulfilled) => {
                        carried_out = (carried_out.0.saturating_add(*amount), *fulfilled);
                    }
                    Step::Ended => accepted = None,
                    Step::ApprovalRequested | Step::Approved(..) | Step::Extended => {}
                }
            }
            let Some(accepted_on) = accepted else { continue };
            let human = self.human(offer.person);
            let kept = self.pay_of(human);
            let (found, lost) = (found.filter(|_| kept != Kept::Nothing), kept == Kept::LostSince);
            if latest.get(&human).is_none_or(|known| known.accepted_on <= accepted_on) {
                let who = numbers.who(Who::Person(human));
                latest.insert(human, Returner { who, found, lost, accepted_on, remedy: granted, carried_out });
            }
        }
        latest.into_values().collect()
    }

    /// Those of them who accepted within the window.
    pub(super) fn recent_returners(&self, numbers: &mut Numbers) -> Vec<Returner<'a>> {
        let mut recent = self.returners(numbers);
        recent.retain(|one| self.is_within(one.accepted_on));
        recent
    }

    /// The offers that were approved within the window: of everybody the latest.
    pub(super) fn decisions(&self, numbers: &mut Numbers) -> Vec<Decision<'a>> {
        let mut latest: BTreeMap<PersonId, (DateTime<Utc>, Decision<'a>)> = BTreeMap::new();
        for (offer, steps) in self.offers() {
            let (mut assessed, mut exception, mut asked, mut approvers) = (false, false, None, BTreeSet::new());
            let mut done = None;
            for (at, on, step) in steps {
                match step {
                    Step::Revised => (assessed, exception) = (false, false),
                    Step::Assessed(_) => (assessed, exception) = (true, false),
                    Step::ExceptionGranted => exception = true,
                    Step::ApprovalRequested => (asked, approvers) = (Some(at), BTreeSet::new()),
                    Step::Approved(by, last) => {
                        approvers.insert(*by);
                        if let Some(asked) = asked.filter(|_| *last) {
                            done = Some((at, on, at - asked, approvers.clone(), assessed, exception));
                        }
                    }
                    Step::ExceptionRequested(_)
                    | Step::Extended
                    | Step::Accepted
                    | Step::Remedied(..)
                    | Step::Ended => {}
                }
            }
            let Some((at, on, took, approvers, assessed, exception)) = done else { continue };
            let human = self.human(offer.person);
            if !self.is_within(on) || latest.get(&human).is_some_and(|(known, _)| *known > at) {
                continue;
            }
            let hours = Fraction::new(took.num_seconds().into(), 3600).unwrap_or(Fraction::ZERO);
            let kept = self.pay_of(human);
            let decision = Decision {
                who: numbers.who(Who::Person(human)),
                unit: offer.unit.as_deref(),
                assessed: assessed && kept != Kept::Nothing,
                exception,
                hours,
                approvers,
                sex: self.sex(human),
                lost: kept == Kept::LostSince,
            };
            latest.insert(human, (at, decision));
        }
        latest.into_values().map(|(_, decision)| decision).collect()
    }

    fn latest_file(&self) -> Option<&'a (SnapshotId, Snapshot)> {
        let end = self.month.last_day();
        let known = self.history.snapshots_of(self.legal_entity, end).filter(|(_, one)| one.as_of <= end);
        known.max_by_key(|(_, one)| one.as_of)
    }

    /// Whom a file tells of, where they left once and came back.
    fn came_back(&self, worker: &Worker) -> Option<PersonId> {
        // A number that was given anew since is somebody else's.
        let returned = self.returned.get(worker.employee_number.as_str());
        returned.filter(|(_, since)| worker.hired_on <= *since).map(|(human, _)| *human)
    }

    /// Tells the numbers who is one human being by the end of the month: of records that are linked, or were before, and of a record
    /// and the number under which somebody left or came back. Whoever was counted under either stays the same.
    pub(super) fn recognise(&self, numbers: &mut Numbers) {
        let end = self.month.last_day();
        for (_, (one, other, link)) in self.history.links.iter().filter(|(on, _)| *on <= end) {
            if *link == Link::Linked {
                numbers.same(Who::Person(*one), Who::Person(*other));
            }
        }
        for (human, theirs) in &self.numbers {
            for (number, first) in theirs {
                if let Some(hired_on) = first {
                    numbers.same(Who::Person(*human), Who::Worker(number.clone(), *hired_on));
                }
            }
        }
        for worker in self.latest_file().and_then(|(id, _)| self.opened.incumbents.get(id)).into_iter().flatten() {
            if let Some(human) = self.came_back(worker) {
                numbers.same(Who::Person(human), Who::Worker(worker.employee_number.clone(), worker.hired_on));
            }
        }
    }

    /// Who works here by the latest file of incumbents; contractors do not.
    pub(super) fn incumbents(&self, numbers: &mut Numbers) -> Vec<Incumbent<'a>> {
        let end = self.month.last_day();
        let Some((id, snapshot)) = self.latest_file() else { return Vec::new() };
        let bands = self.history.bands.iter().filter(|(on, one)| {
            *on <= end && one.legal_entity == self.legal_entity && one.effective_from <= snapshot.as_of
        });
        let bands = bands.map(|(_, one)| one).max_by_key(|one| one.effective_from);
        let bands: BTreeMap<(&str, &str, &str), i64> = bands
            .into_iter()
            .flat_map(|version| &version.bands)
            .map(|band| ((band.grade.as_str(), band.job_family.as_str(), band.location.as_str()), band.midpoint))
            .collect();
        let workers = self.opened.incumbents.get(id).into_iter().flatten();
        let workers = workers.filter(|worker| worker.employment_type != EmploymentType::Contractor);
        let mut incumbents = Vec::new();
        for worker in workers {
            let human = self.came_back(worker);
            let file = (Who::Worker(worker.employee_number.clone(), worker.hired_on), worker.sex);
            // What somebody who came back declared themselves stands before the file.
            let theirs = human.map(|human| (Who::Person(human), self.sex(human)));
            let (who, sex) = theirs.unwrap_or_else(|| (file.0, file.1.map_or(Kept::Nothing, Kept::Is)));
            let place = worker.location.trim().to_lowercase();
            let midpoint = bands.get(&(worker.grade.as_str(), worker.job_family.as_str(), place.as_str())).copied();
            incumbents.push(Incumbent { who: numbers.who(who), sex, worker, midpoint, returner: human.is_some() });
        }
        incumbents
    }

    /// Those who came to a stage, each time they did, and whether they came further from there.
    fn candidates(&self, numbers: &mut Numbers, came: impl Iterator<Item = (PersonId, bool)>) -> Vec<Candidate> {
        let mut candidates: BTreeMap<PersonId, bool> = BTreeMap::new();
        for (person, further) in came {
            *candidates.entry(self.human(person)).or_default() |= further;
        }
        let candidate = |(human, further)| Candidate {
            who: numbers.who(Who::Person(human)),
            sex: self.sex(human),
            age_band: self.age_band(human),
            further,
        };
        candidates.into_iter().map(candidate).collect()
    }

    /// Those who were first invited within the window; further are those who applied since.
    pub(super) fn invited(&self, numbers: &mut Numbers) -> Vec<Candidate> {
        let mut last: BTreeMap<PersonId, NaiveDate> = BTreeMap::new();
        for (on, one) in self.applications() {
            let known = last.entry(self.human(one.person)).or_insert(*on);
            *known = (*known).max(*on);
        }
        let of_entity = self.history.departures.values().filter(|one| one.legal_entity == self.legal_entity);
        let invited = of_entity.filter_map(|one| Some((one.person, one.invited.filter(|on| self.is_within(*on))?)));
        let since = |(person, on)| (person, last.get(&self.human(person)).is_some_and(|applied| *applied >= on));
        self.candidates(numbers, invited.map(since))
    }

    /// Those who applied within the window; further are those to whom an offer went out in the same case.
    pub(super) fn applied(&self, numbers: &mut Numbers) -> Vec<Candidate> {
        let offered = self.cases(|step| matches!(step, Step::Extended), |_| true);
        let applied = self.applications().filter(|(on, _)| self.is_within(*on));
        self.candidates(numbers, applied.map(|(_, one)| (one.person, offered.contains_key(&one.application))))
    }

    /// Those to whom an offer went out within the window; further are those who accepted one in the same case.
    pub(super) fn offered(&self, numbers: &mut Numbers) -> Vec<Candidate> {
        let accepted = self.cases(|step| matches!(step, Step::Accepted), |_| true);
        let offered = self.cases(|step| matches!(step, Step::Extended), |on| self.is_within(on));
        let offered = offered.into_iter().map(|(case, person)| (person, accepted.contains_key(&case)));
        self.candidates(numbers, offered)
    }

    fn applications(&self) -> impl Iterator<Item = &'a (NaiveDate, Applied)> {
        let (entity, end) = (self.legal_entity, self.month.last_day());
        self.history.applied.iter().filter(move |(on, one)| *on <= end && one.legal_entity == entity)
    }

    /// The cases in which an offer came to a step, and whose they are.
    fn cases(&self, what: fn(&Step) -> bool, when: impl Fn(NaiveDate) -> bool) -> BTreeMap<Uuid, PersonId> {
        let came = self.offers().filter(|(_, steps)| steps.iter().any(|(_, on, step)| what(step) && when(*on)));
        came.map(|(offer, _)| (offer.application, offer.person)).collect()
    }
}

/// Which record stands for each human being, as far as links reach: the first of them.
fn same_humans(history: &History, end: NaiveDate) -> BTreeMap<PersonId, PersonId> {
    let mut pairs: BTreeSet<(PersonId, PersonId)> = BTreeSet::new();
    for (_, (one, other, link)) in history.links.iter().filter(|(on, _)| *on <= end) {
        let pair = (*one.min(other), *one.max(other));
        match link {
            Link::Linked => pairs.insert(pair),
            Link::Unlinked => pairs.remove(&pair),
        };
    }
    let mut first: BTreeMap<PersonId, PersonId> = BTreeMap::new();
    for (one, other) in pairs {
        let (one, other) = (first_of(&first, one), first_of(&first, other));
        first.insert(one.max(other), one.min(other));
    }
    first.keys().map(|record| (*record, first_of(&first, *record))).collect()
}

/// Follows a record to the first one; each leads to an earlier one or to itself.
fn first_of<T: Copy + Ord>(first: &BTreeMap<T, T>, mut record: T) -> T {
    while let Some(earlier) = first.get(&record).filter(|earlier| **earlier != record) {
        record = *earlier;
    }
    record
}

/// People on their way into a part of a row.
#[derive(Default)]
pub(super) struct Gathered {
    members: Vec<(u32, Vec<Fraction>)>,
    lost: usize,
}

impl Gathered {
    /// Adds somebody; one whose data was erased since counts as lost.
    pub(super) fn add(&mut self, who: u32, values: &[Fraction], lost: bool) {
        if lost {
            self.lost += 1;
        } else {
            self.members.push((who, values.to_vec()));
        }
    }

    /// Somebody may have been here, and cannot be found any more.
    pub(super) fn lose(&mut self) {
        self.lost += 1;
    }

    /// Whether nobody is here or was.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.lost == 0
    }

    /// A part of a row.
    pub(super) fn part(self, numbers: &mut Numbers) -> Part {
        Part { group: numbers.group(self.members), may_be_empty: false, lost: self.lost }
    }

    /// Those of another part of whom something is true, which may be nobody.
    pub(super) fn some(self, numbers: &mut Numbers) -> Part {
        Part { may_be_empty: true, ..self.part(numbers) }
    }
}
