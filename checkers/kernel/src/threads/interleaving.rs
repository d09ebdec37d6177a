//! A search for an order of the operations on several registers: which thread is next.
//!
//! Sources: Gibbons and Korach 1997, section 5; the prefix vectors of Biswas and Enea,
//! OOPSLA 2019. Invariant: how far each thread has come is all of the state. A value that
//! not all of its readers have seen has to stay, so no other write to its key may come;
//! and if they all have, which value it is makes no difference.
//!
//! Done at once, because it stands in nobody's way and can only be allowed once: a read of
//! the value that is there; a write of what nobody reads, when all have read what is
//! there; a swap that is the last one to read what is there. So a search branches on
//! writes that are read and must not be too early, in the order of their calls.
//! Difference from the naive search: that one branches on every thread, and a state is a
//! vector and all values.

use super::look;
use super::registers::Graph;
use super::vectors::Vectors;
use crate::budget::{Budget, Stop};
use crate::timeline::NONE;

pub struct Search<'g> {
    graph: &'g Graph<'g>,
    /// By operation: what else has to come before it than its thread says, flat.
    before: &'g Before,
    places: Vec<u32>,
    /// By key: the value that is there, and how many have yet to read it.
    value: Vec<u32>,
    unread: Vec<u32>,
    /// Of the key of each operation in the order: what was there, and how many were left.
    undo: Vec<(u32, u32)>,
    vectors: Vectors,
    pub order: Vec<u32>,
    pub deepest: Vec<u32>,
}

/// What has to come before each operation.
pub struct Before {
    first: Vec<u32>,
    others: Vec<u32>,
}

impl Before {
    /// Takes pairs: an operation, and one that it has to come after.
    pub fn new(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut first = vec![0; count + 1];
        pairs
            .clone()
            .for_each(|(_, after)| first[after as usize + 1] += 1);
        for i in 0..count {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut others = vec![0; first[count] as usize];
        for (before, after) in pairs {
            let place = &mut next[after as usize];
            others[*place as usize] = before;
            *place += 1;
        }
        Before { first, others }
    }

    pub fn of(&self, operation: u32) -> &[u32] {
        let i = operation as usize;
        &self.others[self.first[i] as usize..self.first[i + 1] as usize]
    }
}

impl<'g> Search<'g> {
    pub fn new(graph: &'g Graph, before: &'g Before) -> Self {
        let keys = 0..graph.key_count as u32;
        let value: Vec<u32> = keys.map(|key| graph.count as u32 + key).collect();
        Search {
            places: vec![0; graph.threads.count()],
            unread: value
                .iter()
                .map(|value| graph.readers.of(*value).len() as u32)
                .collect(),
            value,
            undo: Vec::new(),
            vectors: Vectors::new(graph.threads.all().map(<[u32]>::len)),
            order: Vec::new(),
            deepest: Vec::new(),
            graph,
            before,
        }
    }

    /// Configurations visited.
    pub fn nodes(&self) -> u64 {
        self.vectors.len() as u64
    }

    /// Returns whether there is an order; it is `order` then.
    pub fn run(&mut self, budget: &Budget) -> Result<bool, Stop> {
        let goal = self.graph.threads.operations.len();
        // How long the order was, and what is left to be tried behind it.
        let mut stack: Vec<(usize, Vec<u32>)> = Vec::new();
        loop {
            self.advance();
            if self.order.len() == goal {
                return Ok(true);
            }
            let mut candidates = Vec::new();
            if !self.vectors.is_seen() {
                look(budget, self.nodes())?;
                self.vectors.see();
                candidates = self.candidates();
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
            self.place(next);
        }
    }

    /// Does all that needs no choice.
    fn advance(&mut self) {
        let mut moves = true;
        while moves {
            moves = false;
            for thread in 0..self.places.len() {
                while let Some(operation) = self.head(thread).filter(|head| self.is_free(*head)) {
                    self.place(operation);
                    moves = true;
                }
            }
        }
    }

    fn head(&self, thread: usize) -> Option<u32> {
        let operations = self.graph.threads.thread(thread);
        operations.get(self.places[thread] as usize).copied()
    }

    /// Whether an operation can be done without a choice.
    fn is_free(&self, operation: u32) -> bool {
        let i = operation as usize;
        let (key, source) = (self.graph.key[i] as usize, self.graph.source[i]);
        if source != NONE && self.value[key] != source {
            return false;
        }
        if self.graph.writes[i] == 0 {
            return true;
        }
        let nobody_minds = if source == NONE {
            self.unread[key] == 0 && self.graph.readers.of(operation).is_empty()
        } else {
            self.unread[key] == 1
        };
        nobody_minds && self.is_due(operation)
    }

    /// Whether all has been done that must come before.
    fn is_due(&self, operation: u32) -> bool {
        self.before.of(operation).iter().all(|other| {
            let (thread, place) = self.graph.places[*other as usize];
            self.places[thread as usize] > place
        })
    }

    /// The writes that may come next, the last one first.
    fn candidates(&self) -> Vec<u32> {
        let heads = (0..self.places.len()).filter_map(|thread| self.head(thread));
        let may_come = |operation: &u32| {
            let i = *operation as usize;
            let is_write = self.graph.source[i] == NONE;
            is_write && self.unread[self.graph.key[i] as usize] == 0 && self.is_due(*operation)
        };
        let mut found: Vec<u32> = heads.filter(may_come).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    fn place(&mut self, operation: u32) {
        let i = operation as usize;
        let (key, thread) = (self.graph.key[i] as usize, self.graph.places[i].0 as usize);
        self.undo.push((self.value[key], self.unread[key]));
        if self.graph.source[i] != NONE {
            self.unread[key] -= 1;
        }
        if self.graph.writes[i] != 0 {
            self.value[key] = operation;
            self.unread[key] = self.graph.readers.of(operation).len() as u32;
        }
        self.places[thread] += 1;
        self.vectors.step(thread, true);
        self.order.push(operation);
    }

    fn go_back(&mut self, length: usize) {
        while self.order.len() > length {
            let i = self.order.pop().expect("it is longer") as usize;
            let (key, thread) = (self.graph.key[i] as usize, self.graph.places[i].0 as usize);
            (self.value[key], self.unread[key]) = self.undo.pop().expect("it is as long");
            self.places[thread] -= 1;
            self.vectors.step(thread, false);
        }
    }
}
