//! What the assessment of an offer's pay reads: the policy in force, the band, the peers, those who stayed, the manager, and
//! the returner's last period of employment. First it is settled what is read (the basis, which the event records), then it
//! is read: a replay does the second alone, from the recorded basis.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aggregates::ids::{ActorId, PayPolicyId, PersonId};
use aggregates::incumbents::{CohortRef, Entry, Snapshot};
use aggregates::offer::{
    BandsPin, Basis, Manager, OverdueRemedy, PayException, PeersNow, PolicyPin, Priced, SnapshotPin, Terms, TermsHash,
};
use aggregates::pay::{
    BY_FAMILY, Cohort, EXPLANATION_DAYS, FOLLOWED_MONTHS, Facts, HistoryBan, OfferedPay, PolicyTerms, Qualification,
    RULES, RangeDisclosure, RegularComparison, SMALLEST_GROUP, Stayer, Stint, enough_of_family, is_near, median,
    stayer_candidates,
};
use aggregates::pay_bands::BandVersion;
use aggregates::pay_policy::PayPolicy;
use aggregates::requisition::Line;
use chrono::{Days, NaiveDate};
use projections::departures::{self, Departure};
use projections::fairness_ledger::{PayDecision, RemedyState};
use projections::{incumbent_snapshots, pay_bands};
use serde::Serialize;
use serde_json::json;

use super::application::Missing;
use super::archive::{Archive, Hashed};
use super::offer::CaseOfOffer;
use super::reports::{hiring_manager, in_line};
use super::{AsOf, SameHuman, documents};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{StoreError, StreamKey, micros};
use crate::printed::sha256;

/// Beside the terms, what an offer's pay is assessed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What the returner is able to do.
    pub qualification: Qualification,
    /// The offer beside regular workers (PAY-01).
    pub comparison: Option<RegularComparison>,
    /// The number of the manager; the hiring manager's where none is named.
    pub manager_employee_number: Option<String>,
}

/// What an assessment reads, and the streams whose change would make it another.
pub struct Pricing {
    /// What it rests on, and the facts.
    pub priced: Priced,
    /// The streams, each with the version read.
    pub guards: Vec<(StreamKey, i64)>,
}

/// The sources of an assessment, as the basis names them.
#[derive(Default)]
pub struct Sources {
    /// The bands in force.
    pub bands: Option<Arc<Hashed<BandVersion>>>,
    /// The bands at the exit.
    pub bands_at_exit: Option<Arc<Hashed<BandVersion>>>,
    /// The snapshot of the peers.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The snapshot that says who worked beside the returner.
    pub snapshot_at_exit: Option<Arc<Snapshot>>,
}

/// The pay policy that governs an entity on a day, with its id, version, and the version of its stream.
async fn governing(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    on: NaiveDate,
) -> Result<Option<(PayPolicyId, u32, PolicyTerms, BTreeSet<ActorId>, i64)>, LoadError> {
    let ledger = dispatcher.ledger();
    let keys = [legal_entity.to_owned()];
    let holders = ledger.claim_holders(&employer.name, "pay_policy", &keys, micros(ledger.now())).await?;
    let Some(id) = holders.into_iter().flatten().next() else { return Ok(None) };
    let loaded = dispatcher.load::<PayPolicy>(employer, id).await?;
    let Some(governing) = loaded.state.governing(on) else { return Ok(None) };
    let edited = loaded.state.standing().map(|standing| standing.edited_lately(on)).unwrap_or_default();
    Ok(Some((PayPolicyId(id), governing.version, governing.terms.clone(), edited, loaded.version)))
}

