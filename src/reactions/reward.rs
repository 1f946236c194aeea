//! What follows from a hire on a referral, and from the departures of those whom a reward is about.

use std::collections::BTreeSet;

use aggregates::departure::Departure;
use aggregates::employment::{Employment, EmploymentKind, EndedBecause};
use aggregates::ids::{DepartureId, PersonId};
use aggregates::keys::{natural_key, number_key};
use aggregates::referral::ReferrerClass;
use aggregates::reward::{LapseCause, Planned, Reward, RewardCommand, RewardError, RewardEvent, Stage};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::ledger::Token;
use crate::search::REWARD_ABOUT;

/// How many rewards about one person are looked at.
const MOST: i64 = 10_000;

/// How a period of employment has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A departure has taken effect.
    Departure(DepartureId),
    /// The HR system says that they went to another entity (転籍).
    TransferOut,
    /// The HR system says that their term is over. Another may follow it, which is asked when the reward is verified.
    TermOver,
}

impl Way {
    /// How the HR system says that a period ended; none where a departure says it, or it should never have been open.
    const fn told(because: EndedBecause) -> Option<Self> {
        match because {
            EndedBecause::TransferOut => Some(Self::TransferOut),
            EndedBecause::TermEnded => Some(Self::TermOver),
            EndedBecause::Departure { .. } | EndedBecause::Correction => None,
        }
    }

    const fn departure(self) -> Option<DepartureId> {
        match self {
            Self::Departure(departure_id) => Some(departure_id),
            Self::TransferOut | Self::TermOver => None,
        }
    }
}

