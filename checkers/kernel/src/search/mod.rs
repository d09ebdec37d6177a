//! The search for an order of operations that a data type allows.
//!
//! Reading order: `window` (where a search stands), `rules` (what it asks of a data
//! type), `table` (any data type), `register` (one that allows far more), `memo` (what
//! it need not visit), `depth` and `layers` (two ways to explore), `engine` (by turns),
//! `witness` (the order).

mod depth;
mod engine;
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

pub use engine::Solver;
pub use register::View;
pub use table::{Automaton, ILLEGAL};

use std::sync::Arc;

use crate::budget::Stop;
use crate::timeline::{Operations, Timeline};
use engine::Engine;
use mask::{Mask, Wide, Words};
use register::Register;
use table::Table;

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
    /// In depth and in breadth by turns.
    Both,
    Depth,
    Breadth,
}

/// What the operations of a problem do.
pub enum DataType<'a> {
    Register(View),
    Table {
        /// By class: whether it changes the state in no state where it is legal.
        pure: Vec<bool>,
        automaton: Box<dyn Automaton + Send + 'a>,
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
pub fn solver<'a>(
    operations: &Operations,
    timeline: &Arc<Timeline>,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    match timeline.slot_count {
        0..=64 => of_width::<Words<1>>(operations, timeline, data_type, strategy),
        65..=128 => of_width::<Words<2>>(operations, timeline, data_type, strategy),
        129..=256 => of_width::<Words<4>>(operations, timeline, data_type, strategy),
        257..=512 => of_width::<Words<8>>(operations, timeline, data_type, strategy),
        _ => of_width::<Wide>(operations, timeline, data_type, strategy),
    }
}

fn of_width<'a, M: Mask + Send + 'static>(
    operations: &Operations,
    timeline: &Arc<Timeline>,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    match data_type {
        DataType::Register(view) => {
            let rules = Register::new(&view, operations, timeline);
            Box::new(Engine::<M, Register>::new(rules, timeline, strategy))
        }
        DataType::Table { pure, automaton } => {
            let rules = Table::new(automaton, pure.len());
            Box::new(Engine::<M, Table<_>>::new(rules, timeline, strategy))
        }
    }
}
