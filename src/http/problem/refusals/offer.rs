//! What the refusals of an offer mean.

use aggregates::offer::{NoticeItem, OfferError, REMEDY};
use aggregates::pay::{Ground, PayError};
use aggregates::rehire_policy::{FLAG, JOB_RETURN};

use super::{Refusal, blocked, field, person, review_required, sentence, state};
use crate::http::problem::{HEADCOUNT_FULL, Problem, VERSION_MISMATCH};

/// Who may not approve.
const INDEPENDENCE: &str = "every approver is another person, and none gains";
/// What pay is measured by.
const MEASURE: &str = "賃金決定の基準";
/// What an offer of employment has to say.
const NOTICE: &str = "労基法15条・労基則5条";

/// What a comparison with regular workers lacks, as PAY-01 says it.
fn lacking(code: &str) -> &'static str {
    match code {
        "items_not_compared" => {
            "オファーの支給項目のうち、比較していないものがあります。すべての項目を比較してください。"
        }
        "worse_without_reason" => "待遇が下回る項目には、理由が必要です（契約の種類は理由になりません）。",
        "worse_for_the_same_work" => "職務の内容と変更の範囲が同じ場合、待遇に差を設けることはできません（9条）。",
        _ => "比較の内容と合わない理由があります（職務の内容や変更の範囲が同じ場合、その違いは理由になりません）。",
    }
}

