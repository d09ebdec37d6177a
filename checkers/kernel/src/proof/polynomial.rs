//! The polynomial tests give the answers of brute force, and witnesses.

use super::brute;
use super::draw::Random;
use super::seeds;
use crate::polynomial::{counter, counter_levels, fifo_queue, priority_queue, set_element, stack};
use crate::polynomial::{Container, Verdict};
use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// When operations are called, return and take effect; each is a class of its own.
#[derive(Debug, Default)]
struct Times {
    calls: Vec<u32>,
    returns: Vec<u32>,
    openings: Vec<u32>,
    processes: Vec<u32>,
    classes: Vec<u32>,
    /// Operations in the order in which they took effect.
    effects: Vec<usize>,
}

impl Times {
    fn draw(random: &mut Random) -> Self {
        let count = 2 + random.below(8);
        let clients = 1 + random.below(5);
        let open = [0, 4, 8][random.below(3)];
        let mut times = Times::default();
        let mut running: Vec<Option<(usize, bool)>> = vec![None; clients];
        let mut process: Vec<u32> = (0..clients as u32).collect();
        let mut event = 0;
        while times.calls.len() < count || running.iter().any(Option::is_some) {
            let client = random.below(clients);
            let Some((operation, is_done)) = running[client].take() else {
                if times.calls.len() < count {
                    running[client] = Some((times.calls.len(), false));
                    times.calls.push(event);
                    times.returns.push(OPEN);
                    times.processes.push(process[client]);
                    event += 1;
                }
                continue;
            };
            if random.one_in(open) {
                process[client] = process.iter().max().expect("there are clients") + 1;
            } else if is_done {
                times.returns[operation] = event;
                event += 1;
            } else {
                times.effects.push(operation);
                running[client] = Some((operation, true));
            }
        }
        times.openings = times.calls.clone();
        times.classes = (0..count as u32).collect();
        times
    }

    fn operations(&self, in_program: bool) -> Operations<'_> {
        Operations {
            openings: &self.openings,
            calls: &self.calls,
            returns: &self.returns,
            processes: if in_program { &self.processes } else { &[] },
            classes: &self.classes,
        }
    }
}

/// What came out of many histories.
#[derive(Default, Debug)]
struct Tally {
    no: u32,
    yes: u32,
    unfit: u32,
}

impl Tally {
    /// Holds a verdict against brute force, and against its own witness.
    fn hold<S: Clone + Eq + std::hash::Hash>(
        &mut self,
        operations: &Operations,
        verdict: Result<Verdict, Malformed>,
        initial: S,
        step: impl Fn(&S, u32) -> Option<S>,
        case: impl Fn() -> String,
    ) {
        match verdict.expect("drawn histories are well formed") {
            Verdict::Unfit => self.unfit += 1,
            Verdict::No(found) => {
                assert!(!brute::decide(operations, initial, step), "{}", case());
                let is_one = |i: &u32| *i == NONE || (*i as usize) < operations.count();
                assert!(found.operations.iter().all(is_one), "{}", case());
                self.no += 1;
            }
            Verdict::Yes(order) => {
                let mut place = vec![usize::MAX; operations.count()];
                let mut state = initial;
                for (at, i) in order.iter().enumerate() {
                    assert_eq!(place[*i as usize], usize::MAX, "{i} twice, {}", case());
                    place[*i as usize] = at;
                    let next = step(&state, operations.classes[*i as usize]);
                    state = next.unwrap_or_else(|| panic!("{i} is illegal, {}", case()));
                }
                for a in 0..operations.count() {
                    let is_missing = place[a] == usize::MAX && operations.returns[a] != OPEN;
                    assert!(!is_missing, "{a} is missing, {}", case());
                    let early = (0..operations.count())
                        .filter(|b| place[*b] != usize::MAX && brute::precedes(operations, a, *b))
                        .find(|b| place[a] >= place[*b]);
                    assert_eq!(early, None, "behind {a}, {}", case());
                }
                self.yes += 1;
            }
        }
    }

    fn is_fair(&self) {
        println!("{self:?}");
        assert!(
            self.no > self.yes / 20 && self.yes > self.no / 20,
            "{self:?}"
        );
        assert!(self.unfit < self.no + self.yes, "{self:?}");
    }
}

/// What a removal may take.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Queue,
    Stack,
    Ranked,
    Bag,
}

