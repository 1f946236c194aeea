//! Replay: every recorded assessment computed again from the log, with the policy, the bands and the snapshots that it names,
//! the hashes of what was to be approved and was, and the documents that went out of what was assessed. Every event that is read on the way
//! is held against the hash that was recorded of it. The same bytes, or each difference by name (AUD-05).

use std::collections::BTreeSet;
use std::sync::Arc;

use aggregates::incumbents::{IncumbentPart, IncumbentSnapshot, Snapshot};
use aggregates::offer::{
    Assessed, BandsPin, Basis, Extended, Offer, OfferEvent, PayException, SnapshotPin, Standing, Terms, TermsHash,
};
use aggregates::pay::{Assessment, PolicyTerms, Seat, assess};
use aggregates::pay_bands::{BandVersion, PayBands};
use aggregates::pay_policy::PayPolicy;
use aggregates::requisition::Line;
use aggregates::upcast::decode_stream;
use aggregates::versions::Governing;
use chrono::{DateTime, NaiveDate, Utc};
use cqrs_es::Aggregate as _;
use projections::offers;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::gather::archive::{Archive, Hashed, Kept};
use crate::gather::{documents_of, pay};
use crate::ledger::{Alteration, HashedEvent, Leaf, StoreError, StoredEvent, alterations};
use crate::offer_pack::Contents;

/// How many assessments are replayed at a time.
const LANES: usize = 8;
/// The event that tells of an assessment.
const ASSESSED: &str = "offer.assessed";
/// How many events are read at a time.
const PAGE: i64 = 500;
/// How many alterations of the log are named.
const MOST_ALTERED: usize = 1_000;
/// How many differences one replay names.
const MOST_DIFFERENCES: usize = 50;

/// What became of one assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replayed {
    /// The offer.
    pub offer_id: Uuid,
    /// Which version of its terms.
    pub version: u32,
    /// The tier that was recorded.
    #[schema(examples("D"))]
    pub tier: String,
    /// Whether the same bytes were found.
    pub identical: bool,
    /// What differs; up to fifty.
    pub differences: Vec<Difference>,
}

impl Replayed {
    /// An assessment that the stream of its offer does not tell.
    const fn untold(offer_id: Uuid, differences: Vec<Difference>) -> Self {
        Self { offer_id, version: 0, tier: String::new(), identical: false, differences }
    }

    /// One that the log tells of at this place of the stream.
    fn gone(offer_id: Uuid, sequence: i64, altered: Vec<Difference>) -> Self {
        let missing = Difference { at: "sequence".to_owned(), recorded: Value::from(sequence), found: Value::Null };
        Self::untold(offer_id, std::iter::once(missing).chain(altered).collect())
    }
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Where: an input by its name, an event by its place in an input, or a JSON pointer into the assessment.
    #[schema(examples("/ratios/peer_ratio"))]
    pub at: String,
    /// What is recorded.
    pub recorded: Value,
    /// What was found again.
    pub found: Value,
}

impl Difference {
    /// Something of an event of this stream that is not what was recorded.
    fn of(stream: &str, altered: &Alteration) -> Self {
        let Alteration { place, what, recorded, found } = altered;
        Self {
            at: format!("{stream}/events/{place}/{what}"),
            recorded: Value::from(recorded.as_str()),
            found: Value::from(found.as_str()),
        }
    }
}

/// What the stream of an offer tells.
#[derive(Default)]
struct Told {
    /// Its assessments, oldest first.
    decisions: Vec<Decision>,
    /// What of its events is not what was recorded, and where it cannot be read any further.
    altered: Vec<Difference>,
    /// Where it ends.
    last: i64,
}

/// An assessment as the stream of its offer tells it.
struct Decision {
    /// The place of its event in the stream.
    sequence: i64,
    /// The terms that were assessed.
    terms: Option<Terms>,
    assessed: Assessed,
    /// What stands in the log of it, with every member that no type knows.
    written: Value,
    /// The local day on which it was recorded.
    recorded_on: Option<NaiveDate>,
    /// Who leads the hiring line of the case.
    line: Line,
    /// The exceptions that were asked for, each with the terms and the hash that was to be approved from then on.
    exceptions: Vec<(Terms, TermsHash, PayException)>,
    /// What of that which followed, up to the next assessment, is not of what was assessed.
    strayed: Vec<Difference>,
    /// What of the offer's events, up to the next assessment, is not what was recorded.
    altered: Vec<Difference>,
}

