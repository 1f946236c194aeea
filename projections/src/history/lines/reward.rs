//! The sentences about a reward.

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::reward::{APPROVERS, LapseCause, RewardEvent};

use super::{Line, told};

/// Paid once the hire has stayed.
const VESTING: &str = "REF-15";
/// Nothing is taken back by itself.
const NO_CLAWBACK: &str = "REF-16";
/// What the referrer's own leaving means.
const PRESENCE: &str = "REF-17";
/// Two distinct approvers.
const TWO_APPROVERS: &str = "REF-20";

pub(super) fn line(what: &RewardEvent) -> Line {
    use RewardEvent as E;
    match what {
        E::Planned(planned) => {
            let line = told("A reward was planned on the hire", "入社に伴い手当が計画された");
            match &planned.plan {
                Some(plan) => line.basis(&plan.terms.clause),
                None => line,
            }
        }
        E::Held { rule, code, basis, note, .. } => {
            let mut line = match rule {
                Some(rule) => told("A rule holds the reward", "規則により手当が保留された").rule(rule),
                None => told("The reward was held by hand", "担当者が手当を保留した"),
            };
            line.why.code = Some(code.clone());
            line.basis.clone_from(basis);
            line.words(note.as_ref())
        }
        E::HoldLifted { note, .. } => told("The reward goes on", "手当の保留が解除された").words(note.as_ref()),
        E::RuledIneligible { rule, basis, code } => {
            let mut line = told("A rule bars the reward", "規則により手当の対象外となった").rule(rule).basis(basis);
            line.why.code = Some(code.clone());
            line
        }
        E::FellDue { .. } => {
            told("The milestone is reached; the reward is due", "支給条件の期日が到来した").rule(VESTING)
        }
        E::Lapsed { because, .. } => match because {
            LapseCause::HireLeft => told(
                "The reward lapsed: whoever was hired left before the milestone",
                "紹介された方が期日前に退職したため、手当は失効した",
            )
            .rule(VESTING),
            LapseCause::PayeeLeft => told(
                "The reward lapsed: the referrer left, and the plan wants them employed",
                "紹介者が退職し支給日在籍要件を満たさないため、手当は失効した",
            )
            .rule(PRESENCE),
            LapseCause::HireUndone => told(
                "The reward lapsed: the hire proved not to have happened",
                "入社の事実がなかったため、手当は失効した",
            )
            .rule(VESTING),
        }
        .code(because.into()),
        E::Verified { .. } => told("The conditions of the reward were verified", "手当の支給条件が確認された"),
        E::Approved { number, .. } if *number >= APPROVERS => {
            told("A second approver approved the reward", "2人目の承認者が手当を承認した").rule(TWO_APPROVERS)
        }
        E::Approved { .. } => {
            told("The first of two approvers approved the reward", "1人目の承認者が手当を承認した").rule(TWO_APPROVERS)
        }
        E::Declined { reason_code, note, .. } => {
            told("An approver declined the reward; it is held", "承認者が手当の支給を認めず、保留となった")
                .code(reason_code.into())
                .words(note.as_ref())
        }
        E::Forfeited { clause, note, .. } => {
            told("The reward was forfeited", "手当の支給を受ける権利が消滅した").basis(clause).words(note.as_ref())
        }
        E::CorrectionCaseOpened { .. } => told(
            "A departure was recorded late; two people decide about the approved reward",
            "退職の記録が遅れたため、承認済みの手当の扱いを判断する",
        )
        .rule(NO_CLAWBACK),
        E::CorrectionCaseClosed { note, .. } => {
            told("The case about the late departure was decided", "遅れて記録された退職に関する判断が行われた")
                .rule(NO_CLAWBACK)
                .words(note.as_ref())
        }
        E::Settled { settlement } => settled(settlement),
    }
}

fn settled(settlement: &Settlement) -> Line {
    match settlement {
        Settlement::Answered { answer, evidence_ref, .. } => match answer {
            CheckAnswer::NotSatisfied => {
                told("A rule's question was answered: not satisfied", "確認事項に「不充足」と回答された")
            }
            CheckAnswer::Satisfied
            | CheckAnswer::Continuous
            | CheckAnswer::NewStart
            | CheckAnswer::RetirementPaid
            | CheckAnswer::RetirementUnpaid
            | CheckAnswer::RetirementCountedAgain
            | CheckAnswer::AgencyTold => {
                told("A rule's question was answered: satisfied", "確認事項に「充足」と回答された")
            }
        }
        .code(answer.into())
        .evidence(Some(evidence_ref)),
        Settlement::Acknowledged { reason, .. } => {
            told("A rule's warning was acknowledged", "規則の注意事項が了承された").words(Some(reason))
        }
        Settlement::LegalOpinion { opinion_ref, .. } => {
            told("A legal opinion was recorded", "法務意見が記録された").evidence(Some(opinion_ref))
        }
    }
    .rule(settlement.rule())
}
