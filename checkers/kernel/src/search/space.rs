//! What a search goes through: configurations, and the ways on from each.

use super::mask::Mask;
use super::rules::Choice;

/// Configurations of a problem. What is hard to copy is shared by all of them, and has to
/// be brought to one before anything is asked about it.
pub trait Space: Send {
    type Config: Clone + Send;
    type Choices: Send;
    type Key: Key;
    type Mask: Mask + Send;

    /// The configuration where every search begins.
    fn start(&self) -> Self::Config;

    /// Comes to a configuration; nothing but these two leads from one to another.
    fn go_to(&mut self, config: &Self::Config);

    /// Follows a choice.
    fn take(&mut self, config: &mut Self::Config, choice: Choice);

    /// Does at once what never needs a choice. After that, a configuration is a node.
    fn settle(&mut self, config: &mut Self::Config);

    /// Whether all that has to be placed is.
    fn is_end(&self, config: &Self::Config) -> bool;

    /// A number that no choice makes smaller, and that bounds what can cover what.
    fn layer(&self, config: &Self::Config) -> u32;

    /// How far a configuration has come.
    fn progress(&self, config: &Self::Config) -> u32;

    /// Whether something that has to be placed never can be.
    fn is_hopeless(&mut self, config: &Self::Config) -> bool;

    /// What has to be equal for a configuration to cover another, and what has to be
    /// at least as much: what is no obligation any more, and what is still available.
    fn standing(&self, config: &Self::Config) -> (Self::Key, Self::Mask, Self::Mask);

    /// The ways on that have to be tried.
    fn choices(&mut self, config: &Self::Config) -> Self::Choices;

    /// Takes out the next way on.
    fn next(&mut self, choices: &mut Self::Choices) -> Option<Choice>;

    /// Whether there is no way on left.
    fn is_dead_end(&self, choices: &Self::Choices) -> bool;

    /// Whether the data type could not be asked; then nothing is known.
    fn failed(&self) -> bool;

    /// The order of operations that choices stand for.
    fn order(&mut self, choices: &[Choice]) -> Vec<u32>;

    /// The state after an order of operations.
    fn state_after(&mut self, order: &[u32]) -> u32;

    /// Whether an operation returned.
    fn returns(&self, operation: u32) -> bool;

    /// Gives what is known of the data type to another space of the same problem.
    fn hand_over(&mut self, other: &mut Self);
}

/// A key of a table.
pub trait Key: Clone + Default + Eq + Send {
    /// Returns the same number for equals, and numbers that differ in all bits for others.
    fn spread(&self) -> u64;
}

impl Key for u64 {
    #[inline(always)]
    fn spread(&self) -> u64 {
        let mut hash = self.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
        hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
        hash ^ (hash >> 32)
    }
}
