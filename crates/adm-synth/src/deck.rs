//! A deck plays one track: it turns notes into voices beat by beat and mixes what sounds.

use crate::band::Band;
use crate::dsp::Frame;
use crate::mix::add_scaled;
use crate::mix::delay::Delay;
use crate::mix::duck::Duck;
use crate::mix::reverb::Reverb;
use crate::mix::strip::{self, Strip};
use crate::pattern::{Note, Part, Style};
use crate::track::Track;
use crate::voices::{Strike, Voice};
use adm_core::SampleRate;
use adm_core::seeds::RngExt;

/// Frames mixed at a time: all buffers of a deck together stay in the processor's first cache.
const BLOCK: usize = 256;

/// A note that sounds, or will in `wait` frames.
struct Sounding {
    wait: u64,
    voice: Box<dyn Voice>,
}

/// One track and all that is needed to hear it. Gain 1: loudness is the caller's.
pub struct Deck {
    track: Track,
    band: Band,
    rate: f32,
    strips: [Strip; Part::COUNT],
    sounding: [Vec<Sounding>; Part::COUNT],
    duck: Duck,
    delay: Delay,
    reverb: Reverb,
}

impl Deck {
    /// A deck with `track` on it; `beat_seconds` is a beat's length at the track's start and sets echoes and pumping.
    pub fn new(track: Track, style: Style, beat_seconds: f64, rate: SampleRate) -> Self {
        let mut rng = track.stream("synth deck", 0);
        let rng = &mut rng;
        let (rate, beat_seconds) = (rate.as_f64() as f32, beat_seconds as f32);
        let echo_beats = [0.75, 0.75, 0.5, 0.375][rng.random_range(0..4)];
        Self {
            band: Band::draw(rng, style),
            rate,
            strips: strip::draw(rng, style),
            sounding: Default::default(),
            duck: Duck::new(rng.random_range(0.6..0.95) * beat_seconds.min(0.6), rate),
            delay: Delay::new(echo_beats * beat_seconds, rng.random_range(0.25..0.55), rate),
            reverb: Reverb::new(rng.random_range(0.9..2.4), rng.random_range(2_500.0..7_000.0), rate),
            track,
        }
    }

    /// Readies all notes that start in `beat` of the track.
    ///
    /// `frame_of` gives the frame of a time in beats, counted from the next frame that is rendered.
    pub fn cue(&mut self, beat: u64, frame_of: &dyn Fn(f64) -> u64) {
        let mut rng = self.track.stream("synth voices", beat);
        let mut kicks = Vec::new();
        for note in self.track.notes(beat) {
            let wait = frame_of(note.at);
            if note.part == Part::Kick {
                kicks.push(wait);
            }
            let strike = self.strike(&note, (frame_of(note.at + note.beats) - wait) as f32 / self.rate);
            let voice = self.band.voice(&note, &strike, &mut rng);
            self.sounding[note.part as usize].push(Sounding { wait, voice });
        }
        kicks.sort_unstable();
        kicks.into_iter().for_each(|wait| self.duck.announce(wait));
    }

    fn strike(&self, note: &Note, seconds: f32) -> Strike {
        Strike {
            rate: self.rate,
            velocity: note.velocity,
            tone: self.track.tone(note.part, note.at),
            place: self.strips[note.part as usize].place,
            seconds,
        }
    }

    /// Renders the next `out.len()` frames over whatever is in `out`.
    pub fn render(&mut self, out: &mut [Frame]) {
        for block in out.chunks_mut(BLOCK) {
            block.fill([0.0; 2]);
            self.render_block(block);
        }
    }

    fn render_block(&mut self, out: &mut [Frame]) {
        let (mut depths, mut echoes, mut room) = ([0.0; BLOCK], [[0.0; 2]; BLOCK], [[0.0; 2]; BLOCK]);
        let length = out.len();
        self.duck.fill(&mut depths[..length]);
        for (voices, strip) in self.sounding.iter_mut().zip(&self.strips) {
            if voices.is_empty() {
                continue;
            }
            let mut part = [[0.0; 2]; BLOCK];
            let part = &mut part[..length];
            play(voices, part);
            for (frame, depth) in part.iter_mut().zip(&depths) {
                *frame = frame.map(|sample| sample * strip.gain * (1.0 - strip.duck * depth));
            }
            add_scaled(out, part, 1.0);
            add_scaled(&mut echoes, part, strip.delay);
            add_scaled(&mut room, part, strip.reverb);
        }
        for (frame, (echo, room)) in out.iter_mut().zip(echoes.into_iter().zip(room)) {
            let echo = self.delay.frame(echo);
            let room = self.reverb.frame([room[0] + 0.2 * echo[0], room[1] + 0.2 * echo[1]]);
            frame[0] += echo[0] + room[0];
            frame[1] += echo[1] + room[1];
        }
    }
}

/// Adds one part's voices to `block`, and lets go of those that are over.
fn play(voices: &mut Vec<Sounding>, block: &mut [Frame]) {
    let length = block.len() as u64;
    voices.retain_mut(|sounding| {
        if sounding.wait >= length {
            sounding.wait -= length;
            return true;
        }
        sounding.voice.add_to(&mut block[sounding.wait as usize..]);
        sounding.wait = 0;
        !sounding.voice.is_over()
    });
}