/// The assessments of an offer as they are recorded, oldest first.
pub async fn assessments(
    dispatcher: &Dispatcher,
    employer: &Employer,
    offer: Uuid,
) -> Result<Vec<Assessed>, LoadError> {
    let mut assessments = Vec::new();
    for stored in dispatcher.ledger().load(Dispatcher::stream::<Offer>(employer, offer)).await? {
        if stored.event_type == ASSESSED {
            let assessed = |event| if let OfferEvent::Assessed(assessed) = event { Some(*assessed) } else { None };
            assessments.extend(events(&stored)?.into_iter().filter_map(assessed));
        }
    }
    Ok(assessments)
}

fn events(stored: &StoredEvent) -> Result<Vec<OfferEvent>, LoadError> {
    let leaf = read(stored)?;
    let version = u32::try_from(stored.event_version).unwrap_or(u32::MAX);
    Ok(decode_stream::<Offer>(&stored.event_type, version, leaf.payload.get())?)
}

fn read(stored: &StoredEvent) -> Result<Leaf<'_>, LoadError> {
    Leaf::read(&stored.leaf).map_err(LoadError::unreadable)
}

async fn told(dispatcher: &Dispatcher, employer: &Employer, offer: Uuid) -> Result<Told, LoadError> {
    let stream = Dispatcher::stream::<Offer>(employer, offer);
    let events = dispatcher.ledger().hashed(&stream).await?;
    let mut altered = alterations(&stream, &events).into_iter().peekable();
    let (mut told, mut state) = (Told::default(), Offer::default());
    told.last = events.last().map_or(0, |last| last.event.sequence);
    for HashedEvent { event, .. } in &events {
        let mut differences = Vec::new();
        while let Some(one) = altered.next_if(|one| one.place == event.sequence) {
            differences.push(Difference::of("offer", &one));
        }
        let readable = told.take(employer, &mut state, event);
        if let Err(why) = &readable {
            let at = format!("offer/events/{}", event.sequence);
            differences.push(Difference { at, recorded: Value::Null, found: Value::from(why.to_string()) });
        }
        // What is altered concerns whatever was assessed up to here, and what followed.
        told.altered.extend(differences.iter().cloned());
        if let Some(decision) = told.decisions.last_mut() {
            decision.altered.clone_from(&told.altered);
        }
        if readable.is_err() {
            break;
        }
    }
    Ok(told)
}

impl Told {
    /// Takes the next event in, unless it cannot be read.
    fn take(&mut self, employer: &Employer, state: &mut Offer, stored: &StoredEvent) -> Result<(), LoadError> {
        for event in events(stored)? {
            let strayed = after(state, &event)?;
            if let Some(decision) = self.decisions.last_mut() {
                decision.strayed.extend(strayed);
            }
            let Some(standing) = state.standing() else { continue };
            if let OfferEvent::Assessed(assessed) = event {
                let terms = (standing.version == assessed.version).then(|| standing.terms.clone());
                let leaf = read(stored)?;
                let at = DateTime::parse_from_rfc3339(&leaf.recorded_at).ok();
                self.decisions.push(Decision {
                    sequence: stored.sequence,
                    terms,
                    assessed: *assessed,
                    written: serde_json::from_str(leaf.payload.get()).map_err(LoadError::unreadable)?,
                    recorded_on: at.map(|at| employer.local_date(at.to_utc())),
                    line: standing.line.clone(),
                    exceptions: vec![],
                    strayed: vec![],
                    altered: vec![],
                });
            } else if let OfferEvent::ExceptionRequested { terms_hash, exception, .. } = event
                && let Some(decision) = self.decisions.last_mut()
            {
                decision.exceptions.push((standing.terms.clone(), terms_hash, *exception));
            }
        }
        Ok(())
    }
}

