//! What is known of each chain before it is put in line with the others: its beats one by one, its tempo at both ends, and
//! where its bars may begin.

use super::bars::{SHIFTS, shifts};
use super::beats::{ROUGH, between, drop_strays, heard_on};
use super::chains::{Chain, Heard, clear_height};
use super::curves::Curve;
use super::drums::Drums;
use super::path::TempoPath;
use super::phase::Phase;
use super::pieces::{Piece, cut, time_of};
use super::tempogram::{HOP, middle};

/// Two pieces of a chain are apart when their counts differ by this much where they meet, in beats.
const APART: f64 = 0.06;
/// Beats that must be heard for a tempo to be told from them.
const LEAST_HEARD: usize = 8;
/// No shift of a chain's bars costs more than this share of what leaving it out does.
const CONVICTION: f64 = 0.9;
/// Beats before and after a chain that tell of its bars.
const EDGE_BEATS: f64 = 8.0;
/// Windows at a chain's end that tell its tempo there, where its beats do not.
const EDGE: usize = 8;

/// A chain in beats.
pub(super) struct Link {
    /// Times and beat counts along it, counted from an unknown beat.
    pub(super) points: Vec<(f64, f64)>,
    /// Beats a second at the start and the end.
    pub(super) tempi: [f64; 2],
    /// What leaving it out costs: its clear beats.
    pub(super) weight: f64,
    /// What it costs to let its bars begin at each part of a beat of its count.
    pub(super) costs: [f64; SHIFTS],
}

impl Link {
    /// Of a stretch, each of whose windows weighs as much.
    fn new((points, tempi): Run, window: f64, drums: &Drums) -> Self {
        let windows = 1.0 + (points[points.len() - 1].0 - points[0].0) / HOP;
        let weight = window * windows;
        let costs = costs(&points, tempi, drums).map(|cost| cost.min(CONVICTION * weight));
        Self { points, tempi, weight, costs }
    }

    /// Time and beat count where it begins.
    pub(super) fn start(&self) -> (f64, f64) {
        self.points.first().copied().unwrap_or_default()
    }

    /// Time and beat count where it ends.
    pub(super) fn end(&self) -> (f64, f64) {
        self.points.last().copied().unwrap_or_default()
    }
}

/// All chains in beats. A chain that goes over from one voice to another, from a bass before the beat to the kick on it,
/// gives a link for each.
pub(super) fn links(chains: &[Chain], heard: &[Heard], path: &TempoPath, drums: &Drums) -> Vec<Link> {
    let phases = path.phases();
    let clear = clear_height(heard).max(f64::MIN_POSITIVE);
    let links = |chain: &Chain| {
        // A quieter track's beats are beats too: the root keeps them worth nearly as much.
        let beats = |window: usize| (heard[window].height / clear).sqrt() * HOP * path.frequencies[window];
        let weight = chain.windows.clone().map(beats).sum::<f64>() / chain.windows.len() as f64;
        let runs = runs(&rough(chain, &phases, path), drums.low(), path.frequencies[chain.windows.start]);
        runs.into_iter().map(move |run| Link::new(run, weight, drums)).collect::<Vec<_>>()
    };
    chains.iter().flat_map(links).collect()
}

/// The count of a chain by its windows.
fn rough(chain: &Chain, phases: &[f64], path: &TempoPath) -> Phase {
    let windows = chain.windows.clone();
    let point = |(window, theta): (usize, &f64)| (middle(window), phases[window] - theta);
    let points: Vec<(f64, f64)> = windows.clone().zip(&chain.thetas).map(point).collect();
    let edge = EDGE.min(points.len());
    let tempo = |points: &[(f64, f64)], window: usize| slope(points).unwrap_or(path.frequencies[window]);
    let edges = [tempo(&points[..edge], windows.start), tempo(&points[points.len() - edge..], windows.end - 1)];
    Phase { points, edges, heard: Vec::new() }
}

/// Times and beat counts of a stretch, and beats a second at its start and end.
type Run = (Vec<(f64, f64)>, [f64; 2]);

/// A chain by its beats one by one, which tell time and tempo more exactly than windows do; parted where its count jumps.
/// A run lasts from the first beat that is heard on it to the last: windows reach over a tempo's change, beats do not.
fn runs(rough: &Phase, low: &Curve<f32>, frequency: f64) -> Vec<Run> {
    let (start, end) = (rough.points[0].0, rough.points[rough.points.len() - 1].0);
    let mut beats = between(low, rough, (start - HOP, end + HOP), ROUGH);
    let mut pieces = cut(&beats, frequency);
    drop_strays(&mut beats, |beat| time_of(&pieces, beat.index));
    pieces = cut(&beats, frequency);
    pieces.retain(|piece| heard_on(&beats, piece.first..piece.end).count() >= LEAST_HEARD);
    let goes_on = |a: &Piece, b: &Piece| (a.phase(b.span().0) - b.phase(b.span().0)).abs() < APART;
    let runs = pieces.chunk_by(goes_on).filter_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        let mut heard = heard_on(&beats, first.first..last.end);
        let (from, to) = (heard.next()?.time, heard.next_back()?.time);
        let within = rough.points.iter().map(|point| point.0).filter(|time| (from..to).contains(time));
        let point = |time: f64| {
            let at = run.partition_point(|piece| piece.span().1 <= time).min(run.len() - 1);
            (time, run[at].phase(time))
        };
        let points: Vec<(f64, f64)> = [from].into_iter().chain(within).chain([to]).map(point).collect();
        let tempi = [first.frequency(points.first()?.0), last.frequency(points.last()?.0)];
        Some((points, tempi))
    });
    let runs: Vec<Run> = runs.collect();
    if runs.is_empty() { vec![(rough.points.clone(), rough.edges)] } else { runs }
}

/// Beats a second by least squares; `None` from fewer than three points.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (time, phase) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
    let (mut above, mut below) = (0.0, 0.0);
    for point in points {
        above += (point.0 - time) * (point.1 - phase);
        below += (point.0 - time).powi(2);
    }
    (points.len() > 2).then(|| above / below)
}

/// See [`Link::costs`].
fn costs(points: &[(f64, f64)], tempi: [f64; 2], drums: &Drums) -> [f64; SHIFTS] {
    let count = Phase { points: points.to_vec(), edges: tempi, heard: Vec::new() };
    let (first, last) = (points[0], points[points.len() - 1]);
    let gains = shifts(drums, (first.1 - EDGE_BEATS, last.1 + EDGE_BEATS), |beat| count.time_of(beat));
    let most = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    gains.map(|gain| most - gain)
}
