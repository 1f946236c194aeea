//! Recording what people-ops sends, one by one or line by line: the facts are gathered here, so that a file and a request
//! take the same way.

mod employment;
mod file;
mod reference;

use aggregates::departure::{Departure, DepartureCommand, DepartureError, EndedEmployment, Recorded, Source};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::PersonId;
use aggregates::keys::{natural_key, number_key};
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::{EmploymentType, Money, PersonDetails};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, Reply};
use crate::ledger::{StoreError, Token, micros};
use crate::search::{Known, departure_tokens};

pub use employment::{NewEmployment, record_employment};
pub use file::{ImportError, ImportReport, Importer, RefusedLine, import_departures, import_employments};
pub use reference::{import_incumbents, import_pay_bands};

/// Whole yen.
pub(crate) fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}

/// A departure as it is told to us, in the clear.
#[derive(Clone, Debug)]
pub struct NewDeparture {
    /// The entity that employed the person.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: String,
    /// Their number in an earlier period.
    pub previous_employee_number: Option<String>,
    /// Name.
    pub name: String,
    /// Its reading.
    pub name_kana: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Grade.
    pub grade: Option<String>,
    /// Place of work.
    pub location: Option<String>,
    /// Employment type.
    pub employment_type: EmploymentType,
    /// Annual base salary.
    pub base_salary: Option<Money>,
    /// Why they left.
    pub reason: SeparationReason,
    /// Whether they wish to return.
    pub wishes_to_return: Option<bool>,
    /// How the record comes in.
    pub source: Source,
}

impl NewDeparture {
    /// The key of the claim `departure`.
    pub fn natural_key(&self) -> String {
        natural_key(&self.legal_entity, &self.employee_number, self.hired_on)
    }

    fn record(&self, person_id: PersonId) -> Recorded {
        let sealed = |value: &Option<String>| value.clone().map(|value| Personal::new(RecordClass::Statutory, value));
        Recorded {
            person_id,
            legal_entity: self.legal_entity.clone(),
            employee_number: self.employee_number.clone(),
            previous_employee_number: self.previous_employee_number.clone(),
            person: PersonDetails {
                name: Personal::new(RecordClass::Statutory, self.name.clone()),
                name_kana: sealed(&self.name_kana),
                email: sealed(&self.email),
                phone: sealed(&self.phone),
                birth_date: self.birth_date.map(|day| Personal::new(RecordClass::Statutory, day)),
            },
            employment: EndedEmployment {
                hired_on: self.hired_on,
                left_on: self.left_on,
                department: self.department.clone(),
                job_family: self.job_family.clone(),
                job_title: self.job_title.clone(),
                grade: self.grade.clone(),
                location: self.location.clone(),
                employment_type: self.employment_type,
                base_salary: self.base_salary.clone(),
            },
            reason: Personal::new(RecordClass::Restricted, self.reason),
            wishes_to_return: self.wishes_to_return,
            source: self.source,
        }
    }
}

/// Who bears these employee numbers of an entity: the person of the first number that is known.
pub async fn bearer(
    dispatcher: &Dispatcher,
    envelope: &Envelope,
    legal_entity: &str,
    numbers: &[&str],
) -> Result<Option<PersonId>, StoreError> {
    let keys: Vec<String> = numbers.iter().map(|number| number_key(legal_entity, number)).collect();
    let ledger = dispatcher.ledger();
    let holders = ledger.claim_holders(&envelope.employer.name, "employee_number", &keys, micros(ledger.now())).await?;
    Ok(holders.into_iter().flatten().next().map(PersonId))
}

/// Records a departure. Two periods are one person's only by employee number (decided: strangers are never merged).
pub async fn record_departure(
    dispatcher: &Dispatcher,
    envelope: &Envelope,
    departure: &NewDeparture,
    line: Option<Vec<u8>>,
) -> Result<Reply, DispatchError<DepartureError>> {
    let (id, stranger) = (Uuid::now_v7(), PersonId(Uuid::now_v7()));
    let mut attempt = 0;
    loop {
        attempt += 1;
        let done = dispatcher
            .create_with::<Departure, _, _>(envelope, id, || async {
                let numbers: Vec<&str> =
                    [Some(&departure.employee_number), departure.previous_employee_number.as_ref()]
                        .into_iter()
                        .flatten()
                        .map(String::as_str)
                        .collect();
                let known = bearer(dispatcher, envelope, &departure.legal_entity, &numbers).await?;
                let person = known.unwrap_or(stranger);
                let about = Known {
                    name: Some(&departure.name),
                    name_kana: departure.name_kana.as_deref(),
                    email: departure.email.as_deref(),
                    birth_date: departure.birth_date,
                };
                let mut tokens = departure_tokens(&envelope.employer.keys, id, person.0, about);
                tokens.extend(line.clone().map(|token| Token {
                    scope: crate::search::DEPARTURE_LINE,
                    token,
                    owner: id,
                    subject: person.0,
                }));
                let order =
                    DepartureCommand::Record { record: Box::new(departure.record(person)), reason: departure.reason };
                Ok(Gathered { tokens, subject_known: known.is_some(), ..Gathered::order(order) })
            })
            .await;
        match done {
            // Somebody else recorded the same number for a new person a moment ago: now the number is known.
            Err(DispatchError::Claimed { scope }) if scope == "employee_number" && attempt < 4 => {}
            done => return done,
        }
    }
}
