//! Which role may do what: one table, `permissions.toml`, read and checked at start.
//!
//! Owns the table and the decision by role. `http/` asks [`Route::granted`] before it looks
//! anything up, and then weighs the conditions that come with a conditional answer. What is not
//! in the table is denied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Role;

mod markdown;
mod parse;

pub use parse::{Fault, PermissionsError};

/// The table that this program was built with.
const EMBEDDED: &str = include_str!("../../permissions.toml");

/// The methods our routes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads; `HEAD` counts as this too.
    Get,
    /// Creates and commands.
    Post,
}

impl Method {
    fn read(text: &str) -> Option<Self> {
        match text {
            "GET" | "HEAD" => Some(Self::Get),
            "POST" => Some(Self::Post),
            _ => None,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
        })
    }
}

/// What must hold of the thing asked for, beside the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// It is about the caller, or it is the caller's own.
    Own,
    /// The case is assigned to the caller or lies in their line.
    Assigned,
    /// No conflict of interest between caller and case is recorded.
    NotConflicted,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 3] = [Self::Own, Self::Assigned, Self::NotConflicted];

    /// The name in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Assigned => "assigned",
            Self::NotConflicted => "not_conflicted",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One role's access to one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub role: Role,
    /// All of these must hold; none means always.
    pub when: Vec<Condition>,
}

/// Who comes through to a route at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a token.
    Public,
    /// These roles, in order of precedence; never empty.
    Roles(Vec<Grant>),
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces, as the router spells it.
    pub path: String,
    /// Who may.
    pub access: Access,
    /// A service, or a call on somebody's behalf, is refused.
    pub natural_person: bool,
    /// Exists in trial ledgers only.
    pub trial_only: bool,
    /// Why the row is as it is, where that is not plain.
    pub why: Option<String>,
}

impl Route {
    fn grants(&self) -> &[Grant] {
        match &self.access {
            Access::Roles(grants) => grants,
            Access::Public => &[],
        }
    }

    /// Everything that it grants to a caller with these roles, in the table's order: one alternative that holds suffices.
    #[must_use]
    pub fn granted(&self, roles: &BTreeSet<Role>) -> Vec<Grant> {
        self.grants().iter().filter(|grant| roles.contains(&grant.role)).cloned().collect()
    }
}

/// A permission's name, as a refusal tells it: `POST /v1/departures`.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The answer by role alone, before anything is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// None of the caller's roles may, or there is no such route.
    Denied,
    /// Whatever the case: this role may, the first in the table that the caller holds.
    Allowed {
        /// The role to record.
        by: Role,
    },
    /// If one of these holds of the case; never empty.
    AllowedIf {
        /// The alternatives in the table's order.
        any_of: Vec<Grant>,
    },
}

impl Decision {
    /// What these grants come to. Of several the most permissive counts: one without conditions before any with; else every
    /// alternative is kept, and one suffices.
    #[must_use]
    pub fn of(grants: Vec<Grant>) -> Self {
        if let Some(free) = grants.iter().find(|grant| grant.when.is_empty()) {
            return Self::Allowed { by: free.role };
        }
        if grants.is_empty() { Self::Denied } else { Self::AllowedIf { any_of: grants } }
    }

    /// The role by which the caller may, once it is known which conditions hold; `None` is no.
    #[must_use]
    pub fn role_if(&self, holds: impl Fn(Condition) -> bool) -> Option<Role> {
        match self {
            Self::Denied => None,
            Self::Allowed { by } => Some(*by),
            Self::AllowedIf { any_of } => {
                any_of.iter().find(|grant| grant.when.iter().all(|condition| holds(*condition))).map(|grant| grant.role)
            }
        }
    }
}

/// The whole table, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    routes: Vec<Route>,
    index: BTreeMap<String, Vec<usize>>,
}

impl Permissions {
    /// The table the program was built with.
    pub fn embedded() -> Result<Self, PermissionsError> {
        Self::parse(EMBEDDED)
    }

    /// Reads and checks a table; an error names its line.
    pub fn parse(text: &str) -> Result<Self, PermissionsError> {
        let routes = parse::routes(text)?;
        let mut index = BTreeMap::<String, Vec<usize>>::new();
        for (place, route) in routes.iter().enumerate() {
            index.entry(route.path.clone()).or_default().push(place);
        }
        Ok(Self { routes, index })
    }

    /// Every row in the table's order.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// The row of a method and the router's path template.
    #[must_use]
    pub fn route(&self, method: &str, path_template: &str) -> Option<&Route> {
        let method = Method::read(method)?;
        let places = self.index.get(path_template)?;
        places.iter().filter_map(|place| self.routes.get(*place)).find(|route| route.method == method)
    }

    /// What a route grants to a caller with these roles; nothing where there is no such route.
    #[must_use]
    pub fn granted(&self, method: &str, path_template: &str, roles: &BTreeSet<Role>) -> Vec<Grant> {
        self.route(method, path_template).map(|route| route.granted(roles)).unwrap_or_default()
    }

    /// Whether a caller with these roles may read one collection's history: the role must be
    /// allowed both histories and the collection's own `GET /v1/<collection>/{id}`, so that no
    /// history shows what the collection itself would not.
    #[must_use]
    pub fn decide_history(&self, collection: &str, roles: &BTreeSet<Role>) -> Decision {
        let histories = self.grants("GET", "/v1/history/{collection}/{id}");
        let readers = self.grants("GET", &format!("/v1/{collection}/{{id}}"));
        let mut both = Vec::new();
        for history in histories.iter().filter(|grant| roles.contains(&grant.role)) {
            if let Some(reader) = readers.iter().find(|reader| reader.role == history.role) {
                let when = history.when.iter().chain(&reader.when).copied();
                let when = when.collect::<BTreeSet<_>>().into_iter().collect();
                both.push(Grant { role: history.role, when });
            }
        }
        Decision::of(both)
    }

    fn grants(&self, method: &str, path_template: &str) -> &[Grant] {
        self.route(method, path_template).map_or(&[], Route::grants)
    }

    /// The table as a page of the reference (`docs/reference/permissions.md`).
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::page(&self.routes)
    }
}

#[cfg(test)]
mod tests;
