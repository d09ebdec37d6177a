//! The definition, tried out: every order there is.

use std::collections::HashSet;

use crate::search::View;
use crate::timeline::{Operations, OPEN};

/// Whether an operation has to come before another.
pub fn precedes(operations: &Operations, a: usize, b: usize) -> bool {
    let end = operations.returns[a];
    end < operations.openings[b]
        || (!operations.processes.is_empty()
            && operations.processes[a] == operations.processes[b]
            && end < operations.calls[b])
}

/// Whether an order exists that a step function allows.
pub fn decide<S: Clone + Eq + std::hash::Hash>(
    operations: &Operations,
    initial: S,
    step: impl Fn(&S, u32) -> Option<S>,
) -> bool {
    let count = operations.count();
    assert!(count <= 32);
    let set = |wanted: &dyn Fn(usize) -> bool| {
        (0..count)
            .filter(|i| wanted(*i))
            .fold(0u32, |set, i| set | 1 << i)
    };
    let required = set(&|i| operations.returns[i] != OPEN);
    let before: Vec<u32> = (0..count)
        .map(|b| set(&|a| precedes(operations, a, b)))
        .collect();
    let mut seen = HashSet::new();
    let mut waiting = vec![(0u32, initial)];
    while let Some((placed, state)) = waiting.pop() {
        if placed & required == required {
            return true;
        }
        for (i, earlier) in before.iter().enumerate() {
            if placed >> i & 1 == 0 && earlier & !placed == 0 {
                if let Some(next) = step(&state, operations.classes[i]) {
                    let reached = (placed | 1 << i, next);
                    if seen.insert(reached.clone()) {
                        waiting.push(reached);
                    }
                }
            }
        }
    }
    false
}

/// Says what is wrong with an order: of all that returned, or only of a beginning.
pub fn objection(
    operations: &Operations,
    view: &View,
    order: &[u32],
    whole: bool,
) -> Option<String> {
    let mut place = vec![usize::MAX; operations.count()];
    let mut value = 0;
    for (at, operation) in order.iter().enumerate() {
        if place[*operation as usize] != usize::MAX {
            return Some(format!("{operation} comes twice"));
        }
        place[*operation as usize] = at;
        match view.after(value, operations.classes[*operation as usize]) {
            None => return Some(format!("{operation} is illegal")),
            Some(next) => value = next,
        }
    }
    for a in 0..operations.count() {
        if whole && place[a] == usize::MAX && operations.returns[a] != OPEN {
            return Some(format!("{a} is missing"));
        }
        for b in 0..operations.count() {
            if place[b] != usize::MAX && precedes(operations, a, b) && place[a] >= place[b] {
                return Some(format!("{a} has to come before {b}"));
            }
        }
    }
    None
}
