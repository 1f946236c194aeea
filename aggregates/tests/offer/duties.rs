//! What is to be filed and done once somebody is back (LAB-11).

use aggregates::labour::Duty;
use aggregates::offer::{DutyDone, DutyDue, DutyOutcome, Offer, OfferCommand as C, OfferError, OfferEvent};

use super::{accepted, out, person, recruiter};
use crate::samples::offer::labour_checks;
use crate::support::{Given, day, system};

/// A duty, seen to on a day.
pub fn done(duty: Duty, done_on: &str) -> DutyDone {
    DutyDone { duty, outcome: DutyOutcome::Done, done_on: day(done_on), evidence_ref: "hr/receipts/7".to_owned() }
}

/// Accepted, with checks of Japanese law.
pub fn checked() -> Vec<OfferEvent> {
    let mut past = accepted();
    past.insert(
        1,
        OfferEvent::LabourChecked { version: 1, on: day("2026-12-01"), checks: labour_checks(), agency_told: false },
    );
    past
}

/// Work began on 4 January 2027.
pub fn noted() -> OfferEvent {
    let due = |duty, day_of| DutyDue { duty, due_on: day(day_of) };
    OfferEvent::DutiesNoted {
        started_on: day("2027-01-04"),
        due: vec![
            due(Duty::HealthAndPension, "2027-01-09"),
            due(Duty::EmploymentInsurance, "2027-02-10"),
            due(Duty::HealthCheck, "2027-01-04"),
        ],
    }
}

fn note() -> C {
    C::NoteDuties { started_on: day("2027-01-04") }
}

fn record(done: DutyDone) -> C {
    C::RecordDuty(done)
}

#[test]
fn whoever_starts_is_registered_and_examined_by_the_days_of_the_law() {
    let offer = Given::<Offer>::events(checked());
    offer.when(system(), day("2027-01-04"), note()).then([noted()]);
    offer.and([noted()]).when(system(), day("2027-01-05"), note()).quiet();
    // Where the checks know no such law, nothing follows.
    Given::<Offer>::events(accepted()).when(system(), day("2027-01-04"), note()).quiet();
    Given::<Offer>::events(out()).when(system(), day("2027-01-04"), note()).refused(OfferError::NotAccepted);
}

#[test]
fn a_duty_is_recorded_once_and_on_a_day_that_counts() {
    let people_ops = person(62);
    let offer = Given::<Offer>::events(checked()).and([noted()]);
    let refused = |offer: &Given<Offer>, one: DutyDone, error: OfferError| {
        offer.when(people_ops, day("2027-01-10"), record(one)).refused(error);
    };
    let fine = || done(Duty::HealthAndPension, "2027-01-08");
    refused(&offer, done(Duty::HealthAndPension, "2027-01-03"), OfferError::DutyTooEarly { from: day("2027-01-04") });
    refused(&offer, done(Duty::HealthCheck, "2026-10-03"), OfferError::DutyTooEarly { from: day("2026-10-04") });
    refused(&offer, done(Duty::HealthCheck, "2027-01-11"), OfferError::DutyInTheFuture { today: day("2027-01-10") });
    let recorded_by = people_ops.id;
    let few_hours = DutyDone { outcome: DutyOutcome::NotOwed, ..done(Duty::EmploymentInsurance, "2027-01-10") };
    for one in [fine(), done(Duty::HealthCheck, "2026-10-04"), few_hours] {
        let recorded = OfferEvent::DutyDone { done: one.clone(), recorded_by };
        offer.when(people_ops, day("2027-01-10"), record(one)).then([recorded]);
    }
    let offer = offer.and([OfferEvent::DutyDone { done: fine(), recorded_by }]);
    offer.when(people_ops, day("2027-01-10"), record(fine())).quiet();
    refused(&offer, done(Duty::HealthAndPension, "2027-01-07"), OfferError::DutyDone { on: day("2027-01-08") });
    refused(&Given::events(checked()), fine(), OfferError::DutyNotOwed);
    Given::<Offer>::events(out()).when(recruiter(), day("2027-01-10"), record(fine())).refused(OfferError::NotAccepted);
}
