//! The space of a search along chains: the operations of each process, in their order.
//!
//! Source: what Gibbons and Korach, *Testing shared memories* (1997), count to show that
//! few processes make the problem easy; prefix vectors as in Biswas and Enea (OOPSLA
//! 2019). A configuration is how much of each chain is placed, which open operations are,
//! and the state. An operation is *due* if it is the next one of its chain, or open and
//! after what of a chain is placed; and if all that returned before its opening is.
//!
//! Invariant: within a chain, what is placed is a prefix.
//! Difference from a search along events: where an order lets operations wait for long,
//! or for ever, those that are open are many; here, only one of each chain is looked at.
//! The reductions for any data type hold: pure operations at once, one of equals, less
//! spent covers more, lookahead. Of two equals that are due, the one that returns later is
//! not tried if what follows it in its process has to come after the other one's return.
//! What is due is tried by return, as if real time mattered, for real systems seldom
//! reorder by more than they have to; but what makes an operation legal that returns
//! earlier inherits that return, as a task inherits the priority of who waits for it.

mod layout;
mod sources;

pub use layout::{narrowed, Layout};
pub use sources::Sources;

use super::mask::Mask;
use super::rules::Choice;
use super::space::{Key, Space};
use super::steps::{run, Steps};
use crate::timeline::{Operations, NONE, OPEN};
use layout::{Link, Loose};

/// How far each chain is, and what else makes a difference.
#[derive(Clone)]
pub struct Front<M> {
    /// By chain: the number of its operations that are placed.
    placed: Box<[u32]>,
    state: u32,
    /// The pure operations that are placed since the last other one of their chain.
    seen: M,
    /// The open operations that are placed.
    used: M,
    /// Of the operations that return: the number of those that are placed; of those that
    /// are not pure; and the first by return that is not placed, or may not be.
    count: u32,
    steps: u32,
    rank: u32,
}

/// The operations to try, the first one last.
pub struct Due(Vec<u32>);

/// The state, and how many operations of each chain that are not pure are placed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ChainKey {
    state: u32,
    acted: Box<[u32]>,
}

impl Key for ChainKey {
    fn spread(&self) -> u64 {
        let mix = |hash: u64, count: &u32| {
            let mixed = (hash ^ u64::from(*count)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            mixed.rotate_left(29)
        };
        self.acted.iter().fold(u64::from(self.state), mix).spread()
    }
}

pub struct Chains<'a, M> {
    steps: Box<dyn Steps + 'a>,
    layout: Layout,
    /// Who makes and who seeks which value, if it is registers.
    sources: Option<Sources<M>>,
    /// By chain: all bits of its pure operations.
    runs: Vec<M>,
    /// By class: the operations that never return, by number.
    loose: Vec<Vec<Loose>>,
    all_loose: M,
    /// By operation that never returns: its bit; or `NONE`.
    bit: Vec<u32>,
    classes: Vec<u32>,
    /// By class, for this turn: the return of the first that was tried.
    tried: Vec<(u64, u32)>,
    turn: u64,
    /// By chain and place: the class of the next pure operation, for looking ahead.
    sights: Vec<Vec<u32>>,
}

/// What a search along chains can foresee.
pub struct Sight<M> {
    /// Who makes and who seeks which value, if it is registers.
    pub sources: Option<Sources<M>>,
    /// Whether a data type says what a state cannot lead to.
    pub looks_ahead: bool,
}

/// By place in a chain: the class of the next pure operation, or `NONE`.
fn sights(chain: &[Link]) -> Vec<u32> {
    let mut next = NONE;
    let mut ahead = vec![NONE];
    for link in chain.iter().rev() {
        next = if link.pure { link.class } else { next };
        ahead.push(next);
    }
    ahead.reverse();
    ahead
}

impl<'a, M: Mask> Chains<'a, M> {
    pub fn new(
        operations: &Operations,
        layout: Layout,
        class_count: usize,
        steps: Box<dyn Steps + 'a>,
        sight: Sight<M>,
    ) -> Self {
        let run = |(first, count): &(u32, u32)| {
            let mut mask = M::empty(layout.bits);
            (*first..first + count).for_each(|bit| mask.insert(bit as usize));
            mask
        };
        let mut chains = Chains {
            sources: sight.sources,
            runs: layout.runs.iter().map(run).collect(),
            loose: Vec::new(),
            all_loose: M::empty(layout.bits),
            bit: vec![NONE; operations.count()],
            classes: operations.classes.to_vec(),
            tried: vec![(0, 0); class_count],
            turn: 0,
            sights: Vec::new(),
            steps,
            layout,
        };
        chains.sort_loose(class_count);
        if sight.looks_ahead {
            let all = chains.layout.chains.iter();
            chains.sights = all.map(|chain| sights(chain)).collect();
        }
        chains
    }

    fn sort_loose(&mut self, class_count: usize) {
        let mut of_class = vec![NONE; class_count];
        for one in &self.layout.loose {
            let place = &mut of_class[one.class as usize];
            if *place == NONE {
                *place = self.loose.len() as u32;
                self.loose.push(Vec::new());
            }
            self.loose[*place as usize].push(*one);
            self.all_loose.insert(one.bit as usize);
            self.bit[one.operation as usize] = one.bit;
        }
    }

