//! What the refusals of a person's record mean.

use aggregates::person::PersonError;

use super::{Refusal, blocked, field, person, state};
use crate::http::problem::Problem;

impl Refusal for PersonError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::SelfLink => field(self, "/same_as", reason, "同じ記録どうしを紐付けることはできません。"),
            Self::EvidenceRequired => field(self, "/evidence", reason, "同一人物と考える根拠が必要です。"),
            Self::NaturalPersonRequired => {
                person(self, reason, "記録の紐付けとその解除は、自然人が判断する必要があります。")
            }
            Self::SecondPersonRequired => blocked(
                self,
                reason,
                "提案した本人は確認できません。別の方が確認してください。",
                "AUD-06",
                "second person",
            ),
            Self::AlreadyLinked => state(self, reason, "2つの記録は、すでに紐付けられています。"),
            Self::NothingToUnlink => {
                state(self, reason, "2つの記録は紐付けられておらず、同一人物の可能性も記録されていません。")
            }
            Self::Erased => state(self, reason, "この方の個人データは消去されています。"),
            Self::NothingToErase => {
                field(self, "/classes", reason, "消去する記録の種類を少なくとも1つ指定してください。")
            }
            Self::KeptAndErased { .. } => {
                field(self, "/classes", reason, "同じ種類の記録を、消去と保存の両方に指定することはできません。")
            }
        }
    }
}