/// Takes an event in, and names what it says of other terms, or of other documents, than those that stood.
fn after(state: &mut Offer, event: &OfferEvent) -> Result<Vec<Difference>, LoadError> {
    let mut strayed = Vec::new();
    if let (Some(standing), Some((event, seen))) = (state.standing(), seen(event)) {
        compare_hash(&mut strayed, &format!("{event}/terms_hash"), seen, Some(&standing.terms_hash));
    }
    state.apply(event.clone());
    if let (Some(standing), OfferEvent::Extended(extended)) = (state.standing(), event) {
        same_documents(&mut strayed, standing, extended)?;
    }
    Ok(strayed)
}

/// The hash that somebody had before them, by the event that says so.
const fn seen(event: &OfferEvent) -> Option<(&'static str, &TermsHash)> {
    use OfferEvent as E;
    match event {
        E::ExceptionDecided { terms_hash, .. } => Some(("exception_decided", terms_hash)),
        E::ApprovalRequested { terms_hash, .. } => Some(("approval_requested", terms_hash)),
        E::Approved { terms_hash, .. } => Some(("approved", terms_hash)),
        E::SentBack { terms_hash, .. } => Some(("sent_back", terms_hash)),
        E::Refused { terms_hash, .. } => Some(("refused", terms_hash)),
        E::ApprovalForced { terms_hash, .. } => Some(("approval_forced", terms_hash)),
        E::Extended(extended) => Some(("extended", &extended.terms_hash)),
        E::Accepted { terms_hash, .. } => Some(("accepted", terms_hash)),
        E::Drafted(_)
        | E::Revised { .. }
        | E::Assessed(_)
        | E::LabourChecked { .. }
        | E::ExceptionRequested { .. }
        | E::ConflictDeclared { .. }
        | E::ApprovalDelegated { .. }
        | E::RemedyRecorded { .. }
        | E::DocumentRecorded { .. }
        | E::RangeReviewOpened { .. }
        | E::RangeReviewed { .. }
        | E::PayChanged(_)
        | E::OneOffRecorded(_)
        | E::DutiesNoted { .. }
        | E::DutyDone { .. }
        | E::ExplanationRequested { .. }
        | E::ExplanationGiven { .. }
        | E::Declined { .. }
        | E::Expired { .. }
        | E::ExpiryExtended { .. }
        | E::Rescinded { .. }
        | E::Lapsed { .. }
        | E::Settled { .. } => None,
    }
}

/// The documents that went out, rendered again from what stands in the log (PAY-04).
fn same_documents(
    differences: &mut Vec<Difference>,
    standing: &Standing,
    extended: &Extended,
) -> Result<(), LoadError> {
    for document in Contents::of(standing, &standing.labour_checks).render() {
        let found = document.recorded();
        let recorded = extended.documents.iter().find(|recorded| recorded.kind == found.kind);
        if recorded != Some(&found) {
            let at = format!("documents/{}", <&str>::from(found.kind));
            differs(differences, &at, written(&recorded)?, written(&found)?);
        }
    }
    Ok(())
}

/// Replays every assessment of an offer.
pub async fn offer(dispatcher: &Dispatcher, employer: &Employer, offer: Uuid) -> Result<Vec<Replayed>, LoadError> {
    let archive = Archive::keeping(dispatcher, employer, Arc::default());
    let Told { mut decisions, mut altered, last } = told(dispatcher, employer, offer).await?;
    if let Some(shown) = shown(dispatcher, employer, offer).await?.filter(|shown| *shown > last) {
        let gone = Alteration { place: shown, what: "sequence", recorded: shown.to_string(), found: last.to_string() };
        let gone = Difference::of("offer", &gone);
        altered.push(gone.clone());
        for decision in &mut decisions {
            decision.altered.push(gone.clone());
        }
    }
    let mut replayed = Vec::new();
    for decision in &decisions {
        replayed.push(one(&archive, offer, decision).await?);
    }
    if replayed.is_empty() && !altered.is_empty() {
        replayed.push(Replayed::untold(offer, altered));
    }
    Ok(replayed)
}

