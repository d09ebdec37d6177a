//! Registers in real time, by all that the crate knows of them.
//!
//! Unique values need no search. What a search finds easy comes next; then stale reads are
//! looked for, which it takes longest to refute; and then it goes on to the end. The first
//! *no* ends it all: what is not decided then is left.

use crate::budget::{Budget, Limits, Stop};
use crate::overwritten;
use crate::parallel::{self, Problem};
use crate::search::{Answer, DataType, Found, Registers, Strategy, View};
use crate::timeline::{Malformed, Operations};
use crate::unique::{self, Verdict};

/// A problem of one register in real time.
#[derive(Clone)]
pub struct Register<'a> {
    pub operations: Operations<'a>,
    pub registers: Registers,
}

impl Register<'_> {
    fn view(&self) -> &View {
        &self.registers.view
    }
}

/// How an answer was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Means {
    Search,
    /// Values are unique. The order of a no has the operations that show it, or nothing.
    Unique,
    /// A value had been overwritten; its order has those that `overwritten` names.
    Overwritten,
}

/// Decides problems of one register each, in real time.
///
/// They share the budget. `easy` is how many nodes they may cost together before stale
/// reads are asked for.
pub fn decide(
    problems: &[Register],
    budget: &Budget,
    easy: u64,
    threads: usize,
) -> Result<Vec<(Answer, Means)>, Malformed> {
    let mut answers: Vec<_> = problems
        .iter()
        .map(|_| (unknown(Stop::Left), Means::Search))
        .collect();
    let mut rest = Vec::with_capacity(problems.len());
    for (number, problem) in problems.iter().enumerate() {
        let Register { operations, .. } = problem;
        operations.validate(problem.view().kinds.len())?;
        match unique::decide(operations, problem.view())? {
            Verdict::Yes(order) => {
                let state = problem.view().replay(operations, &order);
                let answer = answer(Found::Yes, order, state);
                answers[number] = (answer, Means::Unique);
            }
            Verdict::No(shown) => {
                answers[number] = (answer(Found::No, shown, 0), Means::Unique);
                return Ok(answers);
            }
            Verdict::Unfit => rest.push(number),
        }
    }
    let search = |nodes: u64, answers: &mut [(Answer, Means)]| {
        let limits = Limits {
            nodes,
            ..budget.limits
        };
        let asked = rest.iter().map(|number| problems[*number].clone());
        let asked = asked.map(|problem| Problem {
            operations: problem.operations,
            data_type: DataType::Registers(problem.registers),
        });
        let budget = Budget {
            limits,
            poll: budget.poll,
        };
        let found = parallel::search_all(asked.collect(), Strategy::Both, &budget, threads)?;
        for (number, found) in rest.iter().zip(found) {
            answers[*number] = (found, Means::Search);
        }
        Ok(())
    };
    if rest.is_empty() {
        return Ok(answers);
    }
    if budget.limits.nodes > easy {
        if easy > 0 {
            search(easy, &mut answers)?;
            let found = || rest.iter().map(|number| answers[*number].0.outcome);
            if found().any(|outcome| outcome == Ok(Found::No))
                || found().all(|outcome| outcome.is_ok())
                || budget.interrupted().is_some()
            {
                return Ok(answers);
            }
        }
        for number in &rest {
            let problem = &problems[*number];
            if answers[*number].0.outcome.is_ok() {
                continue;
            }
            if let Some(stale) = overwritten::find(&problem.operations, problem.view()) {
                let undecided = answers.iter_mut().filter(|(one, _)| one.outcome.is_err());
                undecided.for_each(|(one, _)| *one = unknown(Stop::Left));
                let no = answer(Found::No, stale.to_vec(), 0);
                answers[*number] = (no, Means::Overwritten);
                return Ok(answers);
            }
        }
    }
    search(budget.limits.nodes, &mut answers)?;
    Ok(answers)
}

fn answer(found: Found, order: Vec<u32>, state: u32) -> Answer {
    Answer {
        outcome: Ok(found),
        order,
        state,
        nodes: 0,
    }
}

fn unknown(stop: Stop) -> Answer {
    Answer {
        outcome: Err(stop),
        order: Vec::new(),
        state: 0,
        nodes: 0,
    }
}
