//! Metrics as OpenMetrics text, which Prometheus and its textfile collector read.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::plain::visible;

/// One metric with its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub help: &'static str,
    /// The samples.
    pub samples: Vec<Sample>,
    /// What is told where two have the same labels as they are written: a series may stand once.
    pub twice: Twice,
}

/// What two samples with the same labels come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twice {
    /// Their sum.
    Sum,
    /// The smaller one.
    Least,
}

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Labels, in their order; one without a value is left out.
    pub labels: Vec<(&'static str, Option<String>)>,
    /// The value.
    pub value: f64,
}

/// The text of some families: gauges all, since each run tells what is now. A family without samples is left out.
pub fn open_metrics(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let name = family.name;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# TYPE {name} gauge");
        let _ = writeln!(text, "# HELP {name} {}", escaped(family.help));
        let (mut series, mut places): (Vec<(String, f64)>, HashMap<String, usize>) = Default::default();
        for sample in &family.samples {
            let labels = sample.written_labels();
            let place = *places.entry(labels.clone()).or_insert(series.len());
            match series.get_mut(place) {
                Some((_, value)) => *value = family.twice.of(*value, sample.value),
                None => series.push((labels, sample.value)),
            }
        }
        for (labels, value) in series {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    }
    text.push_str("# EOF\n");
    text
}

impl Twice {
    fn of(self, one: f64, other: f64) -> f64 {
        match self {
            Twice::Sum => one + other,
            Twice::Least => one.min(other),
        }
    }
}

impl Sample {
    /// The labels as they stand behind the name.
    fn written_labels(&self) -> String {
        let given = self.labels.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let labels: Vec<String> = given.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
    }
}

/// A text between quotes. The format knows three escapes; what else would act on a terminal, or on who reads the text
/// line by line, is written out as in tables.
fn escaped(text: &str) -> String {
    visible(text, &['\n']).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_empty_ones_left_out() {
        let sample = |domain: Option<&str>, value| Sample {
            labels: vec![("vendor", Some("tencent".to_owned())), ("domain", domain.map(str::to_owned))],
            value,
        };
        let families = [
            Family {
                name: "a_bytes",
                help: "Bytes.",
                samples: vec![sample(Some("直\"播\\\n"), 1.5), sample(None, 0.0)],
                twice: Twice::Sum,
            },
            Family { name: "b", help: "Nothing.", samples: vec![], twice: Twice::Sum },
        ];
        assert_eq!(
            open_metrics(&families),
            "# TYPE a_bytes gauge\n# HELP a_bytes Bytes.\na_bytes{vendor=\"tencent\",domain=\"直\\\"播\\\\\\n\"} 1.5\n\
             a_bytes{vendor=\"tencent\"} 0\n# EOF\n"
        );
    }

    #[test]
    fn what_acts_on_a_terminal_is_written_out() {
        let labels = vec![("domain", Some("a\u{1b}[2J\u{202e}\r\n\tb".to_owned()))];
        let samples = vec![Sample { labels, value: 1.0 }];
        let families = [Family { name: "a", help: "A.", samples, twice: Twice::Sum }];
        let text = open_metrics(&families);
        assert_eq!(text.lines().nth(2), Some(r#"a{domain="a\\u{1b}[2J\\u{202e}\\r\n\\tb"} 1"#));
    }

    #[test]
    fn a_series_stands_once_however_its_labels_came_to_be_the_same() {
        let sample = |domain: &str, value| Sample { labels: vec![("domain", Some(domain.to_owned()))], value };
        let samples = vec![sample("a\u{1b}b", 2.0), sample("c", 7.0), sample(r"a\u{1b}b", 3.0)];
        for (twice, told) in [(Twice::Sum, "5"), (Twice::Least, "2")] {
            let text = open_metrics(&[Family { name: "a", help: "A.", samples: samples.clone(), twice }]);
            let lines: Vec<&str> = text.lines().skip(2).collect();
            assert_eq!(lines, [format!(r#"a{{domain="a\\u{{1b}}b"}} {told}"#).as_str(), "a{domain=\"c\"} 7", "# EOF"]);
        }
    }
}
