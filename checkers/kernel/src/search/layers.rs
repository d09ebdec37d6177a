//! The search in breadth: all configurations at a position before any further one.
//!
//! Source: just-in-time linearization, Lowe 2017; Knossos calls it *linear*. The same
//! configurations, choices and reductions as in depth, explored in another order: by
//! position, and there the oldest first. Invariant: when a layer is left, all that stands
//! at its position has been explored or is covered by what has been.
//! Difference from the search in depth: in depth, a configuration may be explored before
//! one that covers it is found, and all that follows again after; here, all ways to a
//! position are known before one goes on. And memory is bounded by the layers that are
//! open at a time, and eight bytes for each choice, to tell the way. A history that is
//! fine costs all layers.

use std::collections::{BTreeMap, VecDeque};

use super::engine::Way;
use super::mask::Mask;
use super::memo::{Entry, Memo};
use super::rules::{Choice, Choices, Rules};
use super::window::{Config, Window};
use super::Found;
use crate::budget::{Budget, Stop};

const ROOT: u32 = u32::MAX;

struct Fork<M> {
    config: Config<M>,
    choices: Choices<M>,
    entry: Entry,
    /// The last choice that led here, or `ROOT`.
    link: u32,
}

/// What is known at one position.
struct Layer<M> {
    memo: Memo<M>,
    forks: VecDeque<Fork<M>>,
}

/// A choice, and the one before it.
struct Link {
    choice: Choice,
    before: u32,
}

/// A search that can be left when a budget is spent, and gone on with.
pub struct Layers<M> {
    config: Config<M>,
    link: u32,
    layers: BTreeMap<u32, Layer<M>>,
    links: Vec<Link>,
    kept: usize,
    deepest: Option<(u32, u32)>,
    nodes: u64,
}

impl<M: Mask> Layers<M> {
    pub fn new(start: Config<M>) -> Self {
        Layers {
            config: start,
            link: ROOT,
            layers: BTreeMap::new(),
            links: Vec::new(),
            kept: 0,
            deepest: None,
            nodes: 0,
        }
    }

    /// The number of configurations that are kept, or as much memory.
    fn kept(&self) -> u64 {
        (self.kept + self.links.len() / 8) as u64
    }

    fn reached(&mut self) {
        let position = self.config.position;
        if self.deepest.map_or(true, |(deepest, _)| position > deepest) {
            self.deepest = Some((position, self.link));
        }
    }

    /// Adds the present configuration to its layer, unless it is covered.
    #[inline(always)]
    fn keep(&mut self, rules: &mut impl Rules<M>, window: &mut Window<M>) {
        let (settled, available) = window.standing(&self.config);
        let layer = self
            .layers
            .entry(self.config.position)
            .or_insert_with(|| Layer {
                memo: Memo::new(),
                forks: VecDeque::new(),
            });
        let before = layer.memo.len();
        let entry = layer.memo.insert(self.config.key(), settled, available);
        self.kept = self.kept + layer.memo.len() - before;
        if let Some(entry) = entry {
            let choices = rules.choices(window, &self.config);
            if !choices.is_empty() {
                layer.forks.push_back(Fork {
                    config: self.config.clone(),
                    choices,
                    entry,
                    link: self.link,
                });
            }
        }
    }

    /// Takes the next way on in the first layer that has one; false if none has.
    #[inline(always)]
    fn follow(&mut self, rules: &mut impl Rules<M>, window: &mut Window<M>) -> bool {
        while let Some(mut first) = self.layers.first_entry() {
            let position = *first.key();
            let Layer { memo, forks } = first.get_mut();
            let Some(fork) = forks.front_mut() else {
                self.kept -= first.remove().memo.len();
                continue;
            };
            if !memo.is_current(fork.entry) {
                forks.pop_front();
                continue;
            }
            window.rewind(position);
            window.skip(position);
            let choice = fork
                .choices
                .next(window)
                .expect("no fork is without choices");
            let link = fork.link;
            if fork.choices.is_empty() {
                self.config = forks.pop_front().expect("it is there").config;
            } else {
                self.config = fork.config.clone();
            }
            self.link = self.links.len() as u32;
            self.links.push(Link {
                choice,
                before: link,
            });
            rules.take(window, &mut self.config, choice, &mut ());
            return true;
        }
        false
    }
}

impl<M: Mask + Send, R: Rules<M>> Way<M, R> for Layers<M> {
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
                self.reached();
                return Ok(Found::Yes);
            }
            budget.look(self.nodes, self.kept())?;
            if self.links.len() >= ROOT as usize {
                return Err(Stop::Memory);
            }
            self.nodes += 1;
            self.reached();
            self.keep(rules, window);
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
        self.kept()
    }

    fn deepest(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        let (_, mut at) = self.deepest.unwrap_or((0, ROOT));
        while at != ROOT {
            let link = &self.links[at as usize];
            choices.push(link.choice);
            at = link.before;
        }
        choices.reverse();
        choices
    }
}
