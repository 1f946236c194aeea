//! The API's description, finished: what every operation shares is added here, from the permissions table and the catalogue
//! of problems, so that no handler has to repeat it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::problem::{
    BODY_TOO_LARGE, CONCURRENT_CHANGE, Code, DUPLICATE, FORBIDDEN, FieldProblem, HEADCOUNT_FULL,
    IDEMPOTENCY_KEY_REUSED, IDENTITY_UNAVAILABLE, INTERNAL_ERROR, MALFORMED_JSON, MALFORMED_REQUEST,
    NATURAL_PERSON_REQUIRED, NOT_ACCEPTABLE, NOT_FOUND, OUTCOME_UNKNOWN, OVERLOADED, PRECONDITION_REQUIRED,
    PROJECTION_BEHIND, Problem, RATE_LIMITED, RULE_BLOCKED, STORE_UNAVAILABLE, TRANSITION_NOT_ALLOWED, UNAUTHENTICATED,
    UNSUPPORTED_MEDIA_TYPE, VALIDATION_FAILED, VERSION_MISMATCH, success,
};
use crate::identity::permissions::{Access, Condition, Permissions, Route};

#[cfg(test)]
mod tests;

/// Requests and answers as they look with real data: method and path → `request`, `response`.
const EXAMPLES: &str = include_str!("openapi/examples.json");

/// The form that examples show where there are several.
const JSON: &str = "application/json";

/// What the operations are grouped by, in the order in which they are read.
const TAGS: &[(&str, &str)] = &[
    (
        "departures",
        "退職. Who left or will leave, what that means for a return, and the invitation to stay in touch. Recruiters see \
         verdict and clause only.",
    ),
    ("members", "アルムナイ会員. Memberships of the alumni programme, with a consent for each purpose."),
    ("employments", "在籍期間. Who works here, in which place, from when to when: what every relation check reads."),
    ("persons", "人物. Which records are one human being. Linking needs evidence and two people, and can be undone."),
    (
        "no-rehire-flags",
        "再雇用不可フラグ. Raised with grounds, confirmed by a second person, with an expiry and an appeal.",
    ),
    (
        "requisitions",
        "求人. Positions that are opened, published to their audience, filled seat by seat, and closed without forgetting \
         whoever waits.",
    ),
    (
        "reward-plans",
        "リファラル手当規程. What is paid for a referral, as wage: written by one person, approved by another, published \
         from a day on.",
    ),
    (
        "pay-policies",
        "賃金決定の基準. What an offer to somebody who comes back is compared with, the bounds between the tiers, and who approves \
         which tier: written by one person, approved by another, published from a day on.",
    ),
    (
        "programme-policies",
        "アルムナイ制度規程. What an entity offers to those who left, who may come back and on what conditions, word for word in \
         Japanese and English: written by one person, approved by another, published from a day on. Decisions cite its clauses.",
    ),
    (
        "rewards",
        "リファラル手当. Planned on a hire, due after its milestone, verified, approved by two people, paid by payroll.",
    ),
    (
        "pay-bands",
        "賃金テーブル. Versions of pay bands as they were approved, taken over from files as dated facts. A version is never \
         changed; another one follows it.",
    ),
    (
        "incumbent-snapshots",
        "在籍者スナップショット. Who works here on a day, for the comparison of pay: under numbers, never shown one by one.",
    ),
    (
        "referrals",
        "紹介. Candidates brought by employees: nothing is kept without the candidate's own agreement, one referral owns a \
         candidate at a time, and nobody is rewarded whom the law does not allow to be.",
    ),
    (
        "applications",
        "再入社応募. From the eligibility of whoever applies to their first day. The person sees where it stands, when and \
         where interviews are, and the clause of a refusal.",
    ),
    ("pipeline", "選考パイプライン. Every live case, what is due next in it, and what the caller may do."),
    (
        "offers",
        "オファー. Drafted, approved by somebody else who saw the terms, extended on one seat with its documents, and answered by \
         the candidate alone.",
    ),
    (
        "monitoring",
        "モニタリング. Reports of closed months about those who come back beside those who stayed: no figure about fewer people \
         than k, and none that differs by fewer from another one.",
    ),
    ("tasks", "タスク. What waits for the caller, oldest due first."),
    ("my", "本人. What alumni and employees see of themselves."),
    ("history", "履歴. Who did what, when, why and by which rule; and the employer's event log itself."),
    ("operation", "運用. Health, metrics, and this description. No token is needed."),
    ("dev", "試用. The movable clock of a trial ledger."),
];

