//! Latency second by second: a small picture per transport, all with the same axes.

use super::axis::{Axis, Quantity};
use super::look::Look;
use super::marker;
use super::paper::{self, Drawing, Drawn, Paper, Point, Side};
use crate::format;
use crate::standing::{self, Standing};
use results::{Run, Second};
use std::collections::BTreeMap;

/// The small pictures, and how many seconds each step of them stands for.
pub(crate) struct OverTime {
    pub panels: Vec<Panel>,
    pub seconds_a_step: u32,
}

pub(crate) struct Panel {
    pub label: String,
    pub swatch: String,
    pub drawing: Drawing,
    /// The same in words.
    pub description: String,
}

/// One step of a transport in a round: the worst second of it.
#[derive(Clone, Copy)]
struct Step {
    p50_ns: u64,
    p99_ns: u64,
}

/// By round and step.
type Steps = BTreeMap<(u32, u32), Step>;

/// More would not be told apart.
const MOST_STEPS: u32 = 240;

const SIZE: (u32, u32) = (300, 170);
const FONT_SIZE: u32 = 16;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 294.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 142.0;
/// Between two rounds, in pixels.
const GAP: f64 = 6.0;

/// None when no second is on record.
pub(crate) fn of(run: &Run, standings: &[Standing]) -> Option<OverTime> {
    let seconds: Vec<&Second> = run.seconds.iter().filter(|second| second.mode == run.mode()).collect();
    let lengths = lengths(&seconds);
    let all: u32 = lengths.values().sum();
    let seconds_a_step = all.div_ceil(MOST_STEPS).max(1);
    let lanes: Vec<(&Standing, Steps)> = standing::without_controls(standings)
        .map(|standing| (standing, steps(&seconds, standing.label(), seconds_a_step)))
        .filter(|(_, steps)| !steps.is_empty())
        .collect();
    let values =
        lanes.iter().flat_map(|(_, steps)| steps.values()).flat_map(|step| [step.p50_ns, step.p99_ns]);
    let axis = Axis::over(Quantity::Time, values.map(|ns| ns as f64))?;
    let frame = Frame { axis, spans: spans(&lengths, seconds_a_step) };
    let panel = |(standing, steps): &(&Standing, Steps)| Panel {
        label: standing.name().to_owned(),
        swatch: marker::swatch(standing.look),
        drawing: paper::draw(SIZE, FONT_SIZE, |paper| frame.draw(paper, steps, standing.look)),
        description: describe(standing.label(), steps),
    };
    Some(OverTime { panels: lanes.iter().map(panel).collect(), seconds_a_step })
}

/// How many seconds each round has.
fn lengths(seconds: &[&Second]) -> BTreeMap<u32, u32> {
    let mut lengths = BTreeMap::new();
    for second in seconds {
        let length = lengths.entry(second.round).or_insert(0);
        *length = second.second.saturating_add(1).max(*length);
    }
    lengths
}

fn steps(seconds: &[&Second], label: &str, seconds_a_step: u32) -> Steps {
    let mut steps = Steps::new();
    for second in seconds.iter().filter(|second| second.label == label) {
        let (Some(p50_ns), Some(p99_ns)) = (second.p50_ns, second.p99_ns) else { continue };
        let step =
            steps.entry((second.round, second.second / seconds_a_step)).or_insert(Step { p50_ns, p99_ns });
        *step = Step { p50_ns: step.p50_ns.max(p50_ns), p99_ns: step.p99_ns.max(p99_ns) };
    }
    steps
}

/// Where a round lies: from here on, each step so wide.
struct Span {
    left: f64,
    steps: u32,
    step: f64,
}

