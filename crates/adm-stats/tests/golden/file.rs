//! The golden file, and how close is close enough.

use adm_stats::Sides;
use serde::de::DeserializeOwned;

/// Double precision through a few hundred operations; scipy itself differs from R by about this much.
pub const CLOSE: f64 = 1e-9;

pub const SIDES: [(&str, Sides); 3] = [("greater", Sides::Greater), ("less", Sides::Less), ("two", Sides::Two)];

/// A section of the golden file.
pub fn section<T: DeserializeOwned>(name: &str) -> T {
    let mut all: serde_json::Value = serde_json::from_str(include_str!("statistics.json")).unwrap();
    serde_json::from_value(all[name].take()).unwrap()
}

/// Asserts that both agree, relatively, to [`CLOSE`]; p-values that underflow count as 0.
#[track_caller]
pub fn near(found: f64, expected: f64, what: &dyn std::fmt::Debug) {
    let allowed = CLOSE * expected.abs() + 1e-290;
    assert!((found - expected).abs() <= allowed, "{found:e} against {expected:e}: {what:?}");
}

/// Asserts that both agree to `allowed`, absolutely: for what may be 0 by cancellation.
#[track_caller]
pub fn within(found: f64, expected: f64, allowed: f64, what: &dyn std::fmt::Debug) {
    assert!((found - expected).abs() <= allowed, "{found} against {expected}: {what:?}");
}
