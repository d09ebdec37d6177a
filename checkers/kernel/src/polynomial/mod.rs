//! Data types and histories for which an order need not be searched for.
//!
//! The caller says what each class of operations does, in the words of one of the tests;
//! which these are, and when a test applies, is his. Where it does, the answer is exact: a
//! witness, or what proves that there is none.
//!
//! Reading order: `counter` (equal deltas, in real time) and `counter_levels` (in program
//! order), `set_element`, `owned_mutex`, `append_list`; then containers with unique elements: `elements` (who put what in, and who
//! took it out), `emptiness` (when there was none), `fifo_queue`, `priority_queue` (bags too),
//! `stack` (`segments`).

pub mod append_list;
pub mod counter;
pub mod counter_levels;
mod elements;
mod emptiness;
pub mod fifo_queue;
pub mod owned_mutex;
pub mod priority_queue;
mod segments;
pub mod set_element;
pub mod stack;

pub use elements::Container;

/// What a test has found.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// An order of all operations that returned, and of those open ones that took effect.
    Yes(Vec<u32>),
    No(Evidence),
    /// It is not clear who has seen what.
    Unfit,
}

/// What proves that there is no order.
#[derive(Debug, PartialEq)]
pub struct Evidence {
    pub violation: Violation,
    /// The operations that show it; `NONE` for what no operation has done.
    pub operations: Vec<u32>,
    /// Numbers that belong to it: values, or counts.
    pub facts: Vec<u32>,
}

/// What is violated. Numbers are those of the door.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u32)]
pub enum Violation {
    /// A removal of what nobody put in; the value.
    NeverInserted,
    /// Two removals of the same element, and its insertions; the value.
    RemovedTwice,
    /// A removal, and the insertion that was called afterwards; the value.
    RemovedBeforeInserted,
    /// A removal that found nothing, and insertion and removal of each of those elements
    /// of which one was there at every instant of it; their values.
    NeverEmpty,
    /// Insertions of x and then y, removals of y and then x; the values of both.
    OutOfOrder,
    /// Insertion and removal of an element, and of each of those elements of which one, of
    /// a lesser rank, was there at every instant of that removal; their values.
    NeverTheLeast,
    /// Pushes and pops of elements of which none can be the lowest; their values.
    NoLowest,
    /// What could not take effect, as the element could not have been added, or removed;
    /// whether it is the former.
    NoFlip,
    /// An operation of a process, and the one before it: it acquired what it already had,
    /// or released what it had not.
    NotInTurns,
    /// Acquire and release of two sections that both held the lock.
    HeldTwice,
    /// Two reads, neither of which is a prefix of the other; or one that is no list.
    Disagree,
    /// A read with an element that nobody appended; its place, from 1 on.
    NeverAppended,
    /// Two operations of which the first must come before the second, though what was
    /// read says the opposite: in real time, and in one process.
    AgainstTime,
    AgainstProgram,
    /// A read of less adds than there had been; what has forced these. How many it has
    /// seen, and how many there had been.
    Overtaken,
    /// A read of more adds than can come before it; how many it has seen, and how many
    /// can.
    TooFewAdds,
    /// Two reads of a process, the second one of a lower level.
    ReadsGoBack,
    /// A read, if there is one, an add, and a read of a process, of the same level.
    AddNotSeen,
    /// Adds that have to come between two levels; the room, and the levels.
    TooManyAdds,
}

impl Violation {
    /// Returns the no of it.
    fn shown_by(self, operations: Vec<u32>, facts: Vec<u32>) -> Verdict {
        Verdict::No(Evidence {
            violation: self,
            operations,
            facts,
        })
    }
}
