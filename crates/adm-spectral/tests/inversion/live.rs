//! PGHI frame by frame.

use super::*;
use adm_spectral::inversion::LivePghi;

/// How far the stream may fall behind PGHI that sees everything, in dB.
const BEHIND: f64 = 6.0;

/// Pushes all frames of one channel or two and lines the stream up with the signals.
fn streamed(live: &mut LivePghi, shape: StftShape, channels: usize, magnitudes: &[f32]) -> Vec<f32> {
    let (bins, silence) = (shape.bins(), shape.frames() + live.delay().div_ceil(shape.hop) + 1);
    let mut streams = vec![Vec::new(); channels];
    let mut out = vec![f32::NAN; channels * shape.hop];
    for frame in 0..silence {
        let row: Vec<f32> = (0..channels * bins)
            .map(|at| match frame < shape.frames() {
                true => magnitudes[at / bins * shape.points() + frame * bins + at % bins],
                false => 0.0,
            })
            .collect();
        live.push(&row, &mut out).unwrap();
        for (stream, out) in streams.iter_mut().zip(out.chunks_exact(shape.hop)) {
            stream.extend_from_slice(out);
        }
    }
    streams.iter().flat_map(|stream| stream[live.delay()..][..shape.samples].to_vec()).collect()
}

#[test]
fn a_stream_is_nearly_as_good_as_the_whole() {
    for (n_fft, hop) in [(1_024, 256), (1_024, 128), (2_048, 512), (1_001, 200)] {
        let (shape, mut scratch) = (shape(n_fft, hop, 3 * RATE as usize), InversionScratch::new());
        let wanted = magnitudes(shape, &music(shape.samples));
        let (_, whole) = inverted(&inverter(shape, ChannelLayout::Mono, PhaseMethod::Pghi), &wanted, &mut scratch);
        let mut live = LivePghi::new(n_fft, n_fft, hop, ChannelLayout::Mono, 0).unwrap();
        let got = streamed(&mut live, shape, 1, &wanted);
        let near = CentredStft::new(shape).unwrap().convergence(&wanted, &got, &mut scratch).unwrap().decibels();
        assert!(near <= whole + BEHIND, "n_fft {n_fft}, hop {hop}: {near:.2} dB, offline {whole:.2} dB");
        assert!(near <= -14.0, "n_fft {n_fft}, hop {hop}: {near:.2} dB");
    }
}

#[test]
fn a_stream_keeps_what_is_in_the_middle_there() {
    let shape = shape(512, 128, 8_000);
    let signal = music(shape.samples);
    let both: Vec<f32> = signal.iter().chain(&signal).copied().collect();
    let mut live = LivePghi::new(512, 512, 128, ChannelLayout::LeftRight, 0).unwrap();
    let got = streamed(&mut live, shape, 2, &magnitudes(shape, &both));
    assert!(got[..8_000] == got[8_000..]);
    let mid: Vec<f32> = signal.iter().copied().chain(vec![0.0; 8_000]).collect();
    let mut live = LivePghi::new(512, 512, 128, ChannelLayout::MidSide, 0).unwrap();
    let got = streamed(&mut live, shape, 2, &magnitudes(shape, &mid));
    assert!(got[..8_000] == got[8_000..] && got.iter().any(|value| value.abs() > 0.1));
}

#[test]
fn odd_streams_give_numbers() {
    for (n_fft, hop) in [(1, 1), (2, 1), (3, 2), (8, 8), (8, 20), (97, 25), (256, 64)] {
        let mut live = LivePghi::new(n_fft, n_fft, hop, ChannelLayout::Mono, 0).unwrap();
        let mut out = vec![f32::NAN; hop];
        for value in [0.0, 0.0, 1.0, 1e9, 0.0, 1e-38, 1.0, 1.0, 0.0, 0.0, 0.0] {
            live.push(&vec![value; n_fft / 2 + 1], &mut out).unwrap();
            assert!(out.iter().all(|value| value.is_finite()), "n_fft {n_fft}, hop {hop}: {out:?}");
        }
    }
}

#[test]
fn a_refused_frame_leaves_the_stream_as_it_was() {
    let frames: Vec<f32> = magnitudes(shape(64, 16, 640), &music(640));
    let run = |disturb: bool| {
        let mut live = LivePghi::new(64, 64, 16, ChannelLayout::Mono, 0).unwrap();
        let mut stream = Vec::new();
        let mut out = [0.0; 16];
        for frame in frames.chunks_exact(33) {
            if disturb {
                assert!(live.push(&[f32::NAN; 33], &mut out).is_err() && live.push(&[-1.0; 33], &mut out).is_err());
                assert!(live.push(&[0.0; 32], &mut out).is_err() && live.push(&[0.0; 33], &mut [0.0; 15]).is_err());
            }
            live.push(frame, &mut out).unwrap();
            stream.extend_from_slice(&out);
        }
        stream
    };
    assert_eq!(run(false), run(true));
}
