//! Typed identifiers. All are UUIDv7 made at the edge; none carries meaning.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// An entry of the actor directory.
    ActorId,
    /// A human being as the employer knows them, over all their periods of employment (在籍期間).
    PersonId,
    /// One departure (退職): the end of one period of employment.
    DepartureId,
    /// One membership of the alumni programme.
    MemberId,
    /// One period of employment.
    EmploymentId,
    /// One no-rehire flag.
    FlagId,
    /// One requisition (求人).
    RequisitionId,
    /// One application to come back (再入社応募).
    ApplicationId,
    /// One interview of an application.
    InterviewId,
    /// One offer of re-employment (オファー).
    OfferId,
    /// One referral (紹介).
    ReferralId,
    /// One tranche of a referral reward (リファラル手当).
    RewardId,
    /// One plan of referral rewards (リファラル手当規程).
    RewardPlanId,
    /// One pay policy (賃金決定の基準).
    PayPolicyId,
    /// One programme policy (アルムナイ制度規程).
    ProgrammePolicyId,
    /// One version of pay bands (賃金テーブル).
    PayBandsId,
    /// One snapshot of those who work here (在籍者スナップショット).
    SnapshotId,
    /// One part of such a snapshot.
    IncumbentPartId,
    /// A place in the vault where a sealed value lies.
    VaultRef,
}