/// A period of employment that has ended.
pub(super) struct Left<'a> {
    pub(super) way: Way,
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

    /// By what the rewards about somebody are found, without waiting for a read model: whoever is paid by their record, and
    /// whoever was hired by their number, since a hire may be recorded before anybody knows under which record.
    pub(super) fn about(&self, reward: Uuid, planned: &Planned) -> Vec<Token> {
        let token = |token, subject: PersonId| Token { scope: REWARD_ABOUT, token, owner: reward, subject: subject.0 };
        let hire = &planned.hire;
        let hired = token(self.hired_token(&planned.legal_entity, &hire.employee_number), hire.person_id);
        let paid = planned.payee_person_id.map(|person| token(self.paid_token(person), person));
        [Some(hired), paid].into_iter().flatten().collect()
    }

    fn hired_token(&self, legal_entity: &str, employee_number: &str) -> Vec<u8> {
        self.employer.keys.token(REWARD_ABOUT, &number_key(legal_entity, employee_number))
    }

    fn paid_token(&self, person: PersonId) -> Vec<u8> {
        self.employer.keys.token(REWARD_ABOUT, &person.to_string())
    }

    /// Whenever a departure takes effect, or its last day is corrected, then the rewards for that hire, and those whose
    /// payee had to be there, lapse; what has gone on to payroll is held for people to decide (REF-15, REF-16, REF-17).
    pub(super) async fn lapse_rewards(&self, left: &Left<'_>) -> Followed {
        let about = match self.rewards_about(left).await {
            Ok(about) => about,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = Vec::new();
        for reward in about {
            followed.push(self.lapse_reward(reward, left).await);
        }
        followed
    }

    async fn rewards_about(&self, left: &Left<'_>) -> Result<BTreeSet<Uuid>, Undone> {
        let (ledger, employer) = (self.dispatcher.ledger(), &self.employer.name);
        let tokens = [self.hired_token(left.legal_entity, left.employee_number), self.paid_token(left.person)];
        let [hired, paid] = &tokens;
        let about = |token| ledger.owners(employer, REWARD_ABOUT, token, MOST);
        let (hired, paid) = tokio::try_join!(about(hired), about(paid))?;
        Ok(hired.into_iter().chain(paid).collect())
    }

    async fn lapse_reward(&self, reward: Uuid, left: &Left<'_>) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Reward>(self.employer, reward).await?;
        let Some(standing) = loaded.state.standing() else { return Ok(()) };
        let asked_later = left.way == Way::TermOver && matches!(standing.stage, Stage::Waiting | Stage::Due);
        match cause(&standing.planned, left).filter(|_| !asked_later) {
            Some(because) => self.lapse(reward, because, left.way.departure(), left.last_day).await,
            None => Ok(()),
        }
    }

    /// Whenever the HR system tells that an employment has ended, and when, then the same: it may record no departure.
    pub(super) async fn lapse_after_end(&self) -> Followed {
        let loaded = match self.dispatcher.load::<Employment>(self.employer, self.event.stream_id).await {
            Ok(loaded) => loaded,
            Err(error) => return vec![Err(error.into())],
        };
        match ended(&loaded.state) {
            Some(left) => self.lapse_rewards(&left).await,
            None => vec![],
        }
    }

    /// Whenever a reward is planned whose hire has left already, then it lapses.
    async fn lapse_where_hire_left(&self, planned: &Planned) -> Result<(), Undone> {
        let hire = &planned.hire;
        let key = natural_key(&planned.legal_entity, &hire.employee_number, hire.started_on);
        if let Some(departure) = self.holder("departure", key.clone()).await? {
            let loaded = self.dispatcher.load::<Departure>(self.employer, departure).await?;
            let Departure::Effective(standing) = loaded.state else { return Ok(()) };
            let (because, departure) = (LapseCause::HireLeft, Some(DepartureId(departure)));
            return self.lapse(self.event.stream_id, because, departure, standing.left_on).await;
        }
        let Some(employment) = self.holder("employment", key).await? else { return Ok(()) };
        let loaded = self.dispatcher.load::<Employment>(self.employer, employment).await?;
        match ended(&loaded.state) {
            Some(left) => self.lapse_reward(self.event.stream_id, &left).await,
            None => Ok(()),
        }
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

/// The end of a period of somebody's own employment, where the HR system told of it.
fn ended(employment: &Employment) -> Option<Left<'_>> {
    let Employment::Ended { standing, ended_on, because } = employment else { return None };
    let way = Way::told(*because).filter(|_| standing.kind == EmploymentKind::Primary)?;
    let (legal_entity, employee_number) = (&*standing.legal_entity, &*standing.employee_number);
    Some(Left { way, person: standing.person_id, legal_entity, employee_number, last_day: *ended_on })
}

/// What the end of a period means for a reward: nothing, where it was another period. A number in an entity is one human
/// being's, under whatever record they were hired. Whoever is paid and went to another entity of the employer is paid all the
/// same.
fn cause(planned: &Planned, left: &Left<'_>) -> Option<LapseCause> {
    let hire = &planned.hire;
    if planned.legal_entity != left.legal_entity {
        return None;
    }
    if hire.employee_number == left.employee_number && hire.started_on <= left.last_day {
        return Some(LapseCause::HireLeft);
    }
    let paid_under = planned.payee_employee_number.as_deref();
    let payee_left = left.way.departure().is_some()
        && planned.payee_person_id == Some(left.person)
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
    use aggregates::employment::{EmploymentKind, EndedBecause, Span};
    use aggregates::ids::{ActorId, DepartureId, PersonId, ReferralId};
    use aggregates::referral::{HiredVia, ReferrerClass, ReferrerRelation};
    use aggregates::reward::{HireFact, LapseCause, PaymentChannel, Planned};
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{Left, Way, cause, left_by};

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
        lapses_by(Way::Departure(DepartureId(Uuid::from_u128(5))), person, (legal_entity, employee_number), last_day)
    }

    fn lapses_by(way: Way, person: PersonId, (entity, number): (&str, &str), last_day: &str) -> Option<LapseCause> {
        let left = Left { way, person, legal_entity: entity, employee_number: number, last_day: day(last_day) };
        cause(&planned(relation(ReferrerClass::Employee, "2026-08-01", None)), &left)
    }

    #[test]
    fn the_end_of_the_employment_that_was_hired_for_is_what_counts() {
        assert_eq!(lapses(HIRE, "JP-HQ", "E-7", "2026-09-30"), Some(LapseCause::HireLeft));
        assert_eq!(lapses(HIRE, "JP-HQ", "E-1", "2026-09-30"), None, "another number is another period");
        assert_eq!(lapses(HIRE, "JP-HQ", "E-7", "2024-03-31"), None, "what ended before the hire, recorded late");
        assert_eq!(lapses(HIRE, "JP-NORTH", "E-7", "2026-09-30"), None, "another entity's");
        let other_record = PersonId(Uuid::from_u128(9));
        assert_eq!(lapses(other_record, "JP-HQ", "E-7", "2026-09-30"), Some(LapseCause::HireLeft));
    }

    #[test]
    fn the_hr_system_tells_that_a_hire_has_ended_and_not_that_a_payee_has_left() {
        let went = |person, number| lapses_by(Way::TransferOut, person, ("JP-HQ", number), "2026-09-30");
        assert_eq!(went(HIRE, "E-7"), Some(LapseCause::HireLeft));
        assert_eq!(went(PAYEE, "E-100"), None, "in another entity of the employer they are still paid");
        assert_eq!(Way::told(EndedBecause::Correction), None, "it is asked again");
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
