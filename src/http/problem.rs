//! Every error that leaves the program: RFC 9457 problem details, in English and Japanese.
//!
//! The only file with status codes. Each problem has a code from [`CODES`], whose page the server serves at
//! `/problems/<code>`; a refusal by the domain also carries the domain's own `reason`, field errors carry pointers.

use std::ops::{Deref, DerefMut};

use aggregates::offer::{OfferError, REFUSED_TERMS};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::dispatch::{DispatchError, LoadError};
use crate::identity::AuthError;
use crate::ledger::StoreError;

mod refusals;

pub use refusals::Refusal;

/// What a code means: one row of the problem catalogue.
pub struct Code {
    /// The stable name.
    pub name: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// Title in English.
    pub title: &'static str,
    /// Title in Japanese.
    pub title_ja: &'static str,
    /// What it means and what to do, in English.
    pub help: &'static str,
    /// The same in Japanese.
    pub help_ja: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $status:ident, $title:literal, $title_ja:literal, $help:literal, $help_ja:literal;)+) => {
        $(
            #[doc = $title]
            pub const $constant: &Code = &Code {
                name: $name,
                status: StatusCode::$status,
                title: $title,
                title_ja: $title_ja,
                help: $help,
                help_ja: $help_ja,
            };
        )+
        /// The catalogue of problems.
        pub const CODES: &[&Code] = &[$($constant),+];
    };
}

