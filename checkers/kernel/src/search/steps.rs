//! States and steps of a data type, as numbers.
//!
//! A step that is not known is asked for once. So a data type that is written in another
//! language costs a call for each pair of a state and a class that occurs, and a search
//! runs at the speed of the kernel.

/// What a step from a state gives where an operation is illegal.
pub const ILLEGAL: i64 = -1;

/// A data type that is asked; None where it could not be, which ends the search.
pub trait Automaton: Send {
    /// Returns the state after an operation of a class, or `ILLEGAL`.
    fn step(&mut self, state: u32, class: u32) -> Option<i64>;

    /// Whether a state may lead to one where an operation of a class is legal.
    fn can_lead(&mut self, state: u32, class: u32) -> Option<bool>;

    /// Whether that is ever false.
    fn looks_ahead(&self) -> bool;

    /// The value, in a state, of the register that operations of a class are about.
    fn part(&self, state: u32, _: u32) -> u32 {
        state
    }
}

/// A data type that answers at once.
pub trait Steps: Send {
    /// Returns the state after an operation of a class; negative if it is illegal.
    fn step(&mut self, state: u32, class: u32) -> i64;

    /// Whether a state may lead to one where an operation of a class is legal.
    fn can_lead(&mut self, _: u32, _: u32) -> bool {
        true
    }

    /// The value, in a state, of the register that operations of a class are about.
    fn part(&self, state: u32, _: u32) -> u32 {
        state
    }

    /// Whether the data type could not be asked; then nothing is known.
    fn failed(&self) -> bool {
        false
    }
}

/// Returns the state after operations of these classes, which are legal.
pub fn run(steps: &mut dyn Steps, classes: impl Iterator<Item = u32>) -> u32 {
    classes.fold(0, |state, class| steps.step(state, class).max(0) as u32)
}

/// A data type that remembers what it was told.
pub struct Told<'a> {
    /// None while another one has it.
    automaton: Option<Box<dyn Automaton + 'a>>,
    steps: Table<i64>,
    leads: Table<bool>,
    failed: bool,
}

impl<'a> Told<'a> {
    pub fn new(automaton: Option<Box<dyn Automaton + 'a>>) -> Self {
        Told {
            automaton,
            steps: Table::new(),
            leads: Table::new(),
            failed: false,
        }
    }

    /// Asks, unless that has failed before.
    fn told<T>(&mut self, ask: impl FnOnce(&mut (dyn Automaton + 'a)) -> Option<T>) -> Option<T> {
        let told = match &mut self.automaton {
            Some(automaton) if !self.failed => ask(&mut **automaton),
            _ => None,
        };
        self.failed |= told.is_none();
        told
    }

    #[cold]
    fn ask(&mut self, at: usize, state: u32, class: u32) -> i64 {
        let is_state = |next: &i64| *next == ILLEGAL || (0..i64::from(u32::MAX)).contains(next);
        let told = self.told(|automaton| automaton.step(state, class).filter(is_state));
        if let Some(next) = told {
            self.steps.set(at, key(state, class), next);
        }
        told.unwrap_or(ILLEGAL)
    }

    #[cold]
    fn ask_ahead(&mut self, at: usize, state: u32, class: u32) -> bool {
        let told = self.told(|automaton| automaton.can_lead(state, class));
        if let Some(leads) = told {
            self.leads.set(at, key(state, class), leads);
        }
        told.unwrap_or(true)
    }
}

impl Steps for Told<'_> {
    #[inline(always)]
    fn step(&mut self, state: u32, class: u32) -> i64 {
        let at = self.steps.find(key(state, class));
        match self.steps.get(at) {
            Some(next) => next,
            None => self.ask(at, state, class),
        }
    }

    fn can_lead(&mut self, state: u32, class: u32) -> bool {
        let at = self.leads.find(key(state, class));
        match self.leads.get(at) {
            Some(leads) => leads,
            None => self.ask_ahead(at, state, class),
        }
    }

    fn part(&self, state: u32, class: u32) -> u32 {
        self.automaton
            .as_ref()
            .map_or(state, |automaton| automaton.part(state, class))
    }

    fn failed(&self) -> bool {
        self.failed
    }
}

const EMPTY: u64 = u64::MAX;

fn key(state: u32, class: u32) -> u64 {
    (u64::from(state) << 32) | u64::from(class)
}

/// What is known by state and class: open addressing.
struct Table<T> {
    cells: Vec<(u64, T)>,
    used: usize,
}

impl<T: Copy + Default> Table<T> {
    fn new() -> Self {
        Table {
            cells: vec![(EMPTY, T::default()); 64],
            used: 0,
        }
    }

    #[inline(always)]
    fn find(&self, key: u64) -> usize {
        let last = self.cells.len() - 1;
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash ^ (hash >> 32)) as usize & last;
        while self.cells[at].0 != key && self.cells[at].0 != EMPTY {
            at = (at + 1) & last;
        }
        at
    }

    #[inline(always)]
    fn get(&self, at: usize) -> Option<T> {
        let (key, value) = self.cells[at];
        (key != EMPTY).then_some(value)
    }

    fn set(&mut self, at: usize, key: u64, value: T) {
        self.cells[at] = (key, value);
        self.used += 1;
        if self.used * 2 > self.cells.len() {
            let larger = vec![(EMPTY, T::default()); self.cells.len() * 2];
            for cell in std::mem::replace(&mut self.cells, larger) {
                if cell.0 != EMPTY {
                    let at = self.find(cell.0);
                    self.cells[at] = cell;
                }
            }
        }
    }
}
