//! Linearizability of a priority queue or a bag of unique elements, in `n log n`.
//!
//! Source: Lee and Mathur, *Efficient decrease-and-conquer linearizability monitoring*,
//! OOPSLA 2025, arXiv 2410.04581, section 6. The rule is theirs; the witness, equal
//! priorities and open removals are as described here.
//!
//! Invariant: a poll of an element takes effect at an instant at which nothing of a lesser
//! rank, which would be polled first, is critical; and that is enough. For let every poll
//! take effect at the first such instant of its own, and every insertion when it returns,
//! or just before its element is polled if that comes first.
//! Difference from the naive test, which looks at all elements of a lesser rank for every
//! poll: elements are taken by rank, and what is covered by those before is a forest of
//! links to the next event that is not.
//!
//! What found the queue empty is a poll of something that everything else comes before. A
//! bag is a priority queue in which all ranks are equal.
//!
//! Of an open removal nobody knows what it took. With the kept elements as if each of them
//! was taken by the open removal that was called first, a no is final. They are then given
//! to open removals by rank, and among equals in the order in which they came; a yes of
//! that is final, and for a bag a no is too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::elements::{Container, Elements};
use super::emptiness::instants;
use super::{Verdict, Violation};
use crate::timeline::{Malformed, Operations, NONE};

/// An element that is not polled, among the events of polls.
const NEVER: u64 = u64::MAX;

/// Returns whether a queue of unique elements is linearizable, given the ranks of values;
/// none for a bag.
pub fn decide(queue: &Container, ranks: &[u32]) -> Result<Verdict, Malformed> {
    if !ranks.is_empty() && ranks.len() < queue.value_count {
        return Err(Malformed("a value has no rank"));
    }
    let elements = match Elements::of(queue)? {
        Ok(elements) => elements,
        Err(verdict) => return Ok(verdict),
    };
    let rank = |value: &u32| ranks.get(*value as usize).copied().unwrap_or(0);
    let of_elements: Vec<u32> = elements.value.iter().map(rank).collect();
    let mut left = elements.kept();
    let (takers, end) = (elements.takers.clone(), elements.end);
    if takers.is_empty() || left.is_empty() {
        return Ok(judge(&queue.operations, elements, &of_elements));
    }
    let calls = queue.operations.calls;
    let mut hopeful = elements.clone();
    hopeful.give(calls, left.iter().map(|element| (*element, takers[0])), end);
    let hoped = judge(&queue.operations, hopeful, &of_elements);
    if matches!(hoped, Verdict::No(_)) {
        return Ok(hoped);
    }
    left.sort_by_key(|element| {
        let element = *element as usize;
        (of_elements[element], elements.inserted_by[element])
    });
    let mut given = elements;
    given.give(calls, left.into_iter().zip(takers), end);
    let found = judge(&queue.operations, given, &of_elements);
    let is_final = ranks.is_empty() || matches!(found, Verdict::Yes(_));
    Ok(if is_final { found } else { Verdict::Unfit })
}

/// The verdict where it is known what every removal took.
///
/// A taker that comes too late takes nothing.
fn judge(operations: &Operations, mut elements: Elements, ranks: &[u32]) -> Verdict {
    let mut polled = vec![NEVER; elements.size()];
    let mut uncovered = Uncovered::new(elements.end as usize + 2);
    let mut by_rank: Vec<u32> = (0..elements.size() as u32).collect();
    by_rank.sort_by_key(|element| ranks[*element as usize]);
    let mut rest = &by_rank[..];
    while let Some(first) = rest.first() {
        let rank = ranks[*first as usize];
        let count = rest.partition_point(|element| ranks[*element as usize] <= rank);
        let members;
        (members, rest) = rest.split_at(count);
        for element in members {
            let i = *element as usize;
            if elements.removal[i] == NONE {
                continue;
            }
            let event = uncovered.find(elements.removed_from[i]);
            if event < elements.removed_by[i] {
                polled[i] = event;
            } else if elements.removed_by[i] == elements.end {
                elements.removed_from[i] = elements.end + 1;
            } else {
                let is_lesser = |other: &&u32| ranks[**other as usize] < rank;
                let lesser = by_rank.iter().filter(is_lesser).copied().collect();
                return never_least(&elements, *element, lesser);
            }
        }
        for element in members {
            let i = *element as usize;
            uncovered.cover(elements.inserted_by[i], elements.removed_from[i]);
        }
    }
    match instants(operations, &elements) {
        Ok(empty) => {
            let polls = Polls {
                elements: &elements,
                polled: &polled,
                ranks,
                by_rank: &by_rank,
            };
            Verdict::Yes(polls.schedule(operations.count(), &empty))
        }
        Err(verdict) => verdict,
    }
}

