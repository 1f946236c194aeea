//! `/v1/log`: the employer's event log by position, for compliance, in the form in which it is hashed.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::accept::preferred;
use super::problem::{INTERNAL_ERROR, MALFORMED_REQUEST, NOT_ACCEPTABLE, Problem};
use super::reading;
use super::request::{Params, Session};
use crate::ledger::{LogEntry, LogQuery, hex};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(log))
}

/// One JSON object.
const JSON: &str = "application/json";
/// One leaf a line.
const JSONL: &str = "application/jsonl";
/// A list of `CloudEvents`.
const CLOUDEVENTS: &str = "application/cloudevents-batch+json";
/// The forms in which the log is given.
const FORMS: [&str; 3] = [JSON, JSONL, CLOUDEVENTS];

/// The longest name of a type.
const MAX_TYPE: usize = 100;

/// Which part of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct LogParams {
    /// Only events after this position: the `next_after` of the previous page. 0 when not given.
    #[param(minimum = 0)]
    #[serde(default)]
    after: i64,
    /// How many events, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Only events of this type, such as `departure.recorded`, or of this kind of stream, such as `departure`.
    #[param(pattern = r"^[a-z_]+(\.[a-z_]*)?$", max_length = 100, example = "departure.recorded")]
    r#type: Option<String>,
    /// Only events of this stream, or about this person.
    subject: Option<Uuid>,
    /// Adds a member `opened` to each item: the payload with its personal values opened, but for groups that are there for
    /// monitoring alone. Only as `application/json`.
    #[serde(default)]
    open: bool,
}

/// An event of the log. Without `position`, `leaf_hash` and `opened`, its canonical JSON (RFC 8785) is the leaf that is hashed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogItem {
    /// The place in the employer's log; the leaf's index in the RFC 9162 tree, counted from 1.
    position: i64,
    employer: String,
    /// `<kind>/<id>`.
    #[schema(examples("departure/01990000-0000-7000-8000-000000000001"))]
    stream: String,
    /// The place in the stream.
    sequence: i64,
    #[schema(examples("departure.recorded"))]
    r#type: String,
    /// The version of the stored form.
    version: i32,
    recorded_at: DateTime<Utc>,
    /// Who, in which role, by which command, and from which event it follows.
    metadata: BTreeMap<String, String>,
    /// What happened; personal values are references into the vault and commitments.
    #[schema(value_type = Object)]
    payload: Value,
    /// SHA-256(0x00 ‖ leaf) in lower-case hexadecimal.
    leaf_hash: String,
    /// The payload with its personal values opened, where it was asked for; `null` stands for what has been erased.
    #[schema(value_type = Option<Object>)]
    opened: Option<Value>,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogPage {
    items: Vec<LogItem>,
    /// `after` of the next page, also when nothing more is there yet.
    next_after: i64,
}

/// An event as a `CloudEvent` 1.0. Its `data` is the payload, personal values sealed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CloudEvent {
    #[schema(examples("1.0"))]
    specversion: String,
    /// The position; unique within `source`.
    #[schema(examples("1042"))]
    id: String,
    #[schema(examples("/employers/acme/log"))]
    source: String,
    #[schema(examples("departure.recorded"))]
    r#type: String,
    /// The stream.
    #[schema(examples("departure/01990000-0000-7000-8000-000000000001"))]
    subject: String,
    time: DateTime<Utc>,
    #[schema(examples("application/json"))]
    datacontenttype: String,
    /// The position, padded so that it sorts as text.
    #[schema(examples("0000000000000001042"))]
    sequence: String,
    /// When it was recorded; the same as `time`, to the microsecond.
    recordedtime: String,
    /// The place in the stream.
    streamsequence: i64,
    /// The version of the stored form.
    dataversion: i32,
    /// Who: an id of the actor directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    authid: Option<String>,
    /// `user`, `service_account` or `system`.
    #[serde(skip_serializing_if = "Option::is_none")]
    authtype: Option<String>,
    /// In which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    authrole: Option<String>,
    /// The command that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlationid: Option<String>,
    /// The `id` of the event that it follows from.
    #[serde(skip_serializing_if = "Option::is_none")]
    causationid: Option<String>,
    /// SHA-256(0x00 ‖ leaf) in lower-case hexadecimal.
    leafhash: String,
    #[schema(value_type = Object)]
    data: Value,
}

/// Read the log.
///
/// As `application/json`, as `application/jsonl` (one leaf a line, exactly as hashed) or as
/// `application/cloudevents-batch+json`. The header `Link` names the next page while this one is full.
#[utoipa::path(get, path = "/v1/log", tag = "history", params(LogParams),
    responses((status = 200, description = "Events in order of position",
        content((LogPage = "application/json"), (String = "application/jsonl"), (Vec<CloudEvent> = "application/cloudevents-batch+json")))))]
