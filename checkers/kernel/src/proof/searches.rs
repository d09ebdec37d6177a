//! All searches, in all strategies and orders, give the answer of brute force.

use std::sync::atomic::AtomicU32;

use super::brute;
use super::draw::{self, Drawn, Random, Recipe};
use super::seeds;
use crate::budget::{Budget, Limits, Stop};
use crate::parallel::{search_all, Problem};
use crate::search::{Answer, Automaton, DataType, Found, Registers, Strategy, View};

/// A register that a table search has to ask about.
struct Asked<'a>(&'a View);

impl Automaton for Asked<'_> {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        Some(self.0.after(state, class).map_or(-1, i64::from))
    }

    fn can_lead(&mut self, _: u32, _: u32) -> Option<bool> {
        Some(true)
    }

    fn looks_ahead(&self) -> bool {
        true
    }
}

fn problem<'a>(drawn: &'a Drawn, view: &'a View, is_register: bool) -> Problem<'a> {
    let data_type = if is_register {
        DataType::Registers(Registers::new(drawn.view(), &[]).expect("one key is fine"))
    } else {
        let (pure, automaton) = (view.pure(), Box::new(Asked(view)));
        DataType::Table { pure, automaton }
    };
    let operations = drawn.operations();
    Problem {
        operations,
        data_type,
    }
}

fn answers(problems: Vec<Problem>, strategy: Strategy, nodes: u64, threads: usize) -> Vec<Answer> {
    let flag = AtomicU32::new(0);
    let limits = Limits {
        nodes,
        entries: 1_000_000,
        deadline: None,
        flags: [&flag, &flag],
    };
    let budget = Budget { limits, poll: None };
    search_all(problems, strategy, &budget, threads).expect("drawn histories are well formed")
}

fn answer(drawn: &Drawn, is_register: bool, strategy: Strategy) -> Answer {
    let view = drawn.view();
    let problems = vec![problem(drawn, &view, is_register)];
    answers(problems, strategy, 1_000_000, 1).remove(0)
}

