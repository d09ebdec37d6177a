//! The polynomial tests give the answers of brute force, and witnesses.

mod containers;
mod counters;
mod lists;

use super::brute;
use super::draw::Random;
use super::seeds;
use crate::polynomial::Verdict;
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
