//! What the refusals of an application mean.

use aggregates::application::ApplicationError;
use aggregates::rehire_policy::{FLAG, JOB_RETURN};

use super::{Refusal, blocked, field, person, review_required, settlement, state};
use crate::http::problem::{HEADCOUNT_FULL, PROGRAMME_NOT_OFFERING_REHIRE, Problem, RULE_BLOCKED};

/// Who decides about people (AUD-12).
const HUMAN: &str = "AUD-12";

impl Refusal for ApplicationError {
    #[expect(clippy::too_many_lines, reason = "one entry for each refusal")]
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::NotSubmitted => Problem::not_found(),
            Self::AlreadySubmitted => state(self, reason, "この応募は、すでに受け付けられています。"),
            Self::RequisitionNotOpen => state(self, reason, "この求人は公開されていません。"),
            Self::NotOffered { contact } => Problem::of(PROGRAMME_NOT_OFFERING_REHIRE)
                .detail(
                    super::sentence(self),
                    format!("この法人のアルムナイ制度は、再入社を対象としていません。お問い合わせ先：{contact}"),
                )
                .reason(reason),
            Self::HeadcountFull => Problem::of(HEADCOUNT_FULL).reason(reason),
            Self::NotTheCandidate => field(
                self,
                "/recorded_for",
                reason,
                "本人以外の方は、本人の申し出をどのように受け付けたかを指定してください。",
            ),
            Self::NaturalPersonRequired => person(self, reason, "この判断は、自然人が行う必要があります。"),
            Self::UninvolvedPersonRequired => blocked(
                self,
                reason,
                "選考の担当者、応募を登録した方、すでに審査した方、根拠となるフラグや再雇用可否の判断に関与した方は審査できません。関与していない方が審査してください。",
                HUMAN,
                "uninvolved reviewer",
            ),
            Self::SecondPersonRequired => blocked(
                self,
                reason,
                "選考を終了させた本人は再開できません。別の方が再開してください。",
                HUMAN,
                "second person",
            ),
            Self::NothingToReview => state(self, reason, "この応募に、審査待ちの事項はありません。"),
            Self::AwaitsReview => state(self, reason, "応募資格が審査待ちです。"),
            Self::ReviewRequestedAlready => state(self, reason, "再審査は、すでに請求されています。"),
            Self::ReviewAnswered => state(self, reason, "再審査の請求には、すでに回答しています。"),
            Self::ReviewPeriodOver { .. } => state(self, reason, "再審査を請求できる期間（30日）を過ぎています。"),
            Self::ClauseRequired => field(self, "/clause", reason, "根拠条項を指定してください。"),
            Self::OnHold => state(self, reason, "選考は保留中です。"),
            Self::HeldByFact => {
                state(self, reason, "事実の変更により保留中です。再開の可否はコンプライアンスが判断します。")
            }
            Self::NotEligible => blocked(
                self,
                reason,
                "規則により応募できない状態のため、その間は選考を再開できません。",
                "PRV-13",
                "programme/0",
            ),
            Self::HoldOverAlready { .. } => {
                field(self, "/until", reason, "保留の期限は、将来の日付で指定してください。")
            }
            Self::StageNotNext { .. } => state(self, reason, "現在の段階から、指定の段階には進めません。"),
            Self::EvaluationRequired => state(self, reason, "評価済みに進むには、総合評価を記録してください。"),
            Self::AlreadyEvaluated => state(self, reason, "総合評価は、すでに記録されています。"),
            Self::ReferrerEvaluates => {
                blocked(self, reason, "候補者を紹介した方は、総合評価を行えません。", HUMAN, "uninvolved evaluator")
            }
            Self::ScorecardRequired => state(self, reason, "総合評価には、面接官の評価票が1件以上必要です。"),
            Self::FastTrackClosed => state(self, reason, "優遇措置は、審査なしで応募可と判定された方に限られます。"),
            Self::InterviewKnown => state(self, reason, "この面接は、すでに登録されています。"),
            Self::InterviewUnknown => field(self, "/interview_id", reason, "該当する面接がありません。"),
            Self::InterviewOver { .. } => state(self, reason, "この面接の結果は、すでに記録されています。"),
            Self::InterviewHeld => {
                state(self, reason, "評価票が提出されているため、この面接は行われたものとして扱われます。")
            }
            Self::InterviewNotHeld => state(self, reason, "この面接は行われていません。"),
            Self::InterviewNotBegun { .. } => state(self, reason, "面接はまだ始まっていません。"),
            Self::RangeMissing => {
                state(self, reason, "この求人には給与レンジがありません。先に求人を改訂してください。")
            }
            Self::RangeNotDisclosed => blocked(
                self,
                reason,
                "この法人の賃金規程では、面接より前に、候補者にこの求人の給与レンジを伝える必要があります。",
                "PAY-05",
                "指令(EU) 2023/970 第5条",
            ),
            Self::EndsBeforeItBegins => {
                field(self, "/ends_at", reason, "終了時刻は、開始時刻より後で指定してください。")
            }
            Self::InterviewersOutOfRange { .. } => {
                field(self, "/interviewers", reason, "面接官は1名から10名まで、重複なく指定してください。")
            }
            Self::CandidateInterviews => field(self, "/interviewers", reason, "候補者本人は面接官になれません。"),
            Self::ReferrerInterviews => {
                field(self, "/interviewers", reason, "候補者を紹介した方は面接官になれません。")
            }
            Self::InterviewerBusy { .. } => state(self, reason, "同じ時間帯に別の面接がある面接官がいます。"),
            Self::CandidateBusy => state(self, reason, "候補者に、同じ時間帯の別の応募の面接があります。"),
            Self::InterviewOverlaps { .. } => state(self, reason, "候補者に、同じ時間帯の別の面接があります。"),
            Self::NotTheInterviewer => state(self, reason, "評価票を提出できるのは、この面接の面接官だけです。"),
            Self::ScorecardSubmitted => state(self, reason, "評価票は提出済みです。訂正はできます。"),
            Self::ScorecardMissing => state(self, reason, "提出済みの評価票がありません。"),
            Self::RatingOutOfRange => field(self, "/rating", reason, "評点は1から5までで指定してください。"),
            Self::OfferLive => state(self, reason, "進行中のオファーがあります。先にオファーを終了してください。"),
            Self::AfterAcceptance => {
                state(self, reason, "オファーは承諾済みです。内定取消または内定辞退の手続きが必要です。")
            }
            Self::NotEvaluated => state(self, reason, "オファーには、総合評価の記録が必要です。"),
            Self::OfferPeriodOver { .. } => state(self, reason, "新たなオファーを出せる期間（30日）を過ぎています。"),
            Self::OtherOffer => state(self, reason, "この応募の進行中のオファーではありません。"),
            Self::OfferNotAccepted => state(self, reason, "承諾済みのオファーがありません。"),
            Self::NotLater { .. } => {
                field(self, "/to", reason, "延期後の入社日は、現在の入社日より後で指定してください。")
            }
            Self::BeforeAgreedDay { .. } => {
                field(self, "/started_on", reason, "入社日は、合意した入社日以降で指定してください。")
            }
            Self::EmployeeNumberMissing => {
                field(self, "/employee_number", reason, "新しい社員番号を指定してください。")
            }
            Self::JoiningRecordedOtherwise => {
                state(self, reason, "別の入社日で、すでに登録されています。入社日は延期として変更してください。")
            }
            Self::DayNotCome { .. } => state(self, reason, "入社日がまだ到来していません。"),
            Self::OtherRequisition => state(self, reason, "この応募は、別の求人に移されています。"),
            Self::OtherEntity => field(self, "/requisition_id", reason, "別の法人の求人に移すことはできません。"),
            Self::NotEligibleThere { rule, .. } if [FLAG, JOB_RETURN].contains(&rule.as_str()) => review_required(),
            Self::NotEligibleThere { rule, .. } => Problem::of(RULE_BLOCKED)
                .detail(super::sentence(self), "規則により、この方は移動先の求人に応募できません。")
                .reason(reason)
                .rule(rule, "programme/0"),
            Self::NotReopenable => state(self, reason, "再開できるのは、不採用または辞退となった選考だけです。"),
            Self::ReopenPeriodOver { .. } => state(self, reason, "選考を再開できる期間（30日）を過ぎています。"),
            Self::Settlement(error) => settlement(error),
            Self::Ended { .. } => state(self, reason, "この選考は、すでに終了しています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::application::{ApplicationError as E, InterviewOutcome};
    use aggregates::checks::{Outcome, SettlementError as S};
    use aggregates::ids::InterviewId;
    use chrono::{DateTime, NaiveDate};
    use uuid::Uuid;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        const STATE: &str = "transition_not_allowed";
        const FIELD: &str = "validation_failed";
        const RULE: &str = "rule_blocked";
        let day = NaiveDate::MIN;
        for (error, code) in [
            (E::NotSubmitted, "not_found"),
            (E::AlreadySubmitted, STATE),
            (E::RequisitionNotOpen, STATE),
            (E::HeadcountFull, "headcount_full"),
            (E::NotOffered { contact: "alumni@example.jp".into() }, "programme_not_offering_rehire"),
            (E::NotTheCandidate, FIELD),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::UninvolvedPersonRequired, RULE),
            (E::SecondPersonRequired, RULE),
            (E::NothingToReview, STATE),
            (E::AwaitsReview, STATE),
            (E::ReviewRequestedAlready, STATE),
            (E::ReviewAnswered, STATE),
            (E::ReviewPeriodOver { until: day }, STATE),
            (E::ClauseRequired, FIELD),
            (E::OnHold, STATE),
            (E::HeldByFact, STATE),
            (E::NotEligible, RULE),
            (E::HoldOverAlready { until: day }, FIELD),
            (E::StageNotNext { from: "a", to: "b" }, STATE),
            (E::EvaluationRequired, STATE),
            (E::AlreadyEvaluated, STATE),
            (E::ScorecardRequired, STATE),
            (E::ReferrerEvaluates, RULE),
            (E::FastTrackClosed, STATE),
            (E::InterviewKnown, STATE),
            (E::InterviewUnknown, FIELD),
            (E::InterviewOver { outcome: InterviewOutcome::Held }, STATE),
            (E::InterviewHeld, STATE),
            (E::InterviewNotHeld, STATE),
            (E::InterviewNotBegun { starts_at: DateTime::UNIX_EPOCH }, STATE),
            (E::RangeMissing, STATE),
            (E::RangeNotDisclosed, RULE),
            (E::EndsBeforeItBegins, FIELD),
            (E::InterviewersOutOfRange { most: 10 }, FIELD),
            (E::CandidateInterviews, FIELD),
            (E::ReferrerInterviews, FIELD),
            (E::InterviewerBusy { interviewers: vec![] }, STATE),
            (E::CandidateBusy, STATE),
            (E::InterviewOverlaps { interview_id: InterviewId(Uuid::nil()) }, STATE),
            (E::NotTheInterviewer, STATE),
            (E::ScorecardSubmitted, STATE),
            (E::ScorecardMissing, STATE),
            (E::RatingOutOfRange, FIELD),
            (E::OfferLive, STATE),
            (E::AfterAcceptance, STATE),
            (E::NotEvaluated, STATE),
            (E::OfferPeriodOver { until: day }, STATE),
            (E::OtherOffer, STATE),
            (E::OfferNotAccepted, STATE),
            (E::NotLater { agreed: day }, FIELD),
            (E::BeforeAgreedDay { agreed: day }, FIELD),
            (E::EmployeeNumberMissing, FIELD),
            (E::JoiningRecordedOtherwise, STATE),
            (E::DayNotCome { on: day }, STATE),
            (E::OtherRequisition, STATE),
            (E::OtherEntity, FIELD),
            (E::NotEligibleThere { rule: "LAB-04".into(), code: "x".into() }, RULE),
            (E::NotEligibleThere { rule: "PRV-13".into(), code: "x".into() }, STATE),
            (E::NotEligibleThere { rule: "ELG-09".into(), code: "x".into() }, STATE),
            (E::NotReopenable, STATE),
            (E::ReopenPeriodOver { until: day }, STATE),
            (E::Settlement(S::RuleNotEvaluated { rule: "x".into() }), FIELD),
            (E::Settlement(S::WrongAnswer { rule: "x".into(), outcome: Outcome::Block }), STATE),
            (E::Ended { state: "rejected" }, STATE),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error:?}");
            assert!(!problem.detail_ja.is_ascii() && problem.rule.is_some() >= (code == RULE), "{error:?}");
        }
    }
}
