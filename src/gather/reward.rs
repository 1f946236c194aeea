//! What a reward records of other streams: who wrote its plan and who recruited, and the tranche that a hire earns.

use std::collections::BTreeSet;

use aggregates::application::Application;
use aggregates::employment::{EmploymentKind, EndedBecause};
use aggregates::ids::{ActorId, PersonId, ReferralId, RequisitionId, RewardPlanId};
use aggregates::referral::gate::{self, AskedAnew, AwardFacts, Exclusion, HireFacts, HirePresence, Likeness};
use aggregates::referral::{self, HiredVia, Referral, ReferrerClass, ReferrerRelation};
use aggregates::requisition::{Line, Requisition};
use aggregates::reward::{HireFact, PaymentChannel, Planned, RewardCommand};
use aggregates::reward_plan::RewardPlan;
use chrono::NaiveDate;
use projections::employments::Employment;
use projections::members;

use super::referral::is_candidate;
use super::referrer::{self, GatherError, Referrer, paid_in_twelve_months, relation};
use super::{AsOf, SameHuman, documents};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::StreamKey;

/// Streams that were read, with the version that has to stand still when what follows is recorded.
pub type Guards = Vec<(StreamKey, i64)>;

/// Each stream once.
fn distinct(mut guards: Guards) -> Guards {
    guards.sort_unstable_by_key(|(stream, _)| stream.id);
    guards.dedup();
    guards
}

/// The one tranche of a referral's reward.
pub const ONLY: u32 = 1;

/// Who wrote the plan of a reward.
pub async fn plan_editors(
    dispatcher: &Dispatcher,
    employer: &Employer,
    plan: Option<RewardPlanId>,
) -> Result<BTreeSet<ActorId>, LoadError> {
    match plan {
        Some(plan) => Ok(dispatcher.load::<RewardPlan>(employer, plan.0).await?.state.editors()),
        None => Ok(BTreeSet::new()),
    }
}

/// Who selected whoever was hired, none of whom releases the reward for it (REF-14): the line and the owner of the application
/// that led to the hire, or where none did, the line of the referral's requisition.
pub async fn recruiters(
    dispatcher: &Dispatcher,
    employer: &Employer,
    planned: &Planned,
) -> Result<BTreeSet<ActorId>, LoadError> {
    let referral = dispatcher.load::<Referral>(employer, planned.referral_id.0).await?;
    let requisition = referral.state.standing().and_then(|standing| standing.requisition_id);
    let (line, owner) = led_by(dispatcher, employer, planned.hire.via, requisition).await?;
    Ok(line.map(|line| selectors(&line, owner)).unwrap_or_default())
}

/// The line and the owner of the application that led to a hire, or the line of the position.
async fn led_by(
    dispatcher: &Dispatcher,
    employer: &Employer,
    via: HiredVia,
    requisition: Option<RequisitionId>,
) -> Result<(Option<Line>, Option<ActorId>), LoadError> {
    if let HiredVia::Application { application_id } = via {
        let application = dispatcher.load::<Application>(employer, application_id.0).await?;
        if let Some(case) = application.state.standing() {
            return Ok((Some(case.line.clone()), case.owner));
        }
    }
    let Some(requisition) = requisition else { return Ok((None, None)) };
    let requisition = dispatcher.load::<Requisition>(employer, requisition.0).await?;
    Ok((requisition.state.standing().map(|standing| standing.line.clone()), None))
}

fn selectors(line: &Line, owner: Option<ActorId>) -> BTreeSet<ActorId> {
    [Some(line.recruiter), line.hiring_manager, owner].into_iter().flatten().collect()
}

/// What somebody was to the selection, where they had a part in it.
fn selected_as(who: ActorId, line: &Line, owner: Option<ActorId>) -> Option<Exclusion> {
    if line.hiring_manager == Some(who) {
        return Some(Exclusion::HiringManagerOfRequisition);
    }
    (line.recruiter == who || owner == Some(who)).then_some(Exclusion::RecruiterOfRequisition)
}

/// Whether whoever was hired was employed until the milestone, by the periods under their number: one that follows another
/// without a day between goes on.
async fn presence(
    dispatcher: &Dispatcher,
    employer: &Employer,
    planned: &Planned,
) -> Result<HirePresence, GatherError> {
    let HireFact { employee_number, started_on, .. } = &planned.hire;
    let theirs =
        vec![("legal_entity", vec![planned.legal_entity.clone()]), ("employee_number", vec![employee_number.clone()])];
    let own =
        |one: &Employment| one.kind == EmploymentKind::Primary && one.ended_because != Some(EndedBecause::Correction);
    let periods = documents::<Employment>(dispatcher, employer, theirs, own).await?.ok_or(GatherError::Behind)?;
    let period = |one: Employment| Some((one.from?, one.to, one.ended_because));
    let periods = periods.into_iter().filter_map(period).collect();
    Ok(lasted(periods, *started_on, planned.milestone_on.unwrap_or(*started_on)))
}

