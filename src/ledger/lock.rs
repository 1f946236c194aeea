//! The lock of a data directory: one program at a time.

use std::fs::File;
use std::path::Path;
use std::sync::PoisonError;

use super::StoreError;

/// Keeps a second program out of the data directory while it lives.
pub struct DirectoryLock(std::sync::Mutex<Option<File>>);

impl DirectoryLock {
    /// Takes the lock, or says who has it.
    pub fn acquire(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory)?;
        let file = File::options().create(true).write(true).truncate(false).open(directory.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(std::sync::Mutex::new(Some(file)))),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Refused(format!(
                "the data directory {} is in use by another okaeri process",
                directory.display()
            ))),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Lets another program in.
    pub(super) fn release(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