/// The described operation and what the permissions say about it.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    route: Option<&'a Route>,
}

impl Operation<'_> {
    fn is_public(&self) -> bool {
        self.route.is_some_and(|route| route.access == Access::Public)
    }

    /// Whether it records something through the dispatcher, under the rules of retries and lost updates.
    fn is_command(&self) -> bool {
        self.method == "post"
            && self.path.starts_with("/v1/")
            && !self.takes_a_file()
            && !self.path.ends_with("/invite-batch")
    }

    /// Whether it reads a month that the caller names, which may not be over yet.
    fn names_a_month(&self) -> bool {
        self.path.starts_with("/v1/monitoring/") || self.path == "/v1/pay-policies/{id}/explanation"
    }

    fn takes_a_file(&self) -> bool {
        self.path.ends_with("/import") || ["/v1/pay-bands", "/v1/incumbent-snapshots"].contains(&self.path)
    }

    fn is_on_an_id(&self) -> bool {
        self.path.contains("{id}")
    }

    /// Whether it decides about terms, which its caller must have seen.
    fn answers_terms(&self) -> bool {
        let command = self.path.strip_prefix("/v1/offers/{id}/").unwrap_or_default();
        ["approve", "send-back", "refuse", "force-approve", "extend", "accept"].contains(&command)
            || [
                "/v1/rewards/{id}/approve",
                "/v1/reward-plans/{id}/approve",
                "/v1/pay-policies/{id}/approve",
                "/v1/programme-policies/{id}/approve",
            ]
            .contains(&self.path)
    }

    /// Whether it needs a seat of a requisition that nobody has.
    fn takes_a_seat(&self) -> bool {
        let path = self.path;
        self.method == "post"
            && (path == "/v1/applications"
                || path.ends_with("/transfer") && path.starts_with("/v1/applications/")
                || path == "/v1/offers/{id}/extend")
    }

    fn is_one_thing(&self) -> bool {
        self.method == "get" && self.path.ends_with("/{id}") && !self.path.starts_with("/v1/history/")
    }

    /// The problems that it can really answer.
    fn problems(&self) -> Vec<&'static Code> {
        let post = self.method == "post";
        if self.is_public() && post {
            return self.problems_without_a_token();
        }
        if self.is_public() {
            let missing = self.path.contains('{').then_some(NOT_FOUND);
            return std::iter::once(FORBIDDEN).chain(missing).collect();
        }
        let natural = self.route.is_some_and(|route| route.natural_person);
        let trial = self.route.is_some_and(|route| route.trial_only);
        let possible = [
            (MALFORMED_JSON, post && !self.takes_a_file()),
            (MALFORMED_REQUEST, true),
            (UNAUTHENTICATED, true),
            (FORBIDDEN, true),
            (NATURAL_PERSON_REQUIRED, natural),
            (NOT_FOUND, post || trial || self.path.contains('{')),
            (NOT_ACCEPTABLE, self.path == "/v1/log" || self.path.ends_with("/explanation")),
            (TRANSITION_NOT_ALLOWED, self.is_command()),
            (DUPLICATE, self.is_command()),
            (CONCURRENT_CHANGE, self.is_command()),
            (HEADCOUNT_FULL, self.takes_a_seat()),
            (VERSION_MISMATCH, self.is_command() && self.is_on_an_id()),
            (PRECONDITION_REQUIRED, self.answers_terms()),
            (BODY_TOO_LARGE, post),
            (UNSUPPORTED_MEDIA_TYPE, post),
            (VALIDATION_FAILED, post || self.names_a_month()),
            (RULE_BLOCKED, self.is_command()),
            (IDEMPOTENCY_KEY_REUSED, self.is_command()),
            (INTERNAL_ERROR, true),
            (STORE_UNAVAILABLE, true),
            (PROJECTION_BEHIND, !trial),
            (OVERLOADED, self.is_command()),
            (OUTCOME_UNKNOWN, self.is_command()),
            (IDENTITY_UNAVAILABLE, !trial),
        ];
        possible.into_iter().filter_map(|(code, can_be)| can_be.then_some(code)).collect()
    }

    /// The problems of a command that is authenticated by what is in its body, and counted.
    fn problems_without_a_token(&self) -> Vec<&'static Code> {
        let on_an_id = self.is_on_an_id().then_some(VERSION_MISMATCH);
        [
            MALFORMED_JSON,
            MALFORMED_REQUEST,
            FORBIDDEN,
            TRANSITION_NOT_ALLOWED,
            DUPLICATE,
            CONCURRENT_CHANGE,
            BODY_TOO_LARGE,
            UNSUPPORTED_MEDIA_TYPE,
            VALIDATION_FAILED,
            RULE_BLOCKED,
            IDEMPOTENCY_KEY_REUSED,
            RATE_LIMITED,
            INTERNAL_ERROR,
            STORE_UNAVAILABLE,
            OVERLOADED,
            OUTCOME_UNKNOWN,
        ]
        .into_iter()
        .chain(on_an_id)
        .collect()
    }

    /// Who may call it, in one sentence.
    fn who(&self) -> String {
        let Some(route) = self.route else { return String::new() };
        let mut text = match &route.access {
            Access::Public => "No token is needed.".to_owned(),
            Access::Roles(grants) => {
                let grant = |when: &[Condition]| match when {
                    [] => String::new(),
                    [Condition::Own] => " (their own)".to_owned(),
                    other => format!(" ({})", other.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ")),
                };
                let roles: Vec<String> =
                    grants.iter().map(|g| format!("`{}`{}", g.role.as_str(), grant(&g.when))).collect();
                format!("Roles: {}.", roles.join(", "))
            }
        };
        if route.natural_person {
            text.push_str(" Needs a natural person acting for themselves.");
        }
        if route.trial_only {
            text.push_str(" Exists in trial ledgers only.");
        }
        text
    }
}

