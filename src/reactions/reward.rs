//! What follows from a hire on a referral, and from the departures of those whom a reward is about.

use aggregates::departure::Departure;
use aggregates::ids::{DepartureId, PersonId};
use aggregates::keys::natural_key;
use aggregates::referral::ReferrerClass;
use aggregates::reward::{LapseCause, Planned, Reward, RewardCommand, RewardError, RewardEvent};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::ledger::Token;
use crate::search::REWARD_ABOUT;

/// How many rewards about one person are looked at.
const MOST: i64 = 10_000;

/// A departure that has taken effect.
pub(super) struct Left<'a> {
    pub(super) departure_id: DepartureId,
    pub(super) person: PersonId,
    pub(super) legal_entity: &'a str,
    pub(super) employee_number: &'a str,
    pub(super) last_day: NaiveDate,
}

impl Reaction<'_> {
    pub(super) async fn after_reward(&self, event: &RewardEvent) -> Option<Followed> {
        use RewardEvent as E;
        Some(match event {
            E::Planned(planned) => {
                vec![self.lapse_where_hire_left(planned).await, self.lapse_where_payee_left(planned).await]
            }
            E::Held { .. }
            | E::HoldLifted { .. }
            | E::RuledIneligible { .. }
            | E::FellDue { .. }
            | E::Lapsed { .. }
            | E::Verified { .. }
            | E::Approved { .. }
            | E::Declined { .. }
            | E::Forfeited { .. }
            | E::CorrectionCaseOpened { .. }
            | E::CorrectionCaseClosed { .. }
            | E::Settled { .. } => return None,
        })
    }

    /// By what the rewards about somebody are found, without waiting for a read model: both whoever was hired and whoever
    /// is paid.
    pub(super) fn about(&self, reward: Uuid, planned: &Planned) -> Vec<Token> {
        let persons = [Some(planned.hire.person_id), planned.payee_person_id];
        let token = |person: PersonId| Token {
            scope: REWARD_ABOUT,
            token: self.about_token(person),
            owner: reward,
            subject: person.0,
        };
        persons.into_iter().flatten().map(token).collect()
    }

    fn about_token(&self, person: PersonId) -> Vec<u8> {
        self.employer.keys.token(REWARD_ABOUT, &person.to_string())
    }

    /// Whenever a departure takes effect, or its last day is corrected, then the rewards for that hire, and those whose
    /// payee had to be there, lapse; what has gone on to payroll is held for people to decide (REF-15, REF-16, REF-17).
    pub(super) async fn lapse_rewards(&self, left: &Left<'_>) -> Followed {
        let ledger = self.dispatcher.ledger();
        let about = ledger.owners(&self.employer.name, REWARD_ABOUT, &self.about_token(left.person), MOST).await;
        let about = match about {
            Ok(about) => about,
            Err(error) => return vec![Err(error.into())],
        };
        let mut followed = Vec::new();
        for reward in about {
            followed.push(self.lapse_reward(reward, left).await);
        }
        followed
    }

    async fn lapse_reward(&self, reward: Uuid, left: &Left<'_>) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Reward>(self.employer, reward).await?;
        let Some(planned) = loaded.state.standing().map(|standing| &standing.planned) else { return Ok(()) };
        match cause(planned, left) {
            Some(because) => self.lapse(reward, because, Some(left.departure_id), left.last_day).await,
            None => Ok(()),
        }
    }

    /// Whenever a reward is planned whose hire has left already, then it lapses.
    async fn lapse_where_hire_left(&self, planned: &Planned) -> Result<(), Undone> {
        let hire = &planned.hire;
        let key = natural_key(&planned.legal_entity, &hire.employee_number, hire.started_on);
        let Some(departure) = self.holder("departure", key).await? else { return Ok(()) };
        let loaded = self.dispatcher.load::<Departure>(self.employer, departure).await?;
        let Departure::Effective(standing) = loaded.state else { return Ok(()) };
        let (because, departure) = (LapseCause::HireLeft, Some(DepartureId(departure)));
        self.lapse(self.event.stream_id, because, departure, standing.left_on).await
    }

    /// Whenever a reward is planned whose payee has left by then, then it lapses where the plan wants them there.
    async fn lapse_where_payee_left(&self, planned: &Planned) -> Result<(), Undone> {
        match left_by(planned, self.event.on) {
            Some(left_on) => self.lapse(self.event.stream_id, LapseCause::PayeeLeft, None, left_on).await,
            None => Ok(()),
        }
    }

    async fn lapse(
        &self,
        reward: Uuid,
        because: LapseCause,
        departure_id: Option<DepartureId>,
        left_on: NaiveDate,
    ) -> Result<(), Undone> {
        let order = RewardCommand::Lapse { because, departure_id, left_on: Some(left_on) };
        // Without a plan nothing is owed that could lapse.
        let moot = |error: &RewardError| matches!(error, RewardError::NoPlan);
        // Whoever was hired may have been paid for another hire: the cause tells the two apart.
        let about = Uuid::new_v5(&reward, <&str>::from(because).as_bytes());
        self.send_about::<Reward>("rewards.lapse", about, reward, order, moot).await
    }
}

