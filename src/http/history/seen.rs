//! What of an event each role may see.

use projections::history::HistoryLine;
use serde_json::{Map, Value};

use crate::http::reading::remove;
use crate::identity::Role;

/// Events whose sentence tells more than verdict and clause (decision 9): proposals from the exit reason, one person's word,
/// the death of somebody.
const TELLING: &[(&str, &str, &str)] = &[
    ("departure.eligibility_proposed", "The rule about exit reasons was applied", "退職事由の規則が適用された"),
    ("departure.eligibility_assessed", "Eligibility was assessed", "再雇用可否が判定された"),
    ("departure.assessment_returned", "Eligibility was looked at again", "再雇用可否が見直された"),
    ("departure.assessment_reopened", "Eligibility was looked at again", "再雇用可否が見直された"),
    ("departure.outreach_barred", "Outreach was barred", "連絡の対象外となった"),
    ("departure.outreach_bar_lifted", "A bar to outreach was lifted", "連絡の対象外の指定が解除された"),
];

/// The members of events that a recruiter sees.
const FOR_RECRUITERS: &[&str] = &[
    "departure_id",
    "effective_on",
    "employee_number",
    "employment",
    "expires_at",
    "held_on",
    "left_on",
    "legal_entity",
    "member_id",
    "number",
    "person_id",
    "previous_employee_number",
    "purpose",
    "text_version",
    "terms_version",
    "until",
    "wishes_to_return",
];

/// The event's line without what the role must not see.
pub(super) fn told(role: Role, line: HistoryLine) -> HistoryLine {
    if reads_everything(role) {
        return line;
    }
    match TELLING.iter().find(|(event, _, _)| *event == line.event) {
        Some((_, english, japanese)) => HistoryLine {
            event: line.event,
            title_en: (*english).to_owned(),
            title_ja: (*japanese).to_owned(),
            why: None,
            rule: None,
            basis: None,
        },
        None => HistoryLine { why: None, ..line },
    }
}

/// What the event holds, personal values still sealed.
pub(super) fn data(role: Role, event: &str, payload: Value) -> Value {
    let Value::Object(mut members) = payload else { return Value::Null };
    members.remove("type");
    // Declared for monitoring: never joined to anything else.
    members.remove("group");
    let whole = role == Role::Compliance || (role == Role::PeopleOps && !event.starts_with("member."));
    if !whole {
        members =
            members.into_iter().filter(|(name, _)| FOR_RECRUITERS.contains(&name.as_str())).collect::<Map<_, _>>();
    }
    let mut data = Value::Object(members);
    // What a stranger claims is for those who judge it.
    remove(&mut data, &["via.claim", "via.matches"]);
    if !reads_everything(role) {
        remove(&mut data, &["employment.base_salary"]);
    }
    data
}

const fn reads_everything(role: Role) -> bool {
    matches!(role, Role::Compliance | Role::PeopleOps)
}

#[cfg(test)]
mod tests {
    use projections::history::{HistoryLine, Why};
    use serde_json::json;

    use super::{data, told};
    use crate::identity::Role;

    #[test]
    fn a_recruiter_sees_no_reason_birth_date_pay_or_notes() {
        let payload = json!({
            "type": "recorded", "employee_number": "E-1", "reason": {"ref": 1, "commitment": 2},
            "person": {"name": {"ref": 1, "commitment": 2}, "birth_date": {"ref": 1, "commitment": 2}},
            "employment": {"grade": "G4", "base_salary": {"amount": 1, "currency": "JPY"}}, "notes": {"erased": true},
        });
        let seen = data(Role::Recruiter, "departure.recorded", payload.clone());
        assert_eq!(seen, json!({"employee_number": "E-1", "employment": {"grade": "G4"}}));
        let whole = data(Role::Compliance, "departure.recorded", payload);
        assert!(whole.get("reason").is_some() && whole.pointer("/employment/base_salary").is_some());
    }

    #[test]
    fn a_claim_and_a_declared_group_are_in_nobodys_history() {
        let payload =
            json!({"type": "registered", "via": {"kind": "self_claim", "claim": 1, "matches": []}, "group": 1});
        assert_eq!(data(Role::Compliance, "member.registered", payload), json!({"via": {"kind": "self_claim"}}));
    }

    #[test]
    fn one_persons_word_is_not_told_to_recruiters() {
        let line = HistoryLine {
            event: "departure.eligibility_assessed".to_owned(),
            title_en: "Assessed: not eligible".to_owned(),
            title_ja: "再雇用不可".to_owned(),
            why: Some(Why::default()),
            rule: Some("PRV-13".to_owned()),
            basis: Some("第3条".to_owned()),
        };
        let masked = told(Role::Recruiter, line.clone());
        assert_eq!(masked.title_en, "Eligibility was assessed");
        assert_eq!((masked.why, masked.rule, masked.basis), (None, None, None));
        assert_eq!(told(Role::Compliance, line.clone()), line);
    }
}
