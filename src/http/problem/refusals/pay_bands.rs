//! What the refusals of pay bands mean. A file answers line by line; these are for whoever asks otherwise.

use aggregates::pay_bands::PayBandsError;

use super::{Refusal, field, state};
use crate::http::problem::Problem;

impl Refusal for PayBandsError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::BandCount => {
                field(self, "/bands", reason, "賃金テーブルの一つの版には、1件から5,000件までの行が必要です。")
            }
            Self::BandUnordered { .. } => {
                field(self, "/bands", reason, "下限額＜中間額＜上限額となるように入力してください（下限額は1以上）。")
            }
            Self::BandTwice { .. } => field(self, "/bands", reason, "同じ等級・職群・勤務地域の行が重複しています。"),
            Self::VersionDiffers { .. } => state(
                self,
                reason,
                "この版は、異なる内容ですでに登録されています。変更する場合は、別の版名で登録してください。",
            ),
        }
    }
}