async fn log(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    Params(asked): Params<LogParams>,
) -> Result<Response, Problem> {
    if session.legal_entities().is_some() {
        // The log is one for all entities of an employer, and its proof holds for all of it only.
        return Err(Problem::forbidden("GET /v1/log for all legal entities").reason("legal_entity"));
    }
    let form = preferred(&headers, &FORMS).and_then(|index| FORMS.get(index)).copied().ok_or_else(|| {
        Problem::of(NOT_ACCEPTABLE).detail(
            format!("The log is given as {}.", FORMS.join(", ")),
            format!("ログは {} の形式で提供されます。", FORMS.join("、")),
        )
    })?;
    let query = query(&asked, form)?;
    let entries = app.dispatcher().ledger().log(&session.employer.name, &query).await?;
    let next_after = entries.last().map_or(query.after, |entry| entry.position);
    let full = i64::try_from(entries.len()).is_ok_and(|length| length == query.limit);
    let mut response = match form {
        JSONL => lines(&entries).into_response(),
        CLOUDEVENTS => {
            let events = entries.iter().map(cloud_event).collect::<Result<Vec<_>, _>>()?;
            Json(events).into_response()
        }
        _ => {
            let mut items = entries.iter().map(item).collect::<Result<Vec<_>, _>>()?;
            if asked.open {
                open(&app, &session, &mut items).await?;
            }
            Json(json!({"items": items, "next_after": next_after})).into_response()
        }
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(form));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    if full
        && let Ok(link) = HeaderValue::from_str(&format!("<{}>; rel=\"next\"", next(&asked, next_after, query.limit)))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn malformed(english: &str, japanese: &str) -> Problem {
    Problem::of(MALFORMED_REQUEST).detail(english, japanese)
}

fn query(asked: &LogParams, form: &str) -> Result<LogQuery, Problem> {
    let limit = asked.limit.unwrap_or(50);
    if !(1..=500).contains(&limit) {
        return Err(malformed("limit must lie between 1 and 500.", "limitは1から500までで指定してください。"));
    }
    if asked.after < 0 {
        return Err(malformed("after must not be negative.", "afterは0以上で指定してください。"));
    }
    if asked.open && form != JSON {
        return Err(malformed("open is for application/json only.", "openはapplication/jsonでのみ指定できます。"));
    }
    let event_type = match &asked.r#type {
        None => None,
        Some(name) => {
            let mut parts = name.split('.');
            let bounded = name.len() <= MAX_TYPE;
            let named = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            match (parts.next().filter(|kind| named(kind)), parts.next(), parts.next()) {
                (Some(kind), None | Some(""), None) if bounded => Some(format!("{kind}.")),
                (Some(_), Some(event), None) if bounded && named(event) => Some(name.clone()),
                _ => {
                    return Err(malformed(
                        "type is an event's type, such as departure.recorded, or a kind of stream, such as departure.",
                        "typeは departure.recorded のような種別か、departure のようなストリームの種類で指定してください。",
                    ));
                }
            }
        }
    };
    Ok(LogQuery { after: asked.after, limit, event_type, subject: asked.subject })
}

/// The address of the next page. Every value is one of ours or has been checked: nothing needs escaping.
fn next(asked: &LogParams, after: i64, limit: i64) -> String {
    let mut link = format!("/v1/log?after={after}&limit={limit}");
    if let Some(name) = &asked.r#type {
        link = format!("{link}&type={name}");
    }
    if let Some(subject) = asked.subject {
        link = format!("{link}&subject={subject}");
    }
    if asked.open {
        link.push_str("&open=true");
    }
    link
}

fn leaf(entry: &LogEntry) -> Result<Map<String, Value>, Problem> {
    serde_json::from_str(&entry.leaf).map_err(|error| {
        tracing::error!(%error, position = entry.position, "a leaf cannot be read");
        Problem::of(INTERNAL_ERROR)
    })
}

fn item(entry: &LogEntry) -> Result<Value, Problem> {
    let mut members = leaf(entry)?;
    members.insert("position".to_owned(), entry.position.into());
    members.insert("leaf_hash".to_owned(), hex(&entry.leaf_hash).into());
    members.insert("opened".to_owned(), Value::Null);
    Ok(Value::Object(members))
}

fn lines(entries: &[LogEntry]) -> String {
    entries.iter().fold(String::new(), |mut text, entry| {
        text.push_str(&entry.leaf);
        text.push('\n');
        text
    })
}

