//! Bars that stand side by side, where their labels and values have room.

use super::Bars;
use super::draw::Pen;
use super::scale::Scale;
use super::words::{width, wrap};
use crate::html::Html;

/// Height of a line of text.
const LINE: f64 = 17.0;
/// Height of the axis, and the room above it for the value at the highest bar.
const TALL: f64 = 260.0;
const ABOVE: f64 = 24.0;
/// The widest bar.
const MOST_THICK: f64 = 64.0;
/// The share of its place that a group takes.
const SHARE: f64 = 0.82;
/// The most lines of a label.
const MOST_LINES: usize = 3;

/// Where everything is.
pub(super) struct Upright<'a> {
    figure: &'a Bars,
    scale: Scale,
    labels: Vec<Vec<String>>,
    left: f64,
    right: f64,
    /// The room of one group, and of one bar.
    slot: f64,
    pitch: f64,
}

impl<'a> Upright<'a> {
    /// `None` where a label or value would not fit, or there is nothing to draw.
    pub(super) fn new(figure: &'a Bars, wide: f64) -> Option<Self> {
        let top = LINE + 4.0 + ABOVE;
        let scale = Scale::of(figure, top + TALL, top)?;
        let left = scale.ticks(5).into_iter().map(|tick| width(&figure.tick(tick))).fold(0.0, f64::max) + 14.0;
        let name = figure.reference.as_ref().map_or(0.0, |(_, name)| width(name) + 8.0);
        let right = wide - name - 4.0;
        let slot = (right - left) / figure.categories.len().max(1) as f64;
        let pitch = (SHARE * slot / figure.series.len().max(1) as f64).min(MOST_THICK * 1.6);
        let (labels, fit): (Vec<_>, Vec<_>) =
            figure.categories.iter().map(|label| wrap(label, slot - 10.0, MOST_LINES)).unzip();
        let whole =
            figure.categories.iter().flat_map(|label| label.split_whitespace()).all(|word| width(word) <= slot - 10.0);
        let room = whole && fit.into_iter().all(|fits| fits) && figure.widest_value() <= pitch;
        room.then_some(Self { figure, scale, labels, left, right, slot, pitch })
    }

    fn bottom(&self) -> f64 {
        LINE + 4.0 + ABOVE + TALL
    }

    pub(super) fn height(&self) -> f64 {
        let lines = self.labels.iter().map(Vec::len).max().unwrap_or_default();
        self.bottom() + LINE * lines as f64 + 14.0
    }

    pub(super) fn draw(&self, html: &mut Html) {
        let mut pen = Pen { html, upright: true };
        self.draw_axis(&mut pen);
        // Under the texts, whose edges keep it off their letters.
        self.draw_reference(&mut pen);
        for place in 0..self.labels.len() {
            self.draw_group(&mut pen, place);
        }
    }

    fn draw_axis(&self, pen: &mut Pen<'_>) {
        for tick in self.scale.ticks(5) {
            let y = self.scale.place(tick);
            pen.line("grid", (y, self.left), (y, self.right));
            pen.text("tick", "end", (self.left - 8.0, y + 4.5), &self.figure.tick(tick));
        }
        if !self.figure.points {
            let zero = self.scale.place(0.0);
            pen.line("axis", (zero, self.left), (zero, self.right));
        }
        pen.text("tick", "start", (2.0, 13.0), &self.figure.axis);
    }

    fn draw_group(&self, pen: &mut Pen<'_>, place: usize) {
        let middle = self.left + self.slot * (place as f64 + 0.5);
        for (line, text) in self.labels.get(place).into_iter().flatten().enumerate() {
            pen.text("label", "middle", (middle, self.bottom() + LINE * (line as f64 + 1.0) + 2.0), text);
        }
        let first = middle - self.pitch * self.figure.series.len() as f64 / 2.0;
        for series in 0..self.figure.series.len() {
            self.draw_bar(pen, place, series, first + self.pitch * (series as f64 + 0.5));
        }
    }

    fn draw_bar(&self, pen: &mut Pen<'_>, place: usize, series: usize, x: f64) {
        let thick = (0.82 * self.pitch).min(MOST_THICK);
        let Some((bar, ends)) = self.figure.draw_value(pen, &self.scale, (place, series), (x, thick)) else { return };
        pen.text("value", "middle", (x, ends.1 - 8.0), &self.figure.value(bar));
    }

    fn draw_reference(&self, pen: &mut Pen<'_>) {
        let Some((value, name)) = &self.figure.reference else { return };
        if !self.scale.holds(*value) {
            return;
        }
        let y = self.scale.place(*value);
        pen.line("reference", (y, self.left), (y, self.right));
        pen.text("tick", "start", (self.right + 6.0, y + 4.5), name);
    }
}
