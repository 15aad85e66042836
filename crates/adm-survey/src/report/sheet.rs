//! Tables, as a page shows them and as CSV files hold them.

use crate::analysis::{Known, Span, percent};
use adm_report::Table;
use std::collections::BTreeMap;

/// Rows that a page shows of one table; the CSV file has all.
const SHOWN: usize = 40;
/// The column that says whose answers a row is about, where there is one.
const WHO: usize = 0;

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

    /// As a page shows it: without columns in which nothing stands, and with words that stand in all rows said once, in the caption. Where
    /// both analyses are there, they stand under each other row by row.
    pub fn table(&self) -> Table {
        let keys = self.keys();
        let is_two = self.is_worth_showing(WHO) && self.is_who(WHO);
        let order = (1..=keys).chain([WHO]).chain(keys + 1..self.columns.len());
        let columns: Vec<usize> = match is_two {
            true => order.filter(|column| self.is_column(*column)).collect(),
            false => (0..self.columns.len()).filter(|column| self.is_column(*column)).collect(),
        };
        let rows = if is_two { self.paired(keys) } else { self.rows.iter().collect() };
        let heading = |column: &usize| self.columns.get(*column).map_or("", |column| column.name);
        let table = Table::new(self.shown_caption(), columns.iter().map(heading));
        let mut before: Option<&[Cell]> = None;
        rows.into_iter().take(SHOWN).fold(table, |table, row| {
            let key = row.get(1..=keys).filter(|_| is_two);
            let is_again = key.is_some() && key == before;
            before = key;
            let cell = |column: &usize| match is_again && (1..=keys).contains(column) {
                true => String::new(),
                false => row.get(*column).map(Cell::shown).unwrap_or_default(),
            };
            table.row(columns.iter().map(cell).collect::<Vec<_>>())
        })
    }

    fn shown_caption(&self) -> String {
        let name = |column: usize| self.columns.get(column).map_or("", |column| column.name);
        let once: Vec<String> = (0..self.columns.len())
            .filter_map(|column| Some(format!("{}: {}", name(column), self.common(column)?)))
            .collect();
        let rest = self.rows.len().saturating_sub(SHOWN);
        let more = (rest > 0).then(|| format!("the first {SHOWN} rows; {rest} more are in {}.csv", self.name));
        let parts: Vec<String> = [self.caption.clone()].into_iter().chain(once).chain(more).collect();
        parts.join(" · ")
    }

    /// The words that stand in this column in each of several rows.
    fn common(&self, column: usize) -> Option<&str> {
        let mut cells = self.rows.iter().map(|row| row.get(column));
        let first = cells.next().flatten()?;
        // Where nobody is named, words are participants' own, which belong to each of them.
        let is_common =
            self.rows.len() > 1 && self.is_who(WHO) && cells.all(|cell| cell == Some(first)) && !self.is_who(column);
        match first {
            Cell::Text(words) if is_common && !words.is_empty() => Some(words),
            _ => None,
        }
    }

    fn is_column(&self, column: usize) -> bool {
        self.is_worth_showing(column) && self.common(column).is_none()
    }

    /// How many columns after the first name a row: those that hold words before the first that holds a number anywhere.
    fn keys(&self) -> usize {
        let words = |row: &Vec<Cell>| row.iter().skip(1).take_while(|cell| matches!(cell, Cell::Text(_))).count();
        self.rows.iter().map(words).min().unwrap_or(0)
    }

    /// Rows with those of one name together, in the order in which names first come.
    fn paired(&self, keys: usize) -> Vec<&Vec<Cell>> {
        let name = |row: &Vec<Cell>| -> Vec<String> { row.iter().skip(1).take(keys).map(Cell::shown).collect() };
        let mut places = BTreeMap::new();
        for (place, row) in self.rows.iter().enumerate() {
            places.entry(name(row)).or_insert(place);
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|row| places.get(&name(row)).copied());
        rows
    }

    fn is_who(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.name == "who")
    }

    fn is_worth_showing(&self, column: usize) -> bool {
        let cells = || self.rows.iter().filter_map(|row| row.get(column));
        let says = cells().any(|cell| !matches!(cell, Cell::Empty) && *cell != Cell::Text(String::new()));
        let differs = cells().any(|cell| Some(cell) != cells().next());
        says && (!self.is_who(column) || differs)
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
        value.get().map_or(Self::Empty, |span| Self::Shares(span.low.clamp(0.0, 1.0), span.high.clamp(0.0, 1.0)))
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
            Self::Share(value) => format!("{} %", minus(&format!("{:.2}", 100.0 * value))),
            Self::P(value) => p(*value),
            Self::Span(low, high) => format!("{} to {}", rounded(*low), rounded(*high)),
            Self::Shares(low, high) => format!("{:.2}–{:.2} %", 100.0 * low, 100.0 * high),
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

/// A number in three or four digits that count: `12.35`, `0.051`, `−0.13`, `4`.
fn rounded(value: f64) -> String {
    let places = match value.abs() {
        _ if value.fract() == 0.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 0.1 => 2,
        _ => 3,
    };
    minus(&format!("{value:.places$}"))
}

/// Digits with a minus sign instead of a hyphen, and with none before nothing but zeros.
fn minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().any(|digit| ('1'..='9').contains(&digit)) => format!("−{digits}"),
        Some(digits) => digits.to_owned(),
        None => text.to_owned(),
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
        assert_eq!(shown(Cell::Shares(0.319_4, 0.483_5)), "31.94–48.35 %");
        assert_eq!(
            [-0.1281, -0.0001, 0.051, 12.345, 123.45].map(rounded),
            ["−0.13", "0.000", "0.051", "12.35", "123.5"]
        );
        assert_eq!([0.02069, 0.000_01, 1.0].map(p), ["0.0207", "< 0.0001", "1.0000"]);
        assert_eq!(shown(Cell::of((0, 0))), "");
    }

    #[test]
    fn both_analyses_stand_under_each_other() {
        let mut sheet = Sheet::new("x", "X", &["who", "question", "answer", "n"]);
        for (who, counts) in [("everybody", [4, 6]), ("screened", [3, 5])] {
            for (answer, count) in ["yes", "no"].iter().zip(counts) {
                sheet.push([who.into(), "q".into(), (*answer).into(), count.into()]);
            }
        }
        let expected = Table::new("X · question: q", ["answer", "who", "n"])
            .row(["yes", "everybody", "4"])
            .row(["", "screened", "3"])
            .row(["no", "everybody", "6"])
            .row(["", "screened", "5"]);
        assert_eq!(sheet.table(), expected);
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
