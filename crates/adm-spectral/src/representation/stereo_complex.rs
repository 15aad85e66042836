//! `stereo-complex`: the real and imaginary parts of both channels (document 000, section 5.2).
//!
//! A slice of `L` frames becomes a tensor of `bins × frames` points, whatever `L` is: the FFT size is `2 · bins`, the
//! hop is `⌈L / (frames - 1)⌉`, and the slice is followed by zeros up to `hop · (frames - 1)` frames, of which a centred
//! transform makes exactly `frames` spectra. The channels are right-real, right-imaginary, left-real, left-imaginary;
//! for mono, real and imaginary. The window and the packing of the Nyquist bin are those of [`crate::stft`]; what phases
//! are counted from is a setting.

use super::phase::{PhaseOrigin, Turns};
use super::plane::{self, Plane};
use super::slices::Slices;
use super::{Decoded, MOST_POINTS, Representation, Transform};
use crate::error::{SpectralError, check_range};
use crate::scratch::{Scratch, sized};
use crate::stft::{Stft, longest_hop};
use crate::tensor::Shape;
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

/// Settings of `stereo-complex`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StereoComplexConfig {
    /// Frequencies, 4 to 8,192; the FFT size is twice this. 256 by default. More of them tell near frequencies apart
    /// better and near moments worse.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 256 by default. More of them overlap more.
    pub frames: usize,
    /// The moment that phases are counted from: `window` (the default, as in librosa) or `slice`.
    pub phase: PhaseOrigin,
}

impl Default for StereoComplexConfig {
    fn default() -> Self {
        Self { bins: 256, frames: 256, phase: PhaseOrigin::Window }
    }
}

/// The representation for slices of one length.
#[derive(Debug)]
pub struct StereoComplex {
    stft: Stft,
    /// Where phases are counted from the slice's start.
    turns: Option<Turns>,
    slices: Slices,
}

impl StereoComplex {
    /// For slices of `slice_frames` frames at `rate` with `channels` channels.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(
        config: &StereoComplexConfig,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Self, SpectralError> {
        let &StereoComplexConfig { bins, frames, phase } = config;
        check_range("the representation's bins", 4, 8_192, bins)?;
        check_range("the representation's frames", 2, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        let slices = Slices::new(slice_frames, channels)?;
        let hop = slice_frames.div_ceil(frames - 1);
        if hop > longest_hop(2 * bins) {
            return Err(too_long(config, slice_frames, rate));
        }
        let stft = Stft::new(bins, hop, hop * (frames - 1))?;
        let turns = (phase == PhaseOrigin::Slice).then(|| Turns::new(&stft));
        Ok(Self { stft, turns, slices })
    }

    /// A channel's planes with phases that count from each window's start, in `turned` where that takes any work.
    fn as_windows<'a>(&self, pair: &'a [f32], turned: &'a mut Vec<f32>) -> &'a [f32] {
        let Some(turns) = &self.turns else { return pair };
        let planes = sized(turned, pair.len());
        planes.copy_from_slice(pair);
        let (real, imaginary) = planes.split_at_mut(pair.len() / 2);
        turns.to_windows(real, imaginary);
        planes
    }
}

/// The error of a slice too long for its settings, with the settings that would do.
fn too_long(config: &StereoComplexConfig, slice_frames: usize, rate: SampleRate) -> SpectralError {
    let &StereoComplexConfig { bins, frames, .. } = config;
    let hop = slice_frames.div_ceil(frames - 1);
    SpectralError::HopTooLarge {
        slice_frames,
        rate,
        bins,
        frames,
        hop,
        longest_hop: longest_hop(2 * bins),
        enough_frames: slice_frames.div_ceil(longest_hop(2 * bins)) + 1,
        // The longest hop is a little above 1.6 bins at every size.
        enough_bins: (hop * 5).div_ceil(8),
    }
}

impl Representation for StereoComplex {
    fn name(&self) -> &'static str {
        "stereo-complex"
    }

    fn shape(&self) -> Shape {
        Shape::new(2 * self.slices.channels, self.stft.bins(), self.stft.frames())
    }

    fn slice_frames(&self) -> usize {
        self.slices.frames
    }

    fn slice_channels(&self) -> usize {
        self.slices.channels
    }

    fn transform(&self) -> Transform {
        Transform::from(&self.stft)
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn planes(&self) -> &'static [Plane] {
        plane::complex(self.slices.channels)
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape(), slice, out)?;
        let plane = self.shape().plane();
        for (pair, channel) in out.chunks_exact_mut(2 * plane).zip((0..self.slices.channels).rev()) {
            let (real, imaginary) = pair.split_at_mut(plane);
            let samples = self.slices.channel(slice, channel);
            self.stft.analyse_samples(self.stft.bins(), samples, real, imaginary, scratch);
            if let Some(turns) = &self.turns {
                turns.to_slice(real, imaginary);
            }
        }
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape(), tensor, out)?;
        let plane = self.shape().plane();
        let mut turned = std::mem::take(&mut scratch.turned);
        for (pair, channel) in tensor.chunks_exact(2 * plane).zip((0..self.slices.channels).rev()) {
            let (real, imaginary) = self.as_windows(pair, &mut turned).split_at(plane);
            let samples = self.stft.synthesise_samples(real, imaginary, scratch);
            for (frame, sample) in out.chunks_exact_mut(self.slices.channels).zip(samples) {
                frame[channel] = sample;
            }
        }
        scratch.turned = turned;
        Ok(Decoded::default())
    }

    /// Clears the Nyquist bin: it stands beside the loudest bins, and what a network leaks into it from there comes back
    /// as a strong tone at half the sample rate, where recordings hold next to nothing.
    fn clean_generated(&self, tensor: &mut [f32]) {
        plane::clear_nyquist(tensor, self.shape());
    }
}
