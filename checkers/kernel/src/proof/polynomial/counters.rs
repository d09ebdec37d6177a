//! Counters whose deltas are equal, and elements of sets.

use super::{seeds, Random, Tally, Times};
use crate::polynomial::{counter, counter_levels, set_element};
use crate::timeline::OPEN;

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