/// The last sequence of an offer as its document shows it: where the stream ends before, events are gone.
async fn shown(dispatcher: &Dispatcher, employer: &Employer, offer: Uuid) -> Result<Option<i64>, LoadError> {
    let shown = documents_of::<offers::Offer>(dispatcher, employer, &BTreeSet::from([offer])).await?;
    Ok(shown.and_then(|mut shown| shown.remove(&offer)).map(|offer| offer.version))
}

/// What came of a replay of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// How many assessments were computed again.
    pub assessments: u64,
    /// What of the whole log is not what was recorded, by its position: `log/events/42/leaf_hash`; up to a thousand.
    pub altered: Vec<Difference>,
}

impl Whole {
    fn note(&mut self, altered: impl IntoIterator<Item = Alteration>) {
        let room = MOST_ALTERED.saturating_sub(self.altered.len());
        self.altered.extend(altered.into_iter().take(room).map(|one| Difference::of("log", &one)));
    }

    /// Positions have no gaps: what was to follow, and what did.
    fn note_gap(&mut self, next: i64, found: Option<i64>) {
        let found = found.map(|found| found.to_string()).unwrap_or_default();
        if found != next.to_string() {
            self.note([Alteration { place: next, what: "position", recorded: next.to_string(), found }]);
        }
    }
}

/// Reads an employer's whole log, holds every event against what was recorded beside it, and computes every assessment again
/// that was recorded from an instant on, several at a time; `hears` is told of each, in the order of the log within each page of
/// it.
pub async fn all(
    dispatcher: &Arc<Dispatcher>,
    employer: &Arc<Employer>,
    since: Option<DateTime<Utc>>,
    mut hears: impl FnMut(&Replayed),
) -> Result<Whole, LoadError> {
    let ledger = dispatcher.ledger();
    let head = ledger.heads().await?.get(&*employer.name).copied().unwrap_or_default();
    let since = since.map_or(i64::MIN, |since| since.timestamp_micros());
    let (mut after, mut whole, kept) = (0, Whole::default(), Arc::default());
    loop {
        let events = ledger.hashed_log(&employer.name, after, PAGE).await?;
        let mut recorded = Vec::new();
        for hashed in &events {
            let event = &hashed.event;
            whole.note_gap(after + 1, Some(event.position));
            whole.note(hashed.alterations(&employer.name, event.position));
            after = event.position;
            if event.recorded_at < since {
                continue;
            }
            match Leaf::read(&event.leaf) {
                // The leaf says what was recorded, whatever stands beside it.
                Ok(leaf) if leaf.r#type == ASSESSED => {
                    recorded.push((leaf.stream_id().unwrap_or(hashed.stream_id), leaf.sequence));
                }
                Err(_) if event.event_type == ASSESSED => recorded.push((hashed.stream_id, event.sequence)),
                Ok(_) | Err(_) => {}
            }
        }
        for lane in recorded.chunks(LANES) {
            for done in side_by_side(dispatcher, employer, &kept, lane).await? {
                whole.assessments += 1;
                hears(&done);
            }
        }
        if events.is_empty() {
            if after < head {
                whole.note_gap(after + 1, None);
            }
            return Ok(whole);
        }
    }
}

/// Several replays at once, in their order.
async fn side_by_side(
    dispatcher: &Arc<Dispatcher>,
    employer: &Arc<Employer>,
    kept: &Arc<Kept>,
    lane: &[(Uuid, i64)],
) -> Result<Vec<Replayed>, LoadError> {
    let mut running = Vec::with_capacity(lane.len());
    for (offer, sequence) in lane.iter().copied() {
        let (dispatcher, employer, kept) = (Arc::clone(dispatcher), Arc::clone(employer), Arc::clone(kept));
        running.push(tokio::spawn(async move {
            let archive = Archive::keeping(&dispatcher, &employer, kept);
            let mut done = Vec::with_capacity(1);
            let Told { decisions, altered, .. } = told(&dispatcher, &employer, offer).await?;
            for decision in decisions.iter().filter(|decision| decision.sequence == sequence) {
                done.push(one(&archive, offer, decision).await?);
            }
            if done.is_empty() {
                done.push(Replayed::gone(offer, sequence, altered));
            }
            Ok::<_, LoadError>(done)
        }));
    }
    let mut done = Vec::with_capacity(running.len());
    for task in running {
        done.extend(task.await.map_err(LoadError::unreadable)??);
    }
    Ok(done)
}