/// The no of a poll at all of whose instants something of those comes first.
fn never_least(elements: &Elements, element: u32, among: Vec<u32>) -> Verdict {
    let i = element as usize;
    let (begin, end) = (elements.removed_from[i], elements.removed_by[i]);
    let mut members = vec![element];
    members.extend(elements.cover(among, begin, end));
    let operations = elements.operations_on(&members);
    Violation::NeverTheLeast.shown_by(operations, elements.values_of(&members))
}

/// Events behind which nothing is critical yet: a forest of links to the next one.
struct Uncovered {
    next: Vec<u32>,
}

impl Uncovered {
    fn new(size: usize) -> Self {
        Uncovered {
            next: (0..=size as u32).collect(),
        }
    }

    /// The first such event from one on.
    fn find(&mut self, event: u64) -> u64 {
        let link = &mut self.next;
        let mut event = event as usize;
        while link[event] as usize != event {
            link[event] = link[link[event] as usize];
            event = link[event] as usize;
        }
        event as u64
    }

    /// Takes out the events from one on and before another.
    fn cover(&mut self, begin: u64, end: u64) {
        let mut event = self.find(begin);
        while event < end {
            self.next[event as usize] = event as u32 + 1;
            event = self.find(event);
        }
    }
}

/// The removals of an operation, if it is one.
#[derive(Clone, Copy)]
enum Removal {
    No,
    /// It needs all to be gone that comes before this rank.
    Known(u32),
    /// It is open, and takes something of this rank.
    Open(u32),
}

/// Elements, and where they are polled.
struct Polls<'a> {
    elements: &'a Elements,
    /// By element: the event behind which it is polled, or `NEVER`.
    polled: &'a [u64],
    ranks: &'a [u32],
    by_rank: &'a [u32],
}

impl Polls<'_> {
    /// The operations by their instants; at one, by rank, an insertion first.
    fn schedule(&self, count: usize, empty: &[(u64, u32)]) -> Vec<u32> {
        let elements = self.elements;
        let mut placed: Vec<(u64, u32)> = Vec::with_capacity(count);
        let mut removals = vec![Removal::No; count];
        for element in self.by_rank {
            let i = *element as usize;
            let event = self.polled[i];
            if elements.insertion[i] != NONE {
                let mut inserted = 2 * elements.inserted_by[i];
                if event != NEVER {
                    inserted = inserted.min(2 * event + 1);
                }
                placed.push((inserted, elements.insertion[i]));
            }
            if event != NEVER {
                let (removal, rank) = (elements.removal[i], self.ranks[i]);
                let is_late = elements.removed_by[i] == elements.end;
                removals[removal as usize] = if is_late {
                    Removal::Open(rank)
                } else {
                    Removal::Known(rank)
                };
                placed.push((2 * event + 1, removal));
            }
        }
        for (instant, i) in empty {
            removals[*i as usize] = Removal::Known(u32::MAX);
            placed.push((*instant, *i));
        }
        placed.sort_by_key(|(instant, _)| *instant);
        let line = placed.into_iter().map(|(_, i)| i);
        delayed(line, &removals)
    }
}

/// An order in which open removals take effect when something waits for it.
///
/// Then all that is of a lesser rank than that is theirs, so that they need not choose
/// among equals.
fn delayed(line: impl ExactSizeIterator<Item = u32>, removals: &[Removal]) -> Vec<u32> {
    let mut found = Vec::with_capacity(line.len());
    let mut ready = VecDeque::new();
    let mut due = BinaryHeap::new();
    for i in line {
        match removals[i as usize] {
            Removal::Open(rank) => {
                ready.push_back(i);
                due.push(Reverse(rank));
                continue;
            }
            Removal::Known(rank) => {
                while due.peek().is_some_and(|Reverse(first)| *first < rank) {
                    due.pop();
                    found.push(ready.pop_front().expect("as many are ready as are due"));
                }
            }
            Removal::No => {}
        }
        found.push(i);
    }
    found
}
