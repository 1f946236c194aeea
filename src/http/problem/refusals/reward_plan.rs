//! What the refusals of a reward plan mean.

use aggregates::reward_plan::RewardPlanError;

use super::{Refusal, blocked, field, person, state, version};
use crate::http::problem::Problem;

/// A reward is wage, laid down in rules that are filed.
const WAGE_RULES: &str = "職業安定法40条・労働基準法89条";
/// Wages are paid in the currency of the country.
const CURRENCY: &str = "労働基準法24条";
/// A high sum looks like a fee.
const REASONABLE: &str = "職業安定法40条";

impl Refusal for RewardPlanError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyDrafted => state(self, reason, "この規程は、すでに起案されています。"),
            Self::ClauseRequired => field(self, "/clause", reason, "手当を定める賃金規程の条項を指定してください。")
                .rule("REF-02", WAGE_RULES),
            Self::NotInYen { .. } => {
                field(self, "/amount/currency", reason, "手当は円で支払う必要があります。").rule("REF-03", CURRENCY)
            }
            Self::AmountRequired => field(self, "/amount/amount", reason, "手当の額は1円以上で指定してください。"),
            Self::MilestoneOutOfRange => field(
                self,
                "/milestone",
                reason,
                "支給の時期は、入社日から1〜1096日または1〜36か月で指定してください。",
            ),
            Self::EntityDiffers { .. } => {
                field(self, "/legal_entity", reason, "規程の対象法人は変更できません。別の規程を起案してください。")
            }
            Self::NaturalPersonRequired => person(self, reason, "規程の承認は、自然人が行う必要があります。"),
            Self::ExecutiveRequired => {
                blocked(self, reason, "10万円を超える手当は、役員（executive）の承認が必要です。", "REF-04", REASONABLE)
            }
            Self::NotFiled => blocked(
                self,
                reason,
                "賃金規程の届出日がないか、本日より後です。届出を済ませてから公開してください。",
                "REF-02",
                WAGE_RULES,
            ),
            Self::AboveHardCap => blocked(
                self,
                reason,
                "30万円を超える手当は、賃金ではなく紹介料とみなされるおそれがあるため公開できません。",
                "REF-04",
                REASONABLE,
            ),
            Self::Version(error) => version(error, "REF-14"),
            Self::Retired { .. } => state(self, reason, "この規程は、すでに廃止されています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::reward_plan::RewardPlanError as E;
    use aggregates::versions::VersionError;
    use chrono::NaiveDate;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let day = NaiveDate::MIN;
        for (error, code) in [
            (E::Unrecorded, "not_found"),
            (E::AlreadyDrafted, "transition_not_allowed"),
            (E::ClauseRequired, "validation_failed"),
            (E::NotInYen { currency: "USD".into() }, "validation_failed"),
            (E::AmountRequired, "validation_failed"),
            (E::MilestoneOutOfRange, "validation_failed"),
            (E::EntityDiffers { legal_entity: "JP-HQ".into() }, "validation_failed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::ExecutiveRequired, "rule_blocked"),
            (E::NotFiled, "rule_blocked"),
            (E::AboveHardCap, "rule_blocked"),
            (E::Version(VersionError::SecondPersonRequired), "rule_blocked"),
            (E::Retired { from: day }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error}");
            assert_eq!(problem.rule.is_some(), problem.basis.is_some(), "{error}");
            assert!(!problem.detail_ja.is_ascii(), "{error}");
        }
    }
}
