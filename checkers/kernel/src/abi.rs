//! The door: functions of C over flat arrays.
//!
//! Every array comes with its length, and lengths and contents are checked before
//! anything is done. A function returns 0, or a negative code and a message. Nothing is
//! kept between calls, and no panic leaves the library. Whoever calls keeps the arrays
//! alive and unchanged until the function returns; that is all there is to trust.

mod polynomial;

use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use crate::budget::{self, Budget, Stop};
use crate::decide::{self, Means};
use crate::parallel;
use crate::search::{self, Automaton, DataType, Found, Registers, Strategy, View};
use crate::threads::counter::{self, Counter};
use crate::threads::registers::{self, Graph};
use crate::threads::{Interleaving, Reason, Threads};
use crate::timeline::{Malformed, Operations, NONE, OPEN};
use crate::unique::{self, Verdict};

/// Changes whenever a signature or a struct here does.
const VERSION: u32 = 10;

const NO: u32 = 0;
const YES: u32 = 1;
const UNKNOWN: u32 = 2;
const UNFIT: u32 = 3;
const CIRCLE: u32 = 7;
const BY_UNIQUE: u32 = 8;
const BY_OVERWRITTEN: u32 = 9;

const FINE: i32 = 0;
const MALFORMED: i32 = -1;
const PANICKED: i32 = -2;

/// An array of the caller's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slice<T> {
    data: *const T,
    length: usize,
}

impl<T> Slice<T> {
    /// # Safety
    /// `data` has to point to `length` values, which nobody changes meanwhile.
    unsafe fn get<'a>(self) -> Result<&'a [T], Malformed> {
        if self.length == 0 {
            return Ok(&[]);
        }
        if self.data.is_null() || self.data as usize % std::mem::align_of::<T>() != 0 {
            return Err(Malformed("an array is null or misaligned"));
        }
        if self.length > isize::MAX as usize / std::mem::size_of::<T>().max(1) {
            return Err(Malformed("an array is too long"));
        }
        // SAFETY: not null, aligned, of possible size; the rest is the caller's word.
        Ok(unsafe { std::slice::from_raw_parts(self.data, self.length) })
    }
}

/// Returns the state after an operation of a class, -1 if it is illegal, or any other
/// negative number to end the search. The state is in the upper half of the argument, for
/// in some languages a function of one argument is safer to call back.
pub type Step = unsafe extern "C" fn(state_and_class: u64) -> i64;

/// Returns whether a state may lead to one where an operation of a class is legal; -1 to
/// end the search.
pub type CanLead = unsafe extern "C" fn(state_and_class: u64) -> i32;

/// Returns whether to stop.
pub type Poll = unsafe extern "C" fn(context: *mut c_void) -> u32;

/// A problem: `Operations`, and either what they do to a register or a step function.
#[repr(C)]
pub struct Problem {
    openings: Slice<u32>,
    calls: Slice<u32>,
    returns: Slice<u32>,
    /// Empty if real time implies the order of a process.
    processes: Slice<u32>,
    classes: Slice<u32>,
    /// By class, for a register: 0 read, 1 write, 2 swap, 3 failed swap.
    kinds: Slice<u8>,
    a: Slice<i32>,
    b: Slice<i32>,
    /// By class, for several registers: its key. Empty for one.
    keys: Slice<u32>,
    /// By class, for any other data type: 1 if it never changes the state.
    pure: Slice<u8>,
    /// Null for a register.
    step: Option<Step>,
    /// Null if all states may lead everywhere.
    can_lead: Option<CanLead>,
}

/// What a search may spend.
#[repr(C)]
pub struct Limits {
    nodes: u64,
    entries: u64,
    /// From now on.
    nanoseconds: u64,
    /// 0: all ways by turns; 1: in depth; 2: in breadth; 3: thrifty, which refutes nothing.
    strategy: u32,
    threads: u32,
    /// Becomes nonzero to stop; may be null.
    flag: *const AtomicU32,
    /// Asked from time to time on the calling thread; may be null.
    poll: Option<Poll>,
    context: *mut c_void,
}

