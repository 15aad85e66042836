use super::*;

/// `count` slices of `length` frames, one every `hop` frames.
fn regular(count: u64, length: u64, hop: u64) -> Vec<Span> {
    (0..count).map(|k| Span { start: k * hop, end: k * hop + length }).collect()
}

fn split_of(splits: &Splits, slices: usize) -> Vec<Option<Split>> {
    let mut of = vec![None; slices];
    for split in Split::ALL {
        for index in splits.indices(split) {
            assert_eq!(of[index].replace(split), None, "slice {index} is in two splits");
        }
    }
    of
}

/// Compares all pairs, slowly and obviously.
fn assert_apart(recordings: &[Vec<Span>], splits: &Splits, context: &str) {
    let of = split_of(splits, recordings.iter().map(Vec::len).sum());
    let mut first = 0;
    for spans in recordings {
        for (i, a) in spans.iter().enumerate() {
            for (j, b) in spans.iter().enumerate().skip(i + 1) {
                if let (Some(of_a), Some(of_b)) = (of[first + i], of[first + j])
                    && of_a != of_b
                {
                    assert!(a.end < b.start || b.end < a.start, "{context}: slices {i} and {j} touch");
                }
            }
        }
        first += spans.len();
    }
}

#[test]
fn splits_never_touch_over_swept_sizes_and_overlaps() {
    for count in [1, 2, 3, 5, 9, 12, 40, 97, 400] {
        for (length, hop) in
            [(20_354, 20_354), (20_354, 20_300), (178_605, 6_022), (1_000, 1), (500, 500), (500, 700), (1, 1)]
        {
            for seed in 0..3 {
                let mut gappy = regular(count, length, hop);
                let gap = length * (1 + seed) / 2;
                gappy.iter_mut().skip(count as usize / 3).for_each(|span| {
                    span.start += gap;
                    span.end += gap;
                });
                let recordings = [regular(count, length, hop), gappy, Vec::new()];
                let rule = SplitRule { seed, ..SplitRule::default() };
                let splits = Splits::assign(&recordings, SampleRate::CD, rule);
                let context = format!("{count} slices of {length} every {hop}, seed {seed}");
                assert_apart(&recordings, &splits, &context);
                assert!(splits.fit(2 * count as usize), "{context}");
                assert!(!splits.train.is_empty(), "{context}");
            }
        }
    }
}

#[test]
fn uneven_slices_never_touch_either() {
    let mut random = Seeds::new(5).stream("spans", 0);
    for round in 0..200 {
        let mut start = 0u64;
        let spans: Vec<Span> = (0..random.random_range(1..60))
            .map(|_| {
                start += random.random_range(0..30u64);
                Span { start, end: start + random.random_range(1..50u64) }
            })
            .collect();
        let rule = SplitRule { fractions: [0.4, 0.3, 0.3], seed: round };
        let recordings = [spans];
        assert_apart(&recordings, &Splits::assign(&recordings, SampleRate::CD, rule), &format!("round {round}"));
    }
}

#[test]
fn shares_are_near_what_was_asked_for() {
    let long = || regular(15_600, 20_354, 20_354);
    let five_minutes = || regular(650, 20_354, 20_354);
    let short = || regular(20, 20_354, 20_354);
    let windows = || regular(51_000, 178_605, 6_022);
    let single = || regular(1, 20_354, 20_354);
    let sweep: [(Vec<Vec<Span>>, f64); 6] = [
        (vec![long()], 0.02),
        (vec![five_minutes()], 0.03),
        (vec![windows()], 0.03),
        ((0..7).map(|_| five_minutes()).collect(), 0.02),
        ((0..50).map(|_| short()).collect(), 0.05),
        ((0..60).map(|_| single()).collect(), 0.02),
    ];
    for (row, (recordings, tolerance)) in sweep.into_iter().enumerate() {
        let total: usize = recordings.iter().map(Vec::len).sum();
        let splits = Splits::assign(&recordings, SampleRate::CD, SplitRule::default());
        for (split, wanted) in Split::ALL.into_iter().zip([0.8, 0.1, 0.1]) {
            let share = splits.count(split) as f64 / total as f64;
            assert!((share - wanted).abs() <= tolerance, "row {row}: {split} has {share}");
        }
    }
}

#[test]
fn even_a_minute_of_beats_has_all_three_splits() {
    for count in [12, 16, 30, 130] {
        let splits = Splits::assign(&[regular(count, 20_354, 20_354)], SampleRate::CD, SplitRule::default());
        assert!(Split::ALL.iter().all(|&split| splits.count(split) > 0), "{count} beats: {splits:?}");
        assert!(splits.count(Split::Train) * 2 > count as usize, "{count} beats: {splits:?}");
    }
}

#[test]
fn the_seed_and_nothing_else_changes_the_draw() {
    let recordings = [regular(650, 20_354, 20_354)];
    let draw = |seed| Splits::assign(&recordings, SampleRate::CD, SplitRule { seed, ..SplitRule::default() });
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1).validation, draw(2).validation);
}

#[test]
fn all_of_it_can_be_for_training() {
    let rule = SplitRule { fractions: [1.0, 0.0, 0.0], seed: 0 };
    let splits = Splits::assign(&[regular(100, 10, 10)], SampleRate::CD, rule);
    assert_eq!((splits.train.as_slice(), splits.validation.len(), splits.test.len()), (&[0..100][..], 0, 0));
    assert!(!SplitRule { fractions: [0.5, 0.5, 0.5], seed: 0 }.is_valid());
    assert!(!SplitRule { fractions: [f64::NAN, 0.5, 0.5], seed: 0 }.is_valid());
}
