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
//! * *Lookahead.* There is no way on if an operation that is open wants a value that is
//!   not there, and that nothing which opens before it returns can make.
//!
//! Difference from the naive search: that one branches on each legal operation, so k
//! open writes cost k! orders or 2^k sets. Here they cost a choice only if a read of
//! their value is open at the same time.

use std::collections::HashMap;
use std::sync::Arc;

use super::equals::Equals;
use super::mask::Mask;
use super::rules::{Choice, Choices, Place, Rules, Trace};
use super::window::{Config, Window};
use crate::timeline::{most_numbers, Malformed, Nature, Operations, Timeline, OPEN};

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
#[derive(Clone)]
pub struct View {
    pub kinds: Arc<[Kind]>,
    /// The value that is read, written or expected.
    pub a: Arc<[u32]>,
    /// The value that a swap sets.
    pub b: Arc<[u32]>,
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
        if most >= most_numbers(kinds.len()) {
            return Err(Malformed("values are not numbered densely"));
        }
        Ok(View {
            kinds: (0..kinds.len()).map(kind).collect(),
            a: a.iter().map(|value| *value as u32).collect(),
            b: b.iter().map(|value| *value as u32).collect(),
            value_count: most + 1,
        })
    }

    /// By class: what it may do.
    pub fn natures(&self) -> Vec<Nature> {
        let nature = |kind: &Kind| match kind {
            Kind::Read | Kind::Differs => Nature::Pure,
            Kind::Write => Nature::Blind,
            Kind::Swap => Nature::Acting,
        };
        self.kinds.iter().map(nature).collect()
    }

    /// By class: whether it changes the state in no state where it is legal.
    pub fn pure(&self) -> Vec<bool> {
        self.natures()
            .iter()
            .map(|nature| *nature == Nature::Pure)
            .collect()
    }

    /// The value after an order of operations that is legal.
    pub fn replay(&self, operations: &Operations, order: &[u32]) -> u32 {
        order.iter().fold(0, |value, operation| {
            let class = operations.classes[*operation as usize];
            self.after(value, class).expect("the order is legal")
        })
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
}

/// What is known of a value.
#[derive(Clone, Default)]
struct Value {
    /// The position from which on no operation can tell it from others.
    needed_until: u32,
    /// The turn in which it was wanted last, and the first return of who wanted it.
    wanted: u64,
    until: u32,
    /// The turn in which it was there, or could be made by an operation that was open.
    made: u64,
    /// Its part of `makers`.
    first: u32,
    last: u32,
}

/// What is known of the operations that are open at a node.
#[derive(Default)]
struct Survey {
    /// Whether one waits for any change.
    blocked: bool,
    /// Whether one waits for a value that never comes in time.
    hopeless: bool,
    /// The number of writes that must return and are not hidden.
    bare: usize,
}

/// The reductions that hold for a register.
pub struct Register {
    deeds: Vec<Deed>,
    values: Vec<Value>,
    /// By value, the positions where an operation opens that makes it, ascending.
    makers: Vec<u32>,
    /// The position from which on there is no failed swap.
    differs_until: u32,
    has_swaps: bool,
    equals: Equals,
    turn: u64,
    /// The values that are wanted in this turn, and the open swaps.
    wishes: Vec<u32>,
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
            }
        };
        let deeds: Vec<Deed> = (0..operations.count()).map(deed).collect();
        let ends = deeds.iter().zip(&timeline.spans);
        let ends = ends.filter(|(deed, _)| deed.kind == Kind::Differs && !deed.open);
        let (values, makers) = values(&deeds, timeline, view.value_count);
        Register {
            differs_until: ends.map(|(_, span)| span.end + 1).max().unwrap_or(0),
            has_swaps: deeds.iter().any(|deed| deed.kind == Kind::Swap),
            equals: Equals::new(view.kinds.len()),
            values,
            makers,
            turn: 0,
            wishes: Vec::new(),
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
        self.values[value as usize].needed_until > position
    }

    /// Notes what operations that are open want to find, and what they make.
    #[inline(always)]
    fn survey<M: Mask>(&mut self, window: &Window<M>, config: &Config<M>) -> Survey {
        self.turn += 1;
        self.wishes.clear();
        if config.state != BOTTOM {
            self.values[config.state as usize].made = self.turn;
        }
        let mut survey = Survey::default();
        let mut rest = window.pending(config);
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            match deed.kind {
                Kind::Differs => survey.blocked = true,
                Kind::Read => self.wish(deed.a, window.timeline.span(operation).end),
                Kind::Write => {
                    self.values[deed.a as usize].made = self.turn;
                    survey.bare += usize::from(!deed.open && !config.hidden.has(slot));
                }
                Kind::Swap => {
                    self.values[deed.b as usize].made = self.turn;
                    if deed.open {
                        self.chains.push((deed.a, deed.b));
                    } else {
                        self.wish(deed.a, window.timeline.span(operation).end);
                    }
                }
            }
        }
        let position = config.position;
        survey.hopeless = self
            .wishes
            .iter()
            .any(|value| !self.can_come(*value, position));
        self.close_chains();
        survey
    }

    /// Notes that an operation wants to find a value, before it returns.
    #[inline(always)]
    fn wish(&mut self, value: u32, end: u32) {
        let wish = &mut self.values[value as usize];
        if wish.wanted != self.turn {
            (wish.wanted, wish.until) = (self.turn, end);
            self.wishes.push(value);
        }
        wish.until = wish.until.min(end);
    }

    /// Whether a value that is wanted is there, or can be made in time.
    #[inline(always)]
    fn can_come(&self, value: u32, position: u32) -> bool {
        let known = &self.values[value as usize];
        if known.made == self.turn {
            return true;
        }
        let makers = &self.makers[known.first as usize..known.last as usize];
        let next = makers.partition_point(|opened| *opened < position);
        makers.get(next).is_some_and(|opened| *opened < known.until)
    }

    /// Wants what an open swap expects, if what it sets is wanted, and so on.
    #[inline(always)]
    fn close_chains(&mut self) {
        let mut before = usize::MAX;
        while self.chains.len() < before && !self.chains.is_empty() {
            before = self.chains.len();
            let (values, turn) = (&mut self.values, self.turn);
            self.chains.retain(|(a, b)| {
                let leads = values[*b as usize].wanted == turn;
                if leads {
                    values[*a as usize].wanted = turn;
                }
                !leads
            });
        }
        self.chains.clear();
    }

    /// Hides a write, if it has to return.
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
        if deed.kind == Kind::Write && !deed.open {
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
        let pending = window.pending(config);
        let mut legal = pending.clone();
        legal.intersect(&window.pure);
        let mut placed = false;
        // Two loops and not one: what kind it is can hardly be predicted.
        let mut others = pending.without(&legal);
        while let Some(slot) = legal.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            if (deed.a == config.state) == (deed.kind == Kind::Read) {
                config.placed.insert(slot);
                trace.placed(operation);
                placed = true;
            }
        }
        while let Some(slot) = others.pop() {
            if self.deed(window.operation(slot)).a == config.state {
                self.hide(window, config, slot, trace, Place::AtCall);
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
        let hides = self.differs_until > position;
        let mut placed = 0;
        let mut rest = window.pending(config);
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
            let mut others = window.pending(config);
            while let Some(slot) = others.pop() {
                self.hide(window, config, slot, trace, Place::Before(placed));
            }
        }
        trace.step();
        placed > 0
    }
}

