//! Both ways to explore, by turns, within one budget.

use std::sync::Arc;

use super::depth::Depth;
use super::layers::Layers;
use super::mask::Mask;
use super::rules::{Choice, Rules};
use super::window::Window;
use super::{witness, Answer, Found, Strategy};
use crate::budget::{Budget, Stop};
use crate::timeline::Timeline;

/// A search that answers, or stops when a budget is spent and can be gone on with.
pub trait Solver: Send {
    /// Visits so many nodes each way, unless there is an answer or the budget is spent.
    ///
    /// Nodes of the budget are counted from now on; a spent allowance stops for nodes too.
    fn go_on(&mut self, allowance: u64, budget: &Budget) -> Result<Found, Stop>;

    /// Gives up the way that keeps most; returns whether another one is left.
    fn relieve(&mut self) -> bool;

    /// Nodes so far.
    fn nodes(&self) -> u64;

    /// Configurations that are kept.
    fn entries(&self) -> u64;

    /// Returns an outcome with the order that proves it, or comes nearest.
    fn answer(&mut self, outcome: Result<Found, Stop>) -> Answer;
}

/// A way to explore.
pub trait Way<M, R>: Send {
    /// Searches on until there is an answer or the budget is spent.
    ///
    /// Nodes are counted from the beginning. The window has to stand where the search
    /// was left.
    fn run(
        &mut self,
        rules: &mut R,
        window: &mut Window<M>,
        budget: &Budget,
    ) -> Result<Found, Stop>;

    fn nodes(&self) -> u64;

    /// The number of configurations that are kept, or as much memory.
    fn entries(&self) -> u64;

    /// The choices that led furthest.
    fn deepest(&self) -> Vec<Choice>;
}

struct Explorer<M, R> {
    way: Box<dyn Way<M, R>>,
    window: Window<M>,
}

/// Explores in depth and in breadth by turns.
///
/// Each has its own strength, and which one a history needs is not known before: turns
/// that grow cost at most a few times as much as the better one alone. When both keep
/// too much together, the one that keeps more is given up.
pub struct Engine<M, R> {
    timeline: Arc<Timeline>,
    rules: R,
    explorers: Vec<Explorer<M, R>>,
    /// The explorer whose turn was the last.
    turn: usize,
    /// Of those that were given up: their nodes, and how they came furthest.
    spent: u64,
    ends: Vec<Vec<Choice>>,
}

impl<M, R> Engine<M, R>
where
    M: Mask + 'static,
    R: Rules<M>,
    Depth<M>: Way<M, R>,
    Layers<M>: Way<M, R>,
{
    pub fn new(rules: R, timeline: &Arc<Timeline>, strategy: Strategy) -> Self {
        let window = Window::new(timeline);
        let start = window.start(rules.initial());
        let mut ways: Vec<Box<dyn Way<M, R>>> = Vec::new();
        if strategy != Strategy::Breadth {
            ways.push(Box::new(Depth::new(start.clone())));
        }
        if strategy != Strategy::Depth {
            ways.push(Box::new(Layers::new(start)));
        }
        let explorer = |way| Explorer {
            way,
            window: window.clone(),
        };
        Engine {
            timeline: timeline.clone(),
            rules,
            explorers: ways.into_iter().map(explorer).collect(),
            turn: 0,
            spent: 0,
            ends: Vec::new(),
        }
    }
}

impl<M: Mask, R: Rules<M>> Engine<M, R> {
    fn order(&mut self, choices: &[Choice]) -> Vec<u32> {
        witness::order::<M>(&self.timeline, &mut self.rules, choices)
    }

    /// The order that has most of the operations that returned; the first of several.
    fn furthest(&mut self) -> Vec<u32> {
        let mut ends = std::mem::take(&mut self.ends);
        ends.extend(self.explorers.iter().map(|explorer| explorer.way.deepest()));
        let mut best = Vec::new();
        let mut most = None;
        for choices in ends {
            let order = self.order(&choices);
            let returned = |operation: &&u32| self.timeline.span(**operation).returns();
            let count = order.iter().filter(returned).count();
            if most.map_or(true, |most| count > most) {
                (best, most) = (order, Some(count));
            }
        }
        best
    }
}

impl<M: Mask + Send, R: Rules<M> + Send> Solver for Engine<M, R> {
    fn go_on(&mut self, allowance: u64, budget: &Budget) -> Result<Found, Stop> {
        let limit = self.nodes().saturating_add(budget.limits.nodes);
        for turn in 0..self.explorers.len() {
            self.turn = turn;
            let (nodes, entries) = (self.nodes(), self.entries());
            let Explorer { way, window } = &mut self.explorers[turn];
            let (own, kept) = (way.nodes(), way.entries());
            let room = budget.limits.entries.saturating_sub(entries - kept);
            let mine = budget.with(own + allowance.min(limit - nodes), room);
            let found = way.run(&mut self.rules, window, &mine);
            if found != Err(Stop::Nodes) || self.nodes() >= limit {
                return found;
            }
        }
        Err(Stop::Nodes)
    }

    fn relieve(&mut self) -> bool {
        let kept = |at: &usize| self.explorers[*at].way.entries();
        // The first of several that keep as much.
        let most = (0..self.explorers.len()).rev().max_by_key(kept);
        if let Some(at) = most {
            let way = self.explorers.remove(at).way;
            self.spent += way.nodes();
            self.ends.push(way.deepest());
        }
        !self.explorers.is_empty()
    }

    fn nodes(&self) -> u64 {
        let nodes = self.explorers.iter().map(|e| e.way.nodes());
        self.spent + nodes.sum::<u64>()
    }

    fn entries(&self) -> u64 {
        self.explorers.iter().map(|e| e.way.entries()).sum()
    }

    fn answer(&mut self, outcome: Result<Found, Stop>) -> Answer {
        let order = match outcome {
            Ok(_) => {
                let choices = self.explorers[self.turn].way.deepest();
                self.order(&choices)
            }
            Err(Stop::Failed | Stop::Left) => Vec::new(),
            Err(_) => self.furthest(),
        };
        let state = self.rules.state_after(&order, &self.timeline);
        Answer {
            outcome,
            order,
            state,
            nodes: self.nodes(),
        }
    }
}