/// Operations on a container; value 0 is nothing.
#[derive(Debug, Default)]
struct Box {
    inserts: Vec<u8>,
    marks: Vec<u8>,
    input: Vec<i32>,
    output: Vec<i32>,
    first: Vec<u32>,
    ranks: Vec<u32>,
}

impl Kind {
    /// The state with one more element. A state of a bag is in order.
    fn put(self, state: &mut Vec<i32>, ranks: &[u32], value: i32) {
        state.push(value);
        if matches!(self, Kind::Ranked | Kind::Bag) {
            state.sort_by_key(|value| (ranks[*value as usize], *value));
        }
    }

    /// The places of what may be taken next.
    fn candidates(self, state: &[i32], ranks: &[u32]) -> std::ops::Range<usize> {
        let rank = |value: i32| ranks[value as usize];
        match self {
            Kind::Queue => 0..state.len().min(1),
            Kind::Stack => state.len().saturating_sub(1)..state.len(),
            Kind::Bag => 0..state.len(),
            Kind::Ranked => 0..state.partition_point(|value| rank(*value) == rank(state[0])),
        }
    }

    fn draw(self, random: &mut Random, times: &Times) -> Box {
        let (again, inserting) = ([0, 0, 6][random.below(3)], 3 + random.below(4));
        let wrong = [0, 6, 3][random.below(3)];
        let count = times.calls.len();
        let mut drawn = Box {
            first: (1..1 + random.below(3) as u32).collect(),
            ..Box::default()
        };
        let mut fresh = drawn.first.len() as i32;
        for _ in 0..count {
            let inserts = random.below(10) < inserting;
            let is_again = fresh > 0 && random.one_in(again);
            fresh += i32::from(inserts && !is_again);
            let value = if is_again {
                1 + random.below(fresh as usize) as i32
            } else {
                fresh
            };
            drawn.inserts.push(u8::from(inserts));
            drawn.input.push(if inserts { value } else { -1 });
        }
        drawn.marks = vec![0; count];
        drawn.output = vec![-1; count];
        let rank = |value| if self == Kind::Ranked { value % 3 } else { 0 };
        drawn.ranks = (0..=fresh as u32).map(rank).collect();
        let mut state: Vec<i32> = Vec::new();
        for value in &drawn.first {
            self.put(&mut state, &drawn.ranks, *value as i32);
        }
        for i in &times.effects {
            if drawn.inserts[*i] != 0 {
                self.put(&mut state, &drawn.ranks, drawn.input[*i]);
            } else {
                let places = self.candidates(&state, &drawn.ranks);
                let taken = (!places.is_empty()).then(|| {
                    let place = places.start + random.below(places.len());
                    state.remove(place)
                });
                drawn.output[*i] = taken.unwrap_or(0);
            }
        }
        for i in 0..count {
            if drawn.inserts[i] == 0 && times.returns[i] == OPEN {
                (drawn.marks[i], drawn.output[i]) = (2, -1);
            } else if drawn.inserts[i] == 0 && random.one_in(wrong) {
                drawn.output[i] = random.below(fresh as usize + 1) as i32;
            }
        }
        drawn
    }

    /// The state after an operation.
    fn step(self, drawn: &Box, state: &[i32], i: u32) -> Option<Vec<i32>> {
        let (i, mut next) = (i as usize, state.to_vec());
        if drawn.inserts[i] != 0 {
            self.put(&mut next, &drawn.ranks, drawn.input[i]);
            return Some(next);
        }
        let (known, output) = (drawn.marks[i] == 0, drawn.output[i]);
        if state.is_empty() {
            return (!known || output == 0).then_some(next);
        }
        let mut places = self.candidates(state, &drawn.ranks);
        next.remove(places.find(|place| !known || state[*place] == output)?);
        Some(next)
    }

