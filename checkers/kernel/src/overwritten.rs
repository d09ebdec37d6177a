//! A register whose value was seen although it had been overwritten: a no or nothing.
//!
//! Source: none; this is what zones are, where values are not unique, seen from a single
//! operation. An operation that saw a value cannot be placed if
//!
//! * everything that sets the value and was called before it returned had returned before
//!   some event, or there is nothing, and the value is not the initial one; and
//! * after that event, and before it was called, some other operation was called and
//!   returned that shows another value: it has read or set one, or replaced one.
//!
//! For where that one takes effect the value is another, all that could have set it came
//! before, and what is to see it comes after. It decides no history that is linearizable,
//! but finds stale reads, which a search takes longest to refute: `n log n`.

use crate::search::{Kind, View};
use crate::timeline::{Operations, NONE, OPEN};

/// What shows that a value had been overwritten: who saw it; who came before, and shows
/// another one; who was the last to return of those that set it, or `NONE`.
pub type Stale = [u32; 3];

/// The operations that set values, by value and then by call.
struct Setters {
    /// By value: where its part begins; and where the last one ends.
    begins: Vec<u32>,
    calls: Vec<u32>,
    /// Of each and those before it that set the same, the one that returns last.
    latest: Vec<u32>,
}

/// The operation that returns first of several, and of those with another value.
#[derive(Clone, Copy)]
struct Shown {
    end: u32,
    operation: u32,
    /// The one value that it does not rule out; `NONE` if it rules out any.
    value: u32,
    /// The first return of one that may leave another value; `OPEN` for none.
    other_end: u32,
    other: u32,
}

/// Finds a value that was seen though it had been overwritten, in real time.
pub fn find(operations: &Operations, view: &View) -> Option<Stale> {
    let setters = Setters::new(operations, view);
    let first = first_to_return(operations, view);
    for (i, class) in operations.classes.iter().enumerate() {
        let (class, call, end) = (*class as usize, operations.calls[i], operations.returns[i]);
        if end == OPEN || !matches!(view.kinds[class], Kind::Read | Kind::Swap) {
            continue;
        }
        let value = view.a[class];
        let setter = setters.last_before(value, end);
        // Those that are called from here on show what came after all that set the value.
        let after = match setter {
            NONE => 0,
            setter => match operations.returns[setter as usize] {
                event if event >= call => continue,
                event => operations.calls.partition_point(|call| *call < event),
            },
        };
        let by = first[after];
        let (end, by) = if by.value == value {
            (by.other_end, by.other)
        } else {
            (by.end, by.operation)
        };
        if end < call {
            return Some([i as u32, by, setter]);
        }
    }
    None
}

/// The value that operations of a class set.
fn set_by(view: &View, class: usize) -> Option<u32> {
    match view.kinds[class] {
        Kind::Write => Some(view.a[class]),
        Kind::Swap => Some(view.b[class]),
        Kind::Read | Kind::Differs => None,
    }
}

impl Setters {
    fn new(operations: &Operations, view: &View) -> Self {
        let setters = || {
            let value = |class: &u32| set_by(view, *class as usize);
            let values = operations.classes.iter().map(value).enumerate();
            values.filter_map(|(i, value)| Some((i, value? as usize)))
        };
        let mut begins = vec![0; view.value_count + 1];
        setters().for_each(|(_, value)| begins[value + 1] += 1);
        for value in 0..view.value_count {
            begins[value + 1] += begins[value];
        }
        let count = begins[view.value_count] as usize;
        let (mut calls, mut latest) = (vec![0; count], vec![NONE; count]);
        let mut next = begins.clone();
        for (i, value) in setters() {
            let at = next[value] as usize;
            next[value] += 1;
            calls[at] = operations.calls[i];
            latest[at] = i as u32;
            if at > begins[value] as usize {
                let before = latest[at - 1];
                if operations.returns[before as usize] > operations.returns[i] {
                    latest[at] = before;
                }
            }
        }
        Setters {
            begins,
            calls,
            latest,
        }
    }

    /// Of those that set a value and were called before an event, the last to return.
    fn last_before(&self, value: u32, event: u32) -> u32 {
        let value = value as usize;
        let part = self.begins[value] as usize..self.begins[value + 1] as usize;
        let count = self.calls[part.clone()].partition_point(|call| *call < event);
        match count {
            0 => NONE,
            _ => self.latest[part.start + count - 1],
        }
    }
}

/// Of each operation and those called after it, the first to return.
fn first_to_return(operations: &Operations, view: &View) -> Vec<Shown> {
    let mut now = Shown {
        end: OPEN,
        operation: NONE,
        value: NONE,
        other_end: OPEN,
        other: NONE,
    };
    let mut found = vec![now; operations.count() + 1];
    for i in (0..operations.count()).rev() {
        let (end, class) = (operations.returns[i], operations.classes[i] as usize);
        let value = match view.kinds[class] {
            Kind::Swap => NONE,
            _ => view.a[class],
        };
        // A failed swap shows another value than its own only.
        if end < now.other_end && view.kinds[class] != Kind::Differs {
            let operation = i as u32;
            if end < now.end {
                if value != now.value {
                    (now.other_end, now.other) = (now.end, now.operation);
                }
                (now.end, now.operation, now.value) = (end, operation, value);
            } else if value != now.value {
                (now.other_end, now.other) = (end, operation);
            }
        }
        found[i] = now;
    }
    found
}
