//! What a reason for leaving proposes about coming back. A reason is never a verdict by itself: the proposal stands until
//! a person assesses it, and "not eligible" stands only after a second person has confirmed it (PRV-13).

use serde::{Deserialize, Serialize};

use crate::values::Verdict;

/// The version of [`proposal`] that events cite.
pub const PROPOSAL_RULE: &str = "exit-reason/0";

/// Why a person left (退職事由), as the employer recorded it. Stored sealed: few may read it (PRV-12).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SeparationReason {
    /// 自己都合（転職）
    CareerChange,
    /// 配偶者の転勤など
    Relocation,
    /// 育児
    Childcare,
    /// 介護
    FamilyCare,
    /// 進学
    Study,
    /// 病気療養
    Health,
    /// 契約期間満了
    EndOfTerm,
    /// 定年
    Retirement,
    /// 会社都合
    Redundancy,
    /// 懲戒
    Misconduct,
    /// その他
    Other,
    /// 転籍
    Transfer,
    /// 死亡: never invited.
    Death,
}

/// The default that a reason proposes.
pub const fn proposal(reason: SeparationReason) -> Verdict {
    use SeparationReason::{
        CareerChange, Childcare, Death, EndOfTerm, FamilyCare, Health, Misconduct, Other, Redundancy, Relocation,
        Retirement, Study, Transfer,
    };
    match reason {
        Misconduct | Death => Verdict::NotEligible,
        Redundancy | Other => Verdict::NeedsReview,
        CareerChange | Relocation | Childcare | FamilyCare | Study | Health | EndOfTerm | Retirement | Transfer => {
            Verdict::Eligible
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SeparationReason, proposal};
    use crate::values::Verdict;

    #[test]
    fn health_and_family_reasons_never_count_against_a_person() {
        for reason in [SeparationReason::Health, SeparationReason::Childcare, SeparationReason::FamilyCare] {
            assert_eq!(proposal(reason), Verdict::Eligible);
        }
    }

    #[test]
    fn misconduct_is_only_a_proposal_and_redundancy_asks_for_a_look() {
        assert_eq!(proposal(SeparationReason::Misconduct), Verdict::NotEligible);
        assert_eq!(proposal(SeparationReason::Redundancy), Verdict::NeedsReview);
        assert_eq!(proposal(SeparationReason::Other), Verdict::NeedsReview);
    }
}
