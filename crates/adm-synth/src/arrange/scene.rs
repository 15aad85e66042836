//! Who plays how loudly, and how brightly, in each bar of a section.

use super::{Section, SectionKind};
use crate::pattern::Part;
use adm_core::seeds::{RngExt, StreamRng};

/// What one bar sounds like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// Level of each part, 0 (silent) to 1.
    levels: [f32; Part::COUNT],
    /// Brightness of the harmony, -1 (a closed filter) to 1.
    pub tone: f32,
}

impl Scene {
    /// Level of `part`, 0 to 1.
    pub fn level(&self, part: Part) -> f32 {
        self.levels[part as usize]
    }

    fn silent(tone: f32) -> Self {
        Self { levels: [0.0; Part::COUNT], tone }
    }

    fn with(mut self, levels: &[(Part, f32)]) -> Self {
        for &(part, level) in levels {
            self.levels[part as usize] = level;
        }
        self
    }
}

/// What a track likes: which of the optional parts it has at all, and when.
#[derive(Debug, Clone)]
pub struct Taste {
    rims: bool,
    shaker: bool,
    perc: bool,
    toms: bool,
    ride: bool,
    pluck: bool,
    pad_in_groove: bool,
    stabs: bool,
    hats_in_break: bool,
    bass_in_break: bool,
    bass_early: bool,
    has_snare: bool,
}

impl Taste {
    /// Draws a taste; where `has_snare`, the snare and not the clap carries the back beat.
    pub fn draw(rng: &mut StreamRng, has_snare: bool) -> Self {
        let mut likes = |probability| rng.random_bool(probability);
        Self {
            rims: likes(0.4),
            shaker: likes(0.6),
            perc: likes(0.7),
            toms: likes(0.3),
            ride: likes(0.5),
            pluck: likes(0.7),
            pad_in_groove: likes(0.35),
            stabs: likes(0.8),
            hats_in_break: likes(0.6),
            bass_in_break: likes(0.25),
            bass_early: likes(0.5),
            has_snare,
        }
    }

    /// Bar `bar` of `section`, counted from the section's first.
    pub fn scene(&self, section: Section, bar: u64) -> Scene {
        let progress = bar as f32 / section.bars as f32;
        match section.kind {
            SectionKind::Intro => self.intro(progress),
            SectionKind::Groove => self.groove(progress),
            SectionKind::Break => self.breakdown(progress),
            SectionKind::Drop => self.drop(progress),
            SectionKind::Outro => self.outro(progress),
        }
    }

    fn intro(&self, progress: f32) -> Scene {
        let (early, late) = (after(progress, 0.25), after(progress, 0.5));
        self.back_beat(Scene::silent(-0.9 + 0.8 * progress), late).with(&[
            (Part::Kick, 1.0),
            (Part::Hat, 0.5 + 0.4 * early),
            (Part::OpenHat, after(progress, 0.75) * 0.8),
            (Part::Shaker, on(self.shaker) * late * 0.8),
            (Part::Perc, on(self.perc) * early * 0.7),
            (Part::Bass, on(self.bass_early) * late * 0.9),
            (Part::Stab, on(self.stabs) * after(progress, 0.75) * 0.5),
        ])
    }

    fn groove(&self, progress: f32) -> Scene {
        let (early, late) = (after(progress, 0.3), after(progress, 0.6));
        self.back_beat(Scene::silent(-0.4 + 0.6 * progress), 1.0).with(&[
            (Part::Kick, 1.0),
            (Part::Hat, 0.9),
            (Part::OpenHat, 0.4 + 0.5 * early),
            (Part::Shaker, on(self.shaker) * 0.9),
            (Part::Perc, on(self.perc) * 0.9),
            (Part::Tom, on(self.toms) * late * 0.6),
            (Part::Bass, 1.0),
            (Part::Stab, on(self.stabs) * (0.5 + 0.4 * early)),
            (Part::Pad, on(self.pad_in_groove) * 0.5),
            (Part::Pluck, on(self.pluck) * late * 0.7),
        ])
    }

    fn breakdown(&self, progress: f32) -> Scene {
        let late = after(progress, 0.5);
        Scene::silent(-0.8 + 1.7 * progress).with(&[
            (Part::Hat, on(self.hats_in_break) * late * 0.4),
            (Part::OpenHat, on(self.hats_in_break) * 0.6),
            (Part::Shaker, on(self.shaker) * 0.5),
            (Part::Perc, on(self.perc) * 0.5),
            (Part::Bass, on(self.bass_in_break) * 0.6),
            (Part::Stab, on(self.stabs) * (0.6 + 0.4 * progress)),
            (Part::Pad, 1.0),
            (Part::Pluck, on(self.pluck || !self.stabs) * (0.5 + 0.4 * progress)),
        ])
    }

    fn drop(&self, progress: f32) -> Scene {
        let late = after(progress, 0.5);
        self.back_beat(Scene::silent(0.4 - 0.2 * progress), 1.0).with(&[
            (Part::Kick, 1.0),
            (Part::Hat, 1.0),
            (Part::OpenHat, 1.0),
            (Part::Ride, on(self.ride) * late),
            (Part::Shaker, on(self.shaker)),
            (Part::Perc, on(self.perc)),
            (Part::Tom, on(self.toms) * 0.8),
            (Part::Bass, 1.0),
            (Part::Stab, on(self.stabs)),
            (Part::Pad, if self.stabs { 0.35 } else { 0.7 }),
            (Part::Pluck, on(self.pluck) * (0.5 + 0.4 * late)),
        ])
    }

    fn outro(&self, progress: f32) -> Scene {
        let (early, late) = (1.0 - after(progress, 0.5), 1.0 - after(progress, 0.75));
        self.back_beat(Scene::silent(-0.1 - 0.7 * progress), late).with(&[
            (Part::Kick, 1.0),
            (Part::Hat, 0.9),
            (Part::OpenHat, 0.8 * late),
            (Part::Ride, on(self.ride) * early * 0.8),
            (Part::Perc, on(self.perc) * 0.8),
            (Part::Bass, early),
            (Part::Stab, on(self.stabs) * early * 0.5),
        ])
    }

    fn back_beat(&self, scene: Scene, level: f32) -> Scene {
        if self.has_snare {
            scene.with(&[(Part::Snare, level), (Part::Clap, on(self.rims) * level * 0.6)])
        } else {
            scene.with(&[(Part::Clap, level), (Part::Snare, on(self.rims) * level * 0.7)])
        }
    }
}

fn on(liked: bool) -> f32 {
    f32::from(liked)
}

fn after(progress: f32, point: f32) -> f32 {
    on(progress >= point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn only_a_break_is_without_a_kick_and_every_bar_has_players() {
        use SectionKind::{Break, Drop, Groove, Intro, Outro};
        for seed in 0..100 {
            let taste = Taste::draw(&mut Seeds::new(seed).stream("test", 0), seed % 2 == 0);
            for kind in [Intro, Groove, Break, Drop, Outro] {
                for bar in 0..8 {
                    let scene = taste.scene(Section { kind, start: 0, bars: 8 }, bar);
                    assert_eq!(scene.level(Part::Kick) == 0.0, kind == Break);
                    assert!(scene.levels.iter().filter(|&&level| level > 0.0).count() >= 2, "{kind:?} {bar}");
                    assert!(scene.levels.iter().all(|level| (0.0..=1.0).contains(level)));
                }
            }
        }
    }
}
