//! A policy over past decisions: which offers it would have put in another tier, how many approvals more or fewer, and what
//! remedies would have cost. Nothing is recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aggregates::offer::{Assessed, Basis, is_exception};
use aggregates::pay::{Assessment, Fraction, Loosening, PolicyTerms, RangeDisclosure, Tier, assess};
use chrono::{Days, NaiveDate};
use projections::fairness_ledger::PayDecision;
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::gather::application::Missing;
use crate::gather::archive::{Archive, Kept};
use crate::gather::documents;
use crate::gather::pay;
use crate::replay;

/// How many decisions are computed at a time.
const LANES: usize = 8;

/// What a policy would have made of past decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backtest {
    /// How many offers were assessed, each by its latest assessment.
    pub decisions: u64,
    /// How many of them the policy cannot assess: their figures do not compare.
    pub not_assessable: u64,
    /// How many would have been dealt with more strictly.
    pub stricter: u64,
    /// How many would have been dealt with less strictly.
    pub milder: u64,
    /// From which tier to which, and how many.
    pub moves: BTreeMap<(Tier, Tier), u64>,
    /// How many were blocked, and how many would be: neither approval nor exception lifts that.
    pub blocked: (u64, u64),
    /// How many approvals were needed, and how many would be, of those that can go out either way.
    pub approvals: (u64, u64),
    /// How many of those needed an exception, which somebody decides, and how many would.
    pub exceptions: (u64, u64),
    /// What remedies cost a year, and what they would.
    pub remedies: (Fraction, Fraction),
    /// The offers whose tier would be another, in the order of the log.
    pub changed: Vec<Changed>,
}

/// An offer whose tier would be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The offer.
    pub offer_id: Uuid,
    /// Which version of its terms.
    pub version: u32,
    /// The tier that was found, and the one that would be.
    pub tier: (Tier, Tier),
    /// How many approvals it needed, and how many it would; none where it is blocked.
    pub approvals: (usize, usize),
    /// What a remedy cost a year, and what it would.
    pub remedy: (Fraction, Fraction),
}

/// Runs a policy over the assessed offers of its entity, from a day on.
pub async fn run(
    dispatcher: &Arc<Dispatcher>,
    employer: &Arc<Employer>,
    terms: &Arc<PolicyTerms>,
    since: Option<NaiveDate>,
) -> Result<Backtest, Missing> {
    let of_entity = assessed_of(&terms.legal_entity);
    let recent =
        |one: &PayDecision| since.is_none_or(|since| one.finding.as_ref().is_some_and(|finding| finding.on >= since));
    let decisions = documents::<PayDecision>(dispatcher, employer, of_entity, recent).await?.ok_or(Missing::Behind)?;
    let mut report = Backtest::default();
    let kept: Arc<Kept> = Arc::default();
    for lane in decisions.chunks(LANES) {
        let mut running = Vec::with_capacity(lane.len());
        for decision in lane {
            let (dispatcher, employer, terms) = (Arc::clone(dispatcher), Arc::clone(employer), Arc::clone(terms));
            let (offer, kept) = (decision.id.0, Arc::clone(&kept));
            running.push(tokio::spawn(async move {
                decided(&Archive::keeping(&dispatcher, &employer, kept), &terms, offer).await
            }));
        }
        for task in running {
            let done = task.await.map_err(LoadError::unreadable)??;
            if let Some((offer, was, would)) = done {
                let seats = |tier| terms.seats.get(&tier).map_or(0, BTreeSet::len);
                let then = would.map(|would| Dealt::with(&would, seats(would.tier)));
                report.add(offer, was.version, Dealt::with(&was.assessment, was.seats.len()), then);
            }
        }
    }
    Ok(report)
}

/// How many offers of an entity were assessed so far.
pub async fn decisions(dispatcher: &Dispatcher, employer: &Employer, legal_entity: &str) -> Result<u64, Missing> {
    let assessed = assessed_of(legal_entity);
    let found = documents::<PayDecision>(dispatcher, employer, assessed, |_| true).await?.ok_or(Missing::Behind)?;
    Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
}

fn assessed_of(legal_entity: &str) -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("legal_entity", vec![legal_entity.to_owned()]),
        ("assessment", vec![<&str>::from(aggregates::offer::PayAssessment::Assessed).to_owned()]),
    ]
}

/// Where terms are looser than the defaults, and how many past decisions they would have flipped; nothing where they loosen no
/// default and would have put no past decision in a milder tier.
pub async fn loosening(
    dispatcher: &Arc<Dispatcher>,
    employer: &Arc<Employer>,
    terms: &PolicyTerms,
) -> Result<Option<Loosening>, Missing> {
    let fields = terms.loosened();
    let Backtest { decisions, milder, stricter, not_assessable, .. } =
        run(dispatcher, employer, &Arc::new(terms.clone()), None).await?;
    let loosens = !fields.is_empty() || milder > 0;
    Ok(loosens.then_some(Loosening { fields, decisions, milder, stricter, not_assessable }))
}

