//! From choices to an order of operations.
//!
//! A search keeps choices only. Following them once more, with a trace, tells all that
//! was placed without a choice. A hidden write belongs before the write that hid it,
//! which may be long before the choice that discharged it.

use super::mask::Mask;
use super::rules::{Choice, Rules, Trace};
use super::window::Window;
use crate::timeline::Timeline;

/// Where operations were placed, and where hidden ones may be.
struct Record {
    order: Vec<u32>,
    /// By operation: how many operations precede it if it is hidden.
    hidden: Vec<u32>,
    /// Hidden operations that were discharged, each with its place.
    discharged: Vec<(u32, u32)>,
}

const NOWHERE: u32 = u32::MAX;

impl Trace for Record {
    fn placed(&mut self, operation: u32) {
        self.order.push(operation);
    }

    fn hidden(&mut self, operation: u32, back: usize) {
        let place = &mut self.hidden[operation as usize];
        if *place == NOWHERE {
            *place = (self.order.len() - back) as u32;
        }
    }

    fn discharged(&mut self, operation: u32) {
        let place = self.hidden[operation as usize];
        assert!(place != NOWHERE, "only a hidden operation is discharged");
        self.discharged.push((place, operation));
    }
}

/// Returns the order of operations that choices stand for.
pub fn order<M: Mask>(
    timeline: &Timeline,
    rules: &mut impl Rules<M>,
    choices: &[Choice],
) -> Vec<u32> {
    let mut window = Window::new(timeline);
    let mut config = window.start(rules.initial());
    let mut record = Record {
        order: Vec::new(),
        hidden: vec![NOWHERE; timeline.spans.len()],
        discharged: Vec::new(),
    };
    rules.settle(&mut window, &mut config, &mut record);
    for choice in choices {
        rules.take(&window, &mut config, *choice, &mut record);
        rules.settle(&mut window, &mut config, &mut record);
    }
    record.merge()
}

impl Record {
    /// Puts the discharged operations in their places.
    ///
    /// In one place, those that repeat the state come first, as they came first.
    fn merge(mut self) -> Vec<u32> {
        if self.discharged.is_empty() {
            return self.order;
        }
        self.discharged.sort_by_key(|(place, _)| *place);
        let mut merged = Vec::with_capacity(self.order.len() + self.discharged.len());
        let mut rest = self.discharged.into_iter().peekable();
        for (i, operation) in self.order.into_iter().enumerate() {
            while let Some((_, hidden)) = rest.next_if(|(place, _)| *place as usize <= i) {
                merged.push(hidden);
            }
            merged.push(operation);
        }
        merged.extend(rest.map(|(_, hidden)| hidden));
        merged
    }
}
