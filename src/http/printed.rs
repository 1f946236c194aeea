//! Documents for people, in the form that the client prefers: as data with the text, as a page, or as a file.

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::accept::preferred;
use super::problem::{INTERNAL_ERROR, NOT_ACCEPTABLE, Problem};
use crate::printed::Rendered;

/// In which forms a document is answered, the first where a client does not mind.
const FORMS: [&str; 3] = ["application/json", "text/html", "application/pdf"];
/// A page that loads nothing and runs nothing.
const NOTHING_BUT_STYLE: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A PDF file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is what the API's description names")]
pub(super) struct PdfFile(Vec<u8>);

/// How a document is printed.
pub(super) struct Print {
    /// What a print says beside the text.
    pub(super) remark: Option<&'static str>,
    /// The day of a file for archives.
    pub(super) dated: Option<NaiveDate>,
    /// What a file is called.
    pub(super) name: String,
}

/// The form that the client prefers; refused where it takes none of them.
pub(super) fn form(headers: &HeaderMap) -> Result<&'static str, Problem> {
    let found = preferred(headers, &FORMS).and_then(|form| FORMS.get(form)).copied();
    found.ok_or_else(|| {
        Problem::of(NOT_ACCEPTABLE).detail(
            format!("An explanation comes as {}.", FORMS.join(", ")),
            format!("説明は {} で提供されます。", FORMS.join("、")),
        )
    })
}

/// A document in a form; `told` is what it says as data.
pub(super) async fn answer<T: Serialize>(
    form: &'static str,
    document: Rendered,
    print: Print,
    told: impl FnOnce(Rendered) -> T,
) -> Result<Response, Problem> {
    // Whatever keeps a copy keeps one of each form.
    let varies = [(header::VARY, "accept")];
    match form {
        "text/html" => {
            let policy = [(header::CONTENT_SECURITY_POLICY, NOTHING_BUT_STYLE)];
            Ok((varies, policy, Html(document.html(print.remark))).into_response())
        }
        "application/pdf" => {
            let Print { remark, dated, name } = print;
            // Pages are laid out beside the threads that answer.
            let printing = tokio::task::spawn_blocking(move || document.pdf(remark, dated));
            let printed = printing.await.map_err(|error| error.to_string());
            let file = printed.and_then(|file| file.map_err(|error| error.to_string())).map_err(|error| {
                tracing::error!(error, "an explanation cannot be printed");
                Problem::of(INTERNAL_ERROR)
            })?;
            let name = format!("inline; filename=\"{name}.pdf\"");
            let headers = [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, name.as_str())];
            Ok((varies, headers, file).into_response())
        }
        _ => Ok((varies, Json(told(document))).into_response()),
    }
}
