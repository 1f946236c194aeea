//! Reading documents: found, masked for the role, opened in one vault query a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::App;
use super::problem::{INTERNAL_ERROR, MALFORMED_REQUEST, Problem};
use super::request::Session;
use crate::employer::Employer;
use crate::ledger::{self, After, Document, PageQuery, TableId, Waited};

/// How many items a list gives when not asked.
const DEFAULT_LIMIT: i64 = 50;
/// How many items a list gives at most.
const MAX_LIMIT: i64 = 500;

/// In which direction a list goes.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// What comes first by the list's order first.
    Asc,
    /// What comes last first.
    Desc,
}

/// `?order=`, `?limit=` and `?cursor=` of every list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// In which direction; `asc` when not given.
    #[param(inline)]
    pub order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    pub cursor: Option<String>,
}

impl Paging {
    /// The limit, checked.
    pub fn limit(&self) -> Result<i64, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if (1..=MAX_LIMIT).contains(&limit) {
            Ok(limit)
        } else {
            Err(Problem::of(MALFORMED_REQUEST)
                .detail("limit must lie between 1 and 500.", "limitは1から500までで指定してください。"))
        }
    }

    /// The document behind which the page starts, in a list that is sorted by a column or by none.
    pub(super) fn after(&self, by: Option<&'static str>) -> Result<Option<After>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let read = || -> Option<After> {
            let cursor = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let (sort_key, id, said) = match by {
                None => serde_json::from_slice::<(String, Uuid)>(&cursor).map(|(key, id)| (key, id, None)).ok()?,
                Some(_) => serde_json::from_slice::<(String, Uuid, String)>(&cursor)
                    .map(|(key, id, said)| (key, id, Some(said)))
                    .ok()?,
            };
            // Keys are ours: anything else is not a cursor, and U+0000 would not even reach the store.
            let is_ours = |key: &String| key.len() <= 200 && !key.chars().any(char::is_control);
            (is_ours(&sort_key) && said.iter().all(is_ours)).then_some(After { by: said, sort_key, id })
        };
        read().map(Some).ok_or_else(|| {
            Problem::of(MALFORMED_REQUEST)
                .detail("The cursor is not one that a list returned.", "cursorは、一覧が返した値を指定してください。")
        })
    }
}

/// A page as lists return it.
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

/// A list of a read model in its own order: filtered, masked, opened.
pub async fn list<T: DeserializeOwned>(
    app: &App,
    session: &Session,
    table: &TableId,
    filters: Vec<(&'static str, Vec<String>)>,
    ids: Option<Vec<Uuid>>,
    paging: &Paging,
    mask: impl Fn(&Session, &mut Value),
) -> Result<Listed<T>, Problem> {
    sorted(app, session, table, PageQuery { filters, ids, ..PageQuery::default() }, paging, mask).await
}

/// A list of a read model as it is asked for, by what a filter says or in its own order; the page is the caller's.
pub async fn sorted<T: DeserializeOwned>(
    app: &App,
    session: &Session,
    table: &TableId,
    asked: PageQuery,
    paging: &Paging,
    mask: impl Fn(&Session, &mut Value),
) -> Result<Listed<T>, Problem> {
    let order = match paging.order {
        None | Some(Order::Asc) => ledger::Order::Ascending,
        Some(Order::Desc) => ledger::Order::Descending,
    };
    let query = PageQuery { order, after: paging.after(asked.by)?, limit: paging.limit()?, ..asked };
    let page = match app.dispatcher().ledger().page(table, &session.employer.name, &query).await? {
        Waited::Ready(page) => page,
        Waited::Behind => return Err(Problem::behind()),
    };
    let next_cursor = page.next.as_ref().map(cursor_after);
    let items = present(app, session, page.documents, mask).await?;
    Ok(Listed { items, next_cursor })
}

/// The cursor of the page that starts behind a document.
pub(super) fn cursor_after(After { by, sort_key, id }: &After) -> String {
    let cursor = match by {
        None => serde_json::json!([sort_key, id]),
        Some(said) => serde_json::json!([sort_key, id, said]),
    };
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// One document of a read model that the caller may see, as JSON with sealed references.
pub async fn document(app: &App, session: &Session, table: &TableId, id: Uuid) -> Result<(Document, Value), Problem> {
    match app.dispatcher().ledger().document(table, &session.employer.name, id).await? {
        Waited::Behind => Err(Problem::behind()),
        Waited::Ready(None) => Err(Problem::not_found()),
        Waited::Ready(Some(document)) => {
            let body = body(&document)?;
            Ok((document, body))
        }
    }
}

/// Masks and opens documents.
pub async fn present<T: DeserializeOwned>(
    app: &App,
    session: &Session,
    documents: Vec<Document>,
    mask: impl Fn(&Session, &mut Value),
) -> Result<Vec<T>, Problem> {
    let mut bodies = documents.iter().map(body).collect::<Result<Vec<_>, _>>()?;
    for body in &mut bodies {
        mask(session, body);
    }
    open(app, &session.employer, &mut bodies).await?;
    bodies.into_iter().map(typed).collect()
}

/// A document's JSON in the shape that the API promises.
pub fn typed<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|error| {
        tracing::error!(%error, "a document does not have the shape that the API promises");
        Problem::of(INTERNAL_ERROR)
    })
}

