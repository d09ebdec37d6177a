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
    /// Another problem had been answered with no.
    Left,
}

/// What a search may spend. A node is a configuration that was reached.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    pub nodes: u64,
    /// The most configurations to keep.
    pub entries: u64,
    pub deadline: Option<Instant>,
    /// Any of them not zero: stop.
    pub flags: [&'a AtomicU32; 2],
}

/// Limits, and whom to ask from time to time whether to stop: on his thread only.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    pub limits: Limits<'a>,
    pub poll: Option<&'a dyn Fn() -> bool>,
}

/// Nodes between two looks at the clock and the flags.
pub const PERIOD: u64 = 1024;

impl<'a> Budget<'a> {
    /// The same with other numbers of nodes and entries.
    pub fn with(&self, nodes: u64, entries: u64) -> Self {
        Budget {
            limits: Limits {
                nodes,
                entries,
                ..self.limits
            },
            poll: self.poll,
        }
    }

    /// Says whether nodes or entries are spent, and from time to time whether to stop.
    #[inline(always)]
    pub fn look(&self, nodes: u64, entries: u64) -> Result<(), Stop> {
        if nodes >= self.limits.nodes {
            return Err(Stop::Nodes);
        }
        if entries > self.limits.entries {
            return Err(Stop::Memory);
        }
        if nodes % PERIOD == PERIOD - 1 {
            self.interrupted().map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Looks at the flags and the clock, and asks.
    pub fn interrupted(&self) -> Option<Stop> {
        let Limits {
            flags, deadline, ..
        } = self.limits;
        if flags.iter().any(|flag| flag.load(Ordering::Relaxed) != 0) {
            return Some(Stop::Cancelled);
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(Stop::Deadline);
        }
        self.poll.and_then(|poll| poll().then_some(Stop::Cancelled))
    }
}
