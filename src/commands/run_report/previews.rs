//! What a run made of the same noise at several steps.

use super::recorded::Recorded;
use adm_report::{Audio, Card, Cards, Image, Media, Section};
use std::fs;
use std::path::{Path, PathBuf};

/// Most previews on a page.
const MOST: usize = 8;
/// Most bytes of sounds and pictures that the page carries; base64 makes them a third larger.
const BUDGET: u64 = 6_800_000;

/// The previews with sound; none of a family that has none.
pub fn section(run: &Recorded) -> Option<Section> {
    let found = found(&run.dir.samples());
    let chosen = affordable(&found);
    if found.is_empty() {
        return None;
    }
    let section = Section::new("On the same noise");
    if chosen.is_empty() {
        return Some(section.with("The previews are too large for a page; they are in samples/."));
    }
    let words =
        "Each preview is made of the same noise vectors, so that what changes is the network. All are in samples/.";
    Some(section.with(words).with(chosen.iter().filter_map(|preview| card(preview, None)).collect::<Cards>()))
}

/// A sound with its picture, and what they weigh.
#[derive(Debug, Clone, PartialEq)]
struct Preview {
    wav: PathBuf,
    bytes: u64,
}

/// All previews, oldest first.
fn found(samples: &Path) -> Vec<Preview> {
    let entries = fs::read_dir(samples).into_iter().flatten().flatten().map(|entry| entry.path());
    let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
    let preview = |wav: PathBuf| Preview { bytes: size(&wav) + size(&wav.with_extension("png")), wav };
    let wavs = entries.filter(|path| path.extension().is_some_and(|extension| extension == "wav"));
    let mut previews: Vec<Preview> = wavs.map(preview).collect();
    previews.sort_by(|a, b| a.wav.cmp(&b.wav));
    previews
}

/// As many as fit, evenly spread, the first and the last among them.
fn affordable(found: &[Preview]) -> Vec<Preview> {
    let fits = |chosen: &Vec<Preview>| chosen.iter().map(|preview| preview.bytes).sum::<u64>() <= BUDGET;
    let fitting = (1..=MOST.min(found.len())).rev().map(|count| spread(found, count)).find(fits);
    fitting.unwrap_or_default()
}

fn spread(found: &[Preview], count: usize) -> Vec<Preview> {
    let last = found.len() - 1;
    let at = |number: usize| match count {
        1 => last,
        _ => (number * last + (count - 1) / 2) / (count - 1),
    };
    (0..count).map(|number| found[at(number)].clone()).collect()
}

/// The latest preview as a card with this title.
pub fn latest(run: &Recorded, title: &str) -> Option<Card> {
    card(found(&run.dir.samples()).last()?, Some(title))
}

/// Nothing for files that went away meanwhile or hold something else.
fn card(preview: &Preview, title: Option<&str>) -> Option<Card> {
    let at = format!("step {}", step(&preview.wav));
    let title = title.map_or_else(|| at.clone(), |title| format!("{title}, {at}"));
    let is_wav =
        |bytes: &Vec<u8>| bytes.starts_with(b"RIFF") && bytes.get(8..).is_some_and(|rest| rest.starts_with(b"WAVE"));
    let wav = fs::read(&preview.wav).ok().filter(is_wav)?;
    let card = Card::new(&title).with(Audio::new(format!("preview at {at}"), Media::Embedded(wav)));
    Some(match fs::read(preview.wav.with_extension("png")).ok().filter(|bytes| bytes.starts_with(b"\x89PNG")) {
        None => card,
        Some(png) => card.with(Image::new(format!("spectrogram of the preview at {title}"), Media::Embedded(png))),
    })
}

/// `step-000200.wav` as `200`.
fn step(wav: &Path) -> String {
    let stem = wav.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    stem.rsplit('-').next().and_then(|step| step.parse::<u64>().ok()).map_or(stem, |step| step.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn previews(count: usize, bytes: u64) -> Vec<Preview> {
        (0..count).map(|number| Preview { wav: format!("step-{number:06}.wav").into(), bytes }).collect()
    }

    fn steps(found: &[Preview]) -> Vec<String> {
        affordable(found).iter().map(|preview| step(&preview.wav)).collect()
    }

    #[test]
    fn as_many_as_fit_are_evenly_spread_with_both_ends() {
        assert_eq!(steps(&previews(3, 10)), ["0", "1", "2"]);
        assert_eq!(steps(&previews(15, 10)), ["0", "2", "4", "6", "8", "10", "12", "14"]);
        assert_eq!(steps(&previews(15, BUDGET / 3)), ["0", "7", "14"]);
        assert_eq!(steps(&previews(15, BUDGET)), ["14"]);
        assert!(steps(&previews(15, BUDGET + 1)).is_empty() && steps(&[]).is_empty());
    }

    #[test]
    fn what_is_no_sound_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("step-000001.wav", &b"RIFF"[..]), ("step-000002.wav", b""), ("step-000001.png", b"x")] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let found = found(folder.path());
        assert_eq!((found.len(), found[0].bytes), (2, 5));
        assert!(found.iter().all(|preview| card(preview, None).is_none()));
        assert_eq!((step(Path::new("step-000200.wav")), step(Path::new("odd.wav"))), ("200".into(), "odd".into()));
    }
}
