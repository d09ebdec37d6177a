//! The test of unique values gives the answer of brute force, and witnesses.

use super::brute;
use super::draw::{self, Drawn, Random, Recipe};
use super::seeds;
use crate::unique::{decide, Verdict};

fn compare_many(count: u64, change: impl Fn(&mut Random, &mut Drawn)) {
    let mut verdicts = [0; 3];
    for seed in seeds(count) {
        let mut random = Random::new(seed);
        let recipe = Recipe {
            values: if random.one_in(4) { 5 } else { 0 },
            ..Recipe::small(&mut random)
        };
        let mut drawn = draw::register(&mut random, &recipe);
        change(&mut random, &mut drawn);
        let (operations, view) = (drawn.operations(), drawn.view());
        let truth = brute::decide(&operations, 0, |value, class| view.after(*value, class));
        let case = || format!("seed {seed}: {drawn:?}");
        match decide(&operations, &view).expect("drawn histories are well formed") {
            Verdict::Unfit => verdicts[2] += 1,
            Verdict::No(shown) => {
                assert!(!truth, "{}", case());
                if !shown.is_empty() {
                    let part = drawn.part(&shown);
                    let verdict = decide(&part.operations(), &view).expect("it is well formed");
                    assert!(matches!(verdict, Verdict::No(_)), "{shown:?}, {}", case());
                }
                verdicts[0] += 1;
            }
            Verdict::Yes(order) => {
                let objection = brute::objection(&operations, &view, &order, true);
                assert_eq!(objection, None, "order {order:?}, {}", case());
                verdicts[1] += 1;
            }
        }
    }
    println!(
        "{} no, {} yes, {} unfit",
        verdicts[0], verdicts[1], verdicts[2]
    );
    assert!(verdicts.iter().all(|found| *found > 0), "{verdicts:?}");
    assert!(verdicts[2] * 3 < verdicts[0] + verdicts[1], "{verdicts:?}");
}

#[test]
fn real_time() {
    compare_many(40_000, |_, drawn| drawn.processes.clear());
}

#[test]
fn relaxed() {
    compare_many(40_000, |random, drawn| {
        draw::relax(drawn, random.below(12) as u32);
    });
}

#[test]
fn program() {
    compare_many(20_000, |_, drawn| draw::relax(drawn, u32::MAX));
}
