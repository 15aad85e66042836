//! Sound out of the sound card, through cpal. Needs the cargo feature `playback`, and on Linux ALSA's headers (Debian:
//! `libasound2-dev`) while it is built.

use super::{Flow, Sink};
use crate::LiveError;
use crate::bar::Format;
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use rtrb::{Consumer, Producer, RingBuffer};
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Sound that waits for the card. Less is heard sooner, more survives longer stalls.
const WAITING_MS: u32 = 120;

/// How long to wait until there is room again; a card asks for some 10 ms at a time.
const NAP: Duration = Duration::from_millis(3);

/// A card that takes nothing for so long is gone.
const GONE: Duration = Duration::from_secs(3);

/// Plays on the system's default output.
pub struct Playback {
    stream: Option<cpal::Stream>,
    ring: Producer<f32>,
    broken: Arc<AtomicBool>,
}

impl Playback {
    /// Opens the default output for a stream of shape `format`.
    ///
    /// # Errors
    /// [`LiveError::Playback`] where there is none, or none that plays floats at this rate.
    pub fn open(format: Format) -> Result<Self, LiveError> {
        let none = || refused("there is no output");
        let device = cpal::default_host().default_output_device().ok_or_else(none)?;
        let (ring, mut waiting) = RingBuffer::new(format.frames_of(WAITING_MS) * format.channels);
        let broken = Arc::new(AtomicBool::new(false));
        let breaks = broken.clone();
        let (channels, sample_rate) = (format.channels as u16, format.rate.hz());
        let config = cpal::StreamConfig { channels, sample_rate, buffer_size: cpal::BufferSize::Default };
        let fill = move |samples: &mut [f32], _: &cpal::OutputCallbackInfo| fill(&mut waiting, samples);
        let failed = move |error| {
            if is_final(&error) {
                breaks.store(true, Ordering::Relaxed);
            }
        };
        let stream = device.build_output_stream(&config, fill, failed, None).map_err(refused)?;
        stream.play().map_err(refused)?;
        Ok(Self { stream: Some(stream), ring, broken })
    }
}

/// The card's own thread: nothing here waits or allocates. Where nothing waits, silence.
fn fill(waiting: &mut Consumer<f32>, samples: &mut [f32]) {
    let (_, missing) = waiting.pop_partial_slice(samples);
    missing.fill(0.0);
}

/// A card that ran dry for a moment plays on.
fn is_final(error: &cpal::StreamError) -> bool {
    !matches!(error, cpal::StreamError::BufferUnderrun)
}

fn refused(reason: impl Display) -> LiveError {
    LiveError::Playback { reason: reason.to_string() }
}

impl Sink for Playback {
    fn name(&self) -> String {
        "the sound card".to_owned()
    }

    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError> {
        let mut rest = samples;
        let mut taken = Instant::now();
        loop {
            let (pushed, left) = self.ring.push_partial_slice(rest);
            if !pushed.is_empty() {
                taken = Instant::now();
            }
            rest = left;
            if rest.is_empty() {
                return Ok(Flow::Open);
            }
            if self.broken.load(Ordering::Relaxed) || taken.elapsed() > GONE {
                return Err(refused("it stopped taking sound"));
            }
            thread::sleep(NAP);
        }
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        let until = Instant::now() + Duration::from_millis(2 * u64::from(WAITING_MS));
        while self.ring.slots() < self.ring.buffer().capacity() && Instant::now() < until {
            thread::sleep(NAP);
        }
        self.stream = None;
        Ok(())
    }

    fn slack(&self) -> Duration {
        Duration::from_millis(40)
    }
}
