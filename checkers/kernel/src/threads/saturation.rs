//! What must come before what, with known writes: as much of it as rules can tell.
//!
//! Sources: Zennou, Bouajjani, Enea and Erradi, *Gradual consistency checking*, CAV 2019
//! (saturation before search); Biswas and Enea, OOPSLA 2019.
//!
//! Operations come in the order of their thread, and a read comes behind the write that it
//! saw. Two rules add to that until nothing is new. Let read r have seen write w, and let
//! w' be another write to the same key:
//!
//! * if w' comes before r, then it comes before w;
//! * if w' comes behind w, or w is the initial value, then it comes behind r.
//!
//! Invariant: what is added holds in every legal order; so a circle means that there is
//! none. The converse does not hold, but it is rare that a search has to find that out.
//! Difference from the naive closure, which has n^2 pairs: what comes before an operation
//! is a *clock*, how many operations of each thread do; and of a thread, each rule looks
//! at one write only, the last one before r or the first one behind w. A round costs
//! `n t` steps, with `t` threads, and logarithms.

use std::collections::HashSet;

use super::interleaving::Before;
use super::registers::Graph;
use crate::budget::{Budget, Stop};
use crate::timeline::NONE;

/// Clocks beyond which rules would take too much memory.
const MOST_CLOCKS: usize = 1 << 28;

/// What a rule has found: one operation comes before another.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Derived {
    pub before: u32,
    pub after: u32,
    pub rule: Rule,
    /// The read that the rule speaks of.
    pub read: u32,
}

/// Why an operation comes before another. Numbers are those of the door.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    Overwritten,
    ReadBefore,
}

pub struct Saturation<'g> {
    graph: &'g Graph<'g>,
    /// By operation, and by thread: how many of its operations must come first.
    clocks: Vec<u32>,
    /// In the order in which it was found.
    pub derived: Vec<Derived>,
    known: HashSet<(u32, u32)>,
    /// By key: the threads that write it, and the places of these writes.
    writes: Vec<Vec<(u32, Vec<u32>)>>,
}

