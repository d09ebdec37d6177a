//! Linearizability of a stack whose elements are unique: exact, in `n log n`.
//!
//! Sources: Lee and Mathur, *Efficient decrease-and-conquer linearizability monitoring*,
//! OOPSLA 2025, arXiv 2410.04581, section 5; Abdulla and others, *Efficient
//! linearizability monitoring*, PLDI 2025, arXiv 2509.17795. From them is the idea to take
//! out, again and again, an element that can be the lowest.
//!
//! Critical elements form *groups*: between the first and the last event of a group there
//! is no instant that no critical interval of it covers. The stack can be empty between
//! any two groups, so each can be judged alone. Invariant: in a group, some element is
//! pushed before all others have certainly been pushed, and popped when all others may
//! have been. If there is none, the group is impossible; if there is one, any will do: it
//! is the lowest, and without it the group falls apart in smaller ones, or is one still.
//! Difference from the naive test, which looks at all elements of a group for each one to
//! take out: trees over the returns of pushes tell the latest call of a pop in a range,
//! the latest return of a pop of those that were pushed early enough, and where nothing is
//! critical.
//!
//! An element whose pop was called before its push had returned is never critical. It can
//! be pushed and popped at one instant, and is left out at first. What found the stack
//! empty is placed between groups.
//!
//! Of an open pop nobody knows what it took. With the kept elements as if each of them was
//! taken by the open pop that was called first, a no is final. They are then given to open
//! pops in two ways; a yes of any of them is final.

use super::elements::{Container, Elements};
use super::emptiness::instants;
use super::segments::{Heights, Maxima};
use super::{Verdict, Violation};
use crate::timeline::{Malformed, Operations, NONE};

/// Returns whether a stack of unique elements is linearizable.
pub fn decide(stack: &Container) -> Result<Verdict, Malformed> {
    let elements = match Elements::of(stack)? {
        Ok(elements) => elements,
        Err(verdict) => return Ok(verdict),
    };
    let (operations, kept) = (&stack.operations, elements.kept());
    if elements.takers.is_empty() || kept.is_empty() {
        return Ok(judge(operations, &elements));
    }
    // An open pop may still come too late, behind those that are never popped.
    let late = elements.end + 2;
    let judge_given = |pairs: Vec<(u32, u32)>| {
        let mut given = elements.clone();
        given.give(operations.calls, pairs, late);
        judge(operations, &given)
    };
    let first = elements.takers[0];
    let hoped = judge_given(kept.iter().map(|element| (*element, first)).collect());
    if matches!(hoped, Verdict::No(_)) {
        return Ok(hoped);
    }
    for pairs in ways_to_give(operations, &elements, kept) {
        let found = judge_given(pairs);
        if matches!(found, Verdict::Yes(_)) {
            return Ok(found);
        }
    }
    Ok(Verdict::Unfit)
}

/// Ways to give elements to takers that are worth trying.
///
/// First, every taker takes the element that came last before it; then, the element that
/// came first goes to the taker that was called first.
fn ways_to_give(
    operations: &Operations,
    elements: &Elements,
    mut left: Vec<u32>,
) -> [Vec<(u32, u32)>; 2] {
    let pushed_by = |element: u32| elements.inserted_by[element as usize];
    left.sort_by_key(|element| pushed_by(*element));
    let (mut pile, mut pairs) = (Vec::new(), Vec::new());
    let mut rest = left.iter().copied().peekable();
    for taker in &elements.takers {
        let call = u64::from(operations.calls[*taker as usize]) + elements.shift;
        while let Some(element) = rest.next_if(|element| pushed_by(*element) < call) {
            pile.push(element);
        }
        if let Some(element) = pile.pop().or_else(|| rest.next()) {
            pairs.push((element, *taker));
        }
    }
    let takers = elements.takers.iter().copied();
    [pairs, left.iter().copied().zip(takers).collect()]
}

