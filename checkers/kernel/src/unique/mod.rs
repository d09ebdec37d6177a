//! One register whose values are unique: exact, near linear, for every order.
//!
//! Where no value that was seen is written twice, every read names the write that it saw.
//! Operations on one value then stand together in any legal order, the write first: a
//! *cluster*. A swap comes last in one cluster and first in the next, so clusters form
//! chains: a *block* is a chain of clusters, most often of one. A legal order of
//! operations is an order of blocks, the one with the initial value first.
//!
//! Reading order: `blocks` (what a block is), `zones` (their order in real time), `graph`
//! (their order where processes count), `insertion` (failed swaps), and here the witness.

mod blocks;
mod graph;
mod insertion;
mod zones;

use crate::search::View;
use crate::timeline::{Malformed, Operations};
use blocks::{Blocks, Division};

/// What the test has found.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// An order of all operations that returned, and of those open ones that took effect.
    Yes(Vec<u32>),
    /// The operations of blocks that contradict, which alone have no order; or nothing.
    No(Vec<u32>),
    /// A value that was seen is not unique, or a failed swap found no place.
    Unfit,
}

/// Returns whether operations on a register have an order.
pub fn decide(operations: &Operations, view: &View) -> Result<Verdict, Malformed> {
    let blocks = match blocks::divide(operations, view) {
        Division::Unfit => return Ok(Verdict::Unfit),
        Division::Impossible => return Ok(Verdict::No(Vec::new())),
        Division::Blocks(blocks) => blocks,
    };
    if let Some(block) = blocks.against_time(operations) {
        return Ok(Verdict::No(blocks.operations(&[block])));
    }
    let line = if operations.processes.is_empty() {
        match zones::line(operations, &blocks) {
            Ok(line) => line,
            Err(both) => return Ok(Verdict::No(blocks.operations(&both))),
        }
    } else {
        match graph::line(operations, &blocks)? {
            Ok(line) => line,
            Err(circle) => return Ok(Verdict::No(blocks.operations(&circle))),
        }
    };
    let order = witness(operations, &blocks, &line);
    if blocks.failed.is_empty() {
        return Ok(Verdict::Yes(order));
    }
    let whole = insertion::insert(operations, view, &order, &blocks.failed)?;
    Ok(whole.map_or(Verdict::Unfit, Verdict::Yes))
}

/// Blocks follow each other; in a block, clusters do; in a cluster, the write comes first
/// and then the reads by number.
fn witness(operations: &Operations, blocks: &Blocks, line: &[u32]) -> Vec<u32> {
    let count = operations.count();
    // By cluster: where its operations begin, then where the next one goes.
    let mut sizes = vec![0; count + 1];
    let placed = blocks
        .cluster
        .iter()
        .filter(|name| **name != blocks::LEFT_OUT);
    placed.clone().for_each(|name| sizes[*name as usize] += 1);
    let mut order = vec![0; placed.count()];
    let mut next = 0;
    for block in line {
        for name in blocks.clusters(block) {
            let size = std::mem::replace(&mut sizes[*name as usize], next);
            if (*name as usize) < count {
                order[next as usize] = *name;
                sizes[*name as usize] += 1;
            }
            next += size;
        }
    }
    for (operation, name) in blocks.cluster.iter().enumerate() {
        if *name != blocks::LEFT_OUT && *name as usize != operation {
            let place = &mut sizes[*name as usize];
            order[*place as usize] = operation as u32;
            *place += 1;
        }
    }
    order
}
