//! The kinds of tasks: for whom each waits, how long, and what it says.

use aggregates::member::REMINDER_DAYS;
use aggregates::no_rehire_flag::REVIEW_DAYS;
use aggregates::personal::RecordClass;
use serde::{Deserialize, Serialize};

/// What is to be done.
///
/// Each kind ends: by the decision that it asks for, or with the thing that it is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// The rule about exit reasons does not propose "eligible". Ends with an assessment, a correction that makes the rule
    /// propose it, the rescission, or the death of the person.
    AssessEligibility,
    /// A finding does not stand any more: sent back, lapsed, or its reason corrected. Ends as the one above.
    ReassessEligibility,
    /// Somebody found "not eligible". Ends when a second person confirms it or sends it back.
    ConfirmEligibility,
    /// Two records may be one person. Ends with a dismissal or a proposal.
    PossibleSamePerson,
    /// Somebody proposed a link. Ends when a second person confirms it, or with its withdrawal.
    ConfirmLink,
    /// Somebody proposed to undo a link. Ends when a second person confirms it, or with its withdrawal.
    ConfirmUnlink,
    /// Somebody registered without an invitation. Ends with approval, rejection, or their leaving.
    ReviewRegistration,
    /// A flag was raised. Ends with its review, or when it is lifted or falls away.
    ReviewFlag,
    /// A flag's term ends. Ends with a proposal to renew, or with the flag.
    RenewFlag,
    /// Somebody appealed against a flag. Ends with the decision, or with the flag.
    DecideAppeal,
    /// Somebody proposed to renew a flag. Ends with the review, or with the flag.
    ReviewRenewal,
    /// A member was asked whether their data is right. Ends with the answer, a pause, dormancy, or the membership.
    ConfirmData,
    /// Whoever left for childcare or care and wishes to return may fit a published requisition (LAB-02). Ends with the requisition.
    MatchReturners,
    /// Somebody applied. Ends when a recruiter takes the case on, or with the case.
    FirstResponse,
    /// The rules say that somebody has to look at whether a person may apply. Ends with the review, or with the case.
    ReviewEligibility,
    /// The person asked for a review of "not eligible". Ends with the answer.
    AnswerReviewRequest,
    /// A fact about the person changed under a live case. Ends when the case goes on or ends.
    ReviewHeldCase,
    /// An interview is scheduled. Ends with the scorecard of its interviewer, or with the interview.
    SubmitScorecard,
    /// A case is in interviews. Ends with the evaluation, or with the case.
    RecordEvaluation,
    /// An offer ended without a return. Ends with a new offer, a decision, or after thirty days.
    DecideAfterOffer,
    /// An offer was accepted. Ends when the first day is recorded, or with the case.
    ArrangeStart,
    /// An offer waits for approval. Ends with approval, its return or refusal, or with the offer.
    ApproveOffer,
    /// An offer is approved. Ends when it goes out, or with the offer.
    ExtendOffer,
    /// Somebody who left within the year was to come back through an agency (LAB-04). Ends when it is recorded that the agency
    /// was told, once terms do not bar them any more, or with the offer.
    TellAgency,
    /// An offer waits for the candidate's answer. Ends with the answer, or with the offer.
    AnswerOffer,
    /// Somebody was referred and has not agreed yet. Ends with their answer, or after fourteen days.
    AskCandidate,
    /// A referred candidate says that they worked here. Ends with an application or an outcome, or with the referral or its
    /// time.
    InviteCandidate,
    /// A referral may be a duplicate. Ends with the decision.
    ResolveOwnership,
    /// A reward fell due. Ends with its verification.
    VerifyReward,
    /// A reward is verified. Ends with the second approval, or a refusal.
    ApproveReward,
    /// A reward is held. Ends when the hold is lifted, or with the reward.
    SeeToHeldReward,
    /// A departure was recorded after a reward had gone on to payroll. Ends with the decision.
    DecideCorrectionCase,
    /// An exception from the pay policy waits. Ends with the decision, or other terms.
    DecideException,
    /// Those whom an accepted offer overtakes are to be remedied. Ends when it is done (PAY-28).
    CarryOutRemedy,
    /// The pay of somebody who came back rose soon after, and offered so would have been stricter (PAY-27). Ends when that is
    /// acknowledged.
    ReviewSplitOffer,
    /// Two exceptions for a role within a year: somebody looks at its pay range. Ends when that is recorded.
    ReviewRange,
    /// Whoever accepted hands in what the programme policy asks for. Ends when all of it came in, or need not.
    CollectDocuments,
    /// Whoever came back is to be registered for health and pension insurance (LAB-11). Ends when that is recorded.
    FileHealthAndPension,
    /// Whoever came back is to be registered for employment insurance (LAB-11). Ends when that is recorded.
    FileEmploymentInsurance,
    /// Whoever came back is to be examined (雇入時健康診断, LAB-11). Ends when that is recorded.
    ExamineReturner,
    /// A returner asked why their conditions are as they are (PAY-02). Ends with the answer, or with the offer.
    AnswerEnquiry,
    /// A reward plan waits for a second person. Ends with the approval, or a new version.
    ApproveRewardPlan,
    /// A pay policy waits for a second person. Ends with the approval, or a new version.
    ApprovePayPolicy,
    /// Whether a pay policy is retired, as somebody asked.
    RetirePayPolicy,
    /// Figures of a month have somebody look (MON-01…05). Ends with the look, or once later figures have nobody look.
    ReviewAlert,
    /// A pay gap that nobody justified or mended in time is assessed with the workers' representatives (PAY-06). Ends likewise.
    AssessPayJointly,
    /// The pay gap of a fiscal year is to be published (PAY-08). Ends when that is recorded.
    PublishPayGap,
    /// A programme policy waits for a second person. Ends with the approval, or a new version.
    ApproveProgrammePolicy,
    /// What should have followed an event was refused. Ends when somebody saw to it.
    ReactionRefused,
}

