//! Books and transcripts on disk: they read back, and damage is named.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::seeds::RngExt;
use adm_core::{Hint, Seconds, Seeds, Silent};
use adm_dataset::Slicing;
use adm_tokens::book::{BOOK_FILE, EXEMPLARS_FILE, MEASURES_FILE};
use adm_tokens::transcript::TRANSCRIPT_FILE;
use adm_tokens::{Book, Levels, Sections, TokenError, Transcript, VoteSettings, tokenize};
use common::Sound::{Full, Pad};
use common::{SONG, beats, dataset};
use std::fs;
use std::path::Path;

fn tokenized(dir: &Path) -> (Book, Transcript) {
    let passages: common::Passages<'_> = &[(0, Some(2), SONG), (40, Some(2), &[Full, Pad])];
    let dataset = dataset(&dir.join("data"), &[passages, &[(3, None, SONG)]], beats(), 0);
    tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap()
}

/// A book with all that may lie in its folder.
fn saved() -> (tempfile::TempDir, std::path::PathBuf, Book, Transcript) {
    let dir = tempfile::tempdir().unwrap();
    let (book, transcript) = tokenized(dir.path());
    let path = dir.path().join("book");
    book.save_with(&transcript, &path).unwrap();
    (dir, path, book, transcript)
}

#[test]
fn everything_reads_back_without_the_dataset() {
    let (dir, path, book, transcript) = saved();
    let exemplars: Vec<_> = (0..book.len() as u32).map(|token| book.exemplar(token).unwrap()).collect();
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    let read = Book::open(&path).unwrap();
    Book::verify(&path).unwrap();
    assert_eq!((read.fingerprint(), read.rows(), read.measures()), (book.fingerprint(), book.rows(), book.measures()));
    assert_eq!((read.form(), read.levels(), read.thresholds()), (book.form(), book.levels(), book.thresholds()));
    for (token, exemplar) in exemplars.iter().enumerate() {
        assert_eq!(read.exemplar(token as u32).as_ref(), Some(exemplar));
    }
    let read_transcript = Transcript::open(&path).unwrap();
    assert_eq!(read_transcript, transcript);
    read_transcript.check(&read).unwrap();
    assert_eq!(Sections::learn(&transcript, &read).unwrap(), Sections::learn(&transcript, &book).unwrap());
    // A book that was opened can be saved again, and is then the same to the byte.
    let again = dir.path().join("again");
    read.save(&again).unwrap();
    for file in [BOOK_FILE, MEASURES_FILE, EXEMPLARS_FILE] {
        assert_eq!(fs::read(again.join(file)).unwrap(), fs::read(path.join(file)).unwrap(), "{file}");
    }
}

#[test]
fn a_book_is_never_written_over_something_and_never_in_part() {
    let (dir, path, book, transcript) = saved();
    let error = book.save(&path).unwrap_err();
    assert!(error.to_string().ends_with("book exists"), "{error}");
    assert_eq!(error.hint().unwrap(), "choose another place with -o, or delete it first");
    let other = tempfile::tempdir().unwrap();
    let one_level = VoteSettings { levels: Levels::One, ..VoteSettings::default() };
    let data = dataset(other.path(), &[&[(0, Some(0), SONG)]], beats(), 3);
    let (other, _) = tokenize(&data, &one_level, None, &Silent).unwrap();
    let wrong = other.save_with(&transcript, &dir.path().join("wrong")).unwrap_err();
    assert!(matches!(wrong, TokenError::OtherBook { .. }));
    assert!(Sections::learn(&transcript, &other).is_err());
    assert!(!dir.path().join("wrong").exists());
}

#[test]
fn stretches_are_the_passages_of_the_recordings() {
    let (_dir, _path, _book, transcript) = saved();
    let stretches: Vec<_> =
        transcript.stretches().iter().map(|s| (s.slices.clone(), s.recording, s.position, s.bar_beat)).collect();
    // The last one's dataset does not say where bars begin, so its third beat is the last of a bar.
    assert_eq!(stretches, [(0..16, 0, 0, 2), (16..18, 0, 40, 2), (18..34, 1, 3, 3)]);
    let stretch = &transcript.stretches()[0];
    assert_eq!((0..6).map(|n| transcript.bar_beat(stretch, n)).collect::<Vec<_>>(), [2, 3, 0, 1, 2, 3]);
    assert_eq!(transcript.vocabulary(), 4);
}

#[test]
fn windows_are_counted_by_four() {
    let dir = tempfile::tempdir().unwrap();
    let windows = Slicing::Windows { window: Seconds(0.46), hop: Seconds(0.23) };
    let data = dataset(dir.path(), &[&[(5, None, SONG)]], windows, 0);
    let (book, transcript) = tokenize(&data, &VoteSettings::default(), None, &Silent).unwrap();
    assert_eq!((book.bpm(), transcript.beats_per_slice(), transcript.stretches()[0].bar_beat), (None, 1, 1));
    Sections::learn(&transcript, &book).unwrap();
}

