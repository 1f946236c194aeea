//! What comes in: who calls, and bodies parsed into typed values with errors that name field and rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use aggregates::ids::ActorId;
use aggregates::issued::{Actor, ActorKind};
use aggregates::values::LARGEST_AMOUNT;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use chrono::{Datelike as _, NaiveDate};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::App;
use super::problem::{
    BODY_TOO_LARGE, FieldProblem, MALFORMED_JSON, MALFORMED_REQUEST, PRECONDITION_REQUIRED, Problem,
    UNSUPPORTED_MEDIA_TYPE,
};
use crate::dispatch::Envelope;
use crate::employer::Employer;
use crate::identity::permissions::{Condition, Grant};
use crate::identity::{Caller, CallerKind, Role};
use crate::ledger::ReceiptKey;

/// The largest JSON body.
pub const MAX_BODY: usize = 1 << 20;

/// How far the caller's permission reaches on this route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything of the employer.
    All,
    /// Only what is about the caller.
    Own,
    /// Only the cases that are the caller's to lead or to look at.
    Assigned,
}

impl Reach {
    /// How far a grant with these conditions reaches. That no conflict of interest is recorded, the case itself decides.
    pub fn of(when: &[Condition]) -> Self {
        if when.contains(&Condition::Own) {
            Self::Own
        } else if when.contains(&Condition::Assigned) {
            Self::Assigned
        } else {
            Self::All
        }
    }
}

/// What somebody had before their eyes when they decided: nobody approves what they did not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// They named the hash of the terms.
    Terms(String),
    /// They named the version of the stream, which is compared when the command is decided.
    Version,
}

/// An authenticated, authorised caller on one route.
#[derive(Clone)]
pub struct Session {
    /// Who, as the token says.
    pub caller: Arc<Caller>,
    /// For which employer.
    pub employer: Arc<Employer>,
    /// The caller's id in the actor directory.
    pub actor: ActorId,
    /// Whom a service acts for.
    pub on_behalf_of: Option<ActorId>,
    /// The role that permits this.
    pub role: Role,
    /// How far it reaches.
    pub reach: Reach,
    /// Everything that the route grants to the caller, in the table's order; see `scope::case_session`.
    pub any_of: Arc<[Grant]>,
    /// `METHOD /template` of the route.
    pub route: Arc<str>,
    /// The path as it was asked for.
    pub path: Arc<str>,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<Arc<str>>,
    /// `If-Match`.
    pub if_match: Option<i64>,
    /// The entities of which exit pay is kept from the caller, once somebody looked: see `pay_history::kept_back`.
    pub exit_pay_kept_back: Option<Arc<BTreeSet<String>>>,
}

impl Session {
    /// Who answers for a command: the caller, or whom a service acts for.
    pub fn answers_for_it(&self) -> ActorId {
        self.on_behalf_of.unwrap_or(self.actor)
    }

    /// Whether the caller has a role at all, apart from the one that permitted the route.
    pub fn has(&self, role: Role) -> bool {
        self.caller.roles.contains(&role)
    }

    /// Whether the caller may see things of this entity.
    pub fn covers(&self, legal_entity: &str) -> bool {
        self.caller.covers_legal_entity(legal_entity)
    }

    /// The entities the caller is limited to.
    pub fn legal_entities(&self) -> Option<&BTreeSet<String>> {
        self.caller.legal_entities.as_ref()
    }

    /// What the caller has seen of the terms that the command answers: `If-Match` with a version, or the hash that the
    /// body names. `If-Match: *` names nothing.
    pub fn must_have_seen(&self, terms_hash: Option<&str>) -> Result<Seen, Problem> {
        match (terms_hash, self.if_match) {
            (Some(hash), _) => Ok(Seen::Terms(hash.to_owned())),
            (None, Some(_)) => Ok(Seen::Version),
            (None, None) => Err(Problem::of(PRECONDITION_REQUIRED)),
        }
    }

    /// The circumstances of a command that answers terms: after a lost race the caller looks again, it is not repeated by
    /// itself.
    pub fn answering(&self, command: &'static str, status: i32, body: &[u8]) -> Envelope {
        Envelope { repeatable: false, ..self.envelope(command, status, body) }
    }

