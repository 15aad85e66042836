//! Values with a range, read from text. What is refused is told what would do.

use adm_core::{Bpm, SampleRate};

/// The tempo of recordings, or the wish that it be found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tempo {
    /// To be found in each recording.
    Auto,
    /// The same in all of them.
    Fixed(Bpm),
}

/// `auto` or a tempo in BPM.
pub fn tempo(text: &str) -> Result<Tempo, String> {
    if text == "auto" { Ok(Tempo::Auto) } else { bpm(text).map(Tempo::Fixed) }
}

/// A tempo in BPM.
pub fn bpm(text: &str) -> Result<Bpm, String> {
    Bpm::new(number(text)?).map_err(|error| error.to_string())
}

/// Two tempi in BPM, the lower one first.
pub fn bpm_range(text: &str) -> Result<(Bpm, Bpm), String> {
    let expected = || "expected two tempi in BPM, the lower one first, such as 120-140".to_owned();
    let (low, high) = text.split_once('-').ok_or_else(expected)?;
    let (low, high) = (bpm(low)?, bpm(high)?);
    if low.get() < high.get() { Ok((low, high)) } else { Err(expected()) }
}

/// A region of time in beats, `START-END`.
pub fn region(text: &str) -> Result<(f64, f64), String> {
    let expected = || "expected where it begins and ends in beats, such as 0.5-1".to_owned();
    let (start, end) = text.split_once('-').ok_or_else(expected)?;
    let (start, end) = (number(start).map_err(|_| expected())?, number(end).map_err(|_| expected())?);
    if start >= 0.0 && start < end && end.is_finite() { Ok((start, end)) } else { Err(expected()) }
}

/// Whose beats play.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SourceName {
    /// A generator's.
    Generated,
    /// The dataset's own.
    Dataset,
    /// Both, with this share of the dataset's.
    Mix(f64),
}

/// `generated`, `dataset` or `mix:SHARE`.
pub fn source(text: &str) -> Result<SourceName, String> {
    match text.split_once(':') {
        None if text == "generated" => Ok(SourceName::Generated),
        None if text == "dataset" => Ok(SourceName::Dataset),
        Some(("mix", part)) => share(part).map(SourceName::Mix),
        _ => Err("expected generated, dataset, or mix with a share, such as mix:0.5".to_owned()),
    }
}

/// Two seeds, `A:B`.
pub fn seeds(text: &str) -> Result<(u64, u64), String> {
    let both = text.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    both.ok_or_else(|| "expected two seeds, such as 1:2".to_owned())
}

/// Numbers of two slices, `A:B`.
pub fn slices(text: &str) -> Result<(usize, usize), String> {
    let both = text.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    both.ok_or_else(|| "expected the numbers of two slices, such as 0:4".to_owned())
}

/// A number from 0 to 1.
pub fn share(text: &str) -> Result<f64, String> {
    match number(text)? {
        value if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("it must be a number between 0 and 1".to_owned()),
    }
}

/// The name of a participant, such as `0b8f5a52-6a3e-4c1d-9f27-5d0e8c7b4a19`.
pub fn uuid(text: &str) -> Result<String, String> {
    let groups: Vec<&str> = text.trim().split('-').collect();
    let right = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    match right && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(text.trim().to_lowercase()),
        false => Err("expected the number that the last page gives, 32 hexadecimal digits in five groups".to_owned()),
    }
}

/// A number from 0 to 10.
pub fn spread(text: &str) -> Result<f64, String> {
    match number(text)? {
        value if (0.0..=10.0).contains(&value) => Ok(value),
        _ => Err("it must be a number between 0 and 10".to_owned()),
    }
}

/// A sample rate in Hz.
pub fn sample_rate(text: &str) -> Result<SampleRate, String> {
    let hz = number(text)?;
    let refused = || format!("the sample rate in Hz must be a whole number between 1000 and 768000, got {hz}");
    let whole = (0.0..=f64::from(u32::MAX)).contains(&hz) && hz.fract() == 0.0;
    // The cast is exact: the number is whole and in range.
    if whole { SampleRate::new(hz as u32).map_err(|_| refused()) } else { Err(refused()) }
}

/// Any number that is one.
pub fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "expected a number".to_owned())
}

/// A whole number from `low` to `high`.
pub fn whole(low: usize, high: usize) -> impl Fn(&str) -> Result<usize, String> + Clone + Send + Sync + 'static {
    move |text| match text.parse() {
        Ok(value) if (low..=high).contains(&value) => Ok(value),
        _ => Err(format!("it must be a whole number between {low} and {high}")),
    }
}

/// A number above `low` and up to `high`.
pub fn above(low: f64, high: f64) -> impl Fn(&str) -> Result<f64, String> + Clone + Send + Sync + 'static {
    move |text| match number(text)? {
        value if value > low && value <= high => Ok(value),
        _ => Err(format!("it must be a number above {low} and up to {high}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_numbers_are_refused_with_the_range() {
        let range = |got: &str| Err(format!("the tempo in BPM must be between 20 and 400, got {got}"));
        for (text, got) in [("0", "0"), ("-1", "-1"), ("NaN", "NaN"), ("inf", "inf"), ("1e9", "1000000000")] {
            assert_eq!(bpm(text).map(Bpm::get), range(got), "{text}");
        }
        for text in ["0", "-1", "1.5", "x", "", "99999999999999999999", "11"] {
            assert_eq!(whole(1, 10)(text), Err("it must be a whole number between 1 and 10".to_owned()), "{text}");
        }
        for text in ["0", "-44100", "44100.5", "NaN", "999", "768001", "1e300"] {
            assert!(sample_rate(text).is_err(), "{text}");
        }
        for text in ["120", "140-120", "120-120", "10-140", "120-", "-120-140", "a-b"] {
            assert!(bpm_range(text).is_err(), "{text}");
        }
        for text in ["", "1", "1-0.5", "1-1", "-1-2", "a-1", "0-inf", "NaN-1"] {
            assert!(region(text).is_err(), "{text}");
        }
        assert!(share("1.1").is_err() && share("-0.1").is_err() && share("NaN").is_err());
        assert!(above(0.0, 2.0)("0").is_err() && above(0.0, 2.0)("NaN").is_err());
    }

    #[test]
    fn sensible_ones_are_taken() {
        assert_eq!(tempo("auto"), Ok(Tempo::Auto));
        assert_eq!(tempo("127.5"), Ok(Tempo::Fixed(Bpm::new(127.5).unwrap())));
        assert_eq!(bpm_range("120-140.5"), Ok((Bpm::new(120.0).unwrap(), Bpm::new(140.5).unwrap())));
        assert_eq!(share("0.3"), Ok(0.3));
        assert_eq!(region("0.5-1"), Ok((0.5, 1.0)));
        assert_eq!(sample_rate("48000").map(SampleRate::hz), Ok(48_000));
        assert_eq!((whole(1, 10)("10"), above(0.0, 2.0)("2")), (Ok(10), Ok(2.0)));
    }
}
