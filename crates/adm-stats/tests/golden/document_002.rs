//! Document 002's four tables of scores, as printed (figures 4.20, 4.22, 4.24 and 4.25; 137 persons).
//!
//! 46 of the 48 printed figures are p and p ± z √(p(1−p)/n) rounded to two places and clipped at 0. The other two are cut
//! off where all others are rounded: 68 of 137 is 49.63504 %, printed as 49.63; and the upper end of 6 of 137 is
//! 7.80628 %, printed as 7.80.

use adm_stats::proportion;

/// Count, percentage, and both ends of the interval.
type Row = (u64, &'static str, &'static str, &'static str);

const TABLES: [&[Row]; 4] = [
    &[(55, "40.15", "31.94", "48.35"), (14, "10.22", "5.15", "15.29"), (68, "49.63", "41.26", "58.01")],
    &[(55, "40.15", "31.94", "48.35"), (6, "4.38", "0.95", "7.80"), (76, "55.47", "47.15", "63.80")],
    &[(11, "8.03", "3.48", "12.58"), (112, "81.75", "75.28", "88.22"), (14, "10.22", "5.15", "15.29")],
    &[
        (1, "0.73", "0", "2.16"),
        (32, "23.36", "16.27", "30.44"),
        (11, "8.03", "3.48", "12.58"),
        (32, "23.36", "16.27", "30.44"),
        (13, "9.49", "4.58", "14.40"),
        (43, "31.39", "23.62", "39.16"),
        (5, "3.65", "0.51", "6.79"),
    ],
];

/// What is printed cut off, and what it is when rounded.
const CUT_OFF: [(&str, &str); 2] = [("49.63", "49.64"), ("7.80", "7.81")];

fn rounded(share: f64) -> String {
    if share == 0.0 { "0".into() } else { format!("{:.2}", 100.0 * share) }
}

fn cut_off(share: f64) -> String {
    format!("{:.2}", (10_000.0 * share).floor() / 100.0)
}

#[test]
fn every_figure_comes_out_as_printed() {
    for table in TABLES {
        let n = table.iter().map(|row| row.0).sum();
        assert_eq!(n, 137);
        for (count, percent, low, high) in table {
            let found = proportion::wald(*count, n, 0.95).unwrap();
            let share = *count as f64 / n as f64;
            for (value, printed) in [(share, percent), (found.low, low), (found.high, high)] {
                match CUT_OFF.iter().find(|(cut, _)| cut == printed) {
                    None => assert_eq!(rounded(value), *printed),
                    Some((cut, right)) => {
                        assert_eq!((cut_off(value).as_str(), rounded(value).as_str()), (*cut, *right))
                    }
                }
            }
        }
    }
}
