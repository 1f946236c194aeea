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
    /// One account, for its own membership.
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
            Self::ReviewFlag | Self::RenewFlag | Self::DecideAppeal | Self::ReviewRenewal | Self::ReactionRefused => {
                Audience::Compliance
            }
            Self::ConfirmData => Audience::Account,
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
            Self::ReviewRegistration => Some(RecordClass::Restricted),
            Self::ConfirmData => Some(RecordClass::Profile),
            Self::ReviewFlag | Self::RenewFlag | Self::DecideAppeal | Self::ReviewRenewal | Self::ReactionRefused => {
                None
            }
        }
    }

    /// What it says, in English and in Japanese.
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
            Self::ReactionRefused => {
                ("See to a follow-up that was refused", "自動処理が受け付けられなかった件に対応する")
            }
        }
    }
}
