//! The order of blocks in real time.
//!
//! Source: Gibbons and Korach, *Testing shared memories*, SIAM J. Comput. 26(4), 1997,
//! section 4.2; the words *forward* and *backward zone* are those of Golab, Li and Shah,
//! PODC 2011.
//!
//! Of a block, two events matter: its first return `f` and its last opening `s`. Block A
//! has to come before B if A's `f` is before B's `s`; the initial block, whose `f` counts
//! as before everything, before all. Its *zone* lies between `f` and `s`, and is forward
//! if `f` comes first. Invariant: an order of blocks exists if and only if no two must
//! each come before the other. For in a longer circle, take the block with the earliest
//! `f`: it must come before every block of the circle, also before the one that must
//! come before it.
//! Difference from the naive test, which is a search for a circle among n^2 edges: with
//! the latest `s` of all blocks whose `f` is before an event known for each event, one
//! look at each block says whether another one contradicts it.
//!
//! The order: by the latest of a block's own `s` and those of the blocks that must come
//! before it. Forward zones are then in their order, and a backward zone is behind the
//! forward ones that begin before its `s`; it ends behind them too, or they contradict.

use super::blocks::Blocks;
use crate::timeline::{Operations, NONE};

/// A block: its first return, its last opening, its name.
type Zone = (u32, u32, u32);

/// Returns the blocks in an order that real time allows; or two that contradict.
pub fn line(operations: &Operations, blocks: &Blocks) -> Result<Vec<u32>, [u32; 2]> {
    let zone = |block: u32| {
        let (first, last) = blocks.extremes(operations, block);
        (first, last, block)
    };
    let zones: Vec<Zone> = blocks.names().map(zone).collect();
    let latest = latest(operations, blocks, &zones);
    let mut keys = Vec::with_capacity(zones.len());
    for (first, last, block) in zones {
        let before = latest[first.min(last) as usize];
        if before > i64::from(first) {
            let opens = |other: &u32| i64::from(blocks.extremes(operations, *other).1) == before;
            let other = blocks.names().find(opens).unwrap_or(blocks.initial());
            return Err([block, other]);
        }
        let before = latest[last as usize];
        let own = i64::from(last);
        let key = if before > own {
            2 * before + 1
        } else {
            2 * own
        };
        keys.push((key as u64) << 32 | u64::from(block));
    }
    keys.sort_unstable();
    let mut line = vec![blocks.initial()];
    line.extend(keys.iter().map(|key| *key as u32));
    Ok(line)
}

/// By event: the last opening of all blocks that first returned before it; or -1.
fn latest(operations: &Operations, blocks: &Blocks, zones: &[Zone]) -> Vec<i64> {
    let mut latest = vec![-1; 2 * operations.count() + 1];
    for (first, last, _) in zones {
        if *first != NONE {
            latest[*first as usize + 1] = i64::from(*last);
        }
    }
    let initial = blocks.initial();
    if blocks
        .clusters(&initial)
        .iter()
        .any(|name| blocks.last[*name as usize] != NONE)
    {
        latest[0] = i64::from(blocks.extremes(operations, initial).1);
    }
    let mut so_far = -1;
    for event in &mut latest {
        so_far = so_far.max(*event);
        *event = so_far;
    }
    latest
}
