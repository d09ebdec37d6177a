//! Any data type: states and classes are numbers, and steps come from a table.
//!
//! A step that the table lacks is asked for once, so a data type that is written in
//! another language costs a call for each pair of a state and a class that occurs, and
//! the search runs at the speed of the kernel. Reductions: pure operations that are
//! legal are placed at once (moving one earlier never hurts another), of equal operations
//! one is tried, and an open one only where it changes the state.

use super::equals::Equals;
use super::mask::Mask;
use super::rules::{Choice, Choices, Rules, Trace};
use super::window::{Config, Window};
use crate::timeline::Timeline;

/// What a step from a state gives where an operation is illegal.
pub const ILLEGAL: i64 = -1;

/// Where unknown steps come from.
pub trait Automaton {
    /// Returns the state after an operation of a class, or `ILLEGAL`; None if it could
    /// not be found out, which ends the search.
    fn step(&mut self, state: u32, class: u32) -> Option<i64>;
}

impl Automaton for Box<dyn Automaton + Send + '_> {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        (**self).step(state, class)
    }
}

const FAILED: i64 = -2;
const EMPTY: u64 = u64::MAX;

/// Steps by state and class, open addressing.
struct Steps {
    cells: Vec<(u64, i64)>,
    used: usize,
}

impl Steps {
    fn find(&self, key: u64) -> usize {
        let last = self.cells.len() - 1;
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash ^ hash >> 32) as usize & last;
        while self.cells[at].0 != key && self.cells[at].0 != EMPTY {
            at = (at + 1) & last;
        }
        at
    }

    fn set(&mut self, at: usize, key: u64, next: i64) {
        self.cells[at] = (key, next);
        self.used += 1;
        if self.used * 2 > self.cells.len() {
            let larger = vec![(EMPTY, 0); self.cells.len() * 2];
            for cell in std::mem::replace(&mut self.cells, larger) {
                if cell.0 != EMPTY {
                    let at = self.find(cell.0);
                    self.cells[at] = cell;
                }
            }
        }
    }
}

/// The reductions that hold for every data type.
pub struct Table<A> {
    automaton: A,
    steps: Steps,
    equals: Equals,
    failed: bool,
}

impl<A: Automaton> Table<A> {
    pub fn new(automaton: A, class_count: usize) -> Self {
        Table {
            automaton,
            steps: Steps {
                cells: vec![(EMPTY, 0); 256],
                used: 0,
            },
            equals: Equals::new(class_count),
            failed: false,
        }
    }

    #[inline(always)]
    fn step(&mut self, state: u32, class: u32) -> i64 {
        let key = u64::from(state) << 32 | u64::from(class);
        let at = self.steps.find(key);
        let cell = self.steps.cells[at];
        if cell.0 == key {
            return cell.1;
        }
        self.ask(at, key)
    }

    #[cold]
    fn ask(&mut self, at: usize, key: u64) -> i64 {
        if self.failed {
            return ILLEGAL;
        }
        let answer = self.automaton.step((key >> 32) as u32, key as u32);
        match answer {
            Some(next) if next == ILLEGAL || (0..i64::from(u32::MAX)).contains(&next) => {
                self.steps.set(at, key, next);
                next
            }
            _ => {
                self.failed = true;
                FAILED
            }
        }
    }
}

impl<M: Mask, A: Automaton> Rules<M> for Table<A> {
    fn initial(&self) -> u32 {
        0
    }

    #[inline(always)]
    fn settle(&mut self, window: &mut Window<M>, config: &mut Config<M>, trace: &mut impl Trace) {
        loop {
            window.advance(config);
            let mut placed = false;
            let mut rest = window.ready(config);
            while let Some(slot) = rest.pop() {
                if !window.pure.has(slot) {
                    continue;
                }
                let operation = window.operation(slot);
                if self.step(config.state, window.timeline.span(operation).class) >= 0 {
                    config.placed.insert(slot);
                    trace.placed(operation);
                    placed = true;
                }
            }
            trace.step();
            if !placed {
                return;
            }
        }
    }

    #[inline(always)]
    fn choices(&mut self, window: &Window<M>, config: &Config<M>) -> Choices<M> {
        self.equals.begin();
        let ready = window.ready(config);
        let mut places = ready.without(&window.pure);
        let mut rest = places.clone();
        while let Some(slot) = rest.pop() {
            let class = window.timeline.span(window.operation(slot)).class;
            let next = self.step(config.state, class);
            let is_idle = next == i64::from(config.state) && window.open.has(slot);
            if next < 0 || is_idle {
                places.remove(slot);
            } else {
                self.equals.reduce(window, &mut places, slot);
            }
        }
        Choices {
            discharge: false,
            places,
        }
    }

    #[inline(always)]
    fn take(
        &mut self,
        window: &Window<M>,
        config: &mut Config<M>,
        choice: Choice,
        trace: &mut impl Trace,
    ) {
        let operation = choice.operation();
        let span = window.timeline.span(operation);
        let next = self.step(config.state, span.class);
        debug_assert!(next >= 0 || self.failed);
        config.state = next.max(0) as u32;
        config.placed.insert(span.slot as usize);
        trace.placed(operation);
        trace.step();
    }

    fn state_after(&mut self, order: &[u32], timeline: &Timeline) -> u32 {
        order.iter().fold(0, |state, operation| {
            let class = timeline.span(*operation).class;
            self.step(state, class).max(0) as u32
        })
    }

    fn failed(&self) -> bool {
        self.failed
    }
}