codes! {
    MALFORMED_JSON = "malformed_json", BAD_REQUEST, "The body is not JSON", "本文がJSONではありません",
        "The request body could not be read as UTF-8 JSON. Nothing was recorded; correct the body and send it again.",
        "リクエスト本文をUTF-8のJSONとして読み取れませんでした。何も記録されていません。本文を直して再送してください。";
    MALFORMED_REQUEST = "malformed_request", BAD_REQUEST, "The request is malformed", "リクエストの形式が正しくありません",
        "A path segment, query parameter or header does not have the form that the documentation gives.",
        "パス、クエリパラメータ、ヘッダーのいずれかが、説明書の形式に合っていません。";
    UNAUTHENTICATED = "unauthenticated", UNAUTHORIZED, "Not signed in", "認証されていません",
        "The request needs a valid bearer token in the Authorization header. The member `reason` says what is wrong with the one sent.",
        "Authorizationヘッダーに有効なベアラートークンが必要です。`reason` に理由が示されます。";
    FORBIDDEN = "forbidden", FORBIDDEN, "Not allowed", "権限がありません",
        "None of the caller's roles may do this at all. The member `permission` names what would be needed.",
        "呼び出し元のどのロールにも、この操作は許可されていません。`permission` に必要な権限が示されます。";
    NATURAL_PERSON_REQUIRED = "natural_person_required", FORBIDDEN, "A natural person is required", "自然人による操作が必要です",
        "This decision must be taken by a human being acting for themselves, not by a service and not on behalf of somebody (AUD-12).",
        "この判断は、サービスや代理ではなく、本人である自然人が行う必要があります（AUD-12）。";
    NOT_FOUND = "not_found", NOT_FOUND, "Not found", "見つかりません",
        "It does not exist, belongs to another employer, or lies outside of what this caller may see. These are not told apart.",
        "存在しないか、別の企業のものか、呼び出し元が閲覧できる範囲の外にあります。これらは区別されません。";
    METHOD_NOT_ALLOWED = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed", "このメソッドは使えません",
        "The resource exists but does not answer this method; see /openapi.json.",
        "このリソースは指定のメソッドに対応していません。/openapi.json をご覧ください。";
    NOT_ACCEPTABLE = "not_acceptable", NOT_ACCEPTABLE, "Not available in this form", "指定の形式では提供できません",
        "None of the media types in Accept is one in which this is given. The member `detail` names those that are.",
        "Acceptヘッダーの形式では提供できません。提供できる形式は `detail` に示されます。";
    TRANSITION_NOT_ALLOWED = "transition_not_allowed", CONFLICT, "Not possible in this state", "この状態では実行できません",
        "The state machine does not allow the command now. The member `reason` names the obstacle. Read the resource and decide again.",
        "現在の状態ではこのコマンドを実行できません。`reason` に理由が示されます。リソースを読み直して判断してください。";
    DUPLICATE = "duplicate", CONFLICT, "Already exists", "すでに存在します",
        "Something that must be unique is already there. The member `reason` names what.",
        "一意でなければならないものが、すでに存在します。`reason` にその種類が示されます。";
    CONCURRENT_CHANGE = "concurrent_change", CONFLICT, "Changed at the same time", "同時に変更されました",
        "Somebody else changed the same thing at the same moment. Nothing was recorded; read it again and repeat.",
        "同時に別の変更がありました。何も記録されていません。読み直してから再度実行してください。";
    HEADCOUNT_FULL = "headcount_full", CONFLICT, "No seat is left", "採用枠が残っていません",
        "Every seat of the requisition is filled or reserved by an offer that is out. Wait for an answer, raise the headcount, or choose another requisition.",
        "求人の採用枠は、すべて充足済みか、提示中のオファーにより確保されています。回答を待つか、募集人数を増やすか、別の求人を選んでください。";
    PROGRAMME_NOT_OFFERING_REHIRE = "programme_not_offering_rehire", CONFLICT, "The programme does not offer this", "制度の対象外です",
        "The employer's programme does not take applications to come back in this legal entity.",
        "この法人では、制度による再入社の応募を受け付けていません。";
    VERSION_MISMATCH = "version_mismatch", PRECONDITION_FAILED, "Another version stands", "バージョンが一致しません",
        "If-Match named a version that no longer stands. Read the resource again: what was seen is not what is there.",
        "If-Matchのバージョンは、すでに最新ではありません。リソースを読み直してください。";
    PRECONDITION_REQUIRED = "precondition_required", PRECONDITION_REQUIRED, "Say what you have seen", "確認した内容を示してください",
        "Nobody decides about terms that they have not seen. Read the resource, then send its ETag in If-Match or its terms_hash in the body.",
        "条件を確認せずに判断することはできません。リソースを読み、ETagをIf-Matchで、またはterms_hashを本文で送ってください。";
    BODY_TOO_LARGE = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large", "本文が大きすぎます",
        "Bodies may have 1 MiB, imported files 64 MiB.",
        "本文は1 MiBまで、取り込むファイルは64 MiBまでです。";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", "対応していない形式です",
        "Commands take application/json, imports take text/csv.",
        "コマンドはapplication/json、取り込みはtext/csvを受け付けます。";
    VALIDATION_FAILED = "validation_failed", UNPROCESSABLE_ENTITY, "A field breaks a rule", "入力項目に誤りがあります",
        "The members of `errors` name each field by a JSON pointer, the rule it breaks and what is expected. Nothing was recorded.",
        "`errors` の各要素が、項目（JSONポインター）と誤りの内容を示します。何も記録されていません。";
    RULE_BLOCKED = "rule_blocked", UNPROCESSABLE_ENTITY, "A rule blocks this", "規則により実行できません",
        "A rule of the programme or of law blocks the command: `rule` is its id, `basis` the clause or law.",
        "制度または法令の規則により実行できません。`rule` は規則番号、`basis` は条項または法令です。";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was used before", "冪等キーが再利用されました",
        "The same Idempotency-Key came with a different body. Use a new key for a new request.",
        "同じIdempotency-Keyが異なる本文で送られました。新しいリクエストには新しいキーを使ってください。";
    RATE_LIMITED = "rate_limited", TOO_MANY_REQUESTS, "Too many requests", "リクエストが多すぎます",
        "Wait as long as Retry-After says.",
        "Retry-Afterの示す時間だけ待ってください。";
    INTERNAL_ERROR = "internal_error", INTERNAL_SERVER_ERROR, "The program failed", "内部エラーが発生しました",
        "A fault of the program, logged under the request id. Nothing half-done remains.",
        "プログラムの障害です。リクエスト番号とともに記録されています。中途半端な状態は残りません。";
    STORE_UNAVAILABLE = "store_unavailable", SERVICE_UNAVAILABLE, "The store is not available", "データストアを利用できません",
        "Nothing was recorded. Repeat after the time that Retry-After gives.",
        "何も記録されていません。Retry-Afterの示す時間の後に再送してください。";
    PROJECTION_BEHIND = "projection_behind", SERVICE_UNAVAILABLE, "The read model is behind", "参照データの反映が遅れています",
        "The log holds events that this read does not show yet. Repeat after the time that Retry-After gives.",
        "ログに、まだ参照データへ反映されていない記録があります。Retry-Afterの示す時間の後に再送してください。";
    OVERLOADED = "overloaded", SERVICE_UNAVAILABLE, "Overloaded", "混み合っています",
        "Too much is waiting. Nothing was recorded; repeat after the time that Retry-After gives.",
        "処理待ちが多すぎます。何も記録されていません。Retry-Afterの示す時間の後に再送してください。";
    OUTCOME_UNKNOWN = "outcome_unknown", SERVICE_UNAVAILABLE, "The outcome is not known", "結果を確認できませんでした",
        "The connection to the store was lost while recording. Repeat with the same Idempotency-Key: it is done once at most.",
        "記録中にデータストアとの接続が失われました。同じIdempotency-Keyで再送してください。二重に実行されることはありません。";
    IDENTITY_UNAVAILABLE = "identity_unavailable", SERVICE_UNAVAILABLE, "The identity provider is not available", "認証基盤を利用できません",
        "The keys that tokens are checked with could not be fetched. Repeat after the time that Retry-After gives.",
        "トークンを検証する鍵を取得できませんでした。Retry-Afterの示す時間の後に再送してください。";
}

