//! `waveform`: the samples themselves, in one bin (document 003, section 3.1).
//!
//! A slice of `frames` samples becomes a tensor `[signals, 1, frames]`. Mid and side are `(left ± right)/2`, so that all values lie
//! within ±1 where the sound does; what a network makes beyond is clipped.

use super::plane::{Plane, Values};
use super::slices::Slices;
use super::spectrogram::{Channels, StereoPlanes};
use super::{Decoded, Part, Representation, Transform};
use crate::error::SpectralError;
use crate::inversion::ChannelLayout;
use crate::scratch::{Scratch, sized};
use crate::tensor::Shape;
use serde::{Deserialize, Serialize};

/// Settings of `waveform`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaveformConfig {
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
}

/// The representation for slices of one length.
#[derive(Debug)]
pub struct Waveform {
    slices: Slices,
    channels: Channels,
}

impl Waveform {
    /// For slices of `slice_frames` frames with `channels` channels, at any rate.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(config: &WaveformConfig, slice_frames: usize, channels: usize) -> Result<Self, SpectralError> {
        let slices = Slices::new(slice_frames, channels)?;
        Ok(Self { slices, channels: Channels::new(slices, config.stereo) })
    }
}

impl Representation for Waveform {
    fn name(&self) -> &'static str {
        "waveform"
    }

    fn shape(&self) -> Shape {
        Shape::new(self.channels.layout().channels(), 1, self.slices.frames)
    }

    fn slice_frames(&self) -> usize {
        self.slices.frames
    }

    fn slice_channels(&self) -> usize {
        self.slices.channels
    }

    fn transform(&self) -> Transform {
        // Every frame of the tensor is a sample.
        Transform { window: "none".to_owned(), n_fft: 1, hop_length: 1, center: false, samples: self.slices.frames }
    }

    fn is_exact(&self) -> bool {
        self.slices.channels == 1 || self.channels.layout() != ChannelLayout::Mono
    }

    fn planes(&self) -> &'static [Plane] {
        self.channels.planes(&[Part::Sample])
    }

    fn values(&self) -> Values {
        Values::Unit { per_decibel: None }
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], _scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape(), slice, out)?;
        let loudest = self.channels.peak() as f32;
        for (index, plane) in out.chunks_exact_mut(self.slices.frames).enumerate() {
            plane.iter_mut().zip(self.channels.signal(slice, index)).for_each(|(to, from)| *to = from / loudest);
        }
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape(), tensor, out)?;
        let loudest = self.channels.peak() as f32;
        let signals = sized(&mut scratch.signals, tensor.len());
        signals.iter_mut().zip(tensor).for_each(|(to, from)| *to = from * loudest);
        self.channels.to_left_and_right(signals);
        self.channels.interleave(signals, out);
        Ok(Decoded::default())
    }

    fn clean_generated(&self, tensor: &mut [f32]) {
        tensor.iter_mut().for_each(|value| *value = value.clamp(-1.0, 1.0));
    }
}
