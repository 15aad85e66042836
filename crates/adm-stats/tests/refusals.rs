//! Input for which a statistic is undefined: an error that says so, never a panic and never NaN.

use adm_core::{Hint, Seeds};
use adm_stats::{
    Sides, StatsError, Test,
    agreement::{self, Scale},
    binomial,
    bootstrap::{self, Draw, Ends, Plan, Record},
    contingency, detection,
    equivalence::{self, Margin},
    jackknife, mean, multiple,
    power::{self, Design},
    proportion, ranks,
    simulate::Cohort,
};

const SIDES: [Sides; 3] = [Sides::Greater, Sides::Less, Sides::Two];
const ODD: [f64; 9] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1.0, 2.0, 1e-320, f64::MAX];

/// A test's figures are numbers, its p-value a probability.
#[track_caller]
fn sound(test: Result<Test, StatsError>) {
    let Ok(test) = test else { return };
    assert!((0.0..=1.0).contains(&test.p), "{test:?}");
    assert!(!test.statistic.is_nan() && !test.freedom.is_some_and(f64::is_nan), "{test:?}");
    assert!(!test.effect.is_some_and(|effect| effect.value.is_nan()), "{test:?}");
}

#[test]
fn counts_and_probabilities_out_of_range() {
    for (hits, n) in [(0, 0), (3, 2), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        assert!(SIDES.iter().all(|sides| binomial::exact(hits, n, 0.5, *sides).is_err()));
    }
    for odd in ODD {
        let p = binomial::exact(1, 2, odd, Sides::Two);
        assert_eq!(p.is_ok(), odd > 0.0 && odd < 1.0);
        sound(p);
        assert!(binomial::rejection(10, 0.5, odd, Sides::Two).is_ok() == (odd > 0.0 && odd < 1.0));
        for kind in [proportion::Kind::Wilson, proportion::Kind::ClopperPearson, proportion::Kind::Wald] {
            assert!(proportion::interval(kind, 0, 0, 0.95).is_err());
            let found = proportion::interval(kind, 3, 9, odd);
            assert!(found.is_err() || found.is_ok_and(|found| found.low <= found.high));
        }
    }
    assert!(detection::yes_no(detection::Counts { hits: 3, ..Default::default() }).is_err());
    assert!(detection::two_alternative(0, 0).is_err() && detection::abx(2, 1).is_err());
    assert!(multiple::holm(&[0.5, f64::NAN]).is_err() && multiple::holm(&[1.5]).is_err());
}

#[test]
fn tables_without_two_rows_or_with_too_much() {
    let seeds = Seeds::new(1);
    let tables: [&[Vec<u64>]; 7] = [
        &[],
        &[vec![], vec![]],
        &[vec![1, 2]],
        &[vec![1, 2], vec![3]],
        &[vec![0, 0], vec![1, 2]],
        &[vec![u64::MAX, 1], vec![1, 1]],
        &[vec![5, 0], vec![6, 0]],
    ];
    for table in tables {
        assert!(contingency::pearson(table).is_err() && contingency::independence(table, seeds).is_err(), "{table:?}");
        assert!(contingency::monte_carlo(table, 10, seeds).is_err());
    }
    assert!(contingency::monte_carlo(&[[1, 2], [3, 4]], 0, seeds).is_err());
    assert!(contingency::monte_carlo(&[[1, 2], [3, 100_000_000]], 10, seeds).is_err());
    for table in [[[0, 1], [1, 0]], [[0, 9], [9, 0]], [[500_000_000, 1], [1, 400_000_000]]] {
        SIDES.iter().for_each(|sides| sound(contingency::fisher(table, *sides)));
    }
}

/// Every list of up to three of the odd values, through everything that takes values.
#[test]
fn odd_values() {
    let mut lists: Vec<Vec<f64>> = vec![vec![]];
    for length in 0..3 {
        let longer = |list: &Vec<f64>| ODD.map(|odd| list.iter().copied().chain([odd]).collect::<Vec<f64>>());
        let add: Vec<Vec<f64>> = lists.iter().filter(|list| list.len() == length).flat_map(longer).collect();
        lists.extend(add);
    }
    for list in &lists {
        let finite = list.iter().all(|value| value.is_finite());
        assert!(finite || mean::summary(list).is_err());
        let interval = mean::t_interval(list, 0.95);
        assert!(interval.is_err() || interval.is_ok_and(|interval| interval.half_width() >= 0.0), "{list:?}");
        for sides in SIDES {
            sound(ranks::wilcoxon(list, sides));
            sound(ranks::mann_whitney(list, &[1.0, 2.0], sides));
        }
        sound(jackknife::test(1.0, list, 0.5));
        sound(ranks::friedman(&[list.clone(), list.clone()]));
        sound(ranks::kruskal_wallis(&[list.clone(), vec![3.0]]));
        let rows = [list.iter().map(|value| Some(*value)).collect::<Vec<_>>(), vec![Some(1.0); list.len()]];
        for scale in [Scale::Nominal, Scale::Ordinal, Scale::Interval] {
            let alpha = agreement::krippendorff(&rows, scale);
            assert!(alpha.is_err() || alpha.is_ok_and(|alpha| alpha.alpha.is_finite()), "{list:?}");
        }
    }
}

