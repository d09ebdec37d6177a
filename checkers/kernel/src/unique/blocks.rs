//! Clusters and blocks.
//!
//! Sources: Gibbons and Korach, *Testing shared memories*, SIAM J. Comput. 26(4), 1997,
//! section 4 (clusters); rystsov/fast-jepsen (chains of swaps).
//!
//! What is not unique, and does not matter: a value that nobody has seen may be written
//! any number of times, each time as a cluster of its own, and an open write of it is
//! left out: it never took effect, or nobody can tell. A failed swap is in no block.

use crate::search::{Kind, View};
use crate::timeline::{Operations, NONE, OPEN};

/// In place of a cluster: the operation is in none.
pub const LEFT_OUT: u32 = NONE;

/// Clusters and blocks. A cluster is named by the operation that writes its value; that
/// of the initial value by the number of operations. A block is named by its first one.
pub struct Blocks {
    /// By operation: its cluster, or `LEFT_OUT`.
    pub cluster: Vec<u32>,
    /// By cluster: the first return in it, and the last operation; or `NONE`.
    pub first_return: Vec<u32>,
    pub last: Vec<u32>,
    /// By cluster: its block, and its place there.
    pub head: Vec<u32>,
    pub place: Vec<u32>,
    /// Of the longer blocks: their clusters, and by block where they begin and end.
    chained: Vec<u32>,
    chain: Vec<(u32, u32)>,
    /// The failed swaps.
    pub failed: Vec<u32>,
}

/// What comes of an attempt to divide operations into blocks.
pub enum Division {
    Blocks(Blocks),
    /// A value that was seen is not unique.
    Unfit,
    /// A value was seen that nobody wrote, two swaps took the same value away, or swaps
    /// need each other's values.
    Impossible,
}

/// Who writes each value, and whether it was seen.
struct Writers {
    writer: Vec<u32>,
    seen: Vec<bool>,
    failed: Vec<u32>,
}

/// Divides operations into blocks: linear.
pub fn divide(operations: &Operations, view: &View) -> Division {
    let Some(writers) = Writers::find(operations, view) else {
        return Division::Unfit;
    };
    let Writers {
        writer,
        seen,
        failed,
    } = writers;
    if seen
        .iter()
        .zip(&writer)
        .any(|(seen, writer)| *seen && *writer == NONE)
    {
        return Division::Impossible;
    }
    let count = operations.count();
    let mut blocks = Blocks {
        cluster: vec![LEFT_OUT; count],
        first_return: vec![NONE; count + 1],
        last: vec![NONE; count + 1],
        head: (0..=count as u32).collect(),
        place: vec![0; count + 1],
        chained: Vec::new(),
        chain: Vec::new(),
        failed,
    };
    let mut following = Vec::new();
    for (i, class) in operations.classes.iter().enumerate() {
        let (end, class) = (operations.returns[i], *class as usize);
        let is_seen = |value: u32| seen[value as usize];
        let name = match view.kinds[class] {
            Kind::Differs => continue,
            Kind::Read if end == OPEN => continue,
            Kind::Read => writer[view.a[class] as usize],
            Kind::Write if end == OPEN && !is_seen(view.a[class]) => continue,
            Kind::Swap if end == OPEN && !is_seen(view.b[class]) => continue,
            Kind::Write => i as u32,
            Kind::Swap => {
                following.push((writer[view.a[class] as usize], i as u32));
                i as u32
            }
        };
        blocks.cluster[i] = name;
        blocks.last[name as usize] = i as u32;
        let first = &mut blocks.first_return[name as usize];
        *first = end.min(*first);
    }
    if blocks.link(&following) {
        Division::Blocks(blocks)
    } else {
        Division::Impossible
    }
}

