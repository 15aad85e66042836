//! Which beats share a token, whatever the threads, and what a book that is reused makes of another dataset.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::{Hint, Observer, Silent};
use adm_tokens::measures::measure_all;
use adm_tokens::{
    Book, Detail, Levels, Measure, PerMeasure, Recognizer, Thresholds, Token, TokenError, Transcript, Unknown,
    VoteSettings, tokenize,
};
use common::Sound::{Full, Kick, KickAndHat, Noise, Pad, Snare};
use common::{SONG, Sound, beat, beats, dataset, of_slices};

fn settings(levels: Levels) -> VoteSettings {
    VoteSettings { levels, ..VoteSettings::default() }
}

#[test]
fn beats_of_one_sound_have_one_token_and_others_have_others() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), SONG)]], beats(), 0);
    let (book, transcript) = tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap();
    let expected = SONG.iter().map(|sound| match sound {
        Full => 0,
        KickAndHat => 1,
        Snare => 2,
        _ => 3,
    });
    assert_eq!(transcript.tokens(), expected.collect::<Vec<Token>>());
    let counts: Vec<u64> = book.rows().iter().map(|row| row.count).collect();
    assert_eq!(counts, [6, 3, 3, 4]);
    assert_eq!(book.rows()[3].start.0, 8.0 * 0.46);
    assert_eq!(book.exemplar(1).unwrap().len(), 2 * common::FRAMES);
    assert!(book.exemplar(4).is_none() && book.row(4).is_none());
    assert_eq!(book.class_of(0), book.class_of(1), "kicks are of one class");
    assert_ne!(book.class_of(0), book.class_of(3), "pads are of another");
}

#[test]
fn one_level_hears_the_spectrum_alone() {
    let dir = tempfile::tempdir().unwrap();
    let backwards = |beat: Vec<f32>| beat.into_iter().rev().collect::<Vec<f32>>();
    let slices = vec![beat(Snare, 1), backwards(beat(Snare, 2)), beat(Pad, 3), beat(Pad, 4)];
    let dataset = of_slices(dir.path(), slices, common::RATE);
    let (book, transcript) = tokenize(&dataset, &settings(Levels::One), None, &Silent).unwrap();
    assert_eq!(transcript.tokens(), [0, 0, 1, 1], "backwards it has the same spectrum");
    assert_eq!((book.class_of(0), book.class_of(1), book.classes()), (0, 1, 2));
    let (_, transcript) = tokenize(&dataset, &settings(Levels::Two), None, &Silent).unwrap();
    assert_eq!(transcript.tokens(), [0, 1, 2, 2], "but not the same onsets");
}

/// How far two slices, by their numbers, are apart.
type Distance<'a> = &'a dyn Fn(Measure, Detail, usize, usize) -> f32;

/// The exemplar, of those of a slice's group, that wins the vote: most agreements, then the least mean distance.
fn winner(distance: Distance<'_>, detail: Detail, limits: &PerMeasure, slice: usize, among: &[usize]) -> Option<usize> {
    let mut passing: Vec<(usize, f32, usize)> = Vec::new();
    for (number, &exemplar) in among.iter().enumerate() {
        let distances = Measure::ALL.map(|measure| distance(measure, detail, slice, exemplar));
        let agree: Vec<bool> =
            Measure::ALL.iter().zip(distances).map(|(&it, distance)| distance <= limits.get(it)).collect();
        let votes = agree.iter().filter(|agree| **agree).count();
        if votes > 3 && (agree[0] || agree[1]) {
            passing.push((7 - votes, distances.iter().sum::<f32>() / 7.0, number));
        }
    }
    passing.sort_by(|a, b| a.partial_cmp(b).unwrap());
    passing.first().map(|best| among[best.2])
}

