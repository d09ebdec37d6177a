//! Trees over positions, for questions about ranges of them.

/// Numbers by position, and the largest one of a range. All steps are logarithmic.
pub struct Maxima {
    size: usize,
    tree: Vec<i64>,
}

impl Maxima {
    pub fn new(values: &[i64]) -> Self {
        let size = values.len().max(1);
        let mut tree = vec![0; size];
        tree.extend(values);
        tree.resize(2 * size, 0);
        for node in (1..size).rev() {
            tree[node] = tree[2 * node].max(tree[2 * node + 1]);
        }
        Maxima { size, tree }
    }

    /// Changes a number.
    pub fn set(&mut self, position: usize, value: i64) {
        let mut node = position + self.size;
        self.tree[node] = value;
        while node > 1 {
            node /= 2;
            self.tree[node] = self.tree[2 * node].max(self.tree[2 * node + 1]);
        }
    }

    /// The largest one from one position on and before another, or -1.
    pub fn of(&self, begin: usize, end: usize) -> i64 {
        let (mut begin, mut end) = (begin + self.size, end + self.size);
        let mut found = -1;
        while begin < end {
            if begin & 1 == 1 {
                found = self.tree[begin].max(found);
                begin += 1;
            }
            if end & 1 == 1 {
                end -= 1;
                found = self.tree[end].max(found);
            }
            begin /= 2;
            end /= 2;
        }
        found
    }
}

/// Counts by position, never negative, and where they are 0.
///
/// A node has the least count below it, less what was added to the nodes above it.
pub struct Heights {
    size: usize,
    least: Vec<i64>,
    added: Vec<i64>,
}

impl Heights {
    pub fn new(values: &[i64]) -> Self {
        let size = values.len().next_power_of_two();
        let mut least = vec![0; size];
        least.extend(values);
        least.resize(2 * size, 1);
        for node in (1..size).rev() {
            least[node] = least[2 * node].min(least[2 * node + 1]);
        }
        let added = vec![0; 2 * size];
        Heights { size, least, added }
    }

    /// Adds to all counts from one position on and before another. Logarithmic.
    pub fn add(&mut self, begin: usize, end: usize, change: i64) {
        if begin >= end {
            return;
        }
        let (mut left, mut right) = (begin + self.size, end + self.size);
        while left < right {
            if left & 1 == 1 {
                self.add_to(left, change);
                left += 1;
            }
            if right & 1 == 1 {
                right -= 1;
                self.add_to(right, change);
            }
            left /= 2;
            right /= 2;
        }
        for leaf in [begin + self.size, end - 1 + self.size] {
            let mut node = leaf;
            while node > 1 {
                node /= 2;
                let below = self.least[2 * node].min(self.least[2 * node + 1]);
                self.least[node] = below + self.added[node];
            }
        }
    }

    fn add_to(&mut self, node: usize, change: i64) {
        self.least[node] += change;
        self.added[node] += change;
    }

    /// The first 0 from one position on; the end if none is before it.
    pub fn next_zero(&self, begin: usize, end: usize) -> usize {
        // A node, its first position and width, and what was added above it.
        let mut stack = vec![(1, 0, self.size, 0)];
        while let Some((node, first, width, above)) = stack.pop() {
            if first >= end || first + width <= begin || self.least[node] + above > 0 {
                continue;
            }
            if width == 1 {
                return first;
            }
            let (above, width) = (above + self.added[node], width / 2);
            stack.push((2 * node + 1, first + width, width, above));
            stack.push((2 * node, first, width, above));
        }
        end
    }
}