/// For whom a task waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// Everybody in people operations.
    PeopleOps,
    /// Everybody who runs the programme.
    ProgrammeAdmin,
    /// Everybody in compliance.
    Compliance,
    /// Every recruiter of the entity.
    Recruiter,
    /// Everybody who may decide an exception from the pay policy: compensation and executives.
    ExceptionDeciders,
    /// Everybody who may approve an offer: compensation, people operations and executives.
    OfferApprovers,
    /// Everybody who may tell a returner why their conditions are as they are: compensation and people operations.
    Explainers,
    /// One account, for what is its own.
    Account,
}

/// Days to look at what nobody has judged yet.
const LOOK: u64 = 14;
/// Days for a second person.
const SECOND_PERSON: u64 = 14;
/// Days in which a registration is answered.
const REGISTRATION: u64 = 7;
/// Days for what nobody waits for: two records that may be one person.
const COMPARE: u64 = 30;
/// Days in which an appeal is decided.
const APPEAL: u64 = 30;
/// Days in which somebody looks at a refused follow-up.
const REFUSAL: u64 = 7;

impl Kind {
    /// For whom it waits.
    pub const fn audience(self) -> Audience {
        match self {
            Self::AssessEligibility
            | Self::ReassessEligibility
            | Self::ConfirmEligibility
            | Self::PossibleSamePerson
            | Self::ConfirmLink
            | Self::ConfirmUnlink => Audience::PeopleOps,
            Self::ReviewRegistration => Audience::ProgrammeAdmin,
            Self::ReviewFlag
            | Self::RenewFlag
            | Self::DecideAppeal
            | Self::ReviewRenewal
            | Self::ReactionRefused
            | Self::ReviewAlert
            | Self::AssessPayJointly => Audience::Compliance,
            Self::ConfirmData => Audience::Account,
            Self::MatchReturners
            | Self::InviteCandidate
            | Self::VerifyReward
            | Self::ApproveReward
            | Self::CollectDocuments
            | Self::PublishPayGap
            | Self::FileHealthAndPension
            | Self::FileEmploymentInsurance
            | Self::ExamineReturner => Audience::PeopleOps,
            Self::FirstResponse
            | Self::RecordEvaluation
            | Self::DecideAfterOffer
            | Self::ArrangeStart
            | Self::ExtendOffer
            | Self::TellAgency
            | Self::AskCandidate => Audience::Recruiter,
            Self::ReviewEligibility
            | Self::AnswerReviewRequest
            | Self::ReviewHeldCase
            | Self::ResolveOwnership
            | Self::SeeToHeldReward
            | Self::DecideCorrectionCase
            | Self::ReviewSplitOffer => Audience::Compliance,
            Self::SubmitScorecard | Self::AnswerOffer | Self::CarryOutRemedy => Audience::Account,
            Self::ApproveOffer => Audience::OfferApprovers,
            Self::DecideException | Self::ReviewRange => Audience::ExceptionDeciders,
            Self::AnswerEnquiry => Audience::Explainers,
            Self::ApproveRewardPlan | Self::ApprovePayPolicy | Self::RetirePayPolicy | Self::ApproveProgrammePolicy => {
                Audience::ProgrammeAdmin
            }
        }
    }