/// What came out. The caller gives room for an order of all operations.
#[repr(C)]
pub struct Answer {
    order: *mut u32,
    capacity: usize,
    length: usize,
    nodes: u64,
    state: u32,
    /// 0: no; 1: yes; 2: unknown; 3: the test does not fit.
    outcome: u32,
    /// If unknown: 1 nodes, 2 memory, 3 deadline, 4 cancelled, 5 the step function,
    /// 6 left, as another problem had been answered with no. If no: 7 a circle. Of
    /// `kernel_decide`, unless it has searched: 8 by unique values, 9 by a stale read.
    stop: u32,
    /// Unless yes: the operation that returned first of those not in the order; or `NONE`.
    stuck: u32,
    /// Of `kernel_decide`, unless yes: how many operations never returned.
    open: u64,
}

/// Operations on several registers, by thread; see `threads::registers::Graph`.
#[repr(C)]
pub struct RegisterThreads {
    begins: Slice<u32>,
    operations: Slice<u32>,
    key: Slice<u32>,
    source: Slice<u32>,
    writes: Slice<u8>,
    behind: Slice<u32>,
    key_count: usize,
    /// Takes what rules have found, if that is a circle, four numbers each: an operation,
    /// what comes behind it, 0 as it was overwritten or 1 as it was read before, and the
    /// read. May be null.
    take: Option<Take>,
    context: *mut c_void,
}

/// Takes numbers, which are there until it returns.
pub type Take = unsafe extern "C" fn(context: *mut c_void, numbers: *const u32, count: usize);

/// Operations on a counter, by thread; see `threads::counter::Counter`.
#[repr(C)]
pub struct CounterThreads {
    begins: Slice<u32>,
    operations: Slice<u32>,
    waits: Slice<u32>,
    places: Slice<u32>,
    delta: Slice<u64>,
    read: Slice<u64>,
}

/// A step function of the caller's.
struct Foreign {
    step: Step,
    can_lead: Option<CanLead>,
}

fn both(state: u32, class: u32) -> u64 {
    u64::from(state) << 32 | u64::from(class)
}

impl Automaton for Foreign {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        // SAFETY: the caller gave the function for these arguments.
        let next = unsafe { (self.step)(both(state, class)) };
        (next >= search::ILLEGAL).then_some(next)
    }

    fn can_lead(&mut self, state: u32, class: u32) -> Option<bool> {
        let Some(can_lead) = self.can_lead else {
            return Some(true);
        };
        // SAFETY: the caller gave the function for these arguments.
        let leads = unsafe { can_lead(both(state, class)) };
        (leads >= 0).then_some(leads > 0)
    }

    fn looks_ahead(&self) -> bool {
        self.can_lead.is_some()
    }
}

impl Problem {
    /// # Safety
    /// As of `Slice::get`.
    unsafe fn operations<'a>(&self) -> Result<Operations<'a>, Malformed> {
        // SAFETY: handed on.
        unsafe {
            Ok(Operations {
                openings: self.openings.get()?,
                calls: self.calls.get()?,
                returns: self.returns.get()?,
                processes: self.processes.get()?,
                classes: self.classes.get()?,
            })
        }
    }
}

impl Problem {
    /// # Safety
    /// As of `Slice::get`.
    unsafe fn data_type<'a>(&self) -> Result<DataType<'a>, Malformed> {
        let Some(step) = self.step else {
            // SAFETY: handed on.
            let view = unsafe { View::new(self.kinds.get()?, self.a.get()?, self.b.get()?)? };
            // SAFETY: handed on.
            let registers = Registers::new(view, unsafe { self.keys.get()? })?;
            return Ok(DataType::Registers(registers));
        };
        // SAFETY: handed on.
        let pure = unsafe { self.pure.get()? };
        Ok(DataType::Table {
            pure: pure.iter().map(|pure| *pure != 0).collect(),
            automaton: Box::new(Foreign {
                step,
                can_lead: self.can_lead,
            }),
        })
    }
}

