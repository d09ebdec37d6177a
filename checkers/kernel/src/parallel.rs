//! Many problems at once: each gets its turn, on as many threads as there are.
//!
//! The keys of a history are problems of their own, and one that takes for ever must not
//! keep an easy violation in another from being found. So each gets a turn in a first
//! round, each that is not solved another turn, twice as long, in the next; and the first
//! *no* ends it all.
//!
//! Invariant: what is decided does not depend on the number of threads. In a round, turns
//! are taken in the order of the problems; a *no* stops those behind it and none before,
//! and what those behind have found is forgotten.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::Duration;

use crate::budget::{Budget, Limits, Stop};
use crate::search::{self, Answer, DataType, Found, Solver, Strategy};
use crate::timeline::{Malformed, Operations};

/// A problem: what there is to do, and what it means.
pub struct Problem<'a> {
    pub operations: Operations<'a>,
    pub data_type: DataType<'a>,
}

/// Nodes of a first turn, to which come so many for each operation.
const FIRST_TURN: u64 = 50_000;
const EACH_OPERATION: u64 = 20;

const QUIET: &str = "a panic of a thread ends the round";

/// A problem on its way to an answer.
struct Task<'a> {
    index: usize,
    size: u64,
    problem: Option<Problem<'a>>,
    solver: Option<Box<dyn Solver + 'a>>,
    outcome: Result<Found, Stop>,
    /// The length of its last turn, in first turns.
    turns: u64,
    answer: Option<Answer>,
}

impl<'a> Task<'a> {
    fn new((index, problem): (usize, Problem<'a>)) -> Self {
        Task {
            index,
            size: problem.operations.count() as u64,
            problem: Some(problem),
            solver: None,
            outcome: Err(Stop::Nodes),
            turns: 0,
            answer: None,
        }
    }

    /// Sets up the search, when its first turn comes and not before: to save memory.
    fn begin(&mut self, strategy: Strategy) -> Result<(), Malformed> {
        let Some(problem) = self.problem.take() else {
            return Ok(());
        };
        let Problem {
            operations,
            data_type,
        } = problem;
        operations.validate(data_type.pure().len())?;
        self.solver = Some(search::solver(&operations, data_type, strategy)?);
        Ok(())
    }

    fn entries(&self) -> u64 {
        self.solver.as_ref().map_or(0, |solver| solver.entries())
    }

    /// Forgets the answer, and all that has been found.
    fn forget(&mut self) {
        (self.solver, self.answer) = (None, None);
    }

    /// Ends the search with the best that it has found.
    fn end(&mut self, outcome: Result<Found, Stop>) {
        if let Some(mut solver) = self.solver.take() {
            self.answer = Some(solver.answer(outcome));
        }
    }

    fn into_answer(mut self, stop: Stop) -> Answer {
        self.end(Err(stop));
        self.answer.unwrap_or(Answer {
            outcome: Err(stop),
            order: Vec::new(),
            state: 0,
            nodes: 0,
        })
    }
}

type Poll<'p> = Option<&'p dyn Fn() -> bool>;

/// What the threads of a round share.
struct Round<'r> {
    limits: Limits<'r>,
    strategy: Strategy,
    turns: u64,
    threads: usize,
    /// Nodes that may still be visited, and configurations that are kept.
    nodes: &'r AtomicU64,
    entries: &'r AtomicU64,
    /// The first problem that was answered with no.
    first_no: AtomicUsize,
    /// By thread: the problem at hand, and whether to leave it.
    at: Vec<AtomicUsize>,
    leave: Vec<AtomicU32>,
    malformed: Mutex<Option<Malformed>>,
}