/// The verdict where it is known what every pop took.
fn judge(operations: &Operations, elements: &Elements) -> Verdict {
    let empty = match instants(operations, elements) {
        Ok(empty) => empty,
        Err(verdict) => return verdict,
    };
    let mut groups = Groups::new(elements, empty);
    match groups.run() {
        Ok(()) => Verdict::Yes(with_brief(elements, groups.order)),
        Err(verdict) => verdict,
    }
}

/// What to do next: put a group in an order, or pop an element by its rank.
enum Task {
    Solve(usize, usize),
    Pop(usize),
}

/// The division of the critical elements, ranked by the returns of their pushes.
struct Groups<'a> {
    elements: &'a Elements,
    /// The instants of what found nothing, the first one last.
    empty: Vec<(u64, u32)>,
    line: Vec<u32>,
    begins: Vec<u64>,
    /// By rank: the first one whose push returned after this one's pop was called.
    until: Vec<usize>,
    heights: Heights,
    /// By rank: the call of the pop; minus the call of the push, with the rank, until it is
    /// seen to be early enough; from then on the return of the pop, with it.
    popped: Maxima,
    pushed: Maxima,
    possible: Maxima,
    is_at_end: bool,
    /// The operations so far, each with the first instant at which it can take effect, with
    /// no regard to the others.
    order: Vec<(u64, u32)>,
}

impl<'a> Groups<'a> {
    fn new(elements: &'a Elements, mut empty: Vec<(u64, u32)>) -> Self {
        empty.reverse();
        let begin = |element: u32| elements.inserted_by[element as usize];
        let end = |element: u32| elements.removed_from[element as usize];
        let is_critical = |element: &u32| begin(*element) < end(*element);
        let mut line: Vec<u32> = (0..elements.size() as u32).filter(is_critical).collect();
        line.sort_by_key(|element| begin(*element));
        let size = line.len() as i64 + 1;
        let begins: Vec<u64> = line.iter().map(|element| begin(*element)).collect();
        let until = line.iter().map(|element| end(*element));
        let until = until.map(|end| begins.partition_point(|begin| *begin < end));
        let until: Vec<usize> = until.collect();
        let popped: Vec<i64> = line.iter().map(|element| end(*element) as i64).collect();
        let pushed = line.iter().enumerate().map(|(rank, element)| {
            let called = elements.inserted_from[*element as usize];
            (elements.end - called) as i64 * size + rank as i64
        });
        Groups {
            empty,
            heights: Heights::new(&covered(&until)),
            popped: Maxima::new(&popped),
            pushed: Maxima::new(&pushed.collect::<Vec<i64>>()),
            possible: Maxima::new(&vec![-1; line.len()]),
            is_at_end: false,
            order: Vec::new(),
            line,
            begins,
            until,
            elements,
        }
    }

    /// Puts all elements in an order, group by group; or returns a no.
    fn run(&mut self) -> Result<(), Verdict> {
        for (begin, end) in self.divided(0, self.line.len()) {
            self.add_empty(2 * self.begins[begin]);
            self.solve(begin, end)?;
        }
        self.add_empty(2 * self.elements.end);
        Ok(())
    }

