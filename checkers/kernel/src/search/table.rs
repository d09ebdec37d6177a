//! Any data type, along events: the reductions that hold for all.
//!
//! * Pure operations that are legal are placed at once: in any order that goes on, one
//!   can be moved here, and nothing else notices.
//! * Of equal operations one is tried, see `equals`; and an open one only where it
//!   changes the state, for nobody misses it elsewhere.
//! * A state is given up that cannot lead to what must come, if the data type can say
//!   so. It is asked about the pure operations that return next, as they say most about
//!   the state; the others will be asked about in time.

use super::equals::Equals;
use super::mask::Mask;
use super::rules::{Choice, Choices, Rules, Trace};
use super::steps::{run, Steps};
use super::window::{Config, Window};
use crate::timeline::Timeline;

/// The number of operations that a state is held against.
const AHEAD: usize = 4;

/// A pure operation that returns, for looking ahead.
struct Sight {
    opened: u32,
    slot: u32,
    class: u32,
}

pub struct Table<T> {
    steps: T,
    equals: Equals,
    /// By return, and by position the first of these that returns from there on.
    sights: Vec<Sight>,
    first: Vec<u32>,
}

impl<T: Steps> Table<T> {
    pub fn new(steps: T, class_count: usize, timeline: &Timeline, looks_ahead: bool) -> Self {
        let mut table = Table {
            steps,
            equals: Equals::new(class_count),
            sights: Vec::new(),
            first: Vec::new(),
        };
        if looks_ahead {
            table.look_ahead(timeline);
        }
        table
    }

    fn look_ahead(&mut self, timeline: &Timeline) {
        let mut opened = vec![0; timeline.spans.len()];
        for (position, event) in timeline.events.iter().enumerate() {
            self.first.push(self.sights.len() as u32);
            let span = timeline.span(event.operation());
            if !event.is_return() {
                opened[event.operation() as usize] = position as u32;
            } else if span.is_pure() {
                self.sights.push(Sight {
                    opened: opened[event.operation() as usize],
                    slot: span.slot,
                    class: span.class,
                });
            }
        }
    }
}

impl<M: Mask, T: Steps> Rules<M> for Table<T> {
    fn initial(&self) -> u32 {
        0
    }

    #[inline(always)]
    fn settle(&mut self, window: &mut Window<M>, config: &mut Config<M>, trace: &mut impl Trace) {
        loop {
            window.advance(config);
            let mut placed = false;
            let mut rest = window.pending(config);
            while let Some(slot) = rest.pop() {
                if !window.pure.has(slot) {
                    continue;
                }
                let operation = window.operation(slot);
                let class = window.timeline.span(operation).class;
                if self.steps.step(config.state, class) >= 0 {
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
        let mut places = window.pending(config).without(&window.pure);
        let mut rest = places.clone();
        while let Some(slot) = rest.pop() {
            let class = window.timeline.span(window.operation(slot)).class;
            let next = self.steps.step(config.state, class);
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
    fn is_hopeless(&mut self, window: &Window<M>, config: &Config<M>) -> bool {
        let Some(first) = self.first.get(config.position as usize) else {
            return false;
        };
        let is_left = |sight: &&Sight| {
            sight.opened >= config.position || !config.placed.has(sight.slot as usize)
        };
        let ahead = self.sights[*first as usize..].iter().filter(is_left);
        debug_assert!(window.timeline.events.len() == self.first.len());
        let steps = &mut self.steps;
        ahead
            .take(AHEAD)
            .any(|sight| !steps.can_lead(config.state, sight.class))
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
        config.state = self.steps.step(config.state, span.class).max(0) as u32;
        config.placed.insert(span.slot as usize);
        trace.placed(operation);
        trace.step();
    }

    fn state_after(&mut self, order: &[u32], timeline: &Timeline) -> u32 {
        let classes = order
            .iter()
            .map(|operation| timeline.span(*operation).class);
        run(&mut self.steps, classes)
    }

    fn failed(&self) -> bool {
        self.steps.failed()
    }

    fn hand_over(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.steps, &mut other.steps);
    }
}
