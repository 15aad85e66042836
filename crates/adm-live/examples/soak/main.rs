//! Plays in real time for as long as asked, while controls change at random and fifty clients listen over real sockets, a
//! quarter of whom read nothing and vanish again and again; and says how it went.
//!
//! ```text
//! cargo run --release -p adm-live --example soak -- [SECONDS] [RECORDING.wav]
//! ```
//!
//! It fails if any bar was late. Figures are JSON, as `adm_live::LiveReport` has them; how late the latest chunk was and how
//! long a listener waited are the system's scheduler's above all, so they are told and not judged. The page keeps 400 ms.

#[path = "../band/mod.rs"]
mod band;

use adm_audio::WavFormat;
use adm_core::seeds::{RngExt, StreamRng};
use adm_core::{SampleRate, Seconds, Seeds, Silent};
use adm_live::{
    Board, Change, Controls, Engine, EngineSettings, Pace, Pipe, PipeFormat, Ranges, Recording, Server, ServerSettings,
    parse_address,
};
use band::Band;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Those who listen.
const LISTENERS: u64 = 50;

/// The longest that a hand rests.
const REST_MS: u64 = 1_500;

#[expect(clippy::print_stdout, reason = "an example speaks to a terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let words = std::env::args().skip(1).collect::<Vec<_>>();
    let seconds = words.first().map_or(Ok(60.0), |seconds| seconds.parse())?;
    let format = Band::format(SampleRate::CD);
    let board = Arc::new(Board::new(Controls::default(), Ranges::default())?);
    let settings =
        EngineSettings { stop_after: Some(Seconds(seconds).frames(format.rate)), ..EngineSettings::new(format) };
    let mut engine = Engine::new(settings, board.clone())?;
    engine = engine.with_sink(Pipe::new(std::io::sink(), PipeFormat::S16le, format));
    if let Some(path) = words.get(1) {
        engine = engine.with_sink(Recording::create(Path::new(path), WavFormat::Pcm16, format)?);
    }
    let server =
        Server::start(ServerSettings { address: parse_address("0")?, allow_remote: false }, board.clone(), format)?;
    let (address, longest) = (server.address(), Arc::new(AtomicU64::new(0)));
    for listener in 0..LISTENERS {
        let longest = longest.clone();
        std::thread::spawn(move || listen(address, listener % 4 == 0, &longest));
    }
    std::thread::spawn(move || fiddle(&board, Seeds::new(7).stream("hands", 0)));
    let report = engine.with_tap(server.hub()).run(Box::new(Band::new(SampleRate::CD)), Pace::RealTime, &Silent)?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    let waited = longest.load(Ordering::Relaxed);
    println!("the longest that a listener waited: {waited} ms; skips of those who do not read: {}", server.skips());
    if report.repeats == 0 { Ok(()) } else { Err(format!("{} bars were late", report.repeats).into()) }
}

/// Listens until the stream ends and notes the longest wait between two reads; or asks, reads nothing and vanishes, again
/// and again.
fn listen(address: SocketAddr, reads_nothing: bool, longest: &AtomicU64) -> std::io::Result<()> {
    if reads_nothing {
        loop {
            let _stuck = ask(address)?;
            std::thread::sleep(Duration::from_secs(5));
        }
    }
    let (mut stream, mut bytes) = (ask(address)?, [0; 1 << 16]);
    // The first sound is the engine's affair.
    stream.read_exact(&mut bytes[..1_000])?;
    let mut last = Instant::now();
    while stream.read(&mut bytes)? > 0 {
        longest.fetch_max(last.elapsed().as_millis() as u64, Ordering::Relaxed);
        last = Instant::now();
    }
    Ok(())
}

fn ask(address: SocketAddr) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET /stream HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes())?;
    Ok(stream)
}

fn fiddle(board: &Board, mut chance: StreamRng) {
    loop {
        std::thread::sleep(Duration::from_millis(chance.random_range(0..REST_MS)));
        let change = match chance.random_range(0..8) {
            0 => Change { bpm: Some(chance.random_range(60.0..200.0)), ..Change::default() },
            1 => Change { temperature: Some(chance.random_range(0.1..2.0)), ..Change::default() },
            2 => Change { morph: Some(chance.random_range(0.0..1.0)), ..Change::default() },
            3 => Change { hold: Some(chance.random_range(0..3) == 0), ..Change::default() },
            4 => Change { next_section: Some(true), ..Change::default() },
            5 => Change { mix: Some(chance.random_range(0.0..1.0)), ..Change::default() },
            6 => Change { seed: Some(chance.random_range(0..1_000)), ..Change::default() },
            _ => Change { playing: Some(chance.random_range(0..3) > 0), ..Change::default() },
        };
        // All are in range.
        board.change(&change).ok();
    }
}
