//! The power at every pixel of one channel.

use super::{FrequencyAxis, PictureConfig, Sound};
use crate::error::SpectralError;
use crate::scratch::Scratch;
use crate::stft::Stft;

/// Frames that are transformed at a time.
const BLOCK: usize = 16;

/// Powers `[height, width]` of one channel, highest frequency first; a full-scale sine has the power 1.
pub(super) fn pane(
    sound: &Sound<'_>,
    channel: usize,
    height: usize,
    config: &PictureConfig,
    scratch: &mut Scratch,
) -> Result<Vec<f32>, SpectralError> {
    let columns = columns(sound, channel, config, scratch)?;
    let mut pane = vec![0.0; height * config.width];
    for (row, span) in pane.chunks_exact_mut(config.width).rev().zip(spans(height, sound, config)) {
        for (pixel, column) in row.iter_mut().zip(columns.chunks_exact(config.bins)) {
            *pixel = over(column, span);
        }
    }
    Ok(pane)
}

/// Mean powers `[width, bins]` of the frames that fall on each column of pixels.
fn columns(
    sound: &Sound<'_>,
    channel: usize,
    config: &PictureConfig,
    scratch: &mut Scratch,
) -> Result<Vec<f32>, SpectralError> {
    let (width, bins, length) = (config.width, config.bins, sound.samples.len() / sound.channels);
    // At least a frame a column, and no sample unseen between two frames.
    let hop = (length / width).clamp(1, bins / 2);
    let frames = length.div_ceil(hop);
    let stft = Stft::new(bins, hop, hop * (BLOCK - 1))?;
    let (mut sums, mut counts) = (vec![0.0; width * bins], vec![0.0f32; width]);
    let mut planes = (vec![0.0; bins * BLOCK], vec![0.0; bins * BLOCK]);
    for first in (0..frames).step_by(BLOCK) {
        let start = first * hop;
        let (from, lead) = (start.saturating_sub(bins), bins.saturating_sub(start));
        let samples = sound.samples[from * sound.channels + channel..].iter().step_by(sound.channels).copied();
        stft.analyse_samples(lead, samples, &mut planes.0, &mut planes.1, scratch);
        for frame in first..frames.min(first + BLOCK) {
            for column in frame * width / frames..((frame + 1) * width / frames).max(frame * width / frames + 1) {
                counts[column] += 1.0;
                add(&planes, frame - first, &mut sums[column * bins..][..bins]);
            }
        }
    }
    // A full-scale sine's peak is half the sum of the window's weights: a quarter of the FFT size, half the bins.
    let full_scale = (bins as f32 / 2.0).powi(2);
    for (column, count) in sums.chunks_exact_mut(bins).zip(counts) {
        column.iter_mut().for_each(|sum| *sum /= count.max(1.0) * full_scale);
    }
    Ok(sums)
}

/// Adds one frame's powers.
fn add(planes: &(Vec<f32>, Vec<f32>), frame: usize, sums: &mut [f32]) {
    let (real, imaginary) = (planes.0.chunks_exact(BLOCK), planes.1.chunks_exact(BLOCK));
    for (bin, (sum, (real, imaginary))) in sums.iter_mut().zip(real.zip(imaginary)).enumerate() {
        // The first bin's imaginary part is another bin's.
        let imaginary = if bin == 0 { 0.0 } else { imaginary[frame] };
        *sum += real[frame] * real[frame] + imaginary * imaginary;
    }
}

/// The bins, lowest and highest, that each row of pixels covers, from the bottom up.
fn spans(height: usize, sound: &Sound<'_>, config: &PictureConfig) -> impl Iterator<Item = (f32, f32)> {
    let nyquist = sound.rate.hz() as f32 / 2.0;
    let (axis, lowest, bins) = (config.axis, config.lowest_hz / nyquist, config.bins as f32);
    let bin_at = move |edge: usize| match (axis, edge as f32 / height as f32) {
        (FrequencyAxis::Linear, up) => up * bins,
        (FrequencyAxis::Logarithmic, up) => lowest.powf(1.0 - up) * bins,
    };
    (0..height).map(move |row| (bin_at(row), bin_at(row + 1)))
}

/// The mean power over a span of bins, or, within one bin, on the straight line between its neighbours.
fn over(column: &[f32], (low, high): (f32, f32)) -> f32 {
    let last = column.len() - 1;
    let at = |bin: f32| column[(bin as usize).min(last)];
    if high - low < 1.0 {
        let middle = 0.5 * (low + high);
        let above = middle.fract();
        return at(middle) * (1.0 - above) + at(middle + 1.0) * above;
    }
    let (first, end) = ((low.round() as usize).min(last), (high.round() as usize).clamp(1, last + 1));
    let span = &column[first..end.max(first + 1)];
    span.iter().sum::<f32>() / span.len() as f32
}