/// # Safety
/// As of `kernel_search`.
unsafe fn search_all(
    problems: &[Problem],
    limits: &Limits,
    answers: &mut [Answer],
) -> Result<(), Malformed> {
    let prepare = |problem: &Problem| {
        // SAFETY: handed on.
        let (operations, data_type) = unsafe { (problem.operations()?, problem.data_type()?) };
        Ok(parallel::Problem {
            operations,
            data_type,
        })
    };
    let problems: Result<Vec<_>, Malformed> = problems.iter().map(prepare).collect();
    let strategy = match limits.strategy {
        0 => Strategy::Both,
        1 => Strategy::Depth,
        2 => Strategy::Breadth,
        3 => Strategy::Thrifty,
        _ => return Err(Malformed("a strategy is none of 0 to 3")),
    };
    let (problems, threads) = (problems?, limits.threads as usize);
    let returns = problems.iter().map(|problem| problem.operations.returns);
    let returns: Vec<&[u32]> = returns.collect();
    let search = |budget: &Budget| parallel::search_all(problems, strategy, budget, threads);
    // SAFETY: handed on.
    let found = unsafe { limits.spend(search)? };
    for ((answer, found), returns) in answers.iter_mut().zip(&found).zip(returns) {
        // SAFETY: handed on.
        unsafe { answer.fill(found)? };
        if answer.outcome != YES {
            answer.stuck = stuck(returns, &found.order);
        }
    }
    Ok(())
}

/// # Safety
/// As of `kernel_decide`.
unsafe fn decide_all(
    problems: &[Problem],
    limits: &Limits,
    easy: u64,
    answers: &mut [Answer],
) -> Result<(), Malformed> {
    let prepare = |problem: &Problem| {
        // SAFETY: handed on.
        match unsafe { (problem.operations()?, problem.data_type()?) } {
            (operations, DataType::Registers(registers)) if registers.is_one() => {
                Ok(decide::Register {
                    operations,
                    registers,
                })
            }
            _ => Err(Malformed("the problem is not about one register")),
        }
    };
    let problems = problems
        .iter()
        .map(prepare)
        .collect::<Result<Vec<_>, _>>()?;
    let threads = limits.threads as usize;
    let decide = |budget: &Budget| decide::decide(&problems, budget, easy, threads);
    // SAFETY: handed on.
    let found = unsafe { limits.spend(decide)? };
    for ((answer, (found, means)), problem) in answers.iter_mut().zip(&found).zip(&problems) {
        // SAFETY: handed on.
        unsafe { answer.fill(found)? };
        match means {
            Means::Unique => answer.stop = BY_UNIQUE,
            Means::Overwritten => answer.stop = BY_OVERWRITTEN,
            Means::Search if answer.outcome == YES => (),
            Means::Search => {
                let returns = problem.operations.returns;
                answer.stuck = stuck(returns, &found.order);
                answer.open = returns.iter().filter(|end| **end == OPEN).count() as u64;
            }
        }
    }
    Ok(())
}

/// # Safety
/// As of `kernel_unique`.
unsafe fn test_unique(problem: &Problem, answer: &mut Answer) -> Result<(), Malformed> {
    // SAFETY: handed on.
    let (operations, data_type) = unsafe { (problem.operations()?, problem.data_type()?) };
    let view = match data_type {
        DataType::Registers(registers) if registers.is_one() => registers.view,
        _ => return Err(Malformed("the problem is not about one register")),
    };
    operations.validate(view.kinds.len())?;
    let (outcome, order) = match unique::decide(&operations, &view)? {
        Verdict::No(shown) => {
            answer.outcome = NO;
            // SAFETY: handed on.
            return unsafe { answer.fill_order(&shown) };
        }
        Verdict::Yes(order) => (YES, order),
        Verdict::Unfit => (UNFIT, Vec::new()),
    };
    (answer.outcome, answer.stop, answer.nodes) = (outcome, 0, 0);
    answer.state = view.replay(&operations, &order);
    // SAFETY: handed on.
    unsafe { answer.fill_order(&order) }
}

