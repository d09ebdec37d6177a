//! When operations may take effect: their openings and returns in one sequence.

/// The return of an operation that may take effect at any later time, or never.
pub const OPEN: u32 = u32::MAX;

/// No operation.
pub const NONE: u32 = u32::MAX;

/// Why arrays are no history; for the caller who made them.
#[derive(Debug, PartialEq)]
pub struct Malformed(pub &'static str);

/// The largest table to make for numbers that so many things have, before it must be an
/// error that they are so large. They need not be dense.
pub fn most_numbers(things: usize) -> usize {
    (64 * things).max(1 << 20)
}

/// The operations of a problem as the caller has them, an array a field.
///
/// An operation `a` precedes `b` if `returns[a] < openings[b]`, or, if processes are
/// given, if `returns[a] < calls[b]` and both are of one process. Operations are
/// numbered by call. Openings are calls where real time counts in full, and earlier
/// where it counts for less.
#[derive(Clone, Copy)]
pub struct Operations<'a> {
    pub openings: &'a [u32],
    pub calls: &'a [u32],
    pub returns: &'a [u32],
    /// Empty if real time implies the order of a process.
    pub processes: &'a [u32],
    pub classes: &'a [u32],
}

impl Operations<'_> {
    pub fn count(&self) -> usize {
        self.calls.len()
    }

    /// Says what is wrong with the arrays, if anything is.
    pub fn validate(&self, class_count: usize) -> Result<(), Malformed> {
        let count = self.count();
        if count >= (u32::MAX / 4) as usize {
            return Err(Malformed("too many operations"));
        }
        let lengths = [self.openings.len(), self.returns.len(), self.classes.len()];
        if lengths.iter().any(|length| *length != count)
            || !(self.processes.is_empty() || self.processes.len() == count)
        {
            return Err(Malformed("arrays of operations differ in length"));
        }
        if self.classes.iter().any(|c| *c as usize >= class_count) {
            return Err(Malformed("a class is out of range"));
        }
        if self.calls.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Malformed("calls do not ascend"));
        }
        if self.openings.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(Malformed("openings descend"));
        }
        let limit = 2 * count as u32;
        for operation in 0..count {
            let (call, end) = (self.calls[operation], self.returns[operation]);
            if call >= limit || self.openings[operation] > call {
                return Err(Malformed("a call or an opening is out of range"));
            }
            if end <= call || (end >= limit && end != OPEN) {
                return Err(Malformed("a return is out of range"));
            }
        }
        Ok(())
    }

    /// The operation that returns at each position, or `NONE`.
    pub fn returning(&self) -> Result<Vec<u32>, Malformed> {
        let mut returning = vec![NONE; 2 * self.count()];
        for (operation, end) in self.returns.iter().enumerate() {
            if *end != OPEN {
                let place = &mut returning[*end as usize];
                if *place != NONE {
                    return Err(Malformed("two operations return at once"));
                }
                *place = operation as u32;
            }
        }
        Ok(returning)
    }

    /// The calls and returns in their order: operations, and whether they return.
    pub fn events(&self) -> impl Iterator<Item = (u32, bool)> {
        let mut events = vec![NONE; 2 * self.count()];
        for (operation, end) in self.returns.iter().enumerate() {
            events[self.calls[operation] as usize] = (operation as u32) << 1;
            if *end != OPEN {
                events[*end as usize] = (operation as u32) << 1 | 1;
            }
        }
        let events = events.into_iter().filter(|event| *event != NONE);
        events.map(|event| (event >> 1, event & 1 == 1))
    }

    /// A number larger than that of any process.
    pub fn process_count(&self) -> usize {
        let most = self.processes.iter().max();
        most.map_or(0, |most| *most as usize + 1)
    }

    /// The operations of each process, by number; processes by their first operation.
    pub fn by_process(&self) -> Result<Vec<Vec<u32>>, Malformed> {
        let count = self.process_count();
        if count > most_numbers(self.count()) {
            return Err(Malformed("processes are not numbered densely"));
        }
        let mut processes: Vec<Vec<u32>> = Vec::new();
        let mut number = vec![NONE; count];
        let mut last_return = vec![0; count];
        for (operation, process) in self.processes.iter().enumerate() {
            let (place, last) = (
                &mut number[*process as usize],
                &mut last_return[*process as usize],
            );
            if *place == NONE {
                *place = processes.len() as u32;
                processes.push(Vec::new());
            }
            if *last > self.calls[operation] {
                return Err(Malformed("a process has two operations at once"));
            }
            if self.returns[operation] != OPEN {
                *last = self.returns[operation];
            }
            processes[*place as usize].push(operation as u32);
        }
        Ok(processes)
    }
}

