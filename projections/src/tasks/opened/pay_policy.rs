//! What waits about a pay policy.

use aggregates::pay_policy::{AlertKey, AlertOutcome, PayPolicyEvent};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{Kind, Step};

pub(super) fn steps(what: &PayPolicyEvent) -> Vec<Step> {
    use PayPolicyEvent as E;
    match what {
        E::Drafted { drafted_by: writer, .. } | E::Revised { revised_by: writer, .. } => {
            vec![Step::open(Kind::ApprovePayPolicy).not_by([*writer]).step()]
        }
        E::Approved { .. } => Step::end(&[Kind::ApprovePayPolicy]),
        E::RetirementProposed { proposed_by, .. } => {
            vec![Step::open(Kind::RetirePayPolicy).not_by([*proposed_by]).step()]
        }
        // A new version takes back that it be retired.
        E::Published { .. } => Step::end(&[Kind::RetirePayPolicy]),
        E::Retired { .. } => vec![Step::EndAll],
        E::AlertRaised { raised, look_by } => {
            vec![Step::open(Kind::ReviewAlert).nth(named(&raised.alert)).due(*look_by).step()]
        }
        // What is being mended has not been: it waits until it is gone, or is justified (PAY-06).
        E::AlertReviewed { review, .. } if review.outcome == AlertOutcome::Mended => vec![],
        E::AlertCleared { alert, .. } | E::AlertReviewed { alert, .. } => {
            let nth = Some(named(alert));
            vec![Step::End(Kind::ReviewAlert, nth), Step::End(Kind::AssessPayJointly, nth)]
        }
        E::JointAssessmentDue { alert, due_on } => {
            let nth = named(alert);
            vec![
                Step::End(Kind::ReviewAlert, Some(nth)),
                Step::open(Kind::AssessPayJointly).nth(nth).due(*due_on).step(),
            ]
        }
        E::PublicationDue { year_ends, due_on } => {
            vec![Step::open(Kind::PublishPayGap).nth(of_year(*year_ends)).due(*due_on).step()]
        }
        E::PayGapPublished { year_ends, .. } => vec![Step::End(Kind::PublishPayGap, Some(of_year(*year_ends)))],
        E::MonthClosed { .. } => vec![],
    }
}

/// Tells alerts apart. No name of a table holds a line break.
fn named(alert: &AlertKey) -> Uuid {
    let AlertKey { report, table, row } = alert;
    let name = format!("{report}\n{table}\n{}", row.as_deref().unwrap_or_default());
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

fn of_year(year_ends: NaiveDate) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, year_ends.to_string().as_bytes())
}