/// The operation that returned first of those not in an order; or `NONE`.
fn stuck(returns: &[u32], order: &[u32]) -> u32 {
    let mut placed = vec![false; returns.len()];
    order
        .iter()
        .for_each(|operation| placed[*operation as usize] = true);
    let left = (0..returns.len()).filter(|i| !placed[*i] && returns[*i] != OPEN);
    left.min_by_key(|i| returns[*i]).map_or(NONE, |i| i as u32)
}

impl Limits {
    /// # Safety
    /// As of `kernel_search`.
    unsafe fn spend<T>(&self, run: impl FnOnce(&Budget) -> T) -> T {
        let poll = self.poll.map(|poll| polite(poll, self.context));
        let never = AtomicU32::new(0);
        // SAFETY: null, or a number that lives until this returns.
        let flag = unsafe { self.flag.as_ref() }.unwrap_or(&never);
        run(&Budget {
            limits: budget::Limits {
                nodes: self.nodes,
                entries: self.entries,
                deadline: Instant::now().checked_add(Duration::from_nanos(self.nanoseconds)),
                flags: [flag, &never],
            },
            poll: poll.as_ref().map(|poll| poll as &dyn Fn() -> bool),
        })
    }
}

/// # Safety
/// As of `kernel_registers`.
unsafe fn interleave_registers(
    graph: &RegisterThreads,
    limits: &Limits,
    answer: &mut Answer,
) -> Result<(), Malformed> {
    // SAFETY: handed on.
    unsafe {
        let (take, context) = (graph.take, graph.context);
        let graph = Graph::new(
            Threads {
                begins: graph.begins.get()?,
                operations: graph.operations.get()?,
            },
            graph.key.get()?,
            graph.source.get()?,
            graph.writes.get()?,
            graph.behind.get()?,
            graph.key_count,
        )?;
        let found = limits.spend(|budget| registers::decide(&graph, budget));
        if let Some(take) = take.filter(|_| !found.derived.is_empty()) {
            take(
                context,
                found.derived.as_ptr().cast(),
                4 * found.derived.len(),
            );
        }
        answer.fill_threads(&found)
    }
}

/// # Safety
/// As of `kernel_counter`.
unsafe fn interleave_counter(
    counter: &CounterThreads,
    limits: &Limits,
    answer: &mut Answer,
) -> Result<(), Malformed> {
    // SAFETY: handed on.
    unsafe {
        let counter = Counter {
            threads: Threads {
                begins: counter.begins.get()?,
                operations: counter.operations.get()?,
            },
            waits: counter.waits.get()?,
            places: counter.places.get()?,
            delta: counter.delta.get()?,
            read: counter.read.get()?,
        };
        let found = limits.spend(|budget| counter::decide(&counter, budget))?;
        answer.fill_threads(&found)
    }
}

/// Asks the caller, but not more often than it takes to notice.
fn polite(poll: Poll, context: *mut c_void) -> impl Fn() -> bool {
    const PAUSE: Duration = Duration::from_millis(5);
    let next = Cell::new(Instant::now());
    move || {
        let now = Instant::now();
        if now < next.get() {
            return false;
        }
        // SAFETY: the caller gave the function for this argument.
        let stops = unsafe { poll(context) != 0 };
        next.set(Instant::now() + PAUSE);
        stops
    }
}

impl Answer {
    /// # Safety
    /// `order` has to point to room for `capacity` numbers.
    unsafe fn fill_order(&mut self, order: &[u32]) -> Result<(), Malformed> {
        let length = order.len();
        if length > self.capacity || (self.order.is_null() && length > 0) {
            return Err(Malformed("there is no room for the order"));
        }
        if length > 0 {
            // SAFETY: there is room, and the two do not overlap.
            unsafe { std::ptr::copy_nonoverlapping(order.as_ptr(), self.order, length) };
        }
        self.length = length;
        Ok(())
    }

