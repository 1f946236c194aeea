//! What of an event is told to the person whose case it is, in fixed words: what they did themselves, and what they were
//! told. What others found, weighed or said meanwhile is not theirs to read (PRV-10), and that something happened at all can
//! tell as much as what it was: an event that is not on the list is left out altogether.

use aggregates::application::{ApplicationEvent, EligibilityResult, InterviewOutcome, ReviewDecision, Stage};
use aggregates::catalogue::HrEvent;
use aggregates::checks::clauses_that_bar;
use aggregates::member::MemberEvent;
use aggregates::offer::{Acceptance, ENQUIRY, OfferEvent};
use aggregates::referral::ReferralEvent;
use aggregates::reward::{LapseCause, RewardEvent};
use projections::history::{HistoryLine, describe};
use projections::model::Recorded;

/// The candidate agrees before their data is kept.
const AGREEMENT: &str = "REF-11";

/// Whatever ended a case: the person is told that it ended, as the case itself tells them.
const ENDED: &str = "application.ended";

/// A sentence in two languages, and what the person may hold against it.
struct Told {
    en: &'static str,
    ja: &'static str,
    rule: Option<String>,
    basis: Option<String>,
}

const fn say(en: &'static str, ja: &'static str) -> Told {
    Told { en, ja, rule: None, basis: None }
}

impl Told {
    fn rule(self, rule: impl Into<String>) -> Self {
        Self { rule: Some(rule.into()), ..self }
    }

    fn basis(self, basis: &str) -> Self {
        Self { basis: Some(basis.to_owned()), ..self }
    }
}

/// The line that the person reads of an event; nothing of what is not told to them. What concerns an offer is told once the
/// offer went out.
pub(super) fn to_the_person(recorded: &Recorded, offer_went_out: bool) -> Option<HistoryLine> {
    let told = match &recorded.event {
        HrEvent::Application(what) => application(what),
        HrEvent::Offer(what) => offer(what, offer_went_out),
        HrEvent::Referral(what) => referral(what),
        HrEvent::Reward(what) => reward(what),
        HrEvent::Member(MemberEvent::ContactRecorded(_)) => {
            Some(say("A recruiter contacted you about a position", "採用担当者から求人について連絡があった"))
        }
        HrEvent::Departure(_)
        | HrEvent::Member(_)
        | HrEvent::Employment(_)
        | HrEvent::Person(_)
        | HrEvent::NoRehireFlag(_)
        | HrEvent::FollowUp(_)
        | HrEvent::Requisition(_)
        | HrEvent::RewardPlan(_)
        | HrEvent::PayPolicy(_)
        | HrEvent::ProgrammePolicy(_)
        | HrEvent::PayBands(_)
        | HrEvent::Access(_)
        | HrEvent::IncumbentSnapshot(_)
        | HrEvent::IncumbentPart(_) => return Some(HistoryLine { why: None, ..describe(recorded) }),
    }?;
    Some(HistoryLine {
        event: if ends(&recorded.event) { ENDED.to_owned() } else { recorded.event.full_type() },
        title_en: told.en.to_owned(),
        title_ja: told.ja.to_owned(),
        why: None,
        rule: told.rule,
        basis: told.basis,
    })
}

const fn ends(event: &HrEvent) -> bool {
    use ApplicationEvent as E;
    matches!(
        event,
        HrEvent::Application(E::Rejected { .. } | E::NoShowRecorded { .. } | E::Cancelled { .. } | E::Closed { .. })
    )
}

