//! What is heard when: bars end to end, repeats, pauses.

use super::changes::Changes;
use super::edit::{self, RAMP_MS, SEAM_MS};
use super::feeder::{CHUNK_MS, Feeder};
use super::lead::Lead;
use super::made::Made;
use super::report::LiveReport;
use super::supply::Supply;
use crate::LiveError;
use crate::controls::Board;
use crate::tap::{BarStart, Event, Repeat, State};

/// Plays what a supply makes into a feeder.
pub(crate) struct Player<'a> {
    board: &'a Board,
    supply: Box<dyn Supply + Send>,
    feeder: Feeder<'a>,
    ahead: usize,
    lead: Lead,
    begun_next: bool,
    sounding: bool,
    late: bool,
    heard: u64,
    changes: Changes,
    next_state: u64,
    report: LiveReport,
}

impl<'a> Player<'a> {
    pub(crate) fn new(board: &'a Board, supply: Box<dyn Supply + Send>, feeder: Feeder<'a>, ahead: usize) -> Self {
        let (begun_next, sounding, late, heard, next_state) = (true, true, false, 0, 0);
        let (lead, changes, report) = (Lead::new(ahead), Changes::default(), LiveReport::default());
        Self { board, supply, feeder, ahead, lead, begun_next, sounding, late, heard, changes, next_state, report }
    }

    /// Plays until it is told to stop, nobody listens, or the source fails; completes the sinks in each case.
    pub(crate) fn run(mut self) -> Result<LiveReport, LiveError> {
        self.feeder.observer.begin("playing", None);
        let played = self.play();
        self.feeder.observer.end();
        let (frame, latest) = (self.feeder.frame, self.feeder.latest.as_secs_f64());
        self.feeder.outputs.tell(&Event::Ended { frame });
        let finished = self.feeder.outputs.finish();
        self.report.frames = frame;
        self.report.latest_chunk = latest;
        played.and(finished).map(|()| self.report)
    }

    fn play(&mut self) -> Result<(), LiveError> {
        // Nothing sounds yet, so what is made first is needed at once.
        (0..self.ahead).for_each(|_| self.begin(0));
        let Some(mut made) = self.take(true)? else { return Ok(()) };
        self.feeder.start();
        self.report.first_sound = self.feeder.clock.now().as_secs_f64();
        let mut repeat = None;
        while self.feeder.goes_on() {
            self.announce(&made, repeat);
            let at = self.play_bar(&made, repeat.is_some());
            if !self.feeder.goes_on() {
                self.die_away(&made, at);
                break;
            }
            let last = made.samples[made.samples.len() - self.feeder.format.channels..].to_vec();
            let next = self.next(made);
            if next.is_err() || !self.feeder.goes_on() {
                self.let_go(&last);
                return next.map(|_| ());
            }
            (made, repeat) = next?;
        }
        Ok(())
    }

    /// Lets one more bar be begun, `rest` frames before the end of the one that sounds.
    fn begin(&mut self, rest: usize) {
        self.supply.begin(self.feeder.deadline(rest), self.feeder.clock.as_ref());
    }

    fn next(&mut self, made: Made) -> Result<(Made, Option<Repeat>), LiveError> {
        let (_, hold, _) = self.board.transport();
        if hold {
            self.report.held += 1;
            return Ok((made, Some(Repeat::Held)));
        }
        let next = self.take(false)?;
        let was_late = std::mem::replace(&mut self.late, next.is_none());
        match next {
            Some(next) => Ok((next, None)),
            None => {
                self.lament(!was_late);
                Ok((made, Some(Repeat::Late)))
            }
        }
    }

    fn take(&mut self, first: bool) -> Result<Option<Made>, LiveError> {
        let until = (!first).then(|| self.feeder.deadline(0));
        let observer = self.feeder.observer;
        let made = self.supply.take(until, self.feeder.clock.as_mut(), &|| observer.stop_requested())?;
        if let Some(made) = &made {
            self.begun_next = false;
            self.lead.learn(made.took);
            self.report.made(made.took);
        }
        Ok(made)
    }

    fn lament(&mut self, first: bool) {
        if self.feeder.observer.stop_requested() {
            return;
        }
        self.report.repeats += 1;
        let repeats = self.report.repeats;
        if first {
            self.feeder
                .observer
                .warn(&format!("the next bar was not ready in time, so the last one repeats (repeat {repeats})"));
        }
        self.feeder.outputs.tell(&Event::Late { frame: self.feeder.frame, repeats });
    }

