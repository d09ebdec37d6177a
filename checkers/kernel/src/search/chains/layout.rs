//! A problem as chains: what returns, in its process; and what never does.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// An operation that returns, in its chain.
#[derive(Clone, Copy)]
pub struct Link {
    pub operation: u32,
    pub opening: u32,
    pub end: u32,
    pub class: u32,
    pub pure: bool,
    /// The opening of the next operation of its process, or `OPEN`.
    pub follower: u32,
    /// If it is pure: its number since the last one of its chain that is not.
    pub bit: u32,
    /// The number of operations before it in its chain that are not pure.
    pub acted: u32,
}

/// An operation that never returns.
#[derive(Clone, Copy)]
pub struct Loose {
    pub operation: u32,
    pub opening: u32,
    pub class: u32,
    /// It comes after so much of a chain, or of none, if it comes.
    pub chain: u32,
    pub place: u32,
    pub bit: u32,
}

/// A problem as chains.
///
/// Where a process ends, by the order, before another one begins, both are in one chain:
/// clients that give up after every timeout are many processes and still few chains.
pub struct Layout {
    pub chains: Vec<Vec<Link>>,
    /// By operation that returns: its chain and its place there; or `NONE`.
    pub place: Vec<(u32, u32)>,
    /// The operations that return, by return: operation and return.
    pub by_return: Vec<(u32, u32)>,
    /// By chain: the bits of its pure operations, the first one and how many.
    pub runs: Vec<(u32, u32)>,
    /// The operations that never return and are not pure, by number.
    pub loose: Vec<Loose>,
    /// How many bits a mask needs.
    pub bits: usize,
}

impl Layout {
    pub fn new(operations: &Operations, pure: &[bool]) -> Result<Self, Malformed> {
        let processes = operations.by_process()?;
        let mut layout = Layout {
            chains: Vec::new(),
            place: vec![(NONE, 0); operations.count()],
            by_return: Vec::new(),
            runs: Vec::new(),
            loose: Vec::new(),
            bits: 0,
        };
        for (operation, end) in operations.returns.iter().enumerate() {
            if *end != OPEN {
                layout.by_return.push((operation as u32, *end));
            }
        }
        layout.by_return.sort_unstable_by_key(|(_, end)| *end);
        layout.join(operations, pure, &processes);
        layout.give_bits();
        layout.find_loose(operations, pure, &processes);
        layout.bits = layout.bits.max(layout.loose.len());
        Ok(layout)
    }

    /// Gives each process the chain that has been free for longest, or a new one.
    fn join(&mut self, operations: &Operations, pure: &[bool], processes: &[Vec<u32>]) {
        let mut free = BinaryHeap::new();
        for mates in processes {
            let returns = |operation: &&u32| operations.returns[**operation as usize] != OPEN;
            let Some(first) = mates.iter().find(returns) else {
                continue;
            };
            let opening = operations.openings[*first as usize];
            let chain = match free.peek() {
                Some(Reverse((end, chain))) if *end < opening => {
                    let chain: usize = *chain;
                    free.pop();
                    chain
                }
                _ => {
                    self.chains.push(Vec::new());
                    self.chains.len() - 1
                }
            };
            for (at, operation) in mates.iter().enumerate().filter(|mate| returns(&mate.1)) {
                let i = *operation as usize;
                let class = operations.classes[i];
                let next = mates.get(at + 1);
                self.place[i] = (chain as u32, self.chains[chain].len() as u32);
                self.chains[chain].push(Link {
                    operation: *operation,
                    opening: operations.openings[i],
                    end: operations.returns[i],
                    class,
                    pure: pure[class as usize],
                    follower: next.map_or(OPEN, |next| operations.openings[*next as usize]),
                    bit: 0,
                    acted: 0,
                });
            }
            let last = self.chains[chain].last().expect("a process has operations");
            free.push(Reverse((last.end, chain)));
        }
    }

    /// Gives pure operations bits: as many a chain as ever follow one another in it.
    fn give_bits(&mut self) {
        for chain in &mut self.chains {
            let (mut run, mut longest, mut acted) = (0, 0, 0);
            for link in chain {
                link.acted = acted;
                if link.pure {
                    link.bit = self.bits as u32 + run;
                    run += 1;
                    longest = longest.max(run);
                } else {
                    run = 0;
                    acted += 1;
                }
            }
            self.runs.push((self.bits as u32, longest));
            self.bits += longest as usize;
        }
    }

    fn find_loose(&mut self, operations: &Operations, pure: &[bool], processes: &[Vec<u32>]) {
        for mates in processes {
            let (mut chain, mut place) = (NONE, 0);
            for operation in mates {
                let i = *operation as usize;
                let class = operations.classes[i];
                if operations.returns[i] != OPEN {
                    (chain, place) = (self.place[i].0, self.place[i].1 + 1);
                } else if !pure[class as usize] {
                    self.loose.push(Loose {
                        operation: *operation,
                        opening: operations.openings[i],
                        class,
                        chain,
                        place,
                        bit: 0,
                    });
                }
            }
        }
        self.loose.sort_unstable_by_key(|loose| loose.operation);
        for (bit, loose) in self.loose.iter_mut().enumerate() {
            loose.bit = bit as u32;
        }
    }
}

/// Returns openings that only leave the last few returns before a call behind.
///
/// With them, an operation comes after all that returned before its call but the last
/// `slack`, and after all that it came after without. Linear.
pub fn narrowed(operations: &Operations, slack: usize) -> Result<Vec<u32>, Malformed> {
    let returning = operations.returning()?;
    let ends: Vec<u32> = (0..returning.len() as u32)
        .filter(|event| returning[*event as usize] != NONE)
        .collect();
    let mut before = 0;
    let narrow = |(call, bound): (&u32, &u32)| {
        while before < ends.len() && ends[before] < *call {
            before += 1;
        }
        let last = before.checked_sub(slack).filter(|last| *last > 0);
        last.map_or(*bound, |last| *bound.max(&(ends[last - 1] + 1)))
    };
    let pairs = operations.calls.iter().zip(operations.openings);
    Ok(pairs.map(narrow).collect())
}
