//! Which of several configurations fits the time there is.

use super::report::Row;
use crate::output::text::duration;

/// A sentence for people: what gets done in so many minutes, or what is done first where nobody said how long.
pub fn sentence(rows: &[Row], minutes: Option<f64>) -> Option<String> {
    let known = rows.iter().filter_map(|row| Some((row.preset.as_str(), row.figures()?.own_seconds()?)));
    let budgets: Vec<(&str, f64)> = known.collect();
    let (first, seconds) = budgets.iter().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    match minutes {
        Some(minutes) => {
            let whole = budgets.iter().filter(|(_, seconds)| *seconds <= minutes * 60.0).map(|(name, _)| *name);
            Some(within(minutes, &whole.collect::<Vec<_>>(), (first, minutes * 60.0 / seconds.max(1e-9))))
        }
        None if rows.len() > 1 => {
            let time = duration(*seconds);
            Some(format!("{first} is done first, after {time}; --minutes N says what fits the time there is"))
        }
        None => None,
    }
}

/// What gets through its own budget in so many minutes, or else the one that gets furthest and the share of it that it gets through.
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
