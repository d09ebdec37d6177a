//! Sequential consistency of a counter whose deltas have one sign: a search.
//!
//! Source: none; the question is strongly NP-hard for any number of processes (3-partition:
//! reads name the sums of the parts), so the search has a budget.
//!
//! Invariant: how far each thread has come is all of the state, as the count follows from
//! it. Of the reads that come next in each thread, the lowest one is the next value that
//! the counter has to stop at. The adds that stand before a read of this value are made at
//! once: all have to come before it, and nobody looks at the count in between. What then
//! is missing has to come from other threads, which may go on up to their own next reads.
//! Differences from the naive search, which branches on every thread and looks at the
//! count when it comes to a read: a configuration is given up if the count is too high
//! already, or if no choice comes to what is missing: the sums that threads can come to
//! are the bits of a number.

use super::vectors::Vectors;
use super::{joint, look, stopped, Interleaving, Reason, Threads};
use crate::budget::{Budget, Stop};
use crate::timeline::Malformed;

/// Up to which gap it is asked whether any choice comes to it exactly.
const SUMS_UP_TO: u64 = 1 << 14;

/// No value: an operation is no read, or a thread has no read left.
pub const NO_READ: u64 = u64::MAX;

/// A counter as threads: processes, and then open adds, each of which waits for a place in
/// the thread of its process.
pub struct Counter<'a> {
    pub threads: Threads<'a>,
    /// By thread: the thread that it waits for, and up to which place.
    pub waits: &'a [u32],
    pub places: &'a [u32],
    /// By operation: what it adds; and what it has read, or `NO_READ`.
    pub delta: &'a [u64],
    pub read: &'a [u64],
}

impl Counter<'_> {
    /// Says what is wrong with the arrays, if anything is.
    pub fn validate(&self) -> Result<(), Malformed> {
        self.threads.validate(self.delta.len())?;
        let count = self.threads.count();
        if self.read.len() != self.delta.len()
            || self.waits.len() != count
            || self.places.len() != count
        {
            return Err(Malformed(
                "arrays of operations or threads differ in length",
            ));
        }
        if self.waits.iter().any(|thread| *thread as usize >= count) {
            return Err(Malformed("a thread is out of range"));
        }
        let total = self
            .delta
            .iter()
            .try_fold(0u64, |sum, delta| sum.checked_add(*delta));
        total
            .filter(|total| *total < NO_READ / 2)
            .map_or(Err(Malformed("deltas are too large")), |_| Ok(()))
    }
}

struct Search<'c> {
    counter: &'c Counter<'c>,
    thread_of: Vec<(u32, u32)>,
    /// By thread, by place: the place of the next read, or the end; and the sum before.
    stop: Vec<Vec<u32>>,
    sum: Vec<Vec<u64>>,
    at: Vec<u32>,
    count: u64,
    vectors: Vectors,
    order: Vec<u32>,
    deepest: Vec<u32>,
    sums: Vec<u64>,
}

/// What comes of doing all that needs no choice.
enum Advance {
    /// No reads are left.
    Done,
    /// Threads to choose from, the best one last.
    Choose(Vec<u32>),
}

/// Searches for an interleaving. It ends when no reads are left.
pub fn decide(counter: &Counter, budget: &Budget) -> Result<Interleaving, Malformed> {
    counter.validate()?;
    let mut search = Search::new(counter);
    let found = search.run(&joint(budget, budget.limits.nodes));
    let nodes = search.vectors.len() as u64;
    let found = found.map_err(|stop| stopped(stop, nodes, budget));
    let outcome = found.map(|found| if found { Ok(()) } else { Err(Reason::Tried) });
    let order = if found == Ok(true) {
        search.order
    } else {
        search.deepest
    };
    Ok(Interleaving {
        outcome,
        order,
        nodes,
        derived: Vec::new(),
    })
}

impl<'c> Search<'c> {
    fn new(counter: &'c Counter) -> Self {
        let stops = |line: &[u32]| {
            let mut stops = vec![line.len() as u32];
            for (place, operation) in line.iter().enumerate().rev() {
                let is_read = counter.read[*operation as usize] != NO_READ;
                stops.push(if is_read {
                    place as u32
                } else {
                    stops[stops.len() - 1]
                });
            }
            stops.reverse();
            stops
        };
        let sums = |line: &[u32]| {
            let mut sums = vec![0];
            for operation in line {
                sums.push(sums[sums.len() - 1] + counter.delta[*operation as usize]);
            }
            sums
        };
        Search {
            thread_of: counter.threads.places(counter.delta.len()),
            stop: counter.threads.all().map(stops).collect(),
            sum: counter.threads.all().map(sums).collect(),
            at: vec![0; counter.threads.count()],
            count: 0,
            vectors: Vectors::new(counter.threads.all().map(<[u32]>::len)),
            order: Vec::new(),
            deepest: Vec::new(),
            sums: Vec::new(),
            counter,
        }
    }