/// The status of a success: `201` for a create, `200` for everything else.
pub const fn success(created: bool) -> StatusCode {
    if created { StatusCode::CREATED } else { StatusCode::OK }
}

/// The status of `/readyz`.
pub const fn readiness(ready: bool) -> StatusCode {
    if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the body, or into what the command is about where the body does not say it; or the name of a
    /// query parameter.
    #[schema(examples("/employment/left_on"))]
    pub pointer: String,
    /// The rule's name.
    #[schema(examples("required"))]
    pub code: String,
    /// What is wrong, in English.
    pub detail: String,
    /// What is wrong, in Japanese.
    pub detail_ja: String,
}

/// An error on its way out. Boxed: most functions only pass it on.
#[derive(Clone, Debug)]
pub struct Problem(Box<Details>);

impl Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// RFC 9457 problem details.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// A page that explains the problem.
    #[schema(examples("/problems/validation_failed"))]
    pub r#type: String,
    /// A short title in English.
    pub title: String,
    /// The title in Japanese.
    pub title_ja: String,
    /// The HTTP status.
    #[schema(value_type = u16, examples(422))]
    pub status: u16,
    /// What happened in this case, in English.
    pub detail: String,
    /// What happened in this case, in Japanese.
    pub detail_ja: String,
    /// The stable name of the problem.
    #[schema(examples("validation_failed"))]
    pub code: String,
    /// The domain's own name of the obstacle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The id of the rule that decided, such as `PRV-13`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The clause or law behind the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// The permission that would be needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// The fields that break rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<u32>,
    #[serde(skip)]
    #[schema(ignore)]
    allow: Option<String>,
}

impl Problem {
    /// A problem with its general explanation as detail.
    pub fn of(code: &Code) -> Self {
        Self(Box::new(Details {
            r#type: format!("/problems/{}", code.name),
            title: code.title.to_owned(),
            title_ja: code.title_ja.to_owned(),
            status: code.status.as_u16(),
            detail: code.help.to_owned(),
            detail_ja: code.help_ja.to_owned(),
            code: code.name.to_owned(),
            reason: None,
            rule: None,
            basis: None,
            permission: None,
            errors: Vec::new(),
            retry_after: (code.status == StatusCode::SERVICE_UNAVAILABLE
                || code.status == StatusCode::TOO_MANY_REQUESTS)
                .then_some(1),
            allow: None,
        }))
    }

    /// Says what happened in this case.
    #[must_use]
    pub fn detail(mut self, english: impl Into<String>, japanese: impl Into<String>) -> Self {
        self.detail = english.into();
        self.detail_ja = japanese.into();
        self
    }

    /// Names the obstacle.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Names the rule that decided.
    #[must_use]
    pub fn rule(mut self, rule: &str, basis: &str) -> Self {
        self.rule = Some(rule.to_owned());
        self.basis = Some(basis.to_owned());
        self
    }

    /// Points at the field that the rule is about, in the words of this problem.
    #[must_use]
    pub fn at(mut self, pointer: &str) -> Self {
        let code = self.reason.clone().unwrap_or_else(|| self.code.clone());
        let (detail, detail_ja) = (self.detail.clone(), self.detail_ja.clone());
        self.errors.push(FieldProblem { pointer: pointer.to_owned(), code, detail, detail_ja });
        self
    }

    /// One field that breaks a rule.
    pub fn field(pointer: &str, code: &str, english: impl Into<String>, japanese: impl Into<String>) -> Self {
        let (detail, detail_ja) = (english.into(), japanese.into());
        let mut problem = Self::of(VALIDATION_FAILED).detail(detail.clone(), detail_ja.clone());
        problem.errors.push(FieldProblem { pointer: pointer.to_owned(), code: code.to_owned(), detail, detail_ja });
        problem
    }

    /// Several fields that break rules.
    pub fn fields(errors: Vec<FieldProblem>) -> Self {
        let mut problem = Self::of(VALIDATION_FAILED);
        if let [only] = errors.as_slice() {
            problem = problem.detail(only.detail.clone(), only.detail_ja.clone());
        }
        problem.errors = errors;
        problem
    }

    /// Not there, or not for this caller.
    pub fn not_found() -> Self {
        Self::of(NOT_FOUND)
    }

    /// The role may not do this.
    pub fn forbidden(permission: impl Into<String>) -> Self {
        let mut problem = Self::of(FORBIDDEN);
        problem.permission = Some(permission.into());
        problem
    }

    /// Whoever a case is about does not lead it, whatever else they are.
    pub fn own_case() -> Self {
        Self::of(FORBIDDEN)
            .detail(
                "Nobody leads or decides about a case of their own.",
                "ご自身に関する選考を進めたり判断したりすることはできません。",
            )
            .reason("own_case")
    }