    fn announce(&mut self, made: &Made, repeat: Option<Repeat>) {
        let (frame, index) = (self.feeder.frame, self.report.bars);
        let frames = self.feeder.format.frames(made.samples.len()) as u64;
        let (bpm, section, beats, revision) = (made.bpm, made.section.clone(), made.beats.clone(), made.revision);
        self.feeder.outputs.tell(&Event::Bar(BarStart { index, frame, frames, bpm, section, beats, repeat, revision }));
        let waited = self.changes.hear(revision, frame) as f64 / self.feeder.format.rate.as_f64();
        self.report.slowest_change = self.report.slowest_change.max(waited);
        self.report.bars += 1;
        self.heard = revision;
        self.feeder.observer.advance(1);
        let words = if made.section.is_empty() { String::new() } else { format!("{}, ", made.section) };
        self.feeder.observer.status(&format!("{words}{:.1} BPM, {} late", made.bpm, self.report.repeats));
        self.tell_state();
    }

    /// Plays a bar, or what of it is played before the stream ends; returns how many of its frames were.
    fn play_bar(&mut self, made: &Made, repeated: bool) -> usize {
        let format = self.feeder.format;
        let frames = format.frames(made.samples.len());
        let begin_next_at = frames - self.lead.frames(frames, format);
        let mut at = 0;
        while at < frames && self.feeder.goes_on() {
            if at >= begin_next_at && !self.begun_next {
                self.begin(frames - at);
                self.begun_next = true;
            }
            self.supply.tick(self.feeder.clock.as_ref());
            let playing = self.look();
            at += self.send(made, at, playing, repeated);
        }
        at
    }

    /// Ends a bar that is cut off at frame `at` without a click: in a recording, this is heard later.
    fn die_away(&mut self, made: &Made, at: usize) {
        let samples = at * self.feeder.format.channels;
        if samples >= made.samples.len() {
            self.let_go(&made.samples[made.samples.len() - self.feeder.format.channels..]);
        } else if self.sounding && self.feeder.left() > 0 {
            self.send_mended(made, at, RAMP_MS, edit::fade_out);
        }
    }

    /// Lets the last frame that sounded die away, where nothing follows it.
    fn let_go(&mut self, last: &[f32]) {
        let format = self.feeder.format;
        if self.sounding && self.feeder.left() > 0 {
            let held = last.repeat(format.frames_of(RAMP_MS));
            self.feeder.send_edited(&held, |samples| edit::fade_out(samples, format));
        }
    }

    /// Sends the next chunk of a bar, or of silence; returns the bar's frames that were sent.
    fn send(&mut self, made: &Made, at: usize, playing: bool, repeated: bool) -> usize {
        match (playing, std::mem::replace(&mut self.sounding, playing)) {
            (true, true) if repeated && at == 0 => {
                let before = &made.samples[made.samples.len() - self.feeder.format.channels..];
                self.send_mended(made, at, SEAM_MS, |samples, format| edit::join(samples, before, format))
            }
            (true, true) => {
                let (from, to) = self.span(made, at, CHUNK_MS);
                self.feeder.send(&made.samples[from..to], made.wire.slice(from * 2..to * 2))
            }
            (true, false) => self.send_mended(made, at, RAMP_MS, edit::fade_in),
            (false, true) => self.send_mended(made, at, RAMP_MS, edit::fade_out),
            (false, false) => {
                self.feeder.send_silence();
                0
            }
        }
    }

    fn send_mended(
        &mut self,
        made: &Made,
        at: usize,
        milliseconds: u32,
        mend: impl FnOnce(&mut [f32], crate::bar::Format),
    ) -> usize {
        let (from, to) = self.span(made, at, milliseconds);
        let format = self.feeder.format;
        self.feeder.send_edited(&made.samples[from..to], |samples| mend(samples, format))
    }

    /// The samples of a chunk that begins at frame `at`.
    fn span(&self, made: &Made, at: usize, milliseconds: u32) -> (usize, usize) {
        let Feeder { format, .. } = self.feeder;
        let to = (at + format.frames_of(milliseconds)) * format.channels;
        (at * format.channels, to.min(made.samples.len()))
    }

    /// Looks at the controls, tells of changes, and says whether music is to sound.
    fn look(&mut self) -> bool {
        let (playing, hold, revision) = self.board.transport();
        let changed = self.changes.see(revision, self.feeder.frame);
        if !playing || hold {
            self.changes.forget();
        }
        if changed || self.feeder.frame >= self.next_state {
            self.tell_state();
        }
        playing
    }

    fn tell_state(&mut self) {
        let (frame, format, heard, repeats) = (self.feeder.frame, self.feeder.format, self.heard, self.report.repeats);
        let asked = self.board.asked();
        let first_sound_ms = (self.report.first_sound * 1e3) as u64;
        let (controls, revision) = (asked.controls, asked.revision);
        let state = State { frame, format, controls, revision, heard, repeats, first_sound_ms };
        self.feeder.outputs.tell(&Event::State(state));
        self.next_state = frame + u64::from(format.rate.hz());
    }
}
