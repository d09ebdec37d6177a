//! Puts operations that change nothing into an order of the others.
//!
//! The order of the others stays as it is, so a place is a gap in it: gap `g` is the one
//! before the operation at position `g`. What precedes an operation bounds its gaps from
//! below, what it precedes from above. Operations are put in by number, each in its first
//! gap where it is legal: as an earlier gap leaves more to those that come later, this
//! finds gaps for all if there are any. Linear, as long as finding a gap is.

use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// Returns an order with others put in that returned and change nothing; or None.
///
/// `place` says, given one of these and a gap, the first gap from there on where it is
/// legal, or one behind the last.
pub fn insert(
    operations: &Operations,
    base: &[u32],
    idle: &[u32],
    place: impl Fn(u32, u32) -> u32,
) -> Result<Option<Vec<u32>>, Malformed> {
    let returning = operations.returning()?;
    let last_gap = last_gaps(operations, &returning, base, idle);
    let mut first_gap = FirstGaps::new(operations, &returning, base);
    // By gap: the operations in it, as a list through `next`.
    let mut placed: Vec<(u32, u32)> = Vec::with_capacity(idle.len());
    for (at, operation) in idle.iter().enumerate() {
        let gap = place(*operation, first_gap.of(*operation));
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
