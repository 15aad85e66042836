//! The comparison on a terminal: a column a run, a few runs beside each other.

use super::Comparison;
use std::fmt;

/// Runs beside each other.
const BESIDE: usize = 3;
/// Widest column, in letters; longer values go on in the next line.
const WIDTH: usize = 34;

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, first) in (0..self.runs.len()).step_by(BESIDE).enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", columns(&self.lines(first..self.runs.len().min(first + BESIDE))))?;
        }
        if !self.notes.is_empty() || self.page.is_some() {
            writeln!(f)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))?;
        self.page.iter().try_for_each(|page| writeln!(f, "page: {}", page.display()))
    }
}

impl Comparison {
    /// A label and the values of these runs, line by line: what they came to, then settings that differ.
    fn lines(&self, runs: std::ops::Range<usize>) -> Vec<Vec<String>> {
        let cells: Vec<_> = self.runs[runs.clone()].iter().map(super::row::Compared::cells).collect();
        let Some(first) = cells.first() else { return Vec::new() };
        let line = |(at, (label, _)): (usize, &(&str, String))| {
            std::iter::once((*label).to_owned()).chain(cells.iter().map(|cells| cells[at].1.clone())).collect()
        };
        let settings = self.differing.iter().map(|(key, values)| {
            let shown = values[runs.clone()].iter().map(|value| value.clone().unwrap_or_else(|| "–".to_owned()));
            std::iter::once(key.clone()).chain(shown).collect()
        });
        first.iter().enumerate().map(line).chain(settings).collect()
    }
}

/// Lines of cells with every column as wide as its widest cell.
fn columns(lines: &[Vec<String>]) -> String {
    let wrapped: Vec<Vec<Vec<String>>> =
        lines.iter().map(|line| line.iter().map(|cell| wrap(cell, WIDTH)).collect()).collect();
    let count = lines.first().map_or(0, Vec::len);
    let letters = |text: &String| text.chars().count();
    let width = |at: usize| wrapped.iter().flat_map(|line| &line[at]).map(letters).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for line in &wrapped {
        for row in 0..line.iter().map(Vec::len).max().unwrap_or(0) {
            let cell = |(cell, width): (&Vec<String>, &usize)| {
                let shown = cell.get(row).map_or("", String::as_str);
                format!("{shown:<width$}")
            };
            let cells: Vec<String> = line.iter().zip(&widths).map(cell).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
    }
    text
}

/// Lines of at most so many letters, broken between words where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(last) if line > 0 && line + 1 + word.chars().count() <= width => *last += &format!(" {word}"),
            Some(last) if line == 0 => last.push_str(word),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_long_ones_stay_whole() {
        assert_eq!(wrap("a bc def", 4), ["a bc", "def"]);
        assert_eq!(wrap("/a/long/path b", 4), ["/a/long/path", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn columns_are_as_wide_as_they_need() {
        let lines = [["run", "a", "bcd"], ["steps", "1,000", "–"]].map(|line| line.map(str::to_owned).to_vec());
        assert_eq!(columns(&lines), "run    a      bcd\nsteps  1,000  –\n");
    }
}
