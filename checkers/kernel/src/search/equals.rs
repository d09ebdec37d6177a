//! Operations that are alike: of those, only one has to be tried.

use super::mask::Mask;
use super::window::Window;
use crate::timeline::Span;

/// Of every class of operations, finds the one that returns first.
///
/// Two operations of one class that are both open are interchangeable: if an order has
/// the later one here and the earlier one further on, then swapping them gives an order
/// as well. So m of them have m + 1 subsets worth trying and not 2^m.
pub struct Equals {
    first: Vec<(u64, u32)>,
    turn: u64,
}

impl Equals {
    pub fn new(class_count: usize) -> Self {
        Equals {
            first: vec![(0, 0); class_count],
            turn: 0,
        }
    }

    /// Forgets all that was seen.
    #[inline(always)]
    pub fn begin(&mut self) {
        self.turn += 1;
    }

    /// Takes one of two equals out of a set, if the operation in a slot has an equal.
    #[inline(always)]
    pub fn reduce<M: Mask>(&mut self, window: &Window<M>, set: &mut M, slot: usize) {
        let operation = window.operation(slot);
        let span = window.timeline.span(operation);
        let seen = &mut self.first[span.class as usize];
        if seen.0 != self.turn {
            *seen = (self.turn, operation);
            return;
        }
        let other = window.timeline.span(seen.1);
        let rank = |span: &Span, operation: u32| (span.end, operation);
        if rank(span, operation) < rank(other, seen.1) {
            set.remove(other.slot as usize);
            seen.1 = operation;
        } else {
            set.remove(slot);
        }
    }
}