/// What a departure means for a reward: nothing, where it ended another period of employment.
fn cause(planned: &Planned, left: &Left<'_>) -> Option<LapseCause> {
    let hire = &planned.hire;
    if planned.legal_entity != left.legal_entity {
        return None;
    }
    if hire.person_id == left.person && hire.employee_number == left.employee_number && hire.started_on <= left.last_day
    {
        return Some(LapseCause::HireLeft);
    }
    let paid_under = planned.payee_employee_number.as_deref();
    let payee_left = planned.payee_person_id == Some(left.person)
        && paid_under.is_none_or(|number| number == left.employee_number)
        && planned.at_referral.on <= left.last_day;
    payee_left.then_some(LapseCause::PayeeLeft)
}

/// The last day of the payee, where they had left the entity by the day of the hire, or between it and `today`, on which the
/// reward is planned.
fn left_by(planned: &Planned, today: NaiveDate) -> Option<NaiveDate> {
    let here = || planned.at_hire.spans.iter().filter(|span| span.legal_entity == planned.legal_entity);
    let last_day = || here().filter_map(|span| span.to).max();
    match planned.at_hire.class {
        ReferrerClass::FormerEmployee => last_day(),
        ReferrerClass::Employee if here().any(|span| span.covers(today)) => None,
        ReferrerClass::Employee => last_day(),
        ReferrerClass::GroupEmployee | ReferrerClass::Outsider | ReferrerClass::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use aggregates::employment::{EmploymentKind, Span};
    use aggregates::ids::{ActorId, DepartureId, PersonId, ReferralId};
    use aggregates::referral::{HiredVia, ReferrerClass, ReferrerRelation};
    use aggregates::reward::{HireFact, LapseCause, PaymentChannel, Planned};
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{Left, cause, left_by};

    const HIRE: PersonId = PersonId(Uuid::from_u128(1));
    const PAYEE: PersonId = PersonId(Uuid::from_u128(2));

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn relation(class: ReferrerClass, on: &str, to: Option<&str>) -> ReferrerRelation {
        let (legal_entity, kind) = ("JP-HQ".into(), EmploymentKind::Primary);
        let span = Span { legal_entity, from: day("2020-04-01"), to: to.map(day), kind };
        ReferrerRelation {
            class,
            on: day(on),
            person_id: Some(PAYEE),
            employee_number: Some("E-100".into()),
            spans: vec![span],
        }
    }

    /// Referred on 1 June, hired from 1 August 2026.
    fn planned(at_hire: ReferrerRelation) -> Planned {
        Planned {
            referral_id: ReferralId(Uuid::from_u128(3)),
            payee: ActorId(Uuid::from_u128(4)),
            payee_person_id: Some(PAYEE),
            payee_employee_number: Some("E-100".into()),
            legal_entity: "JP-HQ".into(),
            hire: HireFact {
                via: HiredVia::Record,
                person_id: HIRE,
                employee_number: "E-7".into(),
                started_on: day("2026-08-01"),
            },
            tranche: 1,
            plan: None,
            amount: None,
            milestone_on: None,
            channel: PaymentChannel::Payroll,
            at_referral: relation(ReferrerClass::Employee, "2026-06-01", None),
            at_hire,
            gate: vec![],
        }
    }

    fn lapses(person: PersonId, legal_entity: &str, employee_number: &str, last_day: &str) -> Option<LapseCause> {
        let departure_id = DepartureId(Uuid::from_u128(5));
        let left = Left { departure_id, person, legal_entity, employee_number, last_day: day(last_day) };
        cause(&planned(relation(ReferrerClass::Employee, "2026-08-01", None)), &left)
    }

    #[test]
    fn the_end_of_the_employment_that_was_hired_for_is_what_counts() {
        assert_eq!(lapses(HIRE, "JP-HQ", "E-7", "2026-09-30"), Some(LapseCause::HireLeft));
        assert_eq!(lapses(HIRE, "JP-HQ", "E-1", "2026-09-30"), None, "another number is another period");
        assert_eq!(lapses(HIRE, "JP-HQ", "E-7", "2024-03-31"), None, "what ended before the hire, recorded late");
        assert_eq!(lapses(HIRE, "JP-NORTH", "E-7", "2026-09-30"), None, "another entity's");
        assert_eq!(lapses(PersonId(Uuid::from_u128(9)), "JP-HQ", "E-7", "2026-09-30"), None);
    }

    #[test]
    fn the_payee_leaves_the_employment_under_which_they_referred() {
        assert_eq!(lapses(PAYEE, "JP-HQ", "E-100", "2026-09-30"), Some(LapseCause::PayeeLeft));
        assert_eq!(lapses(PAYEE, "JP-HQ", "E-100", "2026-05-31"), None, "before they referred");
        assert_eq!(lapses(PAYEE, "JP-HQ", "E-200", "2026-09-30"), None);
    }

    #[test]
    fn a_payee_who_has_left_is_known_by_their_periods() {
        let by = |class, to| left_by(&planned(relation(class, "2026-08-01", to)), day("2026-08-20"));
        assert_eq!(by(ReferrerClass::FormerEmployee, Some("2026-07-15")), Some(day("2026-07-15")), "before the hire");
        assert_eq!(
            by(ReferrerClass::Employee, Some("2026-08-10")),
            Some(day("2026-08-10")),
            "after it, before the plan"
        );
        assert_eq!(by(ReferrerClass::Employee, Some("2026-08-20")), None, "their last day is still one of theirs");
        assert_eq!(by(ReferrerClass::Employee, None), None);
        let elsewhere = by(ReferrerClass::GroupEmployee, Some("2026-07-15"));
        assert_eq!(elsewhere, None, "in another entity of the employer they are still paid");
    }
}