async fn one(archive: &Archive<'_>, offer_id: Uuid, decision: &Decision) -> Result<Replayed, LoadError> {
    let assessed = &decision.assessed;
    let before = decision.altered.iter().chain(&decision.strayed);
    let mut differences: Vec<Difference> = before.take(MOST_DIFFERENCES).cloned().collect();
    same_hashes(&mut differences, decision)?;
    // Which day it rests on, and what stands in the log besides what its types know.
    // A day may have ended between the reading and the record.
    let day = |recorded: NaiveDate| [Some(recorded), recorded.pred_opt()].contains(&Some(assessed.basis.on));
    if !decision.recorded_on.is_some_and(day) {
        differs(&mut differences, "on", written(&assessed.basis.on)?, written(&decision.recorded_on)?);
    }
    let mut known = written(&OfferEvent::Assessed(Box::new(assessed.clone())))?;
    let recorded = decision.written.get("assessment").cloned().unwrap_or_default();
    let mut stands = decision.written.clone();
    for whole in [&mut known, &mut stands] {
        if let Some(members) = whole.as_object_mut() {
            members.remove("assessment");
        }
    }
    compare("", &stands, &known, &mut differences);
    altered(archive, &assessed.basis, &mut differences).await?;
    let found = match again(archive, decision, &mut differences).await {
        Err(LoadError::Decode(_) | LoadError::Unreadable(_) | LoadError::Store(StoreError::Unreadable(_))) => None,
        read => read?,
    };
    match found {
        Some(found) => compare("", &recorded, &written(&found)?, &mut differences),
        None => differences.push(Difference { at: "/assessment".to_owned(), recorded, found: Value::Null }),
    }
    Ok(Replayed {
        offer_id,
        version: assessed.version,
        tier: <&str>::from(assessed.assessment.tier).to_owned(),
        identical: differences.is_empty(),
        differences,
    })
}

/// What of the streams that it rests on is not what was recorded.
async fn altered(archive: &Archive<'_>, basis: &Basis, differences: &mut Vec<Difference>) -> Result<(), LoadError> {
    let mut streams = vec![("policy".to_owned(), archive.altered::<PayPolicy>(basis.policy.policy_id.0).await?)];
    for (name, pin) in [("bands", &basis.bands), ("bands_at_exit", &basis.bands_at_exit)] {
        if let Some(pin) = pin {
            streams.push((name.to_owned(), archive.altered::<PayBands>(pin.bands_id.0).await?));
        }
    }
    for (name, pin) in [("snapshot", &basis.snapshot), ("snapshot_at_exit", &basis.snapshot_at_exit)] {
        let Some(pin) = pin else { continue };
        streams.push((name.to_owned(), archive.altered::<IncumbentSnapshot>(pin.snapshot_id.0).await?));
        for one in &pin.cohorts {
            let altered = archive.altered::<IncumbentPart>(one.part.0).await?;
            streams.push((format!("{name}/{}/{}", one.grade, one.job_family), altered));
        }
    }
    for (name, altered) in streams {
        note_altered(differences, &name, &altered);
    }
    Ok(())
}

fn note_altered(differences: &mut Vec<Difference>, stream: &str, altered: &[Alteration]) {
    let room = MOST_DIFFERENCES.saturating_sub(differences.len());
    differences.extend(altered.iter().take(room).map(|one| Difference::of(stream, one)));
}