impl Refusal for OfferError {
    #[expect(clippy::too_many_lines, reason = "one line or two for each refusal")]
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Undrafted => Problem::not_found(),
            Self::AlreadyDrafted => state(self, reason, "このオファーは、すでに起案されています。"),
            Self::ApplicationNotEvaluated => {
                state(self, reason, "この応募は評価が済んでいません。評価の後にオファーを起案できます。")
            }
            Self::ApplicationOnHold => {
                state(self, reason, "この応募は保留中です。再開するまで、オファーは進められません。")
            }
            Self::ApplicationEnded => state(self, reason, "この応募は、すでに終了しています。"),
            Self::ExplanationMissing => {
                let (rule, basis) = ("PAY-04", "日新火災海上保険事件・東京高判平12.4.19");
                blocked(self, reason, "オファーには、賃金決定の説明書が必要です。", rule, basis)
            }
            Self::ApplicationTransferred => {
                state(self, reason, "この応募は別の募集に移されています。移動先の募集でオファーを作成してください。")
            }
            Self::OfferLive => state(self, reason, "この応募には、手続き中または承諾済みのオファーがあります。"),
            Self::NotEligibleAnyMore { rule, .. } if [FLAG, JOB_RETURN].contains(&rule.as_str()) => review_required(),
            Self::NotEligibleAnyMore { rule, basis, .. } => blocked(
                self,
                reason,
                "規則により、現時点では再入社の対象となりません。",
                rule,
                basis.as_deref().unwrap_or("programme/0"),
            ),
            Self::RequisitionClosed => state(self, reason, "この求人は、すでに終了しています。"),
            Self::HeadcountFull => Problem::of(HEADCOUNT_FULL)
                .detail(sentence(self), "求人の採用枠は、すべて充足済みか、提示中のオファーにより確保されています。")
                .reason(reason),
            Self::ContractorNotOffered => {
                field(self, "/employment_type", reason, "業務委託は雇用ではないため、オファーの対象になりません。")
            }
            Self::ExpiryNotInFuture { .. } => {
                field(self, "/expires_at", reason, "回答期限は、現在より後の日時で指定してください。")
            }
            Self::StartInThePast { .. } => {
                field(self, "/starts_on", reason, "入社日は、本日以降の日付で指定してください。")
            }
            Self::TermEndRequired => {
                field(self, "/contract/ends_on", reason, "有期雇用の場合は、契約の終了日が必要です。")
            }
            Self::TermEndNotAllowed => field(self, "/contract", reason, "正社員の場合、契約の終了日は指定できません。"),
            Self::TermEndsBeforeStart { .. } => {
                field(self, "/contract/ends_on", reason, "契約の終了日は、入社日以降で指定してください。")
            }
            Self::WeeklyHoursOutOfRange { most } => field(
                self,
                "/weekly_hours",
                reason,
                &format!("週の所定労働時間は、1から{most}までで指定してください。"),
            ),
            Self::AllowancesTooLarge => field(
                self,
                "/pay",
                reason,
                "基本給以外の年額、または一時金の合計が大きすぎます（9007199254740991以下）。",
            ),
            Self::MixedCurrencies => {
                field(self, "/pay", reason, "オファーの金額は、すべて同じ通貨で指定してください。")
            }
            Self::AmountNotPositive => field(self, "/pay/base/amount", reason, "金額は正の数で指定してください。"),
            Self::HashRefused => blocked(
                self,
                reason,
                "同一の条件は、すでに却下されています。条件を変更してください。",
                "PAY-26",
                "a refusal is final for the same terms",
            ),
            Self::TermsUnchanged => state(
                self,
                reason,
                "条件に変更がありません。提示済みオファーの回答期限は、extend-expiryで延長してください。",
            ),
            Self::TermsChanged => Problem::of(VERSION_MISMATCH)
                .detail(sentence(self), "確認後に条件が変更されています。オファーを読み直してください。")
                .reason(reason),
            Self::NaturalPersonRequired => person(self, reason, "この判断は、自然人が行う必要があります。"),
            Self::DistinctApproverRequired => blocked(
                self,
                reason,
                "起案・修正・承認依頼をした方は、このオファーを審査できません。別の方が審査してください。",
                "PAY-20",
                INDEPENDENCE,
            ),
            Self::CandidateExcluded => {
                blocked(self, reason, "候補者本人は、自分のオファーを審査できません。", "PAY-20", INDEPENDENCE)
            }
            Self::ReferrerExcluded => {
                blocked(self, reason, "候補者を紹介した方は、このオファーを審査できません。", "PAY-20", INDEPENDENCE)
            }
            Self::ConflictDeclared => {
                blocked(self, reason, "利益相反を申告した方は、このオファーを審査できません。", "PAY-20", INDEPENDENCE)
            }
            Self::AlreadyVoted => {
                blocked(self, reason, "この方は承認済みです。別の方の承認が必要です。", "PAY-20", INDEPENDENCE)
            }
            Self::AlreadyRequested => state(self, reason, "この版の承認は、すでに依頼されています。"),
            Self::NotAwaitingApproval => state(self, reason, "このオファーは承認待ちではありません。"),
            Self::AlreadyApproved => state(self, reason, "このオファーは、すでに承認されています。"),
            Self::NotApproved => state(self, reason, "このオファーは承認されていません。"),
            Self::ApprovalsExpired { .. } => blocked(
                self,
                reason,
                "承認の有効期間（14日）が過ぎています。承認を依頼し直してください。",
                "PAY-22",
                "14 days",
            ),
            Self::PayFigures(error) => {
                let pointer = match error {
                    PayError::CurrencyMismatch { .. } => "/pay/base/currency",
                    PayError::Overflow => "/pay/base/amount",
                };
                let japanese = "オファーの金額を賃金テーブルや在籍者の賃金と比較できません（通貨または金額）。";
                field(error, pointer, error.into(), japanese).rule("PAY-21", MEASURE)
            }
            Self::MeasureChanged { .. } => blocked(
                self,
                reason,
                "査定の後に、賃金決定の基準または賃金テーブルが変わりました。オファーを改訂して、査定をやり直してください（条件は同じで構いません）。",
                "PAY-21",
                MEASURE,
            ),
            Self::GradeEvidenceRequired => field(
                self,
                "/qualification/assessed_level_ref",
                reason,
                "レンジの上限を超えるオファーの等級を変更するには、等級の根拠となる評価の所在が必要です。",
            )
            .rule(Ground::RangePenetration.into(), MEASURE),
            Self::PayBlocked { ground: Ground::RangeDisclosure, .. } => blocked(
                self,
                reason,
                "候補者に賃金レンジを伝えた記録（disclose-range）がありません。伝えた後に、オファーを改訂してください。",
                Ground::RangeDisclosure.into(),
                "Directive (EU) 2023/970 Art. 5",
            ),
            Self::ForcedByTheLine => blocked(
                self,
                reason,
                "この募集の採用担当者と採用責任者は、代行承認を行えません。",
                "PAY-23",
                INDEPENDENCE,
            ),
            Self::ForcedByDecider => {
                blocked(self, reason, "例外を認めた方は、代行承認を行えません。", "PAY-20", INDEPENDENCE)
            }
            Self::DelegateUnknown => blocked(
                self,
                reason,
                "委任先の方の在籍記録がないため、起案者の部下でないことを確認できません。",
                "PAY-25",
                "never to a subordinate of the proposer",
            ),
            Self::RemedyCurrencyDiffers { .. } => {
                field(self, "/remedy/amount/currency", reason, "オファーと同じ通貨で指定してください。")
                    .rule("PAY-28", MEASURE)
            }
            Self::NothingToCompare => field(
                self,
                "/comparison",
                reason,
                "通常の労働者との比較は、パートタイムまたは有期雇用のオファーにのみ指定できます。",
            ),
            Self::ComparisonRequired => field(
                self,
                "/comparison",
                reason,
                "パートタイム・有期雇用の方への説明には、通常の労働者との待遇の比較が必要です。",
            ),
            Self::ComparisonLacks { code } => field(self, "/comparison/items", reason, lacking(code)),
            Self::ExplanationPending { .. } => state(
                self,
                reason,
                "前回の説明の求めに、まだ回答していません。回答の後に、あらためて求めることができます。",
            ),
            Self::NoExplanationPending => state(self, reason, "回答を待っている説明の求めはありません。"),
            Self::DutyNotOwed => {
                state(self, reason, "届出や健康診断の対象がありません。就業の開始前か、日本の法令の対象外です。")
            }
            Self::DutyDone { .. } => state(self, reason, "すでに、別の内容で記録されています。"),
            Self::DutyInTheFuture { .. } => field(self, "/done_on", reason, "本日以前の日付で指定してください。"),
            Self::DutyTooEarly { from } => {
                field(self, "/done_on", reason, &format!("{from}以降の日付で指定してください。"))
            }
            Self::DocumentNotAsked => {
                field(self, "/code", reason, "この書類は、適用される復職制度の提出書類にありません。")
            }
            Self::DocumentRecorded { .. } => state(self, reason, "すでに、別の内容で記録されています。"),
            Self::DocumentInTheFuture { .. } => field(self, "/on", reason, "本日以前の日付で指定してください。"),
            Self::NoRangeReview => state(self, reason, "このオファーに、給与レンジの見直しの求めはありません。"),
            Self::RangeReviewerExcluded => blocked(
                self,
                reason,
                "オファーを提案した方は、給与レンジの見直しの結果を記録できません。",
                "PAY-20",
                INDEPENDENCE,
            ),
            Self::RangeReviewed => state(self, reason, "見直しの結果は、すでに別の内容で記録されています。"),
            Self::NotBackYet => state(self, reason, "一時金の支給は、復職の後に記録します。"),
            Self::OneOffRecordedOtherwise => {
                field(self, "/evidence_ref", reason, "この支給は、別の内容で記録されています。")
            }
            Self::OneOffCurrency { .. } => {
                field(self, "/amount/currency", reason, "オファーと同じ通貨で指定してください。")
            }
            Self::OneOffAmountRequired => field(self, "/amount/amount", reason, "支給額は1以上で指定してください。"),
            Self::OneOffTooEarly { .. } => {
                field(self, "/paid_on", reason, "支給日は、オファーの承認日以降で指定してください。")
            }
            Self::OneOffInTheFuture { .. } => field(self, "/paid_on", reason, "支給日は、本日以前で指定してください。"),
            Self::SnapshotStale { .. } => {
                let problem = blocked(
                    self,
                    reason,
                    "在籍者スナップショットが古すぎます。新しいものを取り込んでください。",
                    "PAY-21",
                    MEASURE,
                );
                problem.at("/basis/snapshot/as_of")
            }
            Self::PayBlocked { ground: Ground::EqualTreatment, .. } => blocked(
                self,
                reason,
                "通常の労働者との待遇の相違に、理由として認められないものがあります。承認や例外では解消できません。",
                Ground::EqualTreatment.into(),
                "パートタイム・有期雇用労働法8条・9条",
            ),
            Self::PayBlocked { ground, condition } => blocked(
                self,
                reason,
                &format!("賃金が基準の範囲外です（{}）。承認や例外では解消できません。", <&str>::from(condition)),
                ground.into(),
                MEASURE,
            ),
            Self::RuleOpen { rule, code, basis, .. } => blocked(
                self,
                reason,
                &format!("規則{rule}（{code}）への対応が済んでいません。"),
                rule,
                basis.as_deref().unwrap_or(MEASURE),
            ),
            Self::ExceptionRequired => {
                blocked(self, reason, "賃金基準の例外に当たります。先に例外の承認を受けてください。", "PAY-21", MEASURE)
            }
            Self::ExceptionNotNeeded => state(self, reason, "このオファーに例外は必要ありません。"),
            Self::ExceptionPending => state(self, reason, "例外の審査を待っています。"),
            Self::NoExceptionPending => state(self, reason, "審査を待っている例外はありません。"),
            Self::ExceptionGranted => state(self, reason, "例外は、すでに認められています。"),
            Self::ReasonRequired => field(self, "/reasons", reason, "例外の理由を、一つ以上指定してください。"),
            Self::EvidenceRequired { .. } => {
                field(self, "/evidence_ref", reason, "この理由には、根拠資料の所在が必要です。")
            }
            Self::JustificationTooShort => {
                field(self, "/justification", reason, "例外の理由は、80文字以上で説明してください。")
            }
            Self::RemedyRequired { cost } => Problem::field(
                "/remedy",
                reason,
                sentence(self),
                format!("同等以上の在籍者が逆転されます。年額{}以上の是正計画が必要です。", cost.decimal(0)),
            )
            .rule("PAY-28", MEASURE),
            Self::RemedyTooSmall { cost } => Problem::field(
                "/remedy/amount",
                reason,
                sentence(self),
                format!("是正計画の金額は、年額{}以上が必要です。", cost.decimal(0)),
            )
            .rule("PAY-28", MEASURE),
            Self::RemedyDueInThePast { .. } => {
                field(self, "/remedy/due_on", reason, "是正計画の期限は、明日以降の日付で指定してください。")
            }
            Self::RemedyDueTooLate { .. } => {
                field(self, "/remedy/due_on", reason, "是正計画の期限は、本日から12か月以内で指定してください。")
                    .rule("PAY-28", MEASURE)
            }
            Self::RemedyOwnerGains => {
                field(self, "/remedy/owner", reason, "候補者本人や紹介者を、是正計画の責任者にすることはできません。")
                    .rule("PAY-20", INDEPENDENCE)
            }
            Self::RatingInTheFuture { .. } => {
                field(self, "/qualification/rating/rated_on", reason, "評価日は、本日以前の日付で指定してください。")
            }
            Self::RatingAfterExit { left_on, .. } => field(
                self,
                "/qualification/rating/rated_on",
                reason,
                &format!("退職日（{left_on}）以前の、最後の評価を指定してください。"),
            ),
            Self::RemedyUnbudgeted => field(self, "/remedy/budget_ref", reason, "是正計画には、予算の所在が必要です。")
                .rule("PAY-28", MEASURE),
            Self::NotAccepted => state(self, reason, "復職者の給与は、オファーの承諾後に比較します。"),
            Self::RemediesOverdue { .. } => blocked(
                self,
                reason,
                "査定後に、この部門の是正計画の期限が過ぎました。オファーを改訂して査定をやり直してください。",
                REMEDY,
                MEASURE,
            ),
            Self::RemedyNotOwed => state(self, reason, "是正は、オファーの承諾後に実施します。"),
            Self::NoRemedyPlanned => state(self, reason, "このオファーに是正計画はありません。"),
            Self::RemedyCarriedOut => state(self, reason, "是正計画は、すでに完了しています。"),
            Self::RemedyRecordedOtherwise => {
                field(self, "/evidence_ref", reason, "この発令は、別の内容で記録されています。")
            }
            Self::RemedyEvidenceRequired => field(self, "/evidence_ref", reason, "根拠となる発令を指定してください。"),
            Self::RemedyCurrency { .. } => {
                field(self, "/amount/currency", reason, "是正計画と同じ通貨で指定してください。")
            }
            Self::RemedyAmountRequired => field(self, "/amount/amount", reason, "是正の額は1以上で指定してください。"),
            Self::RemedyBeforeApproval { .. } => {
                field(self, "/done_on", reason, "是正の実施日は、オファーの承認日以降で指定してください。")
            }
            Self::RemedyInTheFuture { .. } => {
                field(self, "/done_on", reason, "是正の実施日は、本日以前で指定してください。")
            }
            Self::ApproversMissing { .. } => blocked(
                self,
                reason,
                "この区分の承認枠を、起案者や利害関係者以外の別々の方で満たすことができません。基準の指名を見直してください。",
                "PAY-20",
                INDEPENDENCE,
            ),
            Self::NoSeatForApprover => blocked(
                self,
                reason,
                "賃金決定の基準は、残りの承認枠にこの方を指名していません。",
                "PAY-20",
                INDEPENDENCE,
            ),
            Self::EditedLately => blocked(
                self,
                reason,
                "賃金テーブルまたは基準を30日以内に変更した方は、オファーの起案や承認ができません。",
                "PAY-24",
                INDEPENDENCE,
            ),
            Self::AuthorityRequired => field(self, "/authority", reason, "代行承認には、その根拠が必要です。"),
            Self::SelfDelegation => field(self, "/to", reason, "委任先には、ご自身以外の方を指定してください。"),
            Self::DelegateExcluded => blocked(
                self,
                reason,
                "このオファーを審査できない方には、承認を委任できません。",
                "PAY-25",
                "never to a proposer",
            ),
            Self::DelegateReportsToProposer => blocked(
                self,
                reason,
                "オファーを起案した方の部下には、承認を委任できません。",
                "PAY-25",
                "never to a subordinate of the proposer",
            ),
            Self::DelegationInThePast { .. } => {
                field(self, "/until", reason, "委任の期限は、本日以降の日付で指定してください。")
            }
            Self::TermsIncomplete { item } => blocked(
                self,
                reason,
                &format!("労働条件通知書に必要な項目（{}）がありません。", item_ja(*item)),
                "LAB-09",
                NOTICE,
            ),
            Self::AlreadyExtended => {
                state(self, reason, "このオファーは提示済みです。条件を修正すると提示が取り下げられます。")
            }
            Self::NotExtended => state(self, reason, "このオファーは候補者に提示されていません。"),
            Self::Expired { .. } => state(self, reason, "オファーの回答期限が過ぎています。"),
            Self::ExpiryNotLater { .. } => {
                field(self, "/expires_at", reason, "新しい回答期限は、現在の期限より後の日時で指定してください。")
            }
            Self::CandidateOnly => state(
                self,
                reason,
                "オファーに回答できるのは候補者本人だけです。代わりに記録する場合は、その旨を指定してください。",
            ),
            Self::AlreadyAccepted => state(self, reason, "候補者は、すでに内定を承諾しています。"),
            Self::ExecutiveRequired => state(self, reason, "承諾後の内定取消は、役員のみが行えます。"),
            Self::LegalOpinionRequired => {
                field(self, "/opinion_ref", reason, "内定取消には、根拠条項と法的見解の参照が必要です。")
            }
            Self::Refused => state(self, reason, "このオファーは却下されています。条件を変更すると再開できます。"),
            Self::Ended { .. } => state(self, reason, "このオファーは、すでに終了しています。"),
            Self::RuleNotEvaluated { .. } => {
                field(self, "/rule", reason, "この規則は、このオファーについて評価されていません。")
            }
            Self::WrongAnswer { .. } => field(self, "/rule", reason, "この規則の結果は、その方法では解消できません。"),
        }
    }
}

