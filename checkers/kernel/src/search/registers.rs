//! Several registers as one data type: a state is a value for each key.

use std::collections::HashMap;

use super::register::View;
use super::steps::{Automaton, Steps, ILLEGAL};
use crate::timeline::{most_numbers, Malformed};

/// The classes of operations on registers. Values of each key are numbered from 0, which
/// is the initial one.
#[derive(Clone)]
pub struct Registers {
    pub view: View,
    /// By class: its key. Empty if there is one key.
    keys: Vec<u32>,
    pub key_count: usize,
}

impl Registers {
    /// Takes classes, and by class its key; no keys are one key.
    pub fn new(view: View, keys: &[u32]) -> Result<Self, Malformed> {
        if !keys.is_empty() && keys.len() != view.kinds.len() {
            return Err(Malformed("arrays of classes differ in length"));
        }
        let most = keys.iter().max().map_or(0, |most| *most as usize);
        if most >= most_numbers(view.kinds.len()) {
            return Err(Malformed("keys are not numbered densely"));
        }
        Ok(Registers {
            view,
            keys: keys.to_vec(),
            key_count: most + 1,
        })
    }

    /// Whether there is one register only.
    pub fn is_one(&self) -> bool {
        self.keys.is_empty()
    }

    #[inline(always)]
    pub fn key(&self, class: usize) -> u32 {
        self.keys.get(class).copied().unwrap_or(0)
    }

    /// By key: where its values begin if all values are numbered; and how many there are.
    pub fn value_numbers(&self) -> (Vec<u32>, u32) {
        let mut most = vec![0; self.key_count];
        for class in 0..self.view.kinds.len() {
            let most = &mut most[self.key(class) as usize];
            *most = self.view.a[class].max(self.view.b[class]).max(*most);
        }
        let mut next = 0;
        let first = |most: &u32| {
            let first = next;
            next += most + 1;
            first
        };
        let first = most.iter().map(first).collect();
        (first, next)
    }
}

/// States of several registers by number, each known once.
pub struct Joint {
    registers: Registers,
    states: Vec<Box<[u32]>>,
    numbers: HashMap<Box<[u32]>, u32>,
}

impl Joint {
    pub fn new(registers: Registers) -> Self {
        let first: Box<[u32]> = vec![0; registers.key_count].into();
        Joint {
            registers,
            numbers: HashMap::from([(first.clone(), 0)]),
            states: vec![first],
        }
    }
}

impl Automaton for Joint {
    fn step(&mut self, state: u32, class: u32) -> Option<i64> {
        let there = self.part(state, class);
        let Some(next) = self.registers.view.after(there, class) else {
            return Some(ILLEGAL);
        };
        if next == there {
            return Some(i64::from(state));
        }
        let mut values = self.states[state as usize].clone();
        values[self.registers.key(class as usize) as usize] = next;
        let number = self.states.len() as u32;
        let known = *self.numbers.entry(values.clone()).or_insert(number);
        if known == number {
            self.states.push(values);
        }
        Some(i64::from(known))
    }

    fn can_lead(&mut self, _: u32, _: u32) -> Option<bool> {
        Some(true)
    }

    fn looks_ahead(&self) -> bool {
        false
    }

    fn part(&self, state: u32, class: u32) -> u32 {
        self.states[state as usize][self.registers.key(class as usize) as usize]
    }
}

impl Steps for View {
    #[inline(always)]
    fn step(&mut self, state: u32, class: u32) -> i64 {
        self.after(state, class).map_or(ILLEGAL, i64::from)
    }
}