    /// # Safety
    /// As of `fill_order`.
    unsafe fn fill(&mut self, answer: &search::Answer) -> Result<(), Malformed> {
        // SAFETY: handed on.
        unsafe { self.fill_order(&answer.order)? };
        self.nodes = answer.nodes;
        self.state = answer.state;
        (self.outcome, self.stop) = match answer.outcome {
            Ok(Found::No) => (NO, 0),
            Ok(Found::Yes) => (YES, 0),
            Err(stop) => (UNKNOWN, number(stop)),
        };
        Ok(())
    }

    /// # Safety
    /// As of `fill_order`.
    unsafe fn fill_threads(&mut self, found: &Interleaving) -> Result<(), Malformed> {
        // SAFETY: handed on.
        unsafe { self.fill_order(&found.order)? };
        (self.nodes, self.state) = (found.nodes, 0);
        (self.outcome, self.stop) = match found.outcome {
            Ok(Ok(())) => (YES, 0),
            Ok(Err(Reason::Tried)) => (NO, 0),
            Ok(Err(Reason::Circle)) => (NO, CIRCLE),
            Err(stop) => (UNKNOWN, number(stop)),
        };
        Ok(())
    }
}

/// The number of a reason to stop.
fn number(stop: Stop) -> u32 {
    match stop {
        Stop::Nodes => 1,
        Stop::Memory => 2,
        Stop::Deadline => 3,
        Stop::Cancelled => 4,
        Stop::Failed => 5,
        Stop::Left => 6,
    }
}

/// Runs something, and turns errors and panics into codes and a message.
///
/// # Safety
/// `message` has to point to room for `capacity` bytes, or be null.
unsafe fn guarded(
    message: *mut u8,
    capacity: usize,
    run: impl FnOnce() -> Result<(), Malformed>,
) -> i32 {
    let (code, text) = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => return FINE,
        Ok(Err(Malformed(text))) => (MALFORMED, text.to_string()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).into()));
            (PANICKED, text.unwrap_or_default())
        }
    };
    if !message.is_null() && capacity > 0 {
        let length = text.len().min(capacity - 1);
        // SAFETY: there is room for the text and a zero.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), message, length);
            message.add(length).write(0);
        }
    }
    code
}

/// Returns the version of this interface.
#[no_mangle]
pub extern "C" fn kernel_version() -> u32 {
    VERSION
}

