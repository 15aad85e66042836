//! Which of several configurations fits the time there is.

use super::report::{Figures, Row};
use crate::output::text::duration;

/// A sentence for people: what gets done in so many minutes, or what is done first where nobody said how long.
pub fn sentence(rows: &[Row], minutes: Option<f64>) -> Option<String> {
    let figures = || rows.iter().filter_map(|row| Some((row.preset.as_str(), row.figures()?)));
    match minutes {
        Some(minutes) => {
            let whole = figures().filter(|(_, figures)| figures.fits(minutes)).map(|(name, _)| name);
            let whole: Vec<&str> = whole.collect();
            Some(within(minutes, &whole, nearest(figures(), minutes)?))
        }
        None if rows.len() > 1 => {
            let (name, figures) = figures().min_by(|(_, a), (_, b)| a.own.seconds.total_cmp(&b.own.seconds))?;
            let time = duration(figures.own.seconds);
            Some(format!("{name} is done first, after {time}; --minutes N says what fits the time there is"))
        }
        None => None,
    }
}

/// The configuration that gets furthest in so many minutes, and what share of its own budget that is.
fn nearest<'a>(rows: impl Iterator<Item = (&'a str, &'a Figures)>, minutes: f64) -> Option<(&'a str, f64)> {
    let share = |figures: &Figures| (minutes * 60.0 / figures.own.seconds.max(1e-9)).min(1.0);
    rows.map(|(name, figures)| (name, share(figures))).max_by(|(_, a), (_, b)| a.total_cmp(b))
}

fn within(minutes: f64, whole: &[&str], (nearest, share): (&str, f64)) -> String {
    let time = duration(minutes * 60.0);
    match whole {
        [] => {
            let percent = (share * 100.0).floor().min(99.0);
            format!("nothing gets through its own budget in {time}; {nearest} gets furthest, through {percent} %")
        }
        [one] => format!("{one} gets through its own budget in {time}"),
        [some @ .., last] => format!("{} and {last} get through their own budgets in {time}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_named() {
        assert_eq!(within(60.0, &["cpu"], ("cpu", 1.0)), "cpu gets through its own budget in 1:00:00");
        let three = within(1.5, &["a", "b", "c"], ("a", 1.0));
        assert_eq!(three, "a, b and c get through their own budgets in 1:30");
        let none = within(0.5, &[], ("cpu", 0.129));
        assert_eq!(none, "nothing gets through its own budget in 30.0 s; cpu gets furthest, through 12 %");
    }
}