    fn run(&mut self, budget: &Budget) -> Result<bool, Stop> {
        // How long the order was, and what is left to be tried behind it.
        let mut stack: Vec<(usize, Vec<u32>)> = Vec::new();
        loop {
            let mut candidates = match self.advance() {
                Advance::Done => return Ok(true),
                Advance::Choose(threads) => threads,
            };
            if !candidates.is_empty() && self.vectors.is_seen() {
                candidates.clear();
            } else if !candidates.is_empty() {
                look(budget, self.vectors.len() as u64)?;
                self.vectors.see();
            }
            stack.push((self.order.len(), candidates));
            while stack
                .last()
                .is_some_and(|(_, candidates)| candidates.is_empty())
            {
                if self.order.len() > self.deepest.len() {
                    self.deepest.clone_from(&self.order);
                }
                stack.pop();
            }
            let Some((length, candidates)) = stack.last_mut() else {
                return Ok(false);
            };
            let next = candidates.pop().expect("it is not empty");
            let length = *length;
            self.go_back(length);
            self.place(next as usize);
        }
    }

    /// What the next read of a thread has seen, or `NO_READ`.
    fn next_value(&self, thread: usize) -> u64 {
        let stop = self.stop[thread][self.at[thread] as usize];
        let line = self.counter.threads.thread(thread);
        line.get(stop as usize)
            .map_or(NO_READ, |read| self.counter.read[*read as usize])
    }

    /// The sum of the adds of a thread up to its next read.
    fn until_read(&self, thread: usize) -> u64 {
        let (place, sums) = (self.at[thread] as usize, &self.sum[thread]);
        sums[self.stop[thread][place] as usize] - sums[place]
    }

    /// Does all that needs no choice.
    fn advance(&mut self) -> Advance {
        let count = self.at.len();
        loop {
            let values: Vec<u64> = (0..count).map(|thread| self.next_value(thread)).collect();
            let value = values.iter().copied().min().unwrap_or(NO_READ);
            if value == NO_READ {
                return Advance::Done;
            }
            let is_first = |thread: &usize| values[*thread] == value;
            let first: Vec<usize> = (0..count).filter(is_first).collect();
            let must: u64 = first.iter().map(|thread| self.until_read(*thread)).sum();
            let Some(missing) = value.checked_sub(self.count + must) else {
                return Advance::Choose(Vec::new());
            };
            for thread in &first {
                while self.at[*thread] < self.stop[*thread][self.at[*thread] as usize] {
                    self.place(*thread);
                }
            }
            if missing == 0 {
                first.iter().for_each(|thread| self.place(*thread));
                continue;
            }
            let may_add = |thread: &usize| values[*thread] != value && self.until_read(*thread) > 0;
            let others: Vec<usize> = (0..count).filter(may_add).collect();
            if !self.comes_to(missing, &others) {
                return Advance::Choose(Vec::new());
            }
            return Advance::Choose(self.candidates(missing, &others, &values));
        }
    }

    /// Whether threads can come to a sum, each up to its next read.
    fn comes_to(&mut self, missing: u64, threads: &[usize]) -> bool {
        let most: u64 = threads.iter().map(|thread| self.until_read(*thread)).sum();
        if most < missing {
            return false;
        }
        if missing > SUMS_UP_TO {
            return true;
        }
        let mut found = std::mem::take(&mut self.sums);
        found.clear();
        found.resize(missing as usize / 64 + 1, 0);
        found[0] = 1;
        let mut before = Vec::new();
        for thread in threads {
            let place = self.at[*thread] as usize;
            let stop = self.stop[*thread][place] as usize;
            let sums = &self.sum[*thread];
            before.clone_from(&found);
            for total in &sums[place + 1..=stop] {
                let shift = total - sums[place];
                if shift > missing {
                    break;
                }
                add_shifted(&mut found, &before, shift as usize);
            }
        }
        let comes = found[missing as usize / 64] >> (missing % 64) & 1 == 1;
        self.sums = found;
        comes
    }

    /// Threads whose next add is not too much; who must read soonest is last.
    fn candidates(&self, missing: u64, threads: &[usize], values: &[u64]) -> Vec<u32> {
        let may_come = |thread: &&usize| {
            let thread = **thread;
            let waits = self.counter.waits[thread] as usize;
            let next = self.counter.threads.thread(thread)[self.at[thread] as usize];
            self.counter.delta[next as usize] <= missing
                && self.at[waits] >= self.counter.places[thread]
        };
        let mut found: Vec<usize> = threads.iter().filter(may_come).copied().collect();
        found.sort_unstable_by_key(|thread| std::cmp::Reverse((values[*thread], *thread)));
        found.into_iter().map(|thread| thread as u32).collect()
    }

    fn place(&mut self, thread: usize) {
        let operation = self.counter.threads.thread(thread)[self.at[thread] as usize];
        self.at[thread] += 1;
        self.vectors.step(thread, true);
        self.count += self.counter.delta[operation as usize];
        self.order.push(operation);
    }

    fn go_back(&mut self, length: usize) {
        while self.order.len() > length {
            let operation = self.order.pop().expect("it is longer") as usize;
            let thread = self.thread_of[operation].0 as usize;
            self.at[thread] -= 1;
            self.vectors.step(thread, false);
            self.count -= self.counter.delta[operation];
        }
    }
}

/// Adds to a set of sums the sums of another one, each larger by a number.
fn add_shifted(sums: &mut [u64], others: &[u64], shift: usize) {
    let (words, bits) = (shift / 64, shift % 64);
    for i in words..sums.len() {
        let mut word = others[i - words] << bits;
        if bits > 0 && i > words {
            word |= others[i - words - 1] >> (64 - bits);
        }
        sums[i] |= word;
    }
}
