//! A Standard MIDI File of tokens on their grid.

use super::notes::Notes;
use super::{Section, check_sections, one_line};
use crate::error::cannot_write;
use crate::{RenderError, Timeline};
use adm_core::BEATS_PER_BAR;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::collections::BTreeSet;
use std::path::Path;

/// Ticks of a beat: what most programs use, and a multiple of all usual parts of one.
const TICKS: u64 = 480;
/// How hard every note is played, of 127.
const VELOCITY: u8 = 100;

/// What plays when.
#[derive(Debug, Clone, Copy)]
pub struct Score<'a> {
    /// Where beats lie.
    pub timeline: Timeline,
    /// The token of every slot; `None` is silence.
    pub tokens: &'a [Option<usize>],
    /// The notes of tokens.
    pub notes: &'a Notes,
    /// Named parts, the first from beat 0; may be none.
    pub sections: &'a [Section],
}

/// Writes a score as a MIDI file of several tracks, whole or not at all.
///
/// The first track holds the tempo (rounded to a microsecond a beat: 25 ms in six hours at worst), the time signature, and
/// a marker at every bar: `bar 1`, or the section's name where one begins within it, at its beat. Each channel that plays
/// has a track of its own, with one note a slot, as long as the slot.
///
/// # Errors
/// [`RenderError::WrongCount`] where there are not as many tokens as slots, [`RenderError::BadSetting`] for sections out of
/// order or a token without a note, [`RenderError::Write`].
pub fn write_midi(path: &Path, score: &Score<'_>) -> Result<(), RenderError> {
    let mut bytes = Vec::new();
    let names = score.markers()?;
    let tracks = std::iter::once(Ok(score.conductor(&names))).chain(score.channels()?);
    let header = Header::new(Format::Parallel, Timing::Metrical(u15::new(TICKS as u16)));
    let smf = Smf { header, tracks: tracks.collect::<Result<_, RenderError>>()? };
    smf.write_std(&mut bytes).map_err(cannot_write(path))?;
    adm_core::persist::write_bytes(path, &bytes).map_err(cannot_write(path))
}

type Track<'a> = Vec<TrackEvent<'a>>;

impl<'a> Score<'a> {
    /// Names and the beats that they stand at.
    fn markers(&self) -> Result<Vec<(u64, String)>, RenderError> {
        check_sections(self.sections, self.timeline, "--form")?;
        let mut markers: Vec<(u64, String)> =
            self.sections.iter().map(|section| (section.beat, one_line(&section.name))).collect();
        let named: BTreeSet<u64> = self.sections.iter().map(|section| section.beat).collect();
        let bars = (0..self.timeline.beats().div_ceil(BEATS_PER_BAR)).map(|bar| bar * BEATS_PER_BAR);
        let plain = bars.filter(|beat| !named.contains(beat));
        markers.extend(plain.map(|beat| (beat, format!("bar {}", beat / BEATS_PER_BAR + 1))));
        markers.sort();
        Ok(markers)
    }

    fn conductor<'n>(&self, markers: &'n [(u64, String)]) -> Track<'n> {
        let tempo = (self.timeline.bpm().beat().0 * 1e6).round() as u32;
        let signature = MetaMessage::TimeSignature(BEATS_PER_BAR as u8, 2, 24, 8);
        let first = [MetaMessage::Tempo(u24::new(tempo)), signature].map(|message| (0, TrackEventKind::Meta(message)));
        let marker = |(beat, name): &'n (u64, String)| {
            (beat * TICKS, TrackEventKind::Meta(MetaMessage::Marker(name.as_bytes())))
        };
        track(first.into_iter().chain(markers.iter().map(marker)), self.timeline.beats())
    }

    /// A track for each channel that plays.
    fn channels(&self) -> Result<Vec<Result<Track<'a>, RenderError>>, RenderError> {
        let (expected, actual) = (self.timeline.slots(), self.tokens.len() as u64);
        if expected != actual {
            return Err(RenderError::WrongCount { expected, actual });
        }
        let notes = self.tokens.iter().enumerate().filter_map(|(slot, token)| token.map(|token| (slot as u64, token)));
        let notes = notes
            .map(|(slot, token)| Ok((slot, self.notes.of(token).ok_or_else(|| unknown(token))?)))
            .collect::<Result<Vec<_>, RenderError>>()?;
        let used: BTreeSet<u8> = notes.iter().map(|(_, note)| note.channel).collect();
        let of = |channel: u8| {
            let own = notes.iter().filter(move |(_, note)| note.channel == channel);
            let events = own.flat_map(|(slot, note)| {
                let (key, velocity) = (u7::new(note.key), u7::new(VELOCITY));
                [
                    (self.tick(*slot), MidiMessage::NoteOn { key, vel: velocity }),
                    (self.tick(slot + 1), MidiMessage::NoteOff { key, vel: u7::new(0) }),
                ]
            });
            let midi = |message| TrackEventKind::Midi { channel: u4::new(channel), message };
            Ok(track(events.map(|(tick, message)| (tick, midi(message))), self.timeline.beats()))
        };
        Ok(used.into_iter().map(of).collect())
    }

    fn tick(&self, slot: u64) -> u64 {
        self.timeline.slot_beat(slot) * TICKS
    }
}

