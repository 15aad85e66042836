//! `exponential`: the founding document's third dataset (document 000, section 5.5).
//!
//! A transform of many linear bins (8,192) is pooled into few (256) along the document's curve (see `curve.rs`), real and
//! imaginary parts of both channels. Each linear bin belongs to one band, whose value is the sum of its bins over the root
//! of their number; the document says *shifts and combines*, and its average is that but for a constant a band. With the
//! root the rows of the map have unit length, so its pseudo-inverse is its transpose: every bin gets the band's value
//! back in equal parts.
//!
//! That alone is not the best inverse. A spectrum whose frames overlap as much as these do cannot be any numbers, only
//! those that some signal has; so decoding looks for the signal whose *pooled* spectrum is nearest to the tensor, in the
//! least-squares sense (see `solve.rs`). Its first iteration is the pseudo-inverse and overlap-add at their best loudness.
//!
//! # Why the founding work failed here
//!
//! `cargo run --release -p adm-spectral --example exponential_loss` measures the causes one by one; the page
//! `docs/representations.md` has its table.
//!
//! - *Cancelling.* A library's FFT counts phases from the window's first sample. A sound in the middle of a window, where it
//!   counts most, then turns by half a turn from bin to bin, and bins that are summed cancel: what remains of a wide band is
//!   the window's edges, where it is zero. Of the treble no thousandth of the power is left, and no inverse brings it back.
//!   Counted from the window's middle (`phase = "centre"`, the default here) the same sum is the middle of the window, which is
//!   what one wants of a wide band.
//! - *Gaps.* A band of `w` bins sums to a window of about `16,384 / w` samples. The widest, of 274 bins, see 60 samples every
//!   80: what lies between is gone, and treble stays at 15 dB however long one solves. Twice the frames, or a slope of 8, which narrows the
//!   widest bands, bring it back.
//! - *Smear.* A window of 16,384 samples lasts 0.37 s, most of a beat. Nothing is lost by that as long as every number is
//!   right, but whatever error a network makes in a point is spread over the whole window: kicks ring before they start.
//! - *The inverse.* Spreading and overlapping leaves 15 dB of what least squares gets to 40 dB.
//!
//! `log-frequency` has none of them.

mod pooled;
mod solve;

pub(crate) use solve::SolveScratch;

use super::plane::{self, Plane};
use super::slices::Slices;
use super::{Decoded, MOST_POINTS, Representation, Transform};
use crate::error::{SpectralError, check_range};
use crate::scratch::{Scratch, sized};
use crate::stft::longest_hop;
use crate::tensor::Shape;
use pooled::{Pooled, check_slope};
use serde::{Deserialize, Serialize};
use solve::solve;

/// Where in a window the phases that are summed count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BandPhase {
    /// The window's middle: what sounds there adds up.
    #[default]
    Centre,
    /// The window's first sample, as FFT libraries have it: what sounds in the middle cancels.
    Window,
}

/// Settings of `exponential`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExponentialConfig {
    /// Linear frequencies, 4 to 32,768; the FFT size is twice this. 8,192 by default. More of them make longer windows,
    /// which smear more.
    pub linear_bins: usize,
    /// Bands, 4 to `linear_bins`. 256 by default.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 256 by default.
    pub frames: usize,
    /// The curve's slope `α`, 0 to `linear_bins / bins`: linear bins that each band has at least. 1 by default, the least
    /// with which no band would be narrower than a bin by the curve itself. A larger one makes low bands wider and high
    /// ones narrower, of which more comes back: at 130 BPM and 44,100 Hz 8 gives 68 dB instead of 40.
    pub slope: f32,
    /// Where summed phases count from: `centre` (the default) or `window`, as the founding work must have had it.
    pub phase: BandPhase,
    /// Iterations of the inverse, 1 to 1,000. 20 by default. Each takes as long as an analysis and a synthesis, and brings
    /// the sound nearer; 1 is the pseudo-inverse.
    pub iterations: usize,
}

impl Default for ExponentialConfig {
    fn default() -> Self {
        Self { linear_bins: 8_192, bins: 256, frames: 256, slope: 1.0, phase: BandPhase::Centre, iterations: 20 }
    }
}

/// The representation for slices of one length.
#[derive(Debug)]
pub struct Exponential {
    pooled: Pooled,
    slices: Slices,
    shape: Shape,
    iterations: usize,
}

impl Exponential {
    /// For slices of `slice_frames` frames with `channels` channels, at any rate.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(config: &ExponentialConfig, slice_frames: usize, channels: usize) -> Result<Self, SpectralError> {
        let &ExponentialConfig { linear_bins, bins, frames, iterations, .. } = config;
        check_range("the representation's linear bins", 4, 32_768, linear_bins)?;
        check_range("the representation's bins", 4, linear_bins, bins)?;
        check_range("the representation's frames", 2, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        check_range("the representation's iterations", 1, 1_000, iterations)?;
        check_slope(config)?;
        let slices = Slices::new(slice_frames, channels)?;
        let longest = longest_hop(2 * linear_bins) * (frames - 1);
        check_range("the length of a slice in frames", 1, longest, slice_frames)?;
        let hop = slice_frames.div_ceil(frames - 1);
        let pooled = Pooled::new(config, hop, slice_frames);
        Ok(Self { pooled, slices, shape: Shape::new(2 * channels, bins, frames), iterations })
    }
}

impl Representation for Exponential {
    fn name(&self) -> &'static str {
        "exponential"
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn slice_frames(&self) -> usize {
        self.slices.frames
    }

    fn slice_channels(&self) -> usize {
        self.slices.channels
    }

    fn transform(&self) -> Transform {
        Transform {
            window: "hann".to_owned(),
            n_fft: self.pooled.size(),
            hop_length: self.pooled.hop(),
            center: true,
            samples: self.pooled.hop() * (self.shape.frames - 1),
        }
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn planes(&self) -> &'static [Plane] {
        plane::complex(self.slices.channels)
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape, slice, out)?;
        let padded = sized(&mut scratch.padded, self.pooled.padded_len());
        for (pair, channel) in out.chunks_exact_mut(2 * self.shape.plane()).zip((0..self.slices.channels).rev()) {
            padded.fill(0.0);
            let samples = self.pooled.within_mut(padded).iter_mut().zip(self.slices.channel(slice, channel));
            samples.for_each(|(to, from)| *to = from);
            self.pooled.pool(padded, pair, scratch.solver.frame());
        }
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape, tensor, out)?;
        let pairs = tensor.chunks_exact(2 * self.shape.plane());
        for (pair, channel) in pairs.zip((0..self.slices.channels).rev()) {
            let samples = solve(&self.pooled, pair, self.iterations, &mut scratch.solver);
            for (frame, sample) in out.chunks_exact_mut(self.slices.channels).zip(samples) {
                frame[channel] = *sample;
            }
        }
        Ok(Decoded::default())
    }

    /// Clears Nyquist, which stands beside the loudest bins, for `stereo-complex`'s reason.
    fn clean_generated(&self, tensor: &mut [f32]) {
        plane::clear_nyquist(tensor, self.shape);
    }
}
