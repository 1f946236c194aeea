//! What the refusals of a reward mean.

use aggregates::reward::RewardError;

use super::{Refusal, blocked, field, person, settlement, state};
use crate::http::problem::Problem;

/// Who selects, approves or is paid does not decide.
const SEPARATION: &str = "リファラル手当規程";

impl Refusal for RewardError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unplanned => Problem::not_found(),
            Self::AlreadyPlanned => state(self, reason, "この手当は、別の内容ですでに計画されています。"),
            Self::NaturalPersonRequired => {
                person(self, reason, "手当の確認・承認・保留・失効は、自然人が判断する必要があります。")
            }
            Self::NotDue => state(self, reason, "手当の支給期日が到来していません。"),
            Self::AlreadyVerified => state(self, reason, "手当の支給条件は、すでに確認されています。"),
            Self::NotVerified => state(self, reason, "手当の支給条件が、まだ確認されていません。"),
            Self::AlreadyApproved => state(self, reason, "手当は、すでに承認されています。"),
            Self::PayeeMayNotDecide => {
                blocked(self, reason, "支給を受ける本人は、この手当について判断できません。", "REF-14", SEPARATION)
            }
            Self::PlanEditorMayNotApprove => {
                blocked(self, reason, "規程を起案した方は、その規程による手当を承認できません。", "REF-20", SEPARATION)
            }
            Self::RecruiterMayNotApprove => blocked(
                self,
                reason,
                "採用の選考を担当した方は、その採用に関する手当を承認できません。",
                "REF-14",
                SEPARATION,
            ),
            Self::SecondPersonRequired => blocked(self, reason, "2人目の方の判断が必要です。", "REF-20", SEPARATION),
            Self::ChecksOpen { rules } => state(
                self,
                reason,
                &format!("未解決の確認事項があります（{}）。先に回答してください。", rules.join("、")),
            ),
            Self::OnHold { .. } => state(self, reason, "手当は保留中です。"),
            Self::NotHeld => state(self, reason, "手当は保留されていません。"),
            Self::NoPlan => blocked(
                self,
                reason,
                "手当の額と時期を定める規程がありません。",
                "REF-02",
                "職業安定法40条・労働基準法89条",
            ),
            Self::CorrectionCaseOpen => state(self, reason, "遅れて記録された退職について、先に判断が必要です。"),
            Self::NoCorrectionCase => state(self, reason, "判断待ちの、遅れて記録された退職はありません。"),
            Self::ClauseRequired => field(self, "/clause", reason, "根拠となる条項を指定してください。"),
            Self::Settlement(error) => settlement(error),
            Self::Ended { .. } => state(self, reason, "手当は、すでに終了しています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::checks::{Outcome, SettlementError as S};
    use aggregates::reward::{Ending, RewardError as E};

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        for (error, code) in [
            (E::Unplanned, "not_found"),
            (E::AlreadyPlanned, "transition_not_allowed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::NotDue, "transition_not_allowed"),
            (E::AlreadyVerified, "transition_not_allowed"),
            (E::NotVerified, "transition_not_allowed"),
            (E::AlreadyApproved, "transition_not_allowed"),
            (E::PayeeMayNotDecide, "rule_blocked"),
            (E::PlanEditorMayNotApprove, "rule_blocked"),
            (E::RecruiterMayNotApprove, "rule_blocked"),
            (E::SecondPersonRequired, "rule_blocked"),
            (E::ChecksOpen { rules: vec!["REF-18".into()] }, "transition_not_allowed"),
            (E::OnHold { code: "manual".into() }, "transition_not_allowed"),
            (E::NotHeld, "transition_not_allowed"),
            (E::NoPlan, "rule_blocked"),
            (E::CorrectionCaseOpen, "transition_not_allowed"),
            (E::NoCorrectionCase, "transition_not_allowed"),
            (E::ClauseRequired, "validation_failed"),
            (E::Settlement(S::RuleNotEvaluated { rule: "REF-18".into() }), "validation_failed"),
            (
                E::Settlement(S::WrongAnswer { rule: "REF-18".into(), outcome: Outcome::Block }),
                "transition_not_allowed",
            ),
            (E::Ended { ending: Ending::Lapsed }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error}");
            assert!(!problem.detail_ja.is_ascii(), "{error}");
        }
    }
}
