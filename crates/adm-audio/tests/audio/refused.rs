//! Files that are no recordings: each gets its own clear message.

use crate::support::{GOLDEN, Stored, chirp, decode, file, golden, wav};
use adm_audio::{AudioError, Decoder};
use adm_core::Hint;

fn message(error: &AudioError) -> String {
    error.to_string()
}

fn refusal(bytes: &[u8]) -> AudioError {
    decode(bytes).map(|(samples, _)| samples.len()).unwrap_err()
}

#[test]
fn missing_files_folders_and_empty_files_are_told_apart() {
    let (folder, path) = file("set.wav", b"");
    let error = |path| Decoder::open(path).err().unwrap();
    assert_eq!(message(&error(&path)), format!("{} is empty", path.display()));
    assert_eq!(
        message(&error(folder.path())),
        format!("{} is a folder, expected a recording", folder.path().display())
    );
    let missing = folder.path().join("nothing.wav");
    assert_eq!(message(&error(&missing)), format!("{} does not exist", missing.display()));
}

#[cfg(unix)]
#[test]
fn unreadable_files_name_the_reason() {
    let (_folder, path) = file("set.wav", &wav(Stored::Int(16), 44_100, 1, &[0.5; 100]));
    // Not even the superuser can walk through a file.
    let error = Decoder::open(&path.join("below.wav")).err().unwrap();
    assert!(matches!(&error, AudioError::Read { .. }), "{error:?}");
    assert!(message(&error).starts_with("cannot read "), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    let device = Decoder::open("/dev/null".as_ref()).err().unwrap();
    assert!(message(&device).contains("it is not a regular file"), "{device}");
}

#[test]
fn text_and_other_bytes_are_not_audio() {
    for bytes in [&b"To be, or not to be\n".repeat(1000)[..], b"x", b"RIFF", &[0; 5000], b"\x89PNG\r\n\x1a\n0000000"] {
        let error = refusal(bytes);
        assert!(matches!(&error, AudioError::NotAudio { .. }), "{error:?}");
        assert!(error.hint().unwrap().contains("ffmpeg -i "), "{error:?}");
    }
    let text = message(&refusal(&b"To be, or not to be\n".repeat(1000)));
    assert!(text.ends_with(" is not a recording in a known format: its bytes match no format"), "{text}");
}

#[test]
fn a_codec_that_is_not_decoded_is_the_reason() {
    // IMA ADPCM in WAV: 256 bytes a block, 4 bits a sample, 505 samples a block.
    let format: [&[u8]; 4] = [&[0x11, 0, 1, 0], &44_100u32.to_le_bytes(), &22_321u32.to_le_bytes(), &[0, 1, 4, 0]];
    let chunk = [&format.concat()[..], &[2, 0], &505u16.to_le_bytes()].concat();
    let bytes = [&b"RIFF\x34\x02\0\0WAVEfmt \x14\0\0\0"[..], &chunk, b"data\0\x02\0\0", &[0; 512]].concat();
    let text = message(&refusal(&bytes));
    assert!(text.ends_with(" is not a recording in a known format: its codec is not supported"), "{text}");
}

#[test]
fn recordings_of_no_frames_hold_no_audio() {
    for bytes in [wav(Stored::Int(16), 44_100, 2, &[]), crate::support::aiff(16, 2, &[])] {
        let error = refusal(&bytes);
        assert!(matches!(&error, AudioError::NoFrames { .. }), "{error:?}");
        assert!(message(&error).ends_with(" holds no audio"), "{error}");
    }
}

#[test]
fn three_channels_are_refused_with_a_way_out() {
    for channels in [3, 6] {
        let error = refusal(&wav(Stored::Int(16), 44_100, channels, &[0.1; 600]));
        assert!(message(&error).ends_with(&format!(" has {channels} channels, expected 1 or 2")), "{error}");
        assert!(error.hint().unwrap().contains("-ac 2"), "{error:?}");
    }
}

#[test]
fn absurd_rates_are_refused() {
    for rate in [0, 10, 4_000_000] {
        let error = refusal(&wav(Stored::Int(16), rate, 1, &[0.1; 600]));
        assert!(matches!(&error, AudioError::Rate { .. } | AudioError::NotAudio { .. }), "{rate}: {error:?}");
    }
}

#[test]
fn samples_that_are_not_finite_are_named_by_time() {
    for (bad, frame, expected) in [(f32::NAN, 0, "0:00.000"), (f32::INFINITY, 66_150, "0:01.500")] {
        for stored in [Stored::Float(32), Stored::Float(64)] {
            let mut samples = chirp(80_000);
            samples[2 * frame + 1] = bad;
            let error = refusal(&wav(stored, 44_100, 2, &samples));
            let wanted = format!(" holds a sample that is not a finite number at {expected}");
            assert!(message(&error).ends_with(&wanted), "{error}");
        }
    }
}

#[test]
fn a_header_alone_is_refused() {
    for name in GOLDEN {
        let bytes = std::fs::read(golden(name)).unwrap();
        let error = refusal(&bytes[..40]);
        assert!(matches!(&error, AudioError::NotAudio { .. }), "{name}: {error:?}");
    }
}
