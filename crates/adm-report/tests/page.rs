//! Whole pages on disk.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use adm_report::{Audio, Bar, Bars, Card, Cards, Chart, Facts, Image, Media, Page, ReportError, Section, Table};
use std::path::Path;

/// A silent WAV file.
fn wav() -> Vec<u8> {
    let data = 2 * 4_410u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(44_100u32.to_le_bytes());
    bytes.extend(88_200u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(data.to_le_bytes());
    bytes.resize(bytes.len() + data as usize, 0);
    bytes
}

/// A grey PNG picture.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![128; (width * height) as usize]).unwrap();
    writer.finish().unwrap();
    bytes
}

const HOSTILE: &str = "</title><script>alert(1)</script>\" onload='x' https:evil & ../..";

fn everything(folder: &Path) -> Page {
    let outside = folder.join("out side#1.wav");
    std::fs::write(&outside, wav()).unwrap();
    let cards = (0..3).map(|_| {
        Card::new(HOSTILE)
            .with(Image::new(HOSTILE, Media::written(HOSTILE, png(20, 10))).caption(HOSTILE))
            .with(Audio::new(HOSTILE, Media::written("a.wav", wav())).detail(HOSTILE))
    });
    Page::new(HOSTILE)
        .summary(HOSTILE)
        .section(Section::new(HOSTILE).with(HOSTILE).with(Facts::new().fact(HOSTILE, HOSTILE)))
        .section(Section::new("Table").with(Table::new(HOSTILE, [HOSTILE, "n"]).row([HOSTILE, "1"])))
        .section(Section::new("Cards").with(cards.collect::<Cards>()))
        .section(
            Section::new("Media")
                .with(Audio::new("copied", Media::copied(&outside)))
                .with(Audio::new("linked", Media::linked("../out side#1.wav")))
                .with(Audio::new("embedded", Media::Embedded(wav())))
                .with(Image::new("embedded", Media::Embedded(png(3, 2)))),
        )
        .section(
            Section::new("Chart").with(Chart::new(HOSTILE, HOSTILE, HOSTILE).series(HOSTILE, [(0.0, 1.0), (1.0, 2.0)])),
        )
        .section(
            Section::new("Bars").with(
                Bars::new(HOSTILE, HOSTILE, [HOSTILE])
                    .reference(0.5, HOSTILE)
                    .series(HOSTILE, [Bar::new(1.0).label(HOSTILE)]),
            ),
        )
        .footer(HOSTILE)
}

/// Values of an attribute, unescaped no further than the page's own URLs need.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

fn percent_decode(url: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        let hex: String = if byte == b'%' { rest.by_ref().take(2).map(char::from).collect() } else { String::new() };
        bytes.push(u8::from_str_radix(&hex, 16).unwrap_or(byte));
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_page_needs_nothing_from_elsewhere_and_everything_it_needs_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let index = everything(folder.path()).write(&folder.path().join("report")).unwrap();
    let html = std::fs::read_to_string(&index).unwrap();
    assert!(!html.contains("://"), "no absolute URL");
    let urls: Vec<_> = [attributes(&html, "src"), attributes(&html, "href")].concat();
    assert!(urls.len() >= 16, "{urls:?}");
    for url in urls {
        if let Some(id) = url.strip_prefix('#') {
            assert!(html.contains(&format!("id=\"{id}\"")), "{url}");
        } else if !url.starts_with("data:audio/wav;base64,") && !url.starts_with("data:image/png;base64,") {
            assert!(index.with_file_name(percent_decode(url)).is_file(), "{url}");
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let html = std::fs::read_to_string(everything(folder.path()).write(&report).unwrap()).unwrap();
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(!html.contains(" onload='") && html.matches("</title>").count() == 1);
    let mut files: Vec<_> = std::fs::read_dir(report.join("assets")).unwrap().map(|f| f.unwrap().file_name()).collect();
    files.sort();
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    assert!(files.iter().all(|name| plain(name.to_str().unwrap())), "{files:?}");
    assert_eq!(files.len(), 7, "three pictures, three sounds and the copied one: {files:?}");
}

#[test]
fn pictures_and_players_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::new("t").section(
        Section::new("s")
            .with(Image::new("a grey box", Media::written("x.png", png(31, 17))))
            .with(Audio::new("two bars", Media::written("x.wav", wav()))),
    );
    let html = std::fs::read_to_string(page.write(folder.path()).unwrap()).unwrap();
    let image = "<img src=\"assets/x.png\" alt=\"a grey box\" width=\"31\" height=\"17\"";
    assert!(html.contains(image), "{html}");
    assert!(html.contains("aria-label=\"two bars\" src=\"assets/x.wav\""), "{html}");
    assert!(!html.contains("<nav"), "one section needs no list of sections");
}

#[test]
fn a_report_is_replaced_only_by_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let page = |media| Page::new("t").section(Section::new("s").with(Audio::new("a", media)));
    let index = page(Media::written("a.wav", wav())).write(folder.path()).unwrap();
    let old = std::fs::read(&index).unwrap();
    let error = page(Media::linked("gone.wav")).write(folder.path()).unwrap_err();
    assert!(matches!(error, ReportError::Missing { .. }), "{error}");
    let error = page(Media::written("a.wav", b"MP3".to_vec())).write(folder.path()).unwrap_err();
    assert_eq!(error.to_string(), "a.wav is not a WAV file");
    let picture = Page::new("t").section(Section::new("s").with(Image::new("a", Media::Embedded(b"GIF89a".to_vec()))));
    assert_eq!(picture.write(folder.path()).unwrap_err().to_string(), "an embedded file is not a PNG file");
    assert_eq!(std::fs::read(&index).unwrap(), old);
    let blocked = folder.path().join("index.html/report");
    assert!(matches!(page(Media::Embedded(wav())).write(&blocked), Err(ReportError::Write { .. })));
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| {
        let report = folder.path().join(name);
        std::fs::read(everything(folder.path()).write(&report).unwrap()).unwrap()
    });
    assert!(a == b);
}

#[test]
fn an_embedded_sound_is_in_the_page_once() {
    let folder = tempfile::tempdir().unwrap();
    let section = Section::new("Sound").with(Audio::new("a", Media::Embedded(wav())));
    let index = Page::new("Page").section(section).write(folder.path()).unwrap();
    let html = std::fs::read_to_string(index).unwrap();
    assert_eq!((html.matches("data:audio/wav").count(), html.matches("Open the sound").count()), (1, 0));
}
