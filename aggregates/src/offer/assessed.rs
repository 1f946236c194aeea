//! How the pay of an offer was assessed: what the assessment rests on, what it found, and who has to approve it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, OverdueRemedy, TermsHash};
use crate::ids::{ActorId, PayBandsId, PayPolicyId, SnapshotId};
use crate::incumbents::CohortRef;
use crate::pay::{
    Assessment, BandUsed, Facts, Fired, OfferedPay, PolicyTerms, Qualification, RegularComparison, Scope, Seat, Stint,
    Tier, assess, filled,
};
use crate::pay_policy::policy_version;
use crate::requisition::Line;
use crate::values::Bilingual;

/// The version of the pay policy that an assessment followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPin {
    /// The policy.
    pub policy_id: PayPolicyId,
    /// Its version.
    pub version: u32,
    /// SHA-256 of the canonical JSON of what it lays down, in lower-case hexadecimal.
    pub sha256: String,
}

/// The version of pay bands that an assessment read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandsPin {
    /// The stream.
    pub bands_id: PayBandsId,
    /// Its name.
    pub version: String,
    /// Its hash.
    pub sha256: String,
}

/// The snapshot of incumbents that an assessment read, and the cohorts of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPin {
    /// The stream.
    pub snapshot_id: SnapshotId,
    /// The day that it tells of.
    pub as_of: NaiveDate,
    /// Its hash.
    pub sha256: String,
    /// The cohorts that were read, with their hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<CohortRef>,
}

impl SnapshotPin {
    /// Whether it is too old a measure on a day, where one is relied on for so many days (PAY-21).
    pub fn is_stale(&self, days: u32, on: NaiveDate) -> bool {
        self.as_of.checked_add_days(Days::new(days.into())).is_some_and(|until| until < on)
    }
}

/// The manager that an offer is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// Their number.
    pub employee_number: String,
    /// Their annual base; none where the snapshot does not know them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<i64>,
}

/// What an assessment rests on: with it, everybody who can read the log reaches the same result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The local day.
    pub on: NaiveDate,
    /// The policy.
    pub policy: PolicyPin,
    /// The bands in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bands: Option<BandsPin>,
    /// The bands as they were at the exit; compared once the tier stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bands_at_exit: Option<BandsPin>,
    /// The snapshot of the peers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotPin>,
    /// The snapshot that says who worked beside the returner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot_at_exit: Option<SnapshotPin>,
    /// What is offered.
    pub offered: OfferedPay,
    /// What the returner is able to do.
    pub qualification: Qualification,
    /// The offer beside regular workers, where it is compared with them (PAY-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<RegularComparison>,
    /// By which version of the rules (`RULES`); nothing where it was the first.
    #[serde(default, skip_serializing_if = "crate::values::is_zero")]
    pub rules: u32,
    /// Whether the candidate was told the range of the position; none where no law requires it (PAY-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_told: Option<bool>,
    /// The returner's last period of employment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stint: Option<Stint>,
    /// The manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Manager>,
    /// Who leads the hiring line of the position: nobody of them heads a division outside it (PAY-23).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    /// Of those whom the policy names for the seat outside the hiring line: who is in it all the same, above the hiring manager or
    /// below, or as the same human being under another account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub in_line: BTreeSet<ActorId>,
    /// Plans to remedy, of the same unit or of the same place, that are overdue (PAY-28).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overdue_remedies: Vec<OverdueRemedy>,
}

impl Basis {
    /// Whether somebody leads the hiring line of the position, or is named as being in it.
    pub fn is_of_the_line(&self, who: ActorId) -> bool {
        self.line.as_ref().is_some_and(|line| line.leads(who)) || self.in_line.contains(&who)
    }

    /// Whether another one rests on the same facts, whatever the day.
    fn agrees(&self, other: &Self) -> bool {
        let mut other = Self { on: self.on, ..other.clone() };
        // What an earlier build did not record is no other fact.
        if self.line.is_none() {
            other.line = None;
        }
        if self.rules < other.rules {
            other.rules = self.rules;
            other.offered.every_year.clone_from(&self.offered.every_year);
        }
        *self == other
    }
}

