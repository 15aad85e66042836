use super::*;
use crate::Timeline;
use adm_core::{Bpm, Frames, Hint, SampleRate};

fn timeline(bpm: f64, hz: u32, beats: u64) -> Timeline {
    Timeline::new(Bpm::new(bpm).unwrap(), SampleRate::new(hz).unwrap(), beats).unwrap()
}

fn stitch<M: Into<Material>>(timeline: Timeline, channels: usize, slice: impl Fn(u64) -> M) -> Vec<f32> {
    stitch_beats(timeline, channels, 1, slice)
}

fn stitch_beats<M: Into<Material>>(
    timeline: Timeline,
    channels: usize,
    beats: usize,
    slice: impl Fn(u64) -> M,
) -> Vec<f32> {
    let stitcher = Stitcher::new(timeline.rate(), channels, Crossfade::default()).unwrap();
    let (mut stitcher, mut out) = (stitcher.with_beats(beats), Vec::new());
    for slot in 0..timeline.slots() {
        out.extend_from_slice(stitcher.push(&slice(slot).into(), timeline.slot(slot)).unwrap());
    }
    out.extend_from_slice(stitcher.finish());
    out
}

/// A slice before which there was silence.
fn after_silence(slice: Vec<f32>) -> Material {
    Material { before: vec![0.0; 20_000], ..slice.into() }
}

/// A sine of the given frequency from frame 0 on, in both channels.
fn sine(hz: f64, rate: f64, phase: f64, frames: usize) -> Vec<f32> {
    let turn = std::f64::consts::TAU * hz / rate;
    (0..frames).flat_map(|frame| [(turn * frame as f64 + phase).sin() as f32 * 0.5; 2]).collect()
}

#[test]
fn lengths_and_impulses_are_exact_for_any_tempo_rate_and_count() {
    for hz in [22_050, 44_100, 48_000, 96_000] {
        for bpm in [60.0, 93.7, 124.0, 130.0, 133.33, 174.0, 200.0] {
            for beats in [1, 2, 7, 64, if hz == 22_050 { 1_000 } else { 100 }] {
                let timeline = timeline(bpm, hz, beats);
                let trained = Bpm::FOUNDING.beat_frames(timeline.rate());
                let out = stitch(timeline, 1, |_| {
                    let mut slice = vec![0.0; trained];
                    slice[0] = 1.0;
                    after_silence(slice)
                });
                assert_eq!(Frames(out.len() as u64), timeline.frames(), "{bpm} BPM, {hz} Hz, {beats} beats");
                let sounding: Vec<u64> = (0..).zip(&out).filter(|(_, x)| **x != 0.0).map(|(frame, _)| frame).collect();
                let expected: Vec<u64> = (0..beats).map(|k| timeline.bpm().beat_start(k, timeline.rate())).collect();
                assert_eq!(sounding, expected, "{bpm} BPM, {hz} Hz, {beats} beats");
                assert!(sounding.iter().all(|frame| out[*frame as usize] == 1.0));
            }
        }
    }
}

#[test]
fn a_placed_slice_is_untouched_from_its_grid_point_to_its_own_fade() {
    for (bpm, trained) in [(130.0, 20_354), (140.0, 20_354), (120.0, 20_354)] {
        let timeline = timeline(bpm, 44_100, 8);
        let slice: Vec<f32> = sine(220.0, 44_100.0, 1.0, trained);
        let out = stitch_beats(timeline, 2, 0, |_| slice.clone());
        let fade = 353;
        for slot in 0..8 {
            let start = 2 * timeline.slot_start(slot) as usize;
            let kept = 2 * (timeline.slot_frames(slot).min(trained) - fade);
            assert_eq!(out[start..start + kept], slice[..kept], "{bpm} BPM, slot {slot}");
        }
    }
}

