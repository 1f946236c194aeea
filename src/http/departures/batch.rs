//! `POST /v1/departures/invite-batch`: many invitations at once, answered as a file for mail merge.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use aggregates::departure::{Channel, DepartureCommand, OutreachBasis};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use serde::Deserialize;
use tokio::task::JoinSet;
use tracing::Instrument as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::invitations::inviting;
use super::reading::{Leaver, MOST, leavers};
use super::send_invitation;
use crate::http::App;
use crate::http::fields::{id_at, named};
use crate::http::problem::{IDEMPOTENCY_KEY_REUSED, INTERNAL_ERROR, Problem};
use crate::http::request::{Body, Line, Session, one_of_or_null};
use crate::invitation;

/// How many are sent at a time.
const AT_ONCE: usize = 16;
/// What a spreadsheet would take for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(invite_batch))
}

/// Whom to invite, and why the contact is lawful.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteBatch {
    /// The departures, each once.
    #[schema(min_items = 1, max_items = 500, value_type = Vec<Uuid>)]
    departure_ids: Vec<String>,
    /// Why this contact is lawful (PRV-01); `notice_with_invitation` when not given.
    #[schema(schema_with = one_of_or_null::<OutreachBasis>)]
    basis: Option<String>,
    /// The version of the notice that states the purpose.
    notice_version: Option<Line>,
    /// `email` when not given.
    #[schema(schema_with = one_of_or_null::<Channel>)]
    channel: Option<String>,
}

/// Invite many people at once.
///
/// Answers a CSV file for mail merge (UTF-8 with a byte order mark), one line a departure in the order asked for. `result`
/// is `invited`, or the reason why this one was not; one line that fails stops no other. With an `Idempotency-Key` each
/// line has a receipt of its own, so that a repeat after a crash goes on where the first attempt ended.
#[utoipa::path(post, path = "/v1/departures/invite-batch", tag = "departures", request_body = InviteBatch,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        description = "Makes a repeat safe: what has been issued is answered again, the rest goes on.")),
    responses((status = 200, content_type = "text/csv", body = String,
        description = "The columns `departure_id,name,email,invitation_token,short_code,expires_at,result`")))]
async fn invite_batch(State(app): State<App>, session: Session, body: Body<InviteBatch>) -> Result<Response, Problem> {
    let Body { value: asked, bytes } = body;
    let ids = distinct(&asked.departure_ids)?;
    let basis = asked.basis.as_deref().map(|name| named("/basis", name)).transpose()?;
    let channel = asked.channel.as_deref().map(|name| named("/channel", name)).transpose()?;
    let command = DepartureCommand::Invite {
        basis: basis.unwrap_or(OutreachBasis::NoticeWithInvitation),
        notice_version: asked.notice_version.map(|line| line.0),
        channel: channel.unwrap_or(Channel::Email),
        refused: false,
    };
    let batch = Arc::new(Batch { app, session, command, bytes });
    batch.must_fit_receipts(&ids).await?;
    let addressees = batch.addressees(&ids).await?;
    // What a line says whose task came to nothing.
    let mut lines: Vec<Cells> = ids.iter().map(|id| failed(*id, INTERNAL_ERROR.name)).collect();
    let mut running = JoinSet::new();
    let mut waiting = ids.iter().copied().enumerate();
    loop {
        while running.len() < AT_ONCE
            && let Some((place, id)) = waiting.next()
        {
            let (batch, addressee) = (Arc::clone(&batch), addressees.get(&id).cloned());
            running.spawn(async move { (place, batch.line(id, addressee).await) }.in_current_span());
        }
        let Some(done) = running.join_next().await else { break };
        if let Ok((place, line)) = done
            && let Some(slot) = lines.get_mut(place)
        {
            *slot = line;
        }
    }
    Ok(csv(&lines))
}

fn distinct(departure_ids: &[String]) -> Result<Vec<Uuid>, Problem> {
    if departure_ids.is_empty() || i64::try_from(departure_ids.len()).is_ok_and(|asked| asked > MOST) {
        return Err(Problem::field(
            "/departure_ids",
            "out_of_range",
            "1 to 500 departures are expected.",
            "退職のIDは1件から500件まで指定してください。",
        ));
    }
    let mut seen = BTreeSet::new();
    let distinct = departure_ids.iter().enumerate().map(|(index, text)| {
        let pointer = format!("/departure_ids/{index}");
        let id = id_at(&pointer, text)?;
        if seen.insert(id) {
            Ok(id)
        } else {
            Err(Problem::field(&pointer, "repeated", "This departure is named twice.", "同じ退職が重複しています。"))
        }
    });
    distinct.collect()
}

