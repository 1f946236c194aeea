//! What commands answer.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem;
use crate::dispatch::Reply;

/// The answer to every create and command.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommandReply {
    /// The id of what was created or commanded.
    pub id: Uuid,
    /// The stream's last sequence; the same as `ETag`.
    #[schema(examples(3))]
    pub version: i64,
    /// The place in the employer's log.
    #[schema(examples(1042))]
    pub position: i64,
    /// The state after the command.
    #[schema(examples("effective"))]
    pub state: String,
}

/// A reply with its headers: `ETag`, `Location` for a create, `Idempotency-Replayed` for a repeat.
pub struct Answer<T = CommandReply> {
    body: T,
    version: i64,
    location: Option<String>,
    replayed: bool,
}

impl From<&Reply> for CommandReply {
    fn from(reply: &Reply) -> Self {
        Self { id: reply.id, version: reply.version, position: reply.position, state: reply.state.clone() }
    }
}

impl Answer {
    /// The answer to a command.
    pub fn done(reply: &Reply) -> Self {
        Self::with(reply, reply.into())
    }

    /// The answer to a create.
    pub fn created(collection: &str, reply: &Reply) -> Self {
        Self { location: Some(format!("/v1/{collection}/{}", reply.id)), ..Self::done(reply) }
    }
}

impl<T> Answer<T> {
    /// The answer to a command that says more than others.
    pub fn with(reply: &Reply, body: T) -> Self {
        Self { body, version: reply.version, location: None, replayed: reply.replayed }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let status = problem::success(self.location.is_some());
        let mut response = (status, axum::Json(self.body)).into_response();
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.version)) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if self.replayed {
            headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
        }
        response
    }
}
