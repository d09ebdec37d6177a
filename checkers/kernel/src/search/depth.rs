//! The search in depth: follows one order as far as it leads, then goes back.
//!
//! Source: Wing and Gong, *Testing and verifying concurrent objects* (1993), with the
//! memo of Lowe (2017). Invariant: what was dropped is covered by a configuration that
//! was explored to the end, or will be when the search goes back to it.

use super::engine::{Found, Way};
use super::memo::{Entry, Memo};
use super::path::Path;
use super::rules::Choice;
use super::space::Space;
use crate::budget::{Budget, Stop};

/// A configuration to which the search may return, for the ways on that are left.
struct Fork<S: Space> {
    config: S::Config,
    choices: S::Choices,
    depth: usize,
    entry: Entry,
}

/// Configurations that most short histories do with.
const ROOM: usize = 32;

/// A search that can be left when a budget is spent, and gone on with.
pub struct Depth<S: Space> {
    config: S::Config,
    forks: Vec<Fork<S>>,
    memo: Memo<S::Key, S::Mask>,
    path: Path,
    nodes: u64,
}

impl<S: Space> Depth<S> {
    pub fn new(start: S::Config) -> Self {
        Depth {
            config: start,
            forks: Vec::with_capacity(ROOM),
            memo: Memo::with_capacity(ROOM),
            path: Path::new(),
            nodes: 0,
        }
    }

    /// Remembers the present configuration and the ways on, unless it is covered.
    #[inline(always)]
    fn visit(&mut self, space: &mut S) {
        self.nodes += 1;
        self.path.reached(space.progress(&self.config));
        if space.is_hopeless(&self.config) {
            return;
        }
        let (key, settled, available) = space.standing(&self.config);
        if let Some(entry) = self.memo.insert(key, settled, available) {
            let choices = space.choices(&self.config);
            if !space.is_dead_end(&choices) {
                self.forks.push(Fork {
                    config: self.config.clone(),
                    choices,
                    depth: self.path.len(),
                    entry,
                });
            }
        }
    }

    /// Takes the next way on of the last fork that has one; false if none has.
    #[inline(always)]
    fn follow(&mut self, space: &mut S) -> bool {
        while let Some(fork) = self.forks.last_mut() {
            if !self.memo.is_current(fork.entry) {
                self.forks.pop();
                continue;
            }
            space.go_to(&fork.config);
            let choice = space
                .next(&mut fork.choices)
                .expect("no fork is a dead end");
            self.path.go(fork.depth, choice);
            if space.is_dead_end(&fork.choices) {
                self.config = self.forks.pop().expect("it is there").config;
            } else {
                self.config = fork.config.clone();
            }
            space.take(&mut self.config, choice);
            return true;
        }
        false
    }
}

impl<S: Space> Way<S> for Depth<S> {
    fn run(&mut self, space: &mut S, budget: &Budget) -> Result<Found, Stop> {
        space.go_to(&self.config);
        loop {
            space.settle(&mut self.config);
            if space.failed() {
                return Err(Stop::Failed);
            }
            if space.is_end(&self.config) {
                self.path.reached(space.progress(&self.config));
                return Ok(Found::Yes);
            }
            budget.look(self.nodes, self.memo.len() as u64)?;
            self.visit(space);
            if !self.follow(space) {
                return if space.failed() {
                    Err(Stop::Failed)
                } else {
                    Ok(Found::No)
                };
            }
        }
    }

    fn nodes(&self) -> u64 {
        self.nodes
    }

    fn entries(&self) -> u64 {
        self.memo.len() as u64
    }

    fn deepest(&self) -> Vec<Choice> {
        self.path.deepest().to_vec()
    }
}
