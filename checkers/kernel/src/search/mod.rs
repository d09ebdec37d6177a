//! The search for an order of operations that a data type allows.
//!
//! Reading order: `space` (what is searched), `window` (where a search along events
//! stands), `rules` (what it asks of a data type), `events` (both together), `chains` (the other
//! space), `steps` (states as numbers), `table` (any data type), `register` (one that allows far more), `memo` (what
//! it need not visit), `depth` and `layers` (two ways to explore), `engine` (by turns),
//! `witness` (the order).

mod chains;
mod depth;
mod engine;
mod equals;
mod events;
mod layers;
mod mask;
mod memo;
mod path;
mod register;
mod rules;
mod space;
mod steps;
mod table;
mod window;
mod witness;

pub use engine::{Answer, Found, Solver, Strategy};
pub use register::{Kind, View};
pub use steps::{Automaton, ILLEGAL};

use crate::timeline::{Malformed, Operations, Timeline};
use chains::{Chains, Layout};
use engine::Engine;
use events::Events;
use mask::{Mask, Wide, Words};
use register::Register;
use steps::{Steps, Told};
use table::Table;

/// What the operations of a problem do.
pub enum DataType<'a> {
    Register(View),
    Table {
        /// By class: whether it changes the state in no state where it is legal.
        pure: Vec<bool>,
        automaton: Box<dyn Automaton + 'a>,
    },
}

impl DataType<'_> {
    pub fn pure(&self) -> Vec<bool> {
        match self {
            DataType::Register(view) => view.pure(),
            DataType::Table { pure, .. } => pure.clone(),
        }
    }
}

/// Returns a search for an order of operations, as wide as it has to be.
///
/// In real time it goes along events. If it is processes that keep their order, it goes
/// along them.
pub fn solver<'a>(
    operations: &Operations,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Result<Box<dyn Solver + 'a>, Malformed> {
    let pure = data_type.pure();
    if operations.processes.is_empty() {
        let timeline = Timeline::new(operations, &pure)?;
        let make = match timeline.slot_count {
            0..=64 => along_events::<Words<1>>,
            65..=128 => along_events::<Words<2>>,
            129..=256 => along_events::<Words<4>>,
            257..=512 => along_events::<Words<8>>,
            _ => along_events::<Wide>,
        };
        return Ok(make(operations, timeline, data_type, strategy));
    }
    let layout = Layout::new(operations, &pure)?;
    let make = match layout.bits {
        0..=64 => along_chains::<Words<1>>,
        65..=256 => along_chains::<Words<4>>,
        _ => along_chains::<Wide>,
    };
    Ok(make(operations, layout, data_type, strategy))
}

fn along_events<'a, M: Mask + Send + 'static>(
    operations: &Operations,
    timeline: Timeline,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    match data_type {
        DataType::Register(view) => {
            let rules = Register::new(&view, operations, &timeline);
            Box::new(Engine::new(Events::<M, _>::new(timeline, rules), strategy))
        }
        DataType::Table { pure, automaton } => {
            let rules = Table::new(Told::new(automaton), pure.len(), &timeline);
            Box::new(Engine::new(Events::<M, _>::new(timeline, rules), strategy))
        }
    }
}

fn along_chains<'a, M: Mask + Send + 'static>(
    operations: &Operations,
    layout: Layout,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    let count = data_type.pure().len();
    let steps: Box<dyn Steps + 'a> = match data_type {
        DataType::Register(view) => Box::new(view),
        DataType::Table { automaton, .. } => Box::new(Told::new(automaton)),
    };
    let space = Chains::<M>::new(operations, layout, count, steps);
    Box::new(Engine::new(space, strategy))
}
