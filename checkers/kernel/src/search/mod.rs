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
mod registers;
mod rules;
mod space;
mod steps;
mod table;
mod window;
mod witness;

use std::sync::Arc;

pub use engine::{Answer, Found, Solver, Strategy};
pub use register::{Kind, View};
pub use registers::Registers;
pub use steps::{Automaton, ILLEGAL};

use crate::timeline::{Malformed, Nature, Operations, Timeline, OPEN};
use chains::{narrowed, Chains, Layout, Sources};
use engine::{Engine, Plan};
use events::Events;
use mask::{Mask, Wide, Words};
use register::Register;
use registers::Joint;
use steps::{Steps, Told};
use table::Table;

/// What the operations of a problem do.
pub enum DataType<'a> {
    Registers(Registers),
    Table {
        /// By class: whether it changes the state in no state where it is legal.
        pure: Vec<bool>,
        automaton: Box<dyn Automaton + 'a>,
    },
}

impl<'a> DataType<'a> {
    /// The number of classes, and the data type as one that is asked.
    fn into_automaton(self) -> (usize, Box<dyn Automaton + 'a>) {
        match self {
            DataType::Registers(registers) => {
                (registers.view.kinds.len(), Box::new(Joint::new(registers)))
            }
            DataType::Table { pure, automaton } => (pure.len(), automaton),
        }
    }

    /// By class: whether it changes the state in no state where it is legal.
    pub fn pure(&self) -> Vec<bool> {
        match self {
            DataType::Registers(registers) => registers.view.pure(),
            DataType::Table { pure, .. } => pure.clone(),
        }
    }

    /// By class: what it may do. That a write is blind only counts for one register.
    fn natures(&self) -> Vec<Nature> {
        if let DataType::Registers(registers) = self {
            if registers.is_one() {
                return registers.view.natures();
            }
        }
        let nature = |pure| if pure { Nature::Pure } else { Nature::Acting };
        self.pure().into_iter().map(nature).collect()
    }
}

/// Returns a search for an order of operations, as wide as it has to be.
///
/// In real time it goes along events. If it is processes that keep their order, it goes
/// along them.
pub fn solver<'a>(
    operations: &Operations<'a>,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Result<Box<dyn Solver + 'a>, Malformed> {
    if operations.processes.is_empty() {
        let timeline = Arc::new(Timeline::new(operations, &data_type.natures())?);
        let make = match timeline.slot_count {
            0..=64 => along_events::<Words<1>>,
            65..=128 => along_events::<Words<2>>,
            129..=256 => along_events::<Words<4>>,
            257..=512 => along_events::<Words<8>>,
            _ => along_events::<Wide>,
        };
        return Ok(make(*operations, &timeline, data_type, strategy));
    }
    operations.returning()?;
    let layout = Layout::new(operations, &data_type.pure())?;
    let make = match layout.bits {
        0..=64 => along_chains::<Words<1>>,
        65..=256 => along_chains::<Words<4>>,
        _ => along_chains::<Wide>,
    };
    Ok(make(*operations, data_type, strategy))
}

/// The ways of a strategy, by whether they are in breadth.
fn ways(strategy: Strategy) -> &'static [bool] {
    match strategy {
        Strategy::Both => &[false, true],
        Strategy::Depth | Strategy::Thrifty => &[false],
        Strategy::Breadth => &[true],
    }
}

