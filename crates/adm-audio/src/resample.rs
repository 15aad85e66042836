//! From one sample rate to another.
//!
//! The work is rubato's fixed-ratio FFT resampler: blocks are transformed, the spectrum is cut or extended, and a
//! windowed sinc keeps what would alias below −135 dB. Its delay is a whole number of output frames, which are dropped at
//! the start and made up for with silence at the end, so time does not move.

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};

/// Least frames of the transform at the lower of the two rates. More frames narrow the band between what passes and what
/// is cut: with 1,024 everything up to 21.5 kHz passes unchanged to 44,100 Hz, and nothing above 22.05 kHz does.
const BLOCK: usize = 1024;

/// Another source at another rate.
///
/// Frame 0 stays frame 0 and `n` frames become `round(n·out/in)`. At equal rates it hands blocks through.
pub struct Resampler<S> {
    source: S,
    to: SampleRate,
    engine: Option<Engine>,
}

impl<S: Source> Resampler<S> {
    /// `source` at the rate `to`.
    ///
    /// # Errors
    /// [`AudioError::Resample`] where the two rates have no resampler.
    pub fn new(source: S, to: SampleRate) -> Result<Self, AudioError> {
        let engine = match source.rate() {
            from if from == to => None,
            from => Some(Engine::new(from, to, source.channels())?),
        };
        Ok(Self { source, to, engine })
    }
}

impl<S: Source> Source for Resampler<S> {
    fn rate(&self) -> SampleRate {
        self.to
    }

    fn channels(&self) -> usize {
        self.source.channels()
    }

    fn duration_hint(&self) -> Option<Frames> {
        let length = self.source.duration_hint()?;
        Some(self.engine.as_ref().map_or(length, |engine| Frames(engine.length_of(length.0))))
    }

    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        match &mut self.engine {
            None => self.source.read(into),
            Some(engine) => engine.read(&mut self.source, into),
        }
    }

    fn warnings(&self) -> &[String] {
        self.source.warnings()
    }
}

/// The resampler with the samples it waits for.
struct Engine {
    fft: Fft<f32>,
    from: SampleRate,
    to: SampleRate,
    channels: usize,
    waiting: Vec<f32>,
    /// Output frames still to drop: the resampler's delay.
    delay: usize,
    taken: u64,
    given: u64,
    source_over: bool,
}

impl Engine {
    fn new(from: SampleRate, to: SampleRate, channels: usize) -> Result<Self, AudioError> {
        let (rate_in, rate_out) = (from.hz() as usize, to.hz() as usize);
        let divisor = greatest_common_divisor(rate_in, rate_out);
        // An even count of smallest blocks makes the delay, half a block, a whole number of frames at both rates.
        let count = BLOCK.div_ceil(rate_in.min(rate_out) / divisor).next_multiple_of(2);
        let block = count * rate_in / divisor;
        let window = WindowFunction::BlackmanHarris2;
        let fft = Fft::new_custom(rate_in, rate_out, block, 1, channels, window, FixedSync::Both)
            .map_err(|error| AudioError::Resample { from, to, reason: error.to_string() })?;
        let delay = fft.output_delay();
        Ok(Self { fft, from, to, channels, waiting: Vec::new(), delay, taken: 0, given: 0, source_over: false })
    }

    /// Output frames of `frames` input frames.
    fn length_of(&self, frames: u64) -> u64 {
        let (rate_in, rate_out) = (u128::from(self.from.hz()), u128::from(self.to.hz()));
        u64::try_from((u128::from(frames) * rate_out + rate_in / 2) / rate_in).unwrap_or(u64::MAX)
    }

    fn read(&mut self, source: &mut dyn Source, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let before = into.len();
        while into.len() == before && !self.is_over() {
            self.wait_for_block(source)?;
            self.process(into)?;
        }
        Ok((into.len() - before) / self.channels)
    }

    fn is_over(&self) -> bool {
        self.source_over && self.given >= self.length_of(self.taken)
    }

    fn wait_for_block(&mut self, source: &mut dyn Source) -> Result<(), AudioError> {
        while !self.source_over && self.waiting.len() < self.fft.input_frames_next() * self.channels {
            let frames = source.read(&mut self.waiting)?;
            self.taken += frames as u64;
            self.source_over = frames == 0;
        }
        Ok(())
    }

    /// Resamples every whole block that waits; once the source is over, what is left of it, padded with silence.
    fn process(&mut self, into: &mut Vec<f32>) -> Result<(), AudioError> {
        let block = self.fft.input_frames_next();
        let waiting = self.waiting.len() / self.channels;
        let mut used = 0;
        while used + block <= waiting {
            self.process_block(used, block, into)?;
            used += block;
        }
        if self.source_over {
            self.process_block(used, waiting - used, into)?;
            used = waiting;
        }
        self.waiting.drain(..used * self.channels);
        Ok(())
    }

    fn process_block(&mut self, offset: usize, count: usize, into: &mut Vec<f32>) -> Result<(), AudioError> {
        let (start, frames) = (into.len(), self.fft.output_frames_next());
        into.resize(start + frames * self.channels, 0.0);
        self.transform(offset, count, &mut into[start..]).map_err(|reason| AudioError::Resample {
            from: self.from,
            to: self.to,
            reason,
        })?;
        let dropped = self.delay.min(frames);
        self.delay -= dropped;
        into.drain(start..start + dropped * self.channels);
        let room = if self.source_over { self.length_of(self.taken).saturating_sub(self.given) } else { u64::MAX };
        let kept = u64::try_from(frames - dropped).unwrap_or(0).min(room);
        into.truncate(start + kept as usize * self.channels);
        self.given += kept;
        Ok(())
    }

    fn transform(&mut self, offset: usize, count: usize, output: &mut [f32]) -> Result<(), String> {
        let input = InterleavedSlice::new(&self.waiting, self.channels, self.waiting.len() / self.channels);
        let frames = output.len() / self.channels;
        let output = InterleavedSlice::new_mut(output, self.channels, frames);
        let (input, mut output) = (input.map_err(|e| e.to_string())?, output.map_err(|e| e.to_string())?);
        let indexing = Indexing::new().input_offset(offset).partial_len(count);
        self.fft.process_into_buffer(&input, &mut output, Some(&indexing)).map_err(|e| e.to_string())?;
        Ok(())
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
