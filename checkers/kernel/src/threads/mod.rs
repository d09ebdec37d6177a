//! Threads of operations that must be interleaved: sequential consistency.
//!
//! A *thread* is a sequence of operations that take effect in this order: what a process
//! did. An open operation precedes nothing, so it is a thread of its own, behind what its
//! process did before. The question is NP-complete for any number of threads, and
//! polynomial for a fixed one: Gibbons and Korach, *Testing shared memories*, SIAM J.
//! Comput. 26(4), 1997.
//!
//! Reading order: `vectors` (where a search has been), `registers` (several registers with
//! unique values, jointly) with `saturation` (what rules can tell) and `interleaving`
//! (what a search has to), `counter` (adds that differ).

pub mod counter;
mod interleaving;
pub mod registers;
mod saturation;
mod vectors;

pub use saturation::Derived;

use crate::budget::{Budget, Stop};
use crate::timeline::{Malformed, NONE};

/// Operations by thread, flat.
#[derive(Clone, Copy)]
pub struct Threads<'a> {
    /// Where each thread begins among `operations`, and where the last one ends.
    pub begins: &'a [u32],
    pub operations: &'a [u32],
}

impl<'a> Threads<'a> {
    /// Says what is wrong with the arrays, if anything is.
    pub fn validate(&self, count: usize) -> Result<(), Malformed> {
        let is_sorted = self.begins.windows(2).all(|pair| pair[0] <= pair[1]);
        if self.begins.first() != Some(&0) || !is_sorted {
            return Err(Malformed("threads do not follow one another"));
        }
        if self.begins.last().copied() != Some(self.operations.len() as u32) {
            return Err(Malformed("threads end elsewhere than operations"));
        }
        let mut seen = vec![false; count];
        for operation in self.operations {
            match seen.get_mut(*operation as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(Malformed("an operation is twice in threads, or unknown")),
            }
        }
        Ok(())
    }

    pub fn count(&self) -> usize {
        self.begins.len() - 1
    }

    pub fn thread(&self, thread: usize) -> &'a [u32] {
        &self.operations[self.begins[thread] as usize..self.begins[thread + 1] as usize]
    }

    pub fn all(&self) -> impl Iterator<Item = &'a [u32]> + '_ {
        (0..self.count()).map(|thread| self.thread(thread))
    }

    /// By operation: its thread and its place there, or `NONE`.
    pub fn places(&self, count: usize) -> Vec<(u32, u32)> {
        let mut places = vec![(NONE, 0); count];
        for (thread, operations) in self.all().enumerate() {
            for (place, operation) in operations.iter().enumerate() {
                places[*operation as usize] = (thread as u32, place as u32);
            }
        }
        places
    }
}

/// Why there is no interleaving.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Reason {
    /// All were tried.
    Tried,
    /// Something has to come before itself.
    Circle,
}

/// What was found out about threads.
#[derive(Debug)]
pub struct Interleaving {
    /// Whether there is one, or why not.
    pub outcome: Result<Result<(), Reason>, Stop>,
    /// It; or the longest beginning of one behind which nothing could come.
    pub order: Vec<u32>,
    /// Configurations visited.
    pub nodes: u64,
    /// What rules have found, where that has led to a circle.
    pub derived: Vec<Derived>,
}

/// The same budget, with one limit for nodes and entries, as a node is an entry here.
fn joint<'a>(budget: &Budget<'a>, nodes: u64) -> Budget<'a> {
    budget.with(nodes.min(budget.limits.entries), u64::MAX)
}

/// Does what `Budget::look` does, and asks at the first node too whether to stop.
fn look(budget: &Budget, nodes: u64) -> Result<(), Stop> {
    if nodes == 0 {
        budget.interrupted().map_or(Ok(()), Err)?;
    }
    budget.look(nodes, nodes)
}

/// Why a search stopped that was at a node: for memory, if that is what was spent.
fn stopped(stop: Stop, nodes: u64, budget: &Budget) -> Stop {
    if stop == Stop::Nodes && nodes >= budget.limits.entries {
        Stop::Memory
    } else {
        stop
    }
}
