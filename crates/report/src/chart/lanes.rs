//! A lane per transport along one common axis: bars, ranges and dots, with their figures in words.
//!
//! Places are shares of the width, so that a lane is as wide as there is room while its text, which is no
//! part of the picture, keeps its size.

use super::axis::{Axis, Tick};
use super::look::Look;
use super::marker;
use crate::table::Cell;
use std::fmt::Write;

/// A chart of lanes, ready to print.
pub(crate) struct Lanes {
    pub title: String,
    /// How it is read, in a sentence.
    pub reading: String,
    pub lanes: Vec<Lane>,
    /// Of each lane, in pixels.
    pub height: u32,
    pub ticks: Vec<Label>,
    /// What the axis is, such as "logarithmic".
    pub scale: &'static str,
    /// What is drawn besides the transports' own marks: its swatch, and what it means.
    pub legend: Vec<(String, &'static str)>,
    /// Why some figures are grey, each reason once.
    pub notes: Vec<String>,
}

/// One transport.
pub(crate) struct Lane {
    pub label: String,
    pub swatch: String,
    /// Its colour, as a class.
    colour: String,
    /// What is between `<svg>` and `</svg>`.
    pub drawing: String,
    /// The figures in words.
    pub cell: Cell,
}

/// A text at a place along the axis.
pub(crate) struct Label {
    /// In percent.
    pub at: String,
    /// Which side of the place it lies on, as `text-anchor` says it.
    pub anchor: &'static str,
    pub text: String,
}

/// One transport's figures.
pub(crate) struct Entry {
    pub label: String,
    pub look: Look,
    pub marks: Vec<Mark>,
    pub cell: Cell,
}

/// Something at a value, or from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mark {
    /// From nothing.
    Bar(f64),
    /// A bar that goes on from another.
    More(f64, f64),
    /// From the lower to the higher one.
    Range(f64, f64),
    /// How well a dot is known.
    Interval(f64, f64),
    Dot(f64),
    Hollow(f64),
    /// What the model says.
    Model(f64),
}

/// Many things of one kind along a lane.
pub(crate) enum Strip {
    /// A stroke each where something arrived.
    Came(Vec<f64>),
    /// A faint stroke each where it was due.
    Due(Vec<f64>),
    /// From one value to another, where something plays.
    Heard(Vec<(f64, f64)>),
    /// A curve with what is under it: values, and at each which part of the lane's height.
    Under(Vec<(f64, f64)>),
}

/// Of a lane in which something lies at a place.
const FLAT: u32 = 16;
/// Of a lane in which something rises and falls.
const TALL: u32 = 40;

impl Lanes {
    /// Draws strips into the lanes, in their order.
    pub fn add(&mut self, strips: impl Iterator<Item = Vec<Strip>>, axis: &Axis) {
        for (lane, strips) in self.lanes.iter_mut().zip(strips) {
            for strip in strips {
                lane.strip(&strip, axis);
            }
        }
    }

    /// The same, in lanes that have height enough for curves.
    pub fn add_tall(&mut self, strips: impl Iterator<Item = Vec<Strip>>, axis: &Axis) {
        self.height = TALL;
        self.add(strips, axis);
    }
}

impl Lane {
    fn strip(&mut self, strip: &Strip, axis: &Axis) {
        match strip {
            Strip::Came(values) => strokes(&mut self.drawing, values, axis, (&self.colour, "1", "10")),
            Strip::Due(values) => strokes(&mut self.drawing, values, axis, ("due", "11", "15")),
            Strip::Heard(stretches) => {
                for (from, to) in stretches {
                    let class = format!("bar {}", self.colour);
                    block(&mut self.drawing, axis.place(*from), axis.place(*to), &class, ("18%", "64%"));
                }
            }
            Strip::Under(points) => curve(&mut self.drawing, points, axis, &self.colour),
        }
    }
}

