//! What the refusals of a departure mean.

use aggregates::departure::DepartureError;

use super::{Refusal, blocked, field, person, state};
use crate::http::problem::Problem;

/// 個人情報保護法: purpose of use, proper acquisition, notice.
const PURPOSE: &str = "個人情報保護法 17・18・21条";

impl Refusal for DepartureError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyRecorded => state(self, reason, "この退職は、すでに登録されています。"),
            Self::LeftBeforeHired { .. } => {
                let mut problem = field(self, "/employment/left_on", "before_hired_on", "退職日が入社日より前です。");
                problem.reason = Some(reason.to_owned());
                problem
            }
            Self::Rescinded => state(self, reason, "この退職は取り消されています。"),
            Self::AlreadyEffective { .. } => state(
                self,
                reason,
                "退職はすでに成立しているため、取り消せません。復帰は新しい雇用として記録してください。",
            ),
            Self::NothingToCorrect { .. } => field(self, "/corrects", reason, "訂正の対象となる記録がありません。"),
            Self::CannotUndoEffect { .. } => {
                field(self, "/left_on", reason, "退職はすでに成立しているため、退職日を今日以降に変更できません。")
            }
            Self::AlreadyInterviewed => state(self, reason, "退職面談は、すでに記録されています。"),
            Self::InterviewNotHeldYet { .. } => field(self, "/held_on", reason, "面談日が未来の日付です。"),
            Self::GroundsRequired => {
                field(self, "/clause", reason, "「再雇用不可」には、理由コードと根拠条項が必要です。")
                    .rule("PRV-13", "公益通報者保護法・労組法7条・均等法9条")
            }
            Self::NaturalPersonRequired => person(self, reason, "この判断は自然人が行う必要があります。"),
            Self::NothingToConfirm => state(self, reason, "確認待ちの「再雇用不可」の評価はありません。"),
            Self::SecondPersonRequired => blocked(
                self,
                reason,
                "評価した本人は確認できません。別の方が確認してください。",
                "PRV-13",
                "second reviewer",
            ),
            Self::ExpiryOutOfRange { .. } => {
                field(self, "/expires_on", reason, "有効期限は、明日以降かつ3年以内で指定してください。")
                    .rule("PRV-13", "expiry")
            }
            Self::ContactRefused => {
                blocked(self, reason, "本人が連絡を希望していません（連絡不要）。", "PRV-01", PURPOSE)
            }
            Self::Deceased => blocked(self, reason, "ご本人は亡くなられています。", "PRV-01", PURPOSE),
            Self::FirstLetterRepeated => {
                blocked(self, reason, "同意のない最初の案内は、再送1回までです。", "PRV-01", PURPOSE)
            }
            Self::AlreadyRegistered => state(self, reason, "ご本人は、すでに会員登録済みです。"),
        }
    }
}