const fn item_ja(item: NoticeItem) -> &'static str {
    match item {
        NoticeItem::Location => "就業の場所",
        NoticeItem::LocationScope => "就業の場所の変更の範囲",
        NoticeItem::Duties => "従事すべき業務",
        NoticeItem::DutiesScope => "業務の変更の範囲",
        NoticeItem::Renewal => "契約更新の基準と上限",
        NoticeItem::WeeklyHours => "週の所定労働時間",
    }
}

#[cfg(test)]
mod tests {
    use aggregates::checks::Outcome;
    use aggregates::offer::{Ending, NoticeItem, OfferError as E};
    use aggregates::pay::{Condition, Ground, PayError};
    use chrono::{DateTime, NaiveDate, Utc};

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let (day, at) = (NaiveDate::MIN, DateTime::<Utc>::UNIX_EPOCH);
        let rule = || "PRV-13".to_owned();
        for (error, code) in [
            (E::Undrafted, "not_found"),
            (E::AlreadyDrafted, "transition_not_allowed"),
            (E::ApplicationNotEvaluated, "transition_not_allowed"),
            (E::ApplicationOnHold, "transition_not_allowed"),
            (E::ApplicationEnded, "transition_not_allowed"),
            (E::ApplicationTransferred, "transition_not_allowed"),
            (E::OfferLive, "transition_not_allowed"),
            (E::NotEligibleAnyMore { rule: rule(), code: "flag".into(), basis: None }, "transition_not_allowed"),
            (E::NotEligibleAnyMore { rule: "LAB-04".into(), code: "x".into(), basis: None }, "rule_blocked"),
            (E::RequisitionClosed, "transition_not_allowed"),
            (E::HeadcountFull, "headcount_full"),
            (E::ContractorNotOffered, "validation_failed"),
            (E::ExpiryNotInFuture { expires_at: at }, "validation_failed"),
            (E::StartInThePast { starts_on: day }, "validation_failed"),
            (E::TermEndRequired, "validation_failed"),
            (E::TermEndNotAllowed, "validation_failed"),
            (E::TermEndsBeforeStart { starts_on: day, ends_on: day }, "validation_failed"),
            (E::WeeklyHoursOutOfRange { most: 44 }, "validation_failed"),
            (E::MixedCurrencies, "validation_failed"),
            (E::AllowancesTooLarge, "validation_failed"),
            (E::NotAccepted, "transition_not_allowed"),
            (E::RemediesOverdue { plans: 1 }, "rule_blocked"),
            (E::NothingToCompare, "validation_failed"),
            (E::ComparisonRequired, "validation_failed"),
            (E::ComparisonLacks { code: "worse_without_reason" }, "validation_failed"),
            (E::ExplanationPending { answer_by: day }, "transition_not_allowed"),
            (E::NoExplanationPending, "transition_not_allowed"),
            (E::DutyNotOwed, "transition_not_allowed"),
            (E::DutyDone { on: day }, "transition_not_allowed"),
            (E::DutyInTheFuture { today: day }, "validation_failed"),
            (E::DutyTooEarly { from: day }, "validation_failed"),
            (E::DocumentNotAsked, "validation_failed"),
            (E::DocumentRecorded { on: day }, "transition_not_allowed"),
            (E::DocumentInTheFuture { today: day }, "validation_failed"),
            (E::NoRangeReview, "transition_not_allowed"),
            (E::RangeReviewerExcluded, "rule_blocked"),
            (E::RangeReviewed, "transition_not_allowed"),
            (E::NotBackYet, "transition_not_allowed"),
            (E::OneOffRecordedOtherwise, "validation_failed"),
            (E::OneOffCurrency { currency: "JPY".into() }, "validation_failed"),
            (E::OneOffAmountRequired, "validation_failed"),
            (E::OneOffInTheFuture { today: day }, "validation_failed"),
            (E::OneOffTooEarly { from: day }, "validation_failed"),
            (E::RemedyNotOwed, "transition_not_allowed"),
            (E::NoRemedyPlanned, "transition_not_allowed"),
            (E::RemedyCarriedOut, "transition_not_allowed"),
            (E::RemedyRecordedOtherwise, "validation_failed"),
            (E::RemedyEvidenceRequired, "validation_failed"),
            (E::RemedyCurrency { currency: "JPY".into() }, "validation_failed"),
            (E::RemedyAmountRequired, "validation_failed"),
            (E::RemedyInTheFuture { today: day }, "validation_failed"),
            (E::RemedyBeforeApproval { from: day }, "validation_failed"),
            (E::AmountNotPositive, "validation_failed"),
            (E::HashRefused, "rule_blocked"),
            (E::TermsUnchanged, "transition_not_allowed"),
            (E::TermsChanged, "version_mismatch"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::DistinctApproverRequired, "rule_blocked"),
            (E::CandidateExcluded, "rule_blocked"),
            (E::ReferrerExcluded, "rule_blocked"),
            (E::ConflictDeclared, "rule_blocked"),
            (E::AlreadyVoted, "rule_blocked"),
            (E::AlreadyRequested, "transition_not_allowed"),
            (E::NotAwaitingApproval, "transition_not_allowed"),
            (E::AlreadyApproved, "transition_not_allowed"),
            (E::NotApproved, "transition_not_allowed"),
            (E::ApprovalsExpired { until: day }, "rule_blocked"),
            (E::AuthorityRequired, "validation_failed"),
            (E::SelfDelegation, "validation_failed"),
            (E::DelegateExcluded, "rule_blocked"),
            (E::DelegationInThePast { until: day }, "validation_failed"),
            (E::TermsIncomplete { item: NoticeItem::Renewal }, "rule_blocked"),
            (E::AlreadyExtended, "transition_not_allowed"),
            (E::NotExtended, "transition_not_allowed"),
            (E::Expired { expires_at: at }, "transition_not_allowed"),
            (E::ExpiryNotLater { expires_at: at }, "validation_failed"),
            (E::CandidateOnly, "transition_not_allowed"),
            (E::AlreadyAccepted, "transition_not_allowed"),
            (E::ExecutiveRequired, "transition_not_allowed"),
            (E::LegalOpinionRequired, "validation_failed"),
            (E::Refused, "transition_not_allowed"),
            (E::Ended { ending: Ending::Expired }, "transition_not_allowed"),
            (E::RuleNotEvaluated { rule: rule() }, "validation_failed"),
            (E::WrongAnswer { rule: rule(), outcome: Outcome::Pass }, "validation_failed"),
        ] {
            says(&error, code);
        }
    }

    #[test]
    fn every_refusal_of_the_measure_does_so_too() {
        let day = NaiveDate::MIN;
        let (ground, condition) = (Ground::RangeDisclosure, Condition::RangeNotTold);
        for (error, code) in [
            (E::PayFigures(PayError::Overflow), "validation_failed"),
            (E::SnapshotStale { as_of: day, days: 183 }, "rule_blocked"),
            (E::ExplanationMissing, "rule_blocked"),
            (E::MeasureChanged { what: "the pay bands" }, "rule_blocked"),
            (E::GradeEvidenceRequired, "validation_failed"),
            (E::RemedyDueTooLate { due_on: day }, "validation_failed"),
            (E::RemedyOwnerGains, "validation_failed"),
            (E::RatingInTheFuture { rated_on: day }, "validation_failed"),
            (E::RatingAfterExit { rated_on: day, left_on: day }, "validation_failed"),
            (E::ForcedByTheLine, "rule_blocked"),
            (E::ForcedByDecider, "rule_blocked"),
            (E::DelegateUnknown, "rule_blocked"),
            (E::DelegateReportsToProposer, "rule_blocked"),
            (E::RemedyCurrencyDiffers { currency: "JPY".into() }, "validation_failed"),
            (E::PayBlocked { ground, condition }, "rule_blocked"),
        ] {
            says(&error, code);
        }
    }

    fn says(error: &E, code: &str) {
        let problem = error.problem();
        assert_eq!(problem.code, code, "{error:?}");
        assert!(!problem.detail_ja.is_ascii() && problem.rule.is_some() >= (code == "rule_blocked"), "{error:?}");
    }

    #[test]
    fn a_flag_is_not_told() {
        let flag =
            E::NotEligibleAnyMore { rule: "PRV-13".into(), code: "in_force".into(), basis: Some("第12条".into()) };
        let problem = flag.problem();
        assert_eq!((problem.rule.as_ref(), problem.basis.as_ref()), (None, None));
        assert!(!format!("{}{}", problem.detail, problem.detail_ja).contains("PRV-13"));
    }
}