/// A track of events by ascending tick, which ends with the piece.
fn track<'n>(events: impl Iterator<Item = (u64, TrackEventKind<'n>)>, beats: u64) -> Track<'n> {
    let end = (beats * TICKS, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    events
        .chain([end])
        .scan(0, |now, (tick, kind)| {
            let delta = u28::new((tick - *now) as u32);
            *now = tick;
            Some(TrackEvent { delta, kind })
        })
        .collect()
}

fn unknown(token: usize) -> RenderError {
    let (what, expected) = ("a token of the score", "one that has a note");
    RenderError::BadSetting { what, expected, actual: token.to_string(), flag: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, SampleRate};

    fn timeline(bpm: f64, beats: u64) -> Timeline {
        Timeline::new(Bpm::new(bpm).unwrap(), SampleRate::CD, beats).unwrap()
    }

    fn section(beat: u64, name: &str) -> Section {
        Section { beat, name: name.to_owned() }
    }

    /// The bytes of a score's file.
    fn written(score: &Score<'_>) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("music.mid");
        write_midi(&path, score).unwrap();
        std::fs::read(&path).unwrap()
    }

    /// Events of a track with the ticks that they are at.
    fn events<'a>(track: &'a [TrackEvent<'a>]) -> Vec<(u32, TrackEventKind<'a>)> {
        track
            .iter()
            .scan(0, |now, event| {
                *now += event.delta.as_int();
                Some((*now, event.kind))
            })
            .collect()
    }

    #[test]
    fn a_score_reads_back_as_it_was_written() {
        let notes = Notes::new(&[0, 0, 1]).unwrap();
        let tokens = [0, 1, 0, 2, 2, 0].map(Some);
        let sections = [section(0, "intro"), section(5, "dr\"op\n")];
        let bytes =
            written(&Score { timeline: timeline(130.0, 6), tokens: &tokens, notes: &notes, sections: &sections });
        let smf = Smf::parse(&bytes).unwrap();
        assert_eq!((smf.header.format, smf.tracks.len()), (Format::Parallel, 3));
        let conductor = events(&smf.tracks[0]);
        let meta = |tick, message| (tick, TrackEventKind::Meta(message));
        assert_eq!(
            conductor,
            [
                meta(0, MetaMessage::Tempo(u24::new(461_538))),
                meta(0, MetaMessage::TimeSignature(4, 2, 24, 8)),
                meta(0, MetaMessage::Marker(b"intro")),
                meta(4 * 480, MetaMessage::Marker(b"bar 2")),
                meta(5 * 480, MetaMessage::Marker(b"dr'op")),
                meta(6 * 480, MetaMessage::EndOfTrack),
            ]
        );
        let played: Vec<(u32, u8, u8)> = smf.tracks[1..]
            .iter()
            .flat_map(|track| events(track))
            .filter_map(|(tick, kind)| {
                let TrackEventKind::Midi { channel, message: MidiMessage::NoteOn { key, .. } } = kind else {
                    return None;
                };
                Some((tick / 480, channel.as_int(), key.as_int()))
            })
            .collect();
        assert_eq!(played, [(0, 0, 36), (1, 0, 37), (2, 0, 36), (5, 0, 36), (3, 1, 36), (4, 1, 36)]);
    }

    /// Every note ends before another begins, at its slot's end; slices of four beats are notes of four beats.
    #[test]
    fn notes_are_as_long_as_their_slots() {
        let notes = Notes::new(&[0]).unwrap();
        let timeline = timeline(123.456, 14).with_beats_per_slice(4).unwrap();
        let tokens = [Some(0), None, Some(0), Some(0)];
        let bytes = written(&Score { timeline, tokens: &tokens, notes: &notes, sections: &[] });
        let smf = Smf::parse(&bytes).unwrap();
        let ticks: Vec<u32> = events(&smf.tracks[1]).iter().map(|(tick, _)| tick / 480).collect();
        assert_eq!(ticks, [0, 4, 8, 12, 12, 14, 14]);
    }

    #[test]
    fn scores_that_make_no_sense_are_refused_and_write_nothing() {
        let notes = Notes::new(&[0]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("music.mid");
        let refused = |tokens: &[Option<usize>], sections: &[Section]| {
            let score = Score { timeline: timeline(120.0, 4), tokens, notes: &notes, sections };
            write_midi(&path, &score).unwrap_err().to_string()
        };
        let four = [Some(0); 4];
        assert_eq!(refused(&four[..3], &[]), "the timeline takes 4 slices, got 3");
        assert_eq!(refused(&[Some(1); 4], &[]), "a token of the score must be one that has a note, got 1");
        for bad in
            [vec![section(1, "a")], vec![section(0, "a"), section(0, "b")], vec![section(0, "a"), section(4, "b")]]
        {
            assert!(refused(&four, &bad).starts_with("the first beats of the sections must be"), "{bad:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = Path::new("/proc/nowhere/music.mid");
        let score = Score { timeline: timeline(120.0, 4), tokens: &four, notes: &notes, sections: &[] };
        assert_eq!(write_midi(nowhere, &score).unwrap_err().to_string(), "cannot write /proc/nowhere/music.mid");
    }
}
