//! The search in breadth: all configurations at a position before any further one.
//!
//! Source: just-in-time linearization, Lowe 2017; Knossos calls it *linear*. The same
//! configurations, choices and reductions as in depth, explored in another order: by
//! position. Invariant: when a layer is left, every configuration at its position is
//! explored or covered by one that is.
//! Difference from the search in depth: the memo holds one position only, so memory is
//! bounded by the widest layer (and eight bytes for each choice, to tell the way), and a
//! refutation is two to three times as fast. A history that is fine costs all layers.

use std::collections::BTreeMap;

use super::mask::Mask;
use super::memo::Memo;
use super::rules::{Choice, Rules};
use super::window::{Config, Window};
use super::Found;
use crate::budget::{Budget, Stop, PERIOD};

const ROOT: u32 = u32::MAX;

struct Reached<M> {
    config: Config<M>,
    /// The last choice that led here, or `ROOT`.
    link: u32,
}

/// A choice, and the one before it.
struct Link {
    choice: Choice,
    before: u32,
}

pub struct Layers<M> {
    layers: BTreeMap<u32, Vec<Reached<M>>>,
    memo: Memo<M>,
    links: Vec<Link>,
    waiting: usize,
    deepest: (u32, u32),
    pub nodes: u64,
}

impl<M: Mask> Layers<M> {
    pub fn new() -> Self {
        Layers {
            layers: BTreeMap::new(),
            memo: Memo::new(),
            links: Vec::new(),
            waiting: 0,
            deepest: (0, ROOT),
            nodes: 0,
        }
    }

    /// The choices that led furthest, and the position that they led to.
    pub fn deepest(&self) -> (u32, Vec<Choice>) {
        let mut choices = Vec::new();
        let (position, mut at) = self.deepest;
        while at != ROOT {
            let link = &self.links[at as usize];
            choices.push(link.choice);
            at = link.before;
        }
        choices.reverse();
        (position, choices)
    }

    /// Searches until there is an answer or the budget is spent.
    ///
    /// The window has to stand at the beginning.
    pub fn run(
        &mut self,
        rules: &mut impl Rules<M>,
        window: &mut Window<M>,
        budget: &Budget,
    ) -> Result<Found, Stop> {
        let mut start = window.start(rules.initial());
        rules.settle(window, &mut start, &mut ());
        self.keep(start, ROOT);
        while let Some((position, mut layer)) = self.layers.pop_first() {
            if position == window.timeline.end() {
                return Ok(Found::Yes);
            }
            window.skip(position);
            self.memo.clear();
            while let Some(reached) = layer.pop() {
                self.waiting -= 1;
                self.nodes += 1;
                self.look(budget)?;
                self.explore(reached, rules, window, &mut layer);
                if rules.failed() {
                    return Err(Stop::Failed);
                }
            }
        }
        Ok(Found::No)
    }

    #[inline(always)]
    fn explore(
        &mut self,
        reached: Reached<M>,
        rules: &mut impl Rules<M>,
        window: &mut Window<M>,
        layer: &mut Vec<Reached<M>>,
    ) {
        let Reached { config, link } = reached;
        let (settled, available) = window.standing(&config);
        if !self
            .memo
            .insert(config.position, config.state, settled, available)
        {
            return;
        }
        let mut choices = rules.choices(window, &config);
        while let Some(choice) = choices.next(window) {
            let mut next = config.clone();
            rules.take(window, &mut next, choice, &mut ());
            rules.settle(window, &mut next, &mut ());
            window.rewind(config.position);
            let way = self.links.len() as u32;
            self.links.push(Link {
                choice,
                before: link,
            });
            if next.position == config.position {
                self.waiting += 1;
                layer.push(Reached {
                    config: next,
                    link: way,
                });
            } else {
                self.keep(next, way);
            }
        }
    }

    fn keep(&mut self, config: Config<M>, link: u32) {
        if config.position > self.deepest.0 {
            self.deepest = (config.position, link);
        }
        self.waiting += 1;
        let layer = self.layers.entry(config.position).or_default();
        layer.push(Reached { config, link });
    }

    #[inline(always)]
    fn look(&self, budget: &Budget) -> Result<(), Stop> {
        if self.nodes >= budget.nodes {
            return Err(Stop::Nodes);
        }
        let kept = self.memo.len() + self.waiting + self.links.len() / 4;
        if kept as u64 > budget.entries || self.links.len() >= (ROOT - 1) as usize {
            return Err(Stop::Memory);
        }
        if self.nodes % PERIOD == 0 {
            budget.interrupted().map_or(Ok(()), Err)?;
        }
        Ok(())
    }
}
