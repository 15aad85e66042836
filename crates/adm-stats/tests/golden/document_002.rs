//! Document 002's four tables of scores, as printed (figures 4.20, 4.22, 4.24 and 4.25; 137 persons).

use adm_stats::proportion;

const TABLES: [&[(u64, &str, &str)]; 4] = [
    &[(55, "40.15%", "(31.94, 48.35)"), (14, "10.22%", "(5.15, 15.29)"), (68, "49.63%", "(41.26, 58.01)")],
    &[(55, "40.15%", "(31.94, 48.35)"), (6, "4.38%", "(0.95, 7.80)"), (76, "55.47%", "(47.15, 63.80)")],
    &[(11, "8.03%", "(3.48, 12.58)"), (112, "81.75%", "(75.28, 88.22)"), (14, "10.22%", "(5.15, 15.29)")],
    &[
        (1, "0.73%", "(0, 2.16)"),
        (32, "23.36%", "(16.27, 30.44)"),
        (11, "8.03%", "(3.48, 12.58)"),
        (32, "23.36%", "(16.27, 30.44)"),
        (13, "9.49%", "(4.58, 14.40)"),
        (43, "31.39%", "(23.62, 39.16)"),
        (5, "3.65%", "(0.51, 6.79)"),
    ],
];

fn printed(share: f64) -> String {
    if share == 0.0 { "0".into() } else { format!("{:.2}", 100.0 * share) }
}

#[test]
fn every_row_comes_out_as_printed() {
    for table in TABLES {
        let n = table.iter().map(|row| row.0).sum();
        for (count, percent, interval) in table {
            assert_eq!(&format!("{}%", printed(*count as f64 / n as f64)), percent);
            let found = proportion::wald(*count, n, 0.95).unwrap();
            assert_eq!(&format!("({}, {})", printed(found.low), printed(found.high)), interval);
        }
    }
}
