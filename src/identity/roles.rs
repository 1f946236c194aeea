//! The roles a caller may hold, as the `roles` claim and `permissions.toml` spell them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a caller is to the employer; one caller may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Offboarding and HR master data.
    PeopleOps,
    /// Runs requisitions and applications; sees departures and members masked.
    Recruiter,
    /// Decides on the cases of their own line.
    HiringManager,
    /// Meets candidates and writes scorecards.
    Interviewer,
    /// Prices offers and reads pay decisions.
    Compensation,
    /// The last approver.
    Executive,
    /// Reads what it needs; writes only reviews, holds and lifts.
    Compliance,
    /// Reads payables, exports, acknowledges.
    Payroll,
    /// Policies and plans, and the admission of members.
    ProgrammeAdmin,
    /// Refers others and sees their own.
    Employee,
    /// Their own membership, applications and referrals.
    Alumnus,
    /// Project rooms only.
    Partner,
    /// The employer's HR system.
    Hris,
    /// The employer's payroll system.
    PayrollSystem,
}

impl Role {
    /// Every role, in the order in which documents list them.
    pub const ALL: [Self; 14] = [
        Self::PeopleOps,
        Self::Recruiter,
        Self::HiringManager,
        Self::Interviewer,
        Self::Compensation,
        Self::Executive,
        Self::Compliance,
        Self::Payroll,
        Self::ProgrammeAdmin,
        Self::Employee,
        Self::Alumnus,
        Self::Partner,
        Self::Hris,
        Self::PayrollSystem,
    ];

    /// The name in claims, tables and events.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PeopleOps => "people_ops",
            Self::Recruiter => "recruiter",
            Self::HiringManager => "hiring_manager",
            Self::Interviewer => "interviewer",
            Self::Compensation => "compensation",
            Self::Executive => "executive",
            Self::Compliance => "compliance",
            Self::Payroll => "payroll",
            Self::ProgrammeAdmin => "programme_admin",
            Self::Employee => "employee",
            Self::Alumnus => "alumnus",
            Self::Partner => "partner",
            Self::Hris => "hris",
            Self::PayrollSystem => "payroll_system",
        }
    }

    /// Whether only another system, never a person, holds this role.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        matches!(self, Self::Hris | Self::PayrollSystem)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no role of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role `{0}`")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_is_listed_once_and_reads_back_from_its_name() {
        assert_eq!(BTreeSet::from(Role::ALL).len(), Role::ALL.len());
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
            assert_eq!(serde_json::from_str::<Role>(&format!("\"{role}\"")).ok(), Some(role), "{role}");
        }
    }

    #[test]
    fn a_name_in_other_spelling_is_no_role() {
        for text in ["", "Recruiter", "people-ops", " recruiter", "admin"] {
            assert_eq!(text.parse::<Role>(), Err(UnknownRole(text.to_owned())));
        }
    }

    #[test]
    fn only_the_two_systems_are_machines() {
        let machines: Vec<_> = Role::ALL.into_iter().filter(|role| role.is_machine()).collect();
        assert_eq!(machines, [Role::Hris, Role::PayrollSystem]);
    }
}
