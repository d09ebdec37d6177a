//! Random numbers and random histories.

use crate::search::View;
use crate::timeline::{Operations, OPEN};

/// Xorshift: the same numbers from a seed on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..4).for_each(|_| _ = random.below(2));
        random
    }

    /// A number from 0 to `bound` - 1.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    /// True once in `times`; never if it is 0.
    pub fn one_in(&mut self, times: usize) -> bool {
        times > 0 && self.below(times) == 0
    }
}

/// What operations of a history look like to a search.
#[derive(Debug, Default, Clone)]
pub struct Drawn {
    pub openings: Vec<u32>,
    pub calls: Vec<u32>,
    pub returns: Vec<u32>,
    pub processes: Vec<u32>,
    pub classes: Vec<u32>,
    pub kinds: Vec<u8>,
    pub a: Vec<i32>,
    pub b: Vec<i32>,
    pub keys: Vec<u32>,
}

impl Drawn {
    pub fn operations(&self) -> Operations<'_> {
        Operations {
            openings: &self.openings,
            calls: &self.calls,
            returns: &self.returns,
            processes: &self.processes,
            classes: &self.classes,
        }
    }

    pub fn view(&self) -> View {
        View::new(&self.kinds, &self.a, &self.b).expect("drawn classes are well formed")
    }

    /// Some of the operations, given by number, with what happens between them left out.
    pub fn part(&self, operations: &[u32]) -> Self {
        let all = operations.iter().map(|i| *i as usize);
        let ends = all.clone().map(|i| self.returns[i]);
        let calls = all.clone().map(|i| self.calls[i]);
        let mut events: Vec<u32> = calls.chain(ends).filter(|e| *e != OPEN).collect();
        events.sort_unstable();
        let rank = |event: u32| match event {
            OPEN => OPEN,
            event => events.partition_point(|other| *other < event) as u32,
        };
        let picked = |from: &[u32]| all.clone().map(|i| rank(from[i])).collect();
        Drawn {
            openings: picked(&self.openings),
            calls: picked(&self.calls),
            returns: picked(&self.returns),
            processes: match self.processes.is_empty() {
                true => Vec::new(),
                false => all.clone().map(|i| self.processes[i]).collect(),
            },
            classes: all.clone().map(|i| self.classes[i]).collect(),
            ..self.clone()
        }
    }

    fn class(&mut self, key: u32, kind: u8, a: i32, b: i32) -> u32 {
        let classes = 0..self.kinds.len();
        let seen = |c: usize| (self.keys[c], self.kinds[c], self.a[c], self.b[c]);
        let same = |c: &usize| seen(*c) == (key, kind, a, b);
        classes.clone().find(same).unwrap_or_else(|| {
            self.keys.push(key);
            self.kinds.push(kind);
            self.a.push(a);
            self.b.push(b);
            classes.end
        }) as u32
    }
}

/// How to draw a history of a register.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Registers.
    pub keys: usize,
    pub count: usize,
    pub clients: usize,
    /// Values that are written; 0: every write has its own.
    pub values: usize,
    pub swaps: bool,
    /// Whether failed swaps are observations.
    pub failures: bool,
    /// One operation in so many never returns; 0: none.
    pub open: usize,
    /// One observation in so many is wrong; 0: none.
    pub wrong: usize,
}

impl Recipe {
    pub fn small(random: &mut Random) -> Self {
        Recipe {
            keys: 1,
            count: 2 + random.below(9),
            clients: 2 + random.below(4),
            values: random.below(4),
            swaps: random.one_in(2),
            failures: random.one_in(2),
            open: [0, 5, 10][random.below(3)],
            wrong: [0, 4, 8][random.below(3)],
        }
    }
}

struct Call {
    operation: usize,
    key: u32,
    kind: u8,
    a: i32,
    b: i32,
}

/// Draws a history: clients call, and each operation takes effect as it returns.
pub fn register(random: &mut Random, recipe: &Recipe) -> Drawn {
    let mut drawn = Drawn::default();
    let mut clients: Vec<Option<Call>> = (0..recipe.clients).map(|_| None).collect();
    let mut process: Vec<u32> = (0..recipe.clients as u32).collect();
    let (mut fresh, mut event) = (0, 0);
    let mut states = vec![0; recipe.keys];
    while drawn.calls.len() < recipe.count || clients.iter().any(Option::is_some) {
        let client = random.below(recipe.clients);
        let Some(call) = clients[client].take() else {
            if drawn.calls.len() == recipe.count {
                continue;
            }
            let key = random.below(recipe.keys);
            let state = states[key];
            let mut value = |random: &mut Random| {
                fresh += 1;
                if recipe.values == 0 {
                    fresh
                } else {
                    random.below(recipe.values) as i32
                }
            };
            let (kind, a, b) = match random.below(if recipe.swaps { 3 } else { 2 }) {
                0 => (0, 0, 0),
                1 => (1, value(random), 0),
                _ => {
                    let from = if random.one_in(3) {
                        value(random)
                    } else {
                        state
                    };
                    (2, from, value(random))
                }
            };
            let operation = drawn.calls.len();
            clients[client] = Some(Call {
                operation,
                key: key as u32,
                kind,
                a,
                b,
            });
            drawn.calls.push(event);
            drawn.returns.push(OPEN);
            drawn.processes.push(process[client]);
            drawn.classes.push(0);
            event += 1;
            continue;
        };
        let state = &mut states[call.key as usize];
        let is_open = random.one_in(recipe.open);
        let wrong = random.one_in(recipe.wrong);
        let mut swapped = call.kind == 2 && (call.a == *state) != wrong;
        if is_open {
            // Whether it took effect is not known; half of them do.
            swapped = call.kind == 2;
            let effective = random.one_in(2);
            if effective && (call.kind == 1 || (swapped && call.a == *state)) {
                *state = if swapped { call.b } else { call.a };
            }
            // Most clients go on as another process.
            if !random.one_in(4) {
                process[client] = process.iter().max().expect("there are clients") + 1;
            }
        } else {
            drawn.returns[call.operation] = event;
            event += 1;
        }
        let (kind, a, b) = match call.kind {
            0 if wrong && recipe.values == 0 => (0, random.below(fresh as usize + 2) as i32, 0),
            0 if wrong => (0, random.below(recipe.values + 1) as i32, 0),
            0 => (0, *state, 0),
            1 => (1, call.a, 0),
            _ if swapped => (2, call.a, call.b),
            _ if recipe.failures => (3, call.a, 0),
            // A failed swap that is no observation: a read of what is there.
            _ => (0, *state, 0),
        };
        if !is_open && kind == 1 {
            *state = a;
        } else if !is_open && kind == 2 {
            *state = b;
        }
        drawn.classes[call.operation] = drawn.class(call.key, kind, a, b);
    }
    drawn.openings = drawn.calls.clone();
    drawn
}

/// Lets real time count for less: clients may be some events behind.
pub fn relax(drawn: &mut Drawn, events: u32) {
    let earlier = drawn.calls.iter().map(|call| call.saturating_sub(events));
    drawn.openings = earlier.collect();
}