    /// The resource does not answer this method.
    pub fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::of(METHOD_NOT_ALLOWED);
        problem.allow = Some(allow.to_owned());
        problem
    }

    /// Too many requests: to be repeated after so many seconds.
    pub fn rate_limited(seconds: u32) -> Self {
        let mut problem = Self::of(RATE_LIMITED);
        problem.retry_after = Some(seconds.max(1));
        problem
    }

    /// The read side is behind the log.
    pub fn behind() -> Self {
        Self::of(PROJECTION_BEHIND)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(allow) = self.0.allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unreadable(_) => {
                tracing::error!(%error, "stored data cannot be read");
                Self::of(INTERNAL_ERROR)
            }
            StoreError::Database(_) | StoreError::Migration(_) | StoreError::Refused(_) | StoreError::Directory(_) => {
                tracing::warn!(%error, "the store is not available");
                Self::of(STORE_UNAVAILABLE)
            }
        }
    }
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Store(error) => error.into(),
            LoadError::Decode(_) | LoadError::Unreadable(_) => {
                tracing::error!(%error, "a stored event cannot be read");
                Self::of(INTERNAL_ERROR)
            }
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::KeysUnavailable => Self::of(IDENTITY_UNAVAILABLE),
            AuthError::Missing
            | AuthError::Malformed
            | AuthError::Expired
            | AuthError::NotYetValid
            | AuthError::WrongIssuer
            | AuthError::WrongAudience
            | AuthError::BadSignature
            | AuthError::UnknownKey
            | AuthError::AlgorithmRefused
            | AuthError::EmployerMissing
            | AuthError::Revoked => {
                Self::of(UNAUTHENTICATED).detail(error.to_string(), error.japanese()).reason(error.code())
            }
        }
    }
}

impl<E: Refusal> From<DispatchError<E>> for Problem {
    fn from(error: DispatchError<E>) -> Self {
        match error {
            DispatchError::Refused(refusal) => refusal.problem(),
            DispatchError::NotFound => Self::not_found(),
            DispatchError::VersionMismatch { current } => Self::of(VERSION_MISMATCH).detail(
                format!("The version that stands is {current}."),
                format!("現在のバージョンは {current} です。"),
            ),
            DispatchError::Contended => Self::of(CONCURRENT_CHANGE),
            DispatchError::Claimed { scope } if scope == REFUSED_TERMS => OfferError::HashRefused.problem(),
            DispatchError::Claimed { scope } => Self::of(DUPLICATE)
                .detail(
                    format!("The {} is already taken.", scope.replace('_', " ")),
                    format!("{}は、すでに登録されています。", claim_ja(&scope)),
                )
                .reason(scope),
            DispatchError::KeyReused => Self::of(IDEMPOTENCY_KEY_REUSED),
            DispatchError::EmployerUnknown => Self::not_found(),
            DispatchError::Overloaded => Self::of(OVERLOADED),
            DispatchError::OutcomeUnknown => Self::of(OUTCOME_UNKNOWN),
            DispatchError::Store(error) => error.into(),
            DispatchError::Decode(error) => {
                tracing::error!(%error, "a stored event cannot be read");
                Self::of(INTERNAL_ERROR)
            }
            DispatchError::Unencodable(why) => Self::field(
                "",
                "not_recordable",
                format!("The request holds a value that cannot be recorded: {why}."),
                format!("記録できない値が含まれています: {why}"),
            ),
        }
    }
}

fn claim_ja(scope: &str) -> &'static str {
    match scope {
        "departure" => "この在籍期間の退職",
        "employee_number" => "この社員番号",
        "employment" | "open_employment" => "この雇用",
        "membership" => "この方の会員登録",
        "member_account" => "このアカウントの会員登録",
        "invitation" => "この招待",
        "no_rehire_flag" => "この再雇用不可フラグ",
        "live_application" => "この求人への応募",
        "return" => "この方の再入社",
        "live_offer" => "この応募へのオファー",
        "referral_hire" => "この入社についての紹介の実績",
        "seat" => "この採用枠",
        "candidate_owner" => "この候補者の紹介",
        "reward_plan" => "この法人のリファラル手当規程",
        "pay_policy" => "この法人の賃金決定の基準",
        "programme_policy" => "この法人のアルムナイ制度規程",
        _ => "一意であるべき項目",
    }
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn every_code_is_unique_and_explained_in_both_languages() {
        for (index, code) in CODES.iter().enumerate() {
            assert!(CODES.iter().skip(index + 1).all(|other| other.name != code.name), "{}", code.name);
            assert!(!code.help.is_empty() && !code.title_ja.is_ascii() && !code.help_ja.is_ascii(), "{}", code.name);
        }
    }
}