    /// How many days it may wait, where nothing falls away earlier.
    pub const fn days(self) -> u64 {
        match self {
            Self::AssessEligibility | Self::ReassessEligibility => LOOK,
            Self::ConfirmEligibility | Self::ConfirmLink | Self::ConfirmUnlink | Self::ReviewRenewal => SECOND_PERSON,
            Self::PossibleSamePerson => COMPARE,
            Self::ReviewRegistration => REGISTRATION,
            Self::ReviewFlag => REVIEW_DAYS,
            // A flag that is near its end says by when.
            Self::RenewFlag => 0,
            Self::DecideAppeal => APPEAL,
            Self::ConfirmData => REMINDER_DAYS,
            Self::ReactionRefused => REFUSAL,
            Self::MatchReturners
            | Self::FirstResponse
            | Self::AnswerReviewRequest
            | Self::ArrangeStart
            | Self::AskCandidate
            | Self::InviteCandidate
            | Self::ResolveOwnership
            | Self::VerifyReward
            | Self::ApproveReward
            | Self::DecideCorrectionCase
            | Self::ReviewSplitOffer
            | Self::ApproveRewardPlan
            | Self::ApprovePayPolicy
            | Self::RetirePayPolicy
            | Self::ApproveProgrammePolicy => 14,
            Self::ReviewEligibility | Self::ReviewHeldCase => 7,
            Self::SubmitScorecard => 2,
            // At once, says the law (労働者派遣法40条の9第2項).
            Self::TellAgency => 1,
            Self::RecordEvaluation | Self::DecideAfterOffer | Self::SeeToHeldReward => 30,
            Self::ApproveOffer | Self::DecideException | Self::ExtendOffer => 5,
            // The event says by when.
            Self::AnswerOffer
            | Self::CarryOutRemedy
            | Self::AnswerEnquiry
            | Self::ReviewRange
            | Self::ReviewAlert
            | Self::AssessPayJointly
            | Self::PublishPayGap
            | Self::CollectDocuments
            | Self::FileHealthAndPension
            | Self::FileEmploymentInsurance
            | Self::ExamineReturner => 0,
        }
    }

