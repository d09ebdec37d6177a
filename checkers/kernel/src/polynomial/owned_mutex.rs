//! Linearizability and sequential consistency of a lock with an owner: `n log n`.
//!
//! Source: the zones of Gibbons and Korach, *Testing shared memories*, SIAM J. Comput.
//! 26(4), 1997, for a resource that one holds at a time.
//!
//! Only the process that has acquired the lock can release it, so every process acquires
//! and releases it in turns. What lies between is a *section*. As late as it can, it begins
//! when its acquire returns; as early as it can, it ends when its release is called.
//! Invariant: if no two sections hold the lock for certain at the same time, each can be as
//! short as that. In program order, sections of different processes can come in any order;
//! only that of two processes both hold the lock for ever is impossible.
//! Difference from the naive test, which compares all pairs: by their begins, only
//! neighbours can overlap.
//!
//! An open acquire took effect only if it was released. An open release may have taken
//! effect as soon as it was called. A section that is not released lasts for ever.

use super::{Verdict, Violation};
use crate::timeline::{most_numbers, Malformed, Operations, NONE, OPEN};

/// One time that a process holds the lock for certain.
struct Section {
    /// The return of its acquire, and the call of its release, or `OPEN`.
    begin: u32,
    end: u32,
    acquire: u32,
    /// The operation, or `NONE`.
    release: u32,
}

/// What is known of a process.
#[derive(Clone, Copy)]
struct Owner {
    /// What it did last, or `NONE`.
    last: u32,
    has_ended: bool,
}

/// Returns whether the sections of a lock can follow each other, in real time or not, given
/// by class whether it acquires.
pub fn decide(
    operations: &Operations,
    acquires: &[u8],
    in_real_time: bool,
) -> Result<Verdict, Malformed> {
    operations.validate(acquires.len())?;
    let count = operations.process_count();
    if operations.processes.len() != operations.count() {
        return Err(Malformed("there are no processes"));
    }
    if count > most_numbers(operations.count()) {
        return Err(Malformed("processes are not numbered densely"));
    }
    let mut sections = match sections(operations, acquires) {
        Ok(sections) => sections,
        Err(verdict) => return Ok(verdict),
    };
    if in_real_time {
        sections.sort_by_key(|section| section.begin);
    } else {
        // Those of one process stay in their order; the endless one is its last.
        sections.sort_by_key(|section| section.end == OPEN);
    }
    let clashes = |pair: &&[Section]| {
        if in_real_time {
            pair[1].begin < pair[0].end
        } else {
            pair[0].end == OPEN
        }
    };
    let all = |sections: &[Section]| -> Vec<u32> {
        let both = |section: &Section| [section.acquire, section.release];
        sections.iter().flat_map(both).collect()
    };
    if let Some(pair) = sections.windows(2).find(clashes) {
        return Ok(Violation::HeldTwice.shown_by(all(pair), Vec::new()));
    }
    let mut order = all(&sections);
    order.retain(|i| *i != NONE);
    Ok(Verdict::Yes(order))
}

/// The sections of all processes, each process's in their order.
///
/// It is a no if a process does not take turns, and unfit if one goes on after an open
/// operation.
fn sections(operations: &Operations, acquires: &[u8]) -> Result<Vec<Section>, Verdict> {
    let acquires = |i: u32| acquires[operations.classes[i as usize] as usize] != 0;
    let nobody = Owner {
        last: NONE,
        has_ended: false,
    };
    let mut owners = vec![nobody; operations.process_count()];
    // By the first operation of each that counts.
    let mut seen: Vec<u32> = Vec::new();
    let mut sections = Vec::new();
    let mut wrong = None;
    for i in 0..operations.count() as u32 {
        let (process, end) = (
            operations.processes[i as usize],
            operations.returns[i as usize],
        );
        let owner = &mut owners[process as usize];
        if owner.has_ended {
            return Err(Verdict::Unfit);
        }
        owner.has_ended = end == OPEN;
        let last = owner.last;
        let holds = last != NONE && acquires(last);
        if holds && !acquires(i) {
            sections.push(Section {
                begin: operations.returns[last as usize],
                end: operations.calls[i as usize],
                acquire: last,
                release: i,
            });
        } else if end == OPEN {
            continue;
        } else if holds || !acquires(i) {
            wrong = wrong.or(Some((i, last)));
        }
        if last == NONE {
            seen.push(process);
        }
        owner.last = i;
    }
    if let Some((i, last)) = wrong {
        return Err(Violation::NotInTurns.shown_by(vec![i, last], Vec::new()));
    }
    let last = seen.iter().map(|process| owners[*process as usize].last);
    sections.extend(last.filter(|i| acquires(*i)).map(|i| Section {
        begin: operations.returns[i as usize],
        end: OPEN,
        acquire: i,
        release: NONE,
    }));
    Ok(sections)
}