fn compare(seed: u64, drawn: &Drawn) -> bool {
    let view = drawn.view();
    let operations = drawn.operations();
    let truth = brute::decide(&operations, 0, |value, class| view.after(*value, class));
    for strategy in [Strategy::Depth, Strategy::Breadth] {
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

/// What a thrifty search finds is an order; it refutes nothing.
#[test]
fn thrifty_searches_find_orders() {
    let mut found = [0; 2];
    for seed in seeds(20_000) {
        let mut random = Random::new(seed);
        let mut drawn = draw::register(&mut random, &Recipe::small(&mut Random::new(seed)));
        drawn.processes.clear();
        let (operations, view) = (drawn.operations(), drawn.view());
        let truth = brute::decide(&operations, 0, |value, class| view.after(*value, class));
        let given = answer(&drawn, true, Strategy::Thrifty);
        match given.outcome {
            Ok(Found::Yes) => {
                assert!(truth, "seed {seed}: {drawn:?}");
                let objection = brute::objection(&operations, &view, &given.order, true);
                assert_eq!(objection, None, "seed {seed}: {drawn:?}");
                found[0] += 1;
            }
            outcome => {
                assert_eq!(outcome, Err(Stop::Left), "seed {seed}: {drawn:?}");
                found[1] += usize::from(truth);
            }
        }
    }
    println!("{} found, {} missed", found[0], found[1]);
    assert!(found[0] > 50 * found[1], "{found:?}");
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
fn joint_registers() {
    for seed in seeds(10_000) {
        let mut random = Random::new(seed);
        let recipe = Recipe {
            keys: 1 + random.below(3),
            ..Recipe::small(&mut random)
        };
        let mut drawn = draw::register(&mut random, &recipe);
        match random.below(3) {
            0 => drawn.processes.clear(),
            1 => draw::relax(&mut drawn, u32::MAX),
            _ => draw::relax(&mut drawn, random.below(9) as u32),
        }
        let (operations, view) = (drawn.operations(), drawn.view());
        let step = |values: &Vec<u32>, class: u32| {
            let key = drawn.keys[class as usize] as usize;
            let mut next = values.clone();
            next[key] = view.after(values[key], class)?;
            Some(next)
        };
        let truth = brute::decide(&operations, vec![0; recipe.keys], step);
        for strategy in [Strategy::Depth, Strategy::Breadth] {
            let registers = Registers::new(drawn.view(), &drawn.keys).expect("well formed");
            let data_type = DataType::Registers(registers);
            let problems = vec![Problem {
                operations,
                data_type,
            }];
            let given = answers(problems, strategy, 1_000_000, 1).remove(0);
            let case = || format!("seed {seed}, {strategy:?}: {given:?} {drawn:?}");
            assert_eq!(
                given.outcome,
                Ok(if truth { Found::Yes } else { Found::No }),
                "{}",
                case()
            );
            let legal = given
                .order
                .iter()
                .try_fold(vec![0; recipe.keys], |values, operation| {
                    step(&values, drawn.classes[*operation as usize])
                });
            assert!(legal.is_some(), "{}", case());
        }
    }
}

#[test]
fn narrow_orders_first_do_not_change_the_answer() {
    for seed in seeds(60) {
        let mut random = Random::new(seed);
        let recipe = Recipe {
            keys: 1,
            count: 60 + random.below(200),
            clients: 2 + random.below(2),
            values: 0,
            swaps: random.one_in(2),
            failures: random.one_in(2),
            open: 0,
            wrong: [0, 100][random.below(2)],
        };
        let mut drawn = draw::register(&mut random, &recipe);
        draw::relax(&mut drawn, u32::MAX);
        let depth = answer(&drawn, true, Strategy::Depth).outcome;
        let both = answer(&drawn, true, Strategy::Both);
        assert!(
            depth.is_err() || both.outcome == depth,
            "seed {seed}: {both:?}"
        );
        let whole = both.outcome == Ok(Found::Yes);
        let view = drawn.view();
        let objection = brute::objection(&drawn.operations(), &view, &both.order, whole);
        assert_eq!(objection, None, "seed {seed}");
    }
}

#[test]
fn a_spent_budget_leaves_a_prefix() {
    let recipe = Recipe {
        keys: 1,
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
        for strategy in [Strategy::Both, Strategy::Depth, Strategy::Breadth] {
            let given = answer(&drawn, true, strategy);
            let whole = given.outcome == Ok(Found::Yes);
            let objection = brute::objection(&drawn.operations(), &view, &given.order, whole);
            assert_eq!(objection, None, "seed {seed}, {strategy:?}");
        }
    }
}

#[test]
fn many_problems_end_with_the_first_no_on_any_number_of_threads() {
    for seed in seeds(300) {
        let mut random = Random::new(seed);
        let count = 1 + random.below(12);
        let draw_one = |_| {
            let mut recipe = Recipe::small(&mut random);
            recipe.wrong = [0, 0, 0, 8][random.below(4)];
            let mut drawn = draw::register(&mut random, &recipe);
            drawn.processes.clear();
            drawn
        };
        let histories: Vec<Drawn> = (0..count).map(draw_one).collect();
        let views: Vec<View> = histories.iter().map(Drawn::view).collect();
        let truth = |(drawn, view): (&Drawn, &View)| {
            brute::decide(&drawn.operations(), 0, |value, class| {
                view.after(*value, class)
            })
        };
        let first_no = histories.iter().zip(&views).position(|pair| !truth(pair));
        let mut all = Vec::new();
        for threads in 1..4 {
            let pairs = histories.iter().zip(&views);
            let problems = pairs
                .map(|(drawn, view)| problem(drawn, view, true))
                .collect();
            let given = answers(problems, Strategy::Both, 1_000_000, threads);
            let outcomes: Vec<_> = given.into_iter().map(|answer| answer.outcome).collect();
            for (index, outcome) in outcomes.iter().enumerate() {
                let expected = match first_no {
                    Some(first) if index == first => Ok(Found::No),
                    Some(first) if index > first => Err(Stop::Left),
                    _ => Ok(Found::Yes),
                };
                assert_eq!(*outcome, expected, "seed {seed}, {threads} threads");
            }
            all.push(outcomes);
        }
        assert_eq!(all[0], all[1], "seed {seed}");
    }
}

/// A data type that remembers the order of all that was done, and allows no class 0.
struct Endless;

impl Automaton for Endless {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        let next = i64::from(state) * 31 + i64::from(class);
        Some(if class == 0 { -1 } else { next % (1 << 30) })
    }

    fn can_lead(&mut self, _: u32, _: u32) -> Option<bool> {
        Some(true)
    }

    fn looks_ahead(&self) -> bool {
        false
    }
}

#[test]
fn a_hard_problem_does_not_keep_a_violation_from_being_found() {
    let count = 40;
    let hard = Drawn {
        openings: (0..count).collect(),
        calls: (0..count).collect(),
        returns: (count..2 * count).collect(),
        classes: (0..count).collect(),
        ..Drawn::default()
    };
    let easy = Drawn {
        openings: vec![0],
        calls: vec![0],
        returns: vec![1],
        classes: vec![0],
        ..Drawn::default()
    };
    let ask = |drawn: &'static Drawn| Problem {
        operations: drawn.operations(),
        data_type: DataType::Table {
            pure: vec![false; count as usize],
            automaton: Box::new(Endless),
        },
    };
    let (hard, easy): (&Drawn, &Drawn) = (Box::leak(hard.into()), Box::leak(easy.into()));
    for threads in [1, 2] {
        let problems = vec![ask(hard), ask(hard), ask(easy), ask(hard)];
        let given = answers(problems, Strategy::Both, u64::MAX, threads);
        let outcomes: Vec<_> = given.iter().map(|answer| answer.outcome).collect();
        let left = Err(Stop::Left);
        assert_eq!(outcomes, [left, left, Ok(Found::No), left]);
    }
}