    /// The personal data without which nobody could do it; once that is erased, it falls away. Flags end by themselves.
    pub const fn rests_on(self) -> Option<RecordClass> {
        match self {
            Self::AssessEligibility
            | Self::ReassessEligibility
            | Self::ConfirmEligibility
            | Self::PossibleSamePerson
            | Self::ConfirmLink
            | Self::ConfirmUnlink => Some(RecordClass::Statutory),
            Self::AnswerEnquiry
            | Self::CollectDocuments
            | Self::FileHealthAndPension
            | Self::FileEmploymentInsurance
            | Self::ExamineReturner => Some(RecordClass::Recruiting),
            Self::ReviewRegistration => Some(RecordClass::Restricted),
            Self::ConfirmData => Some(RecordClass::Profile),
            Self::ReviewFlag
            | Self::RenewFlag
            | Self::DecideAppeal
            | Self::ReviewRenewal
            | Self::ReactionRefused
            | Self::MatchReturners
            | Self::FirstResponse
            | Self::ReviewEligibility
            | Self::AnswerReviewRequest
            | Self::ReviewHeldCase
            | Self::SubmitScorecard
            | Self::RecordEvaluation
            | Self::DecideAfterOffer
            | Self::ArrangeStart
            | Self::ApproveOffer
            | Self::DecideException
            | Self::ExtendOffer
            | Self::TellAgency
            | Self::AnswerOffer
            | Self::CarryOutRemedy
            | Self::AskCandidate
            | Self::InviteCandidate
            | Self::ResolveOwnership
            | Self::VerifyReward
            | Self::ApproveReward
            | Self::SeeToHeldReward
            | Self::DecideCorrectionCase
            | Self::ReviewSplitOffer
            | Self::ReviewRange
            | Self::ReviewAlert
            | Self::AssessPayJointly
            | Self::PublishPayGap
            | Self::ApproveRewardPlan
            | Self::ApprovePayPolicy
            | Self::RetirePayPolicy
            | Self::ApproveProgrammePolicy => None,
        }
    }

