//! What has been visited: an antichain of configurations for each position and state.
//!
//! Source: dominance pruning as in forward search over antichains (De Wulf, Doyen,
//! Henzinger and Raskin, CAV 2006), applied to the configurations of a search for a
//! linearization.
//!
//! Of a configuration two sets are kept: which operations are no obligation any more,
//! and which are still available. If another configuration at the same position and in
//! the same state has a superset of both, then every completion of this one is one of
//! the other too, up to operations that need not be repeated. So this one is skipped.
//!
//! Invariant: no stored pair is covered by another stored pair of its key.
//! Difference from the naive memo: that one is an exact set, and skips equals only.

use super::mask::Mask;

const NONE: u32 = u32::MAX;

struct Entry<M> {
    settled: M,
    available: M,
    next: u32,
}

/// Antichains by key: open addressing to the heads of lists that share one arena.
pub struct Memo<M> {
    keys: Vec<(u64, u32)>,
    used: usize,
    entries: Vec<Entry<M>>,
    free: u32,
    live: usize,
}

fn spread(key: u64) -> usize {
    let mut hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (hash ^ hash >> 32) as usize
}

impl<M: Mask> Memo<M> {
    pub fn new() -> Self {
        Memo {
            keys: vec![(0, NONE); 64],
            used: 0,
            entries: Vec::new(),
            free: NONE,
            live: 0,
        }
    }

    /// The number of configurations that are kept.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Forgets all, and keeps the memory.
    pub fn clear(&mut self) {
        if self.used > 0 {
            self.keys.fill((0, NONE));
        }
        self.entries.clear();
        (self.used, self.free, self.live) = (0, NONE, 0);
    }

    fn find(&self, key: u64) -> usize {
        let last = self.keys.len() - 1;
        let mut at = spread(key) & last;
        while self.keys[at].1 != NONE && self.keys[at].0 != key {
            at = (at + 1) & last;
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![(0, NONE); self.keys.len() * 2];
        for (key, head) in std::mem::replace(&mut self.keys, larger) {
            if head != NONE {
                let at = self.find(key);
                self.keys[at] = (key, head);
            }
        }
    }

    /// Keeps a configuration, unless it is covered by one that is kept already.
    ///
    /// Returns whether it was kept. Those it covers are dropped.
    pub fn insert(&mut self, position: u32, state: u32, settled: M, available: M) -> bool {
        let key = u64::from(position) << 32 | u64::from(state);
        let at = self.find(key);
        let head = self.keys[at].1;
        let (mut before, mut current) = (NONE, head);
        while current != NONE {
            let entry = &self.entries[current as usize];
            let next = entry.next;
            if settled.is_subset(&entry.settled) && available.is_subset(&entry.available) {
                if before != NONE {
                    // Likely to cover the next one too: ask it first.
                    self.entries[before as usize].next = next;
                    self.entries[current as usize].next = self.keys[at].1;
                    self.keys[at].1 = current;
                }
                return false;
            }
            if entry.settled.is_subset(&settled) && entry.available.is_subset(&available) {
                if before == NONE {
                    self.keys[at].1 = next;
                } else {
                    self.entries[before as usize].next = next;
                }
                self.entries[current as usize].next = self.free;
                self.free = current;
                self.live -= 1;
            } else {
                before = current;
            }
            current = next;
        }
        let entry = Entry {
            settled,
            available,
            next: self.keys[at].1,
        };
        self.keys[at] = (key, self.store(entry));
        self.live += 1;
        if head == NONE {
            self.used += 1;
            if self.used * 2 > self.keys.len() {
                self.grow();
            }
        }
        true
    }

    fn store(&mut self, entry: Entry<M>) -> u32 {
        if self.free == NONE {
            self.entries.push(entry);
            return (self.entries.len() - 1) as u32;
        }
        let at = self.free;
        self.free = self.entries[at as usize].next;
        self.entries[at as usize] = entry;
        at
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
        let mut memo = Memo::new();
        assert!(memo.insert(1, 0, set(&[1]), set(&[2])));
        assert!(!memo.insert(1, 0, set(&[1]), set(&[2])));
        assert!(memo.insert(1, 0, set(&[2]), set(&[1])));
        assert!(memo.insert(2, 0, set(&[1]), set(&[])));
        assert_eq!(memo.len(), 3);
        assert!(memo.insert(1, 0, set(&[1, 2]), set(&[1, 2])));
        assert_eq!(memo.len(), 2);
        assert!(!memo.insert(1, 0, set(&[2]), set(&[1])));
    }

    #[test]
    fn many_keys_are_found_again() {
        let mut memo = Memo::new();
        for position in 0..1000 {
            assert!(memo.insert(position, position % 7, set(&[3]), set(&[])));
        }
        for position in 0..1000 {
            assert!(!memo.insert(position, position % 7, set(&[]), set(&[])));
        }
        memo.clear();
        assert!(memo.insert(5, 5, set(&[]), set(&[])));
        assert_eq!(memo.len(), 1);
    }
}
