//! Buffers that a thread keeps from one operation to the next.

use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Does work on a buffer of this length that holds anything. Calls may be nested, each with a buffer of its own.
pub(super) fn with_buffer<T>(length: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let mut buffer = KEPT.with_borrow_mut(Vec::pop).unwrap_or_default();
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    let result = work(&mut buffer[..length]);
    KEPT.with_borrow_mut(|kept| kept.push(buffer));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_buffers_are_apart_and_outer_ones_come_back() {
        with_buffer(4, |outer| {
            outer.fill(1.0);
            with_buffer(8, |inner| inner.fill(2.0));
            assert_eq!(outer, [1.0; 4]);
        });
        with_buffer(2, |buffer| assert_eq!(buffer.len(), 2));
    }
}