/// The vote as it is told, in plain loops over all pairs: first on classes, then on tokens within them. Slices are named by
/// the slice that is their exemplar.
fn plain(distance: Distance<'_>, count: usize, thresholds: &Thresholds) -> Vec<usize> {
    let hold = |detail: Detail, limits: &PerMeasure, groups: &[usize], begun: &[usize]| {
        let mut exemplars = begun.to_vec();
        let of_group = |exemplars: &[usize], slice: usize| -> Vec<usize> {
            exemplars.iter().copied().filter(|&exemplar| groups[exemplar] == groups[slice]).collect()
        };
        for slice in 0..count {
            if winner(distance, detail, limits, slice, &of_group(&exemplars, slice)).is_none() {
                exemplars.push(slice);
            }
        }
        // Settling: the same question once more, to all exemplars that there are.
        let settled = (0..count).map(|slice| winner(distance, detail, limits, slice, &of_group(&exemplars, slice)));
        (settled.map(Option::unwrap).collect::<Vec<usize>>(), exemplars)
    };
    let (classes, begun) = hold(Detail::Coarse, &thresholds.coarse, &vec![0; count], &[]);
    hold(Detail::Fine, &thresholds.fine, &classes, &begun).0
}

#[test]
fn tokens_are_those_of_the_plain_loop_whatever_the_threads() {
    let dir = tempfile::tempdir().unwrap();
    let sounds: Vec<Sound> =
        (0..340usize).map(|n| [Full, Kick, Noise, Pad, KickAndHat, Snare][n * 7 % 13 % 6]).collect();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), &sounds)]], beats(), 5);
    let table = measure_all(&dataset, &Silent).unwrap();
    let distance =
        |measure: Measure, detail: Detail, a: usize, b: usize| measure.distance(detail, table.row(a), table.row(b));
    let mut sizes = Vec::new();
    for threshold in [0.02, 0.08, 0.3] {
        let settings = VoteSettings { thresholds: Thresholds::uniform(threshold), ..VoteSettings::default() };
        let expected = plain(&distance, dataset.len(), &settings.thresholds);
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (book, transcript) = pool.install(|| tokenize(&dataset, &settings, None, &Silent)).unwrap();
            let exemplar = |&token: &Token| (book.rows()[token as usize].start.0 / 0.46).round() as usize;
            let exemplars: Vec<usize> = transcript.tokens().iter().map(exemplar).collect();
            assert_eq!(exemplars, expected, "threshold {threshold}, {threads} threads");
            sizes.push(book.len());
        }
    }
    assert!(sizes[0] > sizes[3] && sizes[3] > sizes[6] && sizes[6] >= 3, "larger thresholds make fewer: {sizes:?}");
}

#[test]
fn a_book_keeps_its_tokens_on_another_dataset() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = dataset(first.path(), &[&[(0, Some(0), SONG)]], beats(), 0);
    let second = dataset(second.path(), &[&[(0, Some(0), &[Pad, Noise, Full, Noise, Snare])]], beats(), 900);
    let (book, _) = tokenize(&first, &VoteSettings::default(), None, &Silent).unwrap();
    let (open, transcript) = tokenize(&second, &book.settings(Unknown::Born), Some(&book), &Silent).unwrap();
    assert_eq!(transcript.tokens(), [3, 4, 0, 4, 2], "noise is new");
    assert_eq!((open.len(), book.len()), (5, 4));
    assert_eq!(open.measures().values()[..book.measures().values().len()], *book.measures().values());
    assert_eq!(open.rows()[3].count, book.rows()[3].count + 1);
    assert_ne!(open.fingerprint(), book.fingerprint());
    assert_eq!(open.exemplar(0), book.exemplar(0));
    let (closed, transcript) = tokenize(&second, &book.settings(Unknown::Nearest), Some(&book), &Silent).unwrap();
    assert_eq!(closed.fingerprint(), book.fingerprint());
    let recognizer = Recognizer::new(&book);
    let mut scratch = recognizer.scratch();
    for (slice, &token) in transcript.tokens().iter().enumerate() {
        assert!((token as usize) < book.len());
        let mut samples = vec![0.0; second.slice_samples()];
        second.read_f32(slice, &mut samples).unwrap();
        let found = recognizer.recognise(&samples, &mut scratch).unwrap();
        assert_eq!(found.token.is_none(), slice == 1 || slice == 3, "only noise is unknown: {found:?}");
        assert!(found.token.is_none_or(|found| found == token));
    }
}

