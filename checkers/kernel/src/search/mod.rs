//! The search for an order of operations that a data type allows.
//!
//! Reading order: `window` (where a search stands), `rules` (what it asks of a data
//! type), `table` (any data type), `register` (one that allows far more), `memo` (what
//! it need not visit), `depth`, `layers` (two ways to explore), `witness` (the order).

mod depth;
mod equals;
mod layers;
mod mask;
mod memo;
mod path;
mod register;
mod rules;
mod table;
mod window;
mod witness;

pub use register::View;
pub use table::{Automaton, ILLEGAL};

use crate::budget::{Budget, Stop};
use crate::timeline::{Operations, Timeline};
use depth::Depth;
use layers::Layers;
use mask::{Mask, Wide, Words};
use register::Register;
use rules::{Choice, Rules};
use table::Table;
use window::Window;

/// The answer of a search that came to its end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Found {
    Yes,
    No,
}

/// What a search has found out.
#[derive(Debug)]
pub struct Answer {
    pub outcome: Result<Found, Stop>,
    /// Yes: an order of all operations that returned, and of those open ones that it
    /// uses. Else the longest such order of a prefix of the history that was found.
    pub order: Vec<u32>,
    /// The state after it.
    pub state: u32,
    /// Configurations that were reached.
    pub nodes: u64,
}

/// How to explore.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Strategy {
    /// In depth, and in breadth when half of the budget is spent.
    Both,
    Depth,
    Layers,
}

/// A search that answers, or stops when a budget is spent and can be gone on with.
pub trait Solver: Send {
    /// Searches in depth. The budget counts from the beginning.
    fn descend(&mut self, budget: &Budget) -> Result<Found, Stop>;

    /// Searches in breadth, from the beginning, and forgets the search in depth.
    fn sweep(&mut self, budget: &Budget) -> Result<Found, Stop>;

    /// Nodes so far.
    fn nodes(&self) -> u64;

    /// Returns the order that led furthest, and the state after it.
    fn order(&mut self) -> (Vec<u32>, u32);
}

struct Engine<'a, M, R> {
    rules: R,
    window: Window<'a, M>,
    depth: Depth<M>,
    spent: u64,
    deepest: (u32, Vec<Choice>),
}

impl<'a, M: Mask, R: Rules<M>> Engine<'a, M, R> {
    fn new(rules: R, timeline: &'a Timeline) -> Self {
        let window = Window::new(timeline);
        let depth = Depth::new(window.start(rules.initial()));
        Engine {
            rules,
            window,
            depth,
            spent: 0,
            deepest: (0, Vec::new()),
        }
    }

    fn remember(&mut self, position: u32, choices: Vec<Choice>) {
        if position >= self.deepest.0 {
            self.deepest = (position, choices);
        }
    }
}

impl<M: Mask + Send, R: Rules<M> + Send> Solver for Engine<'_, M, R> {
    fn descend(&mut self, budget: &Budget) -> Result<Found, Stop> {
        let found = self.depth.run(&mut self.rules, &mut self.window, budget);
        self.remember(
            self.depth.path.position(),
            self.depth.path.deepest().to_vec(),
        );
        found
    }

    fn sweep(&mut self, budget: &Budget) -> Result<Found, Stop> {
        self.spent += self.depth.nodes;
        self.window = Window::new(self.window.timeline);
        self.depth = Depth::new(self.window.start(self.rules.initial()));
        let mut layers = Layers::new();
        let rest = Budget {
            nodes: budget.nodes.saturating_sub(self.spent),
            ..*budget
        };
        let found = layers.run(&mut self.rules, &mut self.window, &rest);
        self.spent += layers.nodes;
        let (position, choices) = layers.deepest();
        self.remember(position, choices);
        self.window = Window::new(self.window.timeline);
        found
    }

    fn nodes(&self) -> u64 {
        self.spent + self.depth.nodes
    }

    fn order(&mut self) -> (Vec<u32>, u32) {
        let timeline = self.window.timeline;
        let order = witness::order::<M>(timeline, &mut self.rules, &self.deepest.1);
        let state = self.rules.state_after(&order, timeline);
        (order, state)
    }
}

/// What the operations of a problem do.
pub enum DataType<'a> {
    Register(&'a View),
    Table {
        pure: &'a [bool],
        automaton: Box<dyn Automaton + Send + 'a>,
    },
}

impl DataType<'_> {
    pub fn pure(&self) -> Vec<bool> {
        match self {
            DataType::Register(view) => view.pure(),
            DataType::Table { pure, .. } => pure.to_vec(),
        }
    }
}

/// Returns a search for an order of operations, as wide as it has to be.
pub fn solver<'a>(
    operations: &Operations,
    timeline: &'a Timeline,
    data_type: DataType<'a>,
) -> Box<dyn Solver + 'a> {
    match timeline.slot_count {
        0..=64 => of_width::<Words<1>>(operations, timeline, data_type),
        65..=128 => of_width::<Words<2>>(operations, timeline, data_type),
        129..=256 => of_width::<Words<4>>(operations, timeline, data_type),
        257..=512 => of_width::<Words<8>>(operations, timeline, data_type),
        _ => of_width::<Wide>(operations, timeline, data_type),
    }
}

fn of_width<'a, M: Mask + Send + 'a>(
    operations: &Operations,
    timeline: &'a Timeline,
    data_type: DataType<'a>,
) -> Box<dyn Solver + 'a> {
    match data_type {
        DataType::Register(view) => {
            let rules = Register::new(view, operations, timeline);
            Box::new(Engine::<M, Register>::new(rules, timeline))
        }
        DataType::Table { pure, automaton } => {
            let rules = Table::new(automaton, pure.len());
            Box::new(Engine::<M, Table<_>>::new(rules, timeline))
        }
    }
}

/// Searches for an order of operations within a budget.
pub fn search(solver: &mut dyn Solver, strategy: Strategy, budget: &Budget) -> Answer {
    let outcome = match strategy {
        Strategy::Depth => solver.descend(budget),
        Strategy::Layers => solver.sweep(budget),
        Strategy::Both => {
            let half = Budget {
                nodes: budget.nodes.div_ceil(2),
                ..*budget
            };
            match solver.descend(&half) {
                Err(Stop::Nodes | Stop::Memory) => solver.sweep(budget),
                found => found,
            }
        }
    };
    answer(solver, outcome)
}

/// Returns an outcome with the order that proves it, or comes nearest.
pub fn answer(solver: &mut dyn Solver, outcome: Result<Found, Stop>) -> Answer {
    let (order, state) = match outcome {
        Err(Stop::Failed) => (Vec::new(), 0),
        _ => solver.order(),
    };
    Answer {
        outcome,
        order,
        state,
        nodes: solver.nodes(),
    }
}