/// Cells of one line, in the order of the columns.
type Cells = [String; 7];

fn failed(id: Uuid, result: &str) -> Cells {
    let [name, email, token, code, expires_at] = <[String; 5]>::default();
    [id.to_string(), name, email, token, code, expires_at, result.to_owned()]
}

/// What all lines share.
struct Batch {
    app: App,
    session: Session,
    command: DepartureCommand,
    bytes: axum::body::Bytes,
}

impl Batch {
    /// The session of one line: its receipt is derived from the request's key and the departure.
    fn session_of(&self, id: Uuid) -> Session {
        // One version could not be that of all of them.
        Session { path: Arc::from(format!("{}/{id}", self.session.path)), if_match: None, ..self.session.clone() }
    }

    /// Refuses a key that came with another body before anything is done.
    async fn must_fit_receipts(&self, ids: &[Uuid]) -> Result<(), Problem> {
        for id in ids {
            let envelope = self.session_of(*id).envelope("departures.invite", 200, &self.bytes);
            let Some(receipt) = envelope.receipt else { return Ok(()) };
            let stored = self.app.dispatcher().ledger().receipt(&envelope.employer.name, &receipt.key).await?;
            if stored.is_some_and(|stored| stored.request != receipt.request) {
                return Err(Problem::of(IDEMPOTENCY_KEY_REUSED));
            }
        }
        Ok(())
    }

    /// Those of the departures that this caller may see.
    async fn addressees(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Leaver>, Problem> {
        let mut addressees = leavers(&self.app, &self.session, ids.to_vec()).await?;
        addressees.retain(|_, leaver| self.session.covers(&leaver.legal_entity));
        Ok(addressees)
    }

    async fn line(&self, id: Uuid, addressee: Option<Leaver>) -> Cells {
        match self.invite(id, addressee.is_some()).await {
            Ok([token, code, expires_at]) => {
                let Leaver { name, email, .. } = addressee.unwrap_or_default();
                [
                    id.to_string(),
                    name.unwrap_or_default(),
                    email.unwrap_or_default(),
                    token,
                    code,
                    expires_at,
                    "invited".to_owned(),
                ]
            }
            Err(problem) => failed(id, problem.reason.as_deref().unwrap_or(&problem.code)),
        }
    }

    /// Token, short code and end of one invitation.
    async fn invite(&self, id: Uuid, visible: bool) -> Result<[String; 3], Problem> {
        if !visible {
            return Err(Problem::not_found());
        }
        let session = self.session_of(id);
        let envelope = session.envelope("departures.invite", 200, &self.bytes);
        let dispatcher = self.app.dispatcher();
        let reply = send_invitation(dispatcher, &session, &envelope, id, &self.command).await?;
        let issued = inviting(dispatcher, &session.employer, id).await?.issued_by(reply.version);
        let expires_at =
            issued.map(|issued| issued.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
        let keys = &session.employer.keys;
        Ok([invitation::token(keys, id, reply.version), invitation::short_code(keys, id, reply.version), expires_at])
    }
}

const HEADINGS: [&str; 7] = ["departure_id", "name", "email", "invitation_token", "short_code", "expires_at", "result"];

fn csv(lines: &[Cells]) -> Response {
    // With the mark Excel knows that the file is UTF-8.
    let mut text = String::from("\u{feff}");
    text.push_str(&HEADINGS.join(","));
    text.push_str("\r\n");
    for line in lines {
        text.push_str(&line.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"invitations.csv\""));
    response
}

/// A cell (RFC 4180) that no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let cell = if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{distinct, quoted};

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("山田 花子", "山田 花子"),
            ("=1+1", "'=1+1"),
            ("+81 90", "'+81 90"),
            ("-x", "'-x"),
            ("@cmd", "'@cmd"),
            ("\t=1", "'\t=1"),
            ("=\"a\",b", "\"'=\"\"a\"\",b\""),
            ("a,b", "\"a,b\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }

    #[test]
    fn a_batch_names_each_departure_once() {
        let id = Uuid::from_u128(1).to_string();
        assert_eq!(distinct(std::slice::from_ref(&id)).unwrap().len(), 1);
        let pointer = |ids: &[String]| distinct(ids).unwrap_err().errors[0].pointer.clone();
        assert_eq!(pointer(&[]), "/departure_ids");
        assert_eq!(pointer(&vec![id.clone(); 501]), "/departure_ids");
        assert_eq!(pointer(&[id.clone(), id.clone()]), "/departure_ids/1");
        assert_eq!(pointer(&[id, "x".into()]), "/departure_ids/1");
    }
}
