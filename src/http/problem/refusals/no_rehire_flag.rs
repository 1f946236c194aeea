//! What the refusals of a no-rehire flag mean.

use aggregates::no_rehire_flag::NoRehireFlagError;

use super::{Refusal, blocked, field, person, state};
use crate::http::problem::Problem;

/// Whom a flag must never hit: whistleblowers, union members, those who took leave.
const NEVER: &str = "公益通報者保護法・労組法7条・均等法9条";

impl Refusal for NoRehireFlagError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unraised => Problem::not_found(),
            Self::AlreadyRaised => state(self, reason, "このフラグは、すでに登録されています。"),
            Self::GroundsRequired => {
                field(self, "/clause", reason, "フラグには、根拠条項・証拠の参照・異議申立ての方法が必要です。")
                    .rule("PRV-13", NEVER)
            }
            Self::ExpiryOutOfRange { .. } => {
                field(self, "/expires_on", reason, "有効期限は、将来の日付かつ3年以内で指定してください。")
                    .rule("PRV-13", "expiry")
            }
            Self::NaturalPersonRequired => {
                person(self, reason, "フラグの登録・審査・更新・解除は、自然人が判断する必要があります。")
            }
            Self::SecondPersonRequired => blocked(
                self,
                reason,
                "登録または更新した本人は審査できません。別の方が審査してください。",
                "PRV-13",
                "second reviewer",
            ),
            Self::UninvolvedPersonRequired => blocked(
                self,
                reason,
                "異議申立ては、これまで関与していない方が審査する必要があります。",
                "PRV-13",
                "appeal route",
            ),
            Self::AwaitsReview => state(self, reason, "フラグは審査待ちで、まだ効力がありません。"),
            Self::NothingToReview => state(self, reason, "審査待ちの事項はありません。"),
            Self::AppealPending => state(self, reason, "異議申立てが審査中です。"),
            Self::AppealDecided => {
                state(self, reason, "この期間の異議申立ては審査済みです。更新された場合に、改めて申し立てられます。")
            }
            Self::TooEarlyToRenew { .. } => state(self, reason, "更新できるのは、有効期限の60日前からです。"),
            Self::FreshEvidenceRequired => {
                field(self, "/evidence_ref", reason, "更新には、現在の期間とは別の新しい証拠が必要です。")
                    .rule("PRV-13", "fresh evidence")
            }
            Self::RenewalPending => state(self, reason, "別の更新が審査待ちです。"),
            Self::Lapsed { .. } => state(self, reason, "フラグはすでに失効しています。"),
            Self::Ended { .. } => state(self, reason, "フラグはすでに終了しています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::no_rehire_flag::{Ending, NoRehireFlagError as E};
    use chrono::NaiveDate;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let day = NaiveDate::MIN;
        for (error, code) in [
            (E::Unraised, "not_found"),
            (E::AlreadyRaised, "transition_not_allowed"),
            (E::GroundsRequired, "validation_failed"),
            (E::ExpiryOutOfRange { expires_on: day, earliest: day, latest: day }, "validation_failed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::SecondPersonRequired, "rule_blocked"),
            (E::UninvolvedPersonRequired, "rule_blocked"),
            (E::AwaitsReview, "transition_not_allowed"),
            (E::NothingToReview, "transition_not_allowed"),
            (E::AppealPending, "transition_not_allowed"),
            (E::AppealDecided, "transition_not_allowed"),
            (E::TooEarlyToRenew { from: day }, "transition_not_allowed"),
            (E::FreshEvidenceRequired, "validation_failed"),
            (E::RenewalPending, "transition_not_allowed"),
            (E::Lapsed { on: day }, "transition_not_allowed"),
            (E::Ended { ending: Ending::Expired }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error:?}");
            assert!(!problem.detail_ja.is_ascii() && problem.rule.is_some() >= (code == "rule_blocked"), "{error:?}");
        }
    }
}