/// Placed at a slower tempo than the slice's: its own fade, silence, the lead-in of the next at the level of that silence.
#[test]
fn a_longer_slot_is_padded_with_silence() {
    let timeline = timeline(65.0, 44_100, 3);
    let out = stitch_beats(timeline, 1, 0, |_| after_silence(vec![0.5; 20_354]));
    let start = timeline.slot_start(1) as usize;
    assert!(out[start + 20_353].abs() < 0.002, "the end is faded out: {}", out[start + 20_353]);
    assert!(out[start + 20_354..timeline.slot_start(2) as usize].iter().all(|x| *x == 0.0));
}

/// Sounds out of phase with each other keep their power through the join, within 1 dB of a 1 ms window's ripple.
#[test]
fn held_sounds_neither_dip_nor_click_at_the_join() {
    let timeline = timeline(130.0, 44_100, 33);
    let out = stitch(timeline, 2, |slot| sine(997.0, 44_100.0, 2.399 * slot as f64, 20_354));
    let (mut joins, mut bodies, mut steepest) = (0.0, 0.0, 0.0f32);
    for slot in 1..33 {
        let grid = 2 * timeline.slot_start(slot) as usize;
        joins += power(&out[grid - 706..grid]) / 32.0;
        bodies += power(&out[grid + 2_000..grid + 2_706]) / 32.0;
        let around = out[grid - 8..grid + 8].chunks_exact(2).map(|frame| frame[0]).collect::<Vec<_>>();
        steepest = around.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(steepest, f32::max);
    }
    let dip = 10.0 * (joins / bodies).log10();
    assert!(dip.abs() < 1.0, "power through the join: {dip} dB");
    // The sine itself moves by 0.07 a frame at its steepest.
    assert!(steepest < 0.08, "step at the grid point: {steepest}");
}

/// A loud beat after a quiet tail may not announce itself: what sounds before the grid is no louder than the tail.
#[test]
fn a_transient_has_no_pre_echo() {
    let timeline = timeline(130.0, 44_100, 2);
    let quiet = sine(440.0, 44_100.0, 0.0, 20_354).iter().map(|x| x * 0.01).collect::<Vec<_>>();
    let loud = sine(3_000.0, 44_100.0, 0.5, 20_354);
    let out = stitch(timeline, 2, |slot| if slot == 0 { quiet.clone() } else { loud.clone() });
    let grid = 2 * timeline.slot_start(1) as usize;
    let (before, body) = (power(&out[grid - 706..grid]), power(&quiet));
    assert!(before < 1.3 * body, "power before the grid {before}, of the quiet slice {body}");
    assert_eq!(out[grid..grid + 1_000], loud[..1_000]);
}

/// A generator's beat whose first sample sticks out: it stays, and what leads to it meets it, in a loop's end too.
#[test]
fn a_start_that_sticks_out_is_no_step() {
    let slice: Vec<f32> =
        (0..20_354).map(|n| 0.1 * (n as f32 * 0.02).sin() + 0.3 * (-(n as f32) / 40.0).exp()).collect();
    let mut stitcher = Stitcher::new(SampleRate::CD, 1, Crossfade::default()).unwrap();
    let mut out = stitcher.push(&slice.clone().into(), 20_354).unwrap().to_vec();
    out.extend_from_slice(stitcher.push(&slice.clone().into(), 20_354).unwrap());
    out.extend_from_slice(stitcher.close(&slice.clone().into()));
    assert_eq!(out[20_354..20_354 + 4_410], slice[..4_410]);
    for before in [out[20_353], out[2 * 20_354 - 1]] {
        assert!((before - slice[0]).abs() < 0.001, "from {before} to {}", slice[0]);
    }
}

#[test]
fn odd_slices_are_laid_like_any_other() {
    let timeline = timeline(400.0, 22_050, 5).with_beats_per_slice(2).unwrap();
    for length in [0, 1, 5, 40_000] {
        let out = stitch(timeline, 2, |_| vec![0.25; 2 * length]);
        assert_eq!(out.len() as u64, 2 * timeline.frames().0, "slices of {length} frames");
        assert!(out.iter().all(|x| x.is_finite() && x.abs() < 0.5), "slices of {length} frames");
    }
}

