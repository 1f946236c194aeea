//! What an account or a person is to an entity on a day: read from the periods of employment, never guessed. Without any
//! period the answer is "unknown", which is a HOLD and never "not an employee".

use std::collections::BTreeSet;

use aggregates::employment::{Employment, EndedBecause, Span};
use aggregates::ids::{ActorId, PersonId, ReferralId};
use aggregates::referral::{ReferrerClass, ReferrerRelation};
use aggregates::values::EmploymentType;
use chrono::{Months, NaiveDate};
use projections::model::ReadModel;
use projections::rewards::{self, Reward};
use projections::{employments, members};
use uuid::Uuid;

use super::{AsOf, SameHuman};
use crate::dispatch::{DispatchError, Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{StoreError, StreamKey, fold_text};

/// Why facts of other streams could not be gathered.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// A stream could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The read models are behind the log.
    #[error("the read models are behind")]
    Behind,
    /// There is no such thing.
    #[error("not found")]
    NotFound,
}

impl From<StoreError> for GatherError {
    fn from(error: StoreError) -> Self {
        Self::Load(error.into())
    }
}

impl<E: std::error::Error> From<GatherError> for DispatchError<E> {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Load(error) => error.into(),
            GatherError::Behind => Self::Overloaded,
            GatherError::NotFound => Self::NotFound,
        }
    }
}

/// What is known of somebody on a day.
pub struct Referrer {
    /// What they are to the entity.
    pub relation: ReferrerRelation,
    /// The periods that say so, with the version read: they must still stand when the answer is recorded.
    pub guards: Vec<(StreamKey, i64)>,
    /// Their sealed mail addresses, as far as the records hold any.
    emails: Vec<Uuid>,
}

/// What somebody is to an entity on a day: whoever signs in so, and where they were known before, as whom.
pub async fn relation(
    dispatcher: &Dispatcher,
    employer: &Employer,
    (account, known): (ActorId, Option<PersonId>),
    legal_entity: &str,
    on: NaiveDate,
) -> Result<Referrer, GatherError> {
    let mut persons: BTreeSet<PersonId> = known.into_iter().collect();
    let by_account = || vec![("account", vec![account.to_string()])];
    let periods = documents::<employments::Employment>(dispatcher, employer, by_account()).await?;
    persons.extend(periods.iter().map(|period| period.person_id));
    let joined = documents::<members::Member>(dispatcher, employer, by_account()).await?;
    persons.extend(joined.iter().map(|member| member.person_id));
    let own = known.or(persons.first().copied());
    let human = SameHuman::of(dispatcher, employer, persons, AsOf::Now).await?.ok_or(GatherError::Behind)?;
    let records: Vec<String> = human.records().map(|record| record.to_string()).collect();
    let periods = if records.is_empty() {
        Vec::new()
    } else {
        let filters = vec![("person_id", records)];
        // What should never have been recorded was no employment.
        let own = |one: &employments::Employment| one.ended_because != Some(EndedBecause::Correction);
        super::documents(dispatcher, employer, filters, own).await?.ok_or(GatherError::Behind)?
    };
    let guards = periods.iter().map(|period| (Dispatcher::stream::<Employment>(employer, period.id.0), period.version));
    let emails = periods.iter().filter_map(|period| {
        period
            .person
            .as_ref()
            .and_then(|person| person.email.as_ref())
            .and_then(aggregates::personal::Personal::reference)
    });
    let (guards, emails) = (guards.collect(), emails.map(|reference| reference.0).collect());
    let periods: Vec<Period> = periods.into_iter().filter_map(Period::of).collect();
    let mut relation = classified(&periods, legal_entity, on);
    relation.person_id = relation.person_id.or(own);
    Ok(Referrer { relation, guards, emails })
}

/// Whether an entity employed somebody on a day, by a period that began before another day.
pub async fn was_employed(
    dispatcher: &Dispatcher,
    employer: &Employer,
    person: PersonId,
    legal_entity: &str,
    (on, before): (NaiveDate, NaiveDate),
) -> Result<bool, GatherError> {
    let human = SameHuman::of(dispatcher, employer, [person], AsOf::Now).await?.ok_or(GatherError::Behind)?;
    let theirs = vec![("person_id", human.records().map(|record| record.to_string()).collect())];
    let then = |one: &employments::Employment| {
        one.legal_entity == legal_entity
            && one.ended_because != Some(EndedBecause::Correction)
            && one.from.is_some_and(|from| from <= on && from < before)
            && one.to.is_none_or(|to| on <= to)
    };
    let periods = super::documents(dispatcher, employer, theirs, then).await?.ok_or(GatherError::Behind)?;
    Ok(!periods.is_empty())
}

/// Whether a mail address is one of theirs.
pub async fn bears(
    dispatcher: &Dispatcher,
    employer: &Employer,
    referrer: &Referrer,
    email: &str,
) -> Result<bool, StoreError> {
    let opened = dispatcher.ledger().open_values(&employer.name, &referrer.emails).await?;
    let folded = fold_text(email);
    Ok(opened.values().filter_map(|value| value.as_str()).any(|own| fold_text(own) == folded))
}