    /// What kind of caller it is.
    fn kind(&self) -> ActorKind {
        match self.caller.kind {
            CallerKind::Person => ActorKind::Person,
            CallerKind::Service => ActorKind::Service,
        }
    }

    /// The circumstances of a command. `status` goes on the receipt, `body` is what a repeat is compared by.
    pub fn envelope(&self, command: &'static str, status: i32, body: &[u8]) -> Envelope {
        let receipt = self.idempotency_key.as_ref().map(|key| ReceiptKey {
            key: self.employer.keys.receipt(&[
                self.actor.0.as_bytes(),
                self.route.split(' ').next().unwrap_or_default().as_bytes(),
                self.path.as_bytes(),
                key.as_bytes(),
            ]),
            request: self.employer.keys.receipt(&[body]),
            status,
        });
        Envelope {
            employer: Arc::clone(&self.employer),
            actor: Actor { id: self.actor, kind: self.kind() },
            role: self.role.as_str(),
            on_behalf_of: self.on_behalf_of,
            command,
            command_id: Uuid::now_v7(),
            receipt,
            expected: self.if_match,
            cause: None,
            repeatable: true,
        }
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        // The middleware puts it there on every route that is not public.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::forbidden("this route"))
    }
}

/// `Idempotency-Key` and `If-Match`, or what is wrong with them.
pub fn conditions(headers: &HeaderMap) -> Result<(Option<Arc<str>>, Option<i64>), Problem> {
    let malformed = |header: &str, english: &str, japanese: &str| {
        Problem::of(MALFORMED_REQUEST).detail(format!("{header}: {english}"), format!("{header}: {japanese}"))
    };
    let key = match headers.get("idempotency-key") {
        None => None,
        Some(value) => match value.to_str() {
            Ok(text) if (1..=255).contains(&text.len()) => Some(Arc::from(text)),
            Ok(_) | Err(_) => {
                return Err(malformed(
                    "Idempotency-Key",
                    "1 to 255 visible ASCII characters are expected",
                    "1〜255文字のASCII文字で指定してください",
                ));
            }
        },
    };
    let version = match headers.get(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default().trim()) {
        None | Some("*") => None,
        Some(tag) => match tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).map(str::parse::<i64>) {
            Some(Ok(version)) if version >= 0 => Some(version),
            _ => {
                return Err(malformed(
                    "If-Match",
                    "one version in quotation marks is expected, such as \"3\"",
                    "\"3\" のように、バージョンを引用符で囲んで指定してください",
                ));
            }
        },
    };
    Ok((key, version))
}

/// A JSON body, parsed; and its bytes, for the receipt.
pub struct Body<T> {
    /// What was asked.
    pub value: T,
    /// The body as it came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let json =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(is_json);
        let typed = request.headers().contains_key(header::CONTENT_TYPE);
        let bytes = to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| Problem::of(BODY_TOO_LARGE))?;
        // A command without a body is a command with an empty object.
        if bytes.is_empty() && !typed {
            let value = parse(b"{}")?;
            return Ok(Self { value, bytes });
        }
        if !json {
            return Err(Problem::of(UNSUPPORTED_MEDIA_TYPE));
        }
        Ok(Self { value: parse(if bytes.is_empty() { b"{}" } else { &bytes })?, bytes })
    }
}

fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| parameter.is_empty() || parameter.eq_ignore_ascii_case("charset=utf-8"))
}

/// Parses JSON into `T`; every error names its place.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let json: Value = serde_json::from_slice(bytes).map_err(|error| {
        Problem::of(MALFORMED_JSON).detail(
            format!("The body is not JSON: line {}, column {}.", error.line(), error.column()),
            format!("本文をJSONとして読み取れません（{}行目、{}文字目）。", error.line(), error.column()),
        )
    })?;
    let mut errors = Vec::new();
    check_text(&json, &mut String::new(), &mut errors);
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    if !json.is_object() {
        // A list without items would pass for an object without members.
        return Err(Problem::field("", "wrong_type", "Expected an object.", "値の型が正しくありません。"));
    }
    serde_path_to_error::deserialize(json).map_err(|error| Problem::fields(vec![field_problem(&error)]))
}

