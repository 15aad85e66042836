use super::*;

fn svg(chart: &Chart) -> String {
    let mut html = Html::default();
    chart.render(&mut html).unwrap();
    html.into_string()
}

#[test]
fn every_series_is_drawn_twice_in_its_own_class() {
    let chart = (0..6).fold(Chart::new("Loss", "step", "loss"), |chart, number| {
        chart.series(format!("line {number}"), (0..50).map(|x| (f64::from(x), f64::from(x * number))))
    });
    let svg = svg(&chart);
    for class in ["stroke-1", "stroke-2", "stroke-3", "stroke-4", "stroke-1 dashed", "stroke-2 dashed"] {
        // Once in the legend, once in each drawing.
        assert_eq!(svg.matches(&format!("class=\"{class}\"")).count(), 3, "{class}");
    }
    assert!(!svg.contains("\"#"), "no fixed colours are left: {svg}");
    assert!(svg.contains("line 5 from 0 to 245"), "the chart is put into words");
}

#[test]
fn gaps_stay_gaps_and_lone_points_are_dots() {
    let points = [(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 4.0), (4.0, f64::INFINITY), (5.0, 1.0), (6.0, 2.0)];
    let svg = svg(&Chart::new("Gaps", "x", "y").series("a", points));
    let narrow = &svg[svg.find("\"narrow\"").unwrap()..];
    assert_eq!(narrow.matches("class=\"stroke-1\"").count(), 2, "two lines");
    assert_eq!(narrow.matches("class=\"fill-1\"").count(), 1, "one dot");
}

#[test]
fn a_logarithmic_axis_has_powers_of_ten_and_no_room_for_zero() {
    let points = (0..100).map(|x| (f64::from(x), 10f64.powi(x % 5 - 3)));
    let chart =
        Chart::new("Loss", "step", "loss").logarithmic().series("a", points.chain([(100.0, 0.0), (101.0, -1.0)]));
    let svg = svg(&chart);
    for label in [">\n0.001\n", ">\n0.01\n", ">\n0.1\n", ">\n1\n", ">\n10\n"] {
        assert_eq!(svg.matches(label).count(), 2, "{label:?} in {svg}");
    }
}

#[test]
fn hostile_and_empty_charts_are_harmless() {
    let nothing = svg(&Chart::new("Empty", "x", "y").series("a", [(f64::NAN, 1.0), (1.0, f64::NAN)]));
    assert!(nothing.contains("nothing to draw yet"), "{nothing}");
    let names = svg(&Chart::new("<b>", "<i>", "\"#020000\" <u>").series("<script>", [(0.0, 1.0)]).series("b", []));
    assert!(!names.contains("<b>") && !names.contains("<i>") && !names.contains("<u>") && !names.contains("<script>"));
    for (low, high) in [(5.0, 5.0), (0.0, 0.0), (-1e300, 1e300), (1e-320, 2e-320), (f64::MIN, f64::MAX)] {
        svg(&Chart::new("Extremes", "x", "y").series("a", [(0.0, low), (1.0, high)]));
        svg(&Chart::new("Extremes", "x", "y").logarithmic().series("a", [(low, low), (high, high)]));
    }
}

#[test]
fn a_long_series_stays_small() {
    let points = (0..1_000_000).map(|x| (f64::from(x), (f64::from(x) * 0.37).sin()));
    let svg = svg(&Chart::new("Long", "x", "y").series("a", points));
    assert!(svg.len() < 150_000, "{} bytes", svg.len());
}

#[test]
fn a_smoothed_line_lies_over_a_faint_one() {
    let points = (0..1_000).map(|x| (f64::from(x), f64::from(x % 7)));
    let svg = svg(&Chart::new("Loss", "step", "loss")
        .smoothed()
        .series("a", points)
        .series("short", [(0.0, 1.0), (9.0, 2.0)]));
    for (class, count) in [("stroke-1 faint", 2), ("stroke-1", 3), ("stroke-2", 3), ("stroke-2 faint", 0)] {
        assert_eq!(svg.matches(&format!("class=\"{class}\"")).count(), count, "{class}");
    }
}
