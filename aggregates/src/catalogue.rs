//! Every event of the house, by its full name: what the feed decodes, and what the catalogue of events documents.

use cqrs_es::Aggregate;
use strum::{EnumMessage, IntoEnumIterator, VariantNames};

use crate::access::{Access, AccessEvent, AccessEventType};
use crate::application::{Application, ApplicationEvent, ApplicationEventType};
use crate::departure::{Departure, DepartureEvent, DepartureEventType};
use crate::employment::{Employment, EmploymentEvent, EmploymentEventType};
use crate::follow_up::{FollowUp, FollowUpEvent, FollowUpEventType};
use crate::incumbents::{
    IncumbentPart, IncumbentPartEvent, IncumbentPartEventType, IncumbentSnapshot, IncumbentSnapshotEvent,
    IncumbentSnapshotEventType,
};
use crate::member::{Member, MemberEvent, MemberEventType};
use crate::no_rehire_flag::{NoRehireFlag, NoRehireFlagEvent, NoRehireFlagEventType};
use crate::offer::{Offer, OfferEvent, OfferEventType};
use crate::pay_bands::{PayBands, PayBandsEvent, PayBandsEventType};
use crate::pay_policy::{PayPolicy, PayPolicyEvent, PayPolicyEventType};
use crate::person::{Person, PersonEvent, PersonEventType};
use crate::programme_policy::{ProgrammePolicy, ProgrammePolicyEvent, ProgrammePolicyEventType};
use crate::referral::{Referral, ReferralEvent, ReferralEventType};
use crate::requisition::{Requisition, RequisitionEvent, RequisitionEventType};
use crate::reward::{Reward, RewardEvent, RewardEventType};
use crate::reward_plan::{RewardPlan, RewardPlanEvent, RewardPlanEventType};
use crate::stream;
use crate::upcast;
pub use crate::upcast::{DecodeError, decode_stream};

/// Raised with every change to what can be stored. A ledger remembers the highest it has seen; an older program refuses to
/// start on it.
pub const CATALOGUE_VERSION: u32 = 5;

/// One type of event, as it is written today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventType {
    /// `<aggregate>.<event>`.
    pub full_name: String,
    /// The version in which it is written.
    pub version: u32,
    /// What it says.
    pub doc: String,
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $variant:ident($aggregate:ty, $event:ty, $types:ty)),+ $(,)?) => {
        /// Any event of the house.
        #[derive(Clone, Debug, PartialEq)]
        pub enum HrEvent {$(
            $(#[$doc])*
            $variant($event),
        )+}

        impl HrEvent {
            /// Reads a stored event: one in the current form, or what has become of an older one.
            pub fn decode(full_type: &str, version: u32, payload: &str) -> Result<Vec<Self>, DecodeError> {
                let kind = full_type.split_once('.').map_or(full_type, |(kind, _)| kind);
                $(if kind == <$aggregate>::TYPE {
                    let events = decode_stream::<$aggregate>(full_type, version, payload)?;
                    return Ok(events.into_iter().map(Self::$variant).collect());
                })+
                Err(DecodeError::UnknownType { full_type: full_type.to_owned() })
            }

            /// Its full name, `<aggregate>.<event>`.
            pub fn full_type(&self) -> String {
                match self {$(
                    Self::$variant(event) => stream::full_type::<$aggregate>(event),
                )+}
            }
        }

        $(impl From<$event> for HrEvent {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        })+

        /// Every type of event, aggregate by aggregate, in the order in which its module tells them.
        pub fn types() -> Vec<EventType> {
            let mut types = Vec::new();
            $(types.extend(<$types>::iter().map(|one| {
                event_type(<$aggregate>::TYPE, one.into(), one.get_documentation().unwrap_or_default())
            }));)+
            types
        }

        /// Whether this is the full name of an event in its current form.
        pub(crate) fn knows(full_type: &str) -> bool {
            let Some((kind, name)) = full_type.split_once('.') else { return false };
            $((kind == <$aggregate>::TYPE && <$event>::VARIANTS.contains(&name)))||+
        }
    };
}

catalogue! {
    /// A departure's.
    Departure(Departure, DepartureEvent, DepartureEventType),
    /// A membership's.
    Member(Member, MemberEvent, MemberEventType),
    /// A period of employment's.
    Employment(Employment, EmploymentEvent, EmploymentEventType),
    /// A person's.
    Person(Person, PersonEvent, PersonEventType),
    /// A no-rehire flag's.
    NoRehireFlag(NoRehireFlag, NoRehireFlagEvent, NoRehireFlagEventType),
    /// A refused follow-up's.
    FollowUp(FollowUp, FollowUpEvent, FollowUpEventType),
    /// A requisition's.
    Requisition(Requisition, RequisitionEvent, RequisitionEventType),
    /// An application's.
    Application(Application, ApplicationEvent, ApplicationEventType),
    /// An offer's.
    Offer(Offer, OfferEvent, OfferEventType),
    /// A referral's.
    Referral(Referral, ReferralEvent, ReferralEventType),
    /// A reward's.
    Reward(Reward, RewardEvent, RewardEventType),
    /// A reward plan's.
    RewardPlan(RewardPlan, RewardPlanEvent, RewardPlanEventType),
    /// A pay policy's.
    PayPolicy(PayPolicy, PayPolicyEvent, PayPolicyEventType),
    /// A programme policy's.
    ProgrammePolicy(ProgrammePolicy, ProgrammePolicyEvent, ProgrammePolicyEventType),
    /// A version of pay bands'.
    PayBands(PayBands, PayBandsEvent, PayBandsEventType),
    /// A snapshot of incumbents'.
    IncumbentSnapshot(IncumbentSnapshot, IncumbentSnapshotEvent, IncumbentSnapshotEventType),
    /// A part of such a snapshot's.
    IncumbentPart(IncumbentPart, IncumbentPartEvent, IncumbentPartEventType),
    /// A reading's.
    Access(Access, AccessEvent, AccessEventType),
}

fn event_type(kind: &str, name: &str, doc: &str) -> EventType {
    let full_name = format!("{kind}.{name}");
    EventType {
        version: upcast::current_version(&full_name),
        full_name,
        doc: doc.lines().collect::<Vec<_>>().join(" "),
    }
}