/// Whether employment that began on a day went on until another, by its periods: first day, last day, and why it ended.
fn lasted(
    mut periods: Vec<(NaiveDate, Option<NaiveDate>, Option<EndedBecause>)>,
    started_on: NaiveDate,
    milestone_on: NaiveDate,
) -> HirePresence {
    periods.sort_unstable_by_key(|(from, to, _)| (*from, *to));
    let mut next = started_on;
    let mut found = HirePresence::Unknown;
    for (from, to, because) in periods {
        if from > next || to.is_some_and(|to| to < started_on) {
            continue;
        }
        match to {
            None => return HirePresence::Employed,
            Some(to) if milestone_on <= to => return HirePresence::Employed,
            Some(to) => {
                next = to.succ_opt().unwrap_or(to);
                let term_over = matches!(because, None | Some(EndedBecause::TermEnded));
                found = if term_over { HirePresence::TermOver } else { HirePresence::Left };
            }
        }
    }
    found
}

/// What the payee was on the day of the referral, as the periods of employment say now: they may have been corrected since.
/// Where they say nothing, whoever was no employee then is none now; whether somebody was one, is asked again.
async fn read_anew(
    dispatcher: &Dispatcher,
    employer: &Employer,
    payee: (ActorId, Option<PersonId>),
    before: &ReferrerRelation,
    legal_entity: &str,
) -> Result<Referrer, GatherError> {
    let mut now = relation(dispatcher, employer, payee, legal_entity, before.on).await?;
    let was_employed = matches!(before.class, ReferrerClass::Employee | ReferrerClass::GroupEmployee);
    if now.relation.class == ReferrerClass::Unknown && !was_employed {
        now.relation = before.clone();
    }
    Ok(now)
}

/// Whether whoever referred is whoever was hired: one human being as far as links reach, or one account (REF-10).
async fn is_hire(
    dispatcher: &Dispatcher,
    employer: &Employer,
    (account, person): (ActorId, Option<PersonId>),
    hired: PersonId,
) -> Result<Likeness, GatherError> {
    let human = SameHuman::of(dispatcher, employer, [hired], AsOf::Now).await?.ok_or(GatherError::Behind)?;
    if human.records().any(|record| Some(record) == person) {
        return Ok(Likeness::Same);
    }
    let theirs = || {
        let records = human.records().map(|record| record.to_string()).collect();
        vec![("person_id", records), ("account", vec![account.to_string()])]
    };
    let works = referrer::documents::<Employment>(dispatcher, employer, theirs()).await?;
    let joined = referrer::documents::<members::Member>(dispatcher, employer, theirs()).await?;
    Ok(if works.is_empty() && joined.is_empty() { Likeness::NotShown } else { Likeness::Same })
}

/// What else is known now of whoever referred: whether they are whoever was hired, what they were to the selection, and how
/// many other referrals of theirs are paid.
async fn known_now(
    dispatcher: &Dispatcher,
    employer: &Employer,
    payee: (ActorId, Option<PersonId>),
    (referral, requisition): (ReferralId, Option<RequisitionId>),
    (via, hired): (HiredVia, PersonId),
) -> Result<(Likeness, Option<Exclusion>, u32), GatherError> {
    let (line, owner) = led_by(dispatcher, employer, via, requisition).await?;
    let selected_as = line.and_then(|line| selected_as(payee.0, &line, owner));
    let likeness = is_hire(dispatcher, employer, payee, hired).await?;
    Ok((likeness, selected_as, paid_in_twelve_months(dispatcher, employer, payee.0, Some(referral)).await?))
}

/// The verification of a reward on the day of its award. Present status is recorded and is none of the rules: a referrer who
/// met all conditions before leaving is owed the wage (REF-17).
pub async fn verification(
    dispatcher: &Dispatcher,
    employer: &Employer,
    planned: &Planned,
    on: NaiveDate,
) -> Result<(RewardCommand, Guards), GatherError> {
    let (payee, hire) = ((planned.payee, planned.payee_person_id), &planned.hire);
    let at_award = relation(dispatcher, employer, payee, &planned.legal_entity, on).await?;
    let at_referral = read_anew(dispatcher, employer, payee, &planned.at_referral, &planned.legal_entity).await?;
    // Who leads the position by now has not selected whoever was hired on the referral itself: that was asked at the hire.
    let made = (planned.referral_id, None);
    let (likeness, selected_as, paid_in_twelve_months) =
        known_now(dispatcher, employer, payee, made, (hire.via, hire.person_id)).await?;
    let facts = AwardFacts {
        referrer: AskedAnew {
            found: &planned.gate,
            judged: planned.at_referral.class,
            judged_for: &planned.legal_entity,
            at_referral: &at_referral.relation,
            legal_entity: &planned.legal_entity,
            likeness,
            selected_as,
            paid_in_twelve_months,
        },
        plan: planned.plan.as_ref(),
        channel: planned.channel,
        hire: presence(dispatcher, employer, planned).await?,
    };
    let gate = gate::at_award(&facts);
    let guards = [at_referral.guards, at_award.guards].concat();
    let (at_referral, at_award) = (Box::new(at_referral.relation), Box::new(at_award.relation));
    Ok((RewardCommand::Verify { at_referral, at_award, gate }, distinct(guards)))
}

