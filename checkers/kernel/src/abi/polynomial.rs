//! The door to the polynomial tests: one function and one struct for all of them.

use super::{guarded, Slice, NO, UNFIT, YES};
use crate::polynomial::append_list::List;
use crate::polynomial::{self, Container, Verdict};
use crate::timeline::{Malformed, Operations};

/// A problem for a test, and room for what it finds. Which columns count, and what they
/// say, is the test's; see there.
#[repr(C)]
pub struct Test {
    /// 0: a queue; 1: a queue by rank, or a bag; 2: a stack; 3: an element of a set; 4: a
    /// lock with an owner; 5: a list; 6: a counter in real time; 7: in program order.
    test: u32,
    /// The value that means nothing, or `NONE`.
    nothing: u32,
    openings: Slice<u32>,
    calls: Slice<u32>,
    returns: Slice<u32>,
    processes: Slice<u32>,
    classes: Slice<u32>,
    /// By class: what it does.
    roles: Slice<u8>,
    marks: Slice<u8>,
    /// By class: values.
    a: Slice<i32>,
    b: Slice<i32>,
    /// Values that are there at first.
    first: Slice<u32>,
    /// By value: its rank.
    ranks: Slice<u32>,
    value_count: usize,
    /// Whether a lock is in real time, and not in program order.
    in_real_time: u32,
    /// Room for numbers: a witness; or the operations that prove a no, and behind them
    /// what else belongs to it.
    numbers: *mut u32,
    capacity: usize,
    /// How many there are: of operations, and of others.
    operation_count: usize,
    fact_count: usize,
    /// 0: no; 1: yes; 3: the test does not fit.
    outcome: u32,
    /// What is violated, by `polynomial::Violation`.
    violation: u32,
}

impl Test {
    /// # Safety
    /// As of `Slice::get`.
    unsafe fn decide(&self) -> Result<Verdict, Malformed> {
        // SAFETY: handed on.
        let operations = unsafe {
            Operations {
                openings: self.openings.get()?,
                calls: self.calls.get()?,
                returns: self.returns.get()?,
                processes: self.processes.get()?,
                classes: self.classes.get()?,
            }
        };
        // SAFETY: handed on.
        let (roles, marks) = unsafe { (self.roles.get()?, self.marks.get()?) };
        // SAFETY: handed on.
        let (a, b) = unsafe { (self.a.get()?, self.b.get()?) };
        // SAFETY: handed on.
        let (first, ranks) = unsafe { (self.first.get()?, self.ranks.get()?) };
        let container = Container {
            operations,
            inserts: roles,
            marks,
            input: a,
            output: b,
            first,
            value_count: self.value_count,
            nothing: self.nothing,
        };
        match self.test {
            0 => polynomial::fifo_queue::decide(&container),
            1 => polynomial::priority_queue::decide(&container, ranks),
            2 => polynomial::stack::decide(&container),
            3 => polynomial::set_element::decide(&operations, roles, !first.is_empty()),
            4 => polynomial::owned_mutex::decide(&operations, roles, self.in_real_time != 0),
            5 => polynomial::append_list::decide(&List {
                operations,
                roles,
                numbers: a,
                first,
                length: self.value_count,
            }),
            6 => polynomial::counter::decide(&operations, a),
            7 => polynomial::counter_levels::decide(&operations, a),
            _ => Err(Malformed("there is no such test")),
        }
    }

    /// # Safety
    /// `numbers` has to point to room for `capacity` of them.
    unsafe fn fill(&mut self, verdict: &Verdict) -> Result<(), Malformed> {
        let (outcome, operations, facts) = match verdict {
            Verdict::Yes(order) => (YES, &order[..], &[][..]),
            Verdict::No(found) => {
                self.violation = found.violation as u32;
                (NO, &found.operations[..], &found.facts[..])
            }
            Verdict::Unfit => (UNFIT, &[][..], &[][..]),
        };
        let count = operations.len() + facts.len();
        if count > self.capacity || (self.numbers.is_null() && count > 0) {
            return Err(Malformed("there is no room for the numbers"));
        }
        if count > 0 {
            let behind = self.numbers.wrapping_add(operations.len());
            // SAFETY: there is room, and they do not overlap.
            unsafe {
                self.numbers
                    .copy_from_nonoverlapping(operations.as_ptr(), operations.len());
                behind.copy_from_nonoverlapping(facts.as_ptr(), facts.len());
            }
        }
        self.outcome = outcome;
        (self.operation_count, self.fact_count) = (operations.len(), facts.len());
        Ok(())
    }
}

/// Decides a problem by a polynomial test.
///
/// # Safety
/// As of `kernel_search`.
#[no_mangle]
pub unsafe extern "C" fn kernel_test(test: *mut Test, message: *mut u8, capacity: usize) -> i32 {
    let run = || {
        // SAFETY: null, or the caller's word.
        let test = unsafe { test.as_mut() }.ok_or(Malformed("an argument is null"))?;
        // SAFETY: the caller's word.
        unsafe {
            let verdict = test.decide()?;
            test.fill(&verdict)
        }
    };
    // SAFETY: the caller's word.
    unsafe { guarded(message, capacity, run) }
}