    /// Moves on to the first return of an operation that is not placed, and returns it;
    /// or `OPEN`.
    #[inline(always)]
    fn pass_returns(&self, front: &mut Front<M>) -> u32 {
        while let Some((operation, end)) = self.layout.by_return.get(front.rank as usize) {
            let (chain, place) = self.layout.place[*operation as usize];
            if front.placed[chain as usize] <= place {
                return *end;
            }
            front.rank += 1;
        }
        OPEN
    }

    /// The next operation of a chain, if it is due.
    #[inline(always)]
    fn head(&self, chain: usize, front: &Front<M>, now: u32) -> Option<Link> {
        let link = self.layout.chains[chain].get(front.placed[chain] as usize)?;
        (link.opening <= now).then_some(*link)
    }

    /// Places the next operation of a chain.
    #[inline(always)]
    fn place(&mut self, chain: usize, link: &Link, front: &mut Front<M>) {
        front.placed[chain] += 1;
        front.count += 1;
        if link.pure {
            front.seen.insert(link.bit as usize);
        } else {
            front.state = self.steps.step(front.state, link.class).max(0) as u32;
            front.steps += 1;
            front.seen.subtract(&self.runs[chain]);
        }
    }

    #[inline(always)]
    fn is_seen_at_once(&mut self, link: &Link, front: &Front<M>) -> bool {
        link.pure && self.steps.step(front.state, link.class) >= 0
    }

    #[inline(always)]
    fn is_idle(&self, link: &Link, front: &Front<M>) -> bool {
        self.sources.as_ref().is_some_and(|sources| {
            let there = self.steps.part(front.state, link.class);
            sources.is_idle(link.class, there, &front.placed, &front.used)
        })
    }

    /// Whether an operation takes away a value that must be found and cannot come again.
    ///
    /// The front has to be that after it, but for the state.
    fn takes_away(&self, class: u32, front: &Front<M>) -> bool {
        self.sources.as_ref().is_some_and(|sources| {
            let there = self.steps.part(front.state, class);
            sources.takes_away(class, there, &front.placed, &front.used)
        })
    }

    /// The heads of chains that may be next, by return; and what is due and illegal.
    fn due_heads(&mut self, front: &mut Front<M>, now: u32) -> (Vec<Link>, Vec<(u32, u32)>) {
        let (mut due, mut blocked) = (Vec::new(), Vec::new());
        for chain in 0..self.layout.chains.len() {
            let Some(link) = self.head(chain, front, now) else {
                continue;
            };
            if self.steps.step(front.state, link.class) < 0 {
                blocked.push((link.end, link.class));
                continue;
            }
            front.placed[chain] += 1;
            if !self.takes_away(link.class, front) {
                due.push(link);
            }
            front.placed[chain] -= 1;
        }
        due.sort_unstable_by_key(|link| (link.end, link.operation));
        blocked.sort_unstable();
        (due, blocked)
    }

    /// Of each class, the first open operation that may be next.
    fn due_loose(&mut self, front: &mut Front<M>, now: u32, found: &mut Vec<(u32, u32)>) {
        for members in 0..self.loose.len() {
            let class = self.loose[members][0].class;
            if self.tried[class as usize].0 == self.turn {
                continue;
            }
            let next = self.steps.step(front.state, class);
            if next < 0 || next == i64::from(front.state) {
                continue;
            }
            let opened = self.loose[members]
                .iter()
                .take_while(|one| one.opening <= now);
            let mut free = opened.filter(|one| {
                let behind = one.chain == NONE || front.placed[one.chain as usize] >= one.place;
                behind && !front.used.has(one.bit as usize)
            });
            if let Some(one) = free.next().copied() {
                front.used.insert(one.bit as usize);
                if !self.takes_away(class, front) {
                    found.push((OPEN, one.operation));
                }
                front.used.remove(one.bit as usize);
            }
        }
    }

    /// The return of the first that a choice makes legal, if that is before its own.
    fn inherited(&mut self, blocked: &[(u32, u32)], front: &Front<M>, end: u32, class: u32) -> u32 {
        let next = self.steps.step(front.state, class).max(0) as u32;
        let earlier = blocked.iter().take_while(|(other, _)| *other < end);
        for (other, waiting) in earlier {
            if self.steps.step(next, *waiting) >= 0 {
                return *other;
            }
        }
        end
    }
}

