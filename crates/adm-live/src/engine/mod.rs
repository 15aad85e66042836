//! The engine: a thread that makes bars, one that plays them, and one for each sink.
//!
//! ```text
//! Board ──controls──▶ BarSource ─bars→ queue ─▶ player ─chunks of 20 ms→ lane → Sink   (the slowest sets the pace)
//!   ▲                 (maker thread)  (1 bar)   (clock)               └→ Tap           (never waited for)
//!   └─ page, terminal                             └ late? the last bar again, in time
//! ```
//!
//! **Latency.** With one bar ahead, the default, the next bar is begun halfway through the one that sounds: a change is
//! heard from the next bar on if it comes in the first half, and from the one after otherwise, so after 1.5 bars at most.
//! A source that needs more than an eighth of a bar's time is begun earlier, up to the bar's start: 2 bars at most. Each
//! further bar ahead adds one bar, and lets making stall for one bar longer. A pause is heard with the next chunk. What a
//! pipe, a card or a browser buffers comes on top.
//!
//! **A pause** halts the music where it is. The stream goes on with silence, so pipes and recordings get zeros as long as it
//! lasts.
//!
//! **What blocks** has a thread of its own: making, each sink, the observer (the caller's thread), the server. The player copies
//! each chunk into buffers that were made at the start, and shares its encoded bytes with all listeners.
//!
//! **Between bars** the maker's thread lets the source do what makes later bars better ([`BarSource::between_bars`]): after it
//! has handed a bar over, and only if what that took last fits twice into the time that is left until the next one must be
//! begun. Where the sinks keep time, that time is counted in sound, so into a pipe that takes all at once it is done after
//! every bar.
//!
//! **A late bar** is replaced by the last one, whole, so the beat goes on in time; the step at the seam is spread over 10 ms.

mod changes;
mod clock;
mod edit;
mod feeder;
mod lane;
mod lead;
mod made;
mod maker;
mod outputs;
mod player;
mod pretended;
mod relay;
mod report;
mod spare;
mod supply;

pub use clock::Pace;
pub use report::LiveReport;

use crate::LiveError;
use crate::bar::{BarSource, Format};
use crate::controls::Board;
use crate::sinks::Sink;
use crate::tap::Tap;
use adm_core::{Frames, Observer};
use clock::{Clock, Simulated, System};
use feeder::{CHUNK_MS, Feeder};
use lane::Lane;
use maker::Maker;
use outputs::Outputs;
use player::Player;
use pretended::{Cost, Pretended, Work};
use relay::relay;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use supply::{Supply, Threaded};

/// The shape of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineSettings {
    /// Rate and channels of every bar.
    pub format: Format,
    /// Bars that are made before they are needed, 1 to 16. More survive longer stalls; controls act later by as many.
    pub ahead: usize,
    /// Ends the stream after so many frames; `None` plays on until it is stopped.
    pub stop_after: Option<Frames>,
}

impl EngineSettings {
    /// One bar ahead, without an end.
    pub fn new(format: Format) -> Self {
        Self { format, ahead: 1, stop_after: None }
    }

    fn check(&self) -> Result<(), LiveError> {
        let setting = |what, expected, actual| Err(LiveError::Setting { what, expected, actual });
        match (self.format.channels, self.ahead) {
            (1 | 2, 1..=16) => Ok(()),
            (1 | 2, ahead) => setting("bars ahead", "1 to 16", ahead),
            (channels, _) => setting("channels", "1 or 2", channels),
        }
    }
}

/// Plays a source into sinks and taps.
pub struct Engine {
    settings: EngineSettings,
    board: Arc<Board>,
    sinks: Vec<Box<dyn Sink>>,
    taps: Vec<Box<dyn Tap>>,
}

