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
    ("application.eligibility_assessed", "Whether the person may apply was assessed", "応募資格が判定された"),
    ("application.held", "The case was put on hold", "選考が保留となった"),
    ("application.settled", "A rule that waited was answered", "確認が必要な規則に回答があった"),
    ("offer.settled", "A rule that waited was answered", "確認が必要な規則に回答があった"),
    ("offer.pay_changed", "A later file of those who work here was compared", "在籍者ファイルとの照合が行われた"),
    ("offer.one_off_recorded", "A payment after the return was recorded", "復職後の一時金が記録された"),
    ("offer.explanation_requested", "A question about the conditions was asked", "待遇についての問い合わせがあった"),
    ("offer.explanation_given", "A question about the conditions was answered", "待遇についての問い合わせに回答した"),
    ("offer.duties_noted", "Work began", "就業が始まった"),
    ("offer.duty_done", "A registration or an examination was recorded", "入社時の届出または健康診断が記録された"),
    ("offer.document_recorded", "A document of the returner came in", "復職者の提出書類が記録された"),
    ("offer.range_review_opened", "A pay range is looked at", "給与レンジの見直しが求められた"),
    ("offer.range_reviewed", "A pay range was looked at", "給与レンジの見直しが記録された"),
    ("pay_policy.alert_raised", "A report was looked at", "モニタリングの結果が記録された"),
    ("pay_policy.alert_cleared", "A report was looked at", "モニタリングの結果が記録された"),
    ("pay_policy.alert_reviewed", "A report was looked at", "モニタリングの結果が記録された"),
    ("pay_policy.joint_assessment_due", "A report was looked at", "モニタリングの結果が記録された"),
    ("offer.remedy_recorded", "A plan to remedy was followed up", "是正計画の進捗が記録された"),
    ("requisition.returners_noted", "People who may fit were looked for", "該当しうる方が確認された"),
    ("referral.held_as_duplicate", "Who referred first has to be decided", "紹介の優先順位の確認が必要となった"),
    ("referral.refused_duplicate", "An earlier record stands", "先行する記録が優先された"),
];

/// What monitoring raises is compliance's alone, in a history as in its reports (MON-06), and so is whether a pay range fits.
const FOR_COMPLIANCE: &[&str] = &[
    "offer.range_review_opened",
    "offer.range_reviewed",
    "pay_policy.alert_raised",
    "pay_policy.alert_cleared",
    "pay_policy.alert_reviewed",
    "pay_policy.joint_assessment_due",
];

/// The members of events that a recruiter sees, whatever they are of.
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

/// What they see besides of the cases that they run. Nothing of flags, of reviews' words, or of whom an earlier record
/// names; scorecards as the application itself shows them.
const OF_CASES: &[(&str, &[&str])] = &[
    ("member.contact_recorded", &["contacted_on", "contacted_by", "requisition_id", "job_family", "channel"]),
    (
        "requisition.",
        &[
            "title",
            "department",
            "job_family",
            "grade",
            "location",
            "employment_type",
            "engagement",
            "pay_range",
            "headcount",
            "audience",
            "description",
            "line",
            "opened_by",
            "changes",
            "revised_by",
            "published_by",
            "application_id",
            "because",
            "live_cases",
            "closed_by",
            "note",
        ],
    ),
    (
        "application.",
        &[
            "requisition_id",
            "line",
            "channel",
            "referral_id",
            "motivation",
            "submitted_by",
            "recorded_for",
            "result",
            "programme_version",
            "decision",
            "clause",
            "owner",
            "assigned_by",
            "from",
            "to",
            "advanced_by",
            "skipped_by",
            "interview_id",
            "slot",
            "scheduled_by",
            "rescheduled_by",
            "cancelled_by",
            "outcome",
            "recorded_by",
            "interviewer",
            "recommendation",
            "evaluated_by",
            "side",
            "reason_code",
            "rejected_by",
            "withdrawn_by",
            "reopened_by",
            "transferred_by",
            "offer_id",
            "starts_on",
            "employment_type",
            "grade",
            "location",
            "ending",
            "postponed_by",
            "started_on",
            "department",
            "job_family",
            "tenure",
            "on",
        ],
    ),
    (
        "offer.",
        &[
            "application_id",
            "requisition_id",
            "line",
            "terms",
            "terms_hash",
            "pay_policy",
            "assessment",
            "drafted_by",
            "version",
            "changed",
            "revised_by",
            "approvals_needed",
            "requested_by",
            "approved_by",
            "approved_on",
            "role",
            "delegated_by",
            "delegated_to",
            "comment",
            "sent_back_by",
            "reason_code",
            "refused_by",
            "forced_by",
            "authority",
            "declared_by",
            "seat",
            "documents",
            "extended_by",
            "accepted_by",
            "recorded_for",
            "acceptance",
            "declined_by",
            "expired_at",
            "clause",
            "opinion_ref",
            "rescinded_by",
            "because",
        ],
    ),
    (
        "referral.",
        &[
            "referrer",
            "requisition_id",
            "job_family",
            "candidate",
            "relationship",
            "answer_by",
            "history",
            "accepted_on",
            "declined_on",
            "on",
            "from",
            "to",
            "clause",
            "decided_by",
            "application_id",
            "via",
            "started_on",
            "reason_code",
            "recorded_by",
            "withdrawn_by",
        ],
    ),
];