/// Facts that were gathered for an assessment, as a command carries them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// What it rests on.
    pub basis: Basis,
    /// The policy.
    pub policy: PolicyTerms,
    /// The facts.
    pub facts: Facts,
    /// Who edited bands or thresholds lately: they propose nothing under them (PAY-24).
    pub edited_lately: BTreeSet<ActorId>,
}

/// An assessment, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Which version of the terms.
    pub version: u32,
    /// The hash of everything that is to be approved.
    pub terms_hash: TermsHash,
    /// What it rests on.
    pub basis: Basis,
    /// What it found.
    pub assessment: Assessment,
    /// Who had the same terms measured anew; nothing where they were drafted or revised with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<ActorId>,
    /// What the policy has told with the offer besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Bilingual>,
    /// Which seats approve it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub seats: BTreeSet<Seat>,
    /// Who may take them. Nobody of the hiring line heads a division outside it (PAY-23).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub approvers: BTreeMap<Seat, BTreeSet<ActorId>>,
}

impl Priced {
    /// Assesses the offer; whoever proposes it has not edited what it is measured by.
    pub(super) fn assessed(
        self,
        by: ActorId,
        line: &Line,
        version: u32,
        terms_hash: TermsHash,
    ) -> Result<Assessed, OfferError> {
        if self.edited_lately.contains(&by) {
            return Err(OfferError::EditedLately);
        }
        self.rated_before_they_left()?;
        if let Some(snapshot) = &self.basis.snapshot
            && snapshot.is_stale(self.policy.snapshot_days, self.basis.on)
        {
            return Err(OfferError::SnapshotStale { as_of: snapshot.as_of, days: self.policy.snapshot_days });
        }
        if self.facts.comparison.is_some() && !self.facts.offered.is_compared() {
            return Err(OfferError::NothingToCompare);
        }
        let assessment = assess(&self.policy, &self.facts).map_err(OfferError::PayFigures)?;
        let seats = self.policy.seats.get(&assessment.tier).cloned().unwrap_or_default();
        let mut approvers = self.policy.approvers;
        approvers.retain(|seat, _| seats.contains(seat));
        if let Some(heads) = approvers.get_mut(&Seat::DivisionHead) {
            heads.retain(|who| !line.leads(*who) && !self.basis.is_of_the_line(*who));
        }
        let notice = self.policy.notice;
        let (basis, proposed_by) = (self.basis, None);
        Ok(Assessed { version, terms_hash, basis, assessment, proposed_by, notice, seats, approvers })
    }

    /// What is compared is the last rating at exit.
    fn rated_before_they_left(&self) -> Result<(), OfferError> {
        let Some(rated_on) = self.basis.qualification.rating.as_ref().map(|rating| rating.rated_on) else {
            return Ok(());
        };
        match self.basis.stint.as_ref().map(|stint| stint.left_on) {
            _ if rated_on > self.basis.on => Err(OfferError::RatingInTheFuture { rated_on }),
            Some(left_on) if rated_on > left_on => Err(OfferError::RatingAfterExit { rated_on, left_on }),
            Some(_) | None => Ok(()),
        }
    }
}

/// What an offer was compared with, so that nobody is told of a comparison that was not made (PAY-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedWith {
    /// How wide the circle of peers was; none where there were too few to compare with.
    pub peers: Option<Scope>,
    /// Whether with those who stayed.
    pub stayers: bool,
    /// Whether with the manager.
    pub manager: bool,
}

impl ComparedWith {
    /// As an assessment found it.
    pub fn of(assessment: &Assessment) -> Self {
        let Assessment { peers, ratios, .. } = assessment;
        Self {
            peers: peers.median.map(|_| peers.scope),
            stayers: ratios.stayer_ratio.value().is_some(),
            manager: ratios.manager_differential.value().is_some(),
        }
    }
}

