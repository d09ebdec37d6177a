//! One register: reads, writes, compare-and-set, and what a failed one has seen.
//!
//! Invariant: whenever an order of all operations exists, one exists that this search
//! finds. Each reduction is an exchange argument that turns any order into one that is
//! left; all are held against plain search on random histories.
//!
//! * *Lazy writes.* A write that nobody waits for changes nothing but the state, so it
//!   can wait until its return is due. It is tried earlier only if an operation that is
//!   open wants its value (or wants any change), or, where there are swaps, if it
//!   rewrites the current value and so hides others.
//! * *Hidden writes.* A write that was open while another one was placed could have been
//!   placed immediately before that one, and nobody would know. The same holds if the
//!   state had its value while it was open. When it is due it is discharged; taking it
//!   for real is tried too.
//! * *Observability.* Once no operation is left that could tell a value from others, the
//!   state is `BOTTOM`. Writes of such values are then placed without a choice.
//!
//! Differences from the naive search: that one branches on each legal operation, so k
//! open writes cost k! orders or 2^k sets. Here they cost a choice only if a read of
//! their value is open at the same time.

use super::equals::Equals;
use super::mask::Mask;
use super::rules::{Choice, Choices, Place, Rules, Trace};
use super::window::{Config, Window};
use crate::timeline::{Malformed, Operations, Timeline, OPEN};

/// The state of a value that no operation can tell from others any more.
pub const BOTTOM: u32 = u32::MAX;

/// What an operation does to a register.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Read,
    Write,
    Swap,
    /// A swap that failed: the value was another one.
    Differs,
}

/// The classes of operations on a register. Values are numbered; 0 is the initial one.
pub struct View {
    pub kinds: Vec<Kind>,
    /// The value that is read, written or expected.
    pub a: Vec<u32>,
    /// The value that a swap sets.
    pub b: Vec<u32>,
    pub value_count: usize,
}

impl View {
    /// Reads classes from arrays, where 0 is a read, 1 a write, 2 a swap and 3 a failed one.
    pub fn new(kinds: &[u8], a: &[i32], b: &[i32]) -> Result<Self, Malformed> {
        if a.len() != kinds.len() || b.len() != kinds.len() {
            return Err(Malformed("arrays of classes differ in length"));
        }
        if kinds.iter().any(|kind| *kind > 3) {
            return Err(Malformed("a kind is none of 0 to 3"));
        }
        if a.iter().chain(b).any(|value| *value < 0) {
            return Err(Malformed("a value is negative"));
        }
        let kind = |class: usize| match kinds[class] {
            0 => Kind::Read,
            1 => Kind::Write,
            // Changes nothing, and sees what a read sees.
            2 if a[class] == b[class] => Kind::Read,
            2 => Kind::Swap,
            _ => Kind::Differs,
        };
        let most = a.iter().chain(b).max().map_or(0, |value| *value as usize);
        if most > 4 * kinds.len() + 4 {
            return Err(Malformed("values are not numbered densely"));
        }
        Ok(View {
            kinds: (0..kinds.len()).map(kind).collect(),
            a: a.iter().map(|value| *value as u32).collect(),
            b: b.iter().map(|value| *value as u32).collect(),
            value_count: most + 1,
        })
    }

    /// By class: whether it changes the state in no state where it is legal.
    pub fn pure(&self) -> Vec<bool> {
        let is_pure = |kind: &Kind| matches!(kind, Kind::Read | Kind::Differs);
        self.kinds.iter().map(is_pure).collect()
    }

    /// The value after an operation of a class; None if it is illegal.
    pub fn after(&self, value: u32, class: u32) -> Option<u32> {
        let class = class as usize;
        let same = value == self.a[class];
        match self.kinds[class] {
            Kind::Read => same.then_some(value),
            Kind::Write => Some(self.a[class]),
            Kind::Swap => same.then_some(self.b[class]),
            Kind::Differs => (!same).then_some(value),
        }
    }
}

#[derive(Clone, Copy)]
struct Deed {
    kind: Kind,
    a: u32,
    b: u32,
    open: bool,
    detached: bool,
}

/// The reductions that hold for a register.
pub struct Register {
    deeds: Vec<Deed>,
    /// By value: the position from which on no operation can tell it from others.
    needed_until: Vec<u32>,
    /// The same, for any value that a failed swap could see.
    differs_until: u32,
    has_swaps: bool,
    equals: Equals,
    wanted: Vec<u64>,
    turn: u64,
    chains: Vec<(u32, u32)>,
}

