//! Results do not depend on how many threads compute them.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::Seeds;
use adm_stats::{
    bootstrap::{self, Draw, Plan, Record},
    contingency,
    simulate::Cohort,
};

fn study(item_sd: f64) -> Vec<Record> {
    Cohort { persons: 53, items: 20, truth: 0.55, person_sd: 0.6, item_sd }.study(Seeds::new(2), 0).unwrap()
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let records = study(0.5);
    let table = [[9u64, 2, 4], [1, 8, 3], [2, 2, 5]];
    let all = |threads| {
        with_threads(threads, || {
            let plans =
                [Draw::Persons, Draw::Items, Draw::Both].map(|draw| Plan { resamples: 500, draw, ..Plan::default() });
            let means = plans.map(|plan| bootstrap::mean(&records, &plan, Seeds::new(1)).unwrap());
            let kinds: Vec<usize> = records.iter().map(|record| record.item % 2).collect();
            let balanced = plans.map(|plan| bootstrap::balanced(&records, &kinds, &plan, Seeds::new(1)).unwrap());
            (means, balanced, contingency::monte_carlo(&table, 500, Seeds::new(1)).unwrap())
        })
    };
    assert_eq!(all(1), all(5));
}
