//! Numbers and rows as people read them.

use std::fmt;

/// Text without what a terminal would obey.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// A count with its thousands apart: `12,034`.
pub fn count(value: impl TryInto<u64>) -> String {
    let digits = value.try_into().unwrap_or(u64::MAX).to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.iter().map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(",")
}

/// A count with what is counted: `1 slice`, `2 slices`.
pub fn plural(value: usize, one: &str) -> String {
    if value == 1 { format!("1 {one}") } else { format!("{} {one}s", count(value as u64)) }
}

/// Bytes in decimal units: `979.9 MB`.
pub fn bytes(value: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut scaled = value as f64 / 1e3;
    let unit = units.iter().find(|unit| {
        let fits = scaled < 999.95 || **unit == "TB";
        scaled /= if fits { 1.0 } else { 1e3 };
        fits
    });
    if value < 1_000 { format!("{value} bytes") } else { format!("{scaled:.1} {}", unit.unwrap_or(&"TB")) }
}

/// A duration: `0.31 s`, `12.3 s`, `4:05`, `1:59:58`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match seconds {
        seconds if seconds < 9.995 => format!("{seconds:.2} s"),
        seconds if seconds < 59.95 => format!("{seconds:.1} s"),
        _ if hours == 0 => format!("{minutes}:{rest:02}"),
        _ => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}

/// `mono` or `stereo`.
pub fn channels(count: usize) -> &'static str {
    if count == 1 { "mono" } else { "stereo" }
}

/// Labelled lines, the labels padded to one width; an empty label continues the line before.
#[derive(Debug, Default)]
pub struct Rows(Vec<(&'static str, String)>);

impl Rows {
    /// Adds a line.
    #[must_use]
    pub fn row(mut self, label: &'static str, value: impl Into<String>) -> Self {
        self.0.push((label, value.into()));
        self
    }

    /// Adds a line where there is something to say.
    #[must_use]
    pub fn maybe(self, label: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.row(label, value),
            None => self,
        }
    }

    /// Adds a line for each value, the label on the first.
    #[must_use]
    pub fn list(self, label: &'static str, values: impl IntoIterator<Item = String>) -> Self {
        values.into_iter().enumerate().fold(self, |rows, (at, value)| rows.row(if at == 0 { label } else { "" }, value))
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        self.0.iter().try_for_each(|(label, value)| writeln!(f, "{label:width$}  {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        let counts = [0, 7, 999, 1_000, 12_034, 1_000_000].map(|value: u64| count(value));
        assert_eq!(counts, ["0", "7", "999", "1,000", "12,034", "1,000,000"]);
        let sizes = [0, 999, 1_000, 999_949, 999_950, 979_900_000, 5_000_000_000_000_000].map(bytes);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1.0 kB", "999.9 kB", "1.0 MB", "979.9 MB", "5000.0 TB"]);
        let times = [0.0, 0.314, 9.99, 12.34, 59.94, 59.96, 61.4, 3_599.6, 7_198.0].map(duration);
        assert_eq!(times, ["0.00 s", "0.31 s", "9.99 s", "12.3 s", "59.9 s", "1:00", "1:01", "1:00:00", "1:59:58"]);
        assert_eq!((plural(1, "slice"), plural(0, "slice")), ("1 slice".to_owned(), "0 slices".to_owned()));
    }

    #[test]
    fn rows_align() {
        let rows = Rows::default().row("slices", "3").maybe("never", None).list("is", ["a".to_owned(), "b".to_owned()]);
        assert_eq!(rows.to_string(), "slices  3\nis      a\n        b\n");
    }
}
