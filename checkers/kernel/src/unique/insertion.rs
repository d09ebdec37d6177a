//! Puts failed swaps into an order of the other operations: where the value is another.

use crate::insertion;
use crate::search::View;
use crate::timeline::{Malformed, Operations};

/// Returns an order with failed swaps put in; or None.
pub fn insert(
    operations: &Operations,
    view: &View,
    base: &[u32],
    idle: &[u32],
) -> Result<Option<Vec<u32>>, Malformed> {
    let values = Values::new(operations, view, base);
    insertion::insert(operations, base, idle, |operation, gap| {
        let class = operations.classes[operation as usize] as usize;
        values.other(view.a[class], gap)
    })
}

/// The value in each gap of an order.
struct Values {
    value: Vec<u32>,
    /// By gap: the next one where the value is another.
    change: Vec<u32>,
}

impl Values {
    fn new(operations: &Operations, view: &View, base: &[u32]) -> Self {
        let mut value = vec![0];
        for operation in base {
            let class = operations.classes[*operation as usize];
            let before = value[value.len() - 1];
            value.push(view.after(before, class).expect("the order is legal"));
        }
        let mut change = vec![value.len() as u32; value.len()];
        for gap in (0..value.len() - 1).rev() {
            let differs = value[gap] != value[gap + 1];
            change[gap] = if differs {
                gap as u32 + 1
            } else {
                change[gap + 1]
            };
        }
        Values { value, change }
    }

    /// The first gap from one on where the value is another.
    fn other(&self, value: u32, gap: u32) -> u32 {
        if self.value[gap as usize] == value {
            self.change[gap as usize]
        } else {
            gap
        }
    }
}