impl<M: Mask + Send> Space for Chains<'_, M> {
    type Config = Front<M>;
    type Choices = Due;
    type Key = ChainKey;
    type Mask = M;

    fn start(&self) -> Front<M> {
        Front {
            placed: vec![0; self.layout.chains.len()].into(),
            state: 0,
            seen: M::empty(self.layout.bits),
            used: M::empty(self.layout.bits),
            count: 0,
            steps: 0,
            rank: 0,
        }
    }

    fn go_to(&mut self, _: &Front<M>) {}

    fn take(&mut self, front: &mut Front<M>, choice: Choice) {
        let operation = choice.operation() as usize;
        let bit = self.bit[operation];
        if bit == NONE {
            let (chain, place) = self.layout.place[operation];
            let link = self.layout.chains[chain as usize][place as usize];
            self.place(chain as usize, &link, front);
        } else {
            let next = self.steps.step(front.state, self.classes[operation]);
            front.state = next.max(0) as u32;
            front.used.insert(bit as usize);
        }
    }

    fn settle(&mut self, front: &mut Front<M>) {
        let mut changed = true;
        while changed {
            changed = false;
            let now = self.pass_returns(front);
            for chain in 0..self.layout.chains.len() {
                while let Some(link) = self.head(chain, front, now) {
                    if self.is_seen_at_once(&link, front) {
                        self.place(chain, &link, front);
                        changed = true;
                        continue;
                    }
                    if self.is_idle(&link, front) {
                        self.place(chain, &link, front);
                        changed = true;
                    }
                    break;
                }
            }
        }
    }

    fn is_end(&self, front: &Front<M>) -> bool {
        front.count as usize == self.layout.by_return.len()
    }

    fn layer(&self, front: &Front<M>) -> u32 {
        front.steps
    }

    fn progress(&self, front: &Front<M>) -> u32 {
        front.count
    }

    fn is_hopeless(&mut self, front: &Front<M>) -> bool {
        for (sights, placed) in self.sights.iter().zip(&front.placed[..]) {
            let class = sights[*placed as usize];
            if class != NONE && !self.steps.can_lead(front.state, class) {
                return true;
            }
        }
        false
    }

    fn standing(&self, front: &Front<M>) -> (ChainKey, M, M) {
        let acted = |(chain, placed): (&Vec<Link>, &u32)| match placed.checked_sub(1) {
            None => 0,
            Some(last) => chain[last as usize].acted + u32::from(!chain[last as usize].pure),
        };
        let chains = self.layout.chains.iter().zip(&front.placed[..]);
        let key = ChainKey {
            state: front.state,
            acted: chains.map(acted).collect(),
        };
        (key, front.seen.clone(), self.all_loose.without(&front.used))
    }

    fn choices(&mut self, front: &Front<M>) -> Due {
        let mut front = front.clone();
        let now = self.pass_returns(&mut front);
        self.turn += 1;
        let (due, blocked) = self.due_heads(&mut front, now);
        let mut found = Vec::new();
        for link in &due {
            let tried = &mut self.tried[link.class as usize];
            if tried.0 != self.turn {
                *tried = (self.turn, link.end);
            }
            if tried.1 >= link.end.min(link.follower) {
                found.push((link.end, link.operation));
            }
        }
        self.due_loose(&mut front, now, &mut found);
        if found.len() > 1 {
            for (end, operation) in &mut found {
                let class = self.classes[*operation as usize];
                *end = self.inherited(&blocked, &front, *end, class);
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        Due(found.into_iter().map(|(_, operation)| operation).collect())
    }

    fn next(&mut self, choices: &mut Due) -> Option<Choice> {
        choices.0.pop().map(Choice::place)
    }

    fn is_dead_end(&self, choices: &Due) -> bool {
        choices.0.is_empty()
    }

    fn failed(&self) -> bool {
        self.steps.failed()
    }

    /// What needs no choice comes in rounds: all pure operations that are due and legal, by
    /// number; where there are none, the first idle write that is due.
    fn order(&mut self, choices: &[Choice]) -> Vec<u32> {
        let mut front = self.start();
        let mut order = Vec::new();
        let mut choices = choices.iter();
        loop {
            let now = self.pass_returns(&mut front);
            let heads = (0..self.layout.chains.len()).filter_map(|chain| {
                let link = self.head(chain, &front, now)?;
                Some((link.operation, chain, link))
            });
            let mut heads: Vec<(u32, usize, Link)> = heads.collect();
            heads.sort_unstable_by_key(|head| head.0);
            let before = order.len();
            for (operation, chain, link) in &heads {
                if self.is_seen_at_once(link, &front) {
                    self.place(*chain, link, &mut front);
                    order.push(*operation);
                }
            }
            if order.len() > before {
                continue;
            }
            let idle = heads.iter().find(|(_, _, link)| self.is_idle(link, &front));
            if let Some((operation, chain, link)) = idle {
                self.place(*chain, link, &mut front);
                order.push(*operation);
                continue;
            }
            let Some(choice) = choices.next() else {
                return order;
            };
            self.take(&mut front, *choice);
            order.push(choice.operation());
        }
    }

    fn state_after(&mut self, order: &[u32]) -> u32 {
        let classes = order
            .iter()
            .map(|operation| self.classes[*operation as usize]);
        run(&mut *self.steps, classes)
    }

    fn returns(&self, operation: u32) -> bool {
        self.layout.place[operation as usize].0 != NONE
    }

    fn hand_over(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.steps, &mut other.steps);
    }
}