/// An event: an operation opens, or it returns.
#[derive(Clone, Copy)]
pub struct Event(u32);

impl Event {
    fn opening(operation: u32) -> Self {
        Event(operation << 1)
    }

    fn returning(operation: u32) -> Self {
        Event(operation << 1 | 1)
    }

    #[inline(always)]
    pub fn operation(self) -> u32 {
        self.0 >> 1
    }

    #[inline(always)]
    pub fn is_return(self) -> bool {
        self.0 & 1 == 1
    }
}

/// What operations of a class may do to a state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Nature {
    /// They change the state in no state where they are legal.
    Pure,
    /// They are legal in every state, and what comes of it does not depend on it.
    Blind,
    Acting,
}

/// What a search needs to know of an operation at every turn, in one place.
#[derive(Clone, Copy)]
pub struct Span {
    /// Its place in a mask, its own between its opening and its return.
    pub slot: u32,
    /// Position of the return among the events, or `OPEN`.
    pub end: u32,
    pub class: u32,
    pub nature: Nature,
}

impl Span {
    pub fn is_pure(&self) -> bool {
        self.nature == Nature::Pure
    }

    /// Whether the operation returned.
    pub fn returns(&self) -> bool {
        self.end != OPEN
    }
}

/// A history as events. Processes do not count: it is for real time.
pub struct Timeline {
    pub events: Vec<Event>,
    pub spans: Vec<Span>,
    pub slot_count: usize,
}

impl Timeline {
    /// Lays out operations; open ones that are pure are left out, as they say nothing.
    pub fn new(operations: &Operations, natures: &[Nature]) -> Result<Self, Malformed> {
        let returning = operations.returning()?;
        let count = operations.count();
        let mut spans: Vec<Span> = (0..count)
            .map(|i| Span {
                slot: 0,
                end: OPEN,
                class: operations.classes[i],
                nature: natures[operations.classes[i] as usize],
            })
            .collect();
        let mut events = Vec::with_capacity(2 * count);
        let mut slots = Slots::default();
        let mut next = 0;
        for (position, returns) in returning.iter().chain([&NONE]).enumerate() {
            while next < count && operations.openings[next] as usize <= position {
                let open = operations.returns[next] == OPEN;
                if !(open && spans[next].is_pure()) {
                    spans[next].slot = slots.take();
                    events.push(Event::opening(next as u32));
                }
                next += 1;
            }
            if *returns != NONE {
                if *returns as usize >= next {
                    return Err(Malformed("an operation returns before it opens"));
                }
                let span = &mut spans[*returns as usize];
                span.end = events.len() as u32;
                slots.give_back(span.slot);
                events.push(Event::returning(*returns));
            }
        }
        Ok(Timeline {
            events,
            spans,
            slot_count: slots.count as usize,
        })
    }

    #[inline(always)]
    pub fn end(&self) -> u32 {
        self.events.len() as u32
    }

    #[inline(always)]
    pub fn span(&self, operation: u32) -> &Span {
        &self.spans[operation as usize]
    }
}

/// Hands out the least free number.
#[derive(Default)]
struct Slots {
    /// A bit for each number that was given back, 64 a word.
    free: Vec<u64>,
    count: u32,
}

impl Slots {
    fn take(&mut self) -> u32 {
        for (word, at) in self.free.iter_mut().zip(0..) {
            if *word != 0 {
                let bit = word.trailing_zeros();
                *word &= *word - 1;
                return at << 6 | bit;
            }
        }
        self.count += 1;
        self.free.resize(self.count.div_ceil(64) as usize, 0);
        self.count - 1
    }

    fn give_back(&mut self, slot: u32) {
        self.free[slot as usize >> 6] |= 1 << (slot & 63);
    }
}
