//! A pay policy (賃金規程による復職時の格付け・賃金決定の基準): drafted, approved by a second person, published with an
//! effective date, superseded or retired. Stream `pay_policy/{policy_id}`. One policy that governs an entity at a time: claim
//! `pay_policy`, key `{legal_entity}`.

mod standing;
mod watch;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use standing::{EDIT_DAYS, Standing};
pub use watch::{
    AlertKey, AlertOutcome, AlertReview, DuePublication, Figures, JOINT_ASSESSMENT, PUBLICATION, PayGapLaw,
    Publication, Raised, StandingAlert, Watch,
};

use crate::ids::{ActorId, PayPolicyId, PersonId};
use crate::issued::{ActorKind, Due, Issued};
use crate::pay::{Loosening, PolicyTerms, Unsound};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::FreeText;
use crate::versions::{Governing, VersionError};

/// Facts about pay policies, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(PayPolicyEventType),
    doc = "The types of [`PayPolicyEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum PayPolicyEvent {
    /// A policy was drafted.
    Drafted {
        /// What it lays down.
        terms: Box<PolicyTerms>,
        /// Who drafted it.
        drafted_by: ActorId,
        /// The local day (PAY-24).
        drafted_on: NaiveDate,
    },
    /// A new version was drafted.
    Revised {
        /// Which version.
        version: u32,
        /// What it lays down.
        terms: Box<PolicyTerms>,
        /// Who revised it.
        revised_by: ActorId,
        /// The local day (PAY-24).
        revised_on: NaiveDate,
    },
    /// A second person approved a version.
    Approved {
        /// Which version.
        version: u32,
        /// Who.
        approved_by: ActorId,
    },
    /// A version was published: it governs offers that are drafted from a day on, and supersedes the version before.
    Published {
        /// Which version.
        version: u32,
        /// The first day.
        effective_from: NaiveDate,
        /// Who.
        published_by: ActorId,
        /// Where it is looser than the defaults, and how many decisions up to then that would have flipped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        loosening: Option<Box<Loosening>>,
        /// Why it is looser. Class `pay_decision`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
    },
    /// A month is over: its figures are looked at (MON-01…05).
    MonthClosed {
        /// Its last day.
        last_day: NaiveDate,
    },
    /// Figures of that month have somebody look.
    AlertRaised {
        /// Which.
        #[serde(flatten)]
        raised: Raised,
        /// The last day to look: of a pay gap to justify or mend it (PAY-06).
        look_by: NaiveDate,
    },
    /// The figures of a later month have nobody look any more.
    AlertCleared {
        /// Which.
        #[serde(flatten)]
        alert: AlertKey,
        /// The last day of that month.
        last_day: NaiveDate,
    },
    /// Nobody justified or mended a pay gap in time: it is assessed with the workers' representatives (PAY-06).
    JointAssessmentDue {
        /// Which.
        #[serde(flatten)]
        alert: AlertKey,
        /// The last day.
        due_on: NaiveDate,
    },
    /// Somebody looked.
    AlertReviewed {
        /// At which.
        #[serde(flatten)]
        alert: AlertKey,
        /// What came of it.
        #[serde(flatten)]
        review: AlertReview,
        /// Who.
        reviewed_by: ActorId,
    },
    /// A fiscal year is over whose pay gap is published (男女の賃金の差異の公表, PAY-08).
    PublicationDue {
        /// Its last day.
        year_ends: NaiveDate,
        /// The last day to publish it.
        due_on: NaiveDate,
    },
    /// It was published.
    PayGapPublished {
        /// The last day of the year.
        year_ends: NaiveDate,
        /// When and where.
        #[serde(flatten)]
        publication: Publication,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// Somebody asked that a published policy be retired; it is once somebody else asks as well.
    RetirementProposed {
        /// Why. Class `pay_decision`.
        reason: FreeText,
        /// Who.
        proposed_by: ActorId,
        /// How many offers were assessed under policies of the entity so far: without one, none would have been.
        decisions: u64,
    },
    /// The policy was retired: it governs no further offer.
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

/// What can be asked of a policy.
#[derive(Clone, Debug)]
pub enum PayPolicyCommand {
    /// Draft a policy.
    Draft(Box<PolicyTerms>),
    /// Draft a new version of it.
    Revise(Box<PolicyTerms>),
    /// Approve the version that waits. Never whoever drafted it; needs a natural person.
    Approve,
    /// Publish the approved version. One that is looser than the defaults needs a second approver and a reason.
    Publish(Box<Publishing>),
    /// Note what the figures of a month that is over come to (reaction).
    NoteFigures(Figures),
    /// Record that somebody looked at an alert; needs a natural person.
    ReviewAlert {
        /// At which.
        alert: AlertKey,
        /// What came of it.
        review: AlertReview,
    },
    /// Record that the pay gap of a year was published.
    RecordPublication {
        /// The last day of the year.
        year_ends: NaiveDate,
        /// When and where.
        publication: Publication,
    },
    /// Retire the policy from today on. Once a version was published nothing is looser than that: one person asks and says
    /// why, another one asks as well; both are natural persons.
    Retire {
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
        /// How many offers were assessed under policies of the entity so far.
        decisions: u64,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for PayPolicyCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// A version that is to be published.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publishing {
    /// The first day on which it governs; today where it is not stated.
    pub effective_from: Option<NaiveDate>,
    /// What of the defaults it loosens, counted over past decisions; none where it loosens nothing.
    pub loosening: Option<Loosening>,
    /// Why. Class `pay_decision`.
    pub reason: Option<FreeText>,
}

/// State: only what `decide` reads, and what offers read of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum PayPolicy {
    /// No policy was drafted under this id.
    #[default]
    Unrecorded,
    /// A policy, whether or not a version of it was published.
    Standing(Standing),
    /// A policy that governs nothing from a day on.
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
pub enum PayPolicyError {
    /// There is no such policy.
    #[error("no pay policy is drafted under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this pay policy is already drafted")]
    AlreadyDrafted,
    /// It could not be followed.
    #[error("{0}")]
    Unsound(Unsound),
    /// A policy stays with its entity.
    #[error("the policy is one of {legal_entity}; another entity needs a policy of its own")]
    EntityDiffers {
        /// Whose it is.
        legal_entity: String,
    },
    /// A program approves nothing (AUD-12).
    #[error("only a natural person may approve a pay policy")]
    NaturalPersonRequired,
    /// A looser policy is published by a natural person who neither drafted nor approved it.
    #[error(
        "the version loosens {}: it is published by a second approver, who neither drafted nor approved it",
        looser(.fields)
    )]
    SecondApproverRequired {
        /// What it loosens.
        fields: Vec<String>,
    },
    /// A looser policy says why.
    #[error("the version loosens {}: the publication says why", looser(.fields))]
    LooseningReasonRequired {
        /// What it loosens.
        fields: Vec<String>,
    },
    /// What a looser policy would have flipped was counted for other terms.
    #[error("what the version loosens was counted for other terms")]
    LooseningNotCounted,
    /// A policy that governs is retired for a reason.
    #[error("nothing is looser than no policy: whoever asks that it be retired says why")]
    RetirementReasonRequired,
    /// Nothing of the kind has somebody look.
    #[error("no figures of that row have anybody look")]
    NoSuchAlert,
    /// Nobody closes what is about themselves (MON-05).
    #[error("whoever an alert is about does not say what came of it")]
    OwnAlert,
    /// One look, one outcome.
    #[error("what came of the look was recorded otherwise")]
    AlertReviewed,
    /// After six months an explanation does not do (PAY-06).
    #[error("the time to justify or mend the gap is over: it is assessed with the workers' representatives")]
    JointAssessmentRequired,
    /// Nothing is to be published.
    #[error("no pay gap of a year that ends on that day is to be published")]
    PublicationNotDue,
    /// It is published once.
    #[error("the publication was recorded otherwise")]
    PayGapPublished,
    /// A year is published once it is over.
    #[error("a day after {after} and by {today} is expected")]
    PublishedOutsideTheYear {
        /// The last day of the year.
        after: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// The version is not approved or published.
    #[error(transparent)]
    #[strum(transparent)]
    Version(#[from] VersionError),
    /// It is over.
    #[error("the policy is retired from {from} on")]
    Retired {
        /// The first day on which it governs nothing.
        from: NaiveDate,
    },
}

/// What a version loosens, in words.
fn looser(fields: &[String]) -> String {
    if fields.is_empty() { "what past decisions were held to".to_owned() } else { fields.join(", ") }
}

impl PayPolicy {
    fn after(self, event: PayPolicyEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, PayPolicyEvent::Drafted { terms, drafted_by, drafted_on }) => {
                Self::Standing(Standing::drafted(*terms, drafted_by, drafted_on))
            }
            (Self::Standing(standing), PayPolicyEvent::Retired { effective_from, .. }) => {
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

    /// The version that governs offers drafted on a day: of those published, the latest that had begun.
    pub fn governing(&self, on: NaiveDate) -> Option<&Governing<PolicyTerms>> {
        match self {
            Self::Unrecorded => None,
            Self::Retired { from, .. } if *from <= on => None,
            Self::Standing(standing) | Self::Retired { standing, .. } => standing.versions.governing(on),
        }
    }
}

/// A version of a policy as a decision names it, such as `pay/0195…/2`.
pub fn policy_version(policy: PayPolicyId, version: u32) -> String {
    format!("pay/{policy}/{version}")
}

impl Stream for PayPolicy {
    type Order = PayPolicyCommand;

    fn decide(&self, issued: Issued<PayPolicyCommand>) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        use PayPolicyCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Standing(standing), C::Wake) => Ok(standing.close_month(on)),
            (Self::Unrecorded | Self::Retired { .. }, C::Wake) => Ok(vec![]),
            // What a policy watches over ends with it.
            (Self::Unrecorded | Self::Retired { .. }, C::NoteFigures(_)) => Ok(vec![]),
            (Self::Standing(standing), C::NoteFigures(figures)) => Ok(standing.note_figures(figures, on)),
            (Self::Standing(standing), C::ReviewAlert { alert, review }) => standing.review_alert(by, alert, review),
            (Self::Standing(standing), C::RecordPublication { year_ends, publication }) => {
                standing.record_publication(by.id, on, (year_ends, publication))
            }
            (_, C::Approve) if by.kind != ActorKind::Person => Err(PayPolicyError::NaturalPersonRequired),
            (Self::Unrecorded, C::Draft(terms)) => {
                terms.check().map_err(PayPolicyError::Unsound)?;
                Ok(vec![PayPolicyEvent::Drafted { terms, drafted_by: by.id, drafted_on: on }])
            }
            (
                Self::Unrecorded,
                C::Revise(_)
                | C::Approve
                | C::Publish(_)
                | C::Retire { .. }
                | C::ReviewAlert { .. }
                | C::RecordPublication { .. },
            ) => Err(PayPolicyError::Unrecorded),
            (Self::Standing(_) | Self::Retired { .. }, C::Draft(_)) => Err(PayPolicyError::AlreadyDrafted),
            (Self::Standing(standing), C::Revise(terms)) => standing.revise(terms, by.id, on),
            (Self::Standing(standing), C::Approve) => standing.approve(by.id),
            (Self::Standing(standing), C::Publish(publishing)) => standing.publish(*publishing, on, by),
            (Self::Standing(standing), C::Retire { note, decisions }) => standing.retire(by, on, note, decisions),
            (Self::Retired { .. }, C::Retire { note: None, .. }) => Ok(vec![]),
            (
                Self::Retired { from, .. },
                C::Revise(_)
                | C::Approve
                | C::Publish(_)
                | C::Retire { note: Some(_), .. }
                | C::ReviewAlert { .. }
                | C::RecordPublication { .. },
            ) => Err(PayPolicyError::Retired { from: *from }),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Standing(standing) => standing.versions.state(),
            Self::Retired { .. } => "retired",
        }
    }

    /// A policy is nobody's; its words are sealed under its own id.
    fn subject(&self) -> Option<PersonId> {
        None
    }

    fn wake(&self) -> Option<Due> {
        match self {
            Self::Unrecorded | Self::Retired { .. } => None,
            Self::Standing(standing) => standing.next_close().map(Due::On),
        }
    }

    fn claims(&self, id: Uuid, event: &PayPolicyEvent) -> Vec<Claim> {
        match (self, event) {
            (Self::Standing(standing), PayPolicyEvent::Published { .. }) if standing.versions.published.is_empty() => {
                vec![Claim::take("pay_policy", &standing.legal_entity, id)]
            }
            (Self::Standing(standing), PayPolicyEvent::Retired { .. }) if !standing.versions.published.is_empty() => {
                vec![Claim::release("pay_policy", &standing.legal_entity, id)]
            }
            (Self::Unrecorded | Self::Standing(_) | Self::Retired { .. }, _) => Vec::new(),
        }
    }
}

event_sourced!(PayPolicy, PayPolicyEvent, PayPolicyCommand, PayPolicyError, "pay_policy");
