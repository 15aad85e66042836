//! How a network does: what held-out rows cost, and whether its own rows go on changing (document 004, section 5.2).

use adm_dataset::{Split, Vectors};
use burn::tensor::{Device, Tensor, TensorData};

use super::{MdnConfig, MixtureConfig, Network, RowBatch, Series, Standard, Stretches, loss};

/// What is left of the recorded change where music has come to rest: a twentieth.
const STEADY: f64 = 0.05;

/// How much a row differs from the one before, as the root of the mean square of all columns, averaged over the rows; 0 for one row.
/// In the network's range, where 1 is the deviation of all values.
pub fn change(rows: &Vectors, standard: &Standard) -> f64 {
    let scale = f64::from(standard.deviation);
    if rows.len() < 2 {
        return 0.0;
    }
    let pairs = rows.rows().zip(rows.rows().skip(1));
    let apart = pairs.map(|(before, row)| {
        let squares: f64 = before.iter().zip(row).map(|(a, b)| f64::from(b - a).powi(2)).sum();
        (squares / row.len() as f64).sqrt() / scale
    });
    apart.sum::<f64>() / (rows.len() - 1) as f64
}

/// The means of so many rows each, one after the other; what is left over at the end is left out, and `None` where that is all. Noise that is
/// drawn anew for every row is averaged away, music is not.
pub fn averaged(rows: &Vectors, span: usize) -> Option<Vectors> {
    let columns = rows.columns();
    let mean = |part: &[f32]| -> Vec<f32> {
        let sum = |column: usize| part.iter().skip(column).step_by(columns).sum::<f32>();
        (0..columns).map(|column| sum(column) / span as f32).collect()
    };
    Vectors::new(columns, rows.values().chunks_exact((span * columns).max(1)).flat_map(mean).collect())
}

/// Whether rows have come to rest: in their last quarter, of two rows or more, they change by less than a twentieth of what recorded ones
/// do.
pub fn is_steady(rows: &Vectors, standard: &Standard, recorded_change: f64) -> bool {
    if rows.len() < 2 {
        return false;
    }
    let last = rows.len().div_ceil(4).max(2);
    let values = rows.values()[(rows.len() - last) * rows.columns()..].to_vec();
    Vectors::new(rows.columns(), values).is_some_and(|rows| change(&rows, standard) < STEADY * recorded_change)
}

/// The change of what was learned from, all passages together.
pub(super) fn recorded_change(series: &Series) -> f64 {
    let parts = series.of_split(Split::Train).filter(|rows| rows.len() > 1);
    let weighted = parts.clone().map(|rows| change(rows, series.standard()) * (rows.len() - 1) as f64);
    weighted.sum::<f64>() / parts.map(|rows| rows.len() - 1).sum::<usize>().max(1) as f64
}

/// What foretelling a split costs, as [`loss`] counts it, over stretches from all of it; `None` where it has too few rows.
pub fn held_out_loss(
    network: &Network,
    series: &Series,
    split: Split,
    config: &MdnConfig,
    device: &Device,
) -> Option<f64> {
    let batch = Stretches::all_over(series, split, config)?;
    let value = batch_loss(network, &batch, config, device).into_data().iter::<f64>().sum();
    Some(value)
}

/// How wide a guess is that costs so much: the deviation of a Gaussian as sure as it, or with regression the root of the mean square
/// error, × 1,000, where 1,000 is the deviation of all values: knowing nothing but their mean. Whatever the columns and the mixture.
pub fn doubt(loss: f64, columns: usize, config: &MixtureConfig) -> f64 {
    let of_value = loss / columns as f64;
    let width = match config.components {
        0 => of_value.sqrt(),
        // A Gaussian's entropy is the logarithm of its deviation, and this.
        _ => (of_value - 0.5 * (std::f64::consts::TAU * std::f64::consts::E).ln()).exp(),
    };
    1e3 * width
}

/// What foretelling a batch costs, its first rows only heard.
pub(super) fn batch_loss(network: &Network, batch: &RowBatch, config: &MdnConfig, device: &Device) -> Tensor<1> {
    let [count, steps, _] = batch.shape;
    let rows = |values: &[f32]| Tensor::<3>::from_data(TensorData::new(values.to_vec(), batch.shape), device);
    let (heard, targets) = (rows(&batch.heard), rows(&batch.targets));
    let weights = Tensor::<2>::from_data(TensorData::new(batch.weights.clone(), [count, steps]), device);
    let (warm, counted) = (config.training.warm_up, config.training.time_steps);
    let state = (warm > 0).then(|| {
        let (_, state) = network.forward(heard.clone().narrow(1, 0, warm), None);
        state.into_iter().map(crate::nn::LstmState::detach).collect()
    });
    let (outputs, _) = network.forward(heard.narrow(1, warm, counted), state);
    loss(outputs, targets.narrow(1, warm, counted), weights.narrow(1, warm, counted), &config.mixture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_is_the_deviation_of_a_gaussian_as_sure() {
        let mixture = MixtureConfig { components: 3, narrowest: 0.02 };
        for (columns, deviation) in [(1, 1.0f64), (100, 0.2), (8, 0.012)] {
            // The mean negative log-likelihood of what such a Gaussian gives.
            let entropy = deviation.ln() + 0.5 * std::f64::consts::TAU.ln() + 0.5;
            assert!((doubt(entropy * columns as f64, columns, &mixture) / (1e3 * deviation) - 1.0).abs() < 1e-9);
            let regression = MixtureConfig { components: 0, ..mixture };
            let squares = deviation * deviation * columns as f64;
            assert!((doubt(squares, columns, &regression) / (1e3 * deviation) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn averages_are_of_whole_spans() {
        let rows = Vectors::new(2, (0..14).map(|at| at as f32).collect()).unwrap();
        let averaged_rows = averaged(&rows, 3).unwrap();
        assert_eq!(averaged_rows, Vectors::new(2, vec![2.0, 3.0, 8.0, 9.0]).unwrap());
        assert_eq!(averaged(&rows, 8), None);
    }

    #[test]
    fn change_is_the_step_from_row_to_row() {
        let standard = Standard { means: vec![0.0, 0.0], deviation: 2.0 };
        let rows = |values: &[f32]| Vectors::new(2, values.to_vec()).unwrap();
        // Steps of (2, 2) and (0, 0).
        assert!((change(&rows(&[0.0, 0.0, 2.0, 2.0, 2.0, 2.0]), &standard) - 0.5).abs() < 1e-12);
        assert_eq!(change(&rows(&[1.0, 2.0]), &standard), 0.0);
        assert!(!is_steady(&rows(&[1.0, 2.0]), &standard, 1.0), "one row neither moves nor rests");
        let alive: Vec<f32> = (0..80).map(|at| (at % 4) as f32).collect();
        let recorded = change(&rows(&alive), &standard);
        assert!(!is_steady(&rows(&alive), &standard, recorded));
        let mut dying = alive.clone();
        dying[40..].fill(0.5);
        assert!(is_steady(&rows(&dying), &standard, recorded));
        // It may rest, if it goes on.
        dying[70..].copy_from_slice(&alive[70..]);
        assert!(!is_steady(&rows(&dying), &standard, recorded));
    }
}
