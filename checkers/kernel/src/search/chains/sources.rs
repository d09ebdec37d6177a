//! Who makes and who seeks which value of a register, along chains.
//!
//! Two reductions rest on that:
//!
//! * *Idle writes.* A write of a value that nobody ever sees, over a value that nobody
//!   seeks any more, changes nothing for anyone, and is placed at once. Not so if a failed
//!   swap of the register may have to be saved from some value by any write.
//! * *Lookahead.* A value that is made once is there until the next write, and those who
//!   have seen it must come before. If they cannot all be there, because one is far behind
//!   in its chain, the write has to wait, and a search that does not know will try all else
//!   that can be done after it. So a write is not tried that takes away a value which an
//!   operation that must come wants to find, if nothing can make that value again: nothing
//!   in another chain, nothing before that operation in its own, and nothing open.

use super::layout::Layout;
use crate::search::mask::Mask;
use crate::search::register::Kind;
use crate::search::registers::Registers;

/// Places in chains, ascending.
#[derive(Clone, Default)]
struct Places(Vec<(u32, Vec<u32>)>);

impl Places {
    /// Adds a place in a chain, behind all others; chains come in their order.
    fn push(&mut self, chain: u32, place: u32) {
        match self.0.last_mut() {
            Some((last, places)) if *last == chain => places.push(place),
            _ => self.0.push((chain, vec![place])),
        }
    }

    /// The chains where there is one that is not behind, and the first of these.
    fn ahead<'p>(&'p self, placed: &'p [u32]) -> impl Iterator<Item = (u32, u32)> + 'p {
        self.0.iter().filter_map(|(chain, places)| {
            let front = placed[*chain as usize];
            if places[places.len() - 1] < front {
                return None;
            }
            let next = places.partition_point(|place| *place < front);
            Some((*chain, places[next]))
        })
    }
}

/// One value of one register.
struct Value<M> {
    makers: Places,
    seekers: Places,
    /// The open operations that make it, and those that need it.
    open_makers: M,
    open_seekers: M,
}

impl<M: Mask> Value<M> {
    fn has_seekers(&self) -> bool {
        !self.seekers.0.is_empty() || !self.open_seekers.is_empty()
    }

    /// Whether someone may still have to find it, or do something with it.
    fn is_sought(&self, placed: &[u32], used: &M) -> bool {
        !self.open_seekers.is_subset(used) || self.seekers.ahead(placed).next().is_some()
    }

    /// Whether all that seek it may find it, although it is not there.
    fn can_be_found(&self, placed: &[u32], used: &M) -> bool {
        if !self.open_makers.is_subset(used) {
            return true;
        }
        let mut makers = self.makers.ahead(placed);
        let first = makers.next();
        if makers.next().is_some() {
            return true;
        }
        let finds = |(chain, place): (u32, u32)| match first {
            None => false,
            Some((maker, made)) => maker != chain || made < place,
        };
        self.seekers.ahead(placed).all(finds)
    }
}

/// The values of the registers that a problem is about.
pub struct Sources<M> {
    values: Vec<Value<M>>,
    /// By class: the first number of the values of its key; and the value that it makes.
    first: Vec<u32>,
    made: Vec<Option<u32>>,
    /// By class: whether it writes a value that nobody ever sees, to a register without
    /// failed swaps.
    unseen: Vec<bool>,
}

impl<M: Mask> Sources<M> {
    pub fn new(layout: &Layout, registers: &Registers) -> Self {
        let view = &registers.view;
        let classes = 0..view.kinds.len();
        let (first, count) = registers.value_numbers();
        let value = || Value {
            makers: Places::default(),
            seekers: Places::default(),
            open_makers: M::empty(layout.bits),
            open_seekers: M::empty(layout.bits),
        };
        let made = |class: usize| match view.kinds[class] {
            Kind::Write => Some(view.a[class]),
            Kind::Swap => Some(view.b[class]),
            Kind::Read | Kind::Differs => None,
        };
        let mut sources = Sources {
            values: (0..count).map(|_| value()).collect(),
            first: classes
                .clone()
                .map(|class| first[registers.key(class) as usize])
                .collect(),
            made: classes.clone().map(made).collect(),
            unseen: Vec::new(),
        };
        let seeks = |class: usize| matches!(view.kinds[class], Kind::Read | Kind::Swap);
        for (chain, links) in layout.chains.iter().enumerate() {
            for (place, link) in links.iter().enumerate() {
                let class = link.class as usize;
                if seeks(class) {
                    let sought = sources.value(class, view.a[class]);
                    sought.seekers.push(chain as u32, place as u32);
                }
                if let Some(made) = sources.made[class] {
                    let value = sources.value(class, made);
                    value.makers.push(chain as u32, place as u32);
                }
            }
        }
        for loose in &layout.loose {
            let class = loose.class as usize;
            if let Some(made) = sources.made[class] {
                sources
                    .value(class, made)
                    .open_makers
                    .insert(loose.bit as usize);
            }
            if view.kinds[class] == Kind::Swap {
                let sought = sources.value(class, view.a[class]);
                sought.open_seekers.insert(loose.bit as usize);
            }
        }
        let mut watched = vec![false; registers.key_count];
        classes
            .clone()
            .filter(|class| view.kinds[*class] == Kind::Differs)
            .for_each(|class| {
                watched[registers.key(class) as usize] = true;
            });
        let unseen = |class: usize| {
            view.kinds[class] == Kind::Write
                && !watched[registers.key(class) as usize]
                && !sources.value_of(class, view.a[class]).has_seekers()
        };
        sources.unseen = classes.map(unseen).collect();
        sources
    }

    fn value(&mut self, class: usize, value: u32) -> &mut Value<M> {
        &mut self.values[(self.first[class] + value) as usize]
    }

    fn value_of(&self, class: usize, value: u32) -> &Value<M> {
        &self.values[(self.first[class] + value) as usize]
    }

    /// Whether a write of a value that nobody sees replaces one like that.
    ///
    /// `there` is the value of the register of the class.
    #[inline(always)]
    pub fn is_idle(&self, class: u32, there: u32, placed: &[u32], used: &M) -> bool {
        let class = class as usize;
        self.unseen[class] && !self.value_of(class, there).is_sought(placed, used)
    }

    /// Whether an operation takes away what must be found and cannot come.
    ///
    /// What is placed and used are those after it, the value that is there is that before.
    #[inline(always)]
    pub fn takes_away(&self, class: u32, there: u32, placed: &[u32], used: &M) -> bool {
        let class = class as usize;
        let Some(made) = self.made[class] else {
            return false;
        };
        made != there && !self.value_of(class, there).can_be_found(placed, used)
    }
}
