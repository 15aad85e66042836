//! Settings that are not the same in all runs.

use crate::commands::run_report::{FOUND, Recorded, written};
use std::collections::{BTreeMap, BTreeSet};

/// The value in each run of every setting that differs; nothing across families, which have few settings in common.
pub fn of(runs: &[Recorded]) -> BTreeMap<String, Vec<Option<String>>> {
    if runs.iter().map(|run| run.family.name()).collect::<BTreeSet<_>>().len() > 1 {
        return BTreeMap::new();
    }
    let keys: BTreeSet<&String> = runs.iter().flat_map(|run| run.configuration.settings.keys()).collect();
    let asked = keys.into_iter().filter(|key| !FOUND.contains(&key.as_str()));
    let values = |key: &String| runs.iter().map(|run| run.configuration.settings.get(key).map(written)).collect();
    let all = asked.map(|key| (key.clone(), values(key)));
    all.filter(|(_, values): &(String, Vec<Option<String>>)| values.windows(2).any(|pair| pair[0] != pair[1])).collect()
}
