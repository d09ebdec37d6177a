//! All means together give the answer of brute force, and what they show is true.

use std::sync::atomic::AtomicU32;

use super::brute;
use super::draw::{self, Random, Recipe};
use super::seeds;
use crate::budget::{Budget, Limits};
use crate::decide::{decide, Means, Register};
use crate::overwritten;
use crate::search::{Found, Registers};
use crate::timeline::{NONE, OPEN};

#[test]
fn all_means_together() {
    let mut used = [0; 3];
    for seed in seeds(30_000) {
        let mut random = Random::new(seed);
        let mut drawn = draw::register(&mut random, &Recipe::small(&mut Random::new(seed)));
        drawn.processes.clear();
        let (operations, view) = (drawn.operations(), drawn.view());
        let truth = brute::decide(&operations, 0, |value, class| view.after(*value, class));
        let flag = AtomicU32::new(0);
        let limits = Limits {
            nodes: 1_000_000,
            entries: 1_000_000,
            deadline: None,
            flags: [&flag, &flag],
        };
        let budget = Budget { limits, poll: None };
        let registers = Registers::new(drawn.view(), &[]).expect("one key is fine");
        let problem = Register {
            operations,
            registers,
        };
        let easy = random.below(12) as u64;
        let found = decide(&[problem], &budget, easy, 1).expect("it is well formed");
        let (answer, means) = &found[0];
        let case = || format!("seed {seed}, {means:?}: {answer:?} {drawn:?}");
        let outcome = answer.outcome.expect("small histories are decided");
        assert_eq!(outcome == Found::Yes, truth, "{}", case());
        used[*means as usize] += 1;
        if truth || *means == Means::Search {
            let objection = brute::objection(&operations, &view, &answer.order, truth);
            assert_eq!(objection, None, "{}", case());
        }
    }
    assert!(used.iter().all(|times| *times > 0), "{used:?}");
}

#[test]
fn what_had_been_overwritten_has_no_order() {
    let mut found = 0;
    for seed in seeds(30_000) {
        let mut random = Random::new(seed);
        let mut drawn = draw::register(&mut random, &Recipe::small(&mut Random::new(seed)));
        drawn.processes.clear();
        let (operations, view) = (drawn.operations(), drawn.view());
        let Some([seer, by, setter]) = overwritten::find(&operations, &view) else {
            continue;
        };
        found += 1;
        let truth = brute::decide(&operations, 0, |value, class| view.after(*value, class));
        assert!(!truth, "seed {seed}: {drawn:?}");
        let (calls, returns) = (&drawn.calls, &drawn.returns);
        assert!(returns[by as usize] < calls[seer as usize]);
        assert!(setter == NONE || returns[setter as usize] < calls[by as usize]);
        assert!(returns[seer as usize] != OPEN);
    }
    assert!(found > 100, "{found}");
}
