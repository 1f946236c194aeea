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
    /// A place in the vault where a sealed value lies.
    VaultRef,
}
