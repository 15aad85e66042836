//! Lines over an axis.
//!
//! A chart is drawn by plotters into SVG with stand-in colours, which become classes of the page's style sheet, so the
//! lines follow the reader's light or dark scheme. Title and legend are HTML, which wraps where a drawing cannot. Long
//! series are thinned to what the eye can tell apart, extremes kept.

mod axis;
mod draw;
mod thin;
pub(crate) mod ticks;

use crate::ReportError;
use crate::html::Html;
use draw::{Drawing, Shape};

/// Series that have a colour of their own; further ones use the colours again, dashed.
const COLOURS: usize = 4;

/// One or more series of numbers over a common axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    title: String,
    x: String,
    y: String,
    logarithmic: bool,
    smoothed: bool,
    series: Vec<Series>,
}

/// One line of a chart, in order of x.
#[derive(Debug, Clone, PartialEq)]
struct Series {
    name: String,
    points: Vec<(f64, f64)>,
}

impl Chart {
    /// An empty chart with the names, and units, of its axes.
    pub fn new(title: impl Into<String>, x: impl Into<String>, y: impl Into<String>) -> Self {
        Self { title: title.into(), x: x.into(), y: y.into(), logarithmic: false, smoothed: false, series: Vec::new() }
    }

    /// The same chart with a logarithmic y axis, for numbers over several powers of ten. Values of 0 and less have no
    /// place on it and are left out.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.logarithmic = true;
        self
    }

    /// The same chart with restless lines drawn faintly and their running mean over them, for losses and the like.
    #[must_use]
    pub fn smoothed(mut self) -> Self {
        self.smoothed = true;
        self
    }

    /// The same chart with one more line through points `(x, y)`. Where y is not a finite number the line has a gap.
    #[must_use]
    pub fn series(mut self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut points: Vec<_> = points.into_iter().filter(|(x, _)| x.is_finite()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.series.push(Series { name: name.into(), points });
        self
    }

    pub(crate) fn render(&self, html: &mut Html) -> Result<(), ReportError> {
        let lines = self.series.iter().map(|series| self.heights(series)).collect();
        let drawing = Drawing::new(lines, self.logarithmic, self.smoothed, [&self.x, &self.y]);
        html.element("figure", &[("class", "chart")], |html| {
            html.leaf("figcaption", &[], &self.title);
            let Some(drawing) = drawing else {
                html.leaf("p", &[], "There is nothing to draw yet.");
                return Ok(());
            };
            self.render_legend(html);
            for shape in [Shape::WIDE, Shape::NARROW] {
                let svg =
                    drawing.draw(shape).map_err(|reason| ReportError::Chart { title: self.title.clone(), reason })?;
                let view = format!("0 0 {} {}", shape.width, shape.height);
                let attributes = [
                    ("class", shape.class),
                    ("viewBox", &*view),
                    ("role", "img"),
                    ("aria-label", &*self.description()),
                ];
                html.element("svg", &attributes, |html| html.trusted(&svg));
            }
            Ok(())
        })
    }

    /// A series as the axis measures it; NaN where a point has no place.
    fn heights(&self, series: &Series) -> Vec<(f64, f64)> {
        let height = |y: f64| match self.logarithmic {
            true => y.log10(),
            false => y,
        };
        let finite = |y: f64| if y.is_finite() { y } else { f64::NAN };
        series.points.iter().map(|(x, y)| (*x, finite(height(*y)))).collect()
    }

    fn render_legend(&self, html: &mut Html) {
        if self.series.len() < 2 {
            return;
        }
        html.element("ul", &[("class", "legend")], |html| {
            for (number, series) in self.series.iter().enumerate() {
                html.element("li", &[], |html| {
                    let line = format!(
                        "<svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><path d=\"M1 6H27\" fill=\"none\" \
                         stroke-width=\"3\" class=\"{}\"/></svg>",
                        line_class(number)
                    );
                    html.trusted(&line);
                    html.text(&series.name);
                });
            }
        });
    }

    /// The chart in words: what is drawn over what, and from where to where each line goes.
    fn description(&self) -> String {
        let mut text = format!("Line chart of {} over {}", self.y, self.x);
        for series in &self.series {
            let mut finite = series.points.iter().filter(|(_, y)| y.is_finite());
            if let Some(((_, first), (_, last))) =
                finite.next().map(|first| (first, finite.next_back().unwrap_or(first)))
            {
                text.push_str(&format!("; {} from {} to {}", series.name, ticks::label(*first), ticks::label(*last)));
            }
        }
        text
    }
}

/// The style sheet's classes of a line.
fn line_class(number: usize) -> String {
    let dash = if number >= COLOURS { " dashed" } else { "" };
    format!("stroke-{}{dash}", number % COLOURS + 1)
}

#[cfg(test)]
mod tests;
