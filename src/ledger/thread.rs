//! Tasks that everybody waits for.

use std::future::Future;

use super::StoreError;

/// Runs a task on a thread of its own, until it ends.
///
/// Among the tasks of those who wait for it, it would be woken late by each answer of the store: behind all of them in the
/// queue, and only as often as a busy worker looks at its sockets. On its own thread the machine gives it its turn.
pub(super) fn spawn(name: &str, task: impl Future<Output = ()> + Send + 'static) -> Result<(), StoreError> {
    let refused = |error: std::io::Error| StoreError::Refused(format!("the thread {name} cannot start: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(refused)?;
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(move || runtime.block_on(task)).map_err(refused)?;
    Ok(())
}