/// The same slices in one slot each of quite different lengths, as live tempi are.
#[test]
fn slots_may_be_of_any_length() {
    let slice = sine(440.0, 44_100.0, 0.0, 20_354);
    let mut stitcher = Stitcher::new(SampleRate::CD, 2, Crossfade::default()).unwrap();
    let (mut out, mut starts) = (Vec::new(), Vec::new());
    let lengths = [20_354, 18_000, 1, 30_000, 0, 100, 20_353];
    for frames in lengths {
        starts.push(starts.last().map_or(0, |start| start + frames));
        out.extend_from_slice(stitcher.push(&slice.clone().into(), frames).unwrap());
    }
    out.extend_from_slice(stitcher.finish());
    assert_eq!(out.len(), 2 * lengths.iter().sum::<usize>());
    assert!(out.iter().all(|sample| sample.abs() < 1.0));
    assert_eq!(stitcher.finish(), [0.0f32; 0]);
}

/// A recording cut into beats and put together again is the recording, also where a beat misses its slot by a rounding.
#[test]
fn what_is_known_before_a_slot_is_used() {
    let sound: Vec<f32> = sine(997.0, 44_100.0, 0.3, 5 * 10_000 + 10);
    let piece = |from: usize, to: usize| sound[2 * from..2 * to].to_vec();
    for missing in 0..=ROUNDING {
        let mut stitcher = Stitcher::new(SampleRate::CD, 2, Crossfade::default()).unwrap();
        let mut out = Vec::new();
        for beat in 0..5 {
            let (start, end) = (beat * 10_000, beat * 10_000 + 10_000 + 4 * (beat % 2) - missing);
            let before = piece(start.max(3_000) - 3_000, start);
            let material = Material { slice: piece(start, end), before, class: 0 };
            out.extend_from_slice(stitcher.push(&material, 10_000).unwrap());
        }
        out.extend_from_slice(stitcher.finish());
        let end = out.len() - 2 * 353;
        let worst = out[..end].iter().zip(&sound).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 2e-3 * missing as f32 + 1e-5, "{missing} missing: {worst}");
        for grid in [10_000, 20_000, 30_000, 40_000] {
            assert_eq!(out[2 * grid..2 * grid + 4_000], sound[2 * grid..2 * grid + 4_000]);
        }
    }
}

/// From nothing known before a slice to all that can be used: lengths stay exact, grid points untouched.
#[test]
fn any_length_may_be_known_before_a_slot() {
    let sound = sine(60.0, 44_100.0, 0.3, 30_000);
    for known in [0, 1, 100, 352, 353, 354, 1_000, 2_381, 5_000] {
        for frames in [10_000, 9_000, 12_000, 600, 3] {
            let piece = |from: usize, to: usize| sound[2 * from..2 * to].to_vec();
            let material = Material { slice: piece(8_000, 18_000), before: piece(8_000 - known, 8_000), class: 0 };
            let mut stitcher = Stitcher::new(SampleRate::CD, 2, Crossfade::default()).unwrap();
            let mut out = Vec::new();
            (0..3).for_each(|_| out.extend_from_slice(stitcher.push(&material, frames).unwrap()));
            out.extend_from_slice(stitcher.close(&material));
            assert_eq!(out.len(), 2 * 3 * frames);
            assert!(out.iter().all(|x| x.abs() < 0.8), "{known} known, slots of {frames}");
            // Three fifths of the half beat, or a tenth of a second.
            let kept = 2 * (frames.min(10_000) / 2 * 3 / 5).min(4_410);
            let same = out[2 * frames..2 * frames + kept] == material.slice[..kept];
            assert!(same, "{known} known, slots of {frames}");
        }
    }
}

#[test]
fn a_lead_in_is_as_long_as_a_join_uses() {
    for hz in [8_000, 22_050, 44_100, 96_000] {
        let stitcher = Stitcher::new(SampleRate::new(hz).unwrap(), 1, Crossfade::default()).unwrap();
        let (used, known) = (stitcher.matched.reach(stitcher.fade), (hz * LEAD_IN_MS / 1_000) as usize);
        assert!(used <= known && known < used + used / 20, "{hz} Hz: {used} of {known} frames");
    }
}

