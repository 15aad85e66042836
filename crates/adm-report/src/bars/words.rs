//! What a figure says in words: values at bars, the table under it, and what a screen reader is told.

use super::{Bar, Bars};
use crate::Table;
use crate::chart::ticks;

impl Bars {
    /// A number of the axis as a reader writes it.
    pub(super) fn tick(&self, value: f64) -> String {
        if self.percent { format!("{} %", ticks::label((1e6 * value).round() / 1e4)) } else { ticks::label(value) }
    }

    /// A value, percentages with a tenth.
    pub(super) fn number(&self, value: f64) -> String {
        match (value.is_finite(), self.percent) {
            (false, _) => "–".to_owned(),
            (true, true) => format!("{:.1} %", 100.0 * value).replace('-', "−"),
            (true, false) => ticks::label(value),
        }
    }

    /// What stands at a bar.
    pub(super) fn value(&self, bar: &Bar) -> String {
        bar.label.clone().unwrap_or_else(|| self.number(bar.value))
    }

    /// All that is drawn, as a table.
    pub(super) fn table(&self) -> Table {
        let several = self.series.len() > 1;
        let intervals = self.series.iter().flat_map(|(_, bars)| bars).any(|bar| bar.interval.is_some());
        let columns = [Some("Bar"), several.then_some("Series"), Some(&*self.axis), intervals.then_some("Interval")];
        let table = Table::new(format!("{}: the numbers", self.title), columns.into_iter().flatten());
        let rows = self.categories.iter().enumerate().flat_map(|(place, category)| {
            self.series.iter().filter_map(move |(name, bars)| bars.get(place).map(|bar| (category, name, bar)))
        });
        rows.fold(table, |table, (category, name, bar)| {
            let interval = bar
                .interval
                .map_or(String::new(), |(low, high)| format!("{} to {}", self.number(low), self.number(high)));
            let value = match &bar.label {
                // An empty cell leaves its column one of numbers.
                _ if !bar.value.is_finite() => String::new(),
                Some(label) if *label != self.number(bar.value) => format!("{} ({label})", self.number(bar.value)),
                _ => self.number(bar.value),
            };
            let cells =
                [Some(category.clone()), several.then(|| name.clone()), Some(value), intervals.then_some(interval)];
            table.row(cells.into_iter().flatten())
        })
    }

    /// The figure in one sentence; the table has the rest.
    pub(super) fn description(&self) -> String {
        let bars = || self.series.iter().flat_map(|(_, bars)| bars).map(|bar| bar.value).filter(|it| it.is_finite());
        let (low, high) = (bars().fold(f64::INFINITY, f64::min), bars().fold(f64::NEG_INFINITY, f64::max));
        let kind = if self.points { "Points" } else { "Bars" };
        let reference = self.reference.as_ref().map(|(value, name)| format!("; {name} at {}", self.number(*value)));
        format!(
            "{kind} of {} for {} groups, from {} to {}{}; the numbers are in the table below",
            self.axis,
            self.categories.len(),
            self.number(low),
            self.number(high),
            reference.unwrap_or_default()
        )
    }
}

/// Letters are 13 units high; about how wide a text is in a wide font (DejaVu Sans): in a narrower one it leaves some room, while the other
/// way round it would be cut off.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | ' ' => 5.1,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 12.6,
        'A'..='Z' => 9.5,
        '\u{1100}'.. if !('\u{2000}'..='\u{206f}').contains(&letter) => 13.5,
        _ => 8.2,
    }
}

/// A text in lines no wider than `most`, at most `lines` of them; what is too much ends in `…`. Also whether it all fits.
pub(super) fn wrap(text: &str, most: f64, lines: usize) -> (Vec<String>, bool) {
    let mut wrapped: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        for piece in pieces(word, most) {
            let Some(line) = wrapped.last_mut() else { break };
            if line.is_empty() {
                *line = piece;
            } else if width(line) + letter_width(' ') + width(&piece) <= most {
                line.push(' ');
                line.push_str(&piece);
            } else {
                wrapped.push(piece);
            }
        }
    }
    let fits = wrapped.len() <= lines;
    wrapped.truncate(lines.max(1));
    if let (false, Some(last)) = (fits, wrapped.last_mut()) {
        while !last.is_empty() && width(last) + width("…") > most {
            last.pop();
        }
        last.push('…');
    }
    (wrapped, fits)
}

/// A word cut where it is wider than a line.
fn pieces(word: &str, most: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || width(piece) + letter_width(letter) <= most => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::width;

    /// Widths as Chromium measures them in 13 pixels of DejaVu Sans.
    #[test]
    fn texts_have_the_room_that_they_need() {
        let measured = [
            ("Netherlands (22)", 110.1),
            ("drum and bass (14)", 127.8),
            ("hidden reference", 110.8),
            ("stereo-complex", 100.9),
        ];
        for (text, needed) in measured {
            let width = width(text);
            assert!((needed..1.25 * needed).contains(&width), "{text}: {width} of {needed}");
        }
    }
}
