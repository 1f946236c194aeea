//! Reads `permissions.toml` and refuses what cannot be meant, naming the line.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Access, Condition, Grant, Method, Role, Route};

/// The table cannot be used as it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("permissions table, line {line}: {fault}")]
pub struct PermissionsError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that has no meaning here.
    #[error("unknown key `{0}`")]
    UnknownKey(String),
    /// A route without this key.
    #[error("the key `{0}` is missing")]
    MissingKey(&'static str),
    /// A value of another kind than the key's.
    #[error("{0} is expected here")]
    Expected(&'static str),
    /// No role of ours.
    #[error("unknown role `{0}`")]
    UnknownRole(String),
    /// No condition of ours.
    #[error("unknown condition `{0}`")]
    UnknownCondition(String),
    /// Neither `GET` nor `POST`.
    #[error("unknown method `{0}`")]
    UnknownMethod(String),
    /// Not a path template.
    #[error("`{0}` is not a path such as /v1/departures/{{id}}")]
    BadPath(String),
    /// The method and path stand in an earlier row.
    #[error("`{0}` stands in the table already")]
    DuplicateRoute(String),
    /// Nobody could come through.
    #[error("`allow` names no role")]
    EmptyAllow,
    /// A `when` that asks nothing.
    #[error("`when` names no condition")]
    EmptyWhen,
    /// The same role twice in one row.
    #[error("the role `{0}` stands in this row already")]
    DuplicateRole(Role),
    /// Public and yet restricted.
    #[error("a public route takes neither `allow` nor `natural_person`")]
    PublicAndRestricted,
    /// A natural person is needed and only machines are let in.
    #[error("a natural person is required, and only machine roles are allowed")]
    NoPersonAllowed,
    /// No row at all.
    #[error("the table has no routes")]
    NoRoutes,
}

type Value<'i> = Spanned<DeValue<'i>>;

/// A fault at an offset of the text; the line is counted at the end.
struct Found(Range<usize>, Fault);

fn at<T>(value: &Spanned<T>, fault: Fault) -> Found {
    Found(value.span(), fault)
}

pub(super) fn routes(text: &str) -> Result<Vec<Route>, PermissionsError> {
    read(text).map_err(|Found(span, fault)| {
        let before = text.get(..span.start).unwrap_or(text);
        PermissionsError { line: before.matches('\n').count() + 1, fault }
    })
}

fn read(text: &str) -> Result<Vec<Route>, Found> {
    let document = DeTable::parse(text)
        .map_err(|error| Found(error.span().unwrap_or(0..0), Fault::Syntax(error.message().to_owned())))?;
    let mut routes = Vec::new();
    let mut seen = BTreeSet::new();
    for (key, rows) in document.get_ref() {
        if key.get_ref() != "route" {
            return Err(at(key, Fault::UnknownKey(key.get_ref().to_string())));
        }
        for row in array(rows)? {
            let route = route(row)?;
            // `/{id}` and `/{code}` are one route, whatever the parameter is called.
            let shape = route.path.split('/').map(|s| if s.starts_with('{') { "{}" } else { s });
            if !seen.insert((route.method, shape.collect::<Vec<_>>().join("/"))) {
                return Err(at(row, Fault::DuplicateRoute(route.to_string())));
            }
            routes.push(route);
        }
    }
    if routes.is_empty() { Err(Found(0..0, Fault::NoRoutes)) } else { Ok(routes) }
}

fn route(row: &Value<'_>) -> Result<Route, Found> {
    let fields = table(row)?;
    let (mut method, mut path, mut allow, mut why) = (None, None, None, None);
    let (mut natural_person, mut public, mut trial_only) = (false, false, false);
    for (key, value) in fields {
        match key.get_ref().as_ref() {
            "method" => method = Some(method_of(value)?),
            "path" => path = Some(path_of(value)?),
            "allow" => allow = Some(grants(value)?),
            "natural_person" => natural_person = boolean(value)?,
            "public" => public = boolean(value)?,
            "trial_only" => trial_only = boolean(value)?,
            "why" => why = Some(string(value)?.to_owned()),
            other => return Err(at(key, Fault::UnknownKey(other.to_owned()))),
        }
    }
    let missing = |name| at(row, Fault::MissingKey(name));
    let access = match (public, allow) {
        (true, None) if !natural_person => Access::Public,
        (true, _) => return Err(at(row, Fault::PublicAndRestricted)),
        (false, None) => return Err(missing("allow")),
        (false, Some(grants)) => {
            if natural_person && grants.iter().all(|grant| grant.role.is_machine()) {
                return Err(at(row, Fault::NoPersonAllowed));
            }
            Access::Roles(grants)
        }
    };
    Ok(Route {
        method: method.ok_or_else(|| missing("method"))?,
        path: path.ok_or_else(|| missing("path"))?,
        access,
        natural_person,
        trial_only,
        why,
    })
}

/// Either `"every_role"`, or a list of roles and `{ role = "…", when = "…" }`.
fn grants(value: &Value<'_>) -> Result<Vec<Grant>, Found> {
    if value.get_ref().as_str() == Some("every_role") {
        return Ok(Role::ALL.into_iter().map(|role| Grant { role, when: vec![] }).collect());
    }
    let mut grants = Vec::<Grant>::new();
    for entry in array(value)? {
        let grant = grant(entry)?;
        if grants.iter().any(|earlier| earlier.role == grant.role) {
            return Err(at(entry, Fault::DuplicateRole(grant.role)));
        }
        grants.push(grant);
    }
    if grants.is_empty() { Err(at(value, Fault::EmptyAllow)) } else { Ok(grants) }
}

fn grant(entry: &Value<'_>) -> Result<Grant, Found> {
    if entry.get_ref().is_str() {
        return Ok(Grant { role: role(entry)?, when: vec![] });
    }
    let (mut named, mut when) = (None, None);
    for (key, value) in table(entry)? {
        match key.get_ref().as_ref() {
            "role" => named = Some(role(value)?),
            "when" => when = Some(conditions(value)?),
            other => return Err(at(key, Fault::UnknownKey(other.to_owned()))),
        }
    }
    Ok(Grant {
        role: named.ok_or_else(|| at(entry, Fault::MissingKey("role")))?,
        when: when.ok_or_else(|| at(entry, Fault::MissingKey("when")))?,
    })
}

/// One condition, or a list of which all must hold.
fn conditions(value: &Value<'_>) -> Result<Vec<Condition>, Found> {
    let condition = |value: &Value<'_>| {
        let text = string(value)?;
        let known = Condition::ALL.into_iter().find(|condition| condition.as_str() == text);
        known.ok_or_else(|| at(value, Fault::UnknownCondition(text.to_owned())))
    };
    if value.get_ref().is_str() {
        return Ok(vec![condition(value)?]);
    }
    let all: BTreeSet<Condition> = array(value)?.iter().map(condition).collect::<Result<_, _>>()?;
    if all.is_empty() { Err(at(value, Fault::EmptyWhen)) } else { Ok(all.into_iter().collect()) }
}

