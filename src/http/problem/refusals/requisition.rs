//! What the refusals of a requisition mean.

use aggregates::requisition::RequisitionError;

use super::{Refusal, field, person, state};
use crate::http::problem::Problem;

impl Refusal for RequisitionError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyOpened => state(self, reason, "この求人は、すでに起票されています。"),
            Self::HeadcountOutOfRange { .. } => {
                field(self, "/headcount", reason, "募集人数は1から1000までで指定してください。")
            }
            Self::AudienceRequired => field(self, "/audience", reason, "公開対象を1つ以上指定してください。"),
            Self::PayRangeDisordered => field(
                self,
                "/pay_range",
                reason,
                "給与レンジは、下限・中央・上限の順に、0以上の金額で指定してください。",
            ),
            Self::PayRangeCurrenciesDiffer => {
                field(self, "/pay_range", reason, "給与レンジは、1つの通貨で指定してください。")
            }
            Self::HeadcountBelowFilled { filled } => state(
                self,
                reason,
                &format!("すでに{filled}名分が充足またはオファー中のため、それより少ない募集人数にはできません。"),
            ),
            Self::AlreadyPublished => {
                state(self, reason, "この求人は、別の対象にすでに公開されています。対象の変更は改訂で行ってください。")
            }
            Self::NotPublished => state(self, reason, "この求人は、まだ公開されていません。"),
            Self::LiveApplications { count } => state(
                self,
                reason,
                &format!("選考中の応募が{count}件あります。取り止めを指定するか、先に選考を終えてください。"),
            ),
            Self::NaturalPersonRequired => person(self, reason, "求人の終了は、自然人が判断する必要があります。"),
            Self::AlreadyClosed => state(self, reason, "この求人は、すでに終了しています。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aggregates::requisition::RequisitionError as E;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        for (error, code) in [
            (E::Unrecorded, "not_found"),
            (E::AlreadyOpened, "transition_not_allowed"),
            (E::HeadcountOutOfRange { headcount: 0 }, "validation_failed"),
            (E::AudienceRequired, "validation_failed"),
            (E::PayRangeDisordered, "validation_failed"),
            (E::PayRangeCurrenciesDiffer, "validation_failed"),
            (E::HeadcountBelowFilled { filled: 2 }, "transition_not_allowed"),
            (E::AlreadyPublished, "transition_not_allowed"),
            (E::NotPublished, "transition_not_allowed"),
            (E::LiveApplications { count: 2 }, "transition_not_allowed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::AlreadyClosed, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error}");
            assert!(!problem.detail_ja.is_ascii(), "{error}");
        }
    }
}
