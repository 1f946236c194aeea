//! A plan of referral rewards (リファラル手当規程): drafted, approved by a second person, published, retired.
//! Stream `reward_plan/{plan_id}`. One plan that governs an entity at a time: claim `reward_plan`, key `{legal_entity}`.

mod facts;
mod standing;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use facts::{Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment, SocialInsuranceClass};
pub use standing::Standing;

use crate::ids::{ActorId, PersonId, RewardPlanId};
use crate::issued::{ActorKind, Issued};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::FreeText;
use crate::versions::VersionError;

/// Up to here a reward is plainly a wage, in yen (REF-04).
pub const SOFT_CAP: i64 = 100_000;
/// Above it a reward looks like a fee; no plan is published with it (REF-04).
pub const HARD_CAP: i64 = 300_000;
/// The longest that a milestone may lie after the first day, in months.
pub const LONGEST_MONTHS: u32 = 36;
/// The same in days.
pub const LONGEST_DAYS: u32 = 1096;
/// The role that approves what lies above the soft cap.
pub const ABOVE_SOFT_CAP: &str = "executive";

/// Facts about plans of referral rewards, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(RewardPlanEventType),
    doc = "The types of [`RewardPlanEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum RewardPlanEvent {
    /// A plan was drafted.
    Drafted {
        /// What it lays down.
        terms: Box<PlanTerms>,
        /// Who drafted it.
        drafted_by: ActorId,
    },
    /// A new version was drafted.
    Revised {
        /// Which version.
        version: u32,
        /// What it lays down.
        terms: Box<PlanTerms>,
        /// Who revised it.
        revised_by: ActorId,
    },
    /// A second person approved a version.
    Approved {
        /// Which version.
        version: u32,
        /// Who.
        approved_by: ActorId,
    },
    /// A version was published: it governs referrals from a day on.
    Published {
        /// Which version.
        version: u32,
        /// The first day.
        effective_from: NaiveDate,
        /// Who.
        published_by: ActorId,
    },
    /// The plan was retired: it governs no further referral.
    Retired {
        /// The first day on which it does not.
        effective_from: NaiveDate,
        /// Who.
        retired_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
}

/// What can be asked of a plan.
#[derive(Clone, Debug)]
pub enum RewardPlanCommand {
    /// Draft a plan.
    Draft(Box<PlanTerms>),
    /// Draft a new version of it.
    Revise(Box<PlanTerms>),
    /// Approve the version that waits. Never whoever drafted it; needs a natural person.
    Approve {
        /// The role in which the approver acts.
        role: String,
    },
    /// Publish the approved version.
    Publish {
        /// The first day on which it governs; today where it is not stated.
        effective_from: Option<NaiveDate>,
    },
    /// Retire the plan from today on.
    Retire {
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for RewardPlanCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads, and what referrals and rewards read of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum RewardPlan {
    /// No plan was drafted under this id.
    #[default]
    Unrecorded,
    /// A plan, whether or not a version of it was published.
    Standing(Standing),
    /// A plan that governs nothing from a day on.
    Retired {
        /// What stood.
        standing: Standing,
        /// The first day on which it governs nothing.
        from: NaiveDate,
    },
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RewardPlanError {
    /// There is no such plan.
    #[error("no reward plan is drafted under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this reward plan is already drafted")]
    AlreadyDrafted,
    /// A reward is wage only where the wage rules say so.
    #[error("a reward plan needs the clause of the wage rules that lays it down (REF-02)")]
    ClauseRequired,
    /// A wage is paid in the currency of the country.
    #[error("a reward is paid in yen, not in {currency} (REF-03)")]
    NotInYen {
        /// The currency asked for.
        currency: String,
    },
    /// It rewards with nothing.
    #[error("the amount of a reward is at least one yen")]
    AmountRequired,
    /// It never falls due, or has no date.
    #[error("a milestone lies 1 to {LONGEST_DAYS} days or 1 to {LONGEST_MONTHS} months after the first day")]
    MilestoneOutOfRange,
    /// A plan stays with its entity.
    #[error("the plan is one of {legal_entity}; another entity needs a plan of its own")]
    EntityDiffers {
        /// Whose it is.
        legal_entity: String,
    },
    /// A program approves nothing (AUD-12).
    #[error("only a natural person may approve a reward plan")]
    NaturalPersonRequired,
    /// The amount needs the last approver.
    #[error("an amount above {SOFT_CAP} yen is approved by the role {ABOVE_SOFT_CAP} (REF-04)")]
    ExecutiveRequired,
    /// The rules were not filed.
    #[error("the wage rules are not filed (届出) on or before today (REF-02)")]
    NotFiled,
    /// So much is no wage any more.
    #[error("an amount above {HARD_CAP} yen looks like a fee, not a wage, and is not published (REF-04)")]
    AboveHardCap,
    /// The version is not approved or published.
    #[error(transparent)]
    #[strum(transparent)]
    Version(#[from] VersionError),
    /// It is over.
    #[error("the plan is retired from {from} on")]
    Retired {
        /// The first day on which it governs nothing.
        from: NaiveDate,
    },
}

impl RewardPlan {
    fn after(self, event: RewardPlanEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, RewardPlanEvent::Drafted { terms, drafted_by }) => {
                Self::Standing(Standing::drafted(*terms, drafted_by))
            }
            (Self::Standing(standing), RewardPlanEvent::Retired { effective_from, .. }) => {
                Self::Retired { standing, from: effective_from }
            }
            (Self::Standing(standing), event) => Self::Standing(standing.after(event)),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unrecorded | Self::Retired { .. }), _) => state,
        }
    }