/// The assessment from what the basis names; what of it is not what it was is named.
async fn again(
    archive: &Archive<'_>,
    decision: &Decision,
    differences: &mut Vec<Difference>,
) -> Result<Option<Assessment>, LoadError> {
    let assessed = &decision.assessed;
    let basis = &assessed.basis;
    let pin = &basis.policy;
    let policy = archive.policy(pin.policy_id, pin.version).await?;
    let hash = policy.as_ref().map(|policy| policy.sha256()).transpose()?;
    compare_hash(differences, "policy", &pin.sha256, hash);
    let Some(policy) = policy else { return Ok(None) };
    let Governing { effective_from, terms: policy, .. } = &policy.value;
    if basis.on < *effective_from {
        differs(differences, "policy/effective_from", written(&basis.on)?, written(effective_from)?);
    }
    same_approval(differences, decision, policy)?;
    let sources = pay::sources(archive, basis).await?;
    same_bands(differences, "bands", basis.bands.as_ref(), sources.bands.as_deref())?;
    same_bands(differences, "bands_at_exit", basis.bands_at_exit.as_ref(), sources.bands_at_exit.as_deref())?;
    same_snapshot(archive, differences, "snapshot", basis.snapshot.as_ref(), sources.snapshot.as_deref()).await?;
    let (pin, found) = (basis.snapshot_at_exit.as_ref(), sources.snapshot_at_exit.as_deref());
    same_snapshot(archive, differences, "snapshot_at_exit", pin, found).await?;
    same_pages(archive, differences, basis, sources.snapshot.as_deref()).await?;
    let facts = pay::read(archive, policy, basis, &sources).await?;
    let base = basis.manager.as_ref().and_then(|manager| manager.base);
    if facts.manager != base {
        differs(differences, "manager", Value::from(base), Value::from(facts.manager));
    }
    Ok(assess(policy, &facts).ok())
}

/// What was to be approved is what stands in the log (PAY-21): the terms, what they were assessed by, and each exception.
fn same_hashes(differences: &mut Vec<Difference>, decision: &Decision) -> Result<(), LoadError> {
    let Decision { terms, assessed, exceptions, .. } = decision;
    let found = terms.as_ref().map(|terms| pay::approval_hash(terms, &assessed.basis, None)).transpose()?;
    compare_hash(differences, "terms_hash", &assessed.terms_hash, found.as_deref());
    for (terms, recorded, exception) in exceptions {
        let found = pay::approval_hash(terms, &assessed.basis, Some(exception))?;
        compare_hash(differences, "exception/terms_hash", recorded, Some(&found));
    }
    Ok(())
}

/// Who had to approve, and what is told with the offer, as the policy lays them down.
fn same_approval(
    differences: &mut Vec<Difference>,
    decision: &Decision,
    policy: &PolicyTerms,
) -> Result<(), LoadError> {
    let assessed = &decision.assessed;
    let seats = policy.seats.get(&assessed.assessment.tier).cloned().unwrap_or_default();
    if seats != assessed.seats {
        differs(differences, "seats", written(&assessed.seats)?, written(&seats)?);
    }
    for seat in &seats {
        let recorded = assessed.approvers.get(seat);
        let mut named = policy.approvers.get(seat).cloned();
        if let (Seat::DivisionHead, Some(named)) = (seat, &mut named) {
            // Whoever leads the hiring line is not counted (PAY-23).
            named.retain(|who| !decision.line.leads(*who) && !assessed.basis.is_of_the_line(*who));
        }
        if recorded != named.as_ref() {
            differs(differences, &format!("approvers/{}", <&str>::from(seat)), written(&recorded)?, written(&named)?);
        }
    }
    if assessed.notice != policy.notice {
        differs(differences, "notice", written(&assessed.notice)?, written(&policy.notice)?);
    }
    Ok(())
}

fn same_bands(
    differences: &mut Vec<Difference>,
    name: &str,
    pin: Option<&BandsPin>,
    found: Option<&Hashed<BandVersion>>,
) -> Result<(), LoadError> {
    if let Some(pin) = pin {
        compare_hash(differences, name, &pin.sha256, found.map(Hashed::sha256).transpose()?);
    }
    Ok(())
}