async fn open(app: &App, session: &Session, items: &mut [Value]) -> Result<(), Problem> {
    let mut payloads: Vec<Value> = items.iter().map(|item| item.get("payload").cloned().unwrap_or_default()).collect();
    // Declared or kept for monitoring: never joined to anything else, so never opened here.
    for payload in &mut payloads {
        reading::remove(payload, &["group", "groups"]);
    }
    reading::open(app, &session.employer, &mut payloads).await?;
    for (item, payload) in items.iter_mut().zip(payloads) {
        if let Some(members) = item.as_object_mut() {
            members.insert("opened".to_owned(), payload);
        }
    }
    Ok(())
}

fn cloud_event(entry: &LogEntry) -> Result<Value, Problem> {
    let mut members = leaf(entry)?;
    let mut take = |name: &str| members.remove(name).unwrap_or_default();
    let metadata = take("metadata");
    let meta = |name: &str| metadata.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let (employer, recorded_at) = (take("employer"), take("recorded_at"));
    let authtype = meta("actor_kind").map(|kind| match kind.as_str() {
        "person" => "user",
        "service" => "service_account",
        _ => "system",
    });
    let event = json!({
        "specversion": "1.0",
        "id": entry.position.to_string(),
        "source": format!("/employers/{}/log", employer.as_str().unwrap_or_default()),
        "type": take("type"),
        "subject": take("stream"),
        "time": recorded_at,
        "datacontenttype": JSON,
        "sequence": format!("{:019}", entry.position),
        "recordedtime": recorded_at,
        "streamsequence": take("sequence"),
        "dataversion": take("version"),
        "authid": meta("actor"),
        "authtype": authtype,
        "authrole": meta("role"),
        "correlationid": meta("command_id"),
        "causationid": meta("caused_by_position"),
        "leafhash": hex(&entry.leaf_hash),
        "data": take("payload"),
    });
    // An attribute without a value is left out: CloudEvents has no null.
    let attributes = event.as_object().cloned().unwrap_or_default();
    Ok(attributes.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

#[cfg(test)]
mod tests {
    use super::{JSON, JSONL, LogEntry, LogParams, cloud_event, item, next, query};

    fn asked(name: Option<&str>, open: bool) -> LogParams {
        LogParams { after: 0, limit: None, r#type: name.map(ToOwned::to_owned), subject: None, open }
    }

    fn entry() -> LogEntry {
        let leaf = r#"{"employer":"acme","metadata":{"actor":"a","actor_kind":"person","role":"people_ops"},"payload":{"type":"recorded"},"recorded_at":"2025-11-24T16:00:00.000001Z","sequence":1,"stream":"departure/1","type":"departure.recorded","version":1}"#;
        LogEntry { position: 42, leaf: leaf.to_owned(), leaf_hash: vec![0, 255] }
    }

    #[test]
    fn a_type_is_an_events_or_a_streams() {
        let named = |name: &str| query(&asked(Some(name), false), JSON).map(|query| query.event_type);
        assert_eq!(named("departure.recorded").unwrap().as_deref(), Some("departure.recorded"));
        assert_eq!(named("departure.").unwrap().as_deref(), Some("departure."));
        assert_eq!(named("departure").unwrap().as_deref(), Some("departure."));
        for wrong in ["", ".", "Departure", "a.b.c", "a b", "a.%", &"a".repeat(101)] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_leaf_is_never_given_opened() {
        assert!(query(&asked(None, true), JSONL).is_err());
        assert!(query(&asked(None, true), JSON).is_ok());
    }

    #[test]
    fn an_item_is_its_leaf_and_three_members_more() {
        let mut item = item(&entry()).unwrap();
        let members = item.as_object_mut().unwrap();
        assert_eq!(members.remove("leaf_hash").unwrap(), "00ff");
        assert_eq!(
            (members.remove("position").unwrap(), members.remove("opened").unwrap()),
            (42.into(), serde_json::Value::Null)
        );
        assert_eq!(item.to_string(), entry().leaf);
    }

    #[test]
    fn a_cloud_event_has_no_null_and_only_lower_case_names() {
        let event = cloud_event(&entry()).unwrap();
        let attributes = event.as_object().unwrap();
        assert!(attributes.values().all(|value| !value.is_null()));
        assert!(attributes.keys().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
        assert_eq!(
            (&event["id"], &event["authtype"], &event["source"]),
            (&"42".into(), &"user".into(), &"/employers/acme/log".into())
        );
    }

    #[test]
    fn the_next_page_asks_for_the_same() {
        assert_eq!(next(&asked(Some("member"), true), 9, 5), "/v1/log?after=9&limit=5&type=member&open=true");
    }
}
