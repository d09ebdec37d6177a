//! All searches, in all strategies and orders, give the answer of brute force.

use std::sync::atomic::AtomicU32;

use super::brute;
use super::draw::{self, Drawn, Random, Recipe};
use super::seeds;
use crate::budget::Budget;
use crate::search::{search, solver, Answer, Automaton, DataType, Found, Strategy, View};
use crate::timeline::Timeline;

/// A register that a table search has to ask about.
struct Asked<'a>(&'a View);

impl Automaton for Asked<'_> {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        Some(self.0.step(state, class).map_or(-1, i64::from))
    }
}

fn answer(drawn: &Drawn, is_register: bool, strategy: Strategy) -> Answer {
    let view = drawn.view();
    let pure = view.pure();
    let operations = drawn.operations();
    operations
        .validate(pure.len())
        .expect("drawn histories are well formed");
    let timeline = Timeline::new(&operations, &pure).expect("drawn histories are well formed");
    let data_type = if is_register {
        DataType::Register(&view)
    } else {
        DataType::Table {
            pure: &pure,
            automaton: Box::new(Asked(&view)),
        }
    };
    let flag = AtomicU32::new(0);
    let budget = Budget {
        nodes: 1_000_000,
        entries: 1_000_000,
        deadline: None,
        flag: &flag,
        poll: None,
    };
    let mut solver = solver(&operations, &timeline, data_type);
    search(&mut *solver, strategy, &budget)
}

fn compare(seed: u64, drawn: &Drawn) -> bool {
    let view = drawn.view();
    let operations = drawn.operations();
    let truth = brute::decide(&operations, 0, |value, class| view.step(*value, class));
    for strategy in [Strategy::Depth, Strategy::Layers] {
        for is_register in [true, false] {
            let given = answer(drawn, is_register, strategy);
            let case = || format!("seed {seed}, {strategy:?}, register {is_register}: {drawn:?}");
            let found = given.outcome.expect("small histories are decided");
            assert_eq!(found == Found::Yes, truth, "{}", case());
            let objection = brute::objection(&operations, &view, &given.order, truth);
            assert_eq!(objection, None, "order {:?}, {}", given.order, case());
        }
    }
    truth
}

fn compare_many(count: u64, change: impl Fn(&mut Random, &mut Drawn)) {
    let mut verdicts = [0; 2];
    for seed in seeds(count) {
        let mut random = Random::new(seed);
        let recipe = Recipe::small(&mut random);
        let mut drawn = draw::register(&mut random, &recipe);
        change(&mut random, &mut drawn);
        verdicts[usize::from(compare(seed, &drawn))] += 1;
    }
    println!("{} no, {} yes", verdicts[0], verdicts[1]);
    assert!(verdicts.iter().all(|found| *found > 0), "{verdicts:?}");
}

#[test]
fn real_time() {
    compare_many(20_000, |_, drawn| drawn.processes.clear());
}

#[test]
fn real_time_with_processes_is_the_same() {
    compare_many(5_000, |_, _| ());
}

#[test]
fn relaxed() {
    compare_many(20_000, |random, drawn| {
        draw::relax(drawn, random.below(12) as u32);
    });
}

#[test]
fn program() {
    compare_many(10_000, |_, drawn| draw::relax(drawn, u32::MAX));
}

#[test]
fn a_spent_budget_leaves_a_prefix() {
    let recipe = Recipe {
        count: 400,
        clients: 12,
        values: 3,
        swaps: true,
        failures: true,
        open: 10,
        wrong: 50,
    };
    for seed in 1..20 {
        let drawn = draw::register(&mut Random::new(seed), &recipe);
        let view = drawn.view();
        for strategy in [Strategy::Both, Strategy::Depth, Strategy::Layers] {
            let given = answer(&drawn, true, strategy);
            let whole = given.outcome == Ok(Found::Yes);
            let objection = brute::objection(&drawn.operations(), &view, &given.order, whole);
            assert_eq!(objection, None, "seed {seed}, {strategy:?}");
        }
    }
}
