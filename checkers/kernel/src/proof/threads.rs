//! Interleavings are found if and only if brute force finds one, and are ones.

use std::collections::HashSet;
use std::sync::atomic::AtomicU32;

use super::draw::Random;
use super::seeds;
use crate::budget::{Budget, Limits};
use crate::threads::counter::{self, Counter, NO_READ};
use crate::threads::registers::{self, Graph};
use crate::threads::{Reason, Threads};
use crate::timeline::NONE;

fn with_budget<T>(run: impl FnOnce(&Budget) -> T) -> T {
    let flag = AtomicU32::new(0);
    let limits = Limits {
        nodes: 100_000,
        entries: 100_000,
        deadline: None,
        flags: [&flag, &flag],
    };
    run(&Budget { limits, poll: None })
}

/// Threads that are run at random, and what their operations did.
#[derive(Debug, Default)]
struct Drawn {
    begins: Vec<u32>,
    operations: Vec<u32>,
    key: Vec<u32>,
    source: Vec<u32>,
    writes: Vec<u8>,
    behind: Vec<u32>,
    key_count: usize,
}

impl Drawn {
    fn draw(random: &mut Random) -> Self {
        let (threads, length) = (2 + random.below(3), 2 + random.below(4));
        let count = threads * length;
        let key_count = 1 + random.below(3);
        let mut drawn = Drawn {
            begins: (0..=threads)
                .map(|thread| (thread * length) as u32)
                .collect(),
            operations: (0..count as u32).collect(),
            key: vec![0; count],
            source: vec![NONE; count],
            writes: vec![0; count],
            behind: vec![NONE; count],
            key_count,
        };
        let initial = |key: usize| (count + key) as u32;
        let mut value: Vec<u32> = (0..key_count).map(initial).collect();
        let mut place = vec![0; threads];
        for _ in 0..count {
            let left = (0..threads).filter(|thread| place[*thread] < length);
            let left: Vec<usize> = left.collect();
            let thread = left[random.below(left.len())];
            let i = thread * length + place[thread];
            place[thread] += 1;
            let key = random.below(key_count);
            drawn.key[i] = key as u32;
            let kind = random.below(5);
            if kind > 1 {
                drawn.source[i] = value[key];
            }
            if kind < 3 {
                drawn.writes[i] = 1;
                value[key] = i as u32;
            }
        }
        for _ in 0..random.below(3) {
            drawn.confuse(random);
        }
        if random.one_in(3) && drawn.writes[count - 1] != 0 {
            drawn.open_one(random, length);
        }
        drawn
    }

    /// Lets an operation see another value of its key.
    fn confuse(&mut self, random: &mut Random) {
        let count = self.key.len();
        let (i, other) = (random.below(count), random.below(count));
        if self.source[i] == NONE {
            return;
        }
        let is_write = self.writes[other] != 0 && self.key[other] == self.key[i] && other != i;
        let initial = count as u32 + self.key[i];
        self.source[i] = if is_write { other as u32 } else { initial };
    }

    /// Makes the last operation of the last thread a thread of its own.
    fn open_one(&mut self, random: &mut Random, length: usize) {
        let last = self.operations.len() as u32;
        self.begins.insert(self.begins.len() - 1, last - 1);
        let place = random.below(length);
        self.behind[last as usize - 1] = if place == 0 {
            NONE
        } else {
            last - 1 - place as u32
        };
    }

