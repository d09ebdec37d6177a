//! The elements of a container: which operation put each in, which took it out.
//!
//! Source: Lee and Mathur, *Efficient decrease-and-conquer linearizability monitoring*,
//! OOPSLA 2025, arXiv 2410.04581 (unambiguous histories, tightened intervals).
//!
//! Where no element is put in twice, every removal names its insertion. What is never
//! taken out may have equals: they are elements of their own. An open insertion of what is
//! never taken out is left out: without it an order stays legal. Of an open removal nobody
//! knows what it took; that is up to the test.
//!
//! An element has to be there after its insertion has returned, and until its removal is
//! called: its *critical interval*, if these events are in this order.

use super::{Verdict, Violation};
use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// Operations on a container, and what those of each class do.
pub struct Container<'a> {
    pub operations: Operations<'a>,
    /// By class: whether it puts something in; else it takes something out.
    pub inserts: &'a [u8],
    /// By class: 0 if it is known what it took.
    pub marks: &'a [u8],
    /// By class: the value that it puts in, or that it took.
    pub input: &'a [i32],
    pub output: &'a [i32],
    /// What was there at first, in its order.
    pub first: &'a [u32],
    pub value_count: usize,
    /// The value of a removal that found nothing; or `NONE`.
    pub nothing: u32,
}

/// Elements, numbered by insertion, those that were there at first before all others.
///
/// Events are those of the problem and `shift` more, so that insertions of the latter are
/// before them. An insertion is over before the removal is; a removal is called after the
/// insertion was. `end` is an event behind all. No removal means one that is called and
/// returns behind `end`.
#[derive(Clone)]
pub struct Elements {
    pub value: Vec<u32>,
    /// The operations, or `NONE`.
    pub insertion: Vec<u32>,
    pub removal: Vec<u32>,
    pub inserted_from: Vec<u64>,
    pub inserted_by: Vec<u64>,
    pub removed_from: Vec<u64>,
    pub removed_by: Vec<u64>,
    /// The removals that found nothing, and the open ones.
    pub empties: Vec<u32>,
    pub takers: Vec<u32>,
    pub shift: u64,
    pub end: u64,
}

/// What was put in and taken out, by value.
struct Pairs {
    /// How often it was put in; 2 for more.
    times: Vec<u8>,
    /// The first operation that took it out, or `NONE`.
    removal: Vec<u32>,
    /// The first two that took out the same value, and the value.
    again: Option<(u32, u32, u32)>,
    empties: Vec<u32>,
    takers: Vec<u32>,
}

impl Container<'_> {
    /// Says what is wrong with the arrays, if anything is.
    fn validate(&self) -> Result<(), Malformed> {
        let count = self.inserts.len();
        self.operations.validate(count)?;
        let lengths = [self.marks.len(), self.input.len(), self.output.len()];
        if lengths.iter().any(|length| *length != count) {
            return Err(Malformed("arrays of classes differ in length"));
        }
        if self.value_count >= NONE as usize || self.first.len() >= (NONE / 4) as usize {
            return Err(Malformed("too many values"));
        }
        let is_value = |value: i32| (value as u32 as usize) < self.value_count;
        let has_value = |class: usize| match (self.inserts[class], self.marks[class]) {
            (0, 0) => is_value(self.output[class]),
            (0, _) => true,
            _ => is_value(self.input[class]),
        };
        if !(0..count).all(has_value) || self.first.iter().any(|value| !is_value(*value as i32)) {
            return Err(Malformed("a value is out of range"));
        }
        Ok(())
    }

    fn inserts(&self, operation: usize) -> bool {
        self.inserts[self.operations.classes[operation] as usize] != 0
    }

    /// The value that an operation puts in.
    fn input(&self, operation: usize) -> u32 {
        self.input[self.operations.classes[operation] as usize] as u32
    }

    /// Who took out what; None if that is not clear.
    fn pair(&self) -> Option<Pairs> {
        let mut found = Pairs {
            times: vec![0; self.value_count],
            removal: vec![NONE; self.value_count],
            again: None,
            empties: Vec::new(),
            takers: Vec::new(),
        };
        for value in self.first {
            let times = &mut found.times[*value as usize];
            *times = (*times + 1).min(2);
        }
        for (i, class) in self.operations.classes.iter().enumerate() {
            let class = *class as usize;
            if self.inserts[class] != 0 {
                let times = &mut found.times[self.input[class] as usize];
                *times = (*times + 1).min(2);
            } else if self.marks[class] != 0 {
                if self.operations.returns[i] != OPEN {
                    return None;
                }
                found.takers.push(i as u32);
            } else {
                let value = self.output[class] as u32;
                let removal = &mut found.removal[value as usize];
                if value == self.nothing {
                    found.empties.push(i as u32);
                } else if *removal == NONE {
                    *removal = i as u32;
                } else if found.again.is_none() {
                    found.again = Some((*removal, i as u32, value));
                }
            }
        }
        let mut each = found.times.iter().zip(&found.removal);
        let is_ambiguous = each.any(|(times, removal)| *times == 2 && *removal != NONE);
        (!is_ambiguous).then_some(found)
    }

    /// The elements with their events.
    fn columns(&self, pairs: Pairs) -> Elements {
        let (calls, returns) = (self.operations.calls, self.operations.returns);
        let shift = 2 * self.first.len() as u64;
        let end = shift + 2 * self.operations.count() as u64;
        let mut found = Elements {
            value: Vec::new(),
            insertion: Vec::new(),
            removal: Vec::new(),
            inserted_from: Vec::new(),
            inserted_by: Vec::new(),
            removed_from: Vec::new(),
            removed_by: Vec::new(),
            empties: pairs.empties,
            takers: pairs.takers,
            shift,
            end,
        };
        let initial = self.first.iter().enumerate();
        let initial = initial.map(|(k, value)| (NONE, *value, 2 * k as u64, 2 * k as u64 + 1));
        let called = (0..calls.len()).filter(|i| self.inserts(*i)).map(|i| {
            let (call, by) = (u64::from(calls[i]), u64::from(returns[i]));
            (i as u32, self.input(i), call + shift, by + shift)
        });
        for (i, value, inserted_from, inserted_by) in initial.chain(called) {
            let taken = pairs.removal[value as usize];
            let (removed_from, removed_by) = if taken != NONE {
                let taken = taken as usize;
                let from = u64::from(calls[taken]) + shift;
                (from.max(inserted_from), u64::from(returns[taken]) + shift)
            } else if inserted_by > end {
                continue;
            } else {
                (end + 1, end + 2)
            };
            found.value.push(value);
            found.insertion.push(i);
            found.removal.push(taken);
            found.inserted_from.push(inserted_from);
            found.inserted_by.push(inserted_by.min(removed_by));
            found.removed_from.push(removed_from);
            found.removed_by.push(removed_by);
        }
        found
    }
}