/// What is known of values before the search, and who makes them.
///
/// Behind the values is one that stands for none: so that what an operation is, which
/// cannot be predicted, is a number here and not a way to go.
fn values(deeds: &[Deed], timeline: &Timeline, value_count: usize) -> (Vec<Value>, Vec<u32>) {
    let mut values = vec![Value::default(); value_count + 1];
    let makes = |deed: &Deed| match deed.kind {
        Kind::Write => deed.a as usize,
        Kind::Swap => deed.b as usize,
        Kind::Read | Kind::Differs => value_count,
    };
    for (value, until) in values
        .iter_mut()
        .zip(needed_until(deeds, timeline, value_count))
    {
        value.needed_until = until;
    }
    deeds.iter().for_each(|deed| values[makes(deed)].last += 1);
    let mut total = 0;
    for value in &mut values {
        let count = value.last;
        (value.first, value.last) = (total, total);
        total += count;
    }
    let room = values[value_count].first as usize + timeline.events.len();
    let mut makers = vec![0; room.max(total as usize)];
    for (position, event) in timeline.events.iter().enumerate() {
        let made = match event.is_return() {
            true => value_count,
            false => makes(&deeds[event.operation() as usize]),
        };
        let last = &mut values[made].last;
        makers[*last as usize] = position as u32;
        *last += 1;
    }
    (values, makers)
}

/// By value: the position after the last return of an operation that can see it.
///
/// An open swap can see what it expects for as long as what it sets can be seen.
fn needed_until(deeds: &[Deed], timeline: &Timeline, value_count: usize) -> Vec<u32> {
    let mut until = vec![0; value_count];
    let mut sources: HashMap<u32, Vec<u32>> = HashMap::new();
    for (deed, span) in deeds.iter().zip(&timeline.spans) {
        if deed.kind == Kind::Swap && deed.open {
            sources.entry(deed.b).or_default().push(deed.a);
        } else if deed.kind != Kind::Write && !deed.open {
            let end = &mut until[deed.a as usize];
            *end = span.end.saturating_add(1).max(*end);
        }
    }
    let mut unsettled: Vec<u32> = sources.keys().copied().collect();
    while let Some(value) = unsettled.pop() {
        let end = until[value as usize];
        for source in sources.get(&value).into_iter().flatten() {
            if until[*source as usize] < end {
                until[*source as usize] = end;
                unsettled.push(*source);
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
        let Survey {
            blocked,
            hopeless,
            bare,
        } = self.survey(window, config);
        if hopeless {
            return Choices {
                discharge: false,
                places: M::empty(window.timeline.slot_count),
            };
        }
        let due = window.due();
        let (state, position) = (config.state, config.position);
        self.equals.begin();
        let mut places = window.pending(config);
        let mut rest = places.clone();
        while let Some(slot) = rest.pop() {
            let operation = window.operation(slot);
            let deed = self.deed(operation);
            let is_wanted = |value: u32| self.values[value as usize].wanted == self.turn;
            let hides = self.has_swaps && bare > 0;
            let tries = match deed.kind {
                Kind::Write if operation == due => true,
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
        let mut others = window.pending(config);
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
