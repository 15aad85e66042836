//! The sound of a set: decks that come and go, mixed beat by beat.

use crate::deck::Deck;
use crate::dsp::envelope::half_cosine;
use crate::dsp::{Frame, decibels};
use crate::error::SynthError;
use crate::mix::add_scaled;
use crate::mix::master::Master;
use crate::mix::transition::{Equaliser, Faders, incoming};
use crate::pattern::BEATS_PER_BAR;
use crate::plan::Slot;
use crate::set::{CHANNELS, DjSet};
use adm_core::SampleRate;

/// Loudness of each track's loudest section in LUFS before the master. A set with its breaks and intros comes out a
/// decibel or two below it.
const TRACK_LUFS: f64 = -10.5;

/// A track that plays within a set.
struct Playing {
    slot: Slot,
    deck: Deck,
    gain: f32,
    equaliser: Equaliser,
    faders: Faders,
}

/// Renders a set a beat at a time, in memory that does not grow with the set.
pub struct Renderer<'a> {
    set: &'a DjSet,
    /// The next beat; one past the last for what rings on after it.
    beat: u64,
    /// The next frame.
    frame: u64,
    decks: Vec<Playing>,
    master: Master,
    block: Vec<Frame>,
    scratch: Vec<Frame>,
}

impl<'a> Renderer<'a> {
    /// A renderer at the first frame of `set`.
    pub fn new(set: &'a DjSet) -> Self {
        let master = Master::new(set.settings().rate.as_f64() as f32);
        Self { set, beat: 0, frame: 0, decks: Vec::new(), master, block: Vec::new(), scratch: Vec::new() }
    }

    /// The next block of interleaved samples, shape `[frames, 2]`, or `None` after the last.
    ///
    /// Blocks are the lead-in, then the beats one by one, then what rings on; none of them is empty.
    ///
    /// # Errors
    /// A sample rate at which loudness cannot be measured.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, SynthError> {
        let total = self.set.frames().0;
        if self.frame >= total {
            return Ok(None);
        }
        let beats = self.set.plan().tempo.beats();
        let first = self.set.frame_of(0.0);
        if self.frame < first {
            self.open_block(first.min(total));
        } else if self.beat < beats {
            self.play_beat(self.set.frame_of((self.beat + 1) as f64).min(total))?;
            self.beat += 1;
        } else {
            self.ring_out(total);
        }
        Ok(Some(self.block.as_flattened()))
    }

    /// Makes room, silent at first, for the frames up to `end`.
    fn open_block(&mut self, end: u64) {
        let length = (end - self.frame) as usize;
        self.block.clear();
        self.block.resize(length, [0.0; 2]);
        self.scratch.resize(length, [0.0; 2]);
        self.frame = end;
    }

    fn play_beat(&mut self, end: u64) -> Result<(), SynthError> {
        self.change_decks()?;
        let start = self.frame;
        self.open_block(end);
        let set = self.set;
        for playing in &mut self.decks {
            let first_beat = playing.slot.start * BEATS_PER_BAR;
            let frame_of = |beat: f64| set.frame_of(first_beat as f64 + beat).saturating_sub(start);
            playing.deck.cue(self.beat - first_beat, &frame_of);
            playing.deck.render(&mut self.scratch);
            let faders = playing.slot.faders(self.beat + 1);
            playing.equaliser.apply(&mut self.scratch, playing.faders, faders);
            playing.faders = faders;
            add_scaled(&mut self.block, &self.scratch, playing.gain);
        }
        self.master.apply(&mut self.block);
        Ok(())
    }

    /// Takes tracks off that are over, and puts those on that start with this beat.
    fn change_decks(&mut self) -> Result<(), SynthError> {
        let beat = self.beat;
        self.decks.retain(|playing| beat < playing.slot.end * BEATS_PER_BAR);
        for (number, slot) in self.set.plan().slots.iter().enumerate() {
            if slot.start * BEATS_PER_BAR == beat {
                self.decks.push(Playing::new(self.set, number)?);
            }
        }
        Ok(())
    }

    /// The last echoes, faded out so that the end does not click.
    fn ring_out(&mut self, end: u64) {
        self.open_block(end);
        for playing in &mut self.decks {
            playing.deck.render(&mut self.scratch);
            add_scaled(&mut self.block, &self.scratch, playing.gain);
        }
        self.master.apply(&mut self.block);
        let length = self.block.len().max(1) as f32;
        for (index, frame) in self.block.iter_mut().enumerate() {
            let fade = 1.0 - half_cosine(index as f32 / length);
            *frame = frame.map(|sample| sample * fade);
        }
    }
}

impl Slot {
    /// The slot's faders at a beat of the set.
    fn faders(&self, beat: u64) -> Faders {
        let share = |bars: u64, past: u64| past as f32 / (bars * BEATS_PER_BAR).max(1) as f32;
        let (mixed_in, left) = (beat - self.start * BEATS_PER_BAR, (self.end * BEATS_PER_BAR).saturating_sub(beat));
        if mixed_in < self.mix_in * BEATS_PER_BAR {
            incoming(share(self.mix_in, mixed_in), (self.mix_in * BEATS_PER_BAR) as f32)
        } else if left < self.mix_out * BEATS_PER_BAR {
            incoming(share(self.mix_out, left), (self.mix_out * BEATS_PER_BAR) as f32)
        } else {
            Faders { low: 1.0, high: 1.0 }
        }
    }
}

impl Playing {
    fn new(set: &DjSet, number: usize) -> Result<Self, SynthError> {
        let slot = set.plan().slots[number];
        let first_beat = slot.start * BEATS_PER_BAR;
        let beat_seconds =
            set.plan().tempo.time((first_beat + 1) as f64).0 - set.plan().tempo.time(first_beat as f64).0;
        let (style, rate) = (set.settings().style, set.settings().rate);
        let deck = || Deck::new(set.track(number), style, beat_seconds, rate);
        let gain = trim(deck(), set.track(number).loudest_section().start * BEATS_PER_BAR, beat_seconds, rate)?;
        Ok(Self {
            slot,
            deck: deck(),
            gain,
            equaliser: Equaliser::new(rate.as_f64() as f32),
            faders: slot.faders(first_beat),
        })
    }
}

/// Gain that brings a track to [`TRACK_LUFS`]: what a DJ sets by ear before bringing a track in.
fn trim(mut deck: Deck, first_beat: u64, beat_seconds: f64, rate: SampleRate) -> Result<f32, SynthError> {
    const BEATS: u64 = 16;
    let beat_frames = beat_seconds * rate.as_f64();
    let mut meter = adm_audio::Meter::new(CHANNELS, rate)?;
    let mut block = vec![[0.0; 2]; beat_frames as usize];
    for beat in first_beat..first_beat + BEATS {
        deck.cue(beat, &|at| ((at - beat as f64) * beat_frames) as u64);
        deck.render(&mut block);
        meter.add(block.as_flattened())?;
    }
    let measured = meter.loudness().integrated_lufs;
    // A track of less than a gating block cannot be measured; it stays as it is.
    Ok(if measured.is_finite() { decibels((TRACK_LUFS - measured) as f32) } else { 1.0 })
}
