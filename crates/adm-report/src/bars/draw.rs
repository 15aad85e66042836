//! SVG whose colours are classes of the style sheet.

use super::Bars;
use crate::html::Html;

/// Series that have a colour of their own; further ones use the colours again, hollow.
const COLOURS: usize = 4;
/// Half the length of a whisker's ends.
const CAP: f64 = 5.0;

/// A drawing with values along x or, turned, along y.
pub(super) struct Pen<'a> {
    pub(super) html: &'a mut Html,
    /// Whether values go along y.
    pub(super) upright: bool,
}

impl Pen<'_> {
    /// A line from one point to another; points are (along the values, across them).
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [(x1, y1), (x2, y2)] = [from, to].map(|point| self.turn(point));
        let places = [x1, y1, x2, y2].map(|place| format!("{place:.1}"));
        let [x1, y1, x2, y2] = &places;
        self.html.element("line", &[("class", class), ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)], |_| {});
    }

    fn turn(&self, (along, across): (f64, f64)) -> (f64, f64) {
        if self.upright { (across, along) } else { (along, across) }
    }

    /// A text at a place on the page, anchored at its `start`, `middle` or `end`.
    pub(super) fn text(&mut self, class: &str, anchor: &str, (x, y): (f64, f64), text: &str) {
        let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
        let attributes = [("class", class), ("text-anchor", anchor), ("x", &*x), ("y", &*y), ("font-size", "13")];
        self.html.leaf("text", &attributes, text);
    }

    /// A bar of a series from one value to another, `thick` across.
    pub(super) fn bar(&mut self, series: usize, from: f64, to: f64, (across, thick): (f64, f64)) {
        let corner = self.turn((from.min(to), across - thick / 2.0));
        let size = self.turn(((to - from).abs(), thick));
        let places = [corner.0, corner.1, size.0, size.1].map(|place| format!("{place:.1}"));
        let [x, y, width, height] = &places;
        let class = class("bar", series);
        let attributes = [("class", &*class), ("x", x), ("y", y), ("width", width), ("height", height)];
        self.html.element("rect", &attributes, |_| {});
    }

    /// A point of a series.
    pub(super) fn point(&mut self, series: usize, place: (f64, f64)) {
        let (x, y) = self.turn(place);
        let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
        let class = class("point", series);
        self.html.element("circle", &[("class", &*class), ("cx", &*x), ("cy", &*y), ("r", "5")], |_| {});
    }

    /// An interval.
    pub(super) fn whisker(&mut self, low: f64, high: f64, across: f64) {
        self.line("whisker", (low, across), (high, across));
        for end in [low, high] {
            self.line("whisker", (end, across - CAP), (end, across + CAP));
        }
    }
}

/// The classes of a bar or point of a series.
fn class(kind: &str, series: usize) -> String {
    let colour = series % COLOURS + 1;
    let hollow = if series >= COLOURS { " hollow" } else { "" };
    format!("{kind} fill-{colour} stroke-{colour}{hollow}")
}

impl Bars {
    /// The names of the series with their colours, where there are several.
    pub(super) fn render_legend(&self, html: &mut Html) {
        if self.series.len() < 2 {
            return;
        }
        html.element("ul", &[("class", "legend")], |html| {
            for (number, (name, _)) in self.series.iter().enumerate() {
                html.element("li", &[], |html| {
                    html.element("svg", &[("viewBox", "0 0 28 12"), ("aria-hidden", "true")], |html| {
                        let mut pen = Pen { html, upright: false };
                        match self.points {
                            true => pen.point(number, (14.0, 6.0)),
                            false => pen.bar(number, 1.0, 27.0, (6.0, 10.0)),
                        }
                    });
                    html.text(name);
                });
            }
        });
    }
}