fn role(value: &Value<'_>) -> Result<Role, Found> {
    let text = string(value)?;
    text.parse().map_err(|_| at(value, Fault::UnknownRole(text.to_owned())))
}

fn method_of(value: &Value<'_>) -> Result<Method, Found> {
    match string(value)? {
        "GET" => Ok(Method::Get),
        "POST" => Ok(Method::Post),
        other => Err(at(value, Fault::UnknownMethod(other.to_owned()))),
    }
}

fn path_of(value: &Value<'_>) -> Result<String, Found> {
    let path = string(value)?;
    let is_template = path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment));
    if is_template { Ok(path.to_owned()) } else { Err(at(value, Fault::BadPath(path.to_owned()))) }
}

fn is_segment(segment: &str) -> bool {
    let parameter = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let (name, marks): (&str, &[u8]) = match parameter {
        Some(name) => (name, b"_"),
        None => (segment, b"-_."),
    };
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || marks.contains(&b);
    !name.is_empty() && name.bytes().all(fits)
}

fn string<'v>(value: &'v Value<'_>) -> Result<&'v str, Found> {
    value.get_ref().as_str().ok_or_else(|| at(value, Fault::Expected("a text")))
}

fn boolean(value: &Value<'_>) -> Result<bool, Found> {
    value.get_ref().as_bool().ok_or_else(|| at(value, Fault::Expected("true or false")))
}

fn array<'v, 'i>(value: &'v Value<'i>) -> Result<&'v [Value<'i>], Found> {
    let array = value.get_ref().as_array().map(|array| &**array);
    array.ok_or_else(|| at(value, Fault::Expected("a list")))
}

fn table<'v, 'i>(value: &'v Value<'i>) -> Result<&'v DeTable<'i>, Found> {
    value.get_ref().as_table().ok_or_else(|| at(value, Fault::Expected("a table")))
}