/// The longest text any field takes, in characters.
const MAX_TEXT: usize = 10_000;

fn check_text(value: &Value, pointer: &mut String, errors: &mut Vec<FieldProblem>) {
    let mut fault = |code: &str, english: &str, japanese: &str, pointer: &str| {
        errors.push(FieldProblem {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: english.to_owned(),
            detail_ja: japanese.to_owned(),
        });
    };
    match value {
        Value::String(text) => {
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                fault("control_character", "Control characters are not allowed.", "制御文字は使えません。", pointer);
            } else if text.chars().count() > MAX_TEXT {
                fault(
                    "too_long",
                    "At most 10,000 characters are allowed.",
                    "10,000文字以内で入力してください。",
                    pointer,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(pointer, &index.to_string(), |pointer| check_text(item, pointer, errors));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                within(pointer, name, |pointer| check_text(member, pointer, errors));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn within(pointer: &mut String, step: &str, inside: impl FnOnce(&mut String)) {
    let length = pointer.len();
    push_step(pointer, step);
    inside(pointer);
    pointer.truncate(length);
}

/// One step of a JSON pointer, escaped (RFC 6901).
fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
}

/// Marks an error text of ours: code, English, Japanese.
const MARK: char = '\u{a7}';

/// An error of a field type of ours.
pub(super) fn fault<E: serde::de::Error>(code: &str, english: &str, japanese: &str) -> E {
    E::custom(format!("{MARK}{code}{MARK}{english}{MARK}{japanese}"))
}

fn field_problem(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldProblem {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => push_step(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_step(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let text = error.inner().to_string();
    let quoted = || text.split('`').nth(1).unwrap_or_default().to_owned();
    let (code, detail, detail_ja) = if let Some(ours) = text.strip_prefix(MARK) {
        let mut parts = ours.split(MARK);
        let mut next = || parts.next().unwrap_or_default().to_owned();
        (next(), next(), next())
    } else if text.starts_with("missing field") {
        push_step(&mut pointer, &quoted());
        ("required".to_owned(), "This field is required.".to_owned(), "この項目は必須です。".to_owned())
    } else if text.starts_with("unknown field") {
        let mut step = String::new();
        push_step(&mut step, &quoted());
        if !pointer.ends_with(&step) {
            pointer.push_str(&step);
        }
        ("unknown_field".to_owned(), "There is no such field.".to_owned(), "この項目は存在しません。".to_owned())
    } else if text.starts_with("unknown variant") {
        (
            "unknown_value".to_owned(),
            "This value is not one of those allowed.".to_owned(),
            "使用できない値です。".to_owned(),
        )
    } else {
        let expected = expected(text.split("expected ").nth(1).unwrap_or("another type"));
        ("wrong_type".to_owned(), format!("Expected {expected}."), "値の型が正しくありません。".to_owned())
    };
    FieldProblem { pointer, code, detail, detail_ja }
}

/// What was expected, in the words of JSON: what a type is called in here is nobody's business.
fn expected(told: &str) -> &str {
    match told.split([' ', ',']).next() {
        Some("struct" | "map") => "an object",
        Some("tuple" | "sequence" | "unit") => "a list",
        Some("enum") => "a text",
        Some("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize") => "a whole number",
        Some("f32" | "f64") => "a number",
        _ if told.starts_with("a map") => "an object",
        _ if told.starts_with("a sequence") => "a list",
        _ => told,
    }
}

/// A short text: one line, 1 to 200 characters, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(pub String);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(fault("required", "This field must not be empty.", "この項目は空にできません。"));
        }
        if text.chars().count() > 200 {
            return Err(fault("too_long", "At most 200 characters are allowed.", "200文字以内で入力してください。"));
        }
        if text.chars().any(char::is_control) {
            return Err(fault("control_character", "One line is expected.", "改行などの制御文字は使えません。"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl PartialSchema for Line {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200)).into()
    }
}
impl ToSchema for Line {}

/// Free words about a person or a decision: 1 to 10,000 characters. Always sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(pub String);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(fault("required", "This field must not be empty.", "この項目は空にできません。"));
        }
        Ok(Self(text))
    }
}

impl PartialSchema for Words {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_TEXT)).into()
    }
}
impl ToSchema for Words {}

