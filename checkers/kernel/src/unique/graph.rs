//! The order of blocks where processes keep theirs, and real time counts for less.
//!
//! Source: Gibbons and Korach, *Testing shared memories*, SIAM J. Comput. 26(4), 1997,
//! section 3 (one location, a known reads-from map).
//!
//! What must come before what is a graph of blocks, in which A leads to B if, in a process,
//! an operation of B follows one of A; or if an operation of A returned before one of B
//! opened, which is so if A's first return is before B's last opening. Invariant: an order
//! exists if and only if no process goes back inside a block and the graph has no circle.
//! Difference from a plain topological sort: edges of time are too many to be listed. A
//! block has none to it if its last opening is not behind the first return of any other
//! that is left; so of those that are left only the two that return first matter.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::blocks::{Blocks, LEFT_OUT};
use crate::timeline::{Malformed, Operations, NONE, OPEN};

/// How many blocks of a circle are tried as the one to come back to.
const STARTS: usize = 32;

/// Returns the blocks in an order that keeps time and processes; or some that contradict.
///
/// Of those that may be next, it is the one whose write was called first.
pub fn line(
    operations: &Operations,
    blocks: &Blocks,
) -> Result<Result<Vec<u32>, Vec<u32>>, Malformed> {
    operations.by_process()?;
    let edges = match program(operations, blocks) {
        Ok(edges) => edges,
        Err(block) => return Ok(Err(vec![block])),
    };
    let mut graph = Graph::new(operations, blocks, edges);
    Ok(graph.sort().ok_or_else(|| graph.circle()))
}

/// The edges of processes; or a block inside which a process goes back.
fn program(operations: &Operations, blocks: &Blocks) -> Result<Vec<(u32, u32)>, u32> {
    let mut edges = Vec::new();
    let mut last_of = vec![NONE; operations.process_count()];
    for (i, name) in blocks.cluster.iter().enumerate() {
        if *name == LEFT_OUT {
            continue;
        }
        let place = &mut last_of[operations.processes[i] as usize];
        let last = *place;
        if operations.returns[i] != OPEN {
            *place = i as u32;
        }
        if last == NONE {
            continue;
        }
        let before = blocks.cluster[last as usize] as usize;
        let after = *name as usize;
        if blocks.head[before] != blocks.head[after] {
            edges.push((blocks.head[before], blocks.head[after]));
        } else if blocks.place[before] > blocks.place[after] || (before == after && after == i) {
            return Err(blocks.head[after]);
        }
    }
    Ok(edges)
}

/// What must come before what, among the blocks that are left.
struct Graph {
    names: Vec<u32>,
    /// By block: first return and last opening, both one later, so that the initial block
    /// returns at 0; and how many edges of processes lead to it.
    returned: Vec<u32>,
    opened: Vec<u32>,
    waits: Vec<u32>,
    /// The edges of processes, by where they begin.
    edges: Vec<(u32, u32)>,
    placed: Vec<bool>,
    free: Vec<bool>,
}

impl Graph {
    fn new(operations: &Operations, blocks: &Blocks, mut edges: Vec<(u32, u32)>) -> Self {
        let size = operations.count() + 1;
        let mut graph = Graph {
            names: blocks.names().chain([blocks.initial()]).collect(),
            returned: vec![0; size],
            opened: vec![0; size],
            waits: vec![0; size],
            edges: Vec::new(),
            placed: vec![false; size],
            free: vec![false; size],
        };
        for block in &graph.names {
            let (first, last) = blocks.extremes(operations, *block);
            graph.returned[*block as usize] = first.saturating_add(1);
            graph.opened[*block as usize] = last + 1;
        }
        graph.returned[blocks.initial() as usize] = 0;
        edges
            .iter()
            .for_each(|(_, after)| graph.waits[*after as usize] += 1);
        edges.sort_unstable();
        graph.edges = edges;
        graph
    }