fn spans(lengths: &BTreeMap<u32, u32>, seconds_a_step: u32) -> BTreeMap<u32, Span> {
    let steps = |length: u32| length.div_ceil(seconds_a_step);
    let all: u32 = lengths.values().map(|length| steps(*length)).sum();
    let gaps = GAP * lengths.len().saturating_sub(1) as f64;
    let step = (RIGHT - LEFT - gaps).max(20.0) / f64::from(all.max(1));
    let mut left = LEFT;
    let span = |(round, length): (&u32, &u32)| {
        let span = Span { left, steps: steps(*length), step };
        left += f64::from(span.steps) * step + GAP;
        (*round, span)
    };
    lengths.iter().map(span).collect()
}

struct Frame {
    axis: Axis,
    spans: BTreeMap<u32, Span>,
}

impl Frame {
    fn draw(&self, paper: &Paper, steps: &Steps, look: Look) -> Drawn {
        for tick in self.axis.ticks() {
            let y = self.y(tick.value);
            for span in self.spans.values() {
                paper.line([(span.left, y), (span.left + f64::from(span.steps) * span.step, y)], "grid")?;
            }
            paper.text(&tick.text, (LEFT - 6.0, y), Side::Left)?;
        }
        self.rounds(paper)?;
        for (round, span) in &self.spans {
            for piece in pieces(steps, *round, span.steps) {
                self.piece(paper, span, &piece, look)?;
            }
        }
        Ok(())
    }

    /// The numbers of the rounds, as many as there is room for.
    fn rounds(&self, paper: &Paper) -> Drawn {
        let width = (RIGHT - LEFT) / self.spans.len().max(1) as f64;
        let every = (24.0 / width).ceil().max(1.0) as usize;
        for (round, span) in self.spans.iter().step_by(every) {
            let middle = span.left + f64::from(span.steps) * span.step / 2.0;
            paper.text(&crate::tables::rounds::number(*round), (middle, BOTTOM + 16.0), Side::Middle)?;
        }
        Ok(())
    }

    /// Steps that follow each other: the band from the median to the 99th percentile, and both lines.
    fn piece(&self, paper: &Paper, span: &Span, piece: &[(u32, Step)], look: Look) -> Drawn {
        let colour = look.colour();
        // Each second is as wide as it is long, so that a single one can be seen.
        let line = |value: fn(&Step) -> u64| -> Vec<Point> {
            piece
                .iter()
                .flat_map(|(at, step)| {
                    let (left, y) = (span.left + f64::from(*at) * span.step, self.y(value(step) as f64));
                    [(left, y), (left + span.step, y)]
                })
                .collect()
        };
        let (lower, upper) = (line(|step| step.p50_ns), line(|step| step.p99_ns));
        paper.area(lower.iter().chain(upper.iter().rev()).copied(), &format!("band {colour}"))?;
        paper.line(upper, &format!("thin {colour}"))?;
        paper.line(lower, &format!("line {colour}"))
    }

    fn y(&self, ns: f64) -> f64 {
        BOTTOM - self.axis.place(ns).clamp(0.0, 1.0) * (BOTTOM - TOP)
    }
}

/// A round's steps without those in which nothing arrived, cut where there are such.
fn pieces(steps: &Steps, round: u32, count: u32) -> Vec<Vec<(u32, Step)>> {
    let mut pieces: Vec<Vec<(u32, Step)>> = vec![Vec::new()];
    for at in 0..count {
        match (steps.get(&(round, at)), pieces.last_mut()) {
            (Some(step), Some(piece)) => piece.push((at, *step)),
            (None, Some(piece)) if !piece.is_empty() => pieces.push(Vec::new()),
            _ => {}
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn describe(label: &str, steps: &Steps) -> String {
    let ends = |value: fn(&Step) -> u64| {
        let values = || steps.values().map(value);
        let [low, high] = [values().min(), values().max()].map(|ns| format::duration(ns.unwrap_or(0)));
        format!("{low} to {high}")
    };
    format!(
        "{label}, second by second: medians from {}, 99th percentiles from {}.",
        ends(|step| step.p50_ns),
        ends(|step| step.p99_ns)
    )
}
