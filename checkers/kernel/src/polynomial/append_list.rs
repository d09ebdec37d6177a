//! A list that grows at its end, with unique elements: exact and linear for any order.
//!
//! Source: none; it is a register of lengths with unique values, of which all clusters but
//! the last are one chain. Appends that were seen are what a read of the whole list tells
//! apart, as in Kingsbury and Alvaro, *Elle*, VLDB 2020.
//!
//! The longest list that was read says in which order its elements were appended; every
//! other read has to be of a prefix of it. Invariant: so the order of all of these is fixed:
//! the reads of the first list, an append, the reads of what it has led to, and so on.
//! Behind them come appends that nobody has seen, by call. What has no choice is right if it
//! keeps the order asked for.
//! Difference from the naive test, which compares all pairs: from the end on, whoever
//! returned first stands for all behind, and for all of its process.

use super::{Verdict, Violation};
use crate::insertion::insert;
use crate::timeline::{most_numbers, Malformed, Operations, NONE, OPEN};

const APPEND: u8 = 0;
/// A read of which it is known what it has seen.
const READ: u8 = 1;
/// Such a read, of the longest list.
const LONGEST: u8 = 2;

/// Operations on a list, and what those of each class do.
pub struct List<'a> {
    pub operations: Operations<'a>,
    /// By class: 0 an append, 1 a read, 2 a read of the longest list, 3 one of which
    /// nothing is known.
    pub roles: &'a [u8],
    /// By class: where what is appended is in the longest list, from 1 on, or 0; or the
    /// length of the list that was read, -1 if that is no list that there can be.
    pub numbers: &'a [i32],
    /// What was there at first: where it is in the longest list, or 0.
    pub first: &'a [u32],
    /// The length of the longest list.
    pub length: usize,
}

/// Returns whether a list of unique elements has a witness.
pub fn decide(list: &List) -> Result<Verdict, Malformed> {
    list.validate()?;
    let operations = &list.operations;
    let Some(mut line) = list.line() else {
        return Ok(Verdict::Unfit);
    };
    if let Some(wrong) = list.wrong_read(&line) {
        return Ok(wrong);
    }
    line.sort_by_key(|(rank, _)| *rank);
    let line: Vec<u32> = line.into_iter().map(|(_, i)| i).collect();
    if let Some((violation, first, second)) = against_order(operations, &line) {
        return Ok(violation.shown_by(vec![first, second], Vec::new()));
    }
    let is_idle = |i: &u32| list.role(*i) > LONGEST;
    let idle: Vec<u32> = (0..operations.count() as u32).filter(is_idle).collect();
    if idle.is_empty() {
        return Ok(Verdict::Yes(line));
    }
    let merged = insert(operations, &line, &idle, |_, gap| gap)?;
    Ok(Verdict::Yes(
        merged.expect("what is legal everywhere has a place"),
    ))
}

impl List<'_> {
    /// Says what is wrong with the arrays, if anything is.
    fn validate(&self) -> Result<(), Malformed> {
        self.operations.validate(self.roles.len())?;
        if self.operations.process_count() > most_numbers(self.operations.count()) {
            return Err(Malformed("processes are not numbered densely"));
        }
        let is_inside = |number: i64| number <= self.length as i64;
        let mut first = self.first.iter();
        if self.numbers.len() != self.roles.len()
            || !self
                .numbers
                .iter()
                .all(|number| is_inside((*number).into()))
            || !first.all(|number| is_inside((*number).into()))
        {
            return Err(Malformed("a length is out of range"));
        }
        Ok(())
    }

    fn role(&self, i: u32) -> u8 {
        self.roles[self.operations.classes[i as usize] as usize]
    }

    fn number(&self, i: u32) -> i32 {
        self.numbers[self.operations.classes[i as usize] as usize]
    }

    /// What has a place, by its rank: 2n - 1 for the append to length n, 2n for a read of
    /// that, the highest for an append that nobody has seen. None if an element that was
    /// seen is not unique.
    fn line(&self) -> Option<Vec<(i64, u32)>> {
        let mut seen = vec![false; self.length + 1];
        for number in self.first {
            seen[*number as usize] = true;
        }
        seen[0] = false;
        let mut line = Vec::with_capacity(self.operations.count());
        for i in 0..self.operations.count() as u32 {
            let number = i64::from(self.number(i));
            match self.role(i) {
                APPEND if number > 0 => {
                    if std::mem::replace(&mut seen[number as usize], true) {
                        return None;
                    }
                    line.push((2 * number - 1, i));
                }
                APPEND if self.operations.returns[i as usize] != OPEN => {
                    line.push((2 * self.length as i64 + 1, i));
                }
                READ | LONGEST => line.push((2 * number, i)),
                _ => {}
            }
        }
        Some(line)
    }

    /// A no if reads disagree, or saw what nobody has appended.
    fn wrong_read(&self, line: &[(i64, u32)]) -> Option<Verdict> {
        let all = 0..self.operations.count() as u32;
        let longest = all.clone().find(|i| self.role(*i) == LONGEST);
        let is_wrong = |i: &u32| self.role(*i) != APPEND && self.number(*i) < 0;
        if let Some(i) = all.clone().find(is_wrong) {
            let mut both = vec![i, longest.unwrap_or(i)];
            both.sort_unstable();
            both.dedup();
            return Some(Violation::Disagree.shown_by(both, Vec::new()));
        }
        let mut seen = vec![false; self.length + 1];
        for (rank, i) in line {
            if self.role(*i) == APPEND && *rank < 2 * self.length as i64 {
                seen[(*rank as usize).div_ceil(2)] = true;
            }
        }
        let missing = (self.first.len() + 1..=self.length).find(|number| !seen[*number])?;
        let shown = vec![longest.unwrap_or(NONE)];
        Some(Violation::NeverAppended.shown_by(shown, vec![missing as u32]))
    }
}

/// Something in an order that comes after what it must precede: why, the one, the other.
fn against_order(operations: &Operations, line: &[u32]) -> Option<(Violation, u32, u32)> {
    let (openings, returns) = (operations.openings, operations.returns);
    let end = |i: u32| if i == NONE { OPEN } else { returns[i as usize] };
    let mut first = NONE;
    let mut first_of = vec![NONE; operations.process_count()];
    for i in line.iter().rev().copied() {
        if end(first) < openings[i as usize] {
            return Some((Violation::AgainstTime, first, i));
        }
        if let Some(process) = operations.processes.get(i as usize) {
            let other = &mut first_of[*process as usize];
            if end(*other) < operations.calls[i as usize] {
                return Some((Violation::AgainstProgram, *other, i));
            }
            if *other == NONE || end(i) < end(*other) {
                *other = i;
            }
        }
        if first == NONE || end(i) < end(first) {
            first = i;
        }
    }
    None
}
