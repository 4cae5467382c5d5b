//! Small charts with logarithmic axes, as SVG that can be read on light and on dark ground.

use std::fmt::Write as _;

use crate::limits::{grouped, shown};

/// Lines over the same axes.
pub struct Chart {
    /// What stands above it.
    pub title: String,
    /// What the horizontal axis counts.
    pub across: String,
    /// Its lines.
    pub lines: Vec<Curve>,
}

/// One line.
pub struct Curve {
    /// What it is of.
    pub name: String,
    /// Points, both parts above 0.
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 430.0;
const HEIGHT: f64 = 250.0;
/// Room for titles and numbers around the lines: left, top, right, bottom.
const MARGIN: (f64, f64, f64, f64) = (62.0, 46.0, 30.0, 42.0);
const COLORS: [&str; 3] = ["#2f81f7", "#d9822b", "#3a9d5d"];

const STYLE: &str = "text { font: 11px sans-serif; fill: #57606a } .title { font-size: 13px; fill: #24292f } \
    .grid { stroke: #8b949e; stroke-opacity: .3 } \
    @media (prefers-color-scheme: dark) { text { fill: #9da7b3 } .title { fill: #e6edf3 } }";

/// The charts, two beside each other.
pub fn svg(charts: &[Chart]) -> String {
    let rows = u32::try_from(charts.len().div_ceil(2)).unwrap_or_default();
    let (width, height) = (WIDTH * 2.0, HEIGHT * f64::from(rows));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <style>{STYLE}</style>\n"
    );
    for (index, chart) in (0_u32..).zip(charts) {
        let (left, top) = (f64::from(index % 2) * WIDTH, f64::from(index / 2) * HEIGHT);
        let _ = writeln!(text, "<g transform=\"translate({left} {top})\">\n{}</g>", one(chart));
    }
    text.push_str("</svg>\n");
    text
}

fn one(chart: &Chart) -> String {
    let all = || chart.lines.iter().flat_map(|curve| &curve.points);
    let (across, up) = (decades(all().map(|point| point.0)), decades(all().map(|point| point.1)));
    let (left, top, right, bottom) = MARGIN;
    let x = |value: f64| left + (WIDTH - left - right) * across.part(value);
    let y = |value: f64| HEIGHT - bottom - (HEIGHT - top - bottom) * up.part(value);
    let mut text = String::new();
    let _ = writeln!(text, "<text class=\"title\" x=\"{left}\" y=\"16\">{}</text>", chart.title);
    for value in up.values() {
        let (at, end) = (y(value), WIDTH - right);
        let _ = writeln!(text, "<line class=\"grid\" x1=\"{left}\" x2=\"{end}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>");
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            at + 4.0,
            number(value)
        );
    }
    for value in across.values() {
        let place = format!("x=\"{:.1}\" y=\"{}\"", x(value), HEIGHT - bottom + 16.0);
        let _ = writeln!(text, "<text {place} text-anchor=\"middle\">{}</text>", number(value));
    }
    let middle = left + (WIDTH - left - right) / 2.0;
    let _ =
        writeln!(text, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>", HEIGHT - 8.0, chart.across);
    let mut legend = left;
    for (curve, color) in chart.lines.iter().zip(COLORS) {
        let points: Vec<String> =
            curve.points.iter().map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1))).collect();
        let points = points.join(" ");
        let _ = writeln!(text, "<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" points=\"{points}\"/>");
        for point in &curve.points {
            let (cx, cy) = (x(point.0), y(point.1));
            let told = format!("{}: {} at {}", curve.name, shown(point.1), number(point.0));
            let _ = writeln!(
                text,
                "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3\" fill=\"{color}\"><title>{told}</title></circle>"
            );
        }
        let _ = writeln!(text, "<circle cx=\"{}\" cy=\"30\" r=\"4\" fill=\"{color}\"/>", legend + 4.0);
        let _ = writeln!(text, "<text x=\"{}\" y=\"34\">{}</text>", legend + 12.0, curve.name);
        let letters = u32::try_from(curve.name.chars().count()).unwrap_or_default();
        legend += 30.0 + 6.0 * f64::from(letters);
    }
    text
}

/// The powers of ten that an axis spans, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Decades {
    first: f64,
    last: f64,
}

fn decades(values: impl Iterator<Item = f64>) -> Decades {
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| *value > 0.0) {
        (least, most) = (least.min(value.log10()), most.max(value.log10()));
    }
    let first = if least.is_finite() { least.floor() } else { 0.0 };
    Decades { first, last: most.ceil().max(first + 1.0) }
}

impl Decades {
    /// Where a value stands, from 0 to 1.
    fn part(self, value: f64) -> f64 {
        ((value.log10() - self.first) / (self.last - self.first)).clamp(0.0, 1.0)
    }

    fn values(self) -> impl Iterator<Item = f64> {
        let steps = std::iter::successors(Some(self.first), move |power| Some(power + 1.0));
        steps.take_while(move |power| *power <= self.last).map(|power| 10_f64.powf(power))
    }
}

/// A power of ten, or a number, as an axis tells it.
fn number(value: f64) -> String {
    match value {
        value if value >= 1.0 => grouped(value),
        value => format!("{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_spans_whole_decades() {
        let decades = decades([3.0, 250.0].into_iter());
        assert_eq!(decades, Decades { first: 0.0, last: 3.0 });
        assert_eq!(decades.values().collect::<Vec<_>>(), [1.0, 10.0, 100.0, 1000.0]);
        assert!((decades.part(10.0) - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_keeps_inside_its_chart() {
        let lines = vec![Curve { name: "a".into(), points: vec![(1.0, 1.0), (1e5, 1e5)] }];
        let text = svg(&[Chart { title: "t".into(), across: "rows".into(), lines }]);
        assert!(text.starts_with("<svg") && text.ends_with("</svg>\n"), "{text}");
        assert!(text.contains("points=\"62.0,208.0 400.0,46.0\""), "{text}");
    }
}
