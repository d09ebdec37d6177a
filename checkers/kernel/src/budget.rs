//! What a search may spend, and who may stop it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// Why a search stopped without an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Stop {
    Nodes,
    Memory,
    Deadline,
    Cancelled,
    /// The data type could not be asked.
    Failed,
}

/// Limits of a search. A node is a configuration that was reached.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    pub nodes: u64,
    /// The most configurations to keep.
    pub entries: u64,
    pub deadline: Option<Instant>,
    /// Not zero: stop.
    pub flag: &'a AtomicU32,
    /// Asked from time to time, on the caller's thread: true means stop.
    pub poll: Option<&'a dyn Fn() -> bool>,
}

/// Nodes between two looks at the clock and the flag.
pub const PERIOD: u64 = 1024;

impl Budget<'_> {
    /// Looks at the clock, the flag and the caller.
    pub fn interrupted(&self) -> Option<Stop> {
        if self.flag.load(Ordering::Relaxed) != 0 {
            return Some(Stop::Cancelled);
        }
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Some(Stop::Deadline);
        }
        self.poll.and_then(|poll| poll().then_some(Stop::Cancelled))
    }
}