    /// What stands, also once it is retired.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unrecorded => None,
            Self::Standing(standing) | Self::Retired { standing, .. } => Some(standing),
        }
    }

    /// The version that governs a day, as a referral of that day is pinned to it: of those published, the latest that had
    /// begun. `id` is the plan's own.
    pub fn pin(&self, id: RewardPlanId, on: NaiveDate) -> Option<PlanPin> {
        let governing = match self {
            Self::Unrecorded => None,
            Self::Retired { from, .. } if *from <= on => None,
            Self::Standing(standing) | Self::Retired { standing, .. } => standing.versions.governing(on),
        }?;
        Some(PlanPin { plan_id: id, version: governing.version, terms: governing.terms.clone() })
    }

    /// Everybody who wrote a version of it: none of them approves a reward under it.
    pub fn editors(&self) -> BTreeSet<ActorId> {
        self.standing().map(|standing| standing.editors.clone()).unwrap_or_default()
    }
}

impl Stream for RewardPlan {
    type Order = RewardPlanCommand;

    fn decide(&self, issued: Issued<RewardPlanCommand>) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        use RewardPlanCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded | Self::Standing(_) | Self::Retired { .. }, C::Wake) => Ok(vec![]),
            (_, C::Approve { .. }) if by.kind != ActorKind::Person => Err(RewardPlanError::NaturalPersonRequired),
            (Self::Unrecorded, C::Draft(terms)) => {
                is_sound(&terms)?;
                Ok(vec![RewardPlanEvent::Drafted { terms, drafted_by: by.id }])
            }
            (Self::Unrecorded, C::Revise(_) | C::Approve { .. } | C::Publish { .. } | C::Retire { .. }) => {
                Err(RewardPlanError::Unrecorded)
            }
            (Self::Standing(_) | Self::Retired { .. }, C::Draft(_)) => Err(RewardPlanError::AlreadyDrafted),
            (Self::Standing(standing), C::Revise(terms)) => standing.revise(terms, by.id),
            (Self::Standing(standing), C::Approve { role }) => standing.approve(by.id, &role),
            (Self::Standing(standing), C::Publish { effective_from }) => {
                standing.publish(effective_from.unwrap_or(on), on, by.id)
            }
            (Self::Standing(_), C::Retire { note }) => {
                Ok(vec![RewardPlanEvent::Retired { effective_from: on, retired_by: by.id, note }])
            }
            (Self::Retired { .. }, C::Retire { note: None }) => Ok(vec![]),
            (
                Self::Retired { from, .. },
                C::Revise(_) | C::Approve { .. } | C::Publish { .. } | C::Retire { note: Some(_) },
            ) => Err(RewardPlanError::Retired { from: *from }),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Standing(standing) => standing.versions.state(),
            Self::Retired { .. } => "retired",
        }
    }

    /// A plan is nobody's; its words are sealed under its own id.
    fn subject(&self) -> Option<PersonId> {
        None
    }

    fn claims(&self, id: Uuid, event: &RewardPlanEvent) -> Vec<Claim> {
        match (self, event) {
            (Self::Standing(standing), RewardPlanEvent::Published { .. }) if standing.versions.published.is_empty() => {
                vec![Claim::take("reward_plan", &standing.legal_entity, id)]
            }
            (Self::Standing(standing), RewardPlanEvent::Retired { .. }) if !standing.versions.published.is_empty() => {
                vec![Claim::release("reward_plan", &standing.legal_entity, id)]
            }
            (Self::Unrecorded | Self::Standing(_) | Self::Retired { .. }, _) => Vec::new(),
        }
    }
}

event_sourced!(RewardPlan, RewardPlanEvent, RewardPlanCommand, RewardPlanError, "reward_plan");

/// What a version must lay down whatever its amount.
fn is_sound(terms: &PlanTerms) -> Result<(), RewardPlanError> {
    if terms.clause.trim().is_empty() {
        return Err(RewardPlanError::ClauseRequired);
    }
    if terms.amount.currency != "JPY" {
        return Err(RewardPlanError::NotInYen { currency: terms.amount.currency.clone() });
    }
    if terms.amount.amount < 1 {
        return Err(RewardPlanError::AmountRequired);
    }
    match terms.milestone {
        Milestone::Days(1..=LONGEST_DAYS) | Milestone::Months(1..=LONGEST_MONTHS) => Ok(()),
        Milestone::Days(_) | Milestone::Months(_) => Err(RewardPlanError::MilestoneOutOfRange),
    }
}
