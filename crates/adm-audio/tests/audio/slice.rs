//! Slices against the obvious way of cutting them: from the whole recording at once.

use adm_audio::fit::{BEND, FADE};
use adm_audio::{Grid, GridMethod, Placement, SliceOut, Slicer, Span, Verdict, spans_of_grid, spans_of_windows};
use adm_core::seeds::RngExt;
use adm_core::{Bpm, Frames, SampleRate, Seconds, Seeds};

const RATE: SampleRate = SampleRate::CD;

type Slice = (Span, Vec<f32>, Verdict);

/// Cuts a recording that is pushed in blocks of `block` frames.
fn cut(
    samples: &[f32],
    channels: usize,
    block: usize,
    placement: Placement,
    spans: impl Iterator<Item = Span>,
) -> Vec<Slice> {
    let mut slices = Vec::new();
    let mut keep = |out: SliceOut<'_>| slices.push((out.span, out.samples.to_vec(), out.verdict));
    let mut slicer = Slicer::new(spans, placement, channels);
    samples.chunks(block * channels).for_each(|block| slicer.push(block, &mut keep));
    slicer.finish(&mut keep);
    slices
}

fn frames(time: Seconds) -> usize {
    time.frames(RATE).0 as usize
}

fn noise(frames: usize, channels: usize) -> Vec<f32> {
    let mut random = Seeds::new(3).stream("noise", 0);
    (0..frames * channels).map(|_| random.random_range(-0.5..0.5)).collect()
}

fn grid(bpm: f64, offset: f64, seconds: f64) -> Grid {
    Grid::fixed(Bpm::new(bpm).unwrap(), Seconds(offset), Seconds(seconds))
}

#[test]
fn streaming_cuts_what_indexing_cuts() {
    for channels in [1, 2] {
        let samples = noise(200_000, channels);
        for (bpm, target) in [(130.0, 130.0), (124.3, 130.0), (174.0, 130.0), (128.0, 128.0)] {
            let grid = grid(bpm, 0.2, samples.len() as f64 / channels as f64 / 44_100.0);
            let placement = Placement::new(Bpm::new(target).unwrap().beat_frames(RATE), RATE);
            let total = Frames((samples.len() / channels) as u64);
            let whole = cut(&samples, channels, 1 << 20, placement, spans_of_grid(&grid, RATE, 1, total));
            for block in [1, 999, 4096] {
                assert_eq!(cut(&samples, channels, block, placement, spans_of_grid(&grid, RATE, 1, total)), whole);
            }
            for (n, (span, slice, verdict)) in whole.iter().enumerate() {
                let beat = span.end - span.start;
                assert_eq!((span.index, span.start), (n, (grid.beats[n] * 44_100.0).round() as u64));
                let source = &samples[span.start as usize * channels..];
                let bent = if placement.length.abs_diff(beat as usize) <= 1 { 0 } else { frames(BEND) * channels };
                let exact = (placement.taken(beat) - frames(FADE)) * channels;
                if *verdict == Verdict::Keep {
                    assert_eq!(slice[bent..exact], source[bent..exact], "all but the ends is untouched");
                }
                assert_eq!(slice.len(), placement.length * channels);
            }
        }
    }
}

#[test]
fn beats_at_the_target_tempo_are_copied_whole() {
    let samples = noise(44_100 * 10, 2);
    let grid = grid(130.0, 0.0, 10.0);
    let placement = Placement::new(Bpm::FOUNDING.beat_frames(RATE), RATE);
    let slices = cut(&samples, 2, 4096, placement, spans_of_grid(&grid, RATE, 1, Frames(441_000)));
    let kept: Vec<_> = slices.iter().filter(|slice| slice.2 == Verdict::Keep).collect();
    assert_eq!(kept.len(), 21);
    for (span, slice, _) in kept {
        let start = span.start as usize * 2;
        assert_eq!(slice[..], samples[start..start + slice.len()], "rounding must not crop, pad or fade");
    }
}

#[test]
fn several_beats_make_a_slice_and_leftovers_none() {
    let grid = grid(120.0, 0.0, 5.0);
    let spans: Vec<_> = spans_of_grid(&grid, RATE, 4, Frames(220_500)).collect();
    let span = |index: usize, start| Span { index, start, end: start + 88_200 };
    assert_eq!(spans, [span(0, 0), span(4, 88_200)]);
    assert_eq!(spans_of_grid(&grid, RATE, 4, Frames(88_200)).count(), 1, "spans start before the end");
}