#[test]
fn a_transcript_says_what_a_recogniser_of_its_book_says() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sounds: Vec<Sound> =
        (0..120usize).map(|n| [Full, Kick, Noise, Pad, KickAndHat, Snare][n * 7 % 13 % 6]).collect();
    let dataset_of = |dir: &std::path::Path, seed| dataset(dir, &[&[(0, Some(0), &sounds)]], beats(), seed);
    let (first, second) = (dataset_of(dir.path(), 5), dataset_of(other.path(), 700));
    for (levels, threshold) in [(Levels::One, 0.03), (Levels::Two, 0.03), (Levels::Two, 0.06), (Levels::Two, 0.3)] {
        let settings = VoteSettings { levels, thresholds: Thresholds::uniform(threshold), ..VoteSettings::default() };
        let (book, transcript) = tokenize(&first, &settings, None, &Silent).unwrap();
        agree(&first, &book, &transcript);
        let counted: u64 = book.rows().iter().map(|row| row.count).sum();
        assert!(book.rows().iter().all(|row| row.count > 0) && counted == 120, "no token without a beat");
        // Who reads it once more, in one way or the other, finds it as it is.
        for unknown in [Unknown::Nearest, Unknown::Born] {
            let (again, once_more) = tokenize(&first, &book.settings(unknown), Some(&book), &Silent).unwrap();
            assert_eq!((again.fingerprint(), once_more.tokens()), (book.fingerprint(), transcript.tokens()));
        }
        let (more, transcript) = tokenize(&second, &book.settings(Unknown::Born), Some(&book), &Silent).unwrap();
        agree(&second, &more, &transcript);
    }
}

/// The book recognises every slice as the token that it has.
fn agree(dataset: &adm_dataset::Dataset, book: &Book, transcript: &Transcript) {
    let recognizer = Recognizer::new(book);
    let (mut scratch, mut samples) = (recognizer.scratch(), vec![0.0; dataset.slice_samples()]);
    for (slice, &token) in transcript.tokens().iter().enumerate() {
        dataset.read_f32(slice, &mut samples).unwrap();
        let found = recognizer.recognise(&samples, &mut scratch).unwrap();
        assert_eq!(found.token, Some(token), "slice {slice}: {found:?}");
    }
}

#[test]
fn a_recogniser_says_what_the_vote_says() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), SONG)]], beats(), 0);
    for levels in [Levels::One, Levels::Two] {
        let (book, _) = tokenize(&dataset, &settings(levels), None, &Silent).unwrap();
        let recognizer = Recognizer::new(&book);
        std::thread::scope(|scope| {
            for token in 0..book.len() as Token {
                let (recognizer, book) = (&recognizer, &book);
                scope.spawn(move || {
                    let mut scratch = recognizer.scratch();
                    let found = recognizer.recognise(&book.exemplar(token).unwrap(), &mut scratch).unwrap();
                    assert_eq!((found.token, found.nearest, found.distance), (Some(token), token, 0.0));
                });
            }
        });
        let mut scratch = recognizer.scratch();
        let noise = recognizer.recognise(&beat(Noise, 77), &mut scratch).unwrap();
        assert!(noise.token.is_none() && noise.distance > 0.2, "{noise:?}");
        let silence = recognizer.recognise(&vec![0.0; dataset.slice_samples()], &mut scratch).unwrap();
        assert!(silence.token.is_none() && silence.distance.is_finite(), "{silence:?}");
        let message = |slice: &[f32]| {
            let mut scratch = recognizer.scratch();
            recognizer.recognise(slice, &mut scratch).unwrap_err().to_string()
        };
        assert_eq!(message(&[0.0; 7]), "a slice to recognise must hold 10176 samples, got 7");
        let mut broken = beat(Pad, 1);
        broken[3] = f32::NAN;
        assert_eq!(message(&broken), "sample 3 of a slice is NaN, expected a number in about [-1, 1]");
        broken[3] = 1e30;
        assert!(message(&broken).starts_with("sample 3 of a slice is 1000000"));
    }
}

