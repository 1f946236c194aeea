//! What each reader sees.
