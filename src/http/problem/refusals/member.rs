//! What the refusals of a membership mean.

use aggregates::member::MemberError;

use super::{Refusal, blocked, field, person, state};
use crate::http::problem::Problem;

impl Refusal for MemberError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::NotRegistered => Problem::not_found(),
            Self::AlreadyRegistered => state(self, reason, "この会員登録は、すでに存在します。"),
            Self::TermsVersionMissing => field(self, "/terms_version", reason, "同意する規約の版を指定してください。"),
            Self::ConsentTextMissing => field(self, "/text_version", reason, "同意文の版を指定してください。")
                .rule("PRV-02", "個人情報保護法 17・18条"),
            Self::InvitationExpired { .. } => {
                field(self, "/invitation_token", reason, "招待の有効期限が切れています。新しい招待を依頼してください。")
            }
            Self::AwaitsReview => state(self, reason, "登録は審査待ちです。"),
            Self::AwaitsDeparture => state(self, reason, "登録は受け付け済みです。退職日の翌日から有効になります。"),
            Self::NotPending => state(self, reason, "この登録は審査待ちではありません。"),
            Self::NaturalPersonRequired => person(self, reason, "登録の承認と却下は、自然人が判断する必要があります。"),
            Self::SecondPersonRequired => blocked(
                self,
                reason,
                "申請した本人は承認できません。別の方が承認してください。",
                "AUD-06",
                "second person",
            ),
            Self::Dormant => {
                state(self, reason, "会員登録は休眠中です。登録情報を確認（confirm-data）すると再開します。")
            }
            Self::Paused => state(self, reason, "会員登録は休止中のため、連絡を記録できません。"),
            Self::ContactAhead { .. } => field(self, "/contacted_on", reason, "連絡日に将来の日付は指定できません。"),
            Self::ContactBeforeMembership { .. } => {
                field(self, "/contacted_on", reason, "連絡日は、会員登録が有効になった日以降で指定してください。")
            }
            Self::JobsConsentMissing => blocked(
                self,
                reason,
                "連絡日の時点で、求人案内への同意がありません。",
                "PRV-01",
                "個人情報保護法 17・18・21条",
            ),
            Self::PauseOverAlready { .. } => {
                field(self, "/until", reason, "休止の終了日は、明日以降で指定してください。")
            }
            Self::LiveCase { .. } => {
                state(self, reason, "進行中の選考などがあります。先に取り下げるか、完了をお待ちください。")
            }
            Self::StillInUse => blocked(
                self,
                reason,
                "会員登録は利用中です。退会、休眠、または消去の請求があるまで、データは保存されます。",
                "PRV-03",
                "個人情報保護法 22条",
            ),
            Self::Ended { .. } => state(self, reason, "会員登録はすでに終了しています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::member::{Ending, MemberError};
    use chrono::{DateTime, NaiveDate};

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let (until, expires_at) = (NaiveDate::MIN, DateTime::UNIX_EPOCH);
        for (error, code) in [
            (MemberError::NotRegistered, "not_found"),
            (MemberError::AlreadyRegistered, "transition_not_allowed"),
            (MemberError::TermsVersionMissing, "validation_failed"),
            (MemberError::ConsentTextMissing, "validation_failed"),
            (MemberError::InvitationExpired { expires_at }, "validation_failed"),
            (MemberError::AwaitsReview, "transition_not_allowed"),
            (MemberError::AwaitsDeparture, "transition_not_allowed"),
            (MemberError::NotPending, "transition_not_allowed"),
            (MemberError::NaturalPersonRequired, "natural_person_required"),
            (MemberError::SecondPersonRequired, "rule_blocked"),
            (MemberError::Dormant, "transition_not_allowed"),
            (MemberError::Paused, "transition_not_allowed"),
            (MemberError::ContactAhead { contacted_on: until }, "validation_failed"),
            (MemberError::ContactBeforeMembership { active_from: until }, "validation_failed"),
            (MemberError::JobsConsentMissing, "rule_blocked"),
            (MemberError::PauseOverAlready { until }, "validation_failed"),
            (MemberError::LiveCase { live_cases: 1 }, "transition_not_allowed"),
            (MemberError::StillInUse, "rule_blocked"),
            (MemberError::Ended { ending: Ending::Left }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error:?}");
            assert!(!problem.detail_ja.is_ascii() && problem.rule.is_some() >= (code == "rule_blocked"), "{error:?}");
        }
    }
}
