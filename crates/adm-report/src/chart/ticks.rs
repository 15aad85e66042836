//! Round numbers for axes.

/// About `count` round numbers, 1, 2 or 5 times a power of ten apart, within a range.
pub(crate) fn linear(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = round_up((high - low) / count.max(1) as f64);
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    // Steps too small for the numbers they separate would never end.
    if !(last - first).is_finite() || last - first > 10.0 * count as f64 {
        return vec![low, high];
    }
    // Rounding may carry an outer tick past the end.
    (0..=(last - first) as u32).map(|number| ((first + f64::from(number)) * step).clamp(low, high)).collect()
}

/// Powers of ten within a range of logarithms, thinned to about `count`; with their 2- and 5-fold where those are few,
/// and round numbers where even these are. Returns logarithms.
pub(crate) fn logarithmic(low: f64, high: f64, count: usize) -> Vec<f64> {
    let (first, last) = (low.ceil() as i32, high.floor() as i32);
    let stride = usize::max((last - first).max(0) as usize / count.max(1) + 1, 1);
    let powers: Vec<f64> = (first..=last).step_by(stride).map(f64::from).collect();
    if powers.len() >= 3 {
        return powers;
    }
    let within = |tick: &f64| (low..=high).contains(tick);
    let folds: Vec<f64> = (first - 1..=last + 1)
        .flat_map(|power| [1.0f64, 2.0, 5.0].map(|fold| fold.log10() + f64::from(power)))
        .filter(within)
        .collect();
    match folds.len() >= 3 {
        true => folds,
        false => linear(10f64.powf(low), 10f64.powf(high), count).into_iter().map(f64::log10).filter(within).collect(),
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_up(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let fold = [1.0, 2.0, 5.0].into_iter().find(|fold| fold * power >= step * (1.0 - 1e-9)).unwrap_or(10.0);
    fold * power
}

/// A number as a reader writes it: `0.05`, `12k`, `3M`, `2e-7`.
pub(crate) fn label(value: f64) -> String {
    let size = value.abs();
    match size {
        0.0 => "0".to_owned(),
        1e-4..1e4 => significant(value, ""),
        1e4..1e6 => significant(value / 1e3, "k"),
        1e6..1e9 => significant(value / 1e6, "M"),
        _ => match format!("{value:.4e}").split_once('e') {
            Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa)),
            None => value.to_string(),
        },
    }
}

/// Five significant digits without trailing zeros.
fn significant(value: f64, unit: &str) -> String {
    let digits = (4.0 - value.abs().log10().floor()).clamp(0.0, 8.0) as usize;
    format!("{}{unit}", trimmed(&format!("{value:.digits$}")))
}

/// The same number without zeros at its end, and with a true minus sign.
fn trimmed(number: &str) -> String {
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    number.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(linear(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(linear(-3.0, 12_000.0, 4), [0.0, 5_000.0, 10_000.0]);
        for (low, high) in [(1e-9, 3e-9), (-5.0, -4.9), (1e12, 1.1e12), (7.0, 7.0 + 1e-14)] {
            let ticks = linear(low, high, 5);
            assert!(
                (1..=50).contains(&ticks.len()) && ticks.iter().all(|tick| (low..=high).contains(tick)),
                "{ticks:?}"
            );
        }
    }

    #[test]
    fn logarithmic_ticks_are_powers_or_round_numbers() {
        assert_eq!(logarithmic(-3.2, 1.1, 6), [-3.0, -2.0, -1.0, 0.0, 1.0]);
        assert_eq!(logarithmic(-12.0, 0.0, 4), [-12.0, -8.0, -4.0, 0.0]);
        let labels = |low: f64, high: f64| {
            logarithmic(low.log10(), high.log10(), 5).iter().map(|tick| label(10f64.powf(*tick))).collect::<Vec<_>>()
        };
        assert_eq!(labels(0.15, 3.0), ["0.2", "0.5", "1", "2"]);
        assert_eq!(labels(0.61, 0.93), ["0.7", "0.8", "0.9"]);
    }

    #[test]
    fn labels_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.6000000000000001, "0.6"),
            (-0.05, "−0.05"),
            (1234.5678, "1234.6"),
            (20_000.0, "20k"),
            (2.5e6, "2.5M"),
            (2e-7, "2e-7"),
            (-1.5e-9, "−1.5e-9"),
            (3e12, "3e12"),
        ] {
            assert_eq!(label(value), text);
        }
    }
}
