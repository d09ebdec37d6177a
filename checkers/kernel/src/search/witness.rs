//! From choices to an order of operations.
//!
//! A search keeps choices only. Following them once more, with a trace, tells all that
//! was placed without a choice. A hidden write belongs before the write that hid it,
//! which may be long before the choice that discharged it.

use std::collections::HashMap;

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
    /// By operation, if it was hidden: how many precede it, and in which step.
    hidden: HashMap<u32, (usize, u32)>,
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
        self.hidden.entry(operation).or_insert((count, self.steps));
    }

    fn discharged(&mut self, operation: u32) {
        self.discharged.push(operation);
    }

    fn step(&mut self) {
        let placed = &mut self.order[self.began..];
        placed.sort_unstable();
        for operation in self.called.drain(..) {
            let before = placed.partition_point(|other| *other < operation);
            let hidden = self.hidden.entry(operation);
            hidden.or_insert((self.began + before, self.steps));
        }
        self.began = self.order.len();
        self.steps += 1;
    }
}

/// Returns the order of operations that choices stand for. The window is a new one.
pub fn order<M: Mask>(
    window: &mut Window<M>,
    rules: &mut impl Rules<M>,
    choices: &[Choice],
) -> Vec<u32> {
    let mut config = window.start(rules.initial());
    let mut record = Record::default();
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
        let place = |operation: &u32| (hidden[operation], *operation);
        self.discharged.sort_unstable_by_key(place);
        let mut merged = Vec::with_capacity(self.order.len() + self.discharged.len());
        let mut rest = self.discharged.iter().copied().peekable();
        for (i, operation) in self.order.iter().enumerate() {
            while let Some(other) = rest.next_if(|other| hidden[other].0 <= i) {
                merged.push(other);
            }
            merged.push(*operation);
        }
        merged.extend(rest);
        merged
    }
}
