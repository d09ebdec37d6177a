//! What has been visited: an antichain of configurations for each key.
//!
//! Source: dominance pruning as in forward search over antichains (De Wulf, Doyen,
//! Henzinger and Raskin, CAV 2006), applied to the configurations of a search for a
//! linearization.
//!
//! Of a configuration two sets are kept: which operations are no obligation any more,
//! and which are still available. If another configuration of the same key, which
//! says where it is and in which state, has a superset of both, then every completion of this one is one of
//! the other too, up to operations that need not be repeated. So this one is skipped, and
//! one that is stored already is given up, with the ways on from it that are left.
//!
//! Invariant: no stored pair is covered by another stored pair of its key. No completion
//! is lost: among all configurations with a shortest completion, one that no other covers
//! is explored.
//! Difference from the naive memo: that one is an exact set, and skips equals only.

use super::mask::Mask;
use super::space::Key;

const NONE: u32 = u32::MAX;

struct Pair<M> {
    settled: M,
    available: M,
    next: u32,
    /// How often this place was given to another pair.
    reused: u32,
}

/// A stored pair, as long as none covers it.
#[derive(Clone, Copy)]
pub struct Entry {
    place: u32,
    reused: u32,
}

/// Antichains by key: open addressing to the heads of lists that share one arena.
pub struct Memo<K, M> {
    keys: Vec<(K, u32)>,
    used: usize,
    pairs: Vec<Pair<M>>,
    free: u32,
    live: usize,
}

impl<K: Key, M: Mask> Memo<K, M> {
    /// Returns an empty one, with room for some at least.
    pub fn with_capacity(count: usize) -> Self {
        Memo {
            keys: vec![(K::default(), NONE); (2 * count).next_power_of_two()],
            used: 0,
            pairs: Vec::with_capacity(count),
            free: NONE,
            live: 0,
        }
    }

    /// The number of configurations that are kept.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether no other configuration has come to cover a stored one.
    #[inline(always)]
    pub fn is_current(&self, entry: Entry) -> bool {
        self.pairs[entry.place as usize].reused == entry.reused
    }

    fn find(&self, key: &K) -> usize {
        let last = self.keys.len() - 1;
        let mut at = key.spread() as usize & last;
        while self.keys[at].1 != NONE && self.keys[at].0 != *key {
            at = (at + 1) & last;
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![(K::default(), NONE); self.keys.len() * 2];
        for (key, head) in std::mem::replace(&mut self.keys, larger) {
            if head != NONE {
                let at = self.find(&key);
                self.keys[at] = (key, head);
            }
        }
    }

    /// Keeps a configuration, unless it is covered by one that is kept already.
    ///
    /// Those it covers are dropped.
    pub fn insert(&mut self, key: K, settled: M, available: M) -> Option<Entry> {
        let at = self.find(&key);
        let head = self.keys[at].1;
        let (mut before, mut current) = (NONE, head);
        while current != NONE {
            let pair = &self.pairs[current as usize];
            let next = pair.next;
            if settled.is_subset(&pair.settled) && available.is_subset(&pair.available) {
                if before != NONE {
                    // Likely to cover the next one too: ask it first.
                    self.pairs[before as usize].next = next;
                    self.pairs[current as usize].next = self.keys[at].1;
                    self.keys[at].1 = current;
                }
                return None;
            }
            if pair.settled.is_subset(&settled) && pair.available.is_subset(&available) {
                if before == NONE {
                    self.keys[at].1 = next;
                } else {
                    self.pairs[before as usize].next = next;
                }
                self.drop_pair(current);
            } else {
                before = current;
            }
            current = next;
        }
        let entry = self.store(settled, available, self.keys[at].1);
        self.keys[at] = (key, entry.place);
        self.live += 1;
        if head == NONE {
            self.used += 1;
            if self.used * 2 > self.keys.len() {
                self.grow();
            }
        }
        Some(entry)
    }

    fn drop_pair(&mut self, place: u32) {
        let pair = &mut self.pairs[place as usize];
        pair.reused += 1;
        pair.next = self.free;
        self.free = place;
        self.live -= 1;
    }

    fn store(&mut self, settled: M, available: M, next: u32) -> Entry {
        let place = self.free;
        if place == NONE {
            let place = self.pairs.len() as u32;
            let reused = 0;
            self.pairs.push(Pair {
                settled,
                available,
                next,
                reused,
            });
            return Entry { place, reused };
        }
        let pair = &mut self.pairs[place as usize];
        self.free = pair.next;
        (pair.settled, pair.available, pair.next) = (settled, available, next);
        let reused = pair.reused;
        Entry { place, reused }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::mask::Words;

    fn set(members: &[usize]) -> Words<1> {
        let mut mask = Words::empty(64);
        members.iter().for_each(|member| mask.insert(*member));
        mask
    }

    #[test]
    fn covered_configurations_are_skipped_and_dropped() {
        let mut memo: Memo<u64, Words<1>> = Memo::with_capacity(4);
        let first = memo.insert(1, set(&[1]), set(&[2])).expect("it is new");
        assert!(memo.insert(1, set(&[1]), set(&[2])).is_none());
        assert!(memo.insert(1, set(&[2]), set(&[1])).is_some());
        assert!(memo.insert(2, set(&[1]), set(&[])).is_some());
        assert_eq!((memo.len(), memo.is_current(first)), (3, true));
        let last = memo
            .insert(1, set(&[1, 2]), set(&[1, 2]))
            .expect("it is new");
        assert_eq!((memo.len(), memo.is_current(first)), (2, false));
        assert!(memo.insert(1, set(&[2]), set(&[1])).is_none());
        assert!(memo.is_current(last));
    }

    #[test]
    fn many_keys_are_found_again() {
        let mut memo: Memo<u64, Words<1>> = Memo::with_capacity(4);
        for key in 0..1000 {
            assert!(memo
                .insert((key << 32) | (key % 7), set(&[3]), set(&[]))
                .is_some());
        }
        for key in 0..1000 {
            assert!(memo
                .insert((key << 32) | (key % 7), set(&[]), set(&[]))
                .is_none());
        }
        assert_eq!(memo.len(), 1000);
    }
}
