//! The choices that led to a configuration, and to the deepest one so far.

use super::rules::Choice;

/// The choices of a search in depth, which remembers how it got furthest.
///
/// The deepest path shares a prefix with the present one. Only what is behind that
/// prefix is copied when the search gets further, so all copying together costs no
/// more than all choices.
pub struct Path {
    present: Vec<Choice>,
    deepest: Vec<Choice>,
    shared: usize,
    position: Option<u32>,
}

/// Choices that most short histories do with.
const ROOM: usize = 64;

impl Path {
    pub fn new() -> Self {
        Path {
            present: Vec::with_capacity(ROOM),
            deepest: Vec::with_capacity(ROOM),
            shared: 0,
            position: None,
        }
    }

    pub fn len(&self) -> usize {
        self.present.len()
    }

    /// Goes back to a length, and on by a choice.
    #[inline(always)]
    pub fn go(&mut self, length: usize, choice: Choice) {
        self.present.truncate(length);
        self.shared = self.shared.min(length);
        self.present.push(choice);
    }

    /// Notes the position that the present path leads to.
    #[inline(always)]
    pub fn reached(&mut self, position: u32) {
        if self.position.map_or(true, |deepest| position > deepest) {
            self.position = Some(position);
            self.deepest.truncate(self.shared);
            self.deepest.extend_from_slice(&self.present[self.shared..]);
            self.shared = self.present.len();
        }
    }

    /// The choices that led furthest; of several such paths, the first.
    pub fn deepest(&self) -> &[Choice] {
        &self.deepest
    }
}