    /// The groups of those that are left from one rank on, before another.
    fn divided(&self, begin: usize, end: usize) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut begin = self.heights.next_zero(begin, end);
        while begin < end {
            let following = self.heights.next_zero(begin + 1, end);
            found.push((begin, following));
            begin = following;
        }
        found
    }

    /// Puts a group in an order; a no if there is none.
    fn solve(&mut self, begin: usize, end: usize) -> Result<(), Verdict> {
        let mut tasks = vec![Task::Solve(begin, end)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Pop(rank) => self.pop(rank),
                Task::Solve(begin, end) => {
                    let Some(lowest) = self.lowest(begin, end) else {
                        return Err(self.impossible(begin, end));
                    };
                    self.push(lowest);
                    tasks.push(Task::Pop(lowest));
                    let groups = self.divided(begin, end).into_iter().rev();
                    tasks.extend(groups.map(|(begin, end)| Task::Solve(begin, end)));
                }
            }
        }
        Ok(())
    }

    /// The rank of one that can be the lowest in its group.
    fn lowest(&mut self, begin: usize, end: usize) -> Option<usize> {
        let first_push = self.begins[begin] as i64;
        let size = self.line.len() as i64 + 1;
        loop {
            let latest = self.pushed.of(begin, end);
            let (called, rank) = (latest.div_euclid(size), latest.rem_euclid(size));
            if called < 0 || self.elements.end as i64 - called >= first_push {
                break;
            }
            let rank = rank as usize;
            self.pushed.set(rank, -1);
            let returned = self.elements.removed_by[self.line[rank] as usize] as i64;
            self.possible.set(rank, returned * size + rank as i64);
        }
        let latest = self.possible.of(begin, end);
        let is_late = latest.div_euclid(size) > self.popped.of(begin, end);
        is_late.then_some(latest.rem_euclid(size) as usize)
    }

    /// Takes one out of what is left, and pushes it.
    fn push(&mut self, rank: usize) {
        self.popped.set(rank, -1);
        self.possible.set(rank, -1);
        let size = self.line.len() as i64 + 1;
        self.heights.add(rank, rank + 1, size);
        self.heights.add(rank + 1, self.until[rank], -1);
        let element = self.line[rank] as usize;
        if self.elements.insertion[element] != NONE {
            let instant = 2 * self.elements.inserted_from[element];
            self.order.push((instant, self.elements.insertion[element]));
        }
    }

    /// Pops one, unless that is only behind the end.
    fn pop(&mut self, rank: usize) {
        let element = self.line[rank] as usize;
        if self.elements.removal[element] == NONE {
            self.is_at_end = true;
        } else if !self.is_at_end {
            let instant = 2 * self.elements.removed_from[element];
            self.order.push((instant, self.elements.removal[element]));
        }
    }

    /// Adds what found the stack empty before an instant.
    fn add_empty(&mut self, instant: u64) {
        while self.empty.last().is_some_and(|found| found.0 < instant) {
            self.order.extend(self.empty.pop());
        }
    }

    /// The no of a group in which none can be the lowest.
    ///
    /// A few of them, which cover the time of the group, are no better off.
    fn impossible(&self, begin: usize, end: usize) -> Verdict {
        let last_call = self.popped.of(begin, end) as u64;
        let is_left = |rank: &usize| self.popped.of(*rank, *rank + 1) >= 0;
        let left = (begin..end).filter(is_left).map(|rank| self.line[rank]);
        let members = self
            .elements
            .cover(left.collect(), self.begins[begin], last_call);
        let operations = self.elements.operations_on(&members);
        Violation::NoLowest.shown_by(operations, self.elements.values_of(&members))
    }
}

/// By rank: how many are critical just before its push returns.
fn covered(until: &[usize]) -> Vec<i64> {
    let mut change = vec![0; until.len() + 1];
    for (rank, until) in until.iter().enumerate() {
        change[rank + 1] += 1;
        change[*until] -= 1;
    }
    let mut sum = 0;
    for step in &mut change {
        sum += *step;
        *step = sum;
    }
    change.pop();
    change
}

/// The order with those put in that are never critical.
///
/// Everything takes effect as early as it can, and these when both their operations have
/// been called.
fn with_brief(elements: &Elements, mut order: Vec<(u64, u32)>) -> Vec<u32> {
    let mut now = 0;
    for (instant, _) in &mut order {
        now = now.max(*instant);
        *instant = now;
    }
    for element in 0..elements.size() {
        if elements.inserted_by[element] > elements.removed_from[element] {
            let instant = 2 * elements.removed_from[element] + 1;
            let both = [elements.insertion[element], elements.removal[element]];
            let done = both.into_iter().filter(|i| *i != NONE);
            order.extend(done.map(|i| (instant, i)));
        }
    }
    order.sort_by_key(|(instant, _)| *instant);
    order.into_iter().map(|(_, i)| i).collect()
}
