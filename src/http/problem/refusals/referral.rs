//! What the refusals of a referral mean.

use aggregates::referral::{ReferralError, gate};

use super::{Refusal, blocked, field, person, sentence, settlement, state};
use crate::http::problem::{Problem, RULE_BLOCKED};

/// The plan of referral rewards says who decides about credit.
const PLAN: &str = "リファラル手当規程";

impl Refusal for ReferralError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyRecorded => state(self, reason, "この紹介は、すでに登録されています。"),
            Self::RuleBlocked { rule, basis, code } => {
                let (english, japanese) = barred(rule, &sentence(self));
                Problem::of(RULE_BLOCKED).detail(english, japanese).reason(code.clone()).rule(rule, basis)
            }
            Self::RequisitionNotOpen => {
                state(self, reason, "この求人は、現在、候補者を受け付けていません。").reason("requisition_not_open")
            }
            Self::AwaitsCandidate => state(self, reason, "候補者本人の同意がまだ得られていません。"),
            Self::AlreadyAnswered => state(self, reason, "候補者本人は、すでに回答しています。"),
            Self::AnswerTooLate { .. } => state(self, reason, "回答の期限を過ぎています。"),
            Self::OwnershipUnresolved => {
                state(self, reason, "先行する記録の可能性があります。先に、どちらの紹介とするかを判定してください。")
            }
            Self::NothingToResolve => state(self, reason, "判定が必要な先行の記録はありません。"),
            Self::CauseRequired => {
                field(self, "/because", reason, "有効な紹介を対象外とするには、優先する先行の記録を指定してください。")
            }
            Self::OwnershipOver { .. } => state(self, reason, "この紹介の有効期間は終了しています。"),
            Self::AlreadyCredited { .. } => state(self, reason, "この紹介には、すでに応募が紐付いています。"),
            Self::AlreadyHired => state(self, reason, "この候補者は、すでに採用されています。"),
            Self::HiredBefore { .. } => {
                field(self, "/started_on", reason, "入社日が、紹介日より前です。").rule(gate::CANDIDATE, PLAN)
            }
            Self::EmployedAtReferral => {
                field(self, "/employee_number", reason, "この社員番号の方は、紹介の時点で、すでに在籍していました。")
                    .rule(gate::CANDIDATE, PLAN)
            }
            Self::OutcomeRecorded { .. } => state(self, reason, "結果は、すでに記録されています。"),
            Self::NaturalPersonRequired => person(self, reason, "紹介者の判定は、自然人が行う必要があります。"),
            Self::SecondPersonRequired => {
                blocked(self, reason, "紹介者本人は、自身の紹介について判断できません。", gate::EXCLUDED, PLAN)
            }
            Self::OwnCredit => blocked(self, reason, "自身を紹介者とすることはできません。", gate::EXCLUDED, PLAN),
            Self::RecruiterOfRequisition => {
                blocked(self, reason, "この求人の採用担当は、紹介者を変更できません。", gate::EXCLUDED, PLAN)
            }
            Self::ReferrerOnly => state(self, reason, "紹介を取り下げられるのは、紹介者本人のみです。"),
            Self::ClauseRequired => field(self, "/clause", reason, "紹介者の変更には、根拠条項が必要です。"),
            Self::JudgedTheCandidate => blocked(
                self,
                reason,
                "この候補者の面接官や評価者を、紹介者にすることはできません。",
                gate::EXCLUDED,
                PLAN,
            ),
            Self::CreditAlreadyTheirs => state(self, reason, "すでに、この方が紹介者です。"),
            Self::Settlement(error) => settlement(error),
            Self::Ended { .. } => state(self, reason, "この紹介は、すでに終了しています。"),
        }
    }
}