    fn graph(&self) -> Graph<'_> {
        let threads = Threads {
            begins: &self.begins,
            operations: &self.operations,
        };
        let Drawn {
            key,
            source,
            writes,
            behind,
            key_count,
            ..
        } = self;
        Graph::new(threads, key, source, writes, behind, *key_count).expect("it is well formed")
    }

    /// The values after an operation; None if it cannot come now.
    fn step(&self, values: &[u32], done: &[u32], i: u32) -> Option<Vec<u32>> {
        let at = i as usize;
        let key = self.key[at] as usize;
        let sees = self.source[at] == NONE || self.source[at] == values[key];
        let follows = self.behind[at] == NONE || done.contains(&self.behind[at]);
        let mut next = values.to_vec();
        if self.writes[at] != 0 {
            next[key] = i;
        }
        (sees && follows).then_some(next)
    }

    fn first_values(&self) -> Vec<u32> {
        (0..self.key_count)
            .map(|key| (self.key.len() + key) as u32)
            .collect()
    }

    fn decide(&self) -> bool {
        let graph = self.graph();
        let mut seen = HashSet::new();
        let start = (
            vec![0; graph.threads.count()],
            self.first_values(),
            Vec::new(),
        );
        let mut waiting: Vec<(Vec<usize>, Vec<u32>, Vec<u32>)> = vec![start];
        while let Some((places, values, done)) = waiting.pop() {
            if done.len() == self.operations.len() {
                return true;
            }
            for thread in 0..places.len() {
                let Some(i) = graph.threads.thread(thread).get(places[thread]) else {
                    continue;
                };
                if let Some(next) = self.step(&values, &done, *i) {
                    let (mut places, mut done) = (places.clone(), done.clone());
                    places[thread] += 1;
                    done.push(*i);
                    if seen.insert((places.clone(), next.clone())) {
                        waiting.push((places, next, done));
                    }
                }
            }
        }
        false
    }

    fn objection(&self, order: &[u32]) -> Option<String> {
        let mut values = self.first_values();
        for (at, i) in order.iter().enumerate() {
            match self.step(&values, &order[..at], *i) {
                Some(next) => values = next,
                None => return Some(format!("{i} is illegal")),
            }
        }
        let graph = self.graph();
        let position = |i: &u32| order.iter().position(|other| other == i);
        let is_prefix = |thread: &[u32]| {
            let positions: Vec<_> = thread.iter().map_while(position).collect();
            let count = thread.iter().filter(|i| order.contains(i)).count();
            positions.len() == count && positions.windows(2).all(|pair| pair[0] < pair[1])
        };
        let is_one = graph.threads.all().all(is_prefix);
        (!is_one).then(|| "a thread is out of order".to_string())
    }
}

#[test]
fn registers() {
    let mut verdicts = [0; 3];
    for seed in seeds(20_000) {
        let drawn = Drawn::draw(&mut Random::new(seed));
        let given = with_budget(|budget| registers::decide(&drawn.graph(), budget));
        let case = || format!("seed {seed}: {given:?} {drawn:?}");
        let found = given.outcome.expect("small histories are decided");
        assert_eq!(found.is_ok(), drawn.decide(), "{}", case());
        assert_eq!(drawn.objection(&given.order), None, "{}", case());
        let is_whole = given.order.len() == drawn.operations.len();
        assert_eq!(is_whole, found.is_ok(), "{}", case());
        verdicts[match found {
            Ok(()) => 0,
            Err(Reason::Circle) => 1,
            Err(Reason::Tried) => 2,
        }] += 1;
    }
    println!(
        "{} yes, {} circles, {} tried",
        verdicts[0], verdicts[1], verdicts[2]
    );
    assert!(verdicts[0] > 0 && verdicts[1] > 0);
}

#[derive(Debug)]
struct Adds {
    lines: Vec<Vec<u32>>,
    waits: Vec<u32>,
    places: Vec<u32>,
    delta: Vec<u64>,
    read: Vec<u64>,
    closed: usize,
}

