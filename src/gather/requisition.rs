//! What is known about a requisition outside of its own stream.

use aggregates::ids::RequisitionId;
use projections::applications::State;
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;

use super::documents;
use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::ledger::StoreError;

/// How many applications to a requisition are going on, apart from accepted and joining ones, which a closing never touches.
/// `None` while the read model is behind.
pub async fn live_applications(
    dispatcher: &Dispatcher,
    employer: &Employer,
    requisition: RequisitionId,
) -> Result<Option<u32>, StoreError> {
    let filters =
        vec![("requisition_id", vec![requisition.to_string()]), ("live", vec![<&str>::from(YesNo::Yes).to_owned()])];
    let ends_with_it = |entry: &PipelineEntry| !matches!(entry.progress.state, State::OfferAccepted | State::Joining);
    let live = documents(dispatcher, employer, filters, ends_with_it).await?;
    Ok(live.map(|live| u32::try_from(live.len()).unwrap_or(u32::MAX)))
}
