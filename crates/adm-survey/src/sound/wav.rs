//! 16-bit WAV files in memory.

use super::format::Format;
use super::level::factor;
use adm_core::Seeds;
use adm_core::seeds::{Rng, StreamRng};
use sha2::{Digest, Sha256};

/// Bytes before the first sample: `RIFF`, `fmt ` and `data` are all there is.
pub(super) const HEADER: usize = 44;
/// Full scale of 16 bits.
const SCALE: f64 = 32_768.0;

/// Mean square of what dithered rounding adds, of full scale: a triangle's 1/6 of a step squared and rounding's 1/12.
pub(super) const DITHER: f64 = 0.25 / (SCALE * SCALE);

/// The secret streams of one stimulus: of its name, under the key's salt. Who has not the salt cannot take its dither away.
pub(super) fn secret(salt: &str, name: &str) -> Seeds {
    let digest = Sha256::new().chain_update(b"adm-survey dither\0").chain_update(salt).chain_update(b"\0");
    let digest = digest.chain_update(name).finalize();
    Seeds::new(digest.iter().take(8).fold(0, |seed, &byte| seed << 8 | u64::from(byte)))
}

/// A WAV file of interleaved samples times a gain in dB. Rounding is dithered (two uniform numbers' difference, stream `survey
/// dither`): its error is noise of one level, whatever the sound, and no two stimuli share it.
pub(super) fn wav(samples: &[f32], gain: f64, format: &Format, seeds: Seeds) -> Vec<u8> {
    let mut random = seeds.stream("survey dither", 0);
    let scale = factor(gain) * SCALE;
    let mut bytes = header(format);
    bytes.reserve_exact(2 * samples.len());
    for &sample in samples {
        let rounded = (f64::from(sample) * scale + triangular(&mut random)).round().clamp(-SCALE, SCALE - 1.0);
        bytes.extend_from_slice(&(rounded as i16).to_le_bytes());
    }
    bytes
}

fn triangular(random: &mut StreamRng) -> f64 {
    let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX);
    uniform() - uniform()
}

fn header(format: &Format) -> Vec<u8> {
    let (channels, rate) = (format.channels as u32, format.rate.hz());
    let frame = 2 * channels;
    // Stimuli last ten minutes at most: far below 4 GiB.
    let data = format.frames as u32 * frame;
    let mut bytes = Vec::with_capacity(HEADER);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(data + HEADER as u32 - 8).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    for (value, size) in [(16, 4), (1, 2), (channels, 2), (rate, 4), (rate * frame, 4), (frame, 2), (16, 2)] {
        bytes.extend_from_slice(&value.to_le_bytes()[..size]);
    }
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&data.to_le_bytes());
    bytes
}