#[test]
fn windows_overlap_and_lie_inside_the_recording() {
    let (window, hop) = (Seconds(4.05), Seconds(0.136_55));
    let total = Frames(44_100 * 10);
    let spans: Vec<_> = spans_of_windows(window, hop, RATE, total).collect();
    assert_eq!(spans.len(), 1 + ((10.0 - 4.05) / 0.136_55f64) as usize);
    for (n, span) in spans.iter().enumerate() {
        assert_eq!((span.index, span.end - span.start), (n, 178_605));
        assert_eq!(span.start, (n as f64 * 0.136_55 * 44_100.0).round() as u64);
    }
    assert!(spans.last().is_some_and(|span| span.end <= total.0));
    let samples = noise(441_000, 2);
    let placement = Placement::new(178_605, RATE);
    let slices = cut(&samples, 2, 4096, placement, spans.into_iter());
    assert_eq!(slices.len(), 44);
    for (span, slice, verdict) in slices {
        let start = span.start as usize * 2;
        assert_eq!((&slice[..], verdict), (&samples[start..start + 2 * 178_605], Verdict::Keep));
    }
    for (window, hop) in [(0.0, 1.0), (1.0, 0.0), (1.0, -1.0), (f64::NAN, 1.0), (11.0, 1.0)] {
        assert_eq!(spans_of_windows(Seconds(window), Seconds(hop), RATE, total).count(), 0, "{window} {hop}");
    }
}

#[test]
fn bad_regions_get_their_verdicts() {
    // Four beats of 0.5 s: noise, silence, a square wave at full scale, and one that ends after 60 % of it.
    let mut samples = noise(22_050, 1);
    samples.extend(vec![0.000_1; 22_050]);
    samples.extend((0..22_050).map(|n| if n / 100 % 2 == 0 { 1.0 } else { -1.0 }));
    samples.extend(noise(13_000, 1));
    let grid = grid(120.0, 0.0, 2.5);
    let placement = Placement::new(22_050, RATE);
    let slices = cut(&samples, 1, 1000, placement, spans_of_grid(&grid, RATE, 1, Frames(u64::MAX)));
    let verdicts: Vec<_> = slices.iter().map(|slice| slice.2).collect();
    assert_eq!(verdicts, [Verdict::Keep, Verdict::Silent, Verdict::Clipped, Verdict::TooShort]);
    assert!(slices[3].1[13_000..].iter().all(|&sample| sample == 0.0));
}

#[test]
fn a_beat_that_misses_its_last_twentieth_is_kept() {
    let (regions, downbeats) = (Vec::new(), Vec::new());
    let grid = Grid { bpm: 120.0, confidence: 1.0, method: GridMethod::Edited, regions, downbeats, beats: vec![0.0] };
    let placement = Placement::new(20_000, RATE);
    for (frames, verdict) in [(20_000, Verdict::Keep), (19_000, Verdict::Keep), (18_999, Verdict::TooShort)] {
        let slices = cut(&noise(frames, 1), 1, 512, placement, spans_of_grid(&grid, RATE, 1, Frames(u64::MAX)));
        assert_eq!(slices[0].2, verdict, "{frames} of 20,000 frames");
    }
}

#[test]
fn gaps_between_spans_cost_nothing_and_disorder_no_panic() {
    let samples = noise(100_000, 1);
    let span = |index, start, end| Span { index, start, end };
    let placement = Placement::new(10, RATE);
    let far = [span(0, 99_000, 99_010), span(1, 99_005, 99_015), span(2, 5, 15), span(3, 8, 3), span(4, u64::MAX, 7)];
    let slices = cut(&samples, 1, 333, placement, far.into_iter());
    assert_eq!(slices.len(), 4, "the last one starts after the recording");
    assert_eq!(slices[0].1, samples[99_000..99_010]);
    assert_eq!(slices[1].1, samples[99_005..99_015]);
    assert_eq!(slices.iter().skip(2).map(|slice| slice.2).collect::<Vec<_>>(), [Verdict::TooShort; 2]);
}
