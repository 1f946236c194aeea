//! Events told as lines.

use std::collections::BTreeSet;

use aggregates::catalogue::{HrEvent, types};
use aggregates::departure::{Channel, DepartureEvent, OutreachBasis};
use aggregates::member::{ConsentPurpose, MemberEvent};
use aggregates::values::Verdict;
use projections::history::{HistoryLine, Why, describe};

use crate::departures::{assessed, confirmed, departure};
use crate::members::member;
use crate::no_rehire_flags::{flag, raised};
use crate::support::{AGGREGATES, Log, day, instant, samples, sealed};

#[test]
fn every_type_of_event_is_told_in_both_languages() {
    let lines: Vec<HistoryLine> = AGGREGATES.iter().flat_map(|aggregate| samples(aggregate)).map(line).collect();
    let told: BTreeSet<&str> = lines.iter().map(|line| line.event.as_str()).collect();
    for event in types() {
        assert!(told.contains(event.full_name.as_str()), "{} is never told", event.full_name);
    }
    for line in &lines {
        assert!(!line.title_en.is_empty() && line.title_en.is_ascii(), "{line:?}");
        assert!(!line.title_ja.is_ascii(), "{line:?}");
        assert!(line.title_en.len() <= 90, "a line is short: {line:?}");
    }
}

/// With a rule stands the clause or law behind it; what names the version of a rule is one itself.
#[test]
fn no_rule_is_told_without_what_it_stands_on() {
    let lines: Vec<HistoryLine> = AGGREGATES.iter().flat_map(|aggregate| samples(aggregate)).map(line).collect();
    let ruled: Vec<&HistoryLine> = lines.iter().filter(|line| line.rule.is_some()).collect();
    assert!(ruled.len() > 80, "{}", ruled.len());
    for line in ruled {
        let is_version = line.rule.as_ref().is_some_and(|rule| rule.contains('/'));
        assert!(is_version || line.basis.is_some(), "{line:?}");
    }
}

#[test]
fn no_line_names_anybody() {
    for event in AGGREGATES.iter().flat_map(|aggregate| samples(aggregate)) {
        let stored = format!("{event:?}");
        let HistoryLine { title_en, title_ja, rule, basis, .. } = line(event);
        // A version of a rule is named by the rule's id, which is nobody's.
        let basis = basis.filter(|basis| !basis.starts_with("programme/"));
        for text in [Some(title_en), Some(title_ja), rule, basis].into_iter().flatten() {
            for secret in ["E-1023", "A-5000", "0199", "face"] {
                assert!(!text.contains(secret), "{text} of {stored}");
            }
        }
    }
}

#[test]
fn a_finding_is_told_with_its_ground_clause_and_rule() {
    let told = line(assessed(Verdict::NotEligible).into());
    assert_eq!(told.event, "departure.eligibility_assessed");
    assert_eq!(told.title_en, "Assessed: not eligible");
    assert_eq!(
        told.why,
        Some(Why { code: Some("misconduct".to_owned()), evidence_ref: None, words: Some(sealed(35)) })
    );
    assert_eq!((told.rule.as_deref(), told.basis.as_deref()), (Some("PRV-13"), Some("第3条")));
    assert_eq!(line(assessed(Verdict::Eligible).into()).rule, None);

    let told = line(confirmed().into());
    assert_eq!(told.rule.as_deref(), Some("PRV-13"));
    assert_eq!(told.why.and_then(|why| why.evidence_ref).as_deref(), Some("HR-2024-017"));
}

#[test]
fn a_proposal_is_told_with_the_rule_that_made_it() {
    let event = DepartureEvent::EligibilityProposed { verdict: Verdict::NeedsReview, rule: "exit-reason/0".to_owned() };
    let told = line(event.into());
    assert_eq!((told.rule.as_deref(), told.why), (Some("exit-reason/0"), None));
}

#[test]
fn an_invitation_is_told_with_its_basis() {
    let invited = DepartureEvent::Invited {
        number: 2,
        basis: OutreachBasis::ExitConsent,
        notice_version: Some("2026-10".to_owned()),
        channel: Channel::Post,
        expires_at: instant(day("2024-04-30")),
    };
    let told = describe(Log::on("2024-04-01").then(departure(), invited).last());
    assert_eq!((told.rule.as_deref(), told.basis.as_deref()), (Some("PRV-01"), Some("exit_consent (2026-10)")));
}

#[test]
fn a_consent_is_told_with_its_purpose_and_text() {
    let granted =
        MemberEvent::ConsentGranted { purpose: ConsentPurpose::Publicity, text_version: "2026-10".to_owned() };
    let told = describe(Log::on("2024-04-01").then(member(), granted).last());
    assert_eq!(told.title_en, "Consented to appearing in public material");
    assert_eq!((told.rule.as_deref(), told.basis.as_deref()), (Some("PRV-02"), Some("2026-10")));
}

#[test]
fn a_contact_is_told_with_the_consent_it_rests_on() {
    let contacts = samples("member").into_iter().filter(|event| event.full_type() == "member.contact_recorded");
    let contacts: Vec<_> = contacts.map(line).collect();
    let titles: Vec<_> = contacts.iter().map(|line| line.title_en.as_str()).collect();
    assert_eq!(
        titles,
        [
            "A recruiter made contact by telephone about a position",
            "A recruiter made contact in person about a job family"
        ]
    );
    assert_eq!((contacts[0].rule.as_deref(), contacts[0].basis.as_deref()), (Some("PRV-01"), Some("2026-10")));
    assert_eq!(contacts[0].why.as_ref().map(|why| why.words.is_some()), Some(true));
    assert_eq!(contacts[1].why, None);
}

#[test]
fn a_flag_is_told_with_its_reason() {
    let told = describe(Log::on("2026-10-01").then(flag(), raised()).last());
    assert_eq!((told.event.as_str(), told.rule.as_deref()), ("no_rehire_flag.raised", Some("PRV-13")));
    assert_eq!(told.why.and_then(|why| why.code).as_deref(), Some("harassment"));
}

// helpers

fn line(event: HrEvent) -> HistoryLine {
    describe(Log::on("2026-10-01").then(departure(), event).last())
}