impl<'g> Saturation<'g> {
    pub fn new(graph: &'g Graph) -> Self {
        let mut writes: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); graph.key_count];
        for (thread, operations) in graph.threads.all().enumerate() {
            for (place, operation) in operations.iter().enumerate() {
                let i = *operation as usize;
                if graph.writes[i] == 0 {
                    continue;
                }
                let of_key = &mut writes[graph.key[i] as usize];
                match of_key.last_mut() {
                    Some((last, places)) if *last == thread as u32 => places.push(place as u32),
                    _ => of_key.push((thread as u32, vec![place as u32])),
                }
            }
        }
        Saturation {
            graph,
            clocks: Vec::new(),
            derived: Vec::new(),
            known: HashSet::new(),
            writes,
        }
    }

    /// Applies the rules until nothing is new; returns whether there is no circle.
    pub fn run(&mut self, budget: &Budget) -> Result<bool, Stop> {
        if self.graph.count.saturating_mul(self.graph.threads.count()) > MOST_CLOCKS {
            return Ok(true);
        }
        self.behind_initial_reads();
        while self.count() {
            if !self.apply() {
                return Ok(true);
            }
            budget.interrupted().map_or(Ok(()), Err)?;
        }
        Ok(false)
    }

    /// What must come before each operation for other reasons than reads.
    pub fn before(&self) -> Before {
        let behind = self.graph.behind_pairs();
        Before::new(self.graph.count, behind.chain(self.derived_pairs()))
    }

    fn derived_pairs(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        self.derived.iter().map(|found| (found.before, found.after))
    }

    fn add(&mut self, before: u32, after: u32, rule: Rule, read: u32) {
        if self.known.insert((before, after)) {
            self.derived.push(Derived {
                before,
                after,
                rule,
                read,
            });
        }
    }

    /// Puts reads of initial values before the first writes of each thread.
    fn behind_initial_reads(&mut self) {
        let graph = self.graph;
        for key in 0..graph.key_count {
            for read in graph.readers.of((graph.count + key) as u32) {
                for at in 0..self.writes[key].len() {
                    let (thread, places) = &self.writes[key][at];
                    let operations = graph.threads.thread(*thread as usize);
                    let mut first = places.iter().map(|place| operations[*place as usize]);
                    if let Some(write) = first.find(|write| write != read) {
                        self.add(*read, write, Rule::ReadBefore, *read);
                    }
                }
            }
        }
    }

    /// Computes all clocks; returns whether there is no circle.
    fn count(&mut self) -> bool {
        let graph = self.graph;
        let width = graph.threads.count();
        let reads = graph.source.iter().enumerate();
        let reads = reads.filter(|(_, source)| (**source as usize) < graph.count);
        let reads = reads.map(|(read, write)| (*write, read as u32));
        let pairs = graph
            .program_pairs()
            .chain(reads)
            .chain(self.derived_pairs());
        let before = Before::new(graph.count, pairs.clone());
        let behind = Before::new(graph.count, pairs.map(|(before, after)| (after, before)));
        let length = |i: &u32| before.of(*i).len() as u32;
        let mut waits: Vec<u32> = (0..graph.count as u32).map(|i| length(&i)).collect();
        let all = graph.threads.operations.iter().copied();
        let mut ready: Vec<u32> = all.filter(|i| waits[*i as usize] == 0).collect();
        self.clocks.clear();
        self.clocks.resize(graph.count * width, 0);
        let mut clock = vec![0; width];
        let mut placed = 0;
        while let Some(i) = ready.pop() {
            placed += 1;
            clock.fill(0);
            for other in before.of(i) {
                let theirs = &self.clocks[*other as usize * width..][..width];
                clock
                    .iter_mut()
                    .zip(theirs)
                    .for_each(|(most, count)| *most = *count.max(most));
                let (thread, place) = graph.places[*other as usize];
                clock[thread as usize] = clock[thread as usize].max(place + 1);
            }
            self.clocks[i as usize * width..][..width].copy_from_slice(&clock);
            for following in behind.of(i) {
                let left = &mut waits[*following as usize];
                *left -= 1;
                if *left == 0 {
                    ready.push(*following);
                }
            }
        }
        placed == graph.threads.operations.len()
    }

    fn clock(&self, operation: u32, thread: u32) -> u32 {
        self.clocks[operation as usize * self.graph.threads.count() + thread as usize]
    }

    /// Applies both rules to all reads; returns whether anything is new.
    fn apply(&mut self) -> bool {
        let graph = self.graph;
        let known = self.derived.len();
        for write in 0..graph.count as u32 {
            let readers = graph.readers.of(write);
            let Some(first) = readers.first() else {
                continue;
            };
            let key = graph.key[*first as usize] as usize;
            for at in 0..self.writes[key].len() {
                let thread = self.writes[key][at].0;
                for read in readers {
                    if let Some(other) = self.overwritten(write, *read, thread, key, at) {
                        self.add(other, write, Rule::Overwritten, *read);
                    }
                }
                let from = self.behind(write, thread, key, at);
                for read in readers {
                    if let Some(following) = self.read_before(*read, thread, key, at, from) {
                        self.add(*read, following, Rule::ReadBefore, *read);
                    }
                }
            }
        }
        self.derived.len() > known
    }

    /// The last write of a thread before a read, if it is not before the one it has seen.
    fn overwritten(
        &self,
        write: u32,
        read: u32,
        thread: u32,
        key: usize,
        at: usize,
    ) -> Option<u32> {
        let places = &self.writes[key][at].1;
        let limit = self.clock(read, thread);
        let last = places
            .partition_point(|place| *place < limit)
            .checked_sub(1)?;
        let other = self.graph.threads.thread(thread as usize)[places[last] as usize];
        (other != write && self.clock(write, thread) <= places[last]).then_some(other)
    }

    /// The number of the first write of a thread behind a write.
    fn behind(&self, write: u32, thread: u32, key: usize, at: usize) -> usize {
        let operations = self.graph.threads.thread(thread as usize);
        let (own, place) = self.graph.places[write as usize];
        let is_not = |other: &u32| self.clock(operations[*other as usize], own) <= place;
        self.writes[key][at].1.partition_point(is_not)
    }

    /// The first write of a thread from one on, if it is not behind a read.
    fn read_before(
        &self,
        read: u32,
        thread: u32,
        key: usize,
        at: usize,
        from: usize,
    ) -> Option<u32> {
        let operations = self.graph.threads.thread(thread as usize);
        let places = self.writes[key][at].1[from..].iter();
        let mut others = places.map(|place| operations[*place as usize]);
        let following = others.find(|other| *other != read)?;
        let (own, place) = self.graph.places[read as usize];
        debug_assert!(own != NONE);
        (self.clock(following, own) <= place).then_some(following)
    }
}
