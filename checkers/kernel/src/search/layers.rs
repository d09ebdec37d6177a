//! The search in breadth: all configurations of a layer before any of a later one.
//!
//! Source: just-in-time linearization, Lowe 2017; Knossos calls it *linear*. The same
//! configurations, choices and reductions as in depth, explored in another order: by
//! layer, and there the oldest first. Invariant: when a layer is left, all that stands
//! in it has been explored or is covered by what has been.
//! Difference from the search in depth: in depth, a configuration may be explored before
//! one that covers it is found, and all that follows again after; here, all ways to a
//! layer are known before one goes on. And memory is bounded by the layers that are open
//! at a time, and eight bytes for each choice, to tell the way. A history that is fine
//! costs all layers.

use std::collections::{BTreeMap, VecDeque};

use super::engine::{Found, Way};
use super::memo::{Entry, Memo};
use super::rules::Choice;
use super::space::Space;
use crate::budget::{Budget, Stop};

const ROOT: u32 = u32::MAX;

struct Fork<S: Space> {
    config: S::Config,
    choices: S::Choices,
    entry: Entry,
    /// The last choice that led here, or `ROOT`.
    link: u32,
}

/// What is known of one layer.
struct Layer<S: Space> {
    memo: Memo<S::Key, S::Mask>,
    forks: VecDeque<Fork<S>>,
}

/// A choice, and the one before it.
struct Link {
    choice: Choice,
    before: u32,
}

/// A search that can be left when a budget is spent, and gone on with.
pub struct Layers<S: Space> {
    config: S::Config,
    link: u32,
    layers: BTreeMap<u32, Layer<S>>,
    links: Vec<Link>,
    kept: usize,
    /// Progress and last choice of the configuration that came furthest.
    deepest: Option<(u32, u32)>,
    nodes: u64,
}

impl<S: Space> Layers<S> {
    pub fn new(start: S::Config) -> Self {
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

    fn reached(&mut self, progress: u32) {
        if self.deepest.map_or(true, |(deepest, _)| progress > deepest) {
            self.deepest = Some((progress, self.link));
        }
    }

    /// Adds the present configuration to its layer, unless it is covered.
    #[inline(always)]
    fn visit(&mut self, space: &mut S) {
        self.nodes += 1;
        self.reached(space.progress(&self.config));
        if space.is_hopeless(&self.config) {
            return;
        }
        let (key, settled, available) = space.standing(&self.config);
        let layer = self.layers.entry(space.layer(&self.config));
        let layer = layer.or_insert_with(|| Layer {
            memo: Memo::with_capacity(4),
            forks: VecDeque::new(),
        });
        let before = layer.memo.len();
        let entry = layer.memo.insert(key, settled, available);
        self.kept = self.kept + layer.memo.len() - before;
        if let Some(entry) = entry {
            let choices = space.choices(&self.config);
            if !space.is_dead_end(&choices) {
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
    fn follow(&mut self, space: &mut S) -> bool {
        while let Some(mut first) = self.layers.first_entry() {
            let Layer { memo, forks } = first.get_mut();
            let Some(fork) = forks.front_mut() else {
                self.kept -= first.remove().memo.len();
                continue;
            };
            if !memo.is_current(fork.entry) {
                forks.pop_front();
                continue;
            }
            space.go_to(&fork.config);
            let choice = space
                .next(&mut fork.choices)
                .expect("no fork is a dead end");
            let before = fork.link;
            if space.is_dead_end(&fork.choices) {
                self.config = forks.pop_front().expect("it is there").config;
            } else {
                self.config = fork.config.clone();
            }
            self.link = self.links.len() as u32;
            self.links.push(Link { choice, before });
            space.take(&mut self.config, choice);
            return true;
        }
        false
    }
}

impl<S: Space> Way<S> for Layers<S> {
    fn run(&mut self, space: &mut S, budget: &Budget) -> Result<Found, Stop> {
        space.go_to(&self.config);
        loop {
            space.settle(&mut self.config);
            if space.failed() {
                return Err(Stop::Failed);
            }
            if space.is_end(&self.config) {
                self.reached(space.progress(&self.config));
                return Ok(Found::Yes);
            }
            budget.look(self.nodes, self.entries())?;
            if self.links.len() >= ROOT as usize {
                return Err(Stop::Memory);
            }
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
        (self.kept + self.links.len() / 8) as u64
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