fn application(what: &ApplicationEvent) -> Option<Told> {
    use ApplicationEvent as E;
    Some(match what {
        E::Submitted(_) => say("Applied to come back", "再入社に応募した"),
        // Of an assessment that comes later nothing is told before somebody has decided.
        E::EligibilityAssessed { result: EligibilityResult::NotEligible, rules, because: None, .. } => {
            let said = say("The rules do not let this application go on", "規則により応募の対象外となった");
            cited(said, clauses_that_bar(rules).as_deref())
        }
        E::EligibilityReviewed { decision: ReviewDecision::NotEligible, clause, .. } => {
            say("A review found that this application cannot go on", "審査により応募の対象外となった").basis(clause)
        }
        E::ReviewRequested { .. } => say("Asked for a review", "再審査を請求した"),
        E::ReviewAnswered { decision: ReviewDecision::Eligible, clause, .. } => {
            say("The request was answered: the application goes on", "再審査の結果：選考に進む").basis(clause)
        }
        E::ReviewAnswered { decision: ReviewDecision::NotEligible, clause, .. } => {
            say("The request was answered: the decision stands", "再審査の結果：対象外のまま変わらない").basis(clause)
        }
        E::Advanced { to: Stage::Interviewing, .. } => say("The case went on to interviews", "選考が面接に進んだ"),
        E::RangeDisclosed { .. } => say("Was told the pay range of the position", "求人の給与レンジが伝えられた"),
        E::InterviewScheduled { .. } => say("An interview was scheduled", "面接の日程が決まった"),
        E::InterviewRescheduled { .. } => say("An interview was moved", "面接の日程が変更された"),
        E::InterviewCancelled { .. } => say("An interview was cancelled", "面接が取り消された"),
        E::InterviewRecorded { outcome, .. } => match outcome {
            InterviewOutcome::Held => say("An interview was held", "面接が行われた"),
            InterviewOutcome::NoShow => say("An interview was missed", "面接に出席がなかった"),
            InterviewOutcome::Cancelled => say("An interview did not take place", "面接は行われなかった"),
        },
        E::Withdrawn { .. } => say("Withdrew the application", "応募を辞退した"),
        E::Reopened { .. } => say("The application was taken up again", "選考が再開された"),
        E::Transferred { .. } => say("The application moved to another position", "別の求人の選考に移された"),
        E::StartPostponed { .. } => say("The first day was postponed", "入社日が延期された"),
        E::JoiningRecorded { .. } => say("The return was arranged", "入社の手続きが登録された（入社予定）"),
        E::Rejoined(_) => say("Is an employee again", "再入社した"),
        E::Rejected { .. } | E::NoShowRecorded { .. } | E::Cancelled { .. } | E::Closed { .. } => {
            say("The application came to an end", "選考が終了した")
        }
        // What an offer comes to, the offer itself tells.
        E::OfferOpened { .. } | E::OfferAccepted { .. } | E::OfferEnded { .. } => return None,
        E::EligibilityAssessed { .. }
        | E::EligibilityReviewed { .. }
        | E::OwnerAssigned { .. }
        | E::Advanced { .. }
        | E::StageSkipped { .. }
        | E::ScorecardSubmitted { .. }
        | E::ScorecardAmended { .. }
        | E::EvaluationRecorded { .. }
        | E::Held { .. }
        | E::Resumed { .. }
        | E::Settled { .. } => return None,
    })
}

fn offer(what: &OfferEvent, went_out: bool) -> Option<Told> {
    use OfferEvent as E;
    Some(match what {
        E::Extended(_) => say("An offer was made", "オファーが提示された"),
        E::ExpiryExtended { .. } => say("There is more time to answer the offer", "オファーの回答期限が延長された"),
        E::Accepted { .. } => say("Accepted the offer", "内定を承諾した"),
        E::Declined { acceptance: Acceptance::Before, .. } => say("Declined the offer", "オファーを辞退した"),
        E::Declined { acceptance: Acceptance::After, .. } => {
            say("Declined the offer after accepting it", "内定を辞退した")
        }
        E::ExplanationRequested { .. } => {
            say("Asked why the conditions are as they are", "待遇の理由の説明を求めた").rule(ENQUIRY)
        }
        E::ExplanationGiven { .. } => {
            say("Was told why the conditions are as they are", "待遇の理由について説明を受けた").rule(ENQUIRY)
        }
        E::Expired { .. } => say("The offer lapsed unanswered", "回答期限が過ぎ、オファーが失効した"),
        E::Rescinded { acceptance: Acceptance::Before, clause, .. } if went_out => {
            cited(say("The employer took the offer back", "オファーが取り下げられた"), clause.as_deref())
        }
        E::Rescinded { acceptance: Acceptance::After, clause, .. } => {
            cited(say("The employer took the accepted offer back", "内定が取り消された"), clause.as_deref())
        }
        E::Drafted(_)
        | E::Revised { .. }
        | E::RemedyRecorded { .. }
        | E::DocumentRecorded { .. }
        | E::RangeReviewOpened { .. }
        | E::RangeReviewed { .. }
        | E::PayChanged(_)
        | E::OneOffRecorded(_)
        | E::DutiesNoted { .. }
        | E::DutyDone { .. }
        | E::Assessed(_)
        | E::LabourChecked { .. }
        | E::ExceptionRequested { .. }
        | E::ExceptionDecided { .. }
        | E::ApprovalRequested { .. }
        | E::Approved { .. }
        | E::SentBack { .. }
        | E::Refused { .. }
        | E::ApprovalForced { .. }
        | E::ConflictDeclared { .. }
        | E::ApprovalDelegated { .. }
        | E::Rescinded { .. }
        | E::Lapsed { .. }
        | E::Settled { .. } => return None,
    })
}

