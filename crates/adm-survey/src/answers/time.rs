//! Times as browsers write them.

/// Milliseconds since 1970 of a time like `2026-05-01T12:00:00.000Z`; `None` of anything else.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let shape = b"0000-00-00T00:00:00.000Z";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    if text.len() != shape.len() || !text.bytes().zip(shape).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = (days(year, month, day)? * 24 + hour) * 3_600 + minute * 60 + second;
    Some(seconds * 1_000 + number(20, 23)?)
}

/// Days since 1970 of a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *months.get(usize::try_from(month - 1).ok()?)?;
    if !(1..=length).contains(&day) {
        return None;
    }
    // Whole years since the year 0, which is a leap year, less those up to 1970.
    let before = |year: i64| 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let passed: i64 = months.iter().take((month - 1) as usize).sum();
    Some(before(year) - before(1970) + passed + day - 1)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("1970-01-02T00:00:00.001Z", 86_400_001),
            // date -u -d 2026-05-01T12:34:56 +%s
            ("2026-05-01T12:34:56.789Z", 1_777_638_896_789),
            // date -u -d 2000-03-01 +%s and 1900-03-01
            ("2000-03-01T00:00:00.000Z", 951_868_800_000),
            ("1900-03-01T00:00:00.000Z", -2_203_891_200_000),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ] {
            assert_eq!(milliseconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-05-01",
            "2026-02-29T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-00-01T00:00:00.000Z",
            "2026-01-00T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:00.000+",
            "2026-01-01 00:00:00.000Z",
            "２026-01-01T00:00:00.0Z",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