/// How many referrals of an account, but for one, are paid, or are to be, that were rewarded within the last twelve months
/// (REF-05).
pub async fn paid_in_twelve_months(
    dispatcher: &Dispatcher,
    employer: &Employer,
    payee: ActorId,
    but_for: Option<ReferralId>,
) -> Result<u32, GatherError> {
    let filters = vec![("payee", vec![payee.to_string()])];
    let today = employer.local_date(dispatcher.ledger().now());
    let planned = documents::<Reward>(dispatcher, employer, filters).await?;
    let counts = |reward: &Reward| {
        !matches!(reward.state, rewards::State::Ineligible | rewards::State::Lapsed | rewards::State::Forfeited)
            && within_twelve_months(employer.local_date(reward.planned_at), today)
            && Some(reward.referral_id) != but_for
    };
    let referrals: BTreeSet<Uuid> =
        planned.iter().filter(|reward| counts(reward)).map(|reward| reward.referral_id.0).collect();
    Ok(u32::try_from(referrals.len()).unwrap_or(u32::MAX))
}

/// Whether a day lies in the twelve months that end with another: by the calendar, whose year is not always 365 days.
fn within_twelve_months(day: NaiveDate, today: NaiveDate) -> bool {
    today.checked_sub_months(Months::new(12)).is_none_or(|since| since <= day)
}

/// Every document of a model that has these values.
pub(super) async fn documents<M: ReadModel>(
    dispatcher: &Dispatcher,
    employer: &Employer,
    filters: Vec<(&'static str, Vec<String>)>,
) -> Result<Vec<M>, GatherError> {
    super::documents(dispatcher, employer, filters, |_| true).await?.ok_or(GatherError::Behind)
}

/// A period of employment, as far as the question goes.
struct Period {
    span: Span,
    person_id: PersonId,
    employee_number: Option<String>,
    is_employee: bool,
}

impl Period {
    /// A period whose first day was destroyed says nothing.
    fn of(period: employments::Employment) -> Option<Self> {
        let span = Span { legal_entity: period.legal_entity, from: period.from?, to: period.to, kind: period.kind };
        Some(Self {
            span,
            person_id: period.person_id,
            employee_number: period.employee_number,
            // 業務委託: works for the entity and is not employed by it.
            is_employee: period.employment_type != Some(EmploymentType::Contractor),
        })
    }
}

/// What these periods make of the human being on a day.
fn classified(periods: &[Period], legal_entity: &str, on: NaiveDate) -> ReferrerRelation {
    let employed = || periods.iter().filter(|period| period.is_employee);
    let now = || employed().filter(|period| period.span.covers(on));
    let here = now().find(|period| period.span.legal_entity == legal_entity);
    let class = if here.is_some() {
        ReferrerClass::Employee
    } else if now().next().is_some() {
        ReferrerClass::GroupEmployee
    } else if employed().any(|period| period.span.from <= on) {
        ReferrerClass::FormerEmployee
    } else if periods.is_empty() {
        ReferrerClass::Unknown
    } else {
        ReferrerClass::Outsider
    };
    let theirs = here.or_else(|| now().next()).or_else(|| periods.first());
    let mut spans: Vec<Span> = employed().map(|period| period.span.clone()).collect();
    spans.sort_by(|one, other| (one.from, &one.legal_entity).cmp(&(other.from, &other.legal_entity)));
    ReferrerRelation {
        class,
        on,
        person_id: theirs.map(|period| period.person_id),
        employee_number: here.and_then(|period| period.employee_number.clone()),
        spans,
    }
}

#[cfg(test)]
mod tests {
    use aggregates::employment::{EmploymentKind, Span};
    use aggregates::ids::PersonId;
    use aggregates::referral::ReferrerClass;
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{Period, classified, within_twelve_months};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(legal_entity: &str, from: &str, to: Option<&str>, is_employee: bool) -> Period {
        let (from, to) = (day(from), to.map(day));
        Period {
            span: Span { legal_entity: legal_entity.into(), from, to, kind: EmploymentKind::Primary },
            person_id: PersonId(Uuid::from_u128(7)),
            employee_number: Some(format!("{legal_entity}-1")),
            is_employee,
        }
    }

    fn class(periods: &[Period], on: &str) -> ReferrerClass {
        classified(periods, "JP-HQ", day(on)).class
    }

    #[test]
    fn what_somebody_is_follows_from_the_periods_and_the_day() {
        let worked = [period("JP-HQ", "2015-04-01", Some("2024-03-31"), true)];
        assert_eq!(class(&worked, "2024-03-31"), ReferrerClass::Employee);
        assert_eq!(class(&worked, "2024-04-01"), ReferrerClass::FormerEmployee);
        assert_eq!(class(&worked, "2015-03-31"), ReferrerClass::Outsider);
        assert_eq!(class(&[period("JP-WEST", "2015-04-01", None, true)], "2026-11-25"), ReferrerClass::GroupEmployee);
        assert_eq!(class(&[period("JP-HQ", "2015-04-01", None, false)], "2026-11-25"), ReferrerClass::Outsider);
        assert_eq!(class(&[], "2026-11-25"), ReferrerClass::Unknown);
    }

    #[test]
    fn twelve_months_are_those_of_the_calendar() {
        for (then, today, within) in [
            ("2027-06-01", "2028-06-01", true),
            ("2027-05-31", "2028-06-01", false),
            ("2027-02-28", "2028-02-29", true),
            ("2026-11-25", "2026-11-25", true),
        ] {
            assert_eq!(within_twelve_months(day(then), day(today)), within, "{then} on {today}");
        }
    }

    #[test]
    fn a_secondment_counts_where_it_leads() {
        let both = [period("JP-WEST", "2015-04-01", None, true), period("JP-HQ", "2025-04-01", None, true)];
        let relation = classified(&both, "JP-HQ", day("2026-11-25"));
        assert_eq!((relation.class, relation.employee_number.as_deref()), (ReferrerClass::Employee, Some("JP-HQ-1")));
        assert_eq!(relation.spans.len(), 2);
    }
}
