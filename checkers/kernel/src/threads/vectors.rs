//! How far each thread has come, and where a search has been.

/// Vectors of places, packed into words: what a search remembers is many of them.
pub struct Vectors {
    /// By thread: the word of its place, and its first bit there.
    fields: Vec<(usize, u32)>,
    stride: usize,
    /// The vectors that were seen, one after another; and open addressing to them.
    words: Vec<u64>,
    table: Vec<u32>,
    count: usize,
    present: Vec<u64>,
}

const NONE: u32 = u32::MAX;

impl Vectors {
    /// Takes the lengths of the threads.
    pub fn new(lengths: impl Iterator<Item = usize>) -> Self {
        let mut fields = Vec::new();
        let (mut word, mut used) = (0, 0);
        for length in lengths {
            let width = usize::BITS - length.leading_zeros();
            if used + width > 64 {
                (word, used) = (word + 1, 0);
            }
            fields.push((word, used));
            used += width;
        }
        Vectors {
            fields,
            stride: word + 1,
            words: Vec::new(),
            table: vec![NONE; 64],
            count: 0,
            present: vec![0; word + 1],
        }
    }

    /// The number of vectors that were seen.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Moves a thread on by one, or back.
    pub fn step(&mut self, thread: usize, forward: bool) {
        let (word, bit) = self.fields[thread];
        let word = &mut self.present[word];
        *word = if forward {
            *word + (1 << bit)
        } else {
            *word - (1 << bit)
        };
    }

    /// Whether the present vector was seen.
    pub fn is_seen(&self) -> bool {
        self.table[self.find(&self.present)] != NONE
    }

    /// Notes that the present vector was seen.
    pub fn see(&mut self) {
        let at = self.find(&self.present);
        if self.table[at] != NONE {
            return;
        }
        self.table[at] = self.count as u32;
        self.words.extend_from_slice(&self.present);
        self.count += 1;
        if self.count * 2 > self.table.len() {
            self.grow();
        }
    }

    fn vector(&self, number: u32) -> &[u64] {
        &self.words[number as usize * self.stride..][..self.stride]
    }

    fn find(&self, vector: &[u64]) -> usize {
        let last = self.table.len() - 1;
        let mix = |hash: u64, word: &u64| {
            let mixed = (hash ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
            mixed ^ (mixed >> 32)
        };
        let mut at = vector.iter().fold(0, mix) as usize & last;
        while self.table[at] != NONE && self.vector(self.table[at]) != vector {
            at = (at + 1) & last;
        }
        at
    }

    fn grow(&mut self) {
        self.table = vec![NONE; self.table.len() * 2];
        for number in 0..self.count as u32 {
            let at = self.find(self.vector(number));
            self.table[at] = number;
        }
    }
}
