//! What each refusal of the domain means over HTTP: one exhaustive match an aggregate.

mod access;
mod application;
mod departure;
mod employment;
mod follow_up;
mod incumbents;
mod member;
mod no_rehire_flag;
mod offer;
mod pay_bands;
mod pay_policy;
mod person;
mod programme_policy;
mod referral;
mod requisition;
mod reward;
mod reward_plan;

use aggregates::checks::SettlementError;
use aggregates::versions::VersionError;

use super::{NATURAL_PERSON_REQUIRED, Problem, RULE_BLOCKED, TRANSITION_NOT_ALLOWED};

/// A domain error that has a problem.
pub trait Refusal: std::error::Error {
    /// The problem it means.
    fn problem(&self) -> Problem;
}

/// The state machine says no.
fn state(error: &impl std::error::Error, reason: &'static str, japanese: &str) -> Problem {
    Problem::of(TRANSITION_NOT_ALLOWED).detail(sentence(error), japanese).reason(reason)
}

/// A field breaks a rule.
fn field(error: &impl std::error::Error, pointer: &str, reason: &'static str, japanese: &str) -> Problem {
    Problem::field(pointer, reason, sentence(error), japanese).reason(reason)
}

/// A rule blocks.
fn blocked(error: &impl std::error::Error, reason: &'static str, japanese: &str, rule: &str, basis: &str) -> Problem {
    Problem::of(RULE_BLOCKED).detail(sentence(error), japanese).reason(reason).rule(rule, basis)
}

/// A rule about flags says no. That there is a flag is for few to know (PRV-13): all that is told is that somebody who may
/// know has to look.
fn review_required() -> Problem {
    Problem::of(TRANSITION_NOT_ALLOWED)
        .detail(
            "Compliance has to look at whether this person may come back before the case goes on.",
            "この方の再入社の可否について、コンプライアンスの確認が必要です。",
        )
        .reason("review_required")
}

/// A human being has to do it.
fn person(error: &impl std::error::Error, reason: &'static str, japanese: &str) -> Problem {
    Problem::of(NATURAL_PERSON_REQUIRED).detail(sentence(error), japanese).reason(reason)
}

/// An answer to a rule is refused.
fn settlement(error: &SettlementError) -> Problem {
    match error {
        SettlementError::RuleNotEvaluated { .. } => {
            field(error, "/rule", "rule_not_evaluated", "この規則は、この件では評価されていません。")
        }
        SettlementError::WrongAnswer { .. } => {
            state(error, "wrong_answer", "この規則の結果は、その回答では解決できません。")
        }
    }
}

/// What the refusals of a version mean, whatever it lays down. `rule` says that whoever wrote it does not approve it.
fn version(error: &VersionError, rule: &'static str) -> Problem {
    let reason: &'static str = error.into();
    match error {
        VersionError::SecondPersonRequired => {
            blocked(error, reason, "起案した本人は承認できません。別の方が承認してください。", rule, "second person")
        }
        VersionError::AlreadyApproved => state(error, reason, "この版は、すでに承認されています。"),
        VersionError::NothingToApprove => state(error, reason, "承認待ちの版はありません。"),
        VersionError::NotApproved => state(error, reason, "この版は、まだ承認されていません。"),
        VersionError::NothingToPublish => state(error, reason, "公開待ちの版はありません。"),
        VersionError::EffectiveInThePast { .. } => {
            field(error, "/effective_from", reason, "適用開始日は、本日以降で指定してください。")
        }
    }
}

/// The error's text as a sentence.
fn sentence(error: &impl std::error::Error) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
