//! Sequential consistency of several registers whose values are unique.
//!
//! Sequential consistency of every key says nothing of all keys together, so the problem
//! is a joint one. First the search is tried for a while, as it answers at once where
//! clients are not far behind. If it has not, rules say what must come before what, which
//! finds nearly every history that is not sequentially consistent. Then the search is
//! tried again, with what the rules have found.

use super::interleaving::{Before, Search};
use super::saturation::Saturation;
use super::{joint, stopped, Interleaving, Reason, Threads};
use crate::budget::{Budget, Stop};
use crate::timeline::{Malformed, NONE};

/// Configurations an operation that the first search may visit.
const EASY: u64 = 4;

/// Operations that took effect, and who reads from whom.
///
/// A value is named after the operation that wrote it; the initial value of key `k` has
/// the number `count + k`, behind all operations.
pub struct Graph<'a> {
    pub count: usize,
    pub key_count: usize,
    pub threads: Threads<'a>,
    /// By operation: its key; the value that it sees, or `NONE`; 1 if it writes; and the
    /// operation of another thread that it must come behind, or `NONE`: only a write
    /// that begins a thread has one.
    pub key: &'a [u32],
    pub source: &'a [u32],
    pub writes: &'a [u8],
    pub behind: &'a [u32],
    pub places: Vec<(u32, u32)>,
    pub readers: Before,
}

impl<'a> Graph<'a> {
    pub fn new(
        threads: Threads<'a>,
        key: &'a [u32],
        source: &'a [u32],
        writes: &'a [u8],
        behind: &'a [u32],
        key_count: usize,
    ) -> Result<Self, Malformed> {
        let count = key.len();
        let lengths = [source.len(), writes.len(), behind.len()];
        if lengths.iter().any(|length| *length != count) {
            return Err(Malformed("arrays of operations differ in length"));
        }
        if count + key_count >= (u32::MAX / 4) as usize {
            return Err(Malformed("too many operations"));
        }
        threads.validate(count)?;
        let places = threads.places(count);
        let is_placed = |other: u32| {
            other == NONE || {
                let place = places.get(other as usize);
                place.is_some_and(|(thread, _)| *thread != NONE)
            }
        };
        for operation in threads.operations {
            let i = *operation as usize;
            if key[i] as usize >= key_count {
                return Err(Malformed("a key is out of range"));
            }
            let is_initial = source[i] == (count + key[i] as usize) as u32;
            let is_write = source[i] == NONE || is_initial || {
                let other = source[i] as usize;
                is_placed(source[i]) && writes[other] != 0 && key[other] == key[i]
            };
            let waits = behind[i] != NONE;
            if !is_write || !is_placed(behind[i]) || (waits && writes[i] == 0) {
                return Err(Malformed("an operation sees or follows what is not there"));
            }
        }
        let is_read = |i: &usize| places[*i].0 != NONE && source[*i] != NONE;
        let reads = (0..count).filter(is_read);
        let reads = reads.map(|read| (read as u32, source[read]));
        let readers = Before::new(count + key_count, reads);
        Ok(Graph {
            count,
            key_count,
            threads,
            key,
            source,
            writes,
            behind,
            places,
            readers,
        })
    }

    /// What comes directly before what in a process, where that is in another thread.
    pub fn behind_pairs(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        let operations = self.threads.operations.iter();
        let pairs = operations.map(|operation| (self.behind[*operation as usize], *operation));
        pairs.filter(|(before, _)| *before != NONE)
    }

    /// What comes directly before what in a process.
    pub fn program_pairs(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        let threads = (0..self.threads.count()).map(|thread| self.threads.thread(thread));
        let pairs = threads.flat_map(|thread| thread.windows(2).map(|pair| (pair[0], pair[1])));
        pairs.chain(self.behind_pairs())
    }
}

/// Searches for an interleaving.
pub fn decide(graph: &Graph, budget: &Budget) -> Interleaving {
    let before = Before::new(graph.count, graph.behind_pairs());
    let mut search = Search::new(graph, &before);
    let limits = budget.limits;
    let easy = limits.nodes.min(EASY * graph.count as u64);
    let found = search.run(&joint(budget, easy));
    let nodes = search.nodes();
    if !matches!(found, Ok(false) | Err(Stop::Nodes)) {
        return end(search, found, 0, budget);
    }
    let mut saturation = Saturation::new(graph);
    match saturation.run(budget) {
        Err(stop) => return end(search, Err(stop), 0, budget),
        Ok(false) => {
            return Interleaving {
                outcome: Ok(Err(Reason::Circle)),
                derived: saturation.derived,
                ..end(search, found, 0, budget)
            }
        }
        Ok(true) if found == Ok(false) => return end(search, found, 0, budget),
        Ok(true) => drop(search),
    }
    let before = saturation.before();
    drop(saturation);
    let mut search = Search::new(graph, &before);
    let found = search.run(&joint(budget, limits.nodes - nodes));
    end(search, found, nodes, budget)
}

fn end(search: Search, found: Result<bool, Stop>, before: u64, budget: &Budget) -> Interleaving {
    let found = found.map_err(|stop| stopped(stop, search.nodes(), budget));
    let nodes = before + search.nodes();
    let outcome = found.map(|found| if found { Ok(()) } else { Err(Reason::Tried) });
    let order = if found == Ok(true) {
        search.order
    } else {
        search.deepest
    };
    Interleaving {
        outcome,
        order,
        nodes,
        derived: Vec::new(),
    }
}
