//! Linearizability of a counter whose deltas are all equal: exact, in `n log n`.
//!
//! Source: a greedy schedule by earliest deadlines; the exchange argument is that of
//! earliest-deadline-first scheduling (Jackson 1955). Deltas that differ make the question
//! NP-hard: n concurrent adds and one read are a subset sum.
//!
//! Walk through the events and let the counter grow only when it must. A read is put in the
//! order as soon as the count is what it has seen. When a read returns that is not in it
//! yet, the count grows up to what it has seen; when an add returns that is not, it grows
//! by one. Invariant: it always grows by the add in flight that returns first, open ones
//! last; so at every event the count is the least possible, and the adds that are left are
//! those that can wait longest.
//! Difference from the naive search, which tries every add that may come next.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::{Verdict, Violation};
use crate::insertion::insert;
use crate::timeline::{Malformed, Operations};

/// In place of a level: an add.
pub const ADD: i32 = -1;
/// In place of a level: what is legal everywhere and changes nothing.
pub const IDLE: i32 = -2;

/// Returns whether a counter is linearizable, given by class how many adds a read has seen.
pub fn decide(operations: &Operations, levels: &[i32]) -> Result<Verdict, Malformed> {
    validate(operations, levels)?;
    let mut sweep = Sweep {
        operations,
        levels,
        order: Vec::with_capacity(operations.count()),
        count: 0,
        placed: vec![false; operations.count()],
        adds: BinaryHeap::new(),
        reads: HashMap::new(),
        forced: Vec::new(),
    };
    match sweep.run() {
        Some(verdict) => Ok(verdict),
        None => with_idle(operations, levels, sweep.order),
    }
}

/// Says what is wrong with the arrays, if anything is.
pub fn validate(operations: &Operations, levels: &[i32]) -> Result<(), Malformed> {
    operations.validate(levels.len())?;
    if levels.iter().any(|level| *level < IDLE) {
        return Err(Malformed("a level is out of range"));
    }
    Ok(())
}

/// The yes of an order, with what is idle put in.
pub fn with_idle(
    operations: &Operations,
    levels: &[i32],
    order: Vec<u32>,
) -> Result<Verdict, Malformed> {
    let is_idle = |i: &u32| levels[operations.classes[*i as usize] as usize] == IDLE;
    let idle: Vec<u32> = (0..operations.count() as u32).filter(is_idle).collect();
    if idle.is_empty() {
        return Ok(Verdict::Yes(order));
    }
    let merged = insert(operations, &order, &idle, |_, gap| gap)?;
    Ok(Verdict::Yes(
        merged.expect("what is legal everywhere has a place"),
    ))
}

/// The walk through the events.
struct Sweep<'a> {
    operations: &'a Operations<'a>,
    levels: &'a [i32],
    /// The witness so far, and its number of adds.
    order: Vec<u32>,
    count: i32,
    placed: Vec<bool>,
    /// The adds in flight, by return.
    adds: BinaryHeap<Reverse<(u32, u32)>>,
    /// By level: the reads that wait for it.
    reads: HashMap<i32, Vec<u32>>,
    /// What has forced the count to be what it is.
    forced: Vec<u32>,
}

impl Sweep<'_> {
    /// Walks through all events; returns a no if one is impossible.
    fn run(&mut self) -> Option<Verdict> {
        for (i, returns) in self.operations.events() {
            let seen = self.levels[self.operations.classes[i as usize] as usize];
            if seen == IDLE || self.placed[i as usize] {
                continue;
            }
            match (returns, seen) {
                (false, ADD) => {
                    let end = self.operations.returns[i as usize];
                    self.adds.push(Reverse((end, i)));
                }
                (false, _) if seen < self.count => {
                    let mut operations = vec![i];
                    operations.append(&mut self.forced);
                    let facts = vec![seen as u32, self.count as u32];
                    return Some(Violation::Overtaken.shown_by(operations, facts));
                }
                (false, _) if seen == self.count => self.place(i),
                (false, _) => self.reads.entry(seen).or_default().push(i),
                (true, ADD) => {
                    self.grow();
                    self.forced.push(i);
                }
                (true, _) => {
                    let called = self.count + self.adds.len() as i32;
                    if seen > called {
                        let facts = vec![seen as u32, called as u32];
                        return Some(Violation::TooFewAdds.shown_by(vec![i], facts));
                    }
                    while self.count < seen {
                        self.grow();
                    }
                    self.forced = vec![i];
                }
            }
        }
        None
    }

    /// Puts the add in flight that returns first in the order, and reads behind.
    fn grow(&mut self) {
        let Reverse((_, add)) = self.adds.pop().expect("an add is in flight");
        self.count += 1;
        self.place(add);
        for read in self.reads.remove(&self.count).unwrap_or_default() {
            self.place(read);
        }
    }

    fn place(&mut self, i: u32) {
        self.placed[i as usize] = true;
        self.order.push(i);
    }
}
