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
//! spent covers more. One of equals is not tried if what follows it in its process could
//! have to come before the other one returns.

use super::mask::Mask;
use super::rules::Choice;
use super::space::{Key, Space};
use super::steps::{run, Steps};
use crate::timeline::{Malformed, Operations, NONE, OPEN};

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
    /// change the state; and the first by return that is not, or may not be.
    count: u32,
    steps: u32,
    rank: u32,
}

/// The operations to try, the first one last.
pub struct Due(Vec<u32>);

/// The state, and how many operations of each chain that change it are placed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ChainKey {
    state: u32,
    acted: Box<[u32]>,
}

impl Key for ChainKey {
    fn spread(&self) -> u64 {
        let mix = |hash: u64, count: &u32| {
            (hash ^ u64::from(*count))
                .wrapping_mul(0xff51_afd7_ed55_8ccd)
                .rotate_left(29)
        };
        self.acted.iter().fold(u64::from(self.state), mix).spread()
    }
}

/// An operation that returns, in its chain.
#[derive(Clone, Copy)]
struct Link {
    operation: u32,
    opening: u32,
    end: u32,
    class: u32,
    pure: bool,
    /// The opening of the next operation of its process, or `OPEN`.
    follower: u32,
    /// If it is pure: its number since the last one of its chain that is not.
    bit: u32,
    /// The number of operations before it in its chain that are not pure.
    acted: u32,
}

/// An operation that never returns.
#[derive(Clone, Copy)]
struct Loose {
    operation: u32,
    opening: u32,
    class: u32,
    /// It comes after so much of a chain, if it comes.
    chain: u32,
    place: u32,
    bit: u32,
}

/// A problem as chains.
///
/// Where a process ends, by the order, before another one begins, both are in one chain:
/// clients that give up after every timeout are many processes and still few chains.
pub struct Chains<'a, M> {
    steps: Box<dyn Steps + 'a>,
    chains: Vec<Vec<Link>>,
    /// By operation that returns: its chain and its place there.
    place: Vec<(u32, u32)>,
    /// The operations that return, by return: operation and return.
    by_return: Vec<(u32, u32)>,
    /// By chain: all bits of its pure operations.
    runs: Vec<M>,
    /// By class: those that never return, by number.
    loose: Vec<Vec<Loose>>,
    loose_of: Vec<u32>,
    all_loose: M,
    bits: usize,
    classes: Vec<u32>,
    /// By class, for this turn: the return of the first that was tried.
    tried: Vec<(u64, u32)>,
    turn: u64,
    /// By chain and place: the class of the next pure operation, for looking ahead.
    sights: Vec<Vec<u32>>,
}

/// How many bits a mask needs for the chains of a problem.
pub struct Layout {
    chains: Vec<Vec<Link>>,
    place: Vec<(u32, u32)>,
    runs: Vec<(u32, u32)>,
    loose: Vec<Loose>,
    pub bits: usize,
}

impl Layout {
    pub fn new(operations: &Operations, pure: &[bool]) -> Result<Self, Malformed> {
        let processes = operations.by_process()?;
        let mut layout = Layout {
            chains: Vec::new(),
            place: vec![(NONE, 0); operations.count()],
            runs: Vec::new(),
            loose: Vec::new(),
            bits: 0,
        };
        layout.join(operations, pure, &processes);
        layout.give_bits();
        layout.find_loose(operations, pure, &processes);
        layout.bits = layout.bits.max(layout.loose.len());
        Ok(layout)
    }

    /// Gives each process the chain that has been free for longest, or a new one.
    fn join(&mut self, operations: &Operations, pure: &[bool], processes: &[Vec<u32>]) {
        let mut free = std::collections::BinaryHeap::new();
        for mates in processes {
            let returns = |operation: &&u32| operations.returns[**operation as usize] != OPEN;
            let Some(first) = mates.iter().find(returns) else {
                continue;
            };
            let opening = operations.openings[*first as usize];
            let chain = match free.peek() {
                Some(std::cmp::Reverse((end, chain))) if *end < opening => {
                    let chain: usize = *chain;
                    free.pop();
                    chain
                }
                _ => {
                    self.chains.push(Vec::new());
                    self.chains.len() - 1
                }
            };
            for (at, operation) in mates.iter().enumerate().filter(|mate| returns(&mate.1)) {
                let i = *operation as usize;
                let next = mates.get(at + 1);
                self.place[i] = (chain as u32, self.chains[chain].len() as u32);
                self.chains[chain].push(Link {
                    operation: *operation,
                    opening: operations.openings[i],
                    end: operations.returns[i],
                    class: operations.classes[i],
                    pure: pure[operations.classes[i] as usize],
                    follower: next.map_or(OPEN, |next| operations.openings[*next as usize]),
                    bit: 0,
                    acted: 0,
                });
            }
            let last = self.chains[chain].last().expect("a process has operations");
            free.push(std::cmp::Reverse((last.end, chain)));
        }
    }

