//! One pretended participant.

use super::Rehearsal;
use super::respond::Respond;
use crate::answers::{Answers, Asked, FORMAT, Row, VERSION, asked, wanted};
use crate::bundle::Opened;
use crate::key::Key;
use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};

pub(super) struct Person<'a> {
    bundle: &'a Opened,
    key: &'a Key,
    number: u64,
    /// The share of right answers that this person gives.
    right: f64,
    attention: f64,
    random: StreamRng,
}

impl<'a> Person<'a> {
    pub(super) fn new(bundle: &'a Opened, key: &'a Key, settings: &Rehearsal, seeds: Seeds, number: u64) -> Self {
        let mut random = seeds.stream("survey rehearsal", number);
        let right = ear(settings, &mut random);
        Self { bundle, key, number, right, attention: settings.attention, random }
    }

    pub(super) fn answers(mut self) -> Answers {
        let manifest = &self.bundle.manifest;
        let sheet = self.number as usize % manifest.sheets.len().max(1);
        let mut rows: Vec<Row> = Vec::new();
        for asked in asked(manifest, sheet) {
            if wanted(&asked, &rows) {
                rows.push(self.row(&asked));
            }
        }
        let seconds = (rows.iter().map(|row| row.ms).sum::<u64>() / 1000).min(3599);
        let mut answers = Answers {
            format: FORMAT.to_owned(),
            version: VERSION,
            bundle: self.bundle.id.clone(),
            participant: self.uuid(),
            sheet,
            started: "2026-01-01T00:00:00.000Z".to_owned(),
            finished: format!("2026-01-01T00:{:02}:{:02}.000Z", seconds / 60, seconds % 60),
            device_rate: 48_000,
            rows,
            checksum: String::new(),
        };
        answers.checksum = answers.expected_checksum();
        answers
    }

    fn row(&mut self, asked: &Asked<'_>) -> Row {
        let mut respond =
            Respond { key: self.key, right: self.right, attention: self.attention, random: &mut self.random };
        let response = respond.to(asked);
        let heard = if asked.trial.is_empty() { [0, 0] } else { [1 + self.random.random_range(0..4), 100] };
        Row {
            page: asked.page,
            block: asked.block.to_owned(),
            position: asked.position.map(|position| position.to_string()).unwrap_or_default(),
            trial: asked.trial.to_owned(),
            question: asked.question.to_owned(),
            slot: asked.slot.map(|slot| slot.to_string()).unwrap_or_default(),
            stimulus: asked.stimulus.to_owned(),
            response,
            declined: false,
            ms: self.random.random_range(800..12_000),
            plays: heard[0],
            heard: heard[1],
        }
    }

    /// A UUID that says what it is, and is no less one.
    fn uuid(&mut self) -> String {
        let tail: u64 = self.random.random_range(0..1 << 48);
        format!("0000{:04x}-{:04x}-4000-8000-{tail:012x}", self.number >> 16 & 0xffff, self.number & 0xffff)
    }
}

/// The share of right answers that someone gives.
fn ear(settings: &Rehearsal, random: &mut StreamRng) -> f64 {
    let deviate = normal(random);
    if settings.spread == 0.0 || settings.right <= 0.0 || settings.right >= 1.0 {
        return settings.right;
    }
    let odds = (settings.right / (1.0 - settings.right)).ln() + settings.spread * deviate;
    1.0 / (1.0 + (-odds).exp())
}

/// A standard normal deviate (Box and Muller).
fn normal(random: &mut StreamRng) -> f64 {
    let (radius, angle): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - radius).ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}