/// What of an assessment the next decisions read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedOffer {
    /// What it rests on.
    pub basis: Basis,
    /// The tier.
    pub tier: Tier,
    /// The strictest condition met.
    pub strictest: Option<Fired>,
    /// The band.
    pub band: Option<BandUsed>,
    /// What it was compared with besides.
    pub compared_with: ComparedWith,
    /// Whether the offer is an exception that has to be justified.
    pub exception_needed: bool,
    /// How many are leapfrogged.
    pub leapfrogged: u32,
    /// What it costs a year to remedy.
    pub remedy_cost: crate::pay::Fraction,
    /// What the policy has told with the offer besides.
    pub notice: Option<Bilingual>,
    /// Which seats approve it.
    pub seats: BTreeSet<Seat>,
    /// Who may take them.
    pub approvers: BTreeMap<Seat, BTreeSet<ActorId>>,
}

impl AssessedOffer {
    pub(super) fn of(assessed: Assessed) -> Self {
        let Assessed { basis, assessment, notice, seats, approvers, .. } = assessed;
        Self {
            basis,
            tier: assessment.tier,
            strictest: assessment.fired.first().copied(),
            exception_needed: is_exception(&assessment),
            compared_with: ComparedWith::of(&assessment),
            band: assessment.band,
            leapfrogged: u32::try_from(assessment.leapfrogged.len()).unwrap_or(u32::MAX),
            remedy_cost: assessment.remedy_cost,
            notice,
            seats,
            approvers,
        }
    }

    /// The version of the policy, as a decision names it.
    pub(super) fn policy(&self) -> String {
        policy_version(self.basis.policy.policy_id, self.basis.policy.version)
    }

    /// Whether a new assessment rests on other facts.
    pub(super) fn differs(&self, other: &Assessed) -> bool {
        !self.basis.agrees(&other.basis)
    }

    /// Blocked is blocked: neither approval nor exception lifts it.
    pub(super) fn admits_approval(&self) -> Result<(), OfferError> {
        match (self.tier, self.strictest) {
            (Tier::E | Tier::F, Some(fired)) => {
                Err(OfferError::PayBlocked { ground: fired.ground, condition: fired.condition })
            }
            (Tier::A | Tier::BPrime | Tier::B | Tier::C | Tier::D | Tier::E | Tier::F, _) => Ok(()),
        }
    }

    /// Whether somebody can take a seat that the others leave.
    pub(super) fn seats_another(&self, voted: &[ActorId], who: ActorId) -> bool {
        let with: Vec<ActorId> = voted.iter().copied().chain([who]).collect();
        filled(&self.seats, &self.approvers, &with) > filled(&self.seats, &self.approvers, voted)
    }

    /// Whether somebody is named for the seat outside the hiring line.
    pub(super) fn heads_a_division(&self, who: ActorId) -> bool {
        self.approvers.get(&Seat::DivisionHead).is_some_and(|heads| heads.contains(&who))
    }

    /// Whether these people can take every seat, each at most one.
    pub(super) fn can_be_approved_by(&self, may: impl Fn(ActorId) -> bool) -> bool {
        let named: BTreeSet<ActorId> = self.approvers.values().flatten().copied().filter(|who| may(*who)).collect();
        let people: Vec<ActorId> = named.into_iter().collect();
        filled(&self.seats, &self.approvers, &people) == self.seats.len()
    }

    /// Whether the cost to remedy has to be planned for: from tier C on, where somebody is leapfrogged.
    pub(super) fn remedy_needed(&self) -> bool {
        self.tier >= Tier::C && self.leapfrogged > 0
    }
}

/// Whether an offer has to be justified: every tier between A and E, and what a comparison with the exit asks a reason for.
pub fn is_exception(assessment: &Assessment) -> bool {
    matches!(assessment.tier, Tier::BPrime | Tier::B | Tier::C | Tier::D)
        || (assessment.tier == Tier::A && !assessment.after_pricing.needs_reason.is_empty())
}

pub(super) fn event(assessed: Assessed) -> OfferEvent {
    OfferEvent::Assessed(Box::new(assessed))
}