/// The document as it is served: deterministic, so that it can be compared.
pub(super) fn text(described: &utoipa::openapi::OpenApi, permissions: &Permissions) -> String {
    let mut text = serde_json::to_string_pretty(&finished(described, permissions)).unwrap_or_default();
    text.push('\n');
    text
}

fn finished(described: &utoipa::openapi::OpenApi, permissions: &Permissions) -> Value {
    let mut document = serde_json::to_value(described).unwrap_or_default();
    let examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let mut answers = BTreeMap::new();
    let demanding = demanding(&document);
    for (path, method, operation) in operations_mut(&mut document) {
        let this = Operation { method: &method, path: &path, route: permissions.route(&method.to_uppercase(), &path) };
        if let Some(body) = operation.get_mut("requestBody") {
            let schema = body.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
            // A command without a body is a command with an empty object.
            body["required"] = schema.is_none_or(|schema| demanding.iter().any(|one| one == schema)).into();
        }
        name(&this, operation);
        add_parameters(&this, operation);
        add_answers(&this, operation, &mut answers);
        files_are_text(operation);
        add_examples(&this, operation, &examples);
    }
    refer_to_items(&mut document);
    say_what_texts_are(&mut document);
    document["tags"] = TAGS.iter().map(|(name, about)| json!({"name": name, "description": about})).collect();
    let components = &mut document["components"];
    components["securitySchemes"] = json!({"bearer": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "A token of the configured OpenID Connect issuer, an API key of the program, or in a trial ledger what \
                        `okaeri token` prints. It names the employer and the roles.",
    }});
    components["headers"] = headers();
    components["examples"] =
        super::problem::CODES.iter().map(|code| (code.name.to_owned(), problem_example(code))).collect();
    components["responses"] = answers.into_iter().collect();
    document
}

