//! Bars that lie: one below the other, with room for long labels beside them or, on phones, above them.

use super::Bars;
use super::draw::Pen;
use super::scale::Scale;
use super::words::{width, wrap};
use crate::html::Html;

/// Height of a line of text.
const LINE: f64 = 17.0;
/// From one bar of a group to the next, and how thick it is.
const PITCH: f64 = 24.0;
const THICK: f64 = 18.0;
/// Between groups.
const GAP: f64 = 14.0;
/// The widest label beside bars.
const MOST_LABEL: f64 = 250.0;
/// The greatest share of the width that labels beside bars may take.
const MOST_SHARE: f64 = 0.3;
/// The most lines of a label; the table has it all.
const MOST_LINES: usize = 3;

/// Where everything is. Heights grow with what there is to draw.
pub(super) struct Lying<'a> {
    figure: &'a Bars,
    width: f64,
    scale: Scale,
    /// Whether labels are above their bars.
    stacked: bool,
    labels: Vec<Vec<String>>,
    left: f64,
}

impl<'a> Lying<'a> {
    /// Labels are beside their bars where they leave most of the width to these. `None` where there is nothing to draw.
    pub(super) fn new(figure: &'a Bars, width: f64) -> Option<Self> {
        let longest = figure.categories.iter().map(|label| self::width(label)).fold(0.0, f64::max);
        let stacked = longest.min(MOST_LABEL) > MOST_SHARE * width;
        let label = if stacked { width } else { longest.min(MOST_LABEL) };
        let left = if stacked { 4.0 } else { label + 14.0 };
        let scale = Scale::of(figure, left, width - figure.widest_value() - 16.0)?;
        let labels = figure.categories.iter().map(|text| wrap(text, label + 1.0, MOST_LINES).0).collect();
        Some(Self { figure, width, scale, stacked, labels, left })
    }

    fn top(&self) -> f64 {
        if self.figure.reference.is_some() { LINE + 5.0 } else { 4.0 }
    }

    fn group_height(&self, label: &[String]) -> f64 {
        let (label, bars) = (LINE * label.len() as f64, PITCH * self.figure.series.len() as f64);
        if self.stacked { label + bars + 4.0 } else { label.max(bars) }
    }

    fn bottom(&self) -> f64 {
        self.top() + self.labels.iter().map(|label| self.group_height(label) + GAP).sum::<f64>()
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom() + 2.0 * LINE + 12.0
    }

    pub(super) fn draw(&self, html: &mut Html) {
        let mut pen = Pen { html, upright: false };
        self.draw_axis(&mut pen);
        // Under the texts, whose edges keep it off their letters.
        self.draw_reference(&mut pen);
        let mut top = self.top() + GAP / 2.0;
        for (place, label) in self.labels.iter().enumerate() {
            self.draw_group(&mut pen, place, label, top);
            top += self.group_height(label) + GAP;
        }
    }

    fn draw_axis(&self, pen: &mut Pen<'_>) {
        let (top, bottom) = (self.top(), self.bottom());
        for tick in self.scale.ticks(if self.stacked { 4 } else { 6 }) {
            let x = self.scale.place(tick);
            pen.line("grid", (x, top), (x, bottom));
            pen.text("tick", "middle", (x.max(12.0), bottom + LINE), &self.figure.tick(tick));
        }
        let zero = self.scale.place(0.0);
        if !self.figure.points {
            pen.line("axis", (zero, top), (zero, bottom));
        }
        let (axis, _) = wrap(&self.figure.axis, self.width - self.left, 1);
        pen.text("tick", "start", (self.left, bottom + 2.0 * LINE + 4.0), &axis.concat());
    }

    fn draw_group(&self, pen: &mut Pen<'_>, place: usize, label: &[String], top: f64) {
        let (lines, bars) = (LINE * label.len() as f64, PITCH * self.figure.series.len() as f64);
        let height = self.group_height(label);
        let (x, anchor) = if self.stacked { (self.left, "start") } else { (self.left - 10.0, "end") };
        let first = if self.stacked { top } else { top + (height - lines) / 2.0 };
        for (line, text) in label.iter().enumerate() {
            pen.text("label", anchor, (x, first + LINE * line as f64 + 13.0), text);
        }
        let first = if self.stacked { top + lines + 4.0 } else { top + (height - bars) / 2.0 };
        for series in 0..self.figure.series.len() {
            self.draw_bar(pen, place, series, first + PITCH * (series as f64 + 0.5));
        }
    }

    fn draw_bar(&self, pen: &mut Pen<'_>, place: usize, series: usize, y: f64) {
        let Some((bar, ends)) = self.figure.draw_value(pen, &self.scale, (place, series), (y, THICK)) else { return };
        pen.text("value", "start", (ends.1 + 8.0, y + 4.5), &self.figure.value(bar));
    }

    fn draw_reference(&self, pen: &mut Pen<'_>) {
        let Some((value, name)) = &self.figure.reference else { return };
        if !self.scale.holds(*value) {
            return;
        }
        let x = self.scale.place(*value);
        pen.line("reference", (x, self.top()), (x, self.bottom()));
        let half = width(name) / 2.0;
        pen.text("tick", "middle", (x.min(self.width - half).max(half), LINE - 2.0), name);
    }
}