fn cited(told: Told, clause: Option<&str>) -> Told {
    match clause {
        Some(clause) => told.basis(clause),
        None => told,
    }
}

/// To the candidate: whom the credit goes to, and what stands against it, is about others.
fn referral(what: &ReferralEvent) -> Option<Told> {
    use ReferralEvent as E;
    Some(match what {
        E::Submitted(_) => say("Was referred as a candidate", "候補者として紹介された"),
        E::CandidateAccepted { .. } => say("Agreed to be referred", "紹介に同意した").rule(AGREEMENT),
        E::CandidateDeclined { .. } => {
            say("Did not wish to be referred; the data is destroyed", "紹介を希望せず、情報が消去された")
                .rule(AGREEMENT)
        }
        E::AcceptanceLapsed { .. } => {
            say("Did not answer in time; the data is destroyed", "期限までに回答がなく、情報が消去された")
                .rule(AGREEMENT)
        }
        E::Hired { .. } => say("Was hired", "採用された"),
        E::Withdrawn { .. } => {
            say("The referral was taken back; the data is destroyed", "紹介が取り下げられ、情報が消去された")
        }
        E::OwnershipGranted { .. }
        | E::DuplicateDismissed { .. }
        | E::HeldAsDuplicate { .. }
        | E::RefusedDuplicate { .. }
        | E::CreditReassigned { .. }
        | E::Credited { .. }
        | E::NotHired { .. }
        | E::OwnershipLapsed { .. }
        | E::Blocked { .. }
        | E::Settled { .. } => return None,
    })
}

/// To whoever is paid: what they get and when, and where nothing is owed by which rule; never who held it and why.
fn reward(what: &RewardEvent) -> Option<Told> {
    use RewardEvent as E;
    Some(match what {
        E::Planned(planned) => cited(
            say("A reward was planned", "手当が計画された"),
            planned.plan.as_ref().map(|plan| plan.terms.clause.as_str()),
        ),
        E::Held { .. } => say("The reward is being looked at", "手当が確認中となった"),
        E::HoldLifted { .. } => say("The reward goes on", "手当の保留が解除された"),
        E::RuledIneligible { rule, basis, .. } => {
            say("A rule bars the reward", "規則により手当の対象外となった").rule(rule).basis(basis)
        }
        E::FellDue { .. } => say("The reward is due", "手当の支給時期が到来した"),
        E::Lapsed { because, .. } => {
            let told = say("The reward lapsed", "手当は失効した");
            match lapse_rule(*because) {
                Some(rule) => told.rule(rule),
                None => told,
            }
        }
        E::Forfeited { clause, .. } => {
            say("The reward was forfeited", "手当の支給を受ける権利が消滅した").basis(clause)
        }
        E::Verified { .. }
        | E::Approved { .. }
        | E::Declined { .. }
        | E::CorrectionCaseOpened { .. }
        | E::CorrectionCaseClosed { .. }
        | E::Settled { .. } => return None,
    })
}

/// The rule by which a reward lapsed.
pub(super) const fn lapse_rule(because: LapseCause) -> Option<&'static str> {
    match because {
        LapseCause::HireLeft => Some("REF-15"),
        LapseCause::PayeeLeft => Some("REF-17"),
        LapseCause::HireUndone => None,
    }
}

