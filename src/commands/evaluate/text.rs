//! An evaluation on a terminal.

use super::evaluation::{Evaluation, Judged};
use super::figures::GROUPS;
use crate::output::text::{count, duration};
use std::fmt;
use std::path::Path;

/// Suspicious beats that are named here; the page and JSON have more.
const NAMED: usize = 5;

/// Widest a column's heading may be before only the end of its path is shown.
const WIDEST: usize = 28;

impl Judged {
    /// The end of a long path.
    pub fn short_name(&self) -> String {
        let end = || Path::new(&self.name).file_name().map(|name| name.to_string_lossy().into_owned());
        if self.name.chars().count() <= WIDEST { self.name.clone() } else { end().unwrap_or(self.name.clone()) }
    }

    /// What its figures say, in words.
    pub fn words(&self, floor: &Judged, ceiling: &Judged) -> Vec<String> {
        let kad = |set: &Judged| set.distances.kad.value;
        let way = (kad(self) - kad(floor)) / (kad(ceiling) - kad(floor)).max(f64::MIN_POSITIVE);
        let near = if way <= 0.0 {
            "as near to the training set as held-out beats".to_owned()
        } else {
            format!("{:.1} % of the way from held-out beats to noise", 100.0 * way)
        };
        let reached = self.distances.coverage.value / floor.distances.coverage.value.max(f64::MIN_POSITIVE);
        let near = format!("{near}; covers {:.0} % of what held-out beats cover", 100.0 * reached);
        let variety = self.variety.map(|variety| variety.to_string());
        let copies = self.copies.as_ref().map(|copies| copies.sentence());
        [near].into_iter().chain(variety).chain(copies).chain(self.notes.iter().cloned()).collect()
    }
}

/// Cells under each other, the first column to the left.
fn table(f: &mut fmt::Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [training, held_out, compared] = [self.training, self.held_out, self.compared].map(|n| count(n as u64));
        let reference = self.reference.display();
        writeln!(
            f,
            "reference  {reference}: {training} training beats, {held_out} held out; {compared} of each compared"
        )?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note       {note}"))?;
        writeln!(f)?;
        let heading = ["", "better"].map(str::to_owned).into_iter().chain(self.sets().map(Judged::short_name));
        let mut rows = vec![heading.collect::<Vec<_>>()];
        for (_, figures) in GROUPS {
            let of_group = self.rows(figures);
            rows.extend(of_group.map(|(figure, cells)| {
                [figure.name, figure.better].map(str::to_owned).into_iter().chain(cells).collect()
            }));
        }
        table(f, &rows)?;
        for candidate in &self.candidates {
            writeln!(f, "\n{}", candidate.name)?;
            for words in candidate.words(&self.floor, &self.ceiling) {
                writeln!(f, "  {words}")?;
            }
            let suspicious = candidate.copies.iter().flat_map(|copies| &copies.suspicious);
            suspicious.take(NAMED).try_for_each(|beat| writeln!(f, "  {}", beat.sentence()))?;
        }
        self.page.iter().try_for_each(|page| writeln!(f, "\npage       {}", page.display()))?;
        writeln!(f, "\ntime       {}", duration(self.seconds))
    }
}
