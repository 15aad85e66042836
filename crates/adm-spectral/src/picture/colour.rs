//! Colours from quiet to loud.

/// Colours from quiet to loud. Their lightness grows evenly, so a louder point is a lighter one on any screen and to
/// any eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourMap {
    /// Black over violet and orange to pale yellow.
    #[default]
    Magma,
    /// Violet over teal to yellow.
    Viridis,
}

/// A few colours near matplotlib's map of that name, at even steps; those between lie on straight lines.
const MAGMA: [[u8; 3]; 9] = [
    [0, 0, 4],
    [28, 16, 68],
    [80, 18, 124],
    [130, 37, 129],
    [182, 54, 122],
    [230, 81, 100],
    [252, 137, 97],
    [254, 196, 138],
    [252, 253, 191],
];

const VIRIDIS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 45, 123],
    [59, 82, 139],
    [44, 114, 142],
    [33, 145, 140],
    [40, 174, 128],
    [94, 201, 98],
    [173, 220, 48],
    [253, 231, 37],
];

impl ColourMap {
    /// The colour, red, green and blue, at `level` of `levels` even steps (at least 2), 0 being the quietest.
    pub(super) fn colour(self, level: usize, levels: usize) -> [u8; 3] {
        let table = match self {
            Self::Magma => &MAGMA,
            Self::Viridis => &VIRIDIS,
        };
        let position = level.min(levels - 1) as f32 * (table.len() - 1) as f32 / (levels - 1) as f32;
        let below = (position as usize).min(table.len() - 2);
        let between = |part: usize| {
            let (from, to) = (f32::from(table[below][part]), f32::from(table[below + 1][part]));
            (from + (to - from) * (position - below as f32)).round() as u8
        };
        [between(0), between(1), between(2)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE lightness of an sRGB colour, 0 to 100.
    fn lightness(colour: [u8; 3]) -> f32 {
        let linear = |part: u8| (f32::from(part) / 255.0).powf(2.2);
        let luminance = 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
        if luminance < 0.008_856 { 903.3 * luminance } else { 116.0 * luminance.cbrt() - 16.0 }
    }

    #[test]
    fn lightness_grows_evenly() {
        for map in [ColourMap::Magma, ColourMap::Viridis] {
            let lightness: Vec<f32> = (0..=16).map(|level| lightness(map.colour(level, 17))).collect();
            let even = (lightness[16] - lightness[0]) / 16.0;
            for step in lightness.windows(2) {
                let step = step[1] - step[0];
                assert!(step > 0.2 * even && step < 1.75 * even, "{map:?}: {lightness:?}");
            }
        }
    }

    #[test]
    fn the_ends_are_the_table_s() {
        assert_eq!(ColourMap::Magma.colour(0, 255), MAGMA[0]);
        assert_eq!(ColourMap::Viridis.colour(254, 255), VIRIDIS[8]);
        assert_eq!(ColourMap::Viridis.colour(9_999, 255), VIRIDIS[8]);
    }
}