/// The pages of the directory on which the manager stands and those who worked beside the returner.
async fn same_pages(
    archive: &Archive<'_>,
    differences: &mut Vec<Difference>,
    basis: &Basis,
    snapshot: Option<&Snapshot>,
) -> Result<(), LoadError> {
    let Some(snapshot) = snapshot else { return Ok(()) };
    let mut read = BTreeSet::new();
    read.extend(
        basis.manager.iter().filter_map(|manager| snapshot.page_of(&manager.employee_number)).map(|page| page.part),
    );
    for one in basis.snapshot_at_exit.iter().flat_map(|pin| &pin.cohorts) {
        let Some(cohort) = archive.cohort(one.part.0).await? else { continue };
        let members = &cohort.value.members;
        read.extend(
            members.iter().filter_map(|member| snapshot.page_of(&member.employee_number)).map(|page| page.part),
        );
    }
    for (number, page) in snapshot.pages.iter().enumerate() {
        // A snapshot of an earlier build names no hashes of its pages.
        if page.sha256.is_empty() || !read.contains(&page.part) {
            continue;
        }
        let name = format!("snapshot/pages/{number}");
        note_altered(differences, &name, &archive.altered::<IncumbentPart>(page.part.0).await?);
        let found = archive.page(page.part.0).await?;
        let hash = found.as_ref().map(|page| page.sha256()).transpose()?;
        compare_hash(differences, &name, &page.sha256, hash);
    }
    Ok(())
}

async fn same_snapshot(
    archive: &Archive<'_>,
    differences: &mut Vec<Difference>,
    name: &str,
    pin: Option<&SnapshotPin>,
    found: Option<&Snapshot>,
) -> Result<(), LoadError> {
    let Some(pin) = pin else { return Ok(()) };
    compare_hash(differences, name, &pin.sha256, found.map(|snapshot| snapshot.sha256.as_str()));
    let as_of = found.map(|snapshot| snapshot.as_of);
    if as_of != Some(pin.as_of) {
        differs(differences, &format!("{name}/as_of"), written(&pin.as_of)?, written(&as_of)?);
    }
    for one in &pin.cohorts {
        let cohort = archive.cohort(one.part.0).await?;
        let hash = cohort.as_ref().map(|cohort| cohort.sha256()).transpose()?;
        compare_hash(differences, &format!("{name}/{}/{}", one.grade, one.job_family), &one.sha256, hash);
    }
    Ok(())
}

fn compare_hash(differences: &mut Vec<Difference>, name: &str, recorded: &str, found: Option<&str>) {
    if found != Some(recorded) {
        differs(differences, name, Value::from(recorded), Value::from(found));
    }
}

fn differs(differences: &mut Vec<Difference>, at: &str, recorded: Value, found: Value) {
    if differences.len() < MOST_DIFFERENCES {
        differences.push(Difference { at: at.to_owned(), recorded, found });
    }
}

fn written(value: &impl Serialize) -> Result<Value, LoadError> {
    serde_json::to_value(value).map_err(LoadError::unreadable)
}

/// Names what differs between two values, as deep as it can.
fn compare(at: &str, recorded: &Value, found: &Value, differences: &mut Vec<Difference>) {
    match (recorded, found) {
        (Value::Object(one), Value::Object(other)) => {
            let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            // A rule that passed did not always name its law.
            let unnamed = |name: &str| name == "basis" && one.get("outcome").and_then(Value::as_str) == Some("pass");
            for name in names.into_iter().filter(|name| one.contains_key(*name) || !unnamed(name)) {
                let (one, other) = (one.get(name).unwrap_or(&Value::Null), other.get(name).unwrap_or(&Value::Null));
                compare(&format!("{at}/{name}"), one, other, differences);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (nth, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{at}/{nth}"), one, other, differences);
            }
        }
        (one, other) if one == other => {}
        (one, other) => differs(differences, at, one.clone(), other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Difference, compare};

    #[test]
    fn a_difference_is_named_where_it_is() {
        let recorded = json!({"tier": "D", "ratios": {"pr": {"num": "81", "den": "73"}}, "fired": [1, 2], "rules": []});
        let mut same = Vec::new();
        compare("", &recorded, &recorded.clone(), &mut same);
        assert_eq!(same, []);
        let found = json!({"tier": "C", "ratios": {"pr": {"num": "82", "den": "73"}}, "fired": [1], "rules": []});
        let mut differences = Vec::new();
        compare("", &recorded, &found, &mut differences);
        let named = |at: &str, recorded, found| Difference { at: at.to_owned(), recorded, found };
        assert_eq!(
            differences,
            [
                named("/fired", json!([1, 2]), json!([1])),
                named("/ratios/pr/num", json!("81"), json!("82")),
                named("/tier", json!("D"), json!("C"))
            ]
        );
    }
}
