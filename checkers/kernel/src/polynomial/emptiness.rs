//! When a container can have been empty.
//!
//! An operation that found nothing took effect at an instant that no critical interval
//! covers. Any such instant will do, for every one of them: whatever has been put in for
//! certain can be taken out before, and all else can be put in later.
//!
//! Instants lie between events; instant `2 * event + 1` is the one behind an event.

use super::elements::Elements;
use super::{Verdict, Violation};
use crate::timeline::Operations;

/// Returns, for each operation that found nothing, the first instant that will do and the
/// operation, ascending; or the no of one for which there is none.
pub fn instants(operations: &Operations, elements: &Elements) -> Result<Vec<(u64, u32)>, Verdict> {
    if elements.empties.is_empty() {
        return Ok(Vec::new());
    }
    let uncovered = uncovered(elements);
    let mut found = Vec::with_capacity(elements.empties.len());
    for i in &elements.empties {
        let begin = u64::from(operations.calls[*i as usize]) + elements.shift;
        let end = u64::from(operations.returns[*i as usize]) + elements.shift;
        let event = uncovered[begin as usize];
        if event >= end {
            let members = elements.cover((0..elements.size() as u32).collect(), begin, end);
            let mut shown = vec![*i];
            shown.extend(elements.operations_on(&members));
            let values = elements.values_of(&members);
            return Err(Violation::NeverEmpty.shown_by(shown, values));
        }
        found.push((2 * event + 1, *i));
    }
    found.sort_unstable();
    Ok(found)
}

/// By event: the first one from there on whose instant nothing covers.
fn uncovered(elements: &Elements) -> Vec<u64> {
    let size = elements.end as usize + 1;
    let mut change = vec![0i64; size + 1];
    for (begin, end) in elements.inserted_by.iter().zip(&elements.removed_from) {
        if begin < end {
            change[*begin as usize] += 1;
            change[size.min(*end as usize)] -= 1;
        }
    }
    let mut covered = 0;
    let mut found: Vec<u64> = Vec::with_capacity(size + 1);
    // First whether an instant is covered, as 1 or 0; then what is asked for.
    for step in &change[..size] {
        covered += step;
        found.push(u64::from(covered > 0));
    }
    found.push(size as u64);
    for event in (0..size).rev() {
        found[event] = if found[event] > 0 {
            found[event + 1]
        } else {
            event as u64
        };
    }
    found
}