fn for_recruiters(event: &str, member: &str) -> bool {
    let of_cases = OF_CASES.iter().find(|(kind, _)| event.starts_with(kind)).map_or(&[][..], |(_, members)| members);
    FOR_RECRUITERS.contains(&member) || of_cases.contains(&member)
}

/// The event's line without what the role must not see.
pub(super) fn told(role: Role, line: HistoryLine) -> HistoryLine {
    let withheld = role != Role::Compliance && FOR_COMPLIANCE.contains(&line.event.as_str());
    if reads_everything(role) && !withheld {
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
    if role != Role::Compliance && FOR_COMPLIANCE.contains(&event) {
        return Value::Object(Map::new());
    }
    members.remove("type");
    // Declared for monitoring: never joined to anything else.
    members.remove("group");
    members.remove("groups");
    // Who may see what an interviewer found, the application itself decides; it is told as a change.
    members.remove("scorecard");
    let whole = role == Role::Compliance || (role == Role::PeopleOps && !event.starts_with("member."));
    if !whole {
        members = members.into_iter().filter(|(name, _)| for_recruiters(event, name)).collect::<Map<_, _>>();
    }
    let mut data = Value::Object(members);
    // Exit pay, and what colleagues earn: the assessment itself tells it to whom it is told.
    if role != Role::Compliance && event == "offer.assessed" {
        remove(&mut data, &["basis", "assessment"]);
    }
    // One decision that flips is somebody's: the policy itself tells how many.
    if role != Role::Compliance && event == "pay_policy.published" {
        remove(&mut data, &["loosening"]);
    }
    // What a stranger claims is for those who judge it.
    remove(&mut data, &["via.claim", "via.matches"]);
    // Few in a cohort would be people one knows, and a page of the directory begins with somebody's number.
    remove(&mut data, &["snapshot.cohorts", "snapshot.pages"]);
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
    fn what_monitoring_raises_is_for_compliance_alone() {
        let raised = json!({"type": "alert_raised", "report": "pay-gaps", "table": "grade", "row": "G4"});
        assert_eq!(data(Role::PeopleOps, "pay_policy.alert_raised", raised.clone()), json!({}));
        assert_eq!(data(Role::Compliance, "pay_policy.alert_raised", raised)["row"], "G4");
        let reviewed = json!({"type": "range_reviewed", "outcome": "kept", "evidence_ref": "pay/1"});
        assert_eq!(data(Role::PeopleOps, "offer.range_reviewed", reviewed.clone()), json!({}));
        assert_eq!(data(Role::Compliance, "offer.range_reviewed", reviewed)["outcome"], "kept");
    }

    #[test]
    fn how_many_decisions_a_policy_flips_is_told_by_the_policy_alone() {
        let published = json!({"type": "published", "version": 2, "loosening": {"milder": 1}});
        assert_eq!(data(Role::PeopleOps, "pay_policy.published", published.clone()), json!({"version": 2}));
        assert_eq!(data(Role::Compliance, "pay_policy.published", published)["loosening"]["milder"], 1);
    }

    #[test]
    fn what_an_assessment_rests_on_is_told_by_the_assessment_alone() {
        let assessed =
            json!({"type": "assessed", "version": 1, "basis": {"stint": {"base": 1}}, "assessment": {"tier": "A"}});
        assert_eq!(data(Role::Compliance, "offer.assessed", assessed.clone())["basis"]["stint"]["base"], 1);
        for role in [Role::PeopleOps, Role::Compensation, Role::Recruiter] {
            assert_eq!(data(role, "offer.assessed", assessed.clone()), json!({"version": 1}), "{role}");
        }
    }

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
    fn a_recruiter_reads_the_cases_they_run_and_nothing_of_flags() {
        let assessed = json!({"type": "eligibility_assessed", "result": "not_eligible", "facts": {"flags": [1]},
            "rules": [{"rule": "PRV-13"}], "programme_version": "programme/0"});
        let seen = data(Role::Recruiter, "application.eligibility_assessed", assessed);
        assert_eq!(seen, json!({"result": "not_eligible", "programme_version": "programme/0"}));
        let held = json!({"type": "held", "because": "flag_raised", "held_by": 1, "until": null});
        assert_eq!(data(Role::Recruiter, "application.held", held), json!({"until": null}));
        let closed = json!({"type": "closed", "because": "budget", "live_cases": "none"});
        let seen = data(Role::Recruiter, "requisition.closed", closed);
        assert_eq!(seen, json!({"because": "budget", "live_cases": "none"}));
        let returners = json!({"type": "returners_noted", "departures": {"ref": 1, "commitment": 2}, "count": 2});
        assert_eq!(data(Role::Recruiter, "requisition.returners_noted", returners), json!({}));
    }

    #[test]
    fn what_a_returner_asks_and_is_examined_for_is_told_to_no_recruiter() {
        let sealed = json!({"ref": 1, "commitment": 2});
        let asked = json!({"type": "explanation_requested", "requested_by": 1, "answer_by": "2027-04-15",
            "question": sealed});
        assert_eq!(data(Role::Recruiter, "offer.explanation_requested", asked), json!({"requested_by": 1}));
        let given = json!({"type": "explanation_given", "given_by": 1, "role": "compensation", "answer": sealed,
            "comparison": {"items": []}});
        assert_eq!(data(Role::Recruiter, "offer.explanation_given", given), json!({"role": "compensation"}));
        let done = json!({"type": "duty_done", "duty": "health_check", "done_on": "2027-01-04", "evidence_ref": "c/7"});
        assert_eq!(data(Role::Recruiter, "offer.duty_done", done), json!({}));
        let remedied = json!({"type": "remedy_recorded", "done_on": "2027-03-31", "amount": {"amount": 1}});
        assert_eq!(data(Role::Recruiter, "offer.remedy_recorded", remedied), json!({}));
    }

    #[test]
    fn a_recruiter_reads_who_made_contact_about_what_and_no_words() {
        let payload = json!({
            "type": "contact_recorded", "contacted_on": "2027-05-10", "contacted_by": 1, "legal_entity": "JP-HQ",
            "job_family": "driver", "channel": "phone", "consent": {"text_version": "1"}, "note": {"erased": true},
        });
        let seen = data(Role::Recruiter, "member.contact_recorded", payload);
        let expected = json!({
            "contacted_on": "2027-05-10", "contacted_by": 1, "legal_entity": "JP-HQ", "job_family": "driver",
            "channel": "phone",
        });
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_scorecard_is_told_only_as_the_application_shows_it() {
        let payload = json!({"type": "scorecard_submitted", "interview_id": 1, "scorecard": {"rating": 5}});
        for role in [Role::Compliance, Role::PeopleOps, Role::Recruiter] {
            assert_eq!(data(role, "application.scorecard_submitted", payload.clone()), json!({"interview_id": 1}));
        }
    }

    #[test]
    fn a_claim_and_a_declared_group_are_in_nobodys_history() {
        let payload =
            json!({"type": "registered", "via": {"kind": "self_claim", "claim": 1, "matches": []}, "group": 1});
        assert_eq!(data(Role::Compliance, "member.registered", payload), json!({"via": {"kind": "self_claim"}}));
    }

    #[test]
    fn a_snapshot_is_told_without_its_parts() {
        let snapshot = json!({"size": 2, "cohorts": [{"size": 2}], "pages": [{"first": "A-50000"}]});
        let payload = json!({"type": "imported", "snapshot": snapshot, "imported_by": 1});
        let seen = data(Role::Compliance, "incumbent_snapshot.imported", payload);
        assert_eq!(seen, json!({"snapshot": {"size": 2}, "imported_by": 1}));
        let part = json!({"type": "cohort_recorded", "grade": "G4", "groups": {"ref": 1, "commitment": 2}});
        assert_eq!(data(Role::Compliance, "incumbent_part.cohort_recorded", part), json!({"grade": "G4"}));
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