    /// Gives pure operations bits: as many a chain as ever follow one another in it.
    fn give_bits(&mut self) {
        for chain in &mut self.chains {
            let (mut run, mut longest, mut acted) = (0, 0, 0);
            for link in chain {
                link.acted = acted;
                if link.pure {
                    link.bit = self.bits as u32 + run;
                    run += 1;
                    longest = longest.max(run);
                } else {
                    run = 0;
                    acted += 1;
                }
            }
            self.runs.push((self.bits as u32, longest));
            self.bits += longest as usize;
        }
    }

    fn find_loose(&mut self, operations: &Operations, pure: &[bool], processes: &[Vec<u32>]) {
        for mates in processes {
            let (mut chain, mut place) = (NONE, 0);
            for operation in mates {
                let i = *operation as usize;
                if operations.returns[i] != OPEN {
                    (chain, place) = (self.place[i].0, self.place[i].1 + 1);
                } else if !pure[operations.classes[i] as usize] {
                    self.loose.push(Loose {
                        operation: *operation,
                        opening: operations.openings[i],
                        class: operations.classes[i],
                        chain,
                        place,
                        bit: 0,
                    });
                }
            }
        }
        self.loose.sort_unstable_by_key(|loose| loose.operation);
        for (bit, loose) in self.loose.iter_mut().enumerate() {
            loose.bit = bit as u32;
        }
    }
}

impl<'a, M: Mask> Chains<'a, M> {
    pub fn new(
        operations: &Operations,
        layout: Layout,
        class_count: usize,
        steps: Box<dyn Steps + 'a>,
    ) -> Self {
        let mut by_return: Vec<(u32, u32)> = operations
            .returns
            .iter()
            .enumerate()
            .filter(|(_, end)| **end != OPEN)
            .map(|(operation, end)| (operation as u32, *end))
            .collect();
        by_return.sort_unstable_by_key(|(_, end)| *end);
        let bits = layout.bits;
        let run = |(first, count): &(u32, u32)| {
            let mut mask = M::empty(bits);
            (*first..first + count).for_each(|bit| mask.insert(bit as usize));
            mask
        };
        let mut loose: Vec<Vec<Loose>> = Vec::new();
        let mut of_class = vec![NONE; class_count];
        let mut loose_of = vec![NONE; operations.count()];
        for one in &layout.loose {
            let place = &mut of_class[one.class as usize];
            if *place == NONE {
                *place = loose.len() as u32;
                loose.push(Vec::new());
            }
            loose_of[one.operation as usize] = one.bit;
            loose[*place as usize].push(*one);
        }
        let mut all_loose = M::empty(bits);
        layout
            .loose
            .iter()
            .for_each(|one| all_loose.insert(one.bit as usize));
        let mut chains = Chains {
            steps,
            all_loose,
            runs: layout.runs.iter().map(run).collect(),
            chains: layout.chains,
            place: layout.place,
            by_return,
            loose,
            loose_of,
            bits,
            classes: operations.classes.to_vec(),
            tried: vec![(0, 0); class_count],
            turn: 0,
            sights: Vec::new(),
        };
        if chains.steps.looks_ahead() {
            chains.sights = chains.chains.iter().map(|chain| sights(chain)).collect();
        }
        chains
    }

    /// The first return of an operation that is not placed, or `OPEN`.
    #[inline(always)]
    fn now(&self, front: &Front<M>) -> u32 {
        self.by_return
            .get(front.rank as usize)
            .map_or(OPEN, |(_, end)| *end)
    }

    /// Moves on to the first return of an operation that is not placed.
    #[inline(always)]
    fn pass_returns(&self, front: &mut Front<M>) {
        while let Some((operation, _)) = self.by_return.get(front.rank as usize) {
            let (chain, place) = self.place[*operation as usize];
            if front.placed[chain as usize] <= place {
                return;
            }
            front.rank += 1;
        }
    }

    /// The next operation of a chain, if it is due.
    #[inline(always)]
    fn head(&self, chain: usize, front: &Front<M>, now: u32) -> Option<Link> {
        let link = self.chains[chain].get(front.placed[chain] as usize)?;
        (link.opening <= now).then_some(*link)
    }

