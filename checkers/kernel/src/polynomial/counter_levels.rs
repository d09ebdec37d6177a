//! Sequential consistency of a counter whose deltas are all equal: exact, `n log n`.
//!
//! Source: unit jobs with release times and deadlines, earliest deadline first (Jackson
//! 1955). Deltas that differ make the question strongly NP-hard (3-partition); see
//! `threads::counter`.
//!
//! Reads that saw the same number of adds, their *level*, stand together in any legal
//! order. Between two levels that were read lies a *gap*, which has to be filled by exactly
//! as many adds as the levels differ by; behind the last one is a gap without bound. An add
//! between two reads of a process belongs to one of the gaps between their levels.
//! Invariant: all adds being equal, it is enough to fill the first gap first, always with
//! the add that has to be in place the soonest. Open adds can wait for ever.
//! Difference from the naive search, which tries every add for every gap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::counter::{validate, with_idle, ADD, IDLE};
use super::{Verdict, Violation};
use crate::timeline::{most_numbers, Malformed, Operations, NONE, OPEN};

/// An add, and the gaps that it can be in. Gap `g` lies before level number `g`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Job {
    /// The last gap; `OPEN` for an open add, which can also be in none.
    last: u32,
    operation: u32,
    first: u32,
}

/// What is known of a process.
#[derive(Clone, Default)]
struct Reader {
    /// Its last read, if any.
    read: Option<u32>,
    /// The adds since.
    adds: Vec<u32>,
}

/// A counter by its levels.
struct Counter<'a> {
    operations: &'a Operations<'a>,
    /// By class: how many adds it has seen; or `ADD`, or `IDLE`.
    level_of: &'a [i32],
    /// The levels that were read, and 0, ascending.
    levels: Vec<i32>,
}

/// Returns whether a counter is sequentially consistent, given by class how many adds a
/// read has seen.
pub fn decide(operations: &Operations, level_of: &[i32]) -> Result<Verdict, Malformed> {
    validate(operations, level_of)?;
    if operations.processes.len() != operations.count() {
        return Err(Malformed("there are no processes"));
    }
    if operations.process_count() > most_numbers(operations.count()) {
        return Err(Malformed("processes are not numbered densely"));
    }
    let mut levels: Vec<i32> = level_of.iter().copied().filter(|l| *l >= 0).collect();
    levels.push(0);
    levels.sort_unstable();
    levels.dedup();
    let counter = Counter {
        operations,
        level_of,
        levels,
    };
    match counter.jobs().and_then(|jobs| counter.fill(&jobs)) {
        Ok(gaps) => with_idle(operations, level_of, counter.line(gaps)),
        Err(verdict) => Ok(verdict),
    }
}

