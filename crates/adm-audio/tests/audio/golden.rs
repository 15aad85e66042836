//! Files of real encoders: each decodes to what went into the encoder, at the same frames.

use crate::support::{GOLDEN, chirp, golden, lag, snr};
use adm_audio::{Decoder, Source, read_all};
use adm_core::SampleRate;

/// Least SNR against the encoder's input, in dB. The lossless file differs by the rounding to 16 bits alone (a sine of
/// half scale: 92 dB); the lossy ones are what their encoders made of a wide sweep, less 1 dB.
fn tolerance(name: &str) -> f64 {
    match name {
        "chirp.flac" => 91.0,
        "chirp.ogg" | "paged.ogg" => 31.0,
        "lame.mp3" | "ffmpeg.mp3" => 24.9,
        _ => 35.6,
    }
}

#[test]
fn every_codec_lines_up_with_what_was_encoded() {
    for name in GOLDEN {
        let mut decoder = Decoder::open(&golden(name)).unwrap();
        assert_eq!((decoder.rate(), decoder.channels()), (SampleRate::CD, 2), "{name}");
        let hint = decoder.duration_hint();
        let samples = read_all(&mut decoder).unwrap();
        let frames = if name == "chirp.flac" { 22_050 } else { 44_100 };
        assert_eq!(samples.len(), 2 * frames, "{name}: encoder delay or padding was not cut");
        assert!(name == "fragmented.m4a" || hint.map(|frames| frames.0) == Some(frames as u64), "{name}: {hint:?}");
        let expected = chirp(frames);
        assert_eq!(lag(&expected, &samples), 0, "{name}");
        let snr = snr(&expected, &samples);
        assert!(snr > tolerance(name), "{name}: {snr:.1} dB");
        assert!(decoder.warnings().is_empty(), "{name}: {:?}", decoder.warnings());
    }
}

#[test]
fn a_cover_picture_before_an_mp3_is_stepped_over() {
    let mp3 = std::fs::read(golden("lame.mp3")).unwrap();
    // A picture frame larger than a probe looks into, full of bytes that look like MP3 frames.
    let picture = [0xff, 0xfb, 0x90, 0x64].repeat(600_000);
    let body = [&b"\0image/jpeg\0\x03\0"[..], &picture].concat();
    let syncsafe = |n: usize| [21, 14, 7, 0].map(|shift| (n >> shift & 0x7f) as u8);
    let frame = [&b"APIC"[..], &syncsafe(body.len()), &[0, 0], &body].concat();
    let tag = [&b"ID3\x04\0\0"[..], &syncsafe(frame.len()), &frame].concat();
    let (tagged, warnings) = crate::support::decode(&[&tag[..], &mp3].concat()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(tagged, crate::support::decode(&mp3).unwrap().0);
}
