//! Queues, stacks and bags.

use super::{seeds, Random, Tally, Times};
use crate::polynomial::{fifo_queue, priority_queue, stack, Container};
use crate::timeline::OPEN;

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
struct Drawn {
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

    fn draw(self, random: &mut Random, times: &Times) -> Drawn {
        let (again, inserting) = ([0, 0, 6][random.below(3)], 3 + random.below(4));
        let wrong = [0, 6, 3][random.below(3)];
        let count = times.calls.len();
        let mut drawn = Drawn {
            first: (1..1 + random.below(3) as u32).collect(),
            ..Drawn::default()
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
    fn step(self, drawn: &Drawn, state: &[i32], i: u32) -> Option<Vec<i32>> {
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
