//! Puts failed swaps into an order of the other operations.
//!
//! The order of the others stays as it is, so a place is a gap in it: gap `g` is the one
//! before the operation at position `g`. What precedes an operation bounds its gaps from
//! below, what it precedes from above. Operations are put in by number, each in its first
//! gap where the value is another: as an earlier gap leaves more to those that come later,
//! this finds gaps for all if there are any. Linear.

use crate::search::View;
use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// Returns an order with others put in that returned and change nothing; or None.
pub fn insert(
    operations: &Operations,
    view: &View,
    base: &[u32],
    idle: &[u32],
) -> Result<Option<Vec<u32>>, Malformed> {
    let returning = operations.returning()?;
    let values = Values::new(operations, view, base);
    let last_gap = last_gaps(operations, &returning, base, idle);
    let mut first_gap = FirstGaps::new(operations, &returning, base);
    // By gap: the operations in it, as a list through `next`.
    let mut placed: Vec<(u32, u32)> = Vec::with_capacity(idle.len());
    for (at, operation) in idle.iter().enumerate() {
        let class = operations.classes[*operation as usize] as usize;
        let gap = values.other(view.a[class], first_gap.of(*operation));
        if gap > last_gap[at] {
            return Ok(None);
        }
        first_gap.gap[*operation as usize] = gap;
        placed.push((gap, *operation));
    }
    placed.sort_unstable();
    let mut rest = placed.into_iter().peekable();
    let mut merged = Vec::with_capacity(base.len() + idle.len());
    for gap in 0..=base.len() {
        while let Some((_, operation)) = rest.next_if(|(place, _)| *place as usize == gap) {
            merged.push(operation);
        }
        merged.extend(base.get(gap));
    }
    Ok(Some(merged))
}

/// The value in each gap of an order.
struct Values {
    value: Vec<u32>,
    /// By gap: the next one where the value is another.
    change: Vec<u32>,
}

impl Values {
    fn new(operations: &Operations, view: &View, base: &[u32]) -> Self {
        let mut value = vec![0];
        for operation in base {
            let class = operations.classes[*operation as usize];
            let before = value[value.len() - 1];
            value.push(view.after(before, class).expect("the order is legal"));
        }
        let mut change = vec![value.len() as u32; value.len()];
        for gap in (0..value.len() - 1).rev() {
            let differs = value[gap] != value[gap + 1];
            change[gap] = if differs {
                gap as u32 + 1
            } else {
                change[gap + 1]
            };
        }
        Values { value, change }
    }

    /// The first gap from one on where the value is another.
    fn other(&self, value: u32, gap: u32) -> u32 {
        if self.value[gap as usize] == value {
            self.change[gap as usize]
        } else {
            gap
        }
    }
}

/// The gaps behind all that precedes an operation, for operations by number.
struct FirstGaps<'a> {
    operations: &'a Operations<'a>,
    returning: &'a [u32],
    /// By operation: the gap that it is in, or the one behind it; 0 if it is nowhere.
    gap: Vec<u32>,
    passed: usize,
    now: u32,
    called: usize,
    of_process: Vec<u32>,
}

impl<'a> FirstGaps<'a> {
    fn new(operations: &'a Operations<'a>, returning: &'a [u32], base: &[u32]) -> Self {
        let mut gap = vec![0; operations.count()];
        for (position, operation) in base.iter().enumerate() {
            gap[*operation as usize] = position as u32 + 1;
        }
        let of_process = vec![0; operations.process_count()];
        FirstGaps {
            operations,
            returning,
            gap,
            passed: 0,
            now: 0,
            called: 0,
            of_process,
        }
    }

    fn of(&mut self, operation: u32) -> u32 {
        let opening = self.operations.openings[operation as usize];
        while self.passed < opening as usize {
            let other = self.returning[self.passed];
            if other != NONE {
                self.now = self.now.max(self.gap[other as usize]);
            }
            self.passed += 1;
        }
        let Some(process) = self.operations.processes.get(operation as usize) else {
            return self.now;
        };
        while self.called < operation as usize {
            if self.operations.returns[self.called] != OPEN {
                let known = &mut self.of_process[self.operations.processes[self.called] as usize];
                *known = self.gap[self.called].max(*known);
            }
            self.called += 1;
        }
        self.now.max(self.of_process[*process as usize])
    }
}

/// By idle operation: the last gap that is before all that it precedes.
fn last_gaps(operations: &Operations, returning: &[u32], base: &[u32], idle: &[u32]) -> Vec<u32> {
    let count = operations.count();
    let end = base.len() as u32;
    let mut position = vec![end; count];
    for (at, operation) in base.iter().enumerate() {
        position[*operation as usize] = at as u32;
    }
    // By event: the first position of what opens behind it.
    let (mut gap, mut later) = (end, count);
    let mut behind = vec![end; returning.len()];
    for event in (0..returning.len()).rev() {
        while later > 0 && operations.openings[later - 1] as usize > event {
            later -= 1;
            gap = gap.min(position[later]);
        }
        behind[event] = gap;
    }
    let mut of_process = vec![end; operations.process_count()];
    let mut last: Vec<u32> = Vec::with_capacity(idle.len());
    let mut rest = idle.iter().rev().peekable();
    for operation in (0..count).rev() {
        let process = operations
            .processes
            .get(operation)
            .map(|process| *process as usize);
        let follows = process.map_or(end, |process| of_process[process]);
        if rest.next_if(|next| **next as usize == operation).is_some() {
            last.push(follows.min(behind[operations.returns[operation] as usize]));
        }
        if let Some(process) = process {
            of_process[process] = follows.min(position[operation]);
        }
    }
    last.reverse();
    last
}