impl Register {
    pub fn new(view: &View, operations: &Operations, timeline: &Timeline) -> Self {
        let deed = |operation: usize| {
            let class = operations.classes[operation] as usize;
            Deed {
                kind: view.kinds[class],
                a: view.a[class],
                b: view.b[class],
                open: operations.returns[operation] == OPEN,
                detached: timeline.spans[operation].detached,
            }
        };
        let deeds: Vec<Deed> = (0..operations.count()).map(deed).collect();
        let until = |kind: Kind| {
            let ends = deeds.iter().zip(&timeline.spans);
            let ends = ends.filter(move |(deed, _)| deed.kind == kind && !deed.open);
            ends.map(|(_, span)| span.end + 1).max().unwrap_or(0)
        };
        Register {
            needed_until: needed_until(&deeds, timeline, view.value_count),
            differs_until: until(Kind::Differs),
            has_swaps: deeds.iter().any(|deed| deed.kind == Kind::Swap),
            equals: Equals::new(view.kinds.len()),
            wanted: vec![0; view.value_count],
            turn: 0,
            chains: Vec::new(),
            deeds,
        }
    }

    #[inline(always)]
    fn deed(&self, operation: u32) -> Deed {
        self.deeds[operation as usize]
    }

    /// Whether an operation that opens from here on, or is open, can see a value.
    #[inline(always)]
    fn is_observable(&self, value: u32, position: u32) -> bool {
        self.needed_until[value as usize] > position
    }

    /// Notes the values that operations which are open want to find.
    ///
    /// Returns whether one waits for any change, and how many writes that must return
    /// are not hidden.
    #[inline(always)]
    fn survey<M: Mask>(&mut self, window: &Window<M>, config: &Config<M>) -> (bool, usize) {
        self.turn += 1;
        let (mut blocked, mut bare) = (false, 0);
        let mut rest = window.pending(config);
        while let Some(slot) = rest.pop() {
            let deed = self.deed(window.operation(slot));
            match deed.kind {
                Kind::Read => self.wanted[deed.a as usize] = self.turn,
                Kind::Swap if deed.open => self.chains.push((deed.a, deed.b)),
                Kind::Swap => self.wanted[deed.a as usize] = self.turn,
                Kind::Differs => blocked = true,
                Kind::Write => bare += usize::from(!deed.open && !config.hidden.has(slot)),
            }
        }
        self.close_chains();
        (blocked, bare)
    }

    /// Wants what an open swap expects, if what it sets is wanted, and so on.
    #[inline(always)]
    fn close_chains(&mut self) {
        let mut before = usize::MAX;
        while self.chains.len() < before && !self.chains.is_empty() {
            before = self.chains.len();
            let (wanted, turn) = (&mut self.wanted, self.turn);
            self.chains.retain(|(a, b)| {
                let led = wanted[*b as usize] == turn;
                if led {
                    wanted[*a as usize] = turn;
                }
                !led
            });
        }
        self.chains.clear();
    }

    /// Hides a write, if it has to return and nobody waits for it to be placed.
    #[inline(always)]
    fn hide<M: Mask>(
        &self,
        window: &Window<M>,
        config: &mut Config<M>,
        slot: usize,
        trace: &mut impl Trace,
        place: Place,
    ) {
        let operation = window.operation(slot);
        let deed = self.deed(operation);
        if deed.kind == Kind::Write && deed.detached && !deed.open {
            config.hidden.insert(slot);
            trace.hidden(operation, place);
        }
    }

    /// Places the pure operations that are legal, and hides writes of the state.
    #[inline(always)]
    fn observe<M: Mask>(
        &self,
        window: &Window<M>,
        config: &mut Config<M>,
        trace: &mut impl Trace,
    ) -> bool {
        let mut placed = false;
        let mut rest = window.ready(config);
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            let is_same = deed.a == config.state;
            match deed.kind {
                Kind::Write if is_same => self.hide(window, config, slot, trace, Place::AtCall),
                Kind::Write | Kind::Swap => (),
                Kind::Read | Kind::Differs => {
                    if is_same == (deed.kind == Kind::Read) {
                        config.placed.insert(slot);
                        trace.placed(operation);
                        placed = true;
                    }
                }
            }
        }
        trace.step();
        placed
    }

    /// Forgets a state that nobody can see, and places or hides writes of such values.
    #[inline(always)]
    fn forget<M: Mask>(
        &self,
        window: &Window<M>,
        config: &mut Config<M>,
        trace: &mut impl Trace,
    ) -> bool {
        let position = config.position;
        if config.state != BOTTOM {
            if self.is_observable(config.state, position) {
                return false;
            }
            config.state = BOTTOM;
        }
        let ready = window.ready(config);
        let hides = self.differs_until > position;
        let mut placed = 0;
        let mut rest = ready.clone();
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            if deed.kind != Kind::Write || deed.open || self.is_observable(deed.a, position) {
                continue;
            }
            if hides {
                self.hide(window, config, slot, trace, Place::Here);
            } else {
                config.placed.insert(slot);
                config.hidden.remove(slot);
                trace.placed(operation);
                placed += 1;
            }
        }
        if placed > 0 {
            // Only those that were ready before: what waited for one of these cannot
            // have been before it.
            let mut others = ready.without(&config.placed);
            while let Some(slot) = others.pop() {
                self.hide(window, config, slot, trace, Place::Before(placed));
            }
        }
        trace.step();
        placed > 0
    }
}

