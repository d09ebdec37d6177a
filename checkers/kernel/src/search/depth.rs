//! The search in depth: follows one order as far as it leads, then goes back.
//!
//! Source: Wing and Gong, *Testing and verifying concurrent objects* (1993), with the
//! memo of Lowe (2017). Invariant: what was dropped is covered by a configuration that
//! was explored to the end, or will be when the search goes back to it.

use super::engine::Way;
use super::mask::Mask;
use super::memo::{Entry, Memo};
use super::path::Path;
use super::rules::{Choice, Choices, Rules};
use super::window::{Config, Window};
use super::Found;
use crate::budget::{Budget, Stop};

/// A configuration to which the search may return, for the ways on that are left.
struct Fork<M> {
    config: Config<M>,
    choices: Choices<M>,
    depth: usize,
    entry: Entry,
}

/// A search that can be left when a budget is spent, and gone on with.
pub struct Depth<M> {
    config: Config<M>,
    forks: Vec<Fork<M>>,
    memo: Memo<M>,
    path: Path,
    nodes: u64,
}

impl<M: Mask> Depth<M> {
    pub fn new(start: Config<M>) -> Self {
        Depth {
            config: start,
            forks: Vec::new(),
            memo: Memo::new(),
            path: Path::new(),
            nodes: 0,
        }
    }

    /// Takes the next way on of the last fork that has one; false if none has.
    #[inline(always)]
    fn follow(&mut self, rules: &mut impl Rules<M>, window: &mut Window<M>) -> bool {
        while let Some(fork) = self.forks.last_mut() {
            if !self.memo.is_current(fork.entry) {
                self.forks.pop();
                continue;
            }
            window.rewind(fork.config.position);
            let Some(choice) = fork.choices.next(window) else {
                self.forks.pop();
                continue;
            };
            self.path.go(fork.depth, choice);
            if fork.choices.is_empty() {
                self.config = self.forks.pop().expect("it is there").config;
            } else {
                self.config = fork.config.clone();
            }
            rules.take(window, &mut self.config, choice, &mut ());
            return true;
        }
        false
    }
}

impl<M: Mask + Send, R: Rules<M>> Way<M, R> for Depth<M> {
    fn run(
        &mut self,
        rules: &mut R,
        window: &mut Window<M>,
        budget: &Budget,
    ) -> Result<Found, Stop> {
        let end = window.timeline.end();
        loop {
            rules.settle(window, &mut self.config, &mut ());
            if self.config.position == end && !rules.failed() {
                self.path.reached(end);
                return Ok(Found::Yes);
            }
            budget.look(self.nodes, self.memo.len() as u64)?;
            self.nodes += 1;
            self.path.reached(self.config.position);
            let (settled, available) = window.standing(&self.config);
            if let Some(entry) = self.memo.insert(self.config.key(), settled, available) {
                let choices = rules.choices(window, &self.config);
                self.forks.push(Fork {
                    config: self.config.clone(),
                    choices,
                    depth: self.path.len(),
                    entry,
                });
            }
            let goes_on = self.follow(rules, window);
            if rules.failed() {
                return Err(Stop::Failed);
            }
            if !goes_on {
                return Ok(Found::No);
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
