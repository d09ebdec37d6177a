//! Decides whether an order of operations exists that a sequential specification allows.
//!
//! Everything here is about integers: operations, classes, states and values are numbers,
//! given by the caller, and models and values stay with him. The standard library is
//! enough, so the crate builds without a registry. There is no global state.
//!
//! Reading order:
//!
//! * `timeline`: operations as arrays, and as events;
//! * `search`: the search for an order, for any data type and any order;
//! * `parallel`: many problems at once, within one `budget`;
//! * `unique`: one register whose values are unique needs no search;
//! * `overwritten`: nor does one of which a value was seen that had been overwritten;
//! * `decide`: registers in real time, by all of this;
//! * `insertion`: what changes nothing, put into an order of the others;
//! * `polynomial`: nor do queues and other data types, mostly;
//! * `threads`: sequential consistency of several registers, and of counters;
//! * `abi`: the only door, functions of C over flat arrays;
//! * `proof`: all of this against brute force, on random histories.
//!
//! The same algorithms are there in Python, and both agree to the letter: on verdicts, on
//! witnesses, and on how many configurations were visited.

pub mod abi;
mod budget;
mod decide;
mod insertion;
mod overwritten;
mod parallel;
mod polynomial;
mod search;
mod threads;
mod timeline;
mod unique;

#[cfg(test)]
mod proof;