/// By value: the position after the last return of an operation that can see it.
///
/// An open swap can see what it expects for as long as what it sets can be seen.
fn needed_until(deeds: &[Deed], timeline: &Timeline, value_count: usize) -> Vec<u32> {
    let mut until = vec![0; value_count];
    for (deed, span) in deeds.iter().zip(&timeline.spans) {
        if deed.kind != Kind::Write && !deed.open {
            let end = &mut until[deed.a as usize];
            *end = span.end.saturating_add(1).max(*end);
        }
    }
    let is_chain = |deed: &&Deed| deed.kind == Kind::Swap && deed.open;
    let mut changed = true;
    while changed {
        changed = false;
        for deed in deeds.iter().filter(is_chain) {
            if until[deed.b as usize] > until[deed.a as usize] {
                until[deed.a as usize] = until[deed.b as usize];
                changed = true;
            }
        }
    }
    until
}

impl<M: Mask> Rules<M> for Register {
    fn initial(&self) -> u32 {
        0
    }

    #[inline(always)]
    fn settle(&mut self, window: &mut Window<M>, config: &mut Config<M>, trace: &mut impl Trace) {
        loop {
            window.advance(config);
            if config.position == window.timeline.end() {
                return;
            }
            if !self.observe(window, config, trace) && !self.forget(window, config, trace) {
                return;
            }
        }
    }

    #[inline(always)]
    fn choices(&mut self, window: &Window<M>, config: &Config<M>) -> Choices<M> {
        let (blocked, bare) = self.survey(window, config);
        let due = window.due();
        let (state, position) = (config.state, config.position);
        self.equals.begin();
        let mut places = window.ready(config);
        let mut rest = places.clone();
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            let is_wanted = |value: u32| self.wanted[value as usize] == self.turn;
            let hides = self.has_swaps && bare > 0;
            let tries = match deed.kind {
                Kind::Write if operation == due || !deed.detached => true,
                Kind::Write if deed.open => {
                    let is_same = deed.a == state;
                    (is_same && hides) || if blocked { !is_same } else { is_wanted(deed.a) }
                }
                Kind::Write => {
                    let is_same = deed.a == state
                        || (state == BOTTOM && !self.is_observable(deed.a, position));
                    if is_same {
                        hides && (bare > 1 || config.hidden.has(slot))
                    } else {
                        blocked || is_wanted(deed.a)
                    }
                }
                Kind::Swap => deed.a == state && (!deed.open || blocked || is_wanted(deed.b)),
                Kind::Read | Kind::Differs => false,
            };
            if tries {
                self.equals.reduce(window, &mut places, slot);
            } else {
                places.remove(slot);
            }
        }
        let due_slot = window.timeline.span(due).slot as usize;
        let discharge = config.hidden.has(due_slot);
        Choices { discharge, places }
    }

    #[inline(always)]
    fn take(
        &mut self,
        window: &Window<M>,
        config: &mut Config<M>,
        choice: Choice,
        trace: &mut impl Trace,
    ) {
        let operation = choice.operation();
        let slot = window.timeline.span(operation).slot as usize;
        let deed = self.deed(operation);
        let is_discharge = choice.is_discharge();
        let mut others = window.ready(config);
        others.remove(slot);
        config.placed.insert(slot);
        config.hidden.remove(slot);
        if is_discharge {
            trace.discharged(operation);
        } else {
            let is_write = deed.kind == Kind::Write;
            config.state = if is_write { deed.a } else { deed.b };
            trace.placed(operation);
            while let Some(other) = others.pop() {
                if is_write {
                    self.hide(window, config, other, trace, Place::Before(1));
                } else if self.deed(window.operation(other)).a == deed.b {
                    self.hide(window, config, other, trace, Place::Here);
                }
            }
        }
        trace.step();
    }

    fn state_after(&mut self, order: &[u32], _: &Timeline) -> u32 {
        order.iter().fold(0, |value, operation| {
            let deed = self.deed(*operation);
            match deed.kind {
                Kind::Write => deed.a,
                Kind::Swap => deed.b,
                Kind::Read | Kind::Differs => value,
            }
        })
    }
}