fn body(document: &Document) -> Result<Value, Problem> {
    serde_json::from_str(&document.body).map_err(|error| {
        tracing::error!(%error, "a document cannot be read");
        Problem::of(INTERNAL_ERROR)
    })
}

/// Replaces every sealed reference by its value, and by `null` where it has been erased.
pub async fn open(app: &App, employer: &Employer, bodies: &mut [Value]) -> Result<(), Problem> {
    let mut references = Vec::new();
    for body in bodies.iter() {
        collect(body, &mut references);
    }
    references.sort_unstable();
    references.dedup();
    let opened = app.dispatcher().ledger().open_values(&employer.name, &references).await?;
    for body in bodies {
        replace(body, &|reference| opened.get(&reference).cloned());
    }
    Ok(())
}

/// What a place in a document holds.
enum Held {
    /// A personal value, sealed under this reference.
    Sealed(Uuid),
    /// A personal value that has been erased.
    Erased,
    /// Anything else.
    Plain,
}

fn held(value: &Value) -> Held {
    let Some(members) = value.as_object() else { return Held::Plain };
    if members.contains_key("erased") && members.len() == 1 {
        return Held::Erased;
    }
    if members.len() != 2 || !members.contains_key("commitment") {
        return Held::Plain;
    }
    let reference = members.get("ref").and_then(Value::as_str).and_then(|text| Uuid::parse_str(text).ok());
    reference.map_or(Held::Plain, Held::Sealed)
}

fn collect(value: &Value, references: &mut Vec<Uuid>) {
    match held(value) {
        Held::Sealed(reference) => references.push(reference),
        Held::Erased => {}
        Held::Plain => match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
            Value::Object(members) => members.values().for_each(|member| collect(member, references)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        },
    }
}

fn replace(value: &mut Value, find: &impl Fn(Uuid) -> Option<Value>) {
    match held(value) {
        Held::Sealed(reference) => *value = find(reference).unwrap_or(Value::Null),
        Held::Erased => *value = Value::Null,
        Held::Plain => match value {
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, find)),
            Value::Object(members) => members.values_mut().for_each(|member| replace(member, find)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        },
    }
}

/// Removes what a role must not see: each path names a member, `*` every item of a list.
pub fn remove(body: &mut Value, paths: &[&str]) {
    for path in paths {
        remove_one(body, path.split('.').collect::<Vec<_>>().as_slice());
    }
}

fn remove_one(value: &mut Value, path: &[&str]) {
    match (path, value) {
        ([name], Value::Object(members)) => {
            members.remove(*name);
        }
        (["*", rest @ ..], Value::Array(items)) => items.iter_mut().for_each(|item| remove_one(item, rest)),
        ([name, rest @ ..], Value::Object(members)) => {
            if let Some(member) = members.get_mut(*name) {
                remove_one(member, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{collect, remove, replace};

    #[test]
    fn masked_members_are_gone_before_anything_is_opened() {
        let mut body = json!({"a": 1, "person": {"name": 1, "birth": 2}, "list": [{"why": 1, "at": 2}]});
        remove(&mut body, &["a", "person.birth", "list.*.why", "not.there"]);
        assert_eq!(body, json!({"person": {"name": 1}, "list": [{"at": 2}]}));
    }

    #[test]
    fn references_are_found_and_replaced_and_erased_ones_are_null() {
        let id = Uuid::from_u128(7);
        let mut body = json!({"name": {"ref": id, "commitment": "00"}, "gone": {"erased": true}, "items": [{"ref": id, "commitment": "0"}]});
        let mut references = vec![];
        collect(&body, &mut references);
        assert_eq!(references, vec![id, id]);
        replace(&mut body, &|_| Some(Value::from("x")));
        assert_eq!(body, json!({"name": "x", "gone": null, "items": ["x"]}));
    }
}
