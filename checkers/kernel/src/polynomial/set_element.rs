//! Linearizability of one element of a set, by what changed it: exact, in `n log n`.
//!
//! Source: a greedy schedule by earliest deadlines, as in `counter`, for two directions.
//!
//! An add or a remove that has changed the set is a flip; all else is an observation. Flips
//! of the two directions alternate. Walk through the events and flip only when something
//! that returns would else be missing: an observation of the other state, or a flip that
//! has not been made. If it is a flip, and the state is already there, the other flip is
//! made first. Invariant: a flip always uses the operation of its direction that returns
//! first, open ones last, so that what is left is what can wait longest; observations take
//! effect as soon as the state is theirs.
//! Difference from the naive search, which tries every flip that may come next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Verdict, Violation};
use crate::timeline::{Malformed, Operations};

/// In what a class does: it changes the set.
const FLIPS: u8 = 1;
/// In what a class does: the element is there behind it.
const PRESENT: u8 = 2;

/// Returns whether an element of a set is linearizable, given what each class does.
pub fn decide(
    operations: &Operations,
    roles: &[u8],
    is_present: bool,
) -> Result<Verdict, Malformed> {
    operations.validate(roles.len())?;
    let mut sweep = Sweep {
        operations,
        roles,
        is_present,
        placed: vec![false; operations.count()],
        order: Vec::with_capacity(operations.count()),
        flips: Default::default(),
        waiting: Default::default(),
    };
    Ok(match sweep.run() {
        Some(verdict) => verdict,
        None => Verdict::Yes(sweep.order),
    })
}

/// The walk through the events.
struct Sweep<'a> {
    operations: &'a Operations<'a>,
    roles: &'a [u8],
    is_present: bool,
    placed: Vec<bool>,
    order: Vec<u32>,
    /// By the state that they want: flips by return, and observations.
    flips: [BinaryHeap<Reverse<(u32, u32)>>; 2],
    waiting: [Vec<u32>; 2],
}

impl Sweep<'_> {
    /// Walks through all events; returns a no if one is impossible.
    fn run(&mut self) -> Option<Verdict> {
        for (i, returns) in self.operations.events() {
            if self.placed[i as usize] {
                continue;
            }
            if returns {
                while !self.placed[i as usize] {
                    let following = !self.is_present;
                    if !self.flip(following) {
                        let facts = vec![u32::from(following)];
                        return Some(Violation::NoFlip.shown_by(vec![i], facts));
                    }
                }
                continue;
            }
            let role = self.roles[self.operations.classes[i as usize] as usize];
            let wants = role & PRESENT != 0;
            if role & FLIPS != 0 {
                let end = self.operations.returns[i as usize];
                self.flips[usize::from(wants)].push(Reverse((end, i)));
            } else if self.is_present == wants {
                self.place(i);
            } else {
                self.waiting[usize::from(wants)].push(i);
            }
        }
        None
    }

    /// Changes the state, and lets those take effect that wait for it; false if nothing
    /// changes it.
    fn flip(&mut self, present: bool) -> bool {
        let Some(Reverse((_, flip))) = self.flips[usize::from(present)].pop() else {
            return false;
        };
        self.place(flip);
        self.is_present = present;
        for i in std::mem::take(&mut self.waiting[usize::from(present)]) {
            self.place(i);
        }
        true
    }

    fn place(&mut self, i: u32) {
        self.placed[i as usize] = true;
        self.order.push(i);
    }
}
