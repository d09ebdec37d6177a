//! Decides whether an order of operations exists that a sequential specification allows.
//!
//! Everything here is about integers: operations, classes, states and values are
//! numbers, given by the caller. No dependency, no global state; `abi` is the only door.

pub mod abi;
mod budget;
mod parallel;
mod search;
mod threads;
mod timeline;
mod unique;

#[cfg(test)]
mod proof;
