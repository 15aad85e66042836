//! Shares and means with their intervals.
//!
//! ```text
//! Bars ─ upright, where all labels fit, else lying: where everything goes, wide and narrow ─draw→ SVG in the style sheet's colours
//!   └─ words: a table under the figure, which is also how a screen reader has it
//! ```

mod draw;
mod lying;
mod scale;
mod upright;
mod words;

use crate::html::Html;
use draw::Pen;
use lying::Lying;
use scale::Scale;
use upright::Upright;

/// Widths of drawings for screens wider than 640 pixels, and for phones and cards.
const WIDE: f64 = 880.0;
const NARROW: f64 = 360.0;

/// Groups of bars, or of points, with whiskers for their intervals.
///
/// What does not fit upright lies down: labels and values are never drawn over each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    title: String,
    axis: String,
    lying: bool,
    points: bool,
    percent: bool,
    range: Option<(f64, f64)>,
    reference: Option<(f64, String)>,
    categories: Vec<String>,
    series: Vec<(String, Vec<Bar>)>,
}

/// One value of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    value: f64,
    interval: Option<(f64, f64)>,
    label: Option<String>,
}

impl Bar {
    /// A value; nothing is drawn for one that is not finite.
    pub fn new(value: f64) -> Self {
        Self { value, interval: None, label: None }
    }

    /// The same value with the interval that its whisker spans.
    #[must_use]
    pub fn interval(mut self, low: f64, high: f64) -> Self {
        self.interval = Some((low, high));
        self
    }

    /// The same value with other words at its bar than the value itself: `55 of 137`.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
}

impl Bars {
    /// A figure with one group of bars for each category, and the name, and unit, of the axis that their values are on.
    pub fn new<C: Into<String>>(
        title: impl Into<String>,
        axis: impl Into<String>,
        categories: impl IntoIterator<Item = C>,
    ) -> Self {
        Self {
            title: title.into(),
            axis: axis.into(),
            lying: false,
            points: false,
            percent: false,
            range: None,
            reference: None,
            categories: categories.into_iter().map(Into::into).collect(),
            series: Vec::new(),
        }
    }

    /// The same figure with bars that lie, for long labels and many categories.
    #[must_use]
    pub fn lying(mut self) -> Self {
        self.lying = true;
        self
    }

    /// The same figure with points instead of bars: for means of scales, of which 0 is no part.
    #[must_use]
    pub fn points(mut self) -> Self {
        self.points = true;
        self
    }

    /// The same figure with values written as percentages: 0.4 as `40 %`.
    #[must_use]
    pub fn percent(mut self) -> Self {
        self.percent = true;
        self
    }

    /// The same figure with an axis from one value to another; what is beyond is cut off. Without it the axis holds all values
    /// and intervals, the reference, and, of bars, 0.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// The same figure with a line at a value and a word for it: 0.5 and `chance`.
    #[must_use]
    pub fn reference(mut self, value: f64, name: impl Into<String>) -> Self {
        self.reference = Some((value, name.into()));
        self
    }

    /// The same figure with one more bar in every group, in the order of the categories. What is missing is left empty; what
    /// is too much is left out.
    #[must_use]
    pub fn series(mut self, name: impl Into<String>, bars: impl IntoIterator<Item = Bar>) -> Self {
        let mut bars: Vec<Bar> = bars.into_iter().collect();
        bars.resize(self.categories.len(), Bar::new(f64::NAN));
        self.series.push((name.into(), bars));
        self
    }

    pub(crate) fn render(&self, html: &mut Html) {
        html.element("figure", &[("class", "chart bars")], |html| {
            html.leaf("figcaption", &[], &self.title);
            let (Some(wide), Some(narrow)) = (self.wide(), Lying::new(self, NARROW)) else {
                html.leaf("p", &[], "There is nothing to draw yet.");
                return;
            };
            self.render_legend(html);
            match wide {
                Wide::Lying(figure) => {
                    self.render_drawing(html, "wide", (WIDE, figure.height()), |html| figure.draw(html));
                }
                Wide::Upright(figure) => {
                    self.render_drawing(html, "wide", (WIDE, figure.height()), |html| figure.draw(html));
                }
            }
            self.render_drawing(html, "narrow", (NARROW, narrow.height()), |html| narrow.draw(html));
            html.element("details", &[], |html| {
                html.leaf("summary", &[], "The numbers");
                self.table().render(html);
            });
        });
    }

    fn wide(&self) -> Option<Wide<'_>> {
        let upright = if self.lying { None } else { Upright::new(self, WIDE) };
        upright.map(Wide::Upright).or_else(|| Lying::new(self, WIDE).map(Wide::Lying))
    }

    fn render_drawing(&self, html: &mut Html, class: &str, size: (f64, f64), draw: impl FnOnce(&mut Html)) {
        let view = format!("0 0 {:.0} {:.0}", size.0, size.1.ceil());
        let description = self.description();
        let attributes = [("class", class), ("viewBox", &*view), ("role", "img"), ("aria-label", &*description)];
        html.element("svg", &attributes, draw);
    }

    /// Draws the bar or point of a category and series, across its middle. Returns it, and the first and last place along the
    /// values that it or its whisker reaches on the drawing's far side.
    fn draw_value(
        &self,
        pen: &mut Pen<'_>,
        scale: &Scale,
        (place, series): (usize, usize),
        (across, thick): (f64, f64),
    ) -> Option<(&Bar, (f64, f64))> {
        let bar = self.series.get(series)?.1.get(place).filter(|bar| bar.value.is_finite())?;
        let value = scale.place(bar.value);
        let zero = scale.place(0.0);
        if !self.points {
            pen.bar(series, zero, value, (across, thick));
        }
        let interval = bar.interval.filter(|(low, high)| low.is_finite() && high.is_finite());
        let (low, high) = interval.map_or((value, value), |(low, high)| (scale.place(low), scale.place(high)));
        if interval.is_some() {
            pen.whisker(low, high, across);
        }
        if self.points {
            pen.point(series, (value, across));
        }
        let base = if self.points { value } else { zero };
        let far = if pen.upright { low.min(high).min(value).min(base) } else { low.max(high).max(value).max(base) };
        Some((bar, (zero, far)))
    }

    /// The widest text at a bar.
    fn widest_value(&self) -> f64 {
        let bars = self.series.iter().flat_map(|(_, bars)| bars).filter(|bar| bar.value.is_finite());
        bars.map(|bar| words::width(&self.value(bar))).fold(0.0, f64::max)
    }
}

/// A drawing for screens wider than 640 pixels.
enum Wide<'a> {
    Lying(Lying<'a>),
    Upright(Upright<'a>),
}

#[cfg(test)]
mod tests;
