//! The tempo of recordings as a picture: how it moves, how sure it is, and what was skipped.
//!
//! A panel a recording, one above the other. Time runs to the right. The upper part shows the tempo in BPM; the strip
//! below it the confidence, from nothing at its lower to certain at its upper edge; the lowest strip what was left out.

use crate::raster::Raster;

/// Pixels across a picture and up a panel.
const SIZE: (usize, usize) = (1_200, 320);
/// Left of the plot is room for numbers; right, above and below it a little air.
const LEFT: usize = 60;
const RIGHT: usize = 16;
const TOP: usize = 14;
/// Height of the parts of a panel and of the gaps between them.
const TEMPO: usize = 190;
const GAP: usize = 8;
const CONFIDENCE: usize = 48;
const SKIPPED: usize = 14;
/// Most panels of a picture.
const MOST_PANELS: usize = 32;
/// The least range of tempi that fills a panel, in BPM, so that rounding does not look like a journey.
const LEAST_RANGE: f64 = 4.0;

const PAPER: [u8; 3] = [252, 252, 250];
const INK: [u8; 3] = [40, 40, 46];
const FAINT: [u8; 3] = [222, 222, 218];
const LINE: [u8; 3] = [20, 110, 190];
const SURE: [u8; 3] = [120, 180, 130];
const GONE: [u8; 3] = [205, 70, 60];

/// One recording.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TempoPanel {
    /// Length of the recording in seconds.
    pub duration: f64,
    /// Stretches of even tempo.
    pub stretches: Vec<TempoStretch>,
    /// From when to when it was left out, in seconds.
    pub skipped: Vec<(f64, f64)>,
}

/// A stretch of even tempo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TempoStretch {
    /// When it starts and ends, in seconds.
    pub span: (f64, f64),
    /// Tempo at its start and its end, in BPM.
    pub bpm: (f64, f64),
    /// How sure it is, 0 to 1.
    pub confidence: f64,
}

/// The picture of some recordings, as the bytes of a PNG; of the first 32 where there are more. `None` where there is
/// nothing to draw.
pub fn tempo_picture(panels: &[TempoPanel]) -> Option<Vec<u8>> {
    let panels = &panels[..panels.len().min(MOST_PANELS)];
    if panels.iter().all(|panel| panel.stretches.is_empty() || panel.duration <= 0.0) {
        return None;
    }
    let mut raster = Raster::new(SIZE.0, SIZE.1 * panels.len(), PAPER);
    for (index, panel) in panels.iter().enumerate() {
        Plot::new(panel, SIZE.1 * index).draw(panel, &mut raster);
    }
    raster.into_png()
}

/// Where things of a panel come.
struct Plot {
    top: usize,
    duration: f64,
    lowest: f64,
    highest: f64,
}

impl Plot {
    fn new(panel: &TempoPanel, top: usize) -> Self {
        let tempi = || panel.stretches.iter().flat_map(|stretch| [stretch.bpm.0, stretch.bpm.1]);
        let (low, high) = (tempi().fold(f64::INFINITY, f64::min), tempi().fold(f64::NEG_INFINITY, f64::max));
        let room = (0.1 * (high - low)).max(0.5 * (LEAST_RANGE - (high - low))).max(0.5);
        Self { top: top + TOP, duration: panel.duration.max(1e-3), lowest: low - room, highest: high + room }
    }

    fn x(&self, time: f64) -> usize {
        let width = (SIZE.0 - LEFT - RIGHT) as f64;
        LEFT + ((time / self.duration).clamp(0.0, 1.0) * (width - 1.0)).round() as usize
    }

    fn y(&self, bpm: f64) -> usize {
        let share = (bpm - self.lowest) / (self.highest - self.lowest);
        self.top + ((1.0 - share.clamp(0.0, 1.0)) * (TEMPO - 1) as f64).round() as usize
    }