/// What a rule that bars a referral says, and what is possible instead.
fn barred(rule: &str, sentence: &str) -> (String, String) {
    match rule {
        gate::OUTSIDER => (
            "Only an employee of the company that hires can be credited with a referral: rewarding anybody else for a \
             candidate is forbidden. A plain link to the position may be shared freely; whoever applies through it applies \
             by themselves, and nobody is credited or rewarded."
                .to_owned(),
            "採用する会社の従業員以外の方を紹介者として記録することはできません（従業員以外への募集の報酬は法令で禁止されています）。\
             求人のリンクを共有いただくことは自由です。その場合、ご本人が直接応募し、紹介者の記録や報酬は発生しません。"
                .to_owned(),
        ),
        gate::SELF_REFERRAL => (
            "Nobody can refer themselves: the candidate's mail address is the referrer's own.".to_owned(),
            "自分自身を紹介することはできません（候補者と紹介者のメールアドレスが同じです）。".to_owned(),
        ),
        gate::STATUS_COUNTS => (
            "Whoever made this referral was not employed then: nobody is paid for it, and its credit goes to nobody else."
                .to_owned(),
            "紹介の時点で従業員でなかった方の紹介に報酬は支払われず、紹介者を他の方に変更することもできません。".to_owned(),
        ),
        _ => (sentence.to_owned(), "規則により、この紹介は受け付けられません。".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use aggregates::checks::{Outcome, SettlementError};
    use aggregates::ids::ApplicationId;
    use aggregates::referral::{Ending, OutcomeReason, ReferralError as E};
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::Refusal as _;

    fn blocked(rule: &str) -> E {
        E::RuleBlocked { rule: rule.into(), basis: "職業安定法36条・40条".into(), code: "outsider".into() }
    }

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let day = NaiveDate::MIN;
        let application_id = ApplicationId(Uuid::nil());
        let wrong = SettlementError::WrongAnswer { rule: "REF-01".into(), outcome: Outcome::Pass };
        let unknown = SettlementError::RuleNotEvaluated { rule: "REF-99".into() };
        for (error, code) in [
            (E::Unrecorded, "not_found"),
            (E::AlreadyRecorded, "transition_not_allowed"),
            (blocked("REF-06"), "rule_blocked"),
            (blocked("REF-09"), "rule_blocked"),
            (blocked("REF-10"), "rule_blocked"),
            (blocked("REF-14"), "rule_blocked"),
            (E::RequisitionNotOpen, "transition_not_allowed"),
            (E::AwaitsCandidate, "transition_not_allowed"),
            (E::AlreadyAnswered, "transition_not_allowed"),
            (E::AnswerTooLate { answer_by: day }, "transition_not_allowed"),
            (E::OwnershipUnresolved, "transition_not_allowed"),
            (E::NothingToResolve, "transition_not_allowed"),
            (E::CauseRequired, "validation_failed"),
            (E::OwnershipOver { until: day }, "transition_not_allowed"),
            (E::AlreadyCredited { application_id }, "transition_not_allowed"),
            (E::AlreadyHired, "transition_not_allowed"),
            (E::HiredBefore { referred_on: day }, "validation_failed"),
            (E::EmployedAtReferral, "validation_failed"),
            (E::OutcomeRecorded { reason_code: OutcomeReason::Rejected }, "transition_not_allowed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::SecondPersonRequired, "rule_blocked"),
            (E::OwnCredit, "rule_blocked"),
            (E::RecruiterOfRequisition, "rule_blocked"),
            (E::ReferrerOnly, "transition_not_allowed"),
            (E::ClauseRequired, "validation_failed"),
            (E::JudgedTheCandidate, "rule_blocked"),
            (E::CreditAlreadyTheirs, "transition_not_allowed"),
            (E::Settlement(wrong), "transition_not_allowed"),
            (E::Settlement(unknown), "validation_failed"),
            (E::Ended { ending: Ending::Expired }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error:?}");
            assert!(!problem.detail_ja.is_ascii() && problem.rule.is_some() >= (code == "rule_blocked"), "{error:?}");
        }
    }

    #[test]
    fn an_outsider_is_told_the_law_and_what_is_possible_instead() {
        let problem = blocked("REF-06").problem();
        assert_eq!((problem.status, problem.rule.as_deref()), (422, Some("REF-06")));
        assert_eq!(problem.basis.as_deref(), Some("職業安定法36条・40条"));
        assert!(problem.detail.contains("link") && problem.detail_ja.contains("リンク"));
    }
}