/// The schemas that have required members.
fn demanding(document: &Value) -> Vec<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let required =
        |schema: &Value| schema.get("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty());
    let names = schemas.into_iter().flatten().filter(|(_, schema)| required(schema)).map(|(name, _)| name);
    names.map(|name| format!("#/components/schemas/{name}")).collect()
}

/// A page's items are what the collection's GET of one thing answers: the same schema, by name.
fn refer_to_items(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with("Page_")).cloned().collect();
    for page in pages {
        let item = page.trim_start_matches("Page_").to_owned();
        if let Some(items) = schemas.get_mut(&page).and_then(|schema| schema.pointer_mut("/properties/items/items")) {
            let inline = std::mem::replace(items, json!({"$ref": format!("#/components/schemas/{item}")}));
            schemas.entry(item).or_insert(inline);
        }
    }
}

/// What the types of text in requests refuse, as far as a schema can say it.
fn say_what_texts_are(document: &mut Value) {
    let patterns = [
        // One line that is not blank.
        ("Line", r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"),
        // Any number of lines, not all of them blank.
        ("Words", r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"),
        ("Day", r"^(19[0-9]{2}|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}$"),
    ];
    let Some(schemas) = document.pointer_mut("/components/schemas") else { return };
    for (name, pattern) in patterns {
        if let Some(schema) = schemas.get_mut(name) {
            schema["pattern"] = pattern.into();
        }
    }
    if let Some(money) = schemas.get_mut("MoneyField") {
        money["additionalProperties"] = false.into();
    }
}

/// Every operation with its path and method.
fn operations_mut(document: &mut Value) -> Vec<(String, String, &mut Map<String, Value>)> {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return vec![] };
    let mut found = Vec::new();
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let ("get" | "post", Some(operation)) = (method.as_str(), operation.as_object_mut()) {
                found.push((path.clone(), method.clone(), operation));
            }
        }
    }
    found
}

/// A name that is unique in the whole document, and who may call it.
fn name(this: &Operation<'_>, operation: &mut Map<String, Value>) {
    let tag = operation.get("tags").and_then(|tags| tags.get(0)?.as_str()).unwrap_or("other").replace('-', "_");
    let last = this.path.rsplit('/').next().unwrap_or_default();
    let own = match this.method {
        // A command is named by its path, a create by its handler, as the first word of its collection's row.
        "post"
            if this.is_on_an_id()
                || this.path.ends_with("/import")
                || last.contains('-') && this.path.matches('/').count() > 2 =>
        {
            last.replace('-', "_")
        }
        "get" if this.is_on_an_id() && last.starts_with('{') => "read".to_owned(),
        _ => operation.get("operationId").and_then(Value::as_str).unwrap_or("unnamed").to_owned(),
    };
    operation.insert("operationId".to_owned(), format!("{tag}_{own}").into());
    let about = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    operation.insert("description".to_owned(), format!("{about}\n\n{}", this.who()).trim().into());
    let security = if this.is_public() { json!([]) } else { json!([{"bearer": []}]) };
    operation.insert("security".to_owned(), security);
}

