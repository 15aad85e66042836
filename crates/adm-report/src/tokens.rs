//! The order of tokens as a picture: sixteen bars a row, a cell a beat, coloured by token.
//!
//! Tokens of one class share a hue and differ in lightness, so that the roles of beats show from afar and the beats
//! themselves from near. Bars are parted by a gap, recordings and places where beats are missing by an empty row.

use crate::raster::Raster;

/// Cells of a row: sixteen bars.
const COLUMNS: usize = 64;
/// Pixels of a cell, and between bars, rows, and around.
const CELL: (usize, usize) = (16, 20);
const BAR_GAP: usize = 4;
const ROW_GAP: usize = 4;
const MARGIN: usize = 12;
/// Beats in a bar, as an index.
const BAR: usize = adm_core::BEATS_PER_BAR as usize;
/// Most rows of a picture: an hour and a half at 130 BPM.
const MOST_ROWS: usize = 200;

const PAPER: [u8; 3] = [252, 252, 250];

/// One beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenCell {
    /// Its token.
    pub token: u32,
    /// The class of its token.
    pub class: u32,
}

/// The picture of some stretches of beats, each with its first beat's place in the bar (0 to 3), as the bytes of a PNG; of
/// the first 200 rows where there are more. `None` where there is nothing to draw.
pub fn token_picture(stretches: &[(usize, Vec<TokenCell>)]) -> Option<Vec<u8>> {
    let rows = |(start, cells): &(usize, Vec<TokenCell>)| (start % BAR + cells.len()).div_ceil(COLUMNS) + 1;
    let count = stretches.iter().map(rows).sum::<usize>().saturating_sub(1).min(MOST_ROWS);
    if stretches.iter().all(|(_, cells)| cells.is_empty()) {
        return None;
    }
    let width = 2 * MARGIN + COLUMNS * CELL.0 + (COLUMNS / BAR - 1) * BAR_GAP;
    let mut raster = Raster::new(width, 2 * MARGIN + count * (CELL.1 + ROW_GAP), PAPER);
    let mut first = 0;
    for stretch in stretches {
        for (index, cell) in stretch.1.iter().enumerate() {
            let place = stretch.0 % BAR + index;
            let (row, column) = (first + place / COLUMNS, place % COLUMNS);
            if row < count {
                let from = (MARGIN + column * CELL.0 + column / BAR * BAR_GAP, MARGIN + row * (CELL.1 + ROW_GAP));
                raster.fill(from, (from.0 + CELL.0 - 1, from.1 + CELL.1), colour(*cell));
            }
        }
        first += rows(stretch);
    }
    raster.into_png()
}

/// Hues a golden angle apart, so that neighbouring classes are told apart however many there are.
fn colour(TokenCell { token, class }: TokenCell) -> [u8; 3] {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let hue = (f64::from(class) * GOLDEN + 0.58).fract();
    let lightness = 0.38 + 0.34 * (f64::from(token) * GOLDEN).fract();
    let channel = |offset: f64| {
        // HSL with a fixed saturation.
        let k = (offset + 12.0 * hue) % 12.0;
        let spread = 0.62 * lightness.min(1.0 - lightness);
        ((lightness - spread * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0).round() as u8
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(png: &[u8]) -> (u32, u32) {
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[test]
    fn rows_hold_sixteen_bars_and_stretches_are_apart() {
        let cells = |count| vec![TokenCell { token: 1, class: 0 }; count];
        let height = |rows: usize| (2 * MARGIN + rows * (CELL.1 + ROW_GAP)) as u32;
        for (stretches, rows) in [
            (vec![(0, cells(64))], 1),
            (vec![(1, cells(64))], 2),
            (vec![(0, cells(64)), (0, cells(1))], 3),
            (vec![(0, cells(64 * 500))], MOST_ROWS),
        ] {
            let (width, tall) = size(&token_picture(&stretches).unwrap());
            assert_eq!((width, tall), (1_108, height(rows)));
        }
        assert_eq!(token_picture(&[(0, Vec::new())]), None);
    }

    #[test]
    fn tokens_of_a_class_share_a_hue() {
        let strongest = |cell| {
            let colour = colour(cell);
            (0..3).max_by_key(|&channel| colour[channel])
        };
        for class in 0..9 {
            let first = strongest(TokenCell { token: 0, class });
            assert!((1..20).all(|token| strongest(TokenCell { token, class }) == first), "class {class}");
        }
        assert_ne!(colour(TokenCell { token: 0, class: 0 }), colour(TokenCell { token: 0, class: 1 }));
        assert_ne!(colour(TokenCell { token: 0, class: 0 }), colour(TokenCell { token: 1, class: 0 }));
    }
}
