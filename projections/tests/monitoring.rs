//! What monitoring computes, and what of it may be told.

mod disclosure;
mod statistics;