fn add_parameters(this: &Operation<'_>, operation: &mut Map<String, Value>) {
    let mut parameters: Vec<Value> =
        operation.remove("parameters").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    for parameter in &mut parameters {
        if parameter["in"] == "query" {
            // A parameter that is not given is left out; it cannot be null.
            not_null(&mut parameter["schema"]);
        }
        if parameter["in"] == "path" && parameter["name"] == "id" {
            parameter["description"] = "The id, as the server made it.".into();
            parameter["example"] = "01990000-0000-7000-8000-000000000001".into();
        }
    }
    let header = |name: &str, schema: Value, example: &str, about: &str| json!({"name": name, "in": "header", "required": false, "schema": schema, "example": example, "description": about});
    if this.is_command() {
        parameters.push(header(
            "Idempotency-Key",
            json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}),
            "0f5b0d1c-6a5e-4a43-9f4e-4d1f7c1a52b9",
            "Scoped to caller, method and path. The same key with the same body replays the first reply; with another body it is \
             refused. Kept 30 days.",
        ));
    }
    if this.is_command() && this.is_on_an_id() {
        parameters.push(header(
            "If-Match",
            json!({"type": "string", "pattern": "^\"(0|[1-9][0-9]{0,8})\"$"}),
            "\"3\"",
            "The version that the caller saw (`ETag`). Where another one stands, nothing happens.",
        ));
    }
    if this.method == "post"
        && this.path.starts_with("/v1/")
        && !this.is_public()
        && this.route.is_some_and(|route| !route.natural_person)
    {
        parameters.push(header(
            "On-Behalf-Of",
            json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}),
            "hanako",
            "For services: whose wish this is. Lends no permissions; both are recorded.",
        ));
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
}

fn not_null(schema: &mut Value) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(Value::Array(choices)) = schema.get_mut(several) {
            choices.retain(|choice| choice["type"] != "null");
            if let [only] = choices.as_slice() {
                *schema = only.clone();
                return;
            }
        }
    }
}

/// Adds the headers of a success and all problems, of which each set is described once.
fn add_answers(this: &Operation<'_>, operation: &mut Map<String, Value>, shared: &mut BTreeMap<String, Value>) {
    let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let replayed = this.is_command().then_some("Idempotency-Replayed");
    for (status, answer) in answers.iter_mut() {
        let tagged = (this.is_command() || this.is_one_thing()).then_some("ETag");
        let located = (status == success(true).as_str()).then_some("Location");
        let names: Vec<&str> = [tagged, located, replayed].into_iter().flatten().collect();
        if status.starts_with('2') && !names.is_empty() {
            answer["headers"] = names
                .iter()
                .map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
                .collect();
        }
    }
    let mut by_status: BTreeMap<u16, Vec<&'static Code>> = BTreeMap::new();
    for code in this.problems() {
        by_status.entry(code.status.as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let name = codes.iter().map(|code| code.name).collect::<Vec<_>>().join(".");
        answers.entry(status.to_string()).or_insert_with(|| json!({"$ref": format!("#/components/responses/{name}")}));
        shared.entry(name).or_insert_with(|| problem_answer(&codes));
    }
}

fn problem_answer(codes: &[&'static Code]) -> Value {
    let about: Vec<String> = codes.iter().map(|code| format!("{} (`{}`)", code.title, code.name)).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.name.to_owned(), json!({"$ref": format!("#/components/examples/{}", code.name)})))
        .collect();
    let mut answer = json!({
        "description": about.join("; "),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    });
    let named =
        [(UNAUTHENTICATED, "WWW-Authenticate"), (RATE_LIMITED, "Retry-After"), (STORE_UNAVAILABLE, "Retry-After")];
    let header = named.iter().find(|(like, _)| codes.iter().any(|code| code.status == like.status));
    if let Some((_, header)) = header {
        answer["headers"] = json!({*header: {"$ref": format!("#/components/headers/{header}")}});
    }
    answer
}

