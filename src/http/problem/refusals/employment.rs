//! What the refusals of a period of employment mean.

use aggregates::employment::EmploymentError;

use super::{Refusal, field, state};
use crate::http::problem::Problem;

impl Refusal for EmploymentError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyRecorded => state(self, reason, "この雇用は、すでに登録されています。"),
            Self::ContractorNotEmployed => {
                field(self, "/employment_type", reason, "業務委託は雇用ではないため、ここには登録できません。")
            }
            Self::EndsBeforeStart { .. } => field(self, "/to", reason, "最終日が初日より前です。"),
            Self::NotEndedYet { .. } => field(
                self,
                "/to",
                reason,
                "最終日がまだ過ぎていません。先の日付の退職は、退職として登録すると当日に成立します。",
            ),
            Self::AlreadyEnded { .. } => {
                state(self, reason, "この雇用は、別の日にすでに終了しています。最終日の誤りは訂正してください。")
            }
            Self::NoEnd => state(self, reason, "取り消すべき最終日が、登録も予定もされていません。"),
            Self::EndStandsInDeparture { .. } => {
                state(self, reason, "最終日は退職の記録に従います。退職の記録で訂正してください。")
            }
            Self::NothingToCorrect { .. } => field(self, "/corrects", reason, "訂正の対象となる記録がありません。"),
            Self::NothingTransferred => {
                field(self, "", reason, "異動では、変わる項目を少なくとも1つ指定してください。")
            }
            Self::OutsideEmployment { .. } => field(self, "/on", reason, "指定の日は、この雇用の期間の外です。"),
            Self::TransferAlreadyRecorded { .. } => {
                state(self, reason, "同じ日の異動が、すでに登録されています。誤りは訂正してください。")
            }
            Self::ReturnOfAnother { .. } => {
                state(self, reason, "この雇用は、別の応募による再入社として記録されています。")
            }
        }
    }
}
