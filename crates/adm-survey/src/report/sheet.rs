//! Tables, as a page shows them and as CSV files hold them.

use crate::analysis::{Known, Span, percent};
use adm_report::Table;

/// Rows that a page shows of one table; the CSV file has all.
const SHOWN: usize = 150;

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    /// The CSV file's name without its extension.
    pub name: &'static str,
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Whether it holds intervals, which CSV files have as two columns.
    pub is_span: bool,
}

/// What stands in one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Words. They may come from participants.
    Text(String),
    /// How many.
    Count(u64),
    /// A number.
    Number(f64),
    /// A number between 0 and 1 that pages print as a percentage.
    Share(f64),
    /// A p-value.
    P(f64),
    /// Two ends of an interval of numbers.
    Span(f64, f64),
    /// Two ends of an interval of shares.
    Shares(f64, f64),
    /// Nothing.
    Empty,
}

impl Sheet {
    /// A table without rows. Names of columns that end with `…` hold intervals.
    pub fn new(name: &'static str, caption: impl Into<String>, columns: &[&'static str]) -> Self {
        let column =
            |name: &&'static str| Column { name: name.trim_end_matches('…'), is_span: name.ends_with('…') };
        Self { name, caption: caption.into(), columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    /// One more row.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// As a page shows it: without columns in which nothing stands, and without the first where it says the same everywhere and is `who`.
    pub fn table(&self) -> Table {
        let shown: Vec<usize> = (0..self.columns.len()).filter(|column| self.is_worth_showing(*column)).collect();
        let rest = self.rows.len().saturating_sub(SHOWN);
        let caption = match rest {
            0 => self.caption.clone(),
            rest => format!("{} (the first {SHOWN} rows; {rest} more are in {}.csv)", self.caption, self.name),
        };
        let heading = |column: &usize| self.columns.get(*column).map_or("", |column| column.name);
        let table = Table::new(caption, shown.iter().map(heading));
        let row = |cells: &Vec<Cell>| -> Vec<String> {
            shown.iter().map(|column| cells.get(*column).map(Cell::shown).unwrap_or_default()).collect()
        };
        self.rows.iter().take(SHOWN).fold(table, |table, cells| table.row(row(cells)))
    }

    fn is_worth_showing(&self, column: usize) -> bool {
        let cells = || self.rows.iter().filter_map(|row| row.get(column));
        let is_who = self.columns.get(column).is_some_and(|column| column.name == "who");
        let says = cells().any(|cell| !matches!(cell, Cell::Empty) && *cell != Cell::Text(String::new()));
        let differs = cells().any(|cell| Some(cell) != cells().next());
        says && (!is_who || differs)
    }
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A number that may not be known.
    pub fn number(value: &Known<f64>) -> Self {
        value.get().map_or(Self::Empty, |value| Self::Number(*value))
    }

    /// A share that may not be known.
    pub fn share(value: &Known<f64>) -> Self {
        value.get().map_or(Self::Empty, |value| Self::Share(*value))
    }

    /// An interval of numbers that may not be known.
    pub fn span(value: &Known<Span>) -> Self {
        value.get().map_or(Self::Empty, |span| Self::Span(span.low, span.high))
    }

    /// An interval of shares that may not be known.
    pub fn shares(value: &Known<Span>) -> Self {
        value.get().map_or(Self::Empty, |span| Self::Shares(span.low, span.high))
    }

    /// A p-value that may not be there.
    pub fn p(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::P)
    }

    /// What of how many.
    pub fn of((part, whole): (usize, usize)) -> Self {
        match whole {
            0 => Self::Empty,
            _ => Self::Text(format!("{part} of {whole}")),
        }
    }

    /// As a page shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(value) => rounded(*value),
            Self::Share(value) => format!("{:.2} %", 100.0 * value),
            Self::P(value) => p(*value),
            Self::Span(low, high) => format!("{} to {}", rounded(*low), rounded(*high)),
            Self::Shares(low, high) => format!("{:.2} to {:.2} %", 100.0 * low, 100.0 * high),
            Self::Empty => String::new(),
        }
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Text(words.to_owned())
    }
}

/// A number in three or four digits that count: `12.3`, `0.051`, `−0.13`.
fn rounded(value: f64) -> String {
    let places = match value.abs() {
        size if size >= 100.0 => 1,
        size if size >= 0.1 || size == 0.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().any(|digit| ('1'..='9').contains(&digit)) => format!("−{digits}"),
        Some(digits) => digits.to_owned(),
        None => text,
    }
}

/// A p-value as it is usually printed.
pub(super) fn p(value: f64) -> String {
    match value < 0.0001 {
        true => "< 0.0001".to_owned(),
        false => format!("{value:.4}"),
    }
}

/// The level of intervals in words.
pub(super) fn level(alpha: f64) -> String {
    percent(1.0 - alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_short_as_they_are_clear() {
        let shown = |cell: Cell| cell.shown();
        assert_eq!(shown(Cell::Share(55.0 / 137.0)), "40.15 %");
        assert_eq!(shown(Cell::Shares(0.319_4, 0.483_5)), "31.94 to 48.35 %");
        assert_eq!(
            [-0.1281, -0.0001, 0.051, 12.345, 123.45].map(rounded),
            ["−0.13", "0.000", "0.051", "12.35", "123.5"]
        );
        assert_eq!([0.02069, 0.000_01, 1.0].map(p), ["0.0207", "< 0.0001", "1.0000"]);
        assert_eq!(shown(Cell::of((0, 0))), "");
    }

    #[test]
    fn columns_that_say_nothing_are_not_shown() {
        let mut sheet = Sheet::new("x", "X", &["who", "a", "b"]);
        sheet.push(["everybody".into(), 1.into(), Cell::Empty]);
        assert!(!sheet.is_worth_showing(0) && sheet.is_worth_showing(1) && !sheet.is_worth_showing(2));
        sheet.push(["screened".into(), 1.into(), Cell::Empty]);
        assert!(sheet.is_worth_showing(0) && sheet.is_worth_showing(1));
    }
}