impl Counter<'_> {
    fn level(&self, i: u32) -> i32 {
        self.level_of[self.operations.classes[i as usize] as usize]
    }

    /// The number of the level of a read; that of no read is 0.
    fn number(&self, read: Option<u32>) -> u32 {
        let level = read.map_or(0, |read| self.level(read));
        self.levels.partition_point(|other| *other < level) as u32
    }

    /// The adds; or a no if a process contradicts itself.
    fn jobs(&self) -> Result<Vec<Job>, Verdict> {
        let mut jobs = Vec::new();
        let mut readers = vec![Reader::default(); self.operations.process_count()];
        for i in 0..self.operations.count() as u32 {
            let reader = &mut readers[self.operations.processes[i as usize] as usize];
            match self.level(i) {
                IDLE => {}
                ADD if self.operations.returns[i as usize] != OPEN => reader.adds.push(i),
                ADD => jobs.push(Job {
                    last: OPEN,
                    operation: i,
                    first: self.number(reader.read) + 1,
                }),
                _ => {
                    let (before, now) = (self.number(reader.read), self.number(Some(i)));
                    let mut shown: Vec<u32> = reader.read.into_iter().collect();
                    if now < before {
                        shown.push(i);
                        return Err(Violation::ReadsGoBack.shown_by(shown, Vec::new()));
                    }
                    if now == before && !reader.adds.is_empty() {
                        shown.extend([reader.adds[0], i]);
                        return Err(Violation::AddNotSeen.shown_by(shown, Vec::new()));
                    }
                    jobs.extend(reader.adds.drain(..).map(|operation| Job {
                        last: now,
                        operation,
                        first: before + 1,
                    }));
                    reader.read = Some(i);
                }
            }
        }
        readers.retain(|reader| !reader.adds.is_empty());
        readers.sort_by_key(|reader| reader.adds[0]);
        for reader in readers {
            let first = self.number(reader.read) + 1;
            jobs.extend(reader.adds.iter().map(|operation| Job {
                last: self.levels.len() as u32,
                operation: *operation,
                first,
            }));
        }
        Ok(jobs)
    }

    /// By gap, its adds; or a no if they do not fit.
    fn fill(&self, jobs: &[Job]) -> Result<Vec<Vec<u32>>, Verdict> {
        let levels = &self.levels;
        let mut starting: Vec<Job> = jobs.to_vec();
        starting.sort_by_key(|job| job.first);
        let mut starting = starting.into_iter().peekable();
        let mut gaps = Vec::with_capacity(levels.len());
        let mut waiting: BinaryHeap<Reverse<Job>> = BinaryHeap::new();
        for gap in 1..levels.len() {
            while let Some(job) = starting.next_if(|job| job.first as usize <= gap) {
                waiting.push(Reverse(job));
            }
            let room = (levels[gap] - levels[gap - 1]) as usize;
            if waiting.len() < room {
                let mut all = 0..self.operations.count() as u32;
                let reader = all.find(|i| self.level(*i) == levels[gap]);
                let possible = levels[gap - 1] as usize + waiting.len();
                let facts = vec![levels[gap] as u32, possible as u32];
                let shown = vec![reader.unwrap_or(NONE)];
                return Err(Violation::TooFewAdds.shown_by(shown, facts));
            }
            let next = |_| waiting.pop().expect("there are as many").0.operation;
            gaps.push((0..room).map(next).collect());
            let next = waiting.peek();
            if next.is_some_and(|Reverse(job)| job.last as usize <= gap) {
                return Err(self.too_many(jobs, gap));
            }
        }
        let rest = waiting.into_iter().map(|Reverse(job)| job).chain(starting);
        let rest = rest.filter(|job| job.last != OPEN);
        let mut rest: Vec<u32> = rest.map(|job| job.operation).collect();
        rest.sort_unstable();
        gaps.push(rest);
        Ok(gaps)
    }

    /// The no of adds that have to be in too few gaps, of which this is the last.
    ///
    /// By Hall's theorem there are such adds, namely all that belong to some of the gaps
    /// up to this one.
    fn too_many(&self, jobs: &[Job], gap: usize) -> Verdict {
        let inside = jobs.iter().filter(|job| job.last as usize <= gap);
        let mut inside: Vec<&Job> = inside.collect();
        inside.sort_by_key(|job| Reverse(job.first));
        let end = self.levels[gap];
        for (place, job) in inside.iter().enumerate() {
            let begin = self.levels[job.first as usize - 1];
            if place as i32 + 1 > end - begin {
                let shown = inside[..=place].iter().map(|job| job.operation);
                let mut shown: Vec<u32> = shown.collect();
                shown.sort_unstable();
                let facts = vec![(end - begin) as u32, begin as u32, end as u32];
                return Violation::TooManyAdds.shown_by(shown, facts);
            }
        }
        unreachable!("earliest deadlines first fails on too many adds only")
    }

    /// The order: gap by gap its adds, then the reads of the level.
    fn line(&self, gaps: Vec<Vec<u32>>) -> Vec<u32> {
        let mut reads: Vec<(i32, u32)> = (0..self.operations.count() as u32)
            .map(|i| (self.level(i), i))
            .filter(|(level, _)| *level >= 0)
            .collect();
        reads.sort_by_key(|(level, _)| *level);
        let mut reads = reads.into_iter().peekable();
        let mut line = Vec::with_capacity(self.operations.count());
        for (level, adds) in self.levels.iter().zip(gaps) {
            while let Some((_, read)) = reads.next_if(|read| read.0 == *level) {
                line.push(read);
            }
            line.extend(adds);
        }
        line
    }
}