/// Operations on a register that never returned are used up by a search that goes astray,
/// and missed much later: to come back takes for ever. So between the two ways, a third
/// one goes in breadth, counts how many are left, and does not care which. It finds an
/// order where there is one most often, and refutes nothing.
fn along_events<'a, M: Mask + Send + 'static>(
    operations: Operations<'a>,
    timeline: &Arc<Timeline>,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    match data_type {
        DataType::Registers(one) if one.is_one() => {
            let plan = |in_breadth: bool, counts: bool| {
                let (timeline, view) = (timeline.clone(), one.view.clone());
                let space = move || {
                    let rules = Register::new(&view, &operations, &timeline);
                    Events::<M, _>::new(&timeline, rules, counts)
                };
                match counts {
                    true => Plan::thrifty(space),
                    false => Plan::whole(space, in_breadth),
                }
            };
            let saves = match strategy {
                Strategy::Both => operations.returns.contains(&OPEN),
                other => other == Strategy::Thrifty,
            };
            let mut plans = Vec::new();
            if matches!(strategy, Strategy::Both | Strategy::Depth) {
                plans.push(plan(false, false));
            }
            if saves {
                plans.push(plan(true, true));
            }
            if matches!(strategy, Strategy::Both | Strategy::Breadth) {
                plans.push(plan(true, false));
            }
            Box::new(Engine::new(plans))
        }
        other => {
            let (class_count, automaton) = other.into_automaton();
            let looks_ahead = automaton.looks_ahead();
            let mut first = Some(automaton);
            let plan = |in_breadth: &bool| {
                let (timeline, told) = (timeline.clone(), Told::new(first.take()));
                let space = move || {
                    let rules = Table::new(told, class_count, &timeline, looks_ahead);
                    Events::<M, _>::new(&timeline, rules, false)
                };
                Plan::whole(space, *in_breadth)
            };
            Box::new(Engine::new(ways(strategy).iter().map(plan).collect()))
        }
    }
}

/// Where operations may be late by as much as they like, a search goes astray: nothing
/// forces an early mistake to show early. Real systems, though, are seldom late by much.
/// So before the order that is asked for, stricter ones are looked at, in which operations
/// are late by a few others only, then by more.
fn along_chains<'a, M: Mask + Send + 'static>(
    operations: Operations<'a>,
    data_type: DataType<'a>,
    strategy: Strategy,
) -> Box<dyn Solver + 'a> {
    let pure: Arc<[bool]> = data_type.pure().into();
    let registers = match &data_type {
        DataType::Registers(registers) => Some(Arc::new(registers.clone())),
        DataType::Table { .. } => None,
    };
    let mut steps: Option<Box<dyn Steps + 'a>> = None;
    let mut looks_ahead = false;
    match data_type {
        DataType::Registers(one) if one.is_one() => steps = Some(Box::new(one.view)),
        other => {
            let (_, automaton) = other.into_automaton();
            looks_ahead = automaton.looks_ahead();
            steps.replace(Box::new(Told::new(Some(automaton))));
        }
    }
    let mut plan = |slack: Option<usize>, in_breadth: bool| {
        let steps = steps.take().unwrap_or_else(|| Box::new(Told::new(None)));
        let (pure, registers) = (pure.clone(), registers.clone());
        let space = move || {
            let narrow = slack.map(|slack| narrowed(&operations, slack).expect(VALID));
            let openings = narrow.as_deref().unwrap_or(operations.openings);
            let operations = Operations {
                openings,
                ..operations
            };
            let layout = Layout::new(&operations, &pure).expect(VALID);
            let sources = registers.map(|registers| Sources::<M>::new(&layout, &registers));
            let sight = chains::Sight {
                sources,
                looks_ahead,
            };
            Chains::new(&operations, layout, pure.len(), steps, sight)
        };
        match slack {
            None => Plan::whole(space, in_breadth),
            Some(_) => Plan::narrow(space, NARROW_PART),
        }
    };
    let mut plans = Vec::new();
    let mut slack = SLACK;
    while strategy == Strategy::Both && 4 * slack < operations.count() {
        plans.push(plan(Some(slack), false));
        slack *= 4;
    }
    plans.extend(
        ways(strategy)
            .iter()
            .map(|in_breadth| plan(None, *in_breadth)),
    );
    Box::new(Engine::new(plans))
}

const VALID: &str = "the operations have been laid out before";

/// Returns that the narrowest order leaves behind; each next one, four times that.
const SLACK: usize = 8;

/// Narrow orders get one of so many parts of a turn, as there are several.
const NARROW_PART: u64 = 8;
