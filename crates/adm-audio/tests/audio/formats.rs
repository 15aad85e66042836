//! WAV and AIFF in every sample format, with headers as they are met in the wild.

use crate::support::{Stored, aiff, chirp, decode, snr, wav};
use adm_audio::{Decoder, OpenSettings, Source, open, read_all};
use adm_core::{Frames, SampleRate};

#[test]
fn every_sample_format_decodes_to_its_own_precision() {
    let chirp = chirp(5000);
    for stored in [8, 16, 24, 32].map(Stored::Int).into_iter().chain([32, 64].map(Stored::Float)) {
        let (samples, warnings) = decode(&wav(stored, 44_100, 2, &chirp)).unwrap();
        assert!(warnings.is_empty(), "{stored:?}: {warnings:?}");
        let worst = chirp.iter().zip(&samples).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // Half a step, and half a step of the 24 bits that an f32 has.
        let steps = if matches!(stored, Stored::Float(_)) { 24 } else { i32::from(stored.bits()).min(24) };
        assert!(samples.len() == chirp.len() && worst <= 2f32.powi(-steps), "{stored:?}: off by {worst}");
    }
    for bits in [8u16, 16, 24, 32] {
        // AIFF's eight bits are signed, unlike WAV's.
        let bytes = if bits == 8 { aiff_of_bytes(&chirp) } else { aiff(bits, 2, &chirp) };
        let (samples, warnings) = decode(&bytes).unwrap();
        let snr = snr(&chirp, &samples);
        assert!(
            warnings.is_empty() && snr > 6.02 * f64::from(bits.min(24)) - 7.0,
            "{bits} bits: {snr:.1} dB {warnings:?}"
        );
    }
}

fn aiff_of_bytes(samples: &[f32]) -> Vec<u8> {
    let mut bytes = aiff(8, 2, samples);
    let data = bytes.len() - samples.len();
    bytes[data..].iter_mut().for_each(|byte| *byte ^= 0x80);
    bytes
}

#[test]
fn floats_over_full_scale_are_kept() {
    let (samples, _) = decode(&wav(Stored::Float(32), 48_000, 1, &[1.5, -20.0, 0.25])).unwrap();
    assert_eq!(samples, [1.5, -20.0, 0.25]);
}

#[test]
fn headers_that_do_not_know_their_length_are_read_to_the_end() {
    let chirp = chirp(3000);
    let whole = decode(&wav(Stored::Int(16), 44_100, 2, &chirp)).unwrap();
    for (riff, data) in [(0u32, 0u32), (u32::MAX, u32::MAX), (36, 0), (u32::MAX - 8, u32::MAX)] {
        let mut bytes = wav(Stored::Int(16), 44_100, 2, &chirp);
        bytes[4..8].copy_from_slice(&riff.to_le_bytes());
        bytes[40..44].copy_from_slice(&data.to_le_bytes());
        assert_eq!(decode(&bytes).unwrap(), whole, "RIFF size {riff}, data size {data}");
    }
    let mut bytes = aiff(16, 2, &chirp);
    bytes[4..8].fill(0);
    bytes[42..46].fill(0);
    assert_eq!(decode(&bytes).unwrap(), whole, "AIFF without sizes");
}

#[test]
fn rf64_takes_its_length_from_the_ds64_chunk() {
    let chirp = chirp(3000);
    let plain = wav(Stored::Int(16), 44_100, 2, &chirp);
    for name in [b"RF64", b"BW64"] {
        let data = plain.len() as u64 - 44;
        let sizes = [plain.len() as u64 + 36 - 8, data, 3000].map(u64::to_le_bytes).concat();
        let mut bytes =
            [&name[..], &[0xff; 4], b"WAVEds64", &28u32.to_le_bytes(), &sizes, &[0; 4], &plain[12..]].concat();
        let at = bytes.len() - data as usize - 4;
        bytes[at..at + 4].fill(0xff);
        // What follows the audio must not sound.
        bytes.extend(b"LIST\x08\0\0\0INFO\x7f\x7f\x7f\x7f");
        assert_eq!(decode(&bytes).unwrap(), decode(&plain).unwrap());
    }
}

#[test]
fn chunks_around_the_audio_are_not_heard() {
    let chirp = chirp(1000);
    let plain = wav(Stored::Int(24), 96_000, 1, &chirp);
    let extra = b"bext\x05\0\0\0hello\0";
    let bytes = [&plain[..12], extra, &plain[12..], extra].concat();
    assert_eq!(decode(&bytes).unwrap(), decode(&plain).unwrap());
}

#[test]
fn open_brings_a_recording_to_the_wanted_rate_and_channels() {
    let stereo: Vec<f32> = (0..48_000).flat_map(|n| [(n as f32 * 0.02).sin() * 0.5, 0.25]).collect();
    let (_folder, path) = crate::support::file("a.wav", &wav(Stored::Float(32), 48_000, 2, &stereo));
    for (rate, channels) in [(48_000, None), (44_100, None), (44_100, Some(1)), (96_000, Some(2)), (22_050, Some(1))] {
        let mut source = open(&path, OpenSettings { rate: SampleRate::new(rate).unwrap(), channels }).unwrap();
        let (wanted, hint) = (channels.unwrap_or(2), source.duration_hint());
        assert_eq!((source.rate().hz(), source.channels()), (rate, wanted));
        let samples = read_all(&mut *source).unwrap();
        assert_eq!((samples.len(), hint), (rate as usize * wanted, Some(Frames(u64::from(rate)))));
    }
    let mono = OpenSettings { rate: SampleRate::new(48_000).unwrap(), channels: Some(1) };
    let averaged = read_all(&mut *open(&path, mono).unwrap()).unwrap();
    let expected: Vec<f32> = stereo.chunks(2).map(|frame| (frame[0] + frame[1]) / 2.0).collect();
    assert_eq!(averaged, expected);
    let (_folder, path) = crate::support::file("b.wav", &wav(Stored::Float(32), 48_000, 1, &averaged));
    let doubled = read_all(&mut *open(&path, OpenSettings { channels: Some(2), ..mono }).unwrap()).unwrap();
    assert!(doubled.chunks(2).zip(&averaged).all(|(frame, sample)| frame == [*sample; 2]));
    assert!(open(&path, OpenSettings { channels: Some(3), ..mono }).is_err());
}

#[test]
fn blocks_stay_small_however_long_the_recording() {
    let (_folder, path) = crate::support::file("a.wav", &wav(Stored::Int(16), 44_100, 2, &vec![0.1; 2_000_000]));
    let mut decoder = Decoder::open(&path).unwrap();
    let mut block = Vec::new();
    while decoder.read(&mut block).unwrap() > 0 {
        assert!(block.len() <= 2 * 8192, "a block of {} samples", block.len());
        block.clear();
    }
}