/// What is beyond the end of a slice is never heard, and nothing is missing: a held sound fills a slot of any tempo, and a
/// click is heard on the beat and the off-beat and nowhere else.
#[test]
fn slices_of_another_tempo_are_as_long_as_their_slots() {
    let click = |n: usize| if n < 300 { (n as f32 * 0.3).cos() * (-(n as f32) / 30.0).exp() } else { 0.0 };
    for bpm in [65.0, 100.0, 122.0, 128.0, 140.0, 174.0, 260.0] {
        let timeline = timeline(bpm, 44_100, 8);
        let held = stitch(timeline, 2, |_| sine(110.0, 44_100.0, 0.0, 20_354));
        let (from, to) = (2 * timeline.slot_start(1) as usize, 2 * timeline.slot_start(7) as usize);
        let least = held[from..to].windows(2 * 882).step_by(98).map(power).fold(f64::MAX, f64::min);
        assert!(10.0 * (least / 0.125).log10() > -3.0, "{bpm} BPM: {least} is the least power of 0.125");
        let beat: Vec<f32> = (0..20_354).map(|n| click(n) + click((n + 10_177) % 20_354)).collect();
        let out = stitch(timeline, 1, |_| after_silence(beat.clone()));
        for slot in 1..7 {
            let (start, end) = (timeline.slot_start(slot) as usize, timeline.slot_start(slot + 1) as usize);
            let middle = start + (end - start).div_ceil(2);
            for (start, end) in [(start, middle), (middle, end)] {
                assert!(
                    (0..300).all(|n| out[start + n] == click(n)),
                    "{bpm} BPM, slot {slot}: a click is where it was"
                );
                assert!(out[start + 300..end].iter().all(|x| x.abs() < 1e-3), "{bpm} BPM, slot {slot}: nothing else");
            }
        }
    }
}

/// The last slice of eight beats in fours, of nine beats, is a quarter of a slice at its tempo, not all of it in a beat.
#[test]
fn a_slice_of_several_beats_has_the_grid_of_each_and_ends_with_the_music() {
    let timeline = timeline(100.0, 44_100, 9).with_beats_per_slice(4).unwrap();
    let slice: Vec<f32> = (0..4 * 20_354).map(|n| if n % 20_354 == 0 { 1.0 } else { 0.0 }).collect();
    let out = stitch_beats(timeline, 1, 4, |_| after_silence(slice.clone()));
    let sounding: Vec<u64> = (0..).zip(&out).filter(|(_, x)| **x != 0.0).map(|(frame, _)| frame).collect();
    assert_eq!(sounding, (0..9).map(|beat| beat * 26_460).collect::<Vec<u64>>());
}

#[test]
fn wrong_slices_are_named() {
    let mut stitcher = Stitcher::new(SampleRate::CD, 2, Crossfade::default()).unwrap();
    let message = stitcher.push(&vec![0.0; 3].into(), 4).unwrap_err().to_string();
    assert_eq!(message, "slice 0 has 3 samples, expected a multiple of 2 channels");
    stitcher.push(&vec![0.0; 4].into(), 4).unwrap();
    let beyond = Material { before: vec![0.0, f32::NAN], ..Material::default() };
    for bad in [vec![0.0, f32::NAN].into(), beyond] {
        let error = stitcher.push(&bad, 4).unwrap_err();
        assert_eq!(error.to_string(), "slice 1 holds a sample that is not a finite number");
        assert!(error.hint().unwrap().contains("earlier checkpoint"));
    }
    for milliseconds in [-1.0, 101.0, f64::NAN] {
        assert!(Stitcher::new(SampleRate::CD, 1, Crossfade { milliseconds }).is_err());
    }
    assert!(Stitcher::new(SampleRate::CD, 3, Crossfade::default()).is_err());
}