impl Adds {
    fn draw(random: &mut Random) -> Self {
        let (threads, length) = (2 + random.below(2), 2 + random.below(4));
        let most = [1, 4, 9][random.below(3)];
        let mut adds = Adds {
            lines: vec![Vec::new(); threads],
            waits: vec![0; threads],
            places: vec![0; threads],
            delta: Vec::new(),
            read: Vec::new(),
            closed: threads,
        };
        let mut total = 0;
        for _ in 0..threads * length {
            let thread = random.below(threads);
            let i = adds.delta.len() as u32;
            let is_read = random.one_in(2);
            let delta = if is_read {
                0
            } else {
                1 + random.below(most) as u64
            };
            let is_open = !is_read && random.one_in(8);
            if !is_open || random.one_in(2) {
                total += delta;
            }
            adds.delta.push(delta);
            adds.read.push(if is_read { total } else { NO_READ });
            if is_open {
                adds.waits.push(thread as u32);
                adds.places.push(adds.lines[thread].len() as u32);
                adds.lines.push(vec![i]);
            } else {
                adds.lines[thread].push(i);
            }
        }
        if random.one_in(2) {
            let i = random.below(adds.read.len());
            if adds.read[i] != NO_READ {
                adds.read[i] = (adds.read[i] + random.below(3) as u64).saturating_sub(1);
            }
        }
        adds
    }

    fn decide(&self) -> bool {
        let mut seen = HashSet::new();
        let mut waiting = vec![(vec![0; self.lines.len()], 0)];
        while let Some((at, total)) = waiting.pop() {
            if (0..self.closed).all(|thread| at[thread] == self.lines[thread].len()) {
                return true;
            }
            for thread in 0..at.len() {
                let Some(i) = self.lines[thread].get(at[thread]) else {
                    continue;
                };
                let i = *i as usize;
                let is_due = at[self.waits[thread] as usize] >= self.places[thread] as usize;
                if is_due && (self.read[i] == NO_READ || self.read[i] == total) {
                    let mut next = at.clone();
                    next[thread] += 1;
                    if seen.insert(next.clone()) {
                        waiting.push((next, total + self.delta[i]));
                    }
                }
            }
        }
        false
    }

    fn objection(&self, order: &[u32]) -> Option<String> {
        let mut at = vec![0; self.lines.len()];
        let mut total = 0;
        for i in order {
            let thread = self
                .lines
                .iter()
                .position(|line| line.contains(i))
                .expect("it is in one");
            if self.lines[thread][at[thread]] != *i {
                return Some(format!("{i} is out of order"));
            }
            if at[self.waits[thread] as usize] < self.places[thread] as usize {
                return Some(format!("{i} is too early"));
            }
            at[thread] += 1;
            let read = self.read[*i as usize];
            if read != NO_READ && read != total {
                return Some(format!("{i} has not read {total}"));
            }
            total += self.delta[*i as usize];
        }
        None
    }
}

#[test]
fn counters() {
    let mut verdicts = [0; 2];
    for seed in seeds(20_000) {
        let adds = Adds::draw(&mut Random::new(seed));
        let mut begins = vec![0];
        begins.extend(adds.lines.iter().scan(0, |sum, line| {
            *sum += line.len() as u32;
            Some(*sum)
        }));
        let counter = Counter {
            threads: Threads {
                begins: &begins,
                operations: &adds.lines.concat(),
            },
            waits: &adds.waits,
            places: &adds.places,
            delta: &adds.delta,
            read: &adds.read,
        };
        let given = with_budget(|budget| counter::decide(&counter, budget)).expect("well formed");
        let case = || format!("seed {seed}: {given:?} {adds:?}");
        let found = given.outcome.expect("small histories are decided");
        assert_eq!(found.is_ok(), adds.decide(), "{}", case());
        assert_eq!(adds.objection(&given.order), None, "{}", case());
        let is_read = |i: &&u32| adds.read[**i as usize] != NO_READ;
        let reads = adds.read.iter().filter(|read| **read != NO_READ).count();
        if found.is_ok() {
            assert_eq!(
                given.order.iter().filter(is_read).count(),
                reads,
                "{}",
                case()
            );
        }
        verdicts[usize::from(found.is_ok())] += 1;
    }
    println!("{} no, {} yes", verdicts[0], verdicts[1]);
    assert!(verdicts.iter().all(|found| *found > 0));
}
