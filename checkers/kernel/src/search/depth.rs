//! The search in depth: follows one order as far as it leads, then goes back.
//!
//! Source: Wing and Gong, *Testing and verifying concurrent objects* (1993), with the
//! memo of Lowe (2017). Invariant: a configuration that was dropped is covered by one
//! that was explored to the end, or will be when the search goes back to it.

use super::mask::Mask;
use super::memo::Memo;
use super::path::Path;
use super::rules::{Choices, Rules};
use super::window::{Config, Window};
use super::Found;
use crate::budget::{Budget, Stop, PERIOD};

/// A configuration to which the search may return, for the ways on that are left.
struct Fork<M> {
    config: Config<M>,
    choices: Choices<M>,
    depth: usize,
}

/// A search that can be left when a budget is spent, and gone on with.
pub struct Depth<M> {
    config: Config<M>,
    forks: Vec<Fork<M>>,
    memo: Memo<M>,
    pub path: Path,
    pub nodes: u64,
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

    /// Searches on until there is an answer or the budget is spent.
    ///
    /// The window has to stand where the search was left.
    pub fn run(
        &mut self,
        rules: &mut impl Rules<M>,
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
            self.look(budget)?;
            self.nodes += 1;
            self.path.reached(self.config.position);
            let Config {
                position, state, ..
            } = self.config;
            let (settled, available) = window.standing(&self.config);
            if self.memo.insert(position, state, settled, available) {
                let choices = rules.choices(window, &self.config);
                self.forks.push(Fork {
                    config: self.config.clone(),
                    choices,
                    depth: self.path.len(),
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

    /// Takes the next way on of the last fork that has one; false if none has.
    #[inline(always)]
    fn follow(&mut self, rules: &mut impl Rules<M>, window: &mut Window<M>) -> bool {
        while let Some(fork) = self.forks.last_mut() {
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

    #[inline(always)]
    fn look(&self, budget: &Budget) -> Result<(), Stop> {
        if self.nodes >= budget.nodes {
            return Err(Stop::Nodes);
        }
        if self.memo.len() as u64 > budget.entries {
            return Err(Stop::Memory);
        }
        if self.nodes % PERIOD == 0 {
            budget.interrupted().map_or(Ok(()), Err)?;
        }
        Ok(())
    }
}