/// Whether the pay policy that governs an entity today wants candidates told the pay range before an interview (PAY-05), and
/// the stream that says so.
pub async fn range_first(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<(bool, Vec<(StreamKey, i64)>), LoadError> {
    let on = employer.local_date(dispatcher.ledger().now());
    let Some((id, _, policy, _, version)) = governing(dispatcher, employer, legal_entity, on).await? else {
        return Ok((false, Vec::new()));
    };
    let first = policy.range_disclosure == RangeDisclosure::BeforeInterview;
    Ok((first, vec![(Dispatcher::stream::<PayPolicy>(employer, id.0), version)]))
}

/// k as the policy that governs an entity on a day lays it down: nobody is told of a smaller group, nor compared with one
/// (MON-06).
pub async fn smallest_group(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    on: NaiveDate,
) -> Result<usize, LoadError> {
    let policy = governing(dispatcher, employer, legal_entity, on).await?;
    let people = policy.map_or(SMALLEST_GROUP, |(_, _, terms, ..)| terms.smallest_group);
    Ok(usize::try_from(people).unwrap_or(usize::MAX))
}

/// Within how many days a question about conditions is answered today (PAY-02).
pub async fn explanation_days(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<u32, LoadError> {
    let on = employer.local_date(dispatcher.ledger().now());
    let policy = governing(dispatcher, employer, legal_entity, on).await?;
    Ok(policy.map_or(EXPLANATION_DAYS, |(_, _, terms, ..)| terms.explanation_days))
}

/// For how many months after the return the policy that governed an entity on a day follows changes of pay.
pub async fn followed_months(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    on: NaiveDate,
) -> Result<u32, LoadError> {
    let policy = governing(dispatcher, employer, legal_entity, on).await?;
    Ok(policy.map_or(FOLLOWED_MONTHS, |(_, _, terms, ..)| terms.followed_months))
}

/// Who edited the policy or the bands of an offer's entity within the days that bar from proposing and approving (PAY-24).
pub async fn editors(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<BTreeSet<ActorId>, Missing> {
    let on = employer.local_date(dispatcher.ledger().now());
    let policy = governing(dispatcher, employer, legal_entity, on).await?;
    let mut editors = policy.map(|(_, _, _, edited, _)| edited).unwrap_or_default();
    editors.extend(band_editors(&all_bands(dispatcher, employer, legal_entity).await?, on));
    Ok(editors)
}

/// Whether an offer is measured by what is in force.
pub struct Measured {
    /// What is in force instead: `the pay policy`, `the pay bands`, or `whoever leads the hiring line`.
    pub changed: Option<&'static str>,
    /// The stream of the policy that governs.
    pub guard: Option<(StreamKey, i64)>,
}

/// What is in force today instead of what an offer was measured by: its pay policy, the bands, or the line of the position.
pub async fn measure_changed(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    basis: &Basis,
    line: Option<&Line>,
    on: NaiveDate,
) -> Result<Measured, Missing> {
    // Where none governs any more, there is nothing else to measure by.
    let Some((policy, version, _, _, stream)) = governing(dispatcher, employer, legal_entity, on).await? else {
        return Ok(Measured { changed: None, guard: None });
    };
    let pin = &basis.policy;
    let guard = Some((Dispatcher::stream::<PayPolicy>(employer, policy.0), stream));
    if (policy, version) != (pin.policy_id, pin.version) {
        return Ok(Measured { changed: Some("the pay policy"), guard });
    }
    let known = all_bands(dispatcher, employer, legal_entity).await?;
    let bands = latest_bands(&known, on).map(|bands| bands.pay_bands_id);
    // An assessment of an earlier build names no line.
    let other_line = basis.line.as_ref().zip(line).is_some_and(|(then, now)| then != now);
    let changed = if bands == basis.bands.as_ref().map(|pin| pin.bands_id) {
        other_line.then_some("whoever leads the hiring line")
    } else {
        Some("the pay bands")
    };
    Ok(Measured { changed, guard })
}

/// The bands in force on a day: of those that had begun the ones that began last.
fn latest_bands(known: &[pay_bands::PayBands], on: NaiveDate) -> Option<&pay_bands::PayBands> {
    let begun = known.iter().filter(|one| one.effective_from <= on);
    begun.max_by_key(|one| (one.effective_from, one.imported_position))
}

/// The day of the snapshot that an assessment rests on, and for how many days its policy relies on one, where that is over.
pub async fn stale_snapshot(
    dispatcher: &Dispatcher,
    employer: &Employer,
    basis: &Basis,
    on: NaiveDate,
) -> Result<Option<(NaiveDate, u32)>, LoadError> {
    let Some(snapshot) = &basis.snapshot else { return Ok(None) };
    let policy = Archive::of(dispatcher, employer).policy(basis.policy.policy_id, basis.policy.version).await?;
    let days = policy.map(|policy| policy.value.terms.snapshot_days);
    Ok(days.filter(|days| snapshot.is_stale(*days, on)).map(|days| (snapshot.as_of, days)))
}

async fn all_bands(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<Vec<pay_bands::PayBands>, Missing> {
    let of_entity = vec![("legal_entity", vec![legal_entity.to_owned()])];
    documents(dispatcher, employer, of_entity, |_| true).await?.ok_or(Missing::Behind)
}

fn band_editors(bands: &[pay_bands::PayBands], on: NaiveDate) -> BTreeSet<ActorId> {
    let lately = |one: &&pay_bands::PayBands| {
        let since = one.imported_on.max(one.effective_from);
        let until = since.checked_add_days(Days::new(aggregates::pay_policy::EDIT_DAYS));
        one.approval_ref.is_none() && until.is_none_or(|until| on < until)
    };
    bands.iter().filter(lately).map(|one| one.imported_by).collect()
}

/// What the pay of an offer is assessed by, today; nothing under pay policy 0.
pub async fn price(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &CaseOfOffer,
    terms: &Terms,
    beside: &Beside,
) -> Result<Option<Pricing>, Missing> {
    let on = employer.local_date(dispatcher.ledger().now());
    let entity = case.application.legal_entity.as_str();
    let Some((policy_id, version, policy, mut edited, policy_stream)) =
        governing(dispatcher, employer, entity, on).await?
    else {
        return Ok(None);
    };
    let guards = vec![(Dispatcher::stream::<PayPolicy>(employer, policy_id.0), policy_stream)];
    let known = all_bands(dispatcher, employer, entity).await?;
    edited.extend(band_editors(&known, on));
    let snapshots = snapshots(dispatcher, employer, entity).await?;
    let mut stint = last_stint(dispatcher, employer, case.application.person_id, entity).await?;
    if let (HistoryBan::Banned, Some(stint)) = (policy.history_ban, &mut stint) {
        // What they earned at exit is neither read nor recorded (PAY-07).
        stint.base = None;
    }
    let left_on = stint.as_ref().map(|stint| stint.left_on);

    let archive = Archive::keeping(dispatcher, employer, Arc::default());
    let (bands, bands_pin) = bands_on(&archive, &known, Some(on)).await?;
    let (bands_at_exit, bands_at_exit_pin) = bands_on(&archive, &known, left_on).await?;
    let (snapshot, mut snapshot_pin) = snapshot_within(&archive, &snapshots, Some(on), None).await?;
    let (snapshot_at_exit, mut exit_pin) =
        snapshot_within(&archive, &snapshots, left_on, Some(policy.stayer_snapshot_days)).await?;

    let job_family = case.requisition.job_family.clone().unwrap_or_default();
    let location = zone(told(bands.as_ref()), terms, case.requisition.location.as_deref(), &job_family);
    let offered = OfferedPay {
        grade: terms.grade.clone(),
        job_family,
        location,
        employment_type: terms.employment_type,
        base: terms.pay.base.clone(),
        sign_on: terms.pay.paid_once(),
        every_year: terms.beside_base_a_year(),
        starts_on: Some(terms.starts_on),
        items: terms.compared_items(policy.full_time_hours),
    };
    if let (Some(snapshot), Some(pin)) = (&snapshot, &mut snapshot_pin) {
        pin.cohorts = compared_with(&archive, &policy, snapshot, &offered, on).await?;
    }
    if let (Some(snapshot), Some(pin), Some(stint)) = (&snapshot_at_exit, &mut exit_pin, &stint) {
        let (grade, family) = (stint.grade.as_deref(), stint.job_family.as_deref());
        let grades = grades_beside(RULES, stint, bands_at_exit.as_ref().or(bands.as_ref()));
        let beside = |one: &&CohortRef| {
            family == Some(&*one.job_family) && grade.is_some_and(|grade| is_near(&grades, grade, &one.grade))
        };
        pin.cohorts = snapshot.cohorts.iter().filter(beside).cloned().collect();
    }
    let sources = Sources { bands, bands_at_exit, snapshot, snapshot_at_exit };
    let manager = manager(&archive, sources.snapshot.as_deref(), case, beside).await?;
    let mut basis = Basis {
        on,
        policy: PolicyPin { policy_id, version, sha256: hash(&policy)? },
        bands: bands_pin,
        bands_at_exit: bands_at_exit_pin,
        snapshot: snapshot_pin,
        snapshot_at_exit: exit_pin,
        offered,
        qualification: beside.qualification.clone(),
        comparison: beside.comparison.clone(),
        rules: RULES,
        range_told: match policy.range_disclosure {
            RangeDisclosure::NotRequired => None,
            RangeDisclosure::BeforeInterview => {
                let told = case.application.disclosed_range.as_ref();
                let range = case.requisition.pay_range.as_ref();
                Some(told.is_some_and(|told| told.is_of(case.application.requisition_id, range)))
            }
        },
        stint,
        manager: manager.map(|employee_number| Manager { employee_number, base: None }),
        line: Some(case.requisition.line.clone()),
        in_line: in_line(dispatcher, employer, &case.requisition.line, &policy).await?,
        overdue_remedies: Vec::new(),
    };
    let line = &case.application.line;
    basis.overdue_remedies = overdue_remedies(dispatcher, employer, entity, line, Some(&basis.offered), on).await?;
    let facts = read(&archive, &policy, &basis, &sources).await?;
    if let Some(manager) = &mut basis.manager {
        manager.base = facts.manager;
    }
    Ok(Some(Pricing { priced: Priced { basis, policy, facts, edited_lately: edited }, guards }))
}

/// The manager that an offer is compared with: whoever the proposer names, or the position's hiring manager; the lower paid of
/// the two where a snapshot knows both, since whoever is named takes nobody's place.
async fn manager(
    archive: &Archive<'_>,
    snapshot: Option<&Snapshot>,
    case: &CaseOfOffer,
    beside: &Beside,
) -> Result<Option<String>, Missing> {
    let hiring = hiring_manager(archive.dispatcher, archive.employer, case).await?;
    let managers: Vec<String> = beside.manager_employee_number.clone().into_iter().chain(hiring).collect();
    let known = directory(archive, snapshot, managers.iter().map(String::as_str)).await?;
    let paid = managers.iter().filter_map(|number| known.get(number).map(|entry| (entry.base, number)));
    Ok(paid.min().map(|(_, number)| number).or(managers.first()).cloned())
}

/// The plans to remedy that are overdue on a day (PAY-28): of a unit, or of the entity's offers that belong to none; and of offers
/// of the same grade, job family and zone whatever their unit is called, since they overtook the same people.
pub async fn overdue_remedies(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    line: &Line,
    offered: Option<&OfferedPay>,
    on: NaiveDate,
) -> Result<Vec<OverdueRemedy>, Missing> {
    let open = vec![
        ("legal_entity", vec![legal_entity.to_owned()]),
        ("remedy", vec![<&str>::from(RemedyState::Open).to_owned()]),
    ];
    let place = |offered: &OfferedPay| (offered.grade.clone(), offered.job_family.clone(), offered.location.clone());
    let of_unit = |one: &PayDecision| {
        let then = one.finding.as_ref().and_then(|finding| finding.offered.as_ref());
        let same_people = then.zip(offered).is_some_and(|(then, offered)| place(then) == place(offered));
        (one.unit == line.approver_unit || same_people) && one.remedy_due_on.is_some_and(|due| due < on)
    };
    let found = documents::<PayDecision>(dispatcher, employer, open, of_unit).await?.ok_or(Missing::Behind)?;
    let overdue = |one: PayDecision| Some(OverdueRemedy { offer_id: one.id, due_on: one.remedy_due_on? });
    let mut overdue: Vec<OverdueRemedy> = found.into_iter().filter_map(overdue).collect();
    overdue.sort_unstable();
    Ok(overdue)
}

/// The policy and the facts that a basis names; nothing where its policy does not stand in the log.
pub async fn priced_by(
    dispatcher: &Dispatcher,
    employer: &Employer,
    basis: &Basis,
) -> Result<Option<(PolicyTerms, Facts)>, LoadError> {
    let archive = Archive::of(dispatcher, employer);
    let Some(policy) = archive.policy(basis.policy.policy_id, basis.policy.version).await? else { return Ok(None) };
    let sources = sources(&archive, basis).await?;
    let facts = read(&archive, &policy.value.terms, basis, &sources).await?;
    Ok(Some((policy.value.terms.clone(), facts)))
}

/// What somebody earns by a snapshot. A number that was given anew after they began is somebody else's.
pub async fn own_base(
    dispatcher: &Dispatcher,
    employer: &Employer,
    snapshot: &Snapshot,
    employee_number: &str,
    started_on: NaiveDate,
) -> Result<Option<i64>, LoadError> {
    let archive = Archive::of(dispatcher, employer);
    let own = directory(&archive, Some(snapshot), Some(employee_number)).await?;
    Ok(own.into_values().find(|entry| entry.hired_on <= started_on).map(|entry| entry.base))
}

/// Those in the grade and job family that was offered, as a snapshot knows them, but for one number; nothing of what they earn
/// where they are fewer than the smallest group.
pub async fn peers_now(
    dispatcher: &Dispatcher,
    employer: &Employer,
    snapshot: &Snapshot,
    employee_number: &str,
    offered: &OfferedPay,
    smallest_group: usize,
) -> Result<PeersNow, LoadError> {
    let families = BTreeSet::from([offered.job_family.clone()]);
    let archive = Archive::of(dispatcher, employer);
    let mut bases = Vec::new();
    for one in snapshot.cohorts_of(&offered.grade, &families) {
        let Some(cohort) = archive.cohort(one.part.0).await? else { continue };
        let others = cohort.value.members.iter().filter(|member| member.employee_number != employee_number);
        bases.extend(others.map(|member| member.base));
    }
    let size = u32::try_from(bases.len()).unwrap_or(u32::MAX);
    Ok(PeersNow { size, median: median(bases, smallest_group) })
}

/// The sources that a basis names, as they stand in the log.
pub async fn sources(archive: &Archive<'_>, basis: &Basis) -> Result<Sources, LoadError> {
    let mut sources = Sources::default();
    if let Some(pin) = &basis.bands {
        sources.bands = archive.bands(pin.bands_id).await?;
    }
    if let Some(pin) = &basis.bands_at_exit {
        sources.bands_at_exit = archive.bands(pin.bands_id).await?;
    }
    if let Some(pin) = &basis.snapshot {
        sources.snapshot = archive.snapshot(pin.snapshot_id).await?;
    }
    if let Some(pin) = &basis.snapshot_at_exit {
        sources.snapshot_at_exit = archive.snapshot(pin.snapshot_id).await?;
    }
    Ok(sources)
}

/// Reads what a basis names, and nothing else.
pub async fn read(
    archive: &Archive<'_>,
    policy: &PolicyTerms,
    basis: &Basis,
    sources: &Sources,
) -> Result<Facts, LoadError> {
    let offered = &basis.offered;
    let cohorts = cohorts(archive, basis.snapshot.as_ref()).await?;
    let (bands, bands_at_exit) = (told(sources.bands.as_ref()), told(sources.bands_at_exit.as_ref()));
    let band = bands.and_then(|version| {
        let band = version.band(&offered.grade, &offered.job_family, &offered.location)?;
        Some((version.effective_from, band.clone()))
    });
    let at_exit = |version: Option<&BandVersion>| {
        let stint = basis.stint.as_ref()?;
        let (grade, family) = (stint.grade.as_deref()?, stint.job_family.as_deref()?);
        version?.band(grade, family, &folded(stint.location.as_deref()?)).cloned()
    };
    // Midpoints of two currencies are not compared.
    let bands_at_exit = bands_at_exit.filter(|version| version.currency == policy.currency);
    let exit_bands = (at_exit(bands_at_exit), at_exit(bands));
    let number = basis.manager.as_ref().map(|manager| manager.employee_number.as_str());
    let manager = directory(archive, sources.snapshot.as_deref(), number).await?;
    // A source in another currency than the policy's is compared with nothing: the assessment refuses it by that.
    let sources_now = [bands.map(|bands| &bands.currency), sources.snapshot.as_ref().map(|one| &one.currency)];
    let currency = sources_now.into_iter().flatten().find(|currency| **currency != policy.currency);
    Ok(Facts {
        on: basis.on,
        currency: currency.unwrap_or(&policy.currency).clone(),
        offered: offered.clone(),
        qualification: basis.qualification.clone(),
        comparison: basis.comparison.clone(),
        band,
        cohorts,
        stayers: stayers(archive, policy, basis, sources).await?,
        manager: manager.into_values().next().map(|entry| entry.base),
        stint: basis.stint.clone(),
        rules: basis.rules,
        range_told: basis.range_told,
        exit_bands,
        grades: bands.map(|bands| ranked_now(bands, basis)).unwrap_or_default(),
        left_out: sources.snapshot.as_ref().map(|snapshot| snapshot.left_out),
        overdue_remedies: basis.overdue_remedies.len(),
    })
}

fn told<T>(read: Option<&Arc<Hashed<T>>>) -> Option<&T> {
    read.map(|read| &read.value)
}

/// Those who worked beside the returner at the exit and are here still, with what they earn now.
async fn stayers(
    archive: &Archive<'_>,
    policy: &PolicyTerms,
    basis: &Basis,
    sources: &Sources,
) -> Result<Option<Vec<Stayer>>, LoadError> {
    let (Some(stint), Some(pin)) = (&basis.stint, &basis.snapshot_at_exit) else { return Ok(None) };
    let at_exit = cohorts(archive, Some(pin)).await?;
    let grades = grades_beside(basis.rules, stint, sources.bands_at_exit.as_ref().or(sources.bands.as_ref()));
    let candidates = stayer_candidates(policy, stint, &grades, &at_exit);
    let now = directory(archive, sources.snapshot.as_deref(), candidates.keys().copied()).await?;
    // The same first day: a number that was given anew is somebody else.
    let stayed = |(number, hired_on): (&&str, &NaiveDate)| {
        let entry = now.get(*number).filter(|entry| entry.hired_on == *hired_on)?;
        Some(Stayer { employee_number: entry.employee_number.clone(), base: entry.base })
    };
    Ok(Some(candidates.iter().filter_map(stayed).collect()))
}

/// The grades in ascending order as bands rank them for whoever worked beside the returner: in the family that they left.
fn grades_beside(rules: u32, stint: &Stint, bands: Option<&Arc<Hashed<BandVersion>>>) -> Vec<String> {
    let Some(bands) = told(bands) else { return Vec::new() };
    match (&stint.grade, &stint.job_family) {
        (Some(grade), Some(family)) if rules >= BY_FAMILY => bands.ranking(&[family], &[grade]),
        _ => bands.grades(),
    }
}

/// The grades in ascending order as the bands in force rank them: in the family that is offered, or else in the one that the
/// returner left, where it knows both grades.
fn ranked_now(bands: &BandVersion, basis: &Basis) -> Vec<String> {
    let (offered, stint) = (&basis.offered, basis.stint.as_ref());
    match stint.and_then(|stint| stint.grade.as_deref()) {
        Some(left) if basis.rules >= BY_FAMILY => {
            let families = [Some(&*offered.job_family), stint.and_then(|stint| stint.job_family.as_deref())];
            bands.ranking(&families.into_iter().flatten().collect::<Vec<_>>(), &[left, &offered.grade])
        }
        _ => bands.grades(),
    }
}

/// The cohorts with which an offer is compared: of the family that is offered, and only where these are too few of all whose
/// families belong to one function.
pub async fn compared_with(
    archive: &Archive<'_>,
    policy: &PolicyTerms,
    snapshot: &Snapshot,
    offered: &OfferedPay,
    on: NaiveDate,
) -> Result<Vec<CohortRef>, LoadError> {
    let own = BTreeSet::from([offered.job_family.clone()]);
    let of_family: Vec<CohortRef> = snapshot.cohorts_of(&offered.grade, &own).cloned().collect();
    let mut read = Vec::with_capacity(of_family.len());
    for one in &of_family {
        read.extend(archive.cohort(one.part.0).await?);
    }
    if enough_of_family(policy, on, read.iter().map(|cohort| &cohort.value)) {
        return Ok(of_family);
    }
    Ok(snapshot.cohorts_of(&offered.grade, &policy.families(&offered.job_family)).cloned().collect())
}

async fn cohorts(archive: &Archive<'_>, pin: Option<&SnapshotPin>) -> Result<Vec<Cohort>, LoadError> {
    let mut cohorts = Vec::new();
    for one in pin.map(|pin| pin.cohorts.as_slice()).unwrap_or_default() {
        cohorts.extend(archive.cohort(one.part.0).await?.map(|cohort| cohort.value.clone()));
    }
    Ok(cohorts)
}

/// The directory's entries of these numbers; only the pages on which they stand are read.
async fn directory<'a>(
    archive: &Archive<'_>,
    snapshot: Option<&Snapshot>,
    numbers: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<String, Entry>, LoadError> {
    let mut found = BTreeMap::new();
    let Some(snapshot) = snapshot else { return Ok(found) };
    let mut wanted: BTreeMap<uuid::Uuid, BTreeSet<&str>> = BTreeMap::new();
    for number in numbers {
        if let Some(page) = snapshot.page_of(number) {
            wanted.entry(page.part.0).or_default().insert(number);
        }
    }
    for (page, numbers) in wanted {
        let Some(entries) = archive.page(page).await? else { continue };
        let asked = entries.value.iter().filter(|entry| numbers.contains(entry.employee_number.as_str()));
        found.extend(asked.map(|entry| (entry.employee_number.clone(), entry.clone())));
    }
    Ok(found)
}

async fn snapshots(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<Vec<incumbent_snapshots::IncumbentSnapshot>, Missing> {
    let of_entity = vec![("legal_entity", vec![legal_entity.to_owned()])];
    documents(dispatcher, employer, of_entity, |_| true).await?.ok_or(Missing::Behind)
}

/// The bands in force on a day, and what names them.
async fn bands_on(
    archive: &Archive<'_>,
    known: &[pay_bands::PayBands],
    on: Option<NaiveDate>,
) -> Result<(Option<Arc<Hashed<BandVersion>>>, Option<BandsPin>), LoadError> {
    let Some(latest) = on.and_then(|on| latest_bands(known, on)) else { return Ok((None, None)) };
    let version = archive.bands(latest.pay_bands_id).await?;
    let pin = version.as_ref().map(|version| BandsPin {
        bands_id: latest.pay_bands_id,
        version: version.value.version.clone(),
        sha256: version.value.sha256.clone(),
    });
    Ok((version, pin))
}

/// The latest snapshot up to a day, where it is no older than so many days.
async fn snapshot_within(
    archive: &Archive<'_>,
    known: &[incumbent_snapshots::IncumbentSnapshot],
    on: Option<NaiveDate>,
    days: Option<u32>,
) -> Result<(Option<Arc<Snapshot>>, Option<SnapshotPin>), LoadError> {
    let Some(on) = on else { return Ok((None, None)) };
    let oldest = days.and_then(|days| on.checked_sub_days(Days::new(days.into()))).unwrap_or(NaiveDate::MIN);
    let within = known.iter().filter(|one| (oldest..=on).contains(&one.as_of));
    let Some(latest) = within.max_by_key(|one| (one.as_of, one.imported_position)) else { return Ok((None, None)) };
    let snapshot = archive.snapshot(latest.snapshot_id).await?;
    let pin = snapshot.as_ref().map(|snapshot| SnapshotPin {
        snapshot_id: latest.snapshot_id,
        as_of: snapshot.as_of,
        sha256: snapshot.sha256.clone(),
        cohorts: Vec::new(),
    });
    Ok((snapshot, pin))
}

/// The returner's last period of employment with an entity, over all records that are one human being.
async fn last_stint(
    dispatcher: &Dispatcher,
    employer: &Employer,
    person: PersonId,
    legal_entity: &str,
) -> Result<Option<Stint>, Missing> {
    let human = SameHuman::of(dispatcher, employer, [person], AsOf::Now).await?.ok_or(Missing::Behind)?;
    let theirs = vec![
        ("person_id", human.records().map(|record| record.to_string()).collect()),
        ("legal_entity", vec![legal_entity.to_owned()]),
    ];
    let effective = |one: &Departure| one.state == departures::State::Effective;
    let departures = documents::<Departure>(dispatcher, employer, theirs, effective).await?.ok_or(Missing::Behind)?;
    let stints = departures.into_iter().filter_map(|one| {
        let employment = one.employment;
        Some(Stint {
            hired_on: employment.hired_on?,
            left_on: employment.left_on?,
            grade: employment.grade,
            job_family: employment.job_family,
            location: employment.location,
            base: employment.base_salary,
        })
    });
    Ok(stints.max_by_key(|stint| stint.left_on))
}

/// The zone that the offer's pay is compared in: the place of work where the bands name it, or the requisition's.
fn zone(bands: Option<&BandVersion>, terms: &Terms, requisition: Option<&str>, job_family: &str) -> String {
    let places = [terms.location.as_deref(), requisition].map(|place| place.map(folded));
    let banded = |place: &&String| bands.is_some_and(|bands| bands.band(&terms.grade, job_family, place).is_some());
    let mut places = places.iter().flatten();
    places.clone().find(banded).or_else(|| places.next_back()).cloned().unwrap_or_default()
}

/// Zones are compared without regard to case.
fn folded(place: &str) -> String {
    place.trim().to_lowercase()
}

/// SHA-256 of what something says as canonical JSON (RFC 8785), in hexadecimal. Member names are ASCII and every number is
/// an integer, so that sorted members without spaces are the canonical form.
pub fn hash(what: &impl Serialize) -> Result<String, StoreError> {
    let unencodable = |error: serde_json::Error| StoreError::Unreadable(error.to_string());
    Ok(sha256(serde_json::to_value(what).map_err(unencodable)?.to_string().as_bytes()))
}

/// The hash of everything that is approved (PAY-21): the terms, all that they were assessed by whatever the day and the line, and the
/// exception with its reasons and its plan. Its words are sealed and are not part of it.
pub fn approval_hash(terms: &Terms, basis: &Basis, exception: Option<&PayException>) -> Result<TermsHash, StoreError> {
    let exception = exception.map(|exception| {
        json!({
            "reasons": exception.reasons,
            "evidence_ref": exception.evidence_ref,
            "remedy": exception.remedy,
        })
    });
    let mut basis = serde_json::to_value(basis).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    if let Some(members) = basis.as_object_mut() {
        members.remove("on");
        // Who leads the line is no measure of pay: what was refused is not put anew under somebody else's (PAY-26).
        members.remove("line");
        members.remove("in_line");
    }
    hash(&json!({ "terms": terms, "basis": basis, "exception": exception }))
}
