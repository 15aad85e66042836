//! Files that broke on their way: what is there is decoded, nothing shifts, nothing panics.

use crate::support::{GOLDEN, Stored, aiff, chirp, decode, golden, lag, wav};
use adm_core::Seeds;
use adm_core::seeds::{Rng, RngExt};

/// Bytes of every format, by name.
fn files() -> Vec<(String, Vec<u8>)> {
    let golden = GOLDEN.map(|name| (name.to_owned(), std::fs::read(golden(name)).unwrap()));
    let chirp = chirp(11_025);
    let made = [
        ("16.wav".to_owned(), wav(Stored::Int(16), 44_100, 2, &chirp)),
        ("float.wav".to_owned(), wav(Stored::Float(32), 44_100, 2, &chirp)),
        ("24.aiff".to_owned(), aiff(24, 2, &chirp)),
    ];
    golden.into_iter().chain(made).collect()
}

#[test]
fn a_cut_file_gives_what_is_there_and_says_so() {
    for (name, bytes) in files() {
        let (whole, _) = decode(&bytes).unwrap();
        let cut = decode(&bytes[..bytes.len() * 6 / 10]);
        // The index of the one comes last, the audio of the other is on a single page: a cut takes either whole.
        if name == "chirp.m4a" || name == "chirp.ogg" {
            assert!(cut.is_err(), "{name}");
            continue;
        }
        let (samples, warnings) = cut.unwrap_or_else(|error| panic!("{name}: {error}"));
        let share = samples.len() as f64 / whole.len() as f64;
        assert!((0.2..0.75).contains(&share), "{name}: {share:.2} of the samples");
        // Only the last packet of a lossy codec may know that there was no next one.
        let same = samples.len().saturating_sub(2 * 4096);
        assert_eq!(samples[..same], whole[..same], "{name}");
        let said = warnings.iter().any(|w| w.contains("cut off") || w.contains("ends at") || w.contains("ends early"));
        assert!(said || name == "fragmented.m4a", "{name}: {warnings:?}");
    }
}

#[test]
fn damage_in_the_middle_becomes_silence_and_nothing_shifts() {
    for (name, bytes) in files() {
        // Every byte of these is a sample's, so there is nothing to notice; and this one has all its audio on one page.
        if name.ends_with("wav") || name.ends_with("aiff") || name == "chirp.ogg" {
            continue;
        }
        let (whole, _) = decode(&bytes).unwrap();
        let mut broken = bytes.clone();
        let place = bytes.len() * 7 / 10;
        broken[place..place + 40].fill(0x55);
        let (samples, warnings) = decode(&broken).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(samples.iter().all(|sample| sample.abs() <= 16.0), "{name}");
        assert_eq!(samples.len(), whole.len(), "{name}: {warnings:?}");
        let tail = whole.len() * 9 / 20 * 2;
        assert_eq!(lag(&whole[tail..], &samples[tail..]), 0, "{name}: {warnings:?}");
        if name == "chirp.flac" {
            assert!(warnings.iter().any(|warning| warning.contains("silent instead")), "{warnings:?}");
            assert!(samples.chunks_exact(2).filter(|frame| *frame == [0.0; 2]).count() >= 4096, "a frame is silent");
        }
    }
}

#[test]
fn no_file_panics_however_it_is_cut() {
    for (name, bytes) in files() {
        for cut in (0..48).chain((48..bytes.len()).step_by(bytes.len() / 60)) {
            assert_sane(&name, decode(&bytes[..cut]).ok());
        }
    }
}

#[test]
fn no_file_panics_whatever_bytes_are_flipped() {
    for (name, bytes) in files() {
        for round in 0..150 {
            let mut random = Seeds::new(11).stream(&name, round);
            let mut broken = bytes.clone();
            // Headers are a small part of a file but most of what can go wrong.
            let reach = if round % 2 == 0 { broken.len() } else { broken.len().min(400) };
            for _ in 0..random.random_range(1..12) {
                broken[random.random_range(0..reach)] = (random.next_u32() >> 8) as u8;
            }
            assert_sane(&name, decode(&broken).ok());
        }
    }
}

/// Whatever came out must be usable: whole, finite, and not longer than the bytes could ever mean.
fn assert_sane(name: &str, decoded: Option<(Vec<f32>, Vec<String>)>) {
    let Some((samples, warnings)) = decoded else { return };
    assert!(!samples.is_empty() && samples.iter().all(|sample| sample.is_finite()), "{name}");
    assert!(warnings.len() <= 17, "{name}: {} warnings", warnings.len());
}