impl Elements {
    /// Returns the elements of a container; or that it is clear at once, or not at all.
    pub fn of(container: &Container) -> Result<Result<Elements, Verdict>, Malformed> {
        container.validate()?;
        let Some(pairs) = container.pair() else {
            return Ok(Err(Verdict::Unfit));
        };
        let mut each = pairs.removal.iter().zip(&pairs.times);
        let unknown = each.position(|(removal, times)| *removal != NONE && *times == 0);
        if let Some(value) = unknown {
            let operations = vec![pairs.removal[value]];
            let facts = vec![value as u32];
            return Ok(Err(Violation::NeverInserted.shown_by(operations, facts)));
        }
        if let Some((first, second, value)) = pairs.again {
            let puts_in = |i: &usize| container.inserts(*i) && container.input(*i) == value;
            let inserted = (0..container.operations.count()).filter(puts_in);
            let mut operations = vec![first, second];
            operations.extend(inserted.map(|i| i as u32));
            return Ok(Err(
                Violation::RemovedTwice.shown_by(operations, vec![value])
            ));
        }
        let elements = container.columns(pairs);
        let is_early =
            |element: &usize| elements.removed_by[*element] < elements.inserted_from[*element];
        if let Some(element) = (0..elements.size()).find(is_early) {
            let operations = vec![elements.removal[element], elements.insertion[element]];
            let facts = vec![elements.value[element]];
            return Ok(Err(
                Violation::RemovedBeforeInserted.shown_by(operations, facts)
            ));
        }
        Ok(Ok(elements))
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.value.len()
    }

    /// The elements that nothing is known to have taken out.
    pub fn kept(&self) -> Vec<u32> {
        let kept = (0..self.size()).filter(|element| self.removal[*element] == NONE);
        kept.map(|element| element as u32).collect()
    }

    /// Gives elements that were kept to open removals, which are to return at an event.
    pub fn give(
        &mut self,
        calls: &[u32],
        pairs: impl IntoIterator<Item = (u32, u32)>,
        removed_by: u64,
    ) {
        for (element, taker) in pairs {
            let (element, called) = (element as usize, u64::from(calls[taker as usize]));
            self.removal[element] = taker;
            self.removed_from[element] = self.inserted_from[element].max(called + self.shift);
            self.removed_by[element] = removed_by;
        }
    }

    /// For each of these elements, its insertion and its removal.
    pub fn operations_on(&self, members: &[u32]) -> Vec<u32> {
        let both = |element: &u32| {
            let element = *element as usize;
            [self.insertion[element], self.removal[element]]
        };
        members.iter().flat_map(both).collect()
    }

    /// The values of elements.
    pub fn values_of(&self, members: &[u32]) -> Vec<u32> {
        let members = members.iter();
        members
            .map(|element| self.value[*element as usize])
            .collect()
    }

    /// A few elements whose critical intervals cover a time between two events.
    ///
    /// Each one lasts longest of those that have begun before the last one ends.
    pub fn cover(&self, mut among: Vec<u32>, mut begin: u64, end: u64) -> Vec<u32> {
        among.sort_by_key(|element| self.inserted_by[*element as usize]);
        let ends = |element: u32| self.removed_from[element as usize];
        let mut found = Vec::new();
        let mut rest = among.iter().copied().peekable();
        let Some(mut longest) = rest.peek().copied() else {
            return found;
        };
        while begin < end {
            let has_begun = |element: &u32| self.inserted_by[*element as usize] <= begin;
            while let Some(element) = rest.next_if(has_begun) {
                if ends(element) > ends(longest) {
                    longest = element;
                }
            }
            assert!(ends(longest) > begin, "the time is covered");
            found.push(longest);
            begin = ends(longest);
        }
        found
    }
}
