//! Locks with owners, and lists.

use super::{seeds, Random, Tally, Times};
use crate::polynomial::append_list::{self, List};
use crate::polynomial::owned_mutex;
use crate::timeline::{NONE, OPEN};

/// Holds a lock with an owner against brute force, in real time or in program order.
fn compare_locks(in_real_time: bool) {
    let mut tally = Tally::default();
    for seed in seeds(40_000) {
        let mut random = Random::new(seed);
        let mut times = Times::draw(&mut random);
        let wrong = [0, 8][random.below(2)];
        let mut acquires = vec![1; times.calls.len()];
        let mut owner = NONE;
        for i in &times.effects {
            let process = times.processes[*i];
            acquires[*i] = u8::from(owner != process) ^ u8::from(random.one_in(wrong));
            if owner == process {
                owner = NONE;
            } else if owner == NONE {
                owner = process;
            }
        }
        if !in_real_time {
            times.openings.fill(0);
        }
        let operations = times.operations(true);
        let verdict = owned_mutex::decide(&operations, &acquires, in_real_time);
        let step = |owner: &u32, i: u32| {
            let process = times.processes[i as usize];
            match acquires[i as usize] {
                1 => (*owner == NONE).then_some(process),
                _ => (*owner == process).then_some(NONE),
            }
        };
        let case = || format!("seed {seed}: {times:?} {acquires:?}");
        tally.hold(&operations, verdict, NONE, step, case);
    }
    tally.is_fair();
}

#[test]
fn locks_in_real_time() {
    compare_locks(true);
}

#[test]
fn locks_in_program_order() {
    compare_locks(false);
}

/// What is done to a list.
#[derive(Debug, Clone, PartialEq)]
enum Deed {
    Append(usize),
    Read(Vec<usize>),
    /// Nothing is known of what it has seen.
    Look,
}

/// Draws what is done to a list that has some elements at first.
fn deeds(random: &mut Random, times: &Times, initial: &[usize]) -> Vec<Deed> {
    let count = times.calls.len();
    let (again, wrong) = ([0, 0, 8][random.below(3)], [0, 6, 3][random.below(3)]);
    let element = |i: usize, random: &mut Random| {
        let other = random.below(count) + initial.len();
        let own = i + initial.len();
        Deed::Append(if random.one_in(again) { other } else { own })
    };
    let mut deeds: Vec<Deed> = (0..count).map(|i| element(i, random)).collect();
    let mut list = initial.to_vec();
    for i in &times.effects {
        let returned = times.returns[*i] != OPEN;
        if returned && random.one_in(2) {
            let mut seen = list.clone();
            match random.below(4) {
                0 if random.one_in(wrong) => seen.reverse(),
                1 if random.one_in(wrong) => _ = seen.pop(),
                2 if random.one_in(wrong) => seen.push(random.below(count)),
                _ => {}
            }
            let is_known = !random.one_in(12);
            deeds[*i] = if is_known {
                Deed::Read(seen)
            } else {
                Deed::Look
            };
        } else if let Deed::Append(element) = deeds[*i] {
            list.push(element);
        }
    }
    deeds
}

#[test]
fn lists() {
    let mut tally = Tally::default();
    for seed in seeds(40_000) {
        let mut random = Random::new(seed);
        let mut times = Times::draw(&mut random);
        let initial: Vec<usize> = (0..random.below(3)).collect();
        let deeds = deeds(&mut random, &times, &initial);
        let mut longest = &initial;
        for deed in &deeds {
            if let Deed::Read(seen) = deed {
                longest = if seen.len() > longest.len() {
                    seen
                } else {
                    longest
                };
            }
        }
        let number = |element: &usize| {
            let place = longest.iter().rposition(|other| other == element);
            place.map_or(0, |place| place + 1)
        };
        let told = |deed: &Deed| match deed {
            Deed::Append(element) => (0, number(element) as i32),
            Deed::Look => (3, 0),
            Deed::Read(seen) => {
                let can_be = longest.starts_with(seen) && seen.starts_with(&initial);
                let length = if can_be { seen.len() as i32 } else { -1 };
                (1 + u8::from(seen == longest), length)
            }
        };
        let (roles, numbers): (Vec<u8>, Vec<i32>) = deeds.iter().map(told).unzip();
        let first: Vec<u32> = initial
            .iter()
            .map(|element| number(element) as u32)
            .collect();
        let in_program = random.one_in(2);
        if in_program {
            let behind = [2, 5, u32::MAX][random.below(3)];
            let earlier = times.calls.iter().map(|call| call.saturating_sub(behind));
            times.openings = earlier.collect();
        }
        let list = List {
            operations: times.operations(in_program),
            roles: &roles,
            numbers: &numbers,
            first: &first,
            length: longest.len(),
        };
        let verdict = append_list::decide(&list);
        let step = |state: &Vec<usize>, i: u32| match &deeds[i as usize] {
            Deed::Append(element) => Some([&state[..], &[*element]].concat()),
            Deed::Look => Some(state.clone()),
            Deed::Read(seen) => (seen == state).then(|| state.clone()),
        };
        let case = || format!("seed {seed}: {times:?} {initial:?} {deeds:?}");
        tally.hold(&list.operations, verdict, initial.clone(), step, case);
    }
    tally.is_fair();
}
