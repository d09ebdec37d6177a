//! Holds every algorithm against brute force on random histories.
//!
//! `KERNEL_HISTORIES` sets how many are drawn a test, `KERNEL_SEED` where they begin. A
//! failure names its seed, which draws the same history again.

mod brute;
mod decide;
mod draw;
mod polynomial;
mod searches;
mod threads;
mod unique;

/// The number of histories a test draws, unless the environment says another.
fn histories(default: u64) -> u64 {
    number("KERNEL_HISTORIES").unwrap_or(default)
}

/// The seeds of a test, one a history.
fn seeds(default: u64) -> std::ops::Range<u64> {
    let first = number("KERNEL_SEED").unwrap_or(1);
    first..first + histories(default)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