/// Rewrites a file of the book, tries `open` and puts the file back.
fn with<T>(path: &Path, file: &str, change: impl FnOnce(&[u8]) -> Vec<u8>, open: impl FnOnce() -> T) -> T {
    let whole = fs::read(path.join(file)).unwrap();
    fs::write(path.join(file), change(&whole)).unwrap();
    let outcome = open();
    fs::write(path.join(file), whole).unwrap();
    outcome
}

fn edited(from: &str, to: &str) -> impl FnOnce(&[u8]) -> Vec<u8> {
    move |bytes| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    }
}

/// What is said of a book that counts more slices than there can be.
const OVER: &str = "its tokens stand for more than 9007199254740992 slices";

#[test]
fn damaged_books_are_named() {
    let (_dir, path, book, _) = saved();
    let message = |file: &str, from: &str, to: &str| {
        let error = with(&path, file, edited(from, to), || Book::open(&path)).unwrap_err();
        assert!(error.hint().is_some(), "{error}");
        error.to_string().replace(&path.display().to_string(), "P")
    };
    let wrong = |from: &str, to: &str| message(BOOK_FILE, from, to);
    let first_count = format!("\"count\": {}", book.rows()[0].count);
    assert_eq!(
        wrong("adm-token-book", "adm-dataset"),
        "P/book.json is not a usable token book: its format is \"adm-dataset\", expected \"adm-token-book\""
    );
    assert!(wrong("\"version\": 1", "\"version\": 9").ends_with("its format version is 9, expected 1"));
    assert!(wrong("\"levels\": 2", "\"levels\": 3").contains("there are 1 or 2 levels, not 3"));
    assert!(wrong("\"fft\": 0.3", "\"fft\": 0.4").ends_with("it was edited"));
    assert!(wrong("\"channels\": 2", "\"channels\": 7").contains("its slices have 5088 frames of 7 channels"));
    assert!(wrong("\"class\": 0", "\"class\": 5").contains("token 0 is of class 5, but 0 are born by then"));
    let counts = ["\"count\": 18446744073709551615", "\"count\": 9007199254740993"];
    assert!(counts.map(|count| wrong(&first_count, count)).iter().all(|reason| reason.ends_with(OVER)));
    assert!(wrong("\"fft\": 0.3", "\"fft\": 1.5").ends_with("a threshold must be between 0 and 1, got 1.5"));
    assert!(wrong("\"count\"", "\"kount\"").contains("unknown field `kount`"));
    assert!(wrong("\"sample_rate\": 11025", "\"sample_rate\": 22050").ends_with("it was edited"));
    let shape =
        with(&path, BOOK_FILE, edited("\"slice_frames\": 5088", "\"slice_frames\": 5089"), || Book::open(&path));
    assert!(shape.unwrap_err().to_string().ends_with("expected [4, 5089, 2] as in book.json"));
    let flipped = |file: &str, at: usize| {
        let flip = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            bytes
        };
        with(&path, file, flip, || (Book::open(&path).map(drop), Book::verify(&path)))
    };
    let (open, _) = flipped(MEASURES_FILE, 400);
    assert!(open.unwrap_err().to_string().ends_with("its values were changed"));
    let (open, verified) = flipped(EXEMPLARS_FILE, 4_000);
    assert!(open.is_ok(), "sounds are not read on opening");
    assert!(verified.unwrap_err().to_string().ends_with("its samples were changed"));
    let missing = with(&path, BOOK_FILE, |_| Vec::new(), || Book::open(&path)).unwrap_err();
    assert!(missing.to_string().contains("EOF while parsing"), "{missing}");
    fs::remove_file(path.join(BOOK_FILE)).unwrap();
    let missing = Book::open(&path).unwrap_err();
    assert_eq!(missing.hint().unwrap(), "make a token book with adm tokenize DATASET -o BOOK");
    assert_eq!(book.len(), 4);
}

#[test]
fn damaged_transcripts_are_named() {
    let (_dir, path, ..) = saved();
    let transcript = |from: &str, to: &str| {
        let error = with(&path, TRANSCRIPT_FILE, edited(from, to), || Transcript::open(&path)).unwrap_err();
        error.to_string().split(": ").skip(1).collect::<Vec<_>>().join(": ")
    };
    assert_eq!(transcript("\"vocabulary\":4", "\"vocabulary\":3"), "token 3 is none of its book's 3");
    assert_eq!(transcript("\"tokens\":[0,", "\"tokens\":[0,0,"), "its stretches have 34 slices, expected 35");
    let gap = transcript("{\"start\":16,", "{\"start\":15,");
    assert_eq!(gap, "its stretch from slice 15 on does not fit the others");
    assert_eq!(transcript("\"bar_beat\":2", "\"bar_beat\":4"), "its stretch from slice 0 on does not fit the others");
    assert_eq!(transcript("\"version\":1", "\"version\":2"), "its format version is 2, expected 1");
    let beats = |count: u64| transcript("\"beats_per_slice\":1", &format!("\"beats_per_slice\":{count}"));
    assert_eq!(beats(0), "its slices have 0 beats, expected 1 to 65536");
    assert_eq!(beats(u64::MAX), "its slices have 18446744073709551615 beats, expected 1 to 65536");
    let vocabulary = |count: u64| transcript("\"vocabulary\":4", &format!("\"vocabulary\":{count}"));
    assert_eq!(vocabulary(u64::MAX), "its book has 18446744073709551615 tokens, more than there are numbers for");
    assert_eq!(vocabulary(1 << 32 | 1), "its book has 4294967297 tokens, more than there are numbers for");
    let position = |from: u64| transcript("\"position\":40", &format!("\"position\":{from}"));
    assert_eq!(position(u64::MAX), "its stretch from slice 16 on lies at beat 18446744073709551615");
    assert_eq!(position((1 << 40) + 1), "its stretch from slice 16 on lies at beat 1099511627777");
}

