//! Both ways to explore, by turns, within one budget.

use super::depth::Depth;
use super::layers::Layers;
use super::rules::Choice;
use super::space::Space;
use crate::budget::{Budget, Stop};

/// The answer of a search that came to its end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Found {
    Yes,
    No,
}

/// How to explore.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Strategy {
    /// In depth and in breadth by turns.
    Both,
    Depth,
    Breadth,
}

/// What a search has found out.
#[derive(Debug)]
pub struct Answer {
    pub outcome: Result<Found, Stop>,
    /// Yes: an order of all operations that returned, and of those open ones that it
    /// uses. Else the longest such order of a part of the history that was found.
    pub order: Vec<u32>,
    /// The state after it.
    pub state: u32,
    /// Configurations that were reached.
    pub nodes: u64,
}

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
pub trait Way<S>: Send {
    /// Searches on until there is an answer or the budget is spent.
    ///
    /// Nodes are counted from the beginning.
    fn run(&mut self, space: &mut S, budget: &Budget) -> Result<Found, Stop>;

    fn nodes(&self) -> u64;

    /// The number of configurations that are kept, or as much memory.
    fn entries(&self) -> u64;

    /// The choices that led furthest.
    fn deepest(&self) -> Vec<Choice>;
}

/// Explores in depth and in breadth by turns.
///
/// Each has its own strength, and which one a history needs is not known before: turns
/// that grow cost at most a few times as much as the better one alone. When both keep
/// too much together, the one that keeps more is given up.
pub struct Engine<'s, S> {
    space: S,
    ways: Vec<Box<dyn Way<S> + 's>>,
    /// The way whose turn was the last.
    turn: usize,
    /// Of those that were given up: their nodes, and how they came furthest.
    spent: u64,
    ends: Vec<Vec<Choice>>,
}

impl<'s, S: Space + 's> Engine<'s, S> {
    pub fn new(space: S, strategy: Strategy) -> Self {
        let mut ways: Vec<Box<dyn Way<S> + 's>> = Vec::new();
        if strategy != Strategy::Breadth {
            ways.push(Box::new(Depth::new(space.start())));
        }
        if strategy != Strategy::Depth {
            ways.push(Box::new(Layers::new(space.start())));
        }
        Engine {
            space,
            ways,
            turn: 0,
            spent: 0,
            ends: Vec::new(),
        }
    }

    /// The order that has most of the operations that returned; the first of several.
    fn furthest(&mut self) -> Vec<u32> {
        let mut ends = std::mem::take(&mut self.ends);
        ends.extend(self.ways.iter().map(|way| way.deepest()));
        let mut best = (Vec::new(), None);
        for choices in ends {
            let order = self.space.order(&choices);
            let returned = order
                .iter()
                .filter(|operation| self.space.returns(**operation));
            let count = Some(returned.count());
            if count > best.1 {
                best = (order, count);
            }
        }
        best.0
    }
}

impl<'s, S: Space + 's> Solver for Engine<'s, S> {
    fn go_on(&mut self, allowance: u64, budget: &Budget) -> Result<Found, Stop> {
        let limit = self.nodes().saturating_add(budget.limits.nodes);
        for turn in 0..self.ways.len() {
            self.turn = turn;
            let (nodes, entries) = (self.nodes(), self.entries());
            let way = &mut self.ways[turn];
            let (own, kept) = (way.nodes(), way.entries());
            let room = budget.limits.entries.saturating_sub(entries - kept);
            let mine = budget.with(own + allowance.min(limit - nodes), room);
            let found = way.run(&mut self.space, &mine);
            if found != Err(Stop::Nodes) || self.nodes() >= limit {
                return found;
            }
        }
        Err(Stop::Nodes)
    }

    fn relieve(&mut self) -> bool {
        // The first of several that keep as much.
        let all = (0..self.ways.len()).rev();
        if let Some(most) = all.max_by_key(|at| self.ways[*at].entries()) {
            let way = self.ways.remove(most);
            self.spent += way.nodes();
            self.ends.push(way.deepest());
        }
        !self.ways.is_empty()
    }

    fn nodes(&self) -> u64 {
        self.spent + self.ways.iter().map(|way| way.nodes()).sum::<u64>()
    }

    fn entries(&self) -> u64 {
        self.ways.iter().map(|way| way.entries()).sum()
    }

    fn answer(&mut self, outcome: Result<Found, Stop>) -> Answer {
        let order = match outcome {
            Ok(_) => {
                let choices = self.ways[self.turn].deepest();
                self.space.order(&choices)
            }
            Err(Stop::Failed | Stop::Left) => Vec::new(),
            Err(_) => self.furthest(),
        };
        Answer {
            outcome,
            state: self.space.state_after(&order),
            order,
            nodes: self.nodes(),
        }
    }
}
