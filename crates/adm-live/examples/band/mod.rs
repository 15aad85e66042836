//! A small band for trying the engine without a model: kick, hat, clap, bass and lead, by rules and chance.
//!
//! Every control can be heard: tempo, temperature (chance in the pattern), morph (bass and lead from soft to sharp, and an
//! octave up), mix (how many beats come as if from an old record), seed (notes and chance), next section.

mod voices;

use adm_core::{SampleRate, Seeds, seeds::RngExt};
use adm_live::{Bar, BarSource, BeatNote, Controls, Format};
use std::error::Error;
use std::time::Duration;
use voices::Sound;

/// Section, its length in bars, and which voices it has.
const FORM: [(&str, u64, u32); 5] = [
    ("intro", 4, voices::KICK | voices::HAT),
    ("build", 8, voices::KICK | voices::HAT | voices::BASS),
    ("drop", 16, voices::KICK | voices::HAT | voices::CLAP | voices::BASS | voices::LEAD),
    ("break", 8, voices::BASS | voices::LEAD),
    ("outro", 4, voices::KICK | voices::BASS),
];

const BEATS: u64 = 4;

/// The band, at its place in the form.
pub struct Band {
    rate: SampleRate,
    bar: u64,
    position: f64,
    tail: Vec<f32>,
    section: usize,
    left: u64,
    wishes: u64,
    nap: Box<dyn FnMut(u64) -> Duration + Send>,
}

impl Band {
    /// A band in stereo that makes bars as fast as it can.
    pub fn new(rate: SampleRate) -> Self {
        Self::slowed(rate, |_| Duration::ZERO)
    }

    /// A band that takes a nap, by the bar's number, before each bar.
    pub fn slowed(rate: SampleRate, nap: impl FnMut(u64) -> Duration + Send + 'static) -> Self {
        let (tail, nap) = (Vec::new(), Box::new(nap));
        Self { rate, bar: 0, position: 0.0, tail, section: 0, left: FORM[0].1, wishes: 0, nap }
    }

    /// What a band of this rate plays in.
    pub fn format(rate: SampleRate) -> Format {
        Format { rate, channels: 2 }
    }

    fn go_on(&mut self, controls: &Controls) {
        if self.left == 0 || controls.next_section > self.wishes {
            self.section = (self.section + 1) % FORM.len();
            self.left = FORM[self.section].1;
        }
        self.wishes = controls.next_section;
        self.left -= 1;
    }

    /// The frame, counted from this bar's start, at which its beat `beat` begins.
    fn start(&self, beat: u64, bpm: f64) -> u64 {
        let at = self.position + beat as f64 * 60.0 * self.rate.as_f64() / bpm;
        (at.round() - self.position.round()) as u64
    }
}

impl BarSource for Band {
    fn next_bar(&mut self, controls: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
        std::thread::sleep((self.nap)(self.bar));
        self.go_on(controls);
        let mut chance = Seeds::new(controls.seed).stream("band", self.bar);
        let notes = Seeds::new(controls.seed).stream("notes", 0).random_range(0..5);
        let (name, _, parts) = FORM[self.section];
        let frames = self.start(BEATS, controls.bpm);
        let mut samples = std::mem::take(&mut self.tail);
        samples.resize(samples.len().max(2 * (frames as usize + voices::longest(self.rate))), 0.0);
        let mut beats = Vec::new();
        for position in 0..BEATS {
            let frame = self.start(position, controls.bpm);
            let surprise = chance.random::<f64>() < controls.temperature * 0.3;
            let token = if surprise { parts ^ (1 << chance.random_range(1..5)) } else { parts };
            let recorded = chance.random::<f64>() < controls.mix;
            let length = self.start(position + 1, controls.bpm) - frame;
            let sound = Sound { rate: self.rate, notes, position, morph: controls.morph, recorded };
            sound.play(token, &mut samples[2 * frame as usize..], length as usize);
            beats.push(BeatNote { frame, token, class: token % 7, position: position as u32, recorded });
        }
        self.tail = samples.split_off(2 * frames as usize);
        samples.iter_mut().for_each(|sample| *sample = sample.tanh());
        self.position += BEATS as f64 * 60.0 * self.rate.as_f64() / controls.bpm;
        self.bar += 1;
        Ok(Bar { samples, bpm: controls.bpm, beats, section: name.to_owned() })
    }
}
