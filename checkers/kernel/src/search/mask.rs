//! Sets of slots: one machine word for up to 64 pending operations, more for more.

/// A set of small numbers, below a bound that is given when it is made.
pub trait Mask: Clone + Default + Eq {
    /// Returns the empty set of numbers below `bound`.
    fn empty(bound: usize) -> Self;
    fn has(&self, number: usize) -> bool;
    fn insert(&mut self, number: usize);
    fn remove(&mut self, number: usize);
    fn is_empty(&self) -> bool;
    fn is_subset(&self, other: &Self) -> bool;
    /// Adds the members of another set.
    fn unite(&mut self, other: &Self);
    /// Removes all but the members of another set.
    fn intersect(&mut self, other: &Self);
    /// Removes the members of another set.
    fn subtract(&mut self, other: &Self);
    /// Removes the least member and returns it.
    fn pop(&mut self) -> Option<usize>;
    /// Returns the same number for equals, and others for others, most often.
    fn digest(&self) -> u64;

    fn without(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        rest.subtract(other);
        rest
    }

    fn with(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.unite(other);
        all
    }
}

/// A set of numbers below `64 * K`, without an allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words<const K: usize>([u64; K]);

/// A set of numbers below any bound.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Wide(Box<[u64]>);

macro_rules! words_of_a_mask {
    () => {
        #[inline(always)]
        fn has(&self, number: usize) -> bool {
            self.0[number >> 6] >> (number & 63) & 1 == 1
        }

        #[inline(always)]
        fn insert(&mut self, number: usize) {
            self.0[number >> 6] |= 1 << (number & 63);
        }

        #[inline(always)]
        fn remove(&mut self, number: usize) {
            self.0[number >> 6] &= !(1 << (number & 63));
        }

        #[inline(always)]
        fn is_empty(&self) -> bool {
            self.0.iter().all(|word| *word == 0)
        }

        #[inline(always)]
        fn is_subset(&self, other: &Self) -> bool {
            self.0.iter().zip(&other.0[..]).all(|(a, b)| a & !b == 0)
        }

        #[inline(always)]
        fn unite(&mut self, other: &Self) {
            for (word, more) in self.0.iter_mut().zip(&other.0[..]) {
                *word |= more;
            }
        }

        #[inline(always)]
        fn intersect(&mut self, other: &Self) {
            for (word, kept) in self.0.iter_mut().zip(&other.0[..]) {
                *word &= kept;
            }
        }

        #[inline(always)]
        fn subtract(&mut self, other: &Self) {
            for (word, less) in self.0.iter_mut().zip(&other.0[..]) {
                *word &= !less;
            }
        }

        #[inline(always)]
        fn digest(&self) -> u64 {
            self.0.iter().fold(0, |hash: u64, word| {
                (hash ^ word)
                    .wrapping_mul(0xff51_afd7_ed55_8ccd)
                    .rotate_left(29)
            })
        }

        #[inline(always)]
        fn pop(&mut self) -> Option<usize> {
            for (i, word) in self.0.iter_mut().enumerate() {
                if *word != 0 {
                    let bit = word.trailing_zeros() as usize;
                    *word &= *word - 1;
                    return Some(i << 6 | bit);
                }
            }
            None
        }
    };
}

impl<const K: usize> Default for Words<K> {
    fn default() -> Self {
        Words([0; K])
    }
}

impl<const K: usize> Mask for Words<K> {
    #[inline(always)]
    fn empty(bound: usize) -> Self {
        debug_assert!(bound <= 64 * K);
        Words([0; K])
    }

    words_of_a_mask!();
}

impl Mask for Wide {
    fn empty(bound: usize) -> Self {
        Wide(vec![0; bound.div_ceil(64)].into())
    }

    words_of_a_mask!();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behaves<M: Mask + std::fmt::Debug>() {
        let mut set = M::empty(64);
        for number in [63, 0, 17] {
            set.insert(number);
        }
        let all = set.clone();
        set.remove(17);
        assert!(set.is_subset(&all) && !all.is_subset(&set));
        assert!(all.has(17) && !set.has(17));
        let mut rest = all.without(&set);
        assert_eq!((rest.pop(), rest.pop()), (Some(17), None));
        assert!(rest.is_empty());
        assert_eq!(set.with(&all), all);
    }

    #[test]
    fn all_widths_behave_alike() {
        behaves::<Words<1>>();
        behaves::<Words<2>>();
        behaves::<Words<4>>();
        behaves::<Words<8>>();
        behaves::<Wide>();
    }
}
