//! From choices to an order of operations.
//!
//! A search keeps choices only. Following them once more, with a trace, tells all that
//! was placed without a choice. A hidden write belongs before the write that hid it,
//! which may be long before the choice that discharged it.

use super::mask::Mask;
use super::rules::{Choice, Place, Rules, Trace};
use super::window::Window;

/// Where operations were placed, and where hidden ones may be.
#[derive(Default)]
struct Record {
    order: Vec<u32>,
    /// The length of the order when this step began, and the number of steps.
    began: usize,
    steps: u32,
    /// By operation: how many precede it, and in which step, or `SHOWN` if it is not
    /// hidden.
    hidden: Vec<(u32, u32)>,
    /// Those that were hidden in this step, at their call.
    called: Vec<u32>,
    /// Hidden operations that were discharged.
    discharged: Vec<u32>,
}

impl Trace for Record {
    fn placed(&mut self, operation: u32) {
        self.order.push(operation);
    }

    fn hidden(&mut self, operation: u32, place: Place) {
        let count = match place {
            Place::Here => self.order.len(),
            Place::Before(last) => self.order.len() - last,
            Place::AtCall => return self.called.push(operation),
        };
        hide(&mut self.hidden, operation, count, self.steps);
    }

    fn discharged(&mut self, operation: u32) {
        self.discharged.push(operation);
    }

    fn step(&mut self) {
        let placed = &mut self.order[self.began..];
        placed.sort_unstable();
        for operation in self.called.drain(..) {
            let before = placed.partition_point(|other| *other < operation);
            hide(&mut self.hidden, operation, self.began + before, self.steps);
        }
        self.began = self.order.len();
        self.steps += 1;
    }
}

const SHOWN: (u32, u32) = (u32::MAX, u32::MAX);

/// Notes where an operation is hidden, unless it was before.
fn hide(hidden: &mut [(u32, u32)], operation: u32, count: usize, step: u32) {
    let place = &mut hidden[operation as usize];
    if *place == SHOWN {
        *place = (count as u32, step);
    }
}

/// Returns the order of operations that choices stand for. The window is a new one.
pub fn order<M: Mask>(
    window: &mut Window<M>,
    rules: &mut impl Rules<M>,
    choices: &[Choice],
) -> Vec<u32> {
    let mut config = window.start(rules.initial());
    let mut record = Record {
        hidden: vec![SHOWN; window.timeline.spans.len()],
        ..Record::default()
    };
    rules.settle(window, &mut config, &mut record);
    for choice in choices {
        rules.take(window, &mut config, *choice, &mut record);
        rules.settle(window, &mut config, &mut record);
    }
    record.merge()
}

impl Record {
    /// Puts the discharged operations in their places, and there by when they were hidden.
    fn merge(mut self) -> Vec<u32> {
        let hidden = &self.hidden;
        let place = |operation: &u32| (hidden[*operation as usize], *operation);
        self.discharged.sort_unstable_by_key(place);
        let mut merged = Vec::with_capacity(self.order.len() + self.discharged.len());
        let mut rest = self.discharged.iter().copied().peekable();
        for (i, operation) in self.order.iter().enumerate() {
            let is_here = |other: &u32| hidden[*other as usize].0 as usize <= i;
            while let Some(other) = rest.next_if(is_here) {
                merged.push(other);
            }
            merged.push(*operation);
        }
        merged.extend(rest);
        merged
    }
}