/// Nothing more needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingMore {}

/// That somebody else's word is recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedFor {
    /// How it came in.
    #[schema(value_type = Words, examples("2026年12月10日付の書面による"))]
    pub reason: Words,
}

/// A calendar day, `YYYY-MM-DD`, from 1900 to 2100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let shaped = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| matches!(i, 4 | 7) == (b == b'-'));
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| shaped).ok_or_else(|| {
            fault::<D::Error>(
                "not_a_date",
                "A calendar day such as 2024-03-31 is expected.",
                "2024-03-31 のような日付で入力してください。",
            )
        })?;
        if (1900..=2100).contains(&day.year()) {
            Ok(Self(day))
        } else {
            Err(D::Error::custom(format!(
                "{MARK}out_of_range{MARK}The year must lie between 1900 and 2100.{MARK}1900年から2100年までの日付で入力してください。"
            )))
        }
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .examples(["2024-03-31"])
            .into()
    }
}
impl ToSchema for Day {}

/// A mail address: one `@`, a domain with a dot, no spaces, at most 254 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(pub String);

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        let shaped = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'))
            && text.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty()
                    && !domain.contains('@')
                    && domain.split('.').count() > 1
                    && domain.split('.').all(|label| !label.is_empty())
            });
        if shaped {
            Ok(Self(text.to_owned()))
        } else {
            Err(fault("not_an_email", "A mail address is expected.", "メールアドレスの形式で入力してください。"))
        }
    }
}

impl PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(254))
            .pattern(Some(r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$"))
            .examples(["hanako@example.jp"])
            .into()
    }
}
impl ToSchema for Email {}

/// A telephone number: digits, spaces, `+ - ( )`, with 6 to 20 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(pub String);

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let shaped = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
        if shaped && (6..=20).contains(&digits) && text.len() <= 40 {
            Ok(Self(text.to_owned()))
        } else {
            Err(fault("not_a_phone", "A telephone number is expected.", "電話番号の形式で入力してください。"))
        }
    }
}

impl PartialSchema for Phone {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(40))
            .pattern(Some(r"^[0-9 +()-]*([0-9][ +()-]*){6,20}$"))
            .examples(["090-1234-5678"])
            .into()
    }
}
impl ToSchema for Phone {}

/// An amount of money in a request: positive minor units of an ISO 4217 currency.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct MoneyField {
    /// Minor units; yen have none.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, examples(6_200_000))]
    pub amount: i64,
    /// ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$", examples("JPY"))]
    pub currency: String,
}

impl<'de> Deserialize<'de> for MoneyField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Plain {
            amount: i64,
            currency: String,
        }
        let Plain { amount, currency } = Plain::deserialize(deserializer)?;
        if amount < 1 {
            return Err(fault("not_positive", "The amount must be positive.", "金額は正の数で入力してください。"));
        }
        if amount > LARGEST_AMOUNT {
            return Err(fault(
                "too_large",
                "The amount must be at most 9007199254740991.",
                "金額は9007199254740991以下で入力してください。",
            ));
        }
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(fault(
                "not_a_currency",
                "An ISO 4217 code such as JPY is expected.",
                "JPYのような通貨コードで入力してください。",
            ));
        }
        Ok(Self { amount, currency })
    }
}

impl From<MoneyField> for aggregates::values::Money {
    fn from(money: MoneyField) -> Self {
        Self { amount: money.amount, currency: money.currency }
    }
}

/// The schema of a closed list of names.
pub fn one_of<T: strum::IntoEnumIterator + Into<&'static str>>() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(T::iter().map(Into::<&'static str>::into).collect::<Vec<_>>()))
        .build()
        .into()
}