    fn sort(&mut self) -> Option<Vec<u32>> {
        let by = |key: &[u32]| {
            let mut names = self.names.clone();
            names.sort_by_key(|name| key[*name as usize]);
            names
        };
        let (by_return, by_opening) = (by(&self.returned), by(&self.opened));
        let (mut first, mut second, mut passed) = (0, 1, 0);
        let mut ready = BinaryHeap::new();
        let mut line = Vec::with_capacity(self.names.len());
        while line.len() < self.names.len() {
            while self.placed[by_return[first] as usize] {
                first += 1;
            }
            second = second.max(first + 1);
            while second < by_return.len() && self.placed[by_return[second] as usize] {
                second += 1;
            }
            let earliest = by_return[first];
            let bound = self.returned[earliest as usize];
            while passed < by_opening.len() && self.opened[by_opening[passed] as usize] <= bound {
                self.set_free(by_opening[passed], &mut ready);
                passed += 1;
            }
            // Its own return does not stand in its way.
            let next = by_return
                .get(second)
                .map(|block| self.returned[*block as usize]);
            if next.map_or(true, |next| self.opened[earliest as usize] <= next) {
                self.set_free(earliest, &mut ready);
            }
            let Reverse(block) = ready.pop()?;
            self.placed[block as usize] = true;
            line.push(block);
            self.follow(block, &mut ready);
        }
        Some(line)
    }

    /// Blocks in a short circle, of those that could not be placed.
    ///
    /// Each of these is stopped by one of the two of them that return first, or by a
    /// process.
    fn circle(&self) -> Vec<u32> {
        let mut left = self.names.clone();
        left.retain(|block| !self.placed[*block as usize]);
        left.sort_by_key(|block| self.returned[*block as usize]);
        let mut before = vec![NONE; self.placed.len()];
        for block in &left {
            for following in self.behind(*block, &left) {
                before[following as usize] = *block;
            }
        }
        let mut place = vec![NONE; self.placed.len()];
        let mut walked = Vec::new();
        let mut block = left[0];
        while place[block as usize] == NONE {
            place[block as usize] = walked.len() as u32;
            walked.push(block);
            block = before[block as usize];
        }
        let mut circle = walked.split_off(place[block as usize] as usize);
        for start in circle.clone().into_iter().take(STARTS) {
            if let Some(shorter) = self.way_back(start, &left, circle.len()) {
                circle = shorter;
            }
        }
        circle
    }

    /// What has to come behind a block, of those that could not be placed, in order of
    /// their returns.
    fn behind<'a>(&'a self, block: u32, left: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        let first = self.edges.partition_point(|(before, _)| *before < block);
        let edges = self.edges[first..]
            .iter()
            .take_while(move |(before, _)| *before == block);
        let edges = edges.map(|(_, after)| *after);
        let returned = self.returned[block as usize];
        let stops = left.iter().take(2).any(|other| *other == block);
        let later = left.iter().copied().filter(move |after| {
            stops && *after != block && returned < self.opened[*after as usize]
        });
        edges
            .filter(|after| !self.placed[*after as usize])
            .chain(later)
    }

    /// A shortest circle through a block, if it is of less than so many.
    fn way_back(&self, start: u32, left: &[u32], limit: usize) -> Option<Vec<u32>> {
        let mut from = vec![NONE; self.placed.len()];
        let mut row = vec![start];
        for _ in 1..limit {
            for block in std::mem::take(&mut row) {
                for following in self.behind(block, left) {
                    if following == start {
                        let mut found = vec![block];
                        while found[found.len() - 1] != start {
                            found.push(from[found[found.len() - 1] as usize]);
                        }
                        return Some(found);
                    }
                    if from[following as usize] == NONE {
                        from[following as usize] = block;
                        row.push(following);
                    }
                }
            }
        }
        None
    }

    /// Notes that time allows a block to be next.
    fn set_free(&mut self, block: u32, ready: &mut BinaryHeap<Reverse<u32>>) {
        if !std::mem::replace(&mut self.free[block as usize], true)
            && self.waits[block as usize] == 0
        {
            ready.push(Reverse(block));
        }
    }

    /// Notes that a block is placed, for the blocks that follow it in a process.
    fn follow(&mut self, block: u32, ready: &mut BinaryHeap<Reverse<u32>>) {
        let first = self.edges.partition_point(|(before, _)| *before < block);
        let edges = self.edges[first..]
            .iter()
            .take_while(|(before, _)| *before == block);
        for (_, after) in edges {
            let after = *after;
            self.waits[after as usize] -= 1;
            if self.waits[after as usize] == 0 && self.free[after as usize] {
                ready.push(Reverse(after));
            }
        }
    }
}