    /// Places the next operation of a chain, which is pure.
    #[inline(always)]
    fn see(&self, chain: usize, link: &Link, front: &mut Front<M>) {
        front.placed[chain] += 1;
        front.seen.insert(link.bit as usize);
        front.count += 1;
    }
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

impl<M: Mask + Send> Space for Chains<'_, M> {
    type Config = Front<M>;
    type Choices = Due;
    type Key = ChainKey;
    type Mask = M;

    fn start(&self) -> Front<M> {
        Front {
            placed: vec![0; self.chains.len()].into(),
            state: 0,
            seen: M::empty(self.bits),
            used: M::empty(self.bits),
            count: 0,
            steps: 0,
            rank: 0,
        }
    }

    fn go_to(&mut self, _: &Front<M>) {}

    fn take(&mut self, front: &mut Front<M>, choice: Choice) {
        let operation = choice.operation() as usize;
        let next = self.steps.step(front.state, self.classes[operation]);
        front.state = next.max(0) as u32;
        let bit = self.loose_of[operation];
        if bit != NONE {
            front.used.insert(bit as usize);
            return;
        }
        let chain = self.place[operation].0 as usize;
        front.placed[chain] += 1;
        front.count += 1;
        front.steps += 1;
        front.seen.subtract(&self.runs[chain]);
    }

    fn settle(&mut self, front: &mut Front<M>) {
        let mut changed = true;
        while changed {
            changed = false;
            self.pass_returns(front);
            let now = self.now(front);
            for chain in 0..self.chains.len() {
                while let Some(link) = self.head(chain, front, now) {
                    if !link.pure || self.steps.step(front.state, link.class) < 0 {
                        break;
                    }
                    self.see(chain, &link, front);
                    changed = true;
                }
            }
        }
    }

    fn is_end(&self, front: &Front<M>) -> bool {
        front.count as usize == self.by_return.len()
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
        let acted = self
            .chains
            .iter()
            .zip(&front.placed[..])
            .map(acted)
            .collect();
        let key = ChainKey {
            state: front.state,
            acted,
        };
        (key, front.seen.clone(), self.all_loose.without(&front.used))
    }

    fn choices(&mut self, front: &Front<M>) -> Due {
        let now = self.now(front);
        self.turn += 1;
        let mut due = Vec::new();
        for chain in 0..self.chains.len() {
            if let Some(link) = self.head(chain, front, now) {
                if !link.pure && self.steps.step(front.state, link.class) >= 0 {
                    due.push(link);
                }
            }
        }
        due.sort_unstable_by_key(|link| (link.end, link.operation));
        let mut places = Vec::new();
        for link in &due {
            let tried = &mut self.tried[link.class as usize];
            if tried.0 != self.turn {
                *tried = (self.turn, link.end);
            }
            if tried.1 >= link.end.min(link.follower) {
                places.push(link.operation);
            }
        }
        let first_loose = places.len();
        for members in &self.loose {
            let class = members[0].class;
            if self.tried[class as usize].0 == self.turn {
                continue;
            }
            let next = self.steps.step(front.state, class);
            if next < 0 || next == i64::from(front.state) {
                continue;
            }
            let opened = members.iter().take_while(|one| one.opening <= now);
            let mut free = opened.filter(|one| {
                let behind = one.chain == NONE || front.placed[one.chain as usize] >= one.place;
                behind && !front.used.has(one.bit as usize)
            });
            places.extend(free.next().map(|one| one.operation));
        }
        places[first_loose..].sort_unstable();
        places.reverse();
        Due(places)
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

    /// Pure operations come in rounds: all that are due and legal, by number, and again.
    fn order(&mut self, choices: &[Choice]) -> Vec<u32> {
        let mut front = self.start();
        let mut order = Vec::new();
        let mut choices = choices.iter();
        loop {
            loop {
                self.pass_returns(&mut front);
                let now = self.now(&front);
                let began = order.len();
                for chain in 0..self.chains.len() {
                    let head = self.head(chain, &front, now);
                    if let Some(link) = head.filter(|link| link.pure) {
                        if self.steps.step(front.state, link.class) >= 0 {
                            order.push(link.operation);
                        }
                    }
                }
                order[began..].sort_unstable();
                for operation in &order[began..] {
                    let (chain, place) = self.place[*operation as usize];
                    let link = self.chains[chain as usize][place as usize];
                    self.see(chain as usize, &link, &mut front);
                }
                if order.len() == began {
                    break;
                }
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
        self.place[operation as usize].0 != NONE
    }
}
