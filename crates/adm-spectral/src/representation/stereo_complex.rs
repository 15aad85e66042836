//! `stereo-complex`: the real and imaginary parts of both channels (document 000, section 5.2).
//!
//! A slice of `L` frames becomes a tensor of `bins × frames` points, whatever `L` is: the FFT size is `2 · bins`, the
//! hop is `⌈L / (frames - 1)⌉`, and the slice is followed by zeros up to `hop · (frames - 1)` frames, of which a centred
//! transform makes exactly `frames` spectra. The channels are right-real, right-imaginary, left-real, left-imaginary;
//! for mono, real and imaginary. The window and the packing of the Nyquist bin are those of [`crate::stft`]; what phases
//! are counted from is a setting.

use super::phase::{PhaseOrigin, Turns};
use super::{Representation, Transform};
use crate::error::{SpectralError, check_length, check_range, check_values};
use crate::scratch::{Scratch, sized};
use crate::stft::{LARGEST_VALUE, Stft, longest_hop};
use crate::tensor::Shape;
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

/// Most points of a tensor's plane, `bins · frames`: half a gigabyte in stereo.
const MOST_POINTS: usize = 1 << 25;

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
    slice_frames: usize,
    channels: usize,
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
        check_range("the length of a slice in frames", 1, 1 << 30, slice_frames)?;
        if !matches!(channels, 1 | 2) {
            return Err(SpectralError::WrongChannels { expected: "slices of 1 or 2 channels", actual: channels });
        }
        let hop = slice_frames.div_ceil(frames - 1);
        if hop > longest_hop(2 * bins) {
            return Err(too_long(config, slice_frames, rate));
        }
        let stft = Stft::new(bins, hop, hop * (frames - 1))?;
        let turns = (phase == PhaseOrigin::Slice).then(|| Turns::new(&stft));
        Ok(Self { stft, turns, slice_frames, channels })
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
        Shape::new(2 * self.channels, self.stft.bins(), self.stft.frames())
    }

    fn slice_frames(&self) -> usize {
        self.slice_frames
    }

    fn slice_channels(&self) -> usize {
        self.channels
    }

    fn transform(&self) -> Transform {
        Transform {
            window: "hann".to_owned(),
            n_fft: self.stft.size(),
            hop_length: self.stft.hop(),
            center: true,
            samples: self.stft.samples(),
        }
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        check_length("the slice", self.slice_frames * self.channels, slice.len())?;
        check_length("the tensor", self.shape().size(), out.len())?;
        check_values("the slice", LARGEST_VALUE, slice)?;
        let plane = self.shape().plane();
        for (pair, channel) in out.chunks_exact_mut(2 * plane).zip((0..self.channels).rev()) {
            let (real, imaginary) = pair.split_at_mut(plane);
            let samples = slice[channel..].iter().step_by(self.channels).copied();
            self.stft.analyse_samples(self.stft.bins(), samples, real, imaginary, scratch);
            if let Some(turns) = &self.turns {
                turns.to_slice(real, imaginary);
            }
        }
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        check_length("the tensor", self.shape().size(), tensor.len())?;
        check_length("the slice", self.slice_frames * self.channels, out.len())?;
        check_values("the tensor", LARGEST_VALUE, tensor)?;
        let plane = self.shape().plane();
        let mut turned = std::mem::take(&mut scratch.turned);
        for (pair, channel) in tensor.chunks_exact(2 * plane).zip((0..self.channels).rev()) {
            let (real, imaginary) = self.as_windows(pair, &mut turned).split_at(plane);
            let samples = self.stft.synthesise_samples(real, imaginary, scratch);
            for (frame, sample) in out.chunks_exact_mut(self.channels).zip(samples) {
                frame[channel] = sample;
            }
        }
        scratch.turned = turned;
        Ok(())
    }

    /// Clears the Nyquist bin: it stands beside the loudest bins, and what a network leaks into it from there comes back
    /// as a strong tone at half the sample rate, where recordings hold next to nothing.
    fn clean_generated(&self, tensor: &mut [f32]) {
        let Shape { frames, .. } = self.shape();
        for imaginary in tensor.chunks_exact_mut(self.shape().plane()).skip(1).step_by(2) {
            imaginary[..frames].fill(0.0);
        }
    }
}