/// A problem as it looks in a real case.
fn problem_example(code: &'static Code) -> Value {
    let problem = Problem::of(code);
    let problem = match code.name {
        "unauthenticated" => {
            problem.detail("the token has expired", "トークンの有効期限が切れています").reason("token_expired")
        }
        "forbidden" => Problem::forbidden("POST /v1/departures"),
        "transition_not_allowed" => {
            problem.detail("The departure has been rescinded.", "この退職は取り消されています。").reason("rescinded")
        }
        "duplicate" => problem
            .detail("The departure is already taken.", "この在籍期間の退職は、すでに登録されています。")
            .reason("departure"),
        "version_mismatch" => problem.detail("The version that stands is 4.", "現在のバージョンは 4 です。"),
        "validation_failed" => Problem::fields(vec![FieldProblem {
            pointer: "/employment/left_on".to_owned(),
            code: "not_a_date".to_owned(),
            detail: "A calendar day such as 2024-03-31 is expected.".to_owned(),
            detail_ja: "2024-03-31 のような日付で入力してください。".to_owned(),
        }]),
        "rule_blocked" => problem
            .detail(
                "The person who assessed may not confirm.",
                "評価した本人は確認できません。別の方が確認してください。",
            )
            .reason("second_person_required")
            .rule("PRV-13", "second reviewer"),
        _ => problem,
    };
    json!({"summary": code.title, "value": problem})
}

fn headers() -> Value {
    let header = |schema: Value, about: &str| json!({"schema": schema, "description": about});
    json!({
        "ETag": header(json!({"type": "string", "examples": ["\"3\""]}), "The version, for `If-Match`."),
        "Location": header(json!({"type": "string"}), "Where the new thing is."),
        "Idempotency-Replayed": header(
            json!({"type": "string", "enum": ["true"]}),
            "There only when this is the reply to an earlier request with the same `Idempotency-Key`."
        ),
        "Retry-After": header(json!({"type": "integer"}), "After how many seconds to try again."),
        "WWW-Authenticate": header(json!({"type": "string"}), "`Bearer`."),
    })
}

/// A file is text, whatever the handler takes it as.
fn files_are_text(operation: &mut Map<String, Value>) {
    if let Some(media) = operation.get_mut("requestBody").and_then(|body| body.pointer_mut("/content/text~1csv")) {
        media["schema"] = json!({"type": "string"});
    }
}

fn add_examples(this: &Operation<'_>, operation: &mut Map<String, Value>, examples: &BTreeMap<String, Value>) {
    let Some(example) = examples.get(&format!("{} {}", this.method.to_uppercase(), this.path)) else { return };
    let media = |content: Option<&mut Value>, value: Option<&Value>| {
        let content = content.and_then(Value::as_object_mut);
        let form = content
            .as_ref()
            .and_then(|c| [JSON].into_iter().chain(c.keys().map(String::as_str)).find(|f| c.contains_key(*f)));
        let form = form.map(ToOwned::to_owned);
        let media = content.and_then(|content| content.get_mut(&form?));
        if let (Some(media), Some(value)) = (media, value) {
            media["example"] = value.clone();
        }
    };
    media(operation.get_mut("requestBody").and_then(|body| body.get_mut("content")), example.get("request"));
    let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
    let success = answers.and_then(|answers| answers.iter_mut().find(|(status, _)| status.starts_with('2')));
    media(success.and_then(|(_, answer)| answer.get_mut("content")), example.get("response"));
}

/// Routes that are described and not in the permissions table, or the other way round.
#[cfg(test)]
fn drift(described: &utoipa::openapi::OpenApi, permissions: &Permissions) -> Vec<String> {
    let mut document = serde_json::to_value(described).unwrap_or_default();
    let described: std::collections::BTreeSet<String> = operations_mut(&mut document)
        .into_iter()
        .map(|(path, method, _)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let permitted: std::collections::BTreeSet<String> = permissions.routes().map(ToString::to_string).collect();
    let undescribed = permitted.difference(&described).map(|route| format!("{route} is permitted and not described"));
    let unpermitted = described.difference(&permitted).map(|route| format!("{route} is described and not permitted"));
    undescribed.chain(unpermitted).collect()
}