impl Writers {
    /// A value is seen by reads, by swaps that succeeded, and by open ones whose own value
    /// was seen: these have taken effect. None if a seen value is not unique.
    fn find(operations: &Operations, view: &View) -> Option<Self> {
        let mut writer = vec![NONE; view.value_count];
        writer[0] = operations.count() as u32;
        let mut seen = vec![false; view.value_count];
        let mut again = vec![false; view.value_count];
        let (mut failed, mut open_swaps) = (Vec::new(), Vec::new());
        for (i, class) in operations.classes.iter().enumerate() {
            let class = *class as usize;
            let (a, b) = (view.a[class], view.b[class]);
            let made = match view.kinds[class] {
                Kind::Read | Kind::Differs if operations.returns[i] == OPEN => continue,
                Kind::Read => {
                    seen[a as usize] = true;
                    if again[a as usize] {
                        return None;
                    }
                    continue;
                }
                Kind::Differs => {
                    failed.push(i as u32);
                    continue;
                }
                Kind::Write => a,
                Kind::Swap if operations.returns[i] == OPEN => {
                    open_swaps.push((b, a));
                    b
                }
                Kind::Swap => {
                    seen[a as usize] = true;
                    b
                }
            } as usize;
            if writer[made] == NONE {
                writer[made] = i as u32;
            } else {
                again[made] = true;
                if seen[made] {
                    return None;
                }
            }
        }
        // An open swap whose value was seen has seen what it expected.
        open_swaps.sort_unstable();
        let of = |value: u32| {
            let first = open_swaps.partition_point(|(made, _)| *made < value);
            open_swaps[first..]
                .iter()
                .take_while(move |(made, _)| *made == value)
        };
        let mut waiting: Vec<u32> = open_swaps.iter().map(|(made, _)| *made).collect();
        waiting.retain(|value| seen[*value as usize]);
        while let Some(value) = waiting.pop() {
            for (_, expected) in of(value) {
                if !std::mem::replace(&mut seen[*expected as usize], true) {
                    waiting.push(*expected);
                }
            }
        }
        let is_twice = seen.iter().zip(&again).any(|(seen, again)| *seen && *again);
        (!is_twice).then_some(Writers {
            writer,
            seen,
            failed,
        })
    }
}

impl Blocks {
    /// The block of the initial value, and its cluster.
    pub fn initial(&self) -> u32 {
        self.cluster.len() as u32
    }

    /// The blocks by name, without that of the initial value.
    pub fn names(&self) -> impl Iterator<Item = u32> + '_ {
        let is_block = |name: &u32| {
            let name = *name as usize;
            self.last[name] != NONE && self.head[name] == name as u32
        };
        (0..self.initial()).filter(is_block)
    }

    /// The clusters of a block in their order.
    pub fn clusters<'b>(&'b self, block: &'b u32) -> &'b [u32] {
        match self.chain.get(*block as usize) {
            Some((first, last)) if first < last => &self.chained[*first as usize..*last as usize],
            _ => std::slice::from_ref(block),
        }
    }

    /// Of a block: its first return, and its last opening; or `NONE` and 0.
    pub fn extremes(&self, operations: &Operations, block: u32) -> (u32, u32) {
        let clusters = self.clusters(&block).iter().map(|name| *name as usize);
        let first = clusters.clone().map(|name| self.first_return[name]).min();
        let last = clusters
            .map(|name| self.last[name])
            .filter(|last| *last != NONE)
            .max();
        let opening = last.map_or(0, |last| operations.openings[last as usize]);
        (first.unwrap_or(NONE), opening)
    }

    /// Makes chains of clusters that follow one another; false if that cannot be.
    fn link(&mut self, following: &[(u32, u32)]) -> bool {
        if following.is_empty() {
            return true;
        }
        let size = self.head.len();
        self.chain = vec![(0, 0); size];
        let mut next = vec![NONE; size];
        let mut follows = vec![false; size];
        for (before, after) in following {
            if next[*before as usize] != NONE {
                return false;
            }
            next[*before as usize] = *after;
            follows[*after as usize] = true;
        }
        for first in 0..size {
            if follows[first] || next[first] == NONE {
                continue;
            }
            let began = self.chained.len() as u32;
            let mut name = first as u32;
            while name != NONE {
                self.head[name as usize] = first as u32;
                self.place[name as usize] = self.chained.len() as u32 - began;
                self.chained.push(name);
                name = next[name as usize];
            }
            self.chain[first] = (began, self.chained.len() as u32);
        }
        // What follows another cluster, and is in no chain now, is in a circle.
        (0..size).all(|name| !follows[name] || self.head[name] != name as u32)
    }

    /// The operations of some blocks, by number.
    pub fn operations(&self, blocks: &[u32]) -> Vec<u32> {
        let mut is_wanted = vec![false; self.head.len()];
        blocks
            .iter()
            .for_each(|block| is_wanted[*block as usize] = true);
        let is_in = |name: u32| name != LEFT_OUT && is_wanted[self.head[name as usize] as usize];
        let all = (0..self.initial()).filter(|i| is_in(self.cluster[*i as usize]));
        all.collect()
    }

    /// A block in which something returned before what comes earlier had opened.
    pub fn against_time(&self, operations: &Operations) -> Option<u32> {
        let opening = |operation: u32| operations.openings[operation as usize];
        let is_late = |name: u32| {
            let first = self.first_return[name as usize];
            first == NONE || first >= opening(name)
        };
        let mut names = self.names().chain([self.initial()]);
        names.find(|block| {
            let mut latest = 0;
            !self.clusters(block).iter().all(|name| {
                let first = self.first_return[*name as usize];
                let agrees = (*name == self.initial() || is_late(*name)) && first >= latest;
                let last = self.last[*name as usize];
                latest = latest.max(if last == NONE { 0 } else { opening(last) });
                agrees
            })
        })
    }
}