/// The latest assessment of an offer, and what the policy makes of the same facts.
async fn decided(
    archive: &Archive<'_>,
    terms: &PolicyTerms,
    offer: Uuid,
) -> Result<Option<(Uuid, Assessed, Option<Assessment>)>, LoadError> {
    let Some(was) = replay::assessments(archive.dispatcher, archive.employer, offer).await?.pop() else {
        return Ok(None);
    };
    let mut sources = pay::sources(archive, &was.basis).await?;
    let mut basis: Basis = was.basis.clone();
    if !reaches(terms, &basis) {
        (basis.snapshot_at_exit, sources.snapshot_at_exit) = (None, None);
    }
    if terms.range_disclosure == RangeDisclosure::NotRequired {
        basis.range_told = None;
    }
    if let (Some(pin), Some(snapshot)) = (&mut basis.snapshot, &sources.snapshot) {
        // Another policy may look for peers in other families.
        pin.cohorts = pay::compared_with(archive, terms, snapshot, &basis.offered, basis.on).await?;
    }
    let facts = pay::read(archive, terms, &basis, &sources).await?;
    Ok(Some((offer, was, assess(terms, &facts).ok())))
}

/// Whether the snapshot of the time of the exit is as near to it as the policy wants it. Whether a policy that reaches further
/// back would have found one, is not asked: which ones were known then, no basis says.
fn reaches(terms: &PolicyTerms, basis: &Basis) -> bool {
    let (Some(pin), Some(stint)) = (&basis.snapshot_at_exit, &basis.stint) else { return true };
    let oldest = stint.left_on.checked_sub_days(Days::new(terms.stayer_snapshot_days.into()));
    oldest.is_none_or(|oldest| oldest <= pin.as_of)
}

/// How an offer is dealt with.
#[derive(Clone, Copy)]
struct Dealt {
    tier: Tier,
    approvals: usize,
    exception: bool,
    remedy: Fraction,
}

impl Dealt {
    fn with(found: &Assessment, approvals: usize) -> Self {
        Self { tier: found.tier, approvals, exception: is_exception(found), remedy: found.remedy_cost }
    }

    fn is_blocked(self) -> bool {
        self.tier >= Tier::E
    }
}

impl Backtest {
    fn add(&mut self, offer_id: Uuid, version: u32, was: Dealt, would: Option<Dealt>) {
        self.decisions += 1;
        let Some(would) = would else {
            self.not_assessable += 1;
            return;
        };
        let (Some(remedied), Some(would_remedy)) =
            (self.remedies.0.plus(was.remedy), self.remedies.1.plus(would.remedy))
        else {
            // A sum that does not fit is no sum.
            self.not_assessable += 1;
            return;
        };
        self.remedies = (remedied, would_remedy);
        self.blocked.0 += u64::from(was.is_blocked());
        self.blocked.1 += u64::from(would.is_blocked());
        // What goes nowhere saves nobody an approval.
        if !was.is_blocked() && !would.is_blocked() {
            let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
            self.approvals.0 += count(was.approvals);
            self.approvals.1 += count(would.approvals);
            self.exceptions.0 += u64::from(was.exception);
            self.exceptions.1 += u64::from(would.exception);
        }
        let tier = (was.tier, would.tier);
        if tier.0 == tier.1 {
            return;
        }
        *self.moves.entry(tier).or_default() += 1;
        if tier.1 > tier.0 {
            self.stricter += 1;
        } else {
            self.milder += 1;
        }
        let (approvals, remedy) = ((was.approvals, would.approvals), (was.remedy, would.remedy));
        self.changed.push(Changed { offer_id, version, tier, approvals, remedy });
    }
}

#[cfg(test)]
mod tests {
    use aggregates::pay::{Fraction, Tier};
    use uuid::Uuid;

    use super::{Backtest, Dealt};

    fn dealt(tier: Tier, approvals: usize) -> Dealt {
        Dealt { tier, approvals, exception: tier > Tier::A && tier < Tier::E, remedy: Fraction::ZERO }
    }

    #[test]
    fn what_a_policy_blocks_saves_nobody_an_approval() {
        let mut report = Backtest::default();
        for (was, would) in [
            (dealt(Tier::D, 4), Some(dealt(Tier::F, 0))),
            (dealt(Tier::E, 0), Some(dealt(Tier::D, 4))),
            (dealt(Tier::A, 1), Some(dealt(Tier::B, 2))),
            (dealt(Tier::C, 3), None),
        ] {
            report.add(Uuid::nil(), 1, was, would);
        }
        assert_eq!((report.decisions, report.not_assessable, report.stricter, report.milder), (4, 1, 2, 1));
        assert_eq!((report.blocked, report.approvals, report.exceptions), ((1, 1), (1, 2), (0, 1)));
    }
}