#[test]
fn ratings_that_do_not_vary() {
    let same = vec![0.1; 7];
    let varies_not = |error| matches!(error, StatsError::NoVariation { .. });
    assert!(varies_not(ranks::wilcoxon(&[0.0, -0.0], Sides::Two).unwrap_err()));
    assert!(varies_not(ranks::mann_whitney(&same, &same, Sides::Two).unwrap_err()));
    assert!(varies_not(ranks::kruskal_wallis(&[same.clone(), same.clone()]).unwrap_err()));
    assert!(varies_not(ranks::friedman(&[same.clone(), same.clone()]).unwrap_err()));
    assert!(varies_not(agreement::fleiss(&[[3, 0], [3, 0]]).unwrap_err()));
    assert!(varies_not(agreement::cohen(&[(1, 1), (1, 1)]).unwrap_err()));
    let rows = [vec![Some(0.1), None], vec![Some(0.1), Some(2.0)]];
    let error = agreement::krippendorff(&rows, Scale::Interval).unwrap_err();
    assert!(error.hint().is_some() && varies_not(error));
    let records: Vec<Record> = (0..20).map(|place| Record { person: place % 5, item: place / 5, value: 0.1 }).collect();
    assert!(varies_not(bootstrap::by_person(&records).unwrap_err()));
    for draw in [Draw::Persons, Draw::Items, Draw::Both] {
        let plan = Plan { draw, ..Plan::default() };
        assert!(varies_not(bootstrap::mean(&records, &plan, Seeds::new(1)).unwrap_err()));
    }
}

fn record(person: usize, item: usize, value: f64) -> Record {
    Record { person, item, value }
}

#[test]
fn too_little_to_resample() {
    let seeds = Seeds::new(1);
    let plan = Plan::default();
    assert!(bootstrap::mean(&[], &plan, seeds).is_err() && bootstrap::by_person(&[]).is_err());
    let lone = [record(0, 0, 1.0), record(0, 1, 0.0)];
    assert!(matches!(bootstrap::mean(&lone, &plan, seeds), Err(StatsError::TooFew { what: "persons", .. })));
    let pair = [record(0, 0, 1.0), record(1, 0, 0.0)];
    assert!(matches!(bootstrap::mean(&pair, &plan, seeds), Err(StatsError::Unsteady { .. })));
    assert!(bootstrap::mean(&pair, &Plan { ends: Ends::Percentile, ..plan }, seeds).is_ok());
    assert!(bootstrap::by_person(&pair).is_err());
    for odd in ODD {
        assert!(odd > 0.0 && odd < 1.0 || bootstrap::mean(&pair, &Plan { level: odd, ..plan }, seeds).is_err());
        let values = [record(0, 0, odd), record(1, 0, 0.5), record(2, 0, 0.25)];
        let found = bootstrap::mean(&values, &Plan { ends: Ends::Percentile, ..plan }, seeds);
        assert!(found.is_err() || found.is_ok_and(|found| found.interval.half_width() > 0.0));
    }
    assert!(bootstrap::mean(&pair, &Plan { resamples: 1, ..plan }, seeds).is_err());
    assert!(bootstrap::balanced(&pair, &[0], &plan, seeds).is_err());
    // One item of either kind says nothing of others of its kind.
    let items = bootstrap::balanced(&lone, &[0, 1], &Plan { draw: Draw::Items, ..plan }, seeds);
    assert!(matches!(items, Err(StatsError::TooFew { what: "items of each kind", .. })));
    assert!(proportion::clustered(&[record(0, 0, 0.5), record(1, 0, 1.0)], &[0, 0], &plan, seeds).is_err());
    assert!(proportion::clustered(&lone, &[0, 0], &plan, seeds).is_err());
}

#[test]
fn margins_and_plans_out_of_range() {
    let design = Design::default();
    for odd in ODD {
        let margin = Margin { centre: 0.5, half_width: odd, alpha: 0.05 };
        assert!(equivalence::proportion(5, 10, margin).is_err() || odd == 1e-320);
        let alpha = equivalence::proportion(5, 10, Margin { alpha: odd, half_width: 0.1, ..margin });
        assert!(alpha.is_ok() == (odd > 0.0 && odd < 0.5) || odd == 1e-320);
        assert_eq!(proportion::persons_needed(odd, 0.95).is_ok(), odd > 0.0 && odd < 1.0);
        assert!(power::sample_size(odd, &Design { power: odd, ..design }).is_err());
        assert!(power::equivalence_size(0.5, odd, &Design { power: 0.8, ..design }).is_err());
        assert!(power::with_clusters(100, 20, odd).is_ok() == (0.0..=1.0).contains(&odd));
        let cohort = Cohort { persons: 2, items: 2, truth: 0.5, person_sd: odd, item_sd: 0.0 };
        assert!(cohort.study(Seeds::new(1), 0).is_ok() == (0.0..=10.0).contains(&odd));
    }
    assert!(power::power_at(0, 0.6, &design).is_err() && power::power_at(u64::MAX, 0.6, &design).is_err());
    assert!(power::with_clusters(100, 0, 0.1).is_err());
    assert!(matches!(power::sample_size(0.4, &design), Err(StatsError::Unreachable { .. })));
    assert!(matches!(power::sample_size(0.5001, &design), Err(StatsError::Unreachable { .. })));
}
