//! The sentences about an application.

use aggregates::application::{
    ApplicationEvent, EligibilityResult, HoldCause, InterviewOutcome, OfferEnding, Recommendation, ReviewDecision,
    Side, Stage,
};
use aggregates::checks::{Outcome, Settlement};

use super::{Line, told};

/// A natural person decides about people.
const HUMAN: &str = "AUD-12";

#[expect(clippy::too_many_lines, reason = "one sentence for each event")]
pub(super) fn line(what: &ApplicationEvent) -> Line {
    use ApplicationEvent as E;
    match what {
        E::Submitted(submitted) => told("Applied to come back", "再入社に応募した")
            .code(submitted.channel.into())
            .words(submitted.recorded_for.as_ref()),
        E::EligibilityAssessed { result, rules, programme_version, .. } => {
            let (en, ja) = result_words(*result);
            let line = told(format!("The rules about applying say: {en}"), format!("応募資格の判定：{ja}"));
            // The first of the strictest tells why; all of them are in the application itself.
            let strictest = rules.iter().filter(|rule| rule.outcome != Outcome::Pass).max_by_key(|rule| rule.outcome);
            match strictest {
                Some(found) => {
                    let mut line = line.rule(&found.rule);
                    line.why.code = Some(found.code.clone());
                    line.basis = found.basis.clone().or_else(|| Some(programme_version.clone()));
                    line
                }
                None => line.basis(programme_version),
            }
        }
        E::EligibilityReviewed { decision, clause, note, .. } => {
            let (en, ja) = decision_words(*decision);
            told(format!("Somebody reviewed whether the person may apply: {en}"), format!("応募資格の審査結果：{ja}"))
                .rule(HUMAN)
                .basis(clause)
                .words(note.as_ref())
        }
        E::ReviewRequested { grounds, .. } => {
            told("The person asked for a review", "本人が再審査を請求した").words(grounds.as_ref())
        }
        E::ReviewAnswered { decision, clause, note, .. } => {
            let (en, ja) = decision_words(*decision);
            told(
                format!("Somebody not involved before answered the request: {en}"),
                format!("関与していない担当者による再審査の結果：{ja}"),
            )
            .rule(HUMAN)
            .basis(clause)
            .words(note.as_ref())
        }
        E::OwnerAssigned { .. } => told("Somebody took the case on", "担当者が決まった"),
        E::Advanced { to, .. } => {
            let (en, ja) = stage_words(*to);
            told(format!("The case went on to {en}"), format!("選考が「{ja}」に進んだ"))
        }
        E::StageSkipped { to, clause, .. } => {
            let (en, ja) = stage_words(*to);
            told(format!("Went on to {en} on the fast track"), format!("優遇措置により「{ja}」に進んだ")).basis(clause)
        }
        E::RangeDisclosed { .. } => {
            told("The candidate was told the pay range of the position", "求人の給与レンジを候補者に伝えた")
                .rule("PAY-05")
        }
        E::InterviewScheduled { .. } => told("An interview was scheduled", "面接の日程が決まった"),
        E::InterviewRescheduled { .. } => told("An interview was moved", "面接の日程が変更された"),
        E::InterviewCancelled { note, .. } => {
            told("An interview was cancelled", "面接が取り消された").words(note.as_ref())
        }
        E::InterviewRecorded { outcome, .. } => match outcome {
            InterviewOutcome::Held => told("An interview was held", "面接が行われた"),
            InterviewOutcome::NoShow => told("The candidate did not come to an interview", "候補者が面接に来なかった"),
            InterviewOutcome::Cancelled => told("An interview did not take place", "面接は行われなかった"),
        }
        .code(outcome.into()),
        E::ScorecardSubmitted { .. } => told("An interviewer submitted a scorecard", "面接官が評価票を提出した"),
        E::ScorecardAmended { why, .. } => {
            told("An interviewer amended their scorecard", "面接官が評価票を訂正した").words(Some(why))
        }
        E::EvaluationRecorded { recommendation, note, .. } => {
            let (en, ja) = recommendation_words(*recommendation);
            told(format!("Evaluated: {en}"), format!("総合評価：{ja}"))
                .code(recommendation.into())
                .rule(HUMAN)
                .words(note.as_ref())
        }
        E::Held { because: HoldCause::Manual, note, .. } => {
            told("The case was put on hold", "選考が保留となった").words(note.as_ref())
        }
        E::Held { because, note, .. } => {
            told("A changed fact put the case on hold", "事実の変更により選考が保留となった")
                .code(because.into())
                .words(note.as_ref())
        }
        E::Resumed { clause: Some(clause), note, .. } => told(
            "Somebody reviewed what had changed, and the case goes on",
            "変更された事実が審査され、選考が再開された",
        )
        .rule(HUMAN)
        .basis(clause)
        .words(note.as_ref()),
        E::Resumed { clause: None, note, .. } => told("The case goes on", "選考が再開された").words(note.as_ref()),
        E::Rejected { side, reason_code, note, .. } => match side {
            Side::Employer => told("The employer rejected", "不採用となった"),
            Side::Candidate => told("The candidate dropped out", "候補者の都合により終了した"),
        }
        .code(reason_code.into())
        .words(note.as_ref()),
        E::Withdrawn { reason_code, recorded_for, .. } => {
            told("The candidate withdrew", "候補者が辞退した").code(reason_code.into()).words(recorded_for.as_ref())
        }
        E::Reopened { note, .. } => {
            told("Somebody else opened the case again", "別の担当者が選考を再開した").words(note.as_ref())
        }
        E::Transferred { .. } => told("The case moved to another requisition", "別の求人の選考に移された"),
        E::OfferOpened { .. } => told("An offer is being made", "オファーの作成が始まった"),
        E::OfferAccepted { .. } => told("The candidate accepted the offer", "候補者がオファーを承諾した（内定承諾）"),
        E::OfferEnded { ending, .. } => {
            let (en, ja) = ending_words(*ending);
            told(en, ja).code(ending.into())
        }
        E::StartPostponed { reason_code, .. } => {
            told("The first day was postponed", "入社日が延期された").code(reason_code.into())
        }
        E::JoiningRecorded { .. } => told("The return was arranged", "入社の手続きが登録された（入社予定）"),
        E::Rejoined(_) => told("The person is an employee again", "再入社した"),
        E::NoShowRecorded { note, .. } => {
            told("The person did not come on the first day", "入社日に出社しなかった").words(note.as_ref())
        }
        E::Cancelled { .. } => {
            told("The case was cancelled with its requisition", "求人の終了に伴い選考が取り消された")
        }
        E::Closed { .. } => told(
            "Nobody took the case up again after its offer; it is closed",
            "オファー終了後に進展がなく、選考が終了した",
        ),
        E::Settled { settlement } => settled(settlement),
    }
}