impl Round<'_> {
    /// Takes turns until there is none left.
    fn work<'a, 't>(
        &self,
        thread: usize,
        poll: Poll,
        tasks: &Mutex<impl Iterator<Item = &'t mut Task<'a>>>,
    ) where
        'a: 't,
    {
        loop {
            let next = tasks.lock().expect(QUIET).next();
            let Some(task) = next else { return };
            self.at[thread].store(task.index, Ordering::SeqCst);
            if task.index > self.first_no.load(Ordering::SeqCst) {
                return;
            }
            if let Err(wrong) = task.begin(self.strategy) {
                self.malformed.lock().expect(QUIET).get_or_insert(wrong);
                return;
            }
            self.take_turn(thread, poll, task);
            match task.outcome {
                Ok(Found::No) => self.found_no(task.index),
                Err(Stop::Deadline | Stop::Cancelled | Stop::Failed) => return,
                _ => (),
            }
        }
    }

    fn take_turn(&self, thread: usize, poll: Poll, task: &mut Task) {
        let allowance = (FIRST_TURN + EACH_OPERATION * task.size).saturating_mul(self.turns);
        let kept = task.entries();
        let Some(solver) = &mut task.solver else {
            return;
        };
        let wish = allowance.saturating_mul(2);
        let grant = |left: u64| Some(left - left.min(wish));
        let order = Ordering::SeqCst;
        let left = self
            .nodes
            .fetch_update(order, order, grant)
            .expect("it gives some");
        let room = self.limits.entries.saturating_sub(self.entries.load(order));
        let mine = Limits {
            nodes: left.min(wish),
            entries: kept + room / self.threads as u64,
            deadline: self.limits.deadline,
            flags: [self.limits.flags[0], &self.leave[thread]],
        };
        let budget = Budget { limits: mine, poll };
        let before = solver.nodes();
        task.turns = self.turns;
        task.outcome = solver.go_on(allowance, &budget);
        self.nodes
            .fetch_add(mine.nodes - (solver.nodes() - before), order);
        if task.outcome.is_ok() {
            task.end(task.outcome);
        }
        self.entries
            .fetch_add(task.entries().wrapping_sub(kept), order);
    }

    /// Stops the turns behind a problem that was answered with no.
    fn found_no(&self, index: usize) {
        let first = self.first_no.fetch_min(index, Ordering::SeqCst).min(index);
        for (at, leave) in self.at.iter().zip(&self.leave) {
            let at = at.load(Ordering::SeqCst);
            if at != usize::MAX && at > first {
                leave.store(1, Ordering::SeqCst);
            }
        }
    }

    /// Lets all threads take turns. Only the calling one can ask whether to stop.
    fn run(&self, poll: Poll, tasks: &mut [Task]) {
        let tasks = Mutex::new(tasks.iter_mut().filter(|task| task.answer.is_none()));
        let tasks = &tasks;
        let limits = self.limits;
        std::thread::scope(|scope| {
            let spawn = |thread| scope.spawn(move || self.work(thread, None, tasks));
            let others: Vec<_> = (1..self.threads).map(spawn).collect();
            self.work(0, poll, tasks);
            while others.iter().any(|other| !other.is_finished()) {
                if (Budget { limits, poll }).interrupted().is_some() {
                    self.leave
                        .iter()
                        .for_each(|leave| leave.store(1, Ordering::SeqCst));
                }
                std::thread::sleep(Duration::from_micros(50));
            }
        });
    }
}

/// Searches for an order of each problem.
///
/// They share the budget. The first *no* ends it all: what is not decided then is left.
pub fn search_all(
    problems: Vec<Problem>,
    strategy: Strategy,
    budget: &Budget,
    threads: usize,
) -> Result<Vec<Answer>, Malformed> {
    let mut tasks: Vec<Task> = problems.into_iter().enumerate().map(Task::new).collect();
    let threads = threads.clamp(1, tasks.len().max(1));
    let (nodes, entries) = (AtomicU64::new(budget.limits.nodes), AtomicU64::new(0));
    let mut turns = 1;
    let stop = loop {
        let round = Round {
            limits: budget.limits,
            strategy,
            turns,
            threads,
            nodes: &nodes,
            entries: &entries,
            first_no: AtomicUsize::new(usize::MAX),
            at: (0..threads).map(|_| AtomicUsize::new(usize::MAX)).collect(),
            leave: (0..threads).map(|_| AtomicU32::new(0)).collect(),
            malformed: Mutex::new(None),
        };
        round.run(budget.poll, &mut tasks);
        let first_no = round.first_no.into_inner();
        if let Some(wrong) = round.malformed.into_inner().expect(QUIET) {
            return Err(wrong);
        }
        if first_no != usize::MAX {
            let behind = tasks[first_no + 1..].iter_mut();
            behind
                .filter(|task| task.turns == turns)
                .for_each(Task::forget);
            break Stop::Left;
        }
        if tasks.iter().all(|task| task.answer.is_some()) {
            break Stop::Left;
        }
        let halts = |stop: &Stop| !matches!(stop, Stop::Nodes | Stop::Memory);
        let stops = tasks.iter().filter_map(|task| task.outcome.err());
        if let Some(stop) = stops.clone().find(halts) {
            break stop;
        }
        if nodes.load(Ordering::SeqCst) == 0 {
            break Stop::Nodes;
        }
        if stops.clone().any(|stop| stop == Stop::Memory) {
            relieve(&mut tasks);
            entries.store(tasks.iter().map(Task::entries).sum(), Ordering::SeqCst);
        }
        turns *= 2;
    };
    Ok(tasks
        .into_iter()
        .map(|task| task.into_answer(stop))
        .collect())
}

/// Gives up the search that keeps most; its problem is unsolved if it was its last.
fn relieve(tasks: &mut [Task]) {
    let Some(task) = tasks.iter_mut().rev().max_by_key(|task| task.entries()) else {
        return;
    };
    let is_last = !task.solver.as_mut().is_some_and(|solver| solver.relieve());
    if is_last {
        task.end(Err(Stop::Memory));
    }
}