#[test]
fn a_survey_says_what_a_recogniser_says_and_all_distances() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), SONG)]], beats(), 0);
    for levels in [Levels::One, Levels::Two] {
        let (book, _) = tokenize(&dataset, &settings(levels), None, &Silent).unwrap();
        let recognizer = Recognizer::new(&book);
        let mut scratch = recognizer.scratch();
        let silence = vec![0.0; dataset.slice_samples()];
        let all = [Full, Kick, KickAndHat, Pad, Snare, Noise].map(|sound| beat(sound, 40));
        for slice in all.iter().chain([&silence]) {
            let survey = recognizer.survey(slice, &mut scratch).unwrap();
            assert_eq!(survey.recognition, recognizer.recognise(slice, &mut scratch).unwrap());
            assert_eq!(survey.distances.len(), book.len());
            let nearest = survey.recognition.nearest as usize;
            assert_eq!(survey.distances[nearest], survey.recognition.distance);
            let least = survey.distances.iter().copied().fold(f32::INFINITY, f32::min);
            assert_eq!(survey.distances.iter().position(|&distance| distance == least), Some(nearest));
        }
    }
}

#[test]
fn poor_datasets_have_tokens_too() {
    let dir = tempfile::tempdir().unwrap();
    let one = of_slices(&dir.path().join("one"), vec![beat(Full, 1)], common::RATE);
    let (book, transcript) = tokenize(&one, &VoteSettings::default(), None, &Silent).unwrap();
    assert_eq!((book.len(), transcript.tokens(), transcript.stretches().len()), (1, &[0][..], 1));
    let same = of_slices(&dir.path().join("same"), vec![beat(Pad, 1); 50], common::RATE);
    let (book, transcript) = tokenize(&same, &VoteSettings::default(), None, &Silent).unwrap();
    assert_eq!((book.len(), transcript.tokens()), (1, &[0; 50][..]));
    let short = of_slices(&dir.path().join("short"), vec![vec![0.5, -0.5], vec![0.0, 0.0], vec![1.0, 1.0]], 8_000);
    let (book, _) = tokenize(&short, &VoteSettings::default(), None, &Silent).unwrap();
    assert!((1..=3).contains(&book.len()), "slices of one frame");
}

#[test]
fn what_does_not_fit_is_named_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let song = dataset(&at("song"), &[&[(0, Some(0), SONG)]], beats(), 0);
    let (book, _) = tokenize(&song, &VoteSettings::default(), None, &Silent).unwrap();
    let refused = |dataset: &adm_dataset::Dataset, settings: &VoteSettings, book: Option<&adm_tokens::Book>| {
        let error = tokenize(dataset, settings, book, &Silent).unwrap_err();
        (error.to_string(), error.hint().unwrap())
    };
    let faster = of_slices(&at("faster"), vec![beat(Full, 1)], 12_000);
    let (message, hint) = refused(&faster, &VoteSettings::default(), Some(&book));
    assert_eq!(message, "the book's sample rate is 11025 Hz, the dataset's 12000 Hz");
    assert_eq!(hint, "prepare the dataset with the book's --sample-rate, --mono and --bpm");
    let shorter = of_slices(&at("shorter"), vec![beat(Full, 1)[..6_000].to_vec()], common::RATE);
    let (message, _) = refused(&shorter, &VoteSettings::default(), Some(&book));
    assert_eq!(message, "the book's slice length is 5088 frames, the dataset's 3000 frames");
    let (message, hint) = refused(&song, &settings(Levels::One), Some(&book));
    assert_eq!(message, "the book was made with other levels or thresholds");
    assert_eq!(hint, "leave out --levels and --threshold; the book brings its own");
    let closed = VoteSettings { unknown: Unknown::Nearest, ..VoteSettings::default() };
    let (message, hint) = refused(&song, &closed, None);
    assert_eq!(message, "the book that unknown beats take the nearest token of must be given, got none");
    assert_eq!(hint, "--book BOOK");
    let absurd = VoteSettings { thresholds: Thresholds::uniform(1.5), ..VoteSettings::default() };
    assert_eq!(refused(&song, &absurd, None).0, "a threshold must be between 0 and 1, got 1.5");
}

/// Asks to stop from the start.
struct Impatient;

impl Observer for Impatient {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, _text: &str) {}
    fn stop_requested(&self) -> bool {
        true
    }
}

#[test]
fn it_stops_when_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), SONG)]], beats(), 0);
    let stopped = tokenize(&dataset, &VoteSettings::default(), None, &Impatient);
    assert!(matches!(stopped, Err(TokenError::Interrupted)));
}