fn settled(settlement: &Settlement) -> Line {
    match settlement {
        Settlement::Answered { rule, evidence_ref, answer, .. } => {
            told("A rule that waited for a fact was answered", "確認が必要な規則に回答があった")
                .code(answer.into())
                .evidence(Some(evidence_ref))
                .rule(rule)
        }
        Settlement::Acknowledged { rule, reason, .. } => {
            told("A warning was acknowledged", "警告が理由を付して確認された").words(Some(reason)).rule(rule)
        }
        Settlement::LegalOpinion { rule, opinion_ref, .. } => {
            told("A legal opinion was recorded", "法的見解が記録された").evidence(Some(opinion_ref)).rule(rule)
        }
    }
}

const fn result_words(result: EligibilityResult) -> (&'static str, &'static str) {
    match result {
        EligibilityResult::Eligible => ("eligible", "応募可"),
        EligibilityResult::NeedsReview => ("needs review", "要審査"),
        EligibilityResult::NotEligible => ("not eligible", "応募不可"),
    }
}

const fn decision_words(decision: ReviewDecision) -> (&'static str, &'static str) {
    match decision {
        ReviewDecision::Eligible => ("eligible", "応募可"),
        ReviewDecision::NotEligible => ("not eligible", "応募不可"),
    }
}

const fn stage_words(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Screening => ("screening", "書類選考"),
        Stage::Interviewing => ("interviews", "面接"),
        Stage::Evaluated => ("evaluated", "評価済み"),
    }
}

const fn recommendation_words(recommendation: Recommendation) -> (&'static str, &'static str) {
    match recommendation {
        Recommendation::StrongNo => ("strongly against", "強く反対"),
        Recommendation::No => ("against", "反対"),
        Recommendation::Yes => ("for", "賛成"),
        Recommendation::StrongYes => ("strongly for", "強く賛成"),
    }
}

const fn ending_words(ending: OfferEnding) -> (&'static str, &'static str) {
    match ending {
        OfferEnding::Declined => ("The candidate declined the offer", "候補者がオファーを辞退した"),
        OfferEnding::Expired => ("The offer lapsed", "オファーの回答期限が過ぎた"),
        OfferEnding::Refused => ("An approver refused the offer", "オファーが却下された"),
        OfferEnding::Rescinded => ("The employer took the offer back", "オファーが取り下げられた"),
        OfferEnding::RescindedAfterAcceptance => {
            ("The employer took an accepted offer back", "承諾済みのオファーが取り消された（内定取消）")
        }
    }
}
