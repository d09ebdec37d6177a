//! The space of a search along the events of a history.

use std::sync::Arc;

use super::mask::Mask;
use super::rules::{Choice, Choices, Rules};
use super::space::{Key, Space};
use super::window::{Config, Window};
use super::witness;
use crate::timeline::Timeline;

/// Position and state, and the operations that have to be placed in both.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct EventKey<M> {
    place: u64,
    equal: M,
}

impl<M: Mask + Send> Key for EventKey<M> {
    #[inline(always)]
    fn spread(&self) -> u64 {
        (self.place ^ self.equal.digest()).spread()
    }
}

/// Configurations at positions of a timeline, with the reductions of a data type.
pub struct Events<M, R> {
    window: Window<M>,
    rules: R,
    /// Whether it only counts how many operations that never return are left, and does
    /// not care which. Then a no of the search is none.
    counts: bool,
}

impl<M: Mask, R: Rules<M>> Events<M, R> {
    pub fn new(timeline: &Arc<Timeline>, rules: R, counts: bool) -> Self {
        let window = Window::new(timeline);
        Events {
            window,
            rules,
            counts,
        }
    }
}

impl<M: Mask + Send, R: Rules<M> + Send> Space for Events<M, R> {
    type Config = Config<M>;
    type Choices = Choices<M>;
    type Key = EventKey<M>;
    type Mask = M;

    fn start(&self) -> Config<M> {
        self.window.start(self.rules.initial())
    }

    #[inline(always)]
    fn go_to(&mut self, config: &Config<M>) {
        self.window.go_to(config.position);
    }

    #[inline(always)]
    fn take(&mut self, config: &mut Config<M>, choice: Choice) {
        self.rules.take(&self.window, config, choice, &mut ());
    }

    #[inline(always)]
    fn settle(&mut self, config: &mut Config<M>) {
        self.rules.settle(&mut self.window, config, &mut ());
    }

    #[inline(always)]
    fn is_end(&self, config: &Config<M>) -> bool {
        config.position == self.window.timeline.end()
    }

    #[inline(always)]
    fn layer(&self, config: &Config<M>) -> u32 {
        config.position
    }

    #[inline(always)]
    fn progress(&self, config: &Config<M>) -> u32 {
        config.position
    }

    #[inline(always)]
    fn is_hopeless(&mut self, config: &Config<M>) -> bool {
        self.rules.is_hopeless(&self.window, config)
    }

    #[inline(always)]
    fn standing(&self, config: &Config<M>) -> (EventKey<M>, M, M) {
        let place = (u64::from(config.position) << 32) | u64::from(config.state);
        let (equal, settled, mut available) = self.window.standing(config);
        if self.counts {
            // As many of them, and always the first ones.
            let mut left = available.clone();
            left.intersect(&self.window.open);
            let mut all = self.window.open.clone();
            available.subtract(&left);
            while left.pop().is_some() {
                available.insert(all.pop().expect("there are more"));
            }
        }
        (EventKey { place, equal }, settled, available)
    }

    #[inline(always)]
    fn choices(&mut self, config: &Config<M>) -> Choices<M> {
        self.rules.choices(&self.window, config)
    }

    #[inline(always)]
    fn next(&mut self, choices: &mut Choices<M>) -> Option<Choice> {
        choices.next(&self.window)
    }

    #[inline(always)]
    fn is_dead_end(&self, choices: &Choices<M>) -> bool {
        choices.is_empty()
    }

    fn failed(&self) -> bool {
        self.rules.failed()
    }

    fn order(&mut self, choices: &[Choice]) -> Vec<u32> {
        let mut window = Window::new(&self.window.timeline);
        witness::order(&mut window, &mut self.rules, choices)
    }

    fn state_after(&mut self, order: &[u32]) -> u32 {
        self.rules.state_after(order, &self.window.timeline)
    }

    fn returns(&self, operation: u32) -> bool {
        self.window.timeline.span(operation).returns()
    }

    fn hand_over(&mut self, other: &mut Self) {
        self.rules.hand_over(&mut other.rules);
    }
}
