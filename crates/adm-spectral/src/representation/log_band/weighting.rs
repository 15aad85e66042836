//! The A-weighting: how loud the ear finds a frequency (IEC 61672-1:2013, annex E).

/// The corners of the curve in Hz.
const CORNERS: [f64; 4] = [20.598_997, 107.652_65, 737.862_23, 12_194.217];

/// The gain at a frequency in Hz, 1 at 1 kHz.
pub fn a_weight(hz: f64) -> f64 {
    unscaled(hz) / unscaled(1_000.0)
}

fn unscaled(hz: f64) -> f64 {
    let square = hz * hz;
    let [one, two, three, four] = CORNERS.map(|corner| corner * corner);
    four * square * square / ((square + one) * ((square + two) * (square + three)).sqrt() * (square + four))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tenths of decades from 1 kHz, and the gain in dB, of the standard's table 3, which is rounded to 0.1 dB.
    const TABLE: [(f64, f64); 10] = [
        (-20.0, -70.4),
        (-15.0, -39.4),
        (-12.0, -26.2),
        (-9.0, -16.1),
        (-6.0, -8.6),
        (-3.0, -3.2),
        (0.0, 0.0),
        (3.0, 1.2),
        (9.0, -1.1),
        (12.0, -6.6),
    ];

    #[test]
    fn gains_are_the_standard_s() {
        for (tenths, decibels) in TABLE {
            let hz = 1_000.0 * 10f64.powf(tenths / 10.0);
            let gain = 20.0 * a_weight(hz).log10();
            assert!((gain - decibels).abs() < 0.06, "{hz} Hz: {gain:.2} dB, the table has {decibels}");
        }
        assert_eq!(a_weight(0.0), 0.0);
    }
}
