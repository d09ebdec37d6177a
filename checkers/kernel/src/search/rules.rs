//! What a search asks of a data type.

use super::mask::Mask;
use super::window::{Config, Window};
use crate::timeline::Timeline;

/// Placing an operation; or, of a hidden one, doing without any effect of it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Choice(u32);

impl Choice {
    const DISCHARGE: u32 = 1 << 31;

    pub fn place(operation: u32) -> Self {
        Choice(operation)
    }

    pub fn discharge(operation: u32) -> Self {
        Choice(operation | Self::DISCHARGE)
    }

    #[inline(always)]
    pub fn operation(self) -> u32 {
        self.0 & !Self::DISCHARGE
    }

    #[inline(always)]
    pub fn is_discharge(self) -> bool {
        self.0 & Self::DISCHARGE != 0
    }
}

/// The ways on from a configuration.
#[derive(Clone)]
pub struct Choices<M> {
    /// Whether the operation that is due is hidden, and may be discharged.
    pub discharge: bool,
    /// The operations to place, by slot.
    pub places: M,
}

impl<M: Mask> Choices<M> {
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        !self.discharge && self.places.is_empty()
    }

    /// Takes the next choice: a discharge, the operation that is due, then the one
    /// that returns first, and of those that never return the one called first.
    #[inline(always)]
    pub fn next(&mut self, window: &Window<M>) -> Option<Choice> {
        if std::mem::take(&mut self.discharge) {
            return Some(Choice::discharge(window.due()));
        }
        let mut rest = self.places.clone();
        let mut best = (window.operation(rest.pop()?), u32::MAX);
        best.1 = window.timeline.span(best.0).end;
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let rank = (window.timeline.span(operation).end, operation);
            if rank < (best.1, best.0) {
                best = (operation, rank.0);
            }
        }
        let slot = window.timeline.span(best.0).slot as usize;
        self.places.remove(slot);
        Some(Choice::place(best.0))
    }
}

/// Where a hidden operation may be placed.
#[derive(Clone, Copy)]
pub enum Place {
    /// Next in order.
    Here,
    /// Where it was called: before those of this step that were called after it.
    AtCall,
    /// Before the last so many that were placed.
    Before(usize),
}

/// Follows what happens to operations; `()` does not, at no cost.
pub trait Trace {
    /// An operation is placed, next in order.
    fn placed(&mut self, operation: u32);
    /// An operation is hidden.
    fn hidden(&mut self, operation: u32, place: Place);
    /// A hidden operation is placed where it was hidden first.
    fn discharged(&mut self, operation: u32);
    /// A step ends. Those it placed go by number.
    fn step(&mut self);
}

impl Trace for () {
    #[inline(always)]
    fn placed(&mut self, _: u32) {}
    #[inline(always)]
    fn hidden(&mut self, _: u32, _: Place) {}
    #[inline(always)]
    fn discharged(&mut self, _: u32) {}
    #[inline(always)]
    fn step(&mut self) {}
}

/// The data type, and with it the reductions that hold for it.
pub trait Rules<M: Mask> {
    /// The first state.
    fn initial(&self) -> u32;

    /// Does at once what never needs a choice, and moves on as far as that leads.
    fn settle(&mut self, window: &mut Window<M>, config: &mut Config<M>, trace: &mut impl Trace);

    /// Returns the ways on that have to be tried.
    fn choices(&mut self, window: &Window<M>, config: &Config<M>) -> Choices<M>;

    /// Whether something that has to be placed never can be.
    fn is_hopeless(&mut self, _: &Window<M>, _: &Config<M>) -> bool {
        false
    }

    /// Follows one of them.
    fn take(
        &mut self,
        window: &Window<M>,
        config: &mut Config<M>,
        choice: Choice,
        trace: &mut impl Trace,
    );

    /// Returns the state after an order of operations.
    fn state_after(&mut self, order: &[u32], timeline: &Timeline) -> u32;

    /// Whether the data type could not be asked; then nothing is known.
    fn failed(&self) -> bool {
        false
    }

    /// Gives what is known of the data type to the rules of another search.
    fn hand_over(&mut self, _: &mut Self) {}
}