    fn draw(&self, panel: &TempoPanel, raster: &mut Raster) {
        let strip = self.top + TEMPO + GAP;
        let lowest = strip + CONFIDENCE + GAP;
        self.draw_axes(raster, lowest + SKIPPED);
        for stretch in &panel.stretches {
            let (from, to) = (self.x(stretch.span.0), self.x(stretch.span.1).max(self.x(stretch.span.0) + 1));
            let height = (stretch.confidence.clamp(0.0, 1.0) * CONFIDENCE as f64).round() as usize;
            raster.fill((from, strip + CONFIDENCE - height), (to, strip + CONFIDENCE), SURE);
            raster.line((from, self.y(stretch.bpm.0)), (to, self.y(stretch.bpm.1)), LINE);
        }
        raster.frame((LEFT, strip), (SIZE.0 - RIGHT, strip + CONFIDENCE), FAINT);
        for &(from, to) in &panel.skipped {
            raster.fill((self.x(from), lowest), (self.x(to).max(self.x(from) + 1), lowest + SKIPPED), GONE);
        }
        raster.frame((LEFT, lowest), (SIZE.0 - RIGHT, lowest + SKIPPED), FAINT);
    }

    fn draw_axes(&self, raster: &mut Raster, bottom: usize) {
        let step = nice((self.highest - self.lowest) / 6.0);
        let first = (self.lowest / step).ceil() as i64;
        for bpm in (first..).map(|nth| nth as f64 * step).take_while(|&bpm| bpm <= self.highest) {
            raster.fill((LEFT, self.y(bpm)), (SIZE.0 - RIGHT, self.y(bpm) + 1), FAINT);
            let text = if step < 1.0 { format!("{bpm:.1}") } else { format!("{bpm:.0}") };
            raster.write(&text, (LEFT - 6, self.y(bpm)), INK);
        }
        let step = whole_time(self.duration / 12.0);
        for time in (0..).map(|nth| f64::from(nth) * step).take_while(|&time| time <= self.duration) {
            raster.fill((self.x(time), self.top), (self.x(time) + 1, bottom), FAINT);
            let text = format!("{}:{:02}", time as u64 / 60, time as u64 % 60);
            raster.write(&text, (self.x(time) + 2 * text.len() + 4, bottom + 12), INK);
        }
    }
}

/// 1, 2 or 5 times a power of ten, at least `least`.
fn nice(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|&step| step >= least).unwrap_or(least)
}

/// A step of time in seconds that clocks have, at least `least`.
fn whole_time(least: f64) -> f64 {
    const STEPS: [f64; 11] = [1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0];
    STEPS.into_iter().find(|&step| step >= least).unwrap_or((least / 3_600.0).ceil() * 3_600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> TempoPanel {
        let stretch = |from: f64, to: f64, bpm, confidence| TempoStretch { span: (from, to), bpm, confidence };
        TempoPanel {
            duration: 300.0,
            stretches: vec![stretch(0.0, 100.0, (124.0, 124.0), 1.0), stretch(100.0, 300.0, (124.0, 138.0), 0.2)],
            skipped: vec![(100.0, 150.0)],
        }
    }

    #[test]
    fn a_picture_shows_each_part_where_it_is() {
        let plot = Plot::new(&panel(), 0);
        let mut raster = Raster::new(SIZE.0, SIZE.1, PAPER);
        plot.draw(&panel(), &mut raster);
        let strip = plot.top + TEMPO + GAP;
        let lowest = strip + CONFIDENCE + GAP;
        assert_eq!(raster.at((plot.x(50.0), plot.y(124.0))), LINE);
        assert_eq!(raster.at((plot.x(200.0), plot.y(131.0))), LINE);
        assert_eq!(raster.at((plot.x(55.0), strip + 2)), SURE, "sure to the strip's top");
        assert_ne!(raster.at((plot.x(205.0), strip + 2)), SURE, "hardly sure");
        assert_eq!(raster.at((plot.x(205.0), strip + CONFIDENCE - 2)), SURE);
        assert_eq!(raster.at((plot.x(130.0), lowest + 5)), GONE);
        assert_ne!(raster.at((plot.x(180.0), lowest + 5)), GONE);
    }

    #[test]
    fn pictures_are_pngs_and_nothing_gives_none() {
        let png = tempo_picture(&[panel(), panel()]).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
        assert_eq!(u32::from_be_bytes([png[20], png[21], png[22], png[23]]), 2 * SIZE.1 as u32);
        assert_eq!(tempo_picture(&[]), None);
        assert_eq!(tempo_picture(&[TempoPanel::default()]), None);
        assert!(tempo_picture(&vec![panel(); 100]).is_some());
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0.3, 1.0, 1.2, 3.0, 7.0].map(nice), [0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!([0.1, 12.0, 61.0, 9_000.0].map(whole_time), [1.0, 15.0, 120.0, 10_800.0]);
    }
}
