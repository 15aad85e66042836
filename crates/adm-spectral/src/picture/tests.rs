use super::*;
use std::f32::consts::TAU;

const RATE: SampleRate = SampleRate::CD;

const SMALL: PictureConfig = PictureConfig {
    width: 60,
    height: 80,
    gap: 4,
    bins: 512,
    axis: FrequencyAxis::Logarithmic,
    lowest_hz: 50.0,
    top_db: Some(0.0),
    range_db: 60.0,
    colours: ColourMap::Magma,
};

/// A full-scale sine.
fn sine(hz: f32, frames: usize) -> Vec<f32> {
    (0..frames).map(|frame| (TAU * hz * frame as f32 / RATE.hz() as f32).sin()).collect()
}

fn mono(samples: &[f32]) -> Sound<'_> {
    Sound { samples, channels: 1, rate: RATE }
}

/// Width, height and the palette's indices, row by row.
fn read(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width as usize, info.height as usize, pixels)
}

/// The row of the brightest pixel in each of these columns.
fn brightest_rows(pixels: &[u8], width: usize, columns: std::ops::Range<usize>) -> Vec<usize> {
    let height = pixels.len() / width;
    let column = |column| (0..height).max_by_key(|row| pixels[row * width + column]).unwrap();
    columns.map(column).collect()
}

#[test]
fn a_sine_stands_at_its_height_with_its_level() {
    for (axis, hz) in [FrequencyAxis::Linear, FrequencyAxis::Logarithmic]
        .into_iter()
        .flat_map(|axis| [200.0f32, 440.0, 1_000.0, 5_000.0, 15_000.0].map(|hz| (axis, hz)))
    {
        let config = PictureConfig { axis, ..SMALL };
        let (width, height, pixels) = read(&spectrogram(mono(&sine(hz, 30_000)), &config).unwrap());
        assert_eq!((width, height), (60, 80));
        let up = match axis {
            FrequencyAxis::Linear => hz / 22_050.0,
            FrequencyAxis::Logarithmic => (hz / 50.0).ln() / (22_050.0f32 / 50.0).ln(),
        };
        for row in brightest_rows(&pixels, 60, 5..55) {
            let expected = 79.5 - up * 80.0;
            assert!((row as f32 - expected).abs() <= 1.5, "{axis:?}, {hz} Hz: row {row}, expected {expected}");
        }
        // Between bins the window loses up to 1.4 dB, and a row as wide as a dozen bins shares the sine's power out.
        let peak = *pixels.iter().max().unwrap();
        assert!(peak >= 195, "{axis:?}, {hz} Hz: {peak} of 254");
    }
}

#[test]
fn time_runs_to_the_right() {
    let mut samples = vec![0.0; 20_000];
    samples.extend(sine(1_000.0, 10_000));
    let (width, _, pixels) = read(&spectrogram(mono(&samples), &SMALL).unwrap());
    let loud = |column: usize| pixels.iter().skip(column).step_by(width).any(|level| *level > 200);
    assert!((0..38).all(|column| !loud(column)) && (42..58).all(loud));
}

#[test]
fn left_stands_above_right() {
    let (left, silent) = (sine(1_000.0, 20_000), 0.0);
    let samples: Vec<f32> = left.iter().flat_map(|left| [*left, silent]).collect();
    let (_, height, pixels) = read(&spectrogram(Sound { samples: &samples, channels: 2, rate: RATE }, &SMALL).unwrap());
    let (top, bottom) = pixels.split_at(39 * 60);
    assert_eq!(height, 80);
    assert!(top.iter().any(|level| *level > 200 && *level < 255));
    assert!(bottom[..2 * 60].iter().all(|level| *level == 255), "a transparent gap");
    assert!(bottom[2 * 60..].iter().all(|level| *level == 0));
}

#[test]
fn panels_stand_in_rows_and_share_one_scale() {
    let (loud, quiet) = (sine(1_000.0, 10_000), sine(1_000.0, 10_000).iter().map(|s| 0.01 * s).collect::<Vec<_>>());
    let config = PictureConfig { top_db: None, ..SMALL };
    let (width, height, pixels) = read(&grid(&[mono(&loud), mono(&quiet), mono(&loud)], 2, &config).unwrap());
    assert_eq!((width, height), (2 * 60 + 4, 2 * 80 + 4));
    let peak = |left: usize, top: usize| {
        let panel = |row: usize| pixels[(top + row) * width + left..][..60].iter().copied().max().unwrap();
        (0..80).map(panel).max().unwrap()
    };
    assert_eq!((peak(0, 0), peak(0, 84), peak(64, 84)), (254, 254, 255));
    // 40 dB of the 60 dB that all colours span.
    assert!(peak(64, 0).abs_diff(254 / 3) <= 1, "{}", peak(64, 0));
    assert!(pixels[60..64].iter().all(|level| *level == 255));
}

#[test]
fn anything_short_long_or_silent_is_drawn() {
    for frames in [1, 2, 59, 60, 61, 1_000, 200_000] {
        for level in [0.0, 1.0] {
            let samples = vec![level; frames];
            for top_db in [None, Some(0.0)] {
                let config = PictureConfig { top_db, ..SMALL };
                let (width, height, pixels) = read(&spectrogram(mono(&samples), &config).unwrap());
                assert_eq!((width, height), (60, 80));
                assert!(pixels.iter().all(|level| *level < 255), "{frames} frames of {level}");
            }
        }
    }
}

#[test]
fn bad_input_is_refused_with_numbers() {
    let refused = |samples: &[f32], channels, config: &PictureConfig| {
        spectrogram(Sound { samples, channels, rate: RATE }, config).unwrap_err().to_string()
    };
    let zeros = [0.0; 64];
    assert!(refused(&[], 1, &SMALL).starts_with("the length of a sound in frames must be between 1"));
    assert!(refused(&[0.0], 2, &SMALL).starts_with("the length of a sound in frames must be between 1"));
    assert_eq!(refused(&zeros, 3, &SMALL), "sounds of 1 or 2 channels are needed, got 3 channels");
    assert_eq!(refused(&zeros, 0, &SMALL), "sounds of 1 or 2 channels are needed, got 0 channels");
    assert!(refused(&[f32::NAN; 8], 1, &SMALL).starts_with("the sound holds NaN at position 0"));
    for (config, named) in [
        (PictureConfig { width: 0, ..SMALL }, "the picture's width"),
        (PictureConfig { height: usize::MAX, ..SMALL }, "the picture's height"),
        (PictureConfig { bins: 1, ..SMALL }, "the picture's bins"),
        (PictureConfig { gap: 257, ..SMALL }, "the picture's gap"),
        (PictureConfig { range_db: f32::NAN, ..SMALL }, "the picture's range in dB"),
        (PictureConfig { top_db: Some(f32::NAN), ..SMALL }, "the picture's top in dB"),
        (PictureConfig { lowest_hz: 0.0, ..SMALL }, "the picture's lowest frequency in Hz"),
        (PictureConfig { lowest_hz: 20_000.0, ..SMALL }, "the picture's lowest frequency in Hz"),
    ] {
        let message = refused(&zeros, 1, &config);
        assert!(message.starts_with(&format!("{named} must be between")), "{message}");
    }
    assert!(grid(&[], 1, &SMALL).is_err() && grid(&[mono(&zeros)], 0, &SMALL).is_err());
    let huge = PictureConfig { width: 8_192, height: 8_192, ..SMALL };
    assert!(grid(&[mono(&zeros); 2], 2, &huge).unwrap_err().to_string().starts_with("the pixels of a picture"));
}
