//! An evaluation on a terminal.

use super::evaluation::{Evaluation, Judged};
use super::figures::GROUPS;
use crate::output::text::{count, duration, plain};
use std::fmt;

/// Suspicious beats that are named here; the page and JSON have more.
const NAMED: usize = 5;

/// Coverage of held-out beats under which no share of it means anything.
const LEAST_COVERAGE: f64 = 0.02;

/// Widest a column's heading may be before only the end of its path is shown.
const WIDEST: usize = 28;

impl Judged {
    /// The name, or the end of a long one; nothing that a terminal would obey.
    pub fn short_name(&self) -> String {
        let plain: Vec<char> = plain(&self.name).chars().collect();
        if plain.len() <= WIDEST {
            return plain.into_iter().collect();
        }
        ['…'].into_iter().chain(plain[plain.len() - WIDEST + 1..].iter().copied()).collect()
    }

    /// What its figures say, in words.
    pub fn words(&self, floor: &Judged, ceiling: &Judged) -> Vec<String> {
        let near = format!("{}; {}", self.nearness(floor, ceiling), self.reach(floor));
        let variety = self.variety.map(|variety| variety.to_string());
        let copies = self.copies.as_ref().map(|copies| copies.sentence());
        [near].into_iter().chain(variety).chain(copies).chain(self.notes.iter().map(|note| plain(note))).collect()
    }

    fn nearness(&self, floor: &Judged, ceiling: &Judged) -> String {
        let [own, least, most] = [self, floor, ceiling].map(|set| set.distances.kad);
        if !least.apart_from(&most) || most.value <= least.value {
            return "held-out beats and noise are alike beside this reference, so nearness says nothing".to_owned();
        }
        match (own.value - least.value) / (most.value - least.value) {
            _ if own.high < least.low => "nearer to the training set than held-out beats".to_owned(),
            way if way <= 0.0 => "as near to the training set as held-out beats".to_owned(),
            way => format!("{:.1} % of the way from held-out beats to noise", 100.0 * way),
        }
    }

    fn reach(&self, floor: &Judged) -> String {
        let [own, held_out] = [self, floor].map(|set| set.distances.coverage.value);
        if held_out < LEAST_COVERAGE {
            return "held-out beats cover next to nothing, so coverage says nothing".to_owned();
        }
        format!("covers {:.0} % of what held-out beats cover", 100.0 * own / held_out)
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
            writeln!(f, "\n{}", candidate.short_name())?;
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
