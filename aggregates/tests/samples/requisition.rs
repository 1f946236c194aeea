//! One sample of each event of requisitions, as it is stored.

use std::collections::BTreeSet;

use aggregates::ids::{ActorId, ApplicationId};
use aggregates::requisition::{
    Audience, CloseReason, Engagement, Line, LiveCases, Opened, PayRange, RequisitionChanges, RequisitionEvent,
};
use aggregates::values::{EmploymentType, Money};

use crate::support::{sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<RequisitionEvent> {
    vec![
        RequisitionEvent::Opened(Box::new(opened())),
        RequisitionEvent::Opened(Box::new(bare())),
        RequisitionEvent::Revised { changes: Box::new(changes()), revised_by: ActorId(uuid(53)) },
        RequisitionEvent::Revised {
            changes: Box::new(RequisitionChanges { headcount: Some(3), ..RequisitionChanges::default() }),
            revised_by: ActorId(uuid(53)),
        },
        RequisitionEvent::Published { audience: both(), published_by: ActorId(uuid(53)) },
        RequisitionEvent::ReturnersNoted { departures: sealed(2), count: 2 },
        RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(11)) },
        RequisitionEvent::Closed {
            because: CloseReason::Reorganisation,
            live_cases: LiveCases::Cancelled,
            closed_by: ActorId(uuid(53)),
            note: Some(sealed(3)),
        },
        RequisitionEvent::Closed {
            because: CloseReason::FilledOtherwise,
            live_cases: LiveCases::None,
            closed_by: ActorId(uuid(53)),
            note: None,
        },
    ]
}

/// Two seats for drivers in Sendai.
pub fn opened() -> Opened {
    Opened {
        title: "配送ドライバー".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        department: Some("物流部".to_owned()),
        job_family: Some("driver".to_owned()),
        grade: Some("G4".to_owned()),
        location: Some("Sendai".to_owned()),
        employment_type: EmploymentType::Regular,
        engagement: Engagement::Direct,
        pay_range: Some(PayRange { minimum: yen(6_000_000), midpoint: Some(yen(7_000_000)), maximum: yen(8_000_000) }),
        headcount: 2,
        audience: both(),
        description: Some(sealed(1)),
        line: Line {
            recruiter: ActorId(uuid(53)),
            hiring_manager: Some(ActorId(uuid(54))),
            approver_unit: Some("本社人事".to_owned()),
        },
        opened_by: ActorId(uuid(53)),
    }
}

/// Nothing but what must be said.
pub fn bare() -> Opened {
    Opened {
        department: None,
        job_family: None,
        grade: None,
        location: None,
        engagement: Engagement::Dispatched,
        pay_range: None,
        headcount: 1,
        audience: BTreeSet::from([Audience::Public]),
        description: None,
        line: Line { recruiter: ActorId(uuid(53)), hiring_manager: None, approver_unit: None },
        ..opened()
    }
}

/// Everything stated anew.
pub fn changes() -> RequisitionChanges {
    RequisitionChanges {
        title: Some("長距離ドライバー".to_owned()),
        department: Some("輸送部".to_owned()),
        job_family: Some("long_haul".to_owned()),
        grade: Some("G5".to_owned()),
        location: Some("Aomori".to_owned()),
        employment_type: Some(EmploymentType::FixedTerm),
        engagement: Some(Engagement::Dispatched),
        pay_range: Some(PayRange { minimum: yen(6_500_000), midpoint: None, maximum: yen(8_500_000) }),
        headcount: Some(3),
        audience: Some(BTreeSet::from([Audience::Alumni])),
        description: Some(sealed(4)),
        recruiter: Some(ActorId(uuid(55))),
        hiring_manager: Some(ActorId(uuid(56))),
        approver_unit: Some("東北人事".to_owned()),
    }
}

pub fn both() -> BTreeSet<Audience> {
    BTreeSet::from([Audience::Alumni, Audience::Employees])
}

pub fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}
