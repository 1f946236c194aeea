//! Recording periods of employment: one by one and line by line take the same way.

use aggregates::employment::{
    EmployeeDetails, Employment, EmploymentCommand, EmploymentError, EmploymentKind, Placement, Recorded, Source,
};
use aggregates::ids::{ActorId, PersonId};
use aggregates::keys::natural_key;
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::EmploymentType;
use chrono::NaiveDate;
use uuid::Uuid;

use super::bearer;
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, Reply};
use crate::ledger::Token;
use crate::search::EMPLOYMENT_LINE;

/// How often a number that somebody else takes at the same moment is looked up again.
const ATTEMPTS: u32 = 4;

/// A period of employment as it is told to us, in the clear.
#[derive(Clone, Debug)]
pub struct NewEmployment {
    /// The entity that employs the person.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: String,
    /// Their number in an earlier period.
    pub previous_employee_number: Option<String>,
    /// Entity and number at their own employer, for a secondment: two spans of one person.
    pub home: Option<(String, String)>,
    /// The login that is theirs, as the actor directory knows it.
    pub account: Option<ActorId>,
    /// Name.
    pub name: Option<String>,
    /// Its reading.
    pub name_kana: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Own employer or secondment.
    pub kind: EmploymentKind,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where one is agreed or has passed.
    pub to: Option<NaiveDate>,
    /// Where they stand on the first day.
    pub placement: Placement,
    /// How the record comes in.
    pub source: Source,
}

impl NewEmployment {
    /// The key of the claim `employment`.
    pub fn natural_key(&self) -> String {
        natural_key(&self.legal_entity, &self.employee_number, self.from)
    }

    fn record(&self, person_id: PersonId) -> Recorded {
        let sealed = |value: &Option<String>| value.clone().map(|value| Personal::new(RecordClass::Statutory, value));
        let person = EmployeeDetails {
            name: sealed(&self.name),
            name_kana: sealed(&self.name_kana),
            email: sealed(&self.email),
            phone: sealed(&self.phone),
            birth_date: self.birth_date.map(|day| Personal::new(RecordClass::Statutory, day)),
        };
        Recorded {
            person_id,
            legal_entity: self.legal_entity.clone(),
            employee_number: self.employee_number.clone(),
            previous_employee_number: self.previous_employee_number.clone(),
            account: self.account,
            person: (person != EmployeeDetails::default()).then_some(person),
            kind: self.kind,
            employment_type: self.employment_type,
            from: self.from,
            to: self.to,
            // Whether the last day has passed or lies ahead is decided on the day of the record.
            ends_on: None,
            placement: self.placement.clone(),
            source: self.source,
        }
    }

    async fn person(
        &self,
        dispatcher: &Dispatcher,
        envelope: &Envelope,
    ) -> Result<Option<PersonId>, crate::ledger::StoreError> {
        let numbers: Vec<&str> = [Some(&self.employee_number), self.previous_employee_number.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        if let Some(person) = bearer(dispatcher, envelope, &self.legal_entity, &numbers).await? {
            return Ok(Some(person));
        }
        match &self.home {
            Some((legal_entity, number)) => bearer(dispatcher, envelope, legal_entity, &[number]).await,
            None => Ok(None),
        }
    }
}

/// Records a period of employment. Two periods are one person's only by employee number (decided: strangers are never
/// merged). `line` is the token of an imported line.
pub async fn record_employment(
    dispatcher: &Dispatcher,
    envelope: &Envelope,
    employment: &NewEmployment,
    line: Option<Vec<u8>>,
) -> Result<Reply, DispatchError<EmploymentError>> {
    let (id, stranger) = (Uuid::now_v7(), PersonId(Uuid::now_v7()));
    let mut attempt = 0;
    loop {
        attempt += 1;
        let done = dispatcher
            .create_with::<Employment, _, _>(envelope, id, || async {
                let known = employment.person(dispatcher, envelope).await?;
                let person = known.unwrap_or(stranger);
                let token = |token| Token { scope: EMPLOYMENT_LINE, token, owner: id, subject: person.0 };
                let order = EmploymentCommand::Record { record: Box::new(employment.record(person)) };
                Ok(Gathered {
                    tokens: line.clone().map(token).into_iter().collect(),
                    subject_known: known.is_some(),
                    ..Gathered::order(order)
                })
            })
            .await;
        match done {
            // Somebody else recorded the same number for a new person a moment ago: now the number is known.
            Err(DispatchError::Claimed { scope }) if scope == "employee_number" && attempt < ATTEMPTS => {}
            done => return done,
        }
    }
}
