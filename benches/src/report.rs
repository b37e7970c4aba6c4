//! The table, the ratios against the goals, the CSV and the picture.

use crate::measure::Case;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What is wanted: an engine of ours on a workload against another, at least so
/// many times as fast.
struct Goal {
    ours: (&'static str, &'static str),
    other: (&'static str, &'static str),
    times: f64,
}

const fn goal(
    ours: (&'static str, &'static str),
    other: (&'static str, &'static str),
    times: f64,
) -> Goal {
    Goal { ours, other, times }
}

const GOALS: &[Goal] = &[
    goal(("huoyan", "documents"), ("hyperscan raw", "documents"), 1.0),
    goal(("huoyan", "documents"), ("matcher_rs normalised", "documents"), 30.0),
    goal(("huoyan", "documents"), ("aho-corasick dfa raw", "documents"), 3.0),
    goal(("huoyan", "messages"), ("hyperscan raw", "messages"), 1.0),
    goal(("huoyan", "messages"), ("matcher_rs normalised", "messages"), 20.0),
    goal(("huoyan", "talk"), ("huoyan", "messages"), 0.3),
    goal(("huoyan", "ads"), ("huoyan", "messages"), 0.3),
    goal(("huoyan", "real talk"), ("huoyan", "messages"), 0.3),
    goal(("huoyan", "real ads"), ("huoyan", "messages"), 0.3),
    goal(("huoyan", "english"), ("huoyan", "documents"), 1.0),
    goal(("huoyan", "mixed"), ("huoyan", "documents"), 1.0),
    goal(("huoyan", "1000 words"), ("hyperscan raw", "1000 words"), 0.7),
    goal(("huoyan", "1000 words"), ("matcher_rs normalised", "1000 words"), 10.0),
    goal(("huoyan", "10000 words"), ("hyperscan raw", "10000 words"), 0.7),
    goal(("huoyan", "10000 words"), ("matcher_rs normalised", "10000 words"), 10.0),
];

pub(crate) fn table(cases: &[Case<'_>]) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<13} {:<24} {:>9} {:>9} {:>11} {:>12}",
        "workload", "engine", "MB/s", "best", "ns a call", "counted"
    );
    for case in cases {
        let counted = case.counted.unwrap_or(0);
        let (rate, best, call) = (case.rate(), case.best_rate(), case.nanoseconds());
        let _ = writeln!(
            out,
            "{:<13} {:<24} {rate:>9.0} {best:>9.0} {call:>11.0} {counted:>12}",
            case.workload, case.engine
        );
    }
    out
}

pub(crate) fn goals(cases: &[Case<'_>]) -> String {
    let rate = |(engine, workload): (&str, &str)| {
        let found = cases.iter().find(|c| c.engine == engine && c.workload == workload);
        found.map(Case::rate)
    };
    let mut out = String::from("ratio against the goal\n");
    for goal in GOALS {
        let what = format!(
            "{} on {} / {} on {}",
            goal.ours.0, goal.ours.1, goal.other.0, goal.other.1
        );
        let _ = match (rate(goal.ours), rate(goal.other)) {
            (Some(ours), Some(other)) => {
                let ratio = ours / other;
                let met = if ratio >= goal.times { "met" } else { "NOT MET" };
                writeln!(out, "{what:<70} {ratio:>7.2}  goal {:>5.1}  {met}", goal.times)
            }
            _ => writeln!(out, "{what:<70} not measured"),
        };
    }
    out
}

pub(crate) fn write(
    folder: &Path,
    date: &str,
    cases: &[Case<'_>],
) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut csv = String::from(
        "workload,engine,bytes,calls,mb_per_s_median,mb_per_s_best,ns_per_call,counted\n",
    );
    for case in cases {
        let _ = writeln!(
            csv,
            "{},{},{},{},{:.1},{:.1},{:.1},{}",
            case.workload,
            case.engine,
            case.bytes,
            case.calls,
            case.rate(),
            case.best_rate(),
            case.nanoseconds(),
            case.counted.unwrap_or(0)
        );
    }
    fs::write(folder.join(format!("{date}.csv")), csv)?;
    fs::write(folder.join("speed.svg"), picture(cases))
}

/// Bars for documents and messages, on a scale of powers of ten.
fn picture(cases: &[Case<'_>]) -> String {
    let shown: Vec<&Case<'_>> = cases
        .iter()
        .filter(|case| ["documents", "messages"].contains(&case.workload))
        .filter(|case| !case.engine.starts_with("limit"))
        .collect();
    let (row, left, width) = (20, 260, 420.0);
    let height = row * (shown.len() as i32 + 3);
    let place = |rate: f64| (rate.max(1.0).log10() / 4.0 * width).max(1.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"780\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (power, label) in [(0, "1 MB/s"), (1, "10"), (2, "100"), (3, "1 GB/s"), (4, "10")]
    {
        let x = f64::from(left) + f64::from(power) / 4.0 * width;
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"22\" x2=\"{x}\" y2=\"{height}\" stroke=\"#ddd\"/>\
             <text x=\"{x}\" y=\"16\" text-anchor=\"middle\" fill=\"#555\">{label}</text>"
        );
    }
    for (number, case) in (0..).zip(&shown) {
        let y = row * (number + 2);
        let fill = if case.engine.starts_with("huoyan") { "#c0392b" } else { "#7f8c8d" };
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}: {}</text>\
             <rect x=\"{left}\" y=\"{}\" width=\"{:.1}\" height=\"14\" fill=\"{fill}\"/>\
             <text x=\"{:.1}\" y=\"{}\">{:.0}</text>",
            left - 8,
            y + 3,
            case.workload,
            case.engine,
            y - 8,
            place(case.rate()),
            f64::from(left) + place(case.rate()) + 4.0,
            y + 3,
            case.rate()
        );
    }
    svg.push_str("</svg>\n");
    svg
}
