//! Consent as a question about an instant: whoever writes to a member proves that at that very moment it was allowed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::MemberEvent;

/// What a member can consent to, each apart from the others (PRV-01, PRV-02).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConsentPurpose {
    /// Being written to about the programme.
    Contact,
    /// Being told about openings.
    Jobs,
    /// Being asked to refer others.
    Referral,
    /// Working together on projects.
    CoCreation,
    /// Being shown to partner companies.
    PartnerSharing,
    /// Appearing in public material.
    Publicity,
    /// Being counted in analyses.
    Analytics,
}

/// The consent that a use rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentProof {
    /// The version of the text that the member consented to.
    pub text_version: String,
    /// When they did.
    pub granted_at: DateTime<Utc>,
}

/// The consent to `purpose` that stood at `at`: granted at or before it and not withdrawn at or before it. The end of a
/// membership ends every consent. `history` is the membership's events in the order of the log.
pub fn consent_at<'a>(
    history: impl IntoIterator<Item = (DateTime<Utc>, &'a MemberEvent)>,
    purpose: ConsentPurpose,
    at: DateTime<Utc>,
) -> Option<ConsentProof> {
    use MemberEvent as E;
    history.into_iter().filter(|(recorded_at, _)| *recorded_at <= at).fold(None, |standing, (recorded_at, event)| {
        match event {
            E::ConsentGranted { purpose: granted, text_version } if *granted == purpose => {
                Some(ConsentProof { text_version: text_version.clone(), granted_at: recorded_at })
            }
            E::ConsentWithdrawn { purpose: withdrawn } if *withdrawn == purpose => None,
            E::Rejected { .. } | E::Returned { .. } | E::Left { .. } | E::DeathRecorded | E::Disposed { .. } => None,
            E::Registered(_)
            | E::TermsAccepted { .. }
            | E::ConsentGranted { .. }
            | E::ConsentWithdrawn { .. }
            | E::Approved { .. }
            | E::Activated { .. }
            | E::ContactDetailsGiven(_)
            | E::ProfileDescribed(_)
            | E::IntentsDeclared { .. }
            | E::DataConfirmed { .. }
            | E::ConfirmationAsked { .. }
            | E::BecameDormant { .. }
            | E::Paused { .. }
            | E::Resumed
            | E::GroupDeclared { .. }
            | E::GroupDeclarationWithdrawn
            | E::ContactRecorded(_) => standing,
        }
    })
}