/// A curve over the whole lane, and what is under it.
fn curve(svg: &mut String, points: &[(f64, f64)], axis: &Axis, colour: &str) {
    let mut line = String::new();
    let place = |value: f64| axis.place(value).clamp(0.0, 1.0) * 1000.0;
    for (value, height) in points {
        let sign = if line.is_empty() { 'M' } else { 'L' };
        let _ = write!(line, "{sign}{:.1} {:.1}", place(*value), 100.0 - height.clamp(0.0, 1.0) * 100.0);
    }
    let Some((first, _)) = points.first() else { return };
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\"><path class=\"under {colour}\" \
         d=\"{line}V100H{:.1}Z\"/><path class=\"stroke {colour}\" vector-effect=\"non-scaling-stroke\" d=\"{line}\"/></svg>",
        place(*first)
    );
}

/// One path for all strokes, in a picture that is stretched to the lane's width while strokes keep theirs.
fn strokes(svg: &mut String, values: &[f64], axis: &Axis, (class, top, bottom): (&str, &str, &str)) {
    let mut path = String::new();
    for value in values {
        let _ = write!(path, "M{:.1} {top}V{bottom}", axis.place(*value) * 1000.0);
    }
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" width=\"100%\" height=\"16\"><path class=\"stroke {class}\" \
         vector-effect=\"non-scaling-stroke\" d=\"{path}\"/></svg>"
    );
}

/// What lies behind all lanes alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Backdrop {
    Nothing,
    /// What the floor comes to.
    Floor(f64),
    /// Values from one to another make no difference that matters.
    Margin(f64, f64),
    /// From this value on, a difference from nothing matters.
    Matters(f64),
}

/// All values that have to find room.
pub(crate) fn values(entries: &[Entry]) -> impl Iterator<Item = f64> {
    entries.iter().flat_map(|entry| &entry.marks).flat_map(|mark| match *mark {
        Mark::Bar(value) | Mark::Dot(value) | Mark::Hollow(value) | Mark::Model(value) => [value, value],
        Mark::More(from, to) | Mark::Range(from, to) | Mark::Interval(from, to) => [from, to],
    })
}

/// Draws them along an axis.
pub(crate) fn lanes(
    title: impl Into<String>,
    reading: String,
    axis: &Axis,
    backdrop: Backdrop,
    entries: Vec<Entry>,
) -> Lanes {
    let mut notes: Vec<String> = Vec::new();
    for why in entries.iter().filter_map(|entry| entry.cell.why()) {
        if !notes.iter().any(|known| known == why) {
            notes.push(why.to_owned());
        }
    }
    let ticks = axis.ticks();
    let legend = legend(&entries, backdrop);
    let label = |tick: &Tick| Label {
        at: format!("{:.2}", tick.at * 100.0),
        anchor: anchor(tick.at),
        text: tick.text.clone(),
    };
    Lanes {
        title: title.into(),
        reading,
        ticks: apart(ticks).iter().map(label).collect(),
        scale: axis.scale(),
        height: FLAT,
        lanes: entries.into_iter().map(|entry| lane(entry, axis, backdrop)).collect(),
        legend,
        notes,
    }
}

/// The ticks whose names have room beside each other on a phone. One stays where it stands at all.
fn apart(ticks: Vec<Tick>) -> Vec<Tick> {
    /// Of the width; names at the ends lie on one side of their place, and so reach twice as far.
    const ROOM: f64 = 0.2;
    const ROOM_AT_ENDS: f64 = 0.27;
    /// What a letter takes of the width of a narrow phone.
    const LETTER: f64 = 0.0245;
    let width = |tick: &Tick| tick.text.chars().count() as f64 * LETTER;
    let mut kept: Vec<Tick> = Vec::new();
    for tick in ticks {
        let room = |last: &Tick| {
            let after = width(last) * if anchor(last.at) == "start" { 1.0 } else { 0.5 };
            let before = width(&tick) * if anchor(tick.at) == "end" { 1.0 } else { 0.5 };
            let is_end = anchor(tick.at) == "end" || anchor(last.at) == "start";
            (if is_end { ROOM_AT_ENDS } else { ROOM }).max(after + before)
        };
        if kept.last().is_none_or(|last| tick.at - last.at >= room(last)) {
            kept.push(tick);
        }
    }
    kept
}

/// Which side of its place a name lies on.
fn anchor(at: f64) -> &'static str {
    match at {
        at if at < 0.04 => "start",
        at if at > 0.92 => "end",
        _ => "middle",
    }
}

