//! The sentences about a referral.

use aggregates::checks::Settlement;
use aggregates::referral::{HiredVia, ReferralEvent};

use super::{Line, told};

/// The candidate agrees before their data is kept.
const AGREEMENT: &str = "REF-11";
/// One reward a hire: the first valid referral wins.
const OWNERSHIP: &str = "REF-13";
/// Only employees are rewarded.
const EMPLOYEES: &str = "REF-01";
/// Outsiders refer unpaid, if at all.
const OUTSIDERS: &str = "REF-06";

pub(super) fn line(what: &ReferralEvent) -> Line {
    use ReferralEvent as E;
    match what {
        E::Submitted(submitted) => {
            let asked = submitted.gate.iter().any(|one| one.rule == EMPLOYEES);
            told("A candidate was referred", "候補者が紹介された")
                .code((&submitted.relationship).into())
                .rule(if asked { EMPLOYEES } else { OUTSIDERS })
        }
        E::CandidateAccepted { history, .. } => {
            told("The candidate agreed to be referred", "候補者本人が紹介に同意した")
                .code(history.into())
                .rule(AGREEMENT)
        }
        E::CandidateDeclined { .. } => told(
            "The candidate did not wish to be referred; their data is destroyed",
            "候補者本人が紹介を希望せず、情報が消去された",
        )
        .rule(AGREEMENT),
        E::AcceptanceLapsed { .. } => told(
            "The candidate did not answer in time; their data is destroyed",
            "期限までに候補者の回答がなく、情報が消去された",
        )
        .rule(AGREEMENT),
        E::OwnershipGranted { .. } => {
            told("The referral owns the candidate for six months", "この紹介が6か月間有効な紹介となった")
                .rule(OWNERSHIP)
        }
        E::DuplicateDismissed { note, .. } => told(
            "No earlier record stands; the referral owns the candidate",
            "優先する先行の記録はないと判定され、有効な紹介となった",
        )
        .words(note.as_ref())
        .rule(OWNERSHIP),
        E::HeldAsDuplicate { because, .. } => {
            told("An earlier record may stand before it", "先行する記録の可能性があり、判定待ちとなった")
                .code(because.into())
                .rule(OWNERSHIP)
        }
        E::RefusedDuplicate { because, note, .. } => {
            told("An earlier record stands; the referral earns nothing", "先行する記録が優先し、手当の対象外となった")
                .code(because.into())
                .words(note.as_ref())
                .rule(OWNERSHIP)
        }
        E::CreditReassigned { clause, note, .. } => {
            told("The credit was given to another employee", "紹介者が別の従業員に変更された")
                .words(note.as_ref())
                .basis(clause)
                .rule(OWNERSHIP)
        }
        E::Credited { .. } => told("An application was credited to it", "応募がこの紹介によるものとして記録された"),
        E::Hired { via, .. } => match via {
            HiredVia::Application { .. } => told("The candidate came back", "候補者が再入社した"),
            HiredVia::Record => told("The candidate was hired", "候補者が採用された"),
        },
        E::NotHired { reason_code, .. } => {
            told("The candidate was not hired", "候補者は採用に至らなかった").code(reason_code.into())
        }
        E::OwnershipLapsed { .. } => {
            told("The time in which it owned the candidate is over", "紹介の有効期間が終了した").rule(OWNERSHIP)
        }
        E::Withdrawn { reason, .. } => told(
            "The referrer took it back; the candidate's data is destroyed",
            "紹介者が紹介を取り下げ、候補者の情報が消去された",
        )
        .words(reason.as_ref()),
        E::Blocked { rule, basis, code } => {
            let mut line = told("A rule bars the referral", "規則により対象外となった").rule(rule).basis(basis);
            line.why.code = Some(code.clone());
            line
        }
        E::Settled { settlement } => settled(settlement).rule(settlement.rule()),
    }
}

fn settled(settlement: &Settlement) -> Line {
    match settlement {
        Settlement::Answered { answer, evidence_ref, .. } => {
            told("The open question of a rule was answered", "規則の確認事項に回答があった")
                .code(answer.into())
                .evidence(Some(evidence_ref))
        }
        Settlement::Acknowledged { reason, .. } => {
            told("A warning of a rule was acknowledged", "規則の注意事項が承認された").words(Some(reason))
        }
        Settlement::LegalOpinion { opinion_ref, .. } => {
            told("A legal opinion about a rule was recorded", "規則に関する法的見解が記録された")
                .evidence(Some(opinion_ref))
        }
    }
}