/// The schema of a closed list of names, or null.
pub fn one_of_or_null<T: strum::IntoEnumIterator + Into<&'static str>>() -> Schema {
    use utoipa::openapi::schema::SchemaType;
    let names = T::iter().map(|name| Value::from(name.into())).chain([Value::Null]);
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(names.collect::<Vec<_>>()))
        .build()
        .into()
}

/// An id in the path.
pub struct Id(pub Uuid);

impl FromRequestParts<App> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| malformed_id())?;
        parse_id(&text).map(Self)
    }
}

/// Reads an id in its one written form.
pub fn parse_id(text: &str) -> Result<Uuid, Problem> {
    // The other spellings that the library reads (braces, no hyphens) would give one thing two addresses.
    let id = Uuid::try_parse(text).ok().filter(|id| id.as_hyphenated().to_string() == text.to_ascii_lowercase());
    id.ok_or_else(malformed_id)
}

fn malformed_id() -> Problem {
    Problem::of(MALFORMED_REQUEST)
        .detail("The id in the path is not a UUID.", "パスのIDがUUIDではありません。")
        .reason("malformed_id")
}

/// Query parameters, with errors in our form.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Query(value) = Query::<T>::from_request_parts(parts, app).await.map_err(|error| {
            let text = error.body_text();
            let text = text.split(MARK).nth(2).map_or_else(|| text.clone(), ToOwned::to_owned);
            Problem::of(MALFORMED_REQUEST).detail(text, "クエリパラメータの形式が正しくありません。")
        })?;
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Day, Line, MoneyField, parse};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the errors are looked at")]
    struct Asked {
        name: Line,
        on: Option<Day>,
        pay: Option<MoneyField>,
    }

    fn error(text: &str) -> (u16, String, String) {
        let problem = parse::<Asked>(text.as_bytes()).unwrap_err();
        let first = problem.errors.first().cloned();
        let (pointer, code) = first.map(|e| (e.pointer, e.code)).unwrap_or_default();
        (problem.status, pointer, code)
    }

    #[test]
    fn every_error_names_its_place_and_rule() {
        assert_eq!(error("{").0, 400);
        assert_eq!(error("[]"), (422, String::new(), "wrong_type".into()));
        assert_eq!(error("{}"), (422, "/name".into(), "required".into()));
        assert_eq!(error(r#"{"name": " "}"#), (422, "/name".into(), "required".into()));
        assert_eq!(error(r#"{"name": 3}"#), (422, "/name".into(), "wrong_type".into()));
        assert_eq!(error(r#"{"name": "x", "age": 3}"#), (422, "/age".into(), "unknown_field".into()));
        assert_eq!(error(r#"{"name": "x", "on": "2024-02-30"}"#), (422, "/on".into(), "not_a_date".into()));
        assert_eq!(error(r#"{"name": "x", "on": "0024-02-28"}"#), (422, "/on".into(), "out_of_range".into()));
        assert_eq!(error(r#"{"name": "x\u0000"}"#), (422, "/name".into(), "control_character".into()));
        assert_eq!(error(r#"{"name": "x", "pay": {"amount": 1.5, "currency": "JPY"}}"#).2, "wrong_type");
        let told = |text: &str| parse::<Asked>(text.as_bytes()).unwrap_err().errors.remove(0).detail;
        assert_eq!(told(r#"{"name": "x", "pay": 3}"#), "Expected an object.");
        assert_eq!(told(r#"{"name": []}"#), "Expected a string.");
        assert_eq!(told(r#"{"name": "x", "pay": {"amount": 1.5, "currency": "JPY"}}"#), "Expected a whole number.");
        assert_eq!(error(r#"{"name": "x", "pay": {"amount": -1, "currency": "JPY"}}"#).2, "not_positive");
        assert_eq!(error(r#"{"name": "x", "pay": {"amount": 9007199254740992, "currency": "JPY"}}"#).2, "too_large");
        assert_eq!(error(r#"{"name": "x", "pay": {"amount": 1e400, "currency": "JPY"}}"#).0, 400);
        assert_eq!(error(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).0, 400);
    }
}