    fn compare(self) {
        let mut tally = Tally::default();
        for seed in seeds(40_000) {
            let mut random = Random::new(seed);
            let times = Times::draw(&mut random);
            let drawn = self.draw(&mut random, &times);
            let container = Container {
                operations: times.operations(false),
                inserts: &drawn.inserts,
                marks: &drawn.marks,
                input: &drawn.input,
                output: &drawn.output,
                first: &drawn.first,
                value_count: drawn.ranks.len(),
                nothing: 0,
            };
            let verdict = match self {
                Kind::Queue => fifo_queue::decide(&container),
                Kind::Stack => stack::decide(&container),
                Kind::Ranked => priority_queue::decide(&container, &drawn.ranks),
                Kind::Bag => priority_queue::decide(&container, &[]),
            };
            let mut initial = Vec::new();
            for value in &drawn.first {
                self.put(&mut initial, &drawn.ranks, *value as i32);
            }
            tally.hold(
                &container.operations,
                verdict,
                initial,
                |state, i| self.step(&drawn, state, i),
                || format!("seed {seed}: {times:?} {drawn:?}"),
            );
        }
        tally.is_fair();
    }
}

#[test]
fn queues() {
    Kind::Queue.compare();
}

#[test]
fn stacks() {
    Kind::Stack.compare();
}

#[test]
fn priority_queues() {
    Kind::Ranked.compare();
}

#[test]
fn bags() {
    Kind::Bag.compare();
}

/// Holds counters against brute force, in real time or in program order.
fn compare_counters(in_program: bool) {
    let mut tally = Tally::default();
    for seed in seeds(40_000) {
        let mut random = Random::new(seed);
        let mut times = Times::draw(&mut random);
        let wrong = [0, 6, 3][random.below(3)];
        // By operation, and so by class: how many adds it has seen.
        let mut levels = vec![counter::ADD; times.calls.len()];
        let is_read: Vec<bool> = levels.iter().map(|_| random.one_in(2)).collect();
        let mut count = 0;
        for i in &times.effects {
            count += i32::from(!is_read[*i]);
            levels[*i] = if is_read[*i] { count } else { counter::ADD };
        }
        for (i, level) in levels.iter_mut().enumerate() {
            if is_read[i] && (times.returns[i] == OPEN || random.one_in(12)) {
                // Nothing is known of it; an open one may be left out.
                *level = if times.returns[i] == OPEN {
                    counter::ADD
                } else {
                    counter::IDLE
                };
            } else if is_read[i] && random.one_in(wrong) {
                *level = (*level + random.below(3) as i32 - 1).max(0);
            }
        }
        if in_program {
            times.openings.fill(0);
        }
        let operations = times.operations(in_program);
        let verdict = if in_program {
            counter_levels::decide(&operations, &levels)
        } else {
            counter::decide(&operations, &levels)
        };
        let step = |count: &i32, i: u32| match levels[i as usize] {
            counter::ADD => Some(count + 1),
            counter::IDLE => Some(*count),
            level => (level == *count).then_some(*count),
        };
        let case = || format!("seed {seed}: {times:?} {levels:?}");
        tally.hold(&operations, verdict, 0, step, case);
    }
    tally.is_fair();
}

#[test]
fn counters_in_real_time() {
    compare_counters(false);
}

#[test]
fn counters_in_program_order() {
    compare_counters(true);
}

#[test]
fn elements_of_sets() {
    let mut tally = Tally::default();
    for seed in seeds(40_000) {
        let mut random = Random::new(seed);
        let times = Times::draw(&mut random);
        let (wrong, initial) = ([0, 6, 3][random.below(3)], random.one_in(2));
        // By class: 1 if it changes the set, 2 if the element is there behind it.
        let mut roles: Vec<u8> = times
            .calls
            .iter()
            .map(|_| 1 + 2 * random.below(2) as u8)
            .collect();
        let mut present = initial;
        for i in &times.effects {
            let wants = roles[*i] == 3;
            if random.one_in(3) || (wants == present && times.returns[*i] != OPEN) {
                roles[*i] = 2 * u8::from(present);
            } else {
                present = wants;
            }
        }
        for (i, role) in roles.iter_mut().enumerate() {
            if times.returns[i] == OPEN {
                *role |= 1;
            } else if random.one_in(wrong) {
                *role ^= 2;
            }
        }
        let operations = times.operations(false);
        let verdict = set_element::decide(&operations, &roles, initial);
        let step = |present: &bool, i: u32| {
            let (flips, wants) = (roles[i as usize] & 1 != 0, roles[i as usize] & 2 != 0);
            ((*present != wants) == flips).then_some(wants)
        };
        let case = || format!("seed {seed}: {times:?} {roles:?} {initial}");
        tally.hold(&operations, verdict, initial, step, case);
    }
    tally.is_fair();
}