fn lane(entry: Entry, axis: &Axis, backdrop: Backdrop) -> Lane {
    let mut drawing = String::new();
    for tick in axis.ticks() {
        upright(&mut drawing, tick.at, "grid");
    }
    match backdrop {
        Backdrop::Nothing => {}
        Backdrop::Floor(value) => upright(&mut drawing, axis.place(value), "line aside"),
        Backdrop::Matters(value) if axis.place(value) > 1.0 => {}
        Backdrop::Matters(value) => upright(&mut drawing, axis.place(value), "limit"),
        Backdrop::Margin(from, to) => {
            block(&mut drawing, axis.place(from), axis.place(to), "margin", ("0", "100%"));
            upright(&mut drawing, axis.place(1.0), "same");
        }
    }
    for mark in &entry.marks {
        draw(&mut drawing, *mark, axis, entry.look);
    }
    let colour = entry.look.colour();
    Lane { label: entry.label, swatch: marker::swatch(entry.look), colour, drawing, cell: entry.cell }
}

fn draw(svg: &mut String, mark: Mark, axis: &Axis, look: Look) {
    let colour = look.colour();
    const THICK: (&str, &str) = ("18%", "64%");
    match mark {
        Mark::Bar(value) => block(svg, 0.0, axis.place(value), &format!("bar {colour}"), THICK),
        Mark::More(from, to) => {
            block(svg, axis.place(from), axis.place(to), &format!("bar more {colour}"), THICK);
        }
        Mark::Range(from, to) => {
            block(svg, axis.place(from), axis.place(to), &format!("range {colour}"), ("36%", "28%"));
        }
        Mark::Interval(from, to) => {
            let [from, to] = [from, to].map(|value| axis.place(value) * 100.0);
            let _ = write!(
                svg,
                "<line class=\"whisker {colour}\" x1=\"{from:.2}%\" x2=\"{to:.2}%\" y1=\"50%\" y2=\"50%\"/>"
            );
        }
        Mark::Dot(value) => *svg += &marker::at_share(look, &format!("mark {colour}"), axis.place(value)),
        Mark::Hollow(value) => {
            *svg += &marker::at_share(look, &format!("hollow {colour}"), axis.place(value))
        }
        Mark::Model(value) if axis.shows(value) => upright(svg, axis.place(value), "model"),
        Mark::Model(_) => {}
    }
}

fn upright(svg: &mut String, at: f64, class: &str) {
    let x = at * 100.0;
    let _ = write!(svg, "<line class=\"{class}\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"0\" y2=\"100%\"/>");
}

fn block(svg: &mut String, from: f64, to: f64, class: &str, (top, height): (&str, &str)) {
    let (from, to) = (from.clamp(0.0, 1.0), to.clamp(0.0, 1.0));
    // A hair, so that something can be seen of what is almost nothing.
    let width = ((to - from) * 100.0).max(0.3);
    let _ = write!(
        svg,
        "<rect class=\"{class}\" x=\"{:.2}%\" width=\"{width:.2}%\" y=\"{top}\" height=\"{height}\"/>",
        from * 100.0
    );
}

fn legend(entries: &[Entry], backdrop: Backdrop) -> Vec<(String, &'static str)> {
    let line = |class: &str| format!("<path class=\"{class}\" d=\"M16 0V14\"/>");
    let has_models = entries.iter().flat_map(|entry| &entry.marks).any(|mark| matches!(mark, Mark::Model(_)));
    let model = has_models.then(|| (line("model"), "what the model says"));
    let behind = match backdrop {
        Backdrop::Nothing => None,
        Backdrop::Floor(_) => Some((line("line aside"), "raw TCP, the baseline")),
        Backdrop::Matters(_) => Some((line("limit"), "a difference of this size matters")),
        Backdrop::Margin(..) => {
            let band = "<rect class=\"margin\" x=\"2\" width=\"28\" y=\"0\" height=\"14\"/>".to_owned();
            Some((band, "a difference that does not matter"))
        }
    };
    model.into_iter().chain(behind).collect()
}
