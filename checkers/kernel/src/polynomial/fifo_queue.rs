//! Linearizability of a queue whose elements are unique: exact, in `n log n`.
//!
//! Sources: Lee and Mathur, *Efficient decrease-and-conquer linearizability monitoring*,
//! OOPSLA 2025, arXiv 2410.04581, section 5; Abdulla and others, *Efficient
//! linearizability monitoring*, PLDI 2025, arXiv 2509.17795; both after Henzinger, Sezgin
//! and Vafeiadis, CONCUR 2013.
//!
//! An order of the elements has to be found in which they come and go. Element x must be
//! before y if x was enqueued, or dequeued, for certain before y was. Invariant: there is
//! such an order if and only if no two must each be before the other. For take, of all
//! that are left, the element d whose dequeue returns first, and e, d itself or the one
//! whose enqueue returns first if that is before d is enqueued. Nothing must be enqueued
//! before e. If e is d, nothing must be dequeued before it either; and if not, e's dequeue
//! is called before that of d returns, or the two contradict.
//! Difference from the naive test, which compares all pairs of elements: of those that are
//! free to be enqueued, only the one whose dequeue was called first is looked at.
//!
//! What found the queue empty is placed first (see `emptiness`); what can be enqueued
//! behind that is. Of an open dequeue nobody knows what it took: the kept element whose
//! enqueue returned first is given to the dequeue that was called first, and so on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::elements::{Container, Elements};
use super::emptiness::instants;
use super::{Verdict, Violation};
use crate::timeline::{Malformed, NONE};

/// Returns whether a queue of unique elements is linearizable.
pub fn decide(queue: &Container) -> Result<Verdict, Malformed> {
    let mut elements = match Elements::of(queue)? {
        Ok(elements) => elements,
        Err(verdict) => return Ok(verdict),
    };
    let mut left = elements.kept();
    left.sort_by_key(|element| elements.inserted_by[*element as usize]);
    let takers = elements.takers.clone();
    let end = elements.end;
    elements.give(queue.operations.calls, left.into_iter().zip(takers), end);
    let empty = match instants(&queue.operations, &elements) {
        Ok(empty) => empty,
        Err(verdict) => return Ok(verdict),
    };
    let enqueued_from = behind(&elements, &empty);
    Ok(match line(&elements, &enqueued_from) {
        Ok(line) => Verdict::Yes(schedule(&elements, &enqueued_from, &line, &empty)),
        Err(verdict) => verdict,
    })
}

fn sorted_by(keys: &[u64]) -> Vec<u32> {
    let mut found: Vec<u32> = (0..keys.len() as u32).collect();
    found.sort_by_key(|element| keys[*element as usize]);
    found
}

/// By element, the instant from which on it may be enqueued.
///
/// That is the call, or a later instant at which the queue is empty and behind which it
/// can be enqueued.
fn behind(elements: &Elements, empty: &[(u64, u32)]) -> Vec<u64> {
    let called = elements.inserted_from.iter().map(|event| 2 * event);
    let mut called: Vec<u64> = called.collect();
    if empty.is_empty() {
        return called;
    }
    let mut passed = 0;
    for element in sorted_by(&elements.inserted_by) {
        let by = 2 * elements.inserted_by[element as usize];
        while passed < empty.len() && empty[passed].0 < by {
            passed += 1;
        }
        if passed > 0 {
            let called = &mut called[element as usize];
            *called = empty[passed - 1].0.max(*called);
        }
    }
    called
}

/// The elements in the order in which they come and go; or the no of two of them.
fn line(elements: &Elements, enqueued_from: &[u64]) -> Result<Vec<u32>, Verdict> {
    let size = elements.size();
    let by_call = sorted_by(enqueued_from);
    let by_enqueue = sorted_by(&elements.inserted_by);
    let by_dequeue = sorted_by(&elements.removed_by);
    let mut placed = vec![false; size];
    let mut free: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    let mut line = Vec::with_capacity(size);
    let (mut calls, mut enqueues, mut dequeues) = (0, 0, 0);
    while line.len() < size {
        while placed[by_enqueue[enqueues] as usize] {
            enqueues += 1;
        }
        while placed[by_dequeue[dequeues] as usize] {
            dequeues += 1;
        }
        let (x, y) = (by_enqueue[enqueues] as usize, by_dequeue[dequeues] as usize);
        let by = 2 * elements.inserted_by[x];
        while calls < size && enqueued_from[by_call[calls] as usize] < by {
            let element = by_call[calls];
            free.push(Reverse((elements.removed_from[element as usize], element)));
            calls += 1;
        }
        let Reverse((called, element)) = free.pop().expect("x is free, or what is before it");
        if called >= elements.removed_by[y] {
            let (enqueued, dequeued) = (&elements.insertion, &elements.removal);
            let operations = vec![enqueued[x], enqueued[y], dequeued[y], dequeued[x]];
            let values = vec![elements.value[x], elements.value[y]];
            return Err(Violation::OutOfOrder.shown_by(operations, values));
        }
        placed[element as usize] = true;
        line.push(element);
    }
    Ok(line)
}

/// The operations, each at its first instant.
///
/// At one instant: what found nothing, then enqueues, then dequeues. Instants of each of
/// these ascend, so they are merged.
fn schedule(
    elements: &Elements,
    enqueued_from: &[u64],
    line: &[u32],
    empty: &[(u64, u32)],
) -> Vec<u32> {
    let (mut enqueues, mut dequeues) = (Vec::new(), Vec::new());
    let (mut enqueued, mut dequeued) = (0, 0);
    for element in line {
        let element = *element as usize;
        enqueued = enqueued_from[element].max(enqueued);
        if elements.insertion[element] != NONE {
            enqueues.push((enqueued, elements.insertion[element]));
        }
        if elements.removal[element] != NONE {
            dequeued = (2 * elements.removed_from[element])
                .max(enqueued)
                .max(dequeued);
            dequeues.push((dequeued, elements.removal[element]));
        }
    }
    let mut order = Vec::with_capacity(empty.len() + enqueues.len() + dequeues.len());
    let mut enqueues = enqueues.into_iter().peekable();
    let mut empty = empty.iter().peekable();
    for (instant, dequeue) in dequeues.into_iter().chain([(u64::MAX, NONE)]) {
        while let Some((enqueued, enqueue)) = enqueues.next_if(|next| next.0 <= instant) {
            while let Some((_, found)) = empty.next_if(|next| next.0 <= enqueued) {
                order.push(*found);
            }
            order.push(enqueue);
        }
        while let Some((_, found)) = empty.next_if(|next| next.0 <= instant) {
            order.push(*found);
        }
        if dequeue != NONE {
            order.push(dequeue);
        }
    }
    order
}