    /// What it says, in English and in Japanese.
    #[expect(clippy::too_many_lines, reason = "one entry for each kind")]
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::AssessEligibility => ("Assess whether the leaver may be rehired", "退職者の再雇用可否を判定する"),
            Self::ReassessEligibility => {
                ("Assess again whether the leaver may be rehired", "退職者の再雇用可否を再判定する")
            }
            Self::ConfirmEligibility => {
                ("Confirm or return an assessment of \"not eligible\"", "「再雇用不可」の判定を確認または差し戻す")
            }
            Self::PossibleSamePerson => ("Check whether two records are one person", "2件の記録が同一人物か確認する"),
            Self::ConfirmLink => ("Confirm that two records are one person", "2件の記録の紐付けを確認する"),
            Self::ConfirmUnlink => ("Confirm that two records are two people", "2件の記録の紐付け解除を確認する"),
            Self::ReviewRegistration => {
                ("Review a registration without an invitation", "招待によらない登録申請を審査する")
            }
            Self::ReviewFlag => ("Review a no-rehire flag", "再雇用不可フラグを審査する"),
            Self::RenewFlag => (
                "Renew a no-rehire flag on fresh evidence, or let it lapse",
                "再雇用不可フラグを新たな根拠で更新するか、失効させる",
            ),
            Self::DecideAppeal => {
                ("Decide an appeal against a no-rehire flag", "再雇用不可フラグへの不服申立てに回答する")
            }
            Self::ReviewRenewal => ("Review the renewal of a no-rehire flag", "再雇用不可フラグの更新を審査する"),
            Self::ConfirmData => ("Confirm that your data is right", "登録内容に変更がないか確認してください"),
            Self::MatchReturners => (
                "Look at those who left for childcare or care and wish to return",
                "育児・介護で退職し復職を希望する方を確認する",
            ),
            Self::FirstResponse => ("Give a first answer to an application", "応募に最初の回答をする"),
            Self::ReviewEligibility => ("Review whether the applicant may be rehired", "応募者の再雇用可否を審査する"),
            Self::AnswerReviewRequest => {
                ("Answer a request to review \"not eligible\"", "「応募不可」への再審査請求に回答する")
            }
            Self::ReviewHeldCase => {
                ("Look at a case that a new fact put on hold", "新たな事実により保留となった選考を確認する")
            }
            Self::SubmitScorecard => ("Submit the scorecard of an interview", "面接の評価票を提出する"),
            Self::RecordEvaluation => ("Evaluate a candidate", "候補者の評価を記録する"),
            Self::DecideAfterOffer => ("Decide about a case whose offer has ended", "オファー終了後の選考を決定する"),
            Self::ArrangeStart => {
                ("Record the employee number and first day of a returner", "再入社者の社員番号と入社日を登録する")
            }
            Self::ApproveOffer => {
                ("Approve an offer, send it back, or refuse it", "オファーを承認、差戻し、または却下する")
            }
            Self::ExtendOffer => ("Extend an approved offer", "承認済みのオファーを提示する"),
            Self::TellAgency => (
                "Tell the agency that it may not send somebody who left within the year",
                "離職後1年以内の方の派遣を受け入れられないことを派遣元に通知する",
            ),
            Self::AnswerOffer => ("Answer an offer", "オファーに回答する"),
            Self::ReviewSplitOffer => {
                ("Look at a base that rose soon after the return", "復職後まもなく上がった基本給を確認する")
            }
            Self::CarryOutRemedy => {
                ("Raise those whom an accepted offer overtakes", "承諾されたオファーにより逆転した方の是正を行う")
            }
            Self::ReviewRange => (
                "Look at the pay range of a role that was excepted from twice within a year",
                "1年以内に例外が重なった職種・等級の給与レンジを見直す",
            ),
            Self::ReviewAlert => ("Look at what a monitoring report raised", "モニタリングの検知を確認する"),
            Self::AssessPayJointly => (
                "Assess a pay gap together with the workers' representatives",
                "是正されない賃金格差を労働者代表と共同で評価する",
            ),
            Self::PublishPayGap => ("Publish the pay gap of a fiscal year", "男女の賃金の差異（事業年度）を公表する"),
            Self::CollectDocuments => ("Collect what a returner hands in", "復職者の入社時提出書類を受け取る"),
            Self::FileHealthAndPension => (
                "Register a returner for health and pension insurance",
                "復職者の健康保険・厚生年金保険の資格取得届を提出する",
            ),
            Self::FileEmploymentInsurance => {
                ("Register a returner for employment insurance", "復職者の雇用保険の資格取得届を提出する")
            }
            Self::ExamineReturner => (
                "Have a returner examined, or take an examination of the last three months",
                "復職者の雇入時健康診断を行う",
            ),
            Self::AnswerEnquiry => {
                ("Tell a returner why their conditions are as they are", "復職者に待遇の内容と理由を説明する")
            }
            Self::AskCandidate => ("Ask a referred candidate whether they agree", "紹介された方の同意を確認する"),
            Self::InviteCandidate => (
                "Invite a referred candidate who says that they worked here",
                "当社に在籍していたと答えた候補者を招待する",
            ),
            Self::ResolveOwnership => ("Decide who referred a candidate first", "候補者の紹介者を判定する"),
            Self::VerifyReward => ("Verify a reward that fell due", "支給日が到来した手当を確認する"),
            Self::ApproveReward => ("Approve a reward", "手当の支給を承認する"),
            Self::SeeToHeldReward => ("See to a reward that is held", "保留中の手当に対応する"),
            Self::DecideCorrectionCase => (
                "Decide about a reward whose condition failed after payroll had it",
                "給与連携後に条件を欠いた手当の扱いを決定する",
            ),
            Self::DecideException => ("Decide an exception from the pay policy", "賃金基準の例外を審査する"),
            Self::ApproveRewardPlan => ("Approve a reward plan", "リファラル手当規程を承認する"),
            Self::ApprovePayPolicy => ("Approve a pay policy", "賃金決定の基準を承認する"),
            Self::RetirePayPolicy => ("Decide whether a pay policy is retired", "賃金決定の基準の廃止を確認する"),
            Self::ApproveProgrammePolicy => ("Approve a programme policy", "アルムナイ制度規程を承認する"),
            Self::ReactionRefused => {
                ("See to a follow-up that was refused", "自動処理が受け付けられなかった件に対応する")
            }
        }
    }
}