#[test]
fn a_transcript_has_the_vocabulary_of_its_book() {
    let (_dir, path, book, _) = saved();
    for wrong in [5, 1 << 20, 1u64 << 32] {
        let to = format!("\"vocabulary\":{wrong}");
        let change = edited("\"vocabulary\":4", &to);
        let transcript = with(&path, TRANSCRIPT_FILE, change, || Transcript::open(&path)).unwrap();
        let expected = format!("the transcript is in {wrong} tokens, its book has 4");
        assert_eq!(transcript.check(&book).unwrap_err().to_string(), expected);
        assert_eq!(Sections::learn(&transcript, &book).unwrap_err().to_string(), expected);
        assert!(book.save_with(&transcript, &path.join("again")).is_err());
    }
}

#[test]
fn recordings_of_absurd_length_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dataset(dir.path(), &[&[(u64::MAX - 2, None, &[Full, Pad])]], beats(), 0);
    let error = tokenize(&data, &VoteSettings::default(), None, &Silent).unwrap_err();
    let reason = "its stretch from slice 0 on lies at beat 18446744073709551613";
    assert!(error.to_string().ends_with(&format!("is not a usable dataset manifest: {reason}")), "{error}");
    assert_eq!(error.hint().unwrap(), "make the dataset again with adm prepare");
}

#[test]
fn whatever_is_cut_or_changed_nothing_panics() {
    let (_dir, path, ..) = saved();
    let open = || {
        let sounds = |book: Book| (0..4).filter(|&token| book.exemplar(token).is_some()).count();
        let book = Book::open(&path).is_ok_and(|book| sounds(book) > 0);
        let transcript = Transcript::open(&path).map(|transcript| use_both(&path, &transcript));
        (book && Book::verify(&path).is_ok(), transcript.is_ok())
    };
    assert_eq!(open(), (true, true));
    let mut random = Seeds::new(3).stream("damage", 0);
    for file in [BOOK_FILE, MEASURES_FILE, EXEMPLARS_FILE, TRANSCRIPT_FILE] {
        let length = fs::metadata(path.join(file)).unwrap().len() as usize;
        for cut in (0..length - 1).step_by(length / 25 + 1) {
            let (book, transcript) = with(&path, file, |bytes| bytes[..cut].to_vec(), open);
            assert!(!(book && transcript), "{file} cut to {cut} bytes");
        }
        for _ in 0..40 {
            let change = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                let at = random.random_range(0..bytes.len().min(2_000));
                bytes[at] = random.random();
                bytes
            };
            with(&path, file, change, open);
        }
    }
    for file in [BOOK_FILE, TRANSCRIPT_FILE] {
        let numbers = fs::read_to_string(path.join(file)).unwrap().matches(is_number_start).count();
        for number in (0..numbers).step_by(numbers / 60 + 1) {
            for value in ["0", "-1", "5", "4294967295", "4294967296", "18446744073709551615", "1e308"] {
                with(&path, file, |bytes| renumbered(bytes, number, value), open);
            }
        }
    }
    assert_eq!(open(), (true, true));
}

/// What is done with a book and a transcript that open.
fn use_both(path: &Path, transcript: &Transcript) {
    for stretch in transcript.stretches() {
        assert!((0..stretch.slices.len()).all(|index| transcript.bar_beat(stretch, index) < 4));
        assert!(stretch.position.checked_add(u64::from(u32::MAX)).is_some());
    }
    let Ok(book) = Book::open(path) else { return };
    let fits = transcript.check(&book).is_ok();
    assert_eq!(Sections::learn(transcript, &book).is_ok(), fits);
    assert!(!fits || transcript.vocabulary() == book.len());
}

/// What stands before every number of a file.
fn is_number_start(letter: char) -> bool {
    matches!(letter, ':' | '[' | ',')
}

/// Puts `value` in the place of the number after start `index`, or before what else stands there.
fn renumbered(bytes: &[u8], index: usize, value: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let start = text.match_indices(is_number_start).nth(index).unwrap().0 + 1;
    let rest = text[start..].trim_start();
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-'));
    format!("{}{value}{rest}", &text[..start]).into_bytes()
}
