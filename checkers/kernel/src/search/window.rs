//! Where a search stands: configurations, and the operations that are open there.
//!
//! Source: just-in-time linearization (Lowe, *Testing for linearizability*, 2017), and
//! the bound by pending operations of Lee and Mathur (arXiv 2509.05586).
//!
//! A configuration stands before the first return of an operation that has not been
//! placed yet. Invariant: every operation that returned before is placed, and none that
//! opens later is. So one bit for each operation that is open there says all, whatever
//! the length of the history.
//! Difference from the naive one (Wing and Gong 1993; Lowe; Horn and Kroening 2015): it
//! keeps a bit for every operation, and takes events out of a linked list.

use std::sync::Arc;

use super::mask::Mask;
use crate::timeline::{Nature, Timeline, NONE, OPEN};

/// A state that a search may reach, and what has been placed to reach it.
#[derive(Clone)]
pub struct Config<M> {
    pub position: u32,
    pub state: u32,
    /// Of the operations that are open, those that have been placed, by slot.
    pub placed: M,
    /// Of the others, those that may be placed at some earlier point without effect.
    pub hidden: M,
}

/// What is open at a position of a timeline; moves with a configuration.
#[derive(Clone)]
pub struct Window<M> {
    pub timeline: Arc<Timeline>,
    position: u32,
    occupants: Vec<u32>,
    /// The slots that are taken.
    pub present: M,
    /// Of them, those of operations that never return.
    pub open: M,
    /// Of them, those of pure operations, and of those that are neither pure nor blind
    /// and return.
    pub pure: M,
    acting: M,
}

impl<M: Mask> Window<M> {
    /// Stands at the beginning, where nothing is open.
    pub fn new(timeline: &Arc<Timeline>) -> Self {
        let empty = M::empty(timeline.slot_count);
        Window {
            timeline: timeline.clone(),
            position: 0,
            occupants: vec![NONE; timeline.slot_count],
            present: empty.clone(),
            open: empty.clone(),
            pure: empty.clone(),
            acting: empty,
        }
    }

    /// The configuration where every search begins.
    pub fn start(&self, state: u32) -> Config<M> {
        Config {
            position: 0,
            state,
            placed: M::empty(self.timeline.slot_count),
            hidden: M::empty(self.timeline.slot_count),
        }
    }

    #[inline(always)]
    pub fn operation(&self, slot: usize) -> u32 {
        self.occupants[slot]
    }

    /// The operation whose return comes next. It has to be placed, now or later.
    #[inline(always)]
    pub fn due(&self) -> u32 {
        self.timeline.events[self.position as usize].operation()
    }

    /// Moves a configuration on to the first return of an operation not placed.
    #[inline(always)]
    pub fn advance(&mut self, config: &mut Config<M>) {
        debug_assert!(self.position == config.position);
        while let Some(event) = self.timeline.events.get(self.position as usize) {
            let operation = event.operation();
            let slot = self.timeline.span(operation).slot as usize;
            if !event.is_return() {
                self.open_up(operation);
            } else if config.placed.has(slot) {
                config.placed.remove(slot);
                config.hidden.remove(slot);
                self.present.remove(slot);
                self.pure.remove(slot);
                self.acting.remove(slot);
            } else {
                break;
            }
            self.position += 1;
        }
        config.position = self.position;
    }

    /// Stands at another position.
    #[inline(always)]
    pub fn go_to(&mut self, position: u32) {
        while self.position > position {
            self.position -= 1;
            let event = self.timeline.events[self.position as usize];
            if event.is_return() {
                self.open_up(event.operation());
            } else {
                let slot = self.timeline.span(event.operation()).slot as usize;
                self.present.remove(slot);
                self.open.remove(slot);
                self.pure.remove(slot);
                self.acting.remove(slot);
            }
        }
        while self.position < position {
            let event = self.timeline.events[self.position as usize];
            if event.is_return() {
                let slot = self.timeline.span(event.operation()).slot as usize;
                self.present.remove(slot);
                self.pure.remove(slot);
                self.acting.remove(slot);
            } else {
                self.open_up(event.operation());
            }
            self.position += 1;
        }
    }

    #[inline(always)]
    fn open_up(&mut self, operation: u32) {
        let span = *self.timeline.span(operation);
        let slot = span.slot as usize;
        self.occupants[slot] = operation;
        self.present.insert(slot);
        if span.end == OPEN {
            self.open.insert(slot);
        }
        match span.nature {
            Nature::Pure => self.pure.insert(slot),
            Nature::Acting if span.end != OPEN => self.acting.insert(slot),
            _ => (),
        }
    }

    /// The operations that are open and not placed: those that may be next.
    #[inline(always)]
    pub fn pending(&self, config: &Config<M>) -> M {
        self.present.without(&config.placed)
    }

    /// What a memo has to know: what has to be equal, what is no obligation, and what is
    /// available.
    ///
    /// An operation that returns and is neither pure nor blind has to be placed in both
    /// configurations or in none: it is in the first set. A pure operation counts as available even when it is placed: who needs it
    /// again can do without. One that never returns is no obligation.
    #[inline(always)]
    pub fn standing(&self, config: &Config<M>) -> (M, M, M) {
        let mut equal = config.placed.clone();
        equal.intersect(&self.acting);
        let settled = config.placed.with(&config.hidden).with(&self.open);
        let available = self.pending(config).with(&self.pure);
        (equal, settled, available)
    }
}
