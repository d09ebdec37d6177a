//! All ways to explore, by turns, within one budget.

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
    /// All ways that there are, by turns.
    Both,
    Depth,
    Breadth,
    /// One that saves what never returned, and refutes nothing; in depth for all that is
    /// not one register in real time.
    Thrifty,
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

/// A way to be begun.
pub struct Plan<'s, S> {
    /// Sets up its space. The first one knows the data type; others are given it.
    space: Box<dyn FnOnce() -> S + Send + 's>,
    in_breadth: bool,
    /// It gets one of so many parts of each turn.
    part: u64,
    /// Whether its no is one.
    can_refute: bool,
}

impl<'s, S> Plan<'s, S> {
    /// One that answers the question.
    pub fn whole(space: impl FnOnce() -> S + Send + 's, in_breadth: bool) -> Self {
        Plan {
            space: Box::new(space),
            in_breadth,
            part: 1,
            can_refute: true,
        }
    }

    /// One that passes over some orders, in breadth.
    pub fn thrifty(space: impl FnOnce() -> S + Send + 's) -> Self {
        Plan {
            space: Box::new(space),
            in_breadth: true,
            part: 1,
            can_refute: false,
        }
    }

    /// One that answers a stricter question, in part of a turn.
    pub fn narrow(space: impl FnOnce() -> S + Send + 's, part: u64) -> Self {
        Plan {
            space: Box::new(space),
            in_breadth: false,
            part,
            can_refute: false,
        }
    }
}

/// A way on its way.
struct Run<'s, S> {
    space: S,
    way: Box<dyn Way<S> + 's>,
    part: u64,
    can_refute: bool,
}

/// Explores several ways by turns, each of which begins where those before are long.
///
/// Each has its own strength, and which one a history needs is not known before: turns
/// that grow cost at most a few times as much as the best one alone. When all keep too
/// much together, the one that keeps most is given up.
pub struct Engine<'s, S> {
    plans: std::vec::IntoIter<Plan<'s, S>>,
    runs: Vec<Run<'s, S>>,
    /// The run whose space knows the data type, and after it has ended, its space.
    holder: usize,
    spare: Option<S>,
    /// Of those that ended without an answer: their nodes, and how far they came.
    spent: u64,
    ends: Vec<Vec<u32>>,
}

impl<'s, S: Space + 's> Engine<'s, S> {
    pub fn new(plans: Vec<Plan<'s, S>>) -> Self {
        Engine {
            plans: plans.into_iter(),
            runs: Vec::new(),
            holder: 0,
            spare: None,
            spent: 0,
            ends: Vec::new(),
        }
    }

    /// Begins the next way that was planned.
    fn begin(&mut self, plan: Plan<'s, S>) {
        let mut space = (plan.space)();
        match (self.spare.take(), self.runs.get_mut(self.holder)) {
            (Some(mut spare), _) => spare.hand_over(&mut space),
            (None, Some(holder)) => holder.space.hand_over(&mut space),
            (None, None) => (),
        }
        self.holder = self.runs.len();
        let start = space.start();
        let way: Box<dyn Way<S> + 's> = if plan.in_breadth {
            Box::new(Layers::new(start))
        } else {
            Box::new(Depth::new(start))
        };
        self.runs.push(Run {
            space,
            way,
            part: plan.part,
            can_refute: plan.can_refute,
        });
    }

    /// Lets a run know the data type.
    fn lend(&mut self, to: usize) {
        let from = std::mem::replace(&mut self.holder, to);
        if from != to {
            let (low, high) = (from.min(to), from.max(to));
            let (front, back) = self.runs.split_at_mut(high);
            front[low].space.hand_over(&mut back[0].space);
        }
    }

    /// Ends a run that has no answer, and keeps how far it came.
    fn end(&mut self, at: usize) {
        self.lend(at);
        let Run { mut space, way, .. } = self.runs.remove(at);
        self.spent += way.nodes();
        self.ends.push(space.order(&way.deepest()));
        self.holder = 0;
        match self.runs.first_mut() {
            Some(first) => space.hand_over(&mut first.space),
            None => self.spare = Some(space),
        }
    }

    /// Lets one run go on.
    fn explore(&mut self, at: usize, allowance: u64, budget: &Budget) -> Result<Found, Stop> {
        self.lend(at);
        let entries = self.entries();
        let run = &mut self.runs[at];
        let own = run.way.nodes();
        let room = budget
            .limits
            .entries
            .saturating_sub(entries - run.way.entries());
        let nodes = own + (allowance / run.part).min(budget.limits.nodes);
        run.way.run(&mut run.space, &budget.with(nodes, room))
    }

    /// The order that has most of the operations that returned; the first of several.
    fn furthest(&mut self) -> Vec<u32> {
        while !self.runs.is_empty() {
            self.end(0);
        }
        let Some(space) = &self.spare else {
            return Vec::new();
        };
        let returned = |order: &Vec<u32>| order.iter().filter(|i| space.returns(**i)).count();
        let ends = std::mem::take(&mut self.ends);
        // The first of several that have as many.
        ends.into_iter()
            .rev()
            .max_by_key(returned)
            .unwrap_or_default()
    }
}

impl<'s, S: Space + 's> Solver for Engine<'s, S> {
    fn go_on(&mut self, allowance: u64, budget: &Budget) -> Result<Found, Stop> {
        let limit = self.nodes().saturating_add(budget.limits.nodes);
        let mut at = 0;
        loop {
            if at == self.runs.len() {
                let Some(plan) = self.plans.next() else {
                    break;
                };
                self.begin(plan);
            }
            let left = budget.with(limit - self.nodes(), budget.limits.entries);
            match self.explore(at, allowance, &left) {
                Ok(Found::No) if !self.runs[at].can_refute => self.end(at),
                Err(Stop::Nodes) if self.nodes() < limit => at += 1,
                found => return found,
            }
        }
        if self.runs.is_empty() {
            // All were ways that refute nothing.
            return Err(Stop::Left);
        }
        Err(Stop::Nodes)
    }

    fn relieve(&mut self) -> bool {
        // The first of several that keep as much.
        let all = (0..self.runs.len()).rev();
        if let Some(most) = all.max_by_key(|at| self.runs[*at].way.entries()) {
            self.end(most);
        }
        !self.runs.is_empty() || self.plans.len() > 0
    }

    fn nodes(&self) -> u64 {
        self.spent + self.runs.iter().map(|run| run.way.nodes()).sum::<u64>()
    }

    fn entries(&self) -> u64 {
        self.runs.iter().map(|run| run.way.entries()).sum()
    }

    fn answer(&mut self, outcome: Result<Found, Stop>) -> Answer {
        let nodes = self.nodes();
        let (order, state) = match outcome {
            Ok(_) => {
                let Run { space, way, .. } = &mut self.runs[self.holder];
                let order = space.order(&way.deepest());
                let state = space.state_after(&order);
                (order, state)
            }
            Err(Stop::Failed | Stop::Left) => (Vec::new(), 0),
            Err(_) => {
                let order = self.furthest();
                let state = self
                    .spare
                    .as_mut()
                    .map_or(0, |space| space.state_after(&order));
                (order, state)
            }
        };
        Answer {
            outcome,
            order,
            state,
            nodes,
        }
    }
}
