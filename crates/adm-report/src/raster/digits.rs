//! The characters of numbers and times, three points wide and five high.

pub(super) const WIDTH: usize = 3;
pub(super) const HEIGHT: usize = 5;

/// Rows from the top, the leftmost point in the highest of three bits; blank for what is no part of a number.
pub(super) fn glyph(character: char) -> [u8; HEIGHT] {
    const DIGITS: [[u8; HEIGHT]; 10] = [
        [0b111, 0b101, 0b101, 0b101, 0b111],
        [0b010, 0b110, 0b010, 0b010, 0b111],
        [0b111, 0b001, 0b111, 0b100, 0b111],
        [0b111, 0b001, 0b111, 0b001, 0b111],
        [0b101, 0b101, 0b111, 0b001, 0b001],
        [0b111, 0b100, 0b111, 0b001, 0b111],
        [0b111, 0b100, 0b111, 0b101, 0b111],
        [0b111, 0b001, 0b010, 0b010, 0b010],
        [0b111, 0b101, 0b111, 0b101, 0b111],
        [0b111, 0b101, 0b111, 0b001, 0b111],
    ];
    match (character.to_digit(10), character) {
        (Some(digit), _) => DIGITS[digit as usize],
        (None, '.') => [0, 0, 0, 0, 0b010],
        (None, ':') => [0, 0b010, 0, 0b010, 0],
        _ => [0; HEIGHT],
    }
}