/// Searches for an order of the operations of each problem; the first no ends it all.
///
/// # Safety
/// `problems` and `answers` have to point to `count` of them. Pointers in them have to be
/// null where that is allowed, or else point to what they say. Step functions may be
/// called from any thread, each by one at a time.
#[no_mangle]
pub unsafe extern "C" fn kernel_search(
    problems: *const Problem,
    answers: *mut Answer,
    count: usize,
    limits: *const Limits,
    message: *mut u8,
    capacity: usize,
) -> i32 {
    let run = || {
        if problems.is_null() || answers.is_null() || limits.is_null() {
            return Err(Malformed("an argument is null"));
        }
        // SAFETY: not null; the rest is the caller's word.
        unsafe {
            let problems = std::slice::from_raw_parts(problems, count);
            let answers = std::slice::from_raw_parts_mut(answers, count);
            search_all(problems, &*limits, answers)
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}

/// Decides problems of one register each, in real time; the first no ends it all.
///
/// `easy` is how many nodes a search may cost before stale reads are asked for. The
/// strategy of the limits does not count.
///
/// # Safety
/// As of `kernel_search`. There has to be room for 3 operations in each answer.
#[no_mangle]
pub unsafe extern "C" fn kernel_decide(
    problems: *const Problem,
    answers: *mut Answer,
    count: usize,
    limits: *const Limits,
    easy: u64,
    message: *mut u8,
    capacity: usize,
) -> i32 {
    let run = || {
        if problems.is_null() || answers.is_null() || limits.is_null() {
            return Err(Malformed("an argument is null"));
        }
        // SAFETY: not null; the rest is the caller's word.
        unsafe {
            let problems = std::slice::from_raw_parts(problems, count);
            let answers = std::slice::from_raw_parts_mut(answers, count);
            decide_all(problems, &*limits, easy, answers)
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}

/// Decides a problem of a register whose values are unique, if it is one.
///
/// # Safety
/// As of `kernel_search`.
#[no_mangle]
pub unsafe extern "C" fn kernel_unique(
    problem: *const Problem,
    answer: *mut Answer,
    message: *mut u8,
    capacity: usize,
) -> i32 {
    let run = || {
        // SAFETY: null, or the caller's word.
        match unsafe { (problem.as_ref(), answer.as_mut()) } {
            // SAFETY: the caller's word.
            (Some(problem), Some(answer)) => unsafe { test_unique(problem, answer) },
            _ => Err(Malformed("an argument is null")),
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}

/// Searches for an interleaving of operations on several registers.
///
/// # Safety
/// As of `kernel_search`.
#[no_mangle]
pub unsafe extern "C" fn kernel_registers(
    threads: *const RegisterThreads,
    answer: *mut Answer,
    limits: *const Limits,
    message: *mut u8,
    capacity: usize,
) -> i32 {
    let run = || {
        // SAFETY: null, or the caller's word.
        match unsafe { (threads.as_ref(), limits.as_ref(), answer.as_mut()) } {
            // SAFETY: the caller's word.
            (Some(threads), Some(limits), Some(answer)) => unsafe {
                interleave_registers(threads, limits, answer)
            },
            _ => Err(Malformed("an argument is null")),
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}

/// Searches for an interleaving of operations on a counter.
///
/// # Safety
/// As of `kernel_search`.
#[no_mangle]
pub unsafe extern "C" fn kernel_counter(
    threads: *const CounterThreads,
    answer: *mut Answer,
    limits: *const Limits,
    message: *mut u8,
    capacity: usize,
) -> i32 {
    let run = || {
        // SAFETY: null, or the caller's word.
        match unsafe { (threads.as_ref(), limits.as_ref(), answer.as_mut()) } {
            // SAFETY: the caller's word.
            (Some(threads), Some(limits), Some(answer)) => unsafe {
                interleave_counter(threads, limits, answer)
            },
            _ => Err(Malformed("an argument is null")),
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(run: impl FnOnce() -> Result<(), Malformed>) -> (i32, String) {
        let mut message = [1u8; 16];
        // SAFETY: there is as much room as is said.
        let code = unsafe { guarded(message.as_mut_ptr(), message.len(), run) };
        let end = message.iter().position(|byte| *byte == 0).unwrap_or(0);
        (code, String::from_utf8_lossy(&message[..end]).into_owned())
    }

    #[test]
    fn errors_and_panics_are_codes_with_a_message() {
        assert_eq!(said(|| Ok(())).0, FINE);
        let wrong = said(|| Err(Malformed("too long for the room")));
        assert_eq!(wrong, (MALFORMED, "too long for th".to_string()));
        std::panic::set_hook(Box::new(|_| ()));
        let panic = said(|| panic!("no {}", "way"));
        drop(std::panic::take_hook());
        assert_eq!(panic, (PANICKED, "no way".to_string()));
    }

    #[test]
    fn arrays_that_cannot_be_are_refused() {
        let number = [7u32, 8];
        let slice = |data, length| Slice::<u32> { data, length };
        // SAFETY: what is read is there; the rest is refused.
        unsafe {
            assert_eq!(slice(number.as_ptr(), 2).get(), Ok(&number[..]));
            assert_eq!(slice(std::ptr::null(), 0).get(), Ok(&[][..]));
            assert!(slice(std::ptr::null(), 1).get().is_err());
            let misaligned = number.as_ptr().byte_add(1);
            assert!(slice(misaligned, 1).get().is_err());
            assert!(slice(number.as_ptr(), usize::MAX).get().is_err());
        }
    }

    #[test]
    fn a_null_argument_is_refused() {
        let null = std::ptr::null_mut();
        // SAFETY: null is refused.
        let code = unsafe { kernel_unique(std::ptr::null(), null, std::ptr::null_mut(), 0) };
        assert_eq!(code, MALFORMED);
    }
}
