//! From points to SVG.

use super::axis::Axis;
use super::line_class;
use super::thin::{running_mean, thin};
use plotters::prelude::*;

type DrawingError = DrawingAreaErrorKind<std::io::Error>;

/// A drawing for one kind of screen. Sizes are in units of half a pixel, because plotters places points on whole units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) class: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    x_ticks: usize,
    y_ticks: usize,
}

impl Shape {
    /// For screens wider than 640 pixels.
    pub(super) const WIDE: Self = Self { class: "wide", width: 1_760, height: 680, x_ticks: 8, y_ticks: 6 };
    /// For phones and cards.
    pub(super) const NARROW: Self = Self { class: "narrow", width: 720, height: 520, x_ticks: 4, y_ticks: 5 };
}

/// Height of letters: 13 pixels, in half pixels, times the factor by which plotters makes them smaller.
const LETTERS: f64 = 2.0 * 13.0 * 1.24;

// Stand-ins that no one sees: each becomes a class of the style sheet.
const GRID: RGBColor = RGBColor(1, 0, 0);
const AXIS: RGBColor = RGBColor(1, 0, 1);
const INK: RGBColor = RGBColor(1, 0, 2);

/// From here on stand-ins are for the faint lines under running means.
const FAINT: usize = 1 << 15;
/// Points from which on a line may be smoothed.
const RESTLESS: usize = 100;

/// Radius of a point that stands alone: the best of a line, say, which is to be found at a glance.
const DOT: i32 = 10;

fn stand_in(series: usize) -> RGBColor {
    RGBColor(2, (series / 256) as u8, (series % 256) as u8)
}

/// Lines in the axes' own measure.
pub(super) struct Drawing<'a> {
    lines: Vec<Vec<(f64, f64)>>,
    smoothed: bool,
    names: [&'a str; 2],
    x: Axis,
    y: Axis,
}

impl<'a> Drawing<'a> {
    /// `None` where no point has a finite height. Lines are in order of x; NaN heights are gaps.
    pub(super) fn new(
        lines: Vec<Vec<(f64, f64)>>,
        logarithmic: bool,
        smoothed: bool,
        names: [&'a str; 2],
    ) -> Option<Self> {
        let finite = || lines.iter().flatten().filter(|point| point.1.is_finite());
        let x = Axis::around(finite().map(|point| point.0), 0.0, false)?;
        let y = Axis::around(finite().map(|point| point.1), 0.04, logarithmic)?;
        Some(Self { lines, smoothed, names, x, y })
    }

    /// The inside of an `svg` element.
    pub(super) fn draw(&self, shape: Shape) -> Result<String, String> {
        let mut svg = String::new();
        self.draw_into(&mut svg, shape).map_err(|error| error.to_string())?;
        Ok(self.dress(&svg))
    }

    fn draw_into(&self, svg: &mut String, shape: Shape) -> Result<(), DrawingError> {
        let area = SVGBackend::with_string(svg, (shape.width, shape.height)).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin_top(16)
            .margin_right(40)
            .x_label_area_size(92)
            .y_label_area_size(140)
            .build_cartesian_2d(self.x.ticked(shape.x_ticks), self.y.ticked(shape.y_ticks))?;
        let letters = || ("sans-serif", LETTERS).into_font().color(&INK);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID.stroke_width(2))
            .light_line_style(TRANSPARENT)
            .axis_style(AXIS.stroke_width(2))
            .label_style(letters())
            .axis_desc_style(letters())
            .x_desc(self.names[0])
            .y_desc(self.names[1])
            .draw()?;
        for (number, line) in self.lines.iter().enumerate() {
            for piece in line.split(|point| point.1.is_nan()) {
                self.draw_piece(chart.plotting_area(), piece, number, shape)?;
            }
        }
        area.present()
    }

    /// Draws a piece of a line that has no gaps.
    fn draw_piece(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Cartesian2d<Axis, Axis>>,
        piece: &[(f64, f64)],
        number: usize,
        shape: Shape,
    ) -> Result<(), DrawingError> {
        let style = stand_in(number).stroke_width(4);
        // As wide as a line: what lies nearer together cannot be told apart.
        let columns = shape.width as usize / 4;
        match piece {
            [] => Ok(()),
            [point] => area.draw(&Circle::new(*point, DOT, style.filled())),
            _ if self.smoothed && piece.len() >= RESTLESS => {
                let faint = stand_in(number + FAINT).stroke_width(3);
                area.draw(&PathElement::new(thin(piece, columns), faint))?;
                area.draw(&PathElement::new(thin(&running_mean(piece), columns), style))
            }
            _ => area.draw(&PathElement::new(thin(piece, columns), style)),
        }
    }

    /// Takes the drawing out of its own `svg` element and turns stand-in colours into classes.
    ///
    /// Text cannot be mistaken for a colour: its quotation marks are escaped.
    fn dress(&self, svg: &str) -> String {
        let inside = svg.split_once('>').map_or("", |(_, inside)| inside);
        let inside = inside.trim_end().trim_end_matches("</svg>").to_owned();
        let fixed = [(GRID, "grid".to_owned()), (AXIS, "axis".to_owned()), (INK, "letters".to_owned())];
        let lines = (0..self.lines.len()).flat_map(|number| {
            let class = line_class(number);
            [(stand_in(number + FAINT), format!("{class} faint")), (stand_in(number), class)]
        });
        let dressed = fixed.into_iter().chain(lines).fold(inside, |svg, (colour, class)| {
            let (stroke, fill) = (format!("stroke=\"{}\"", hex(colour)), format!("fill=\"{}\"", hex(colour)));
            let dot = class.replace("stroke", "fill");
            svg.replace(&stroke, &format!("class=\"{class}\"")).replace(&fill, &format!("class=\"{dot}\""))
        });
        dressed.replace(" opacity=\"1\"", "")
    }
}

fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
