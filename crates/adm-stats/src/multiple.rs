//! Several tests at once.

use crate::{Result, check};

/// Holm's step-down correction (1979): corrected p-values in the given order. Rejecting where one is ≤ alpha keeps the
/// chance of any false rejection at or below alpha, whatever the dependence.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for a p-value outside [0, 1]. No p-values give none back.
pub fn holm(p: &[f64]) -> Result<Vec<f64>> {
    let order = ascending(p)?;
    let mut corrected = vec![0.0; p.len()];
    let mut worst = 0.0f64;
    for (rank, &place) in order.iter().enumerate() {
        worst = worst.max((p.len() - rank) as f64 * p[place]).min(1.0);
        corrected[place] = worst;
    }
    Ok(corrected)
}

fn ascending(p: &[f64]) -> Result<Vec<usize>> {
    p.iter().try_for_each(|value| check::unit("p", *value))?;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    Ok(order)
}
