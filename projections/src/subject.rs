//! Whom an event is about. The one place that knows which events say so themselves.

use aggregates::catalogue::HrEvent;
use aggregates::departure::DepartureEvent;
use aggregates::employment::EmploymentEvent;
use aggregates::ids::PersonId;
use aggregates::member::MemberEvent;
use aggregates::no_rehire_flag::NoRehireFlagEvent;

use crate::model::Recorded;

/// The human being that an event is about, as far as it says so. Folds look nothing up: what an event does not say reaches
/// only the documents of its own stream.
pub(crate) fn person_of(event: &Recorded) -> Option<PersonId> {
    match &event.event {
        HrEvent::Departure(DepartureEvent::Recorded(recorded)) => Some(recorded.person_id),
        HrEvent::Employment(EmploymentEvent::Recorded(recorded)) => Some(recorded.person_id),
        HrEvent::Member(MemberEvent::Registered(registered)) => Some(registered.person_id),
        HrEvent::Member(MemberEvent::Approved { person_id, .. } | MemberEvent::Activated { person_id, .. })
        | HrEvent::NoRehireFlag(NoRehireFlagEvent::Raised { person_id, .. }) => Some(*person_id),
        HrEvent::Person(_) => Some(PersonId(event.stream_id)),
        HrEvent::Departure(_)
        | HrEvent::Employment(_)
        | HrEvent::Member(_)
        | HrEvent::NoRehireFlag(_)
        | HrEvent::FollowUp(_) => None,
    }
}