impl Engine {
    /// An engine that nobody listens to yet.
    ///
    /// # Errors
    /// [`LiveError::Setting`] for channels or bars ahead outside of their ranges.
    pub fn new(settings: EngineSettings, board: Arc<Board>) -> Result<Self, LiveError> {
        settings.check()?;
        Ok(Self { settings, board, sinks: Vec::new(), taps: Vec::new() })
    }

    /// Adds a sink, which may set the pace.
    #[must_use]
    pub fn with_sink(mut self, sink: impl Sink + 'static) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }

    /// Adds something that looks on.
    #[must_use]
    pub fn with_tap(mut self, tap: impl Tap + 'static) -> Self {
        self.taps.push(Box::new(tap));
        self
    }

    /// Plays until the observer asks to stop, `stop_after` is reached, or the last sink that was heard has been closed or has
    /// failed, a pipe or a card ([`Sink::is_heard`]); a server among the taps plays on without any ([`Tap::carries_on`]), a
    /// recording beside them does not. Recordings are completed however it ends, with all that was sent. The observer hears
    /// of every bar (`advance`) and of the first of each row of late ones (`warn`).
    ///
    /// # Errors
    /// [`LiveError::NoOutput`]; the source's failures; a sink's failure, at once if it ends the stream, at the end otherwise.
    pub fn run(self, source: Box<dyn BarSource>, pace: Pace, observer: &dyn Observer) -> Result<LiveReport, LiveError> {
        let clock = Box::new(System::new(pace));
        let supply = Box::new(Threaded::start(self.maker(source))?);
        self.play(supply, clock, observer)
    }

    /// [`Engine::run`] in simulated time, in which only waiting for a chunk's turn takes time, and the making of bar `n`
    /// takes `cost(n)`: for tests of hours in seconds. What a source does between bars takes no time.
    ///
    /// # Errors
    /// As for [`Engine::run`].
    pub fn simulate(
        self,
        source: Box<dyn BarSource>,
        mut cost: impl FnMut(u64) -> Duration + Send + 'static,
        observer: &dyn Observer,
    ) -> Result<LiveReport, LiveError> {
        let cost = move |work| match work {
            Work::Bar(bar) => cost(bar),
            Work::Between(_) => Duration::ZERO,
        };
        self.pretend(source, Box::new(cost), observer)
    }

    /// [`Engine::simulate`] where all work takes its time.
    fn pretend(self, source: Box<dyn BarSource>, cost: Cost, observer: &dyn Observer) -> Result<LiveReport, LiveError> {
        let supply = Pretended::new(self.maker(source), cost);
        self.play(Box::new(supply), Box::<Simulated>::default(), observer)
    }

    fn maker(&self, source: Box<dyn BarSource>) -> Maker {
        Maker::new(source, self.board.clone(), self.settings.format, self.settings.ahead)
    }

    fn play(
        self,
        supply: Box<dyn Supply + Send>,
        clock: Box<dyn Clock + Send>,
        observer: &dyn Observer,
    ) -> Result<LiveReport, LiveError> {
        if self.sinks.is_empty() && self.taps.is_empty() {
            return Err(LiveError::NoOutput);
        }
        let EngineSettings { format, ahead, stop_after } = self.settings;
        let samples = format.frames_of(CHUNK_MS) * format.channels;
        let lasts = Duration::from_millis(u64::from(CHUNK_MS));
        let lanes = self.sinks.into_iter().map(|sink| Lane::start(sink, samples, lasts)).collect::<Result<_, _>>()?;
        let outputs = Outputs::new(lanes, self.taps);
        let (relay, notes) = relay(observer);
        let board = &self.board;
        let play = move || {
            let feeder = Feeder::new(format, clock, outputs, stop_after.map(|frames| frames.0), &relay);
            Player::new(board, supply, feeder, ahead).run()
        };
        thread::scope(|scope| {
            let player = thread::Builder::new().name("adm-player".to_owned()).spawn_scoped(scope, play);
            notes.tell(observer);
            player.map_err(LiveError::Thread)?.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}