/// The tranche that a hire on a referral earns, as it is planned on a day.
pub async fn tranche(
    dispatcher: &Dispatcher,
    employer: &Employer,
    (referral_id, referral): (ReferralId, &referral::Standing),
    hire: &referral::Hire,
    on: NaiveDate,
) -> Result<(Planned, Guards), GatherError> {
    let payee = (referral.referrer, referral.relation.person_id);
    let at_hire = relation(dispatcher, employer, payee, &hire.legal_entity, hire.started_on).await?;
    let at_referral = read_anew(dispatcher, employer, payee, &referral.relation, &referral.legal_entity).await?;
    let guards = distinct([at_referral.guards, at_hire.guards].concat());
    let (at_referral, at_hire) = (at_referral.relation, at_hire.relation);
    let carried = referral.carried(on);
    let made = (referral_id, referral.requisition_id);
    let (likeness, selected_as, paid_in_twelve_months) =
        known_now(dispatcher, employer, payee, made, (hire.via, hire.person_id)).await?;
    let gate = gate::at_hire(&HireFacts {
        referrer: AskedAnew {
            found: &carried,
            judged: referral.relation.class,
            judged_for: &referral.legal_entity,
            at_referral: &at_referral,
            legal_entity: &hire.legal_entity,
            likeness,
            selected_as,
            paid_in_twelve_months,
        },
        plan: referral.plan.as_ref(),
        candidate: is_candidate(dispatcher, employer, referral_id, hire).await?,
    });
    let terms = referral.plan.as_ref().map(|plan| &plan.terms);
    let planned = Planned {
        referral_id,
        payee: referral.referrer,
        payee_person_id: referral.relation.person_id,
        payee_employee_number: referral.relation.employee_number.clone(),
        legal_entity: hire.legal_entity.clone(),
        hire: HireFact {
            via: hire.via,
            person_id: hire.person_id,
            employee_number: hire.employee_number.clone(),
            started_on: hire.started_on,
        },
        tranche: ONLY,
        plan: referral.plan.clone(),
        amount: terms.map(|terms| terms.amount.clone()),
        milestone_on: terms.map(|terms| terms.milestone.reached_on(hire.started_on)),
        channel: PaymentChannel::Payroll,
        at_referral: ReferrerRelation {
            class: gate::towards(&at_referral, &referral.legal_entity, &hire.legal_entity),
            ..at_referral
        },
        at_hire,
        gate,
    };
    Ok((planned, guards))
}

#[cfg(test)]
mod tests {
    use aggregates::employment::EndedBecause;
    use aggregates::ids::ActorId;
    use aggregates::referral::gate::{Exclusion, HirePresence};
    use aggregates::requisition::Line;
    use uuid::Uuid;

    use chrono::NaiveDate;

    use super::{lasted, selected_as, selectors};

    #[test]
    fn a_hire_has_lasted_while_periods_follow_one_another() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (started, milestone) = (day("2027-01-04"), day("2027-04-04"));
        let term = |from: &str, to: &str| (day(from), Some(day(to)), Some(EndedBecause::TermEnded));
        let found = |periods| lasted(periods, started, milestone);
        assert_eq!(found(vec![(started, None, None)]), HirePresence::Employed);
        assert_eq!(found(vec![term("2027-01-04", "2027-04-04")]), HirePresence::Employed);
        assert_eq!(found(vec![term("2027-01-04", "2027-04-03")]), HirePresence::TermOver);
        let renewed = vec![(day("2027-03-04"), None, None), term("2027-01-04", "2027-03-03")];
        assert_eq!(found(renewed), HirePresence::Employed, "in whatever order they come");
        let later = vec![term("2027-01-04", "2027-03-03"), (day("2027-03-05"), None, None)];
        assert_eq!(found(later), HirePresence::TermOver, "a day lies between");
        let went = (started, Some(day("2027-03-03")), Some(EndedBecause::TransferOut));
        assert_eq!(found(vec![went]), HirePresence::Left);
        assert_eq!(found(vec![]), HirePresence::Unknown);
        assert_eq!(found(vec![term("2020-01-04", "2022-01-03")]), HirePresence::Unknown, "an earlier one is another");
    }

    fn account(number: u128) -> ActorId {
        ActorId(Uuid::from_u128(number))
    }

    #[test]
    fn whoever_leads_the_case_selected_the_hire() {
        let line = Line { recruiter: account(1), hiring_manager: Some(account(2)), approver_unit: None };
        assert_eq!(selectors(&line, Some(account(3))), [account(1), account(2), account(3)].into());
        assert_eq!(selectors(&line, Some(account(1))), [account(1), account(2)].into());
        let part = |who| selected_as(account(who), &line, Some(account(3)));
        assert_eq!([1, 3].map(part), [Some(Exclusion::RecruiterOfRequisition); 2]);
        assert_eq!((part(2), part(4)), (Some(Exclusion::HiringManagerOfRequisition), None));
        let alone = Line { hiring_manager: None, ..line };
        assert_eq!(selectors(&alone, None), [account(1)].into());
    }
}