#[cfg(test)]
mod tests {
    use aggregates::application::{ApplicationEvent, HoldCause};
    use aggregates::catalogue::HrEvent;
    use aggregates::ids::ActorId;
    use aggregates::member::{ConsentProof, ContactChannel, ContactRecorded, MemberEvent, RecruiterContact};
    use aggregates::offer::{Acceptance, OfferEvent, RescissionReason};
    use aggregates::personal::Personal;
    use aggregates::referral::{DuplicateCause, ReferralEvent};
    use aggregates::reward::{DeclineReason, LapseCause, RewardEvent};
    use chrono::{DateTime, NaiveDate};
    use projections::history::HistoryLine;
    use projections::model::Recorded;
    use uuid::Uuid;

    use super::to_the_person;

    const SOMEBODY: ActorId = ActorId(Uuid::from_u128(1));

    fn told(event: HrEvent, went_out: bool) -> Option<HistoryLine> {
        let recorded = Recorded {
            position: 1,
            stream_id: Uuid::from_u128(2),
            sequence: 1,
            recorded_at: DateTime::UNIX_EPOCH,
            on: NaiveDate::MIN,
            actor: None,
            role: None,
            subject: None,
            event,
        };
        to_the_person(&recorded, went_out)
    }

    #[test]
    fn what_others_weigh_is_not_told() {
        let (by, note) = (SOMEBODY, None);
        let events = [
            HrEvent::Application(ApplicationEvent::Held {
                because: HoldCause::FlagRaised,
                until: None,
                held_by: by,
                note: note.clone(),
            }),
            HrEvent::Referral(ReferralEvent::RefusedDuplicate {
                because: DuplicateCause::EarlierContact,
                decided_by: by,
                note: note.clone(),
            }),
            HrEvent::Reward(RewardEvent::Declined { declined_by: by, reason_code: DeclineReason::Budget, note }),
        ];
        for event in events {
            assert_eq!(told(event.clone(), true), None, "{event:?}");
        }
    }

    #[test]
    fn that_a_recruiter_made_contact_is_told_and_nothing_that_they_noted() {
        let contact = RecruiterContact {
            contacted_on: NaiveDate::MIN,
            contacted_by: SOMEBODY,
            requisition_id: None,
            legal_entity: "JP-HQ".into(),
            job_family: Some("driver".into()),
            channel: ContactChannel::Phone,
        };
        let consent = ConsentProof { text_version: "2026-10".into(), granted_at: DateTime::UNIX_EPOCH };
        let note = Some(Personal::Erased);
        let recorded = MemberEvent::ContactRecorded(Box::new(ContactRecorded { contact, consent, note }));
        let line = told(HrEvent::Member(recorded), false).unwrap();
        assert_eq!(line.event, "member.contact_recorded");
        assert_eq!(line.title_en, "A recruiter contacted you about a position");
        assert_eq!((line.why, line.rule, line.basis), (None, None, None));
    }

    #[test]
    fn how_a_case_ended_is_not_told() {
        let line = told(HrEvent::Application(ApplicationEvent::Closed { on: NaiveDate::MIN }), false).unwrap();
        assert_eq!(
            (line.event.as_str(), line.title_en.as_str()),
            ("application.ended", "The application came to an end")
        );
    }

    #[test]
    fn an_offer_that_never_went_out_is_not_told_of() {
        let rescinded = || {
            HrEvent::Offer(OfferEvent::Rescinded {
                acceptance: Acceptance::Before,
                reason_code: RescissionReason::Business,
                clause: Some("第20条".into()),
                opinion_ref: Some("legal/1".into()),
                rescinded_by: SOMEBODY,
                note: None,
            })
        };
        assert_eq!(told(rescinded(), false), None);
        assert_eq!(told(rescinded(), true).unwrap().basis.as_deref(), Some("第20条"));
    }

    #[test]
    fn a_payee_is_told_by_which_rule_nothing_is_owed_and_nothing_of_the_hire() {
        let lapsed = RewardEvent::Lapsed { because: LapseCause::HireLeft, departure_id: None, left_on: None };
        let line = told(HrEvent::Reward(lapsed), false).unwrap();
        assert_eq!((line.title_en.as_str(), line.rule.as_deref()), ("The reward lapsed", Some("REF-15")));
        let held = RewardEvent::Held {
            rule: Some("REF-13".into()),
            code: "earlier_referral".into(),
            basis: Some("第7条".into()),
            held_by: SOMEBODY,
            note: None,
        };
        let line = told(HrEvent::Reward(held), false).unwrap();
        assert_eq!((line.rule, line.basis, line.why), (None, None, None));
    }
}
