//! Reads `[reply]` and `[exchange]`: questions and what is answered.

use crate::parse::quote::{describe, quote};
use crate::parse::section::{self, Absent, Found, Section};
use crate::parse::{running, topics};
use crate::{ChunkSize, Count, ReplyWork, Schedule, Span, limits};
use std::time::Duration;
use toml_span::value::ValueInner;

const REPLY_KEYS: &[&str] = &[
    "every",
    "poisson",
    "question",
    "think",
    "chunks",
    "every_chunk",
    "body",
    "interrupted",
    "binary",
    "sound",
    "start_buffer",
];
const EXCHANGE_KEYS: &[&str] = &["every", "poisson", "question", "work", "answer"];

/// None where it could not be read, and none in it where there is none.
pub(super) fn read(file: &mut Section<'_, '_>) -> Option<Option<Found<ReplyWork>>> {
    match (file.has("reply"), file.has("exchange")) {
        (false, false) => Some(None),
        (true, false) => {
            let section = file.table("reply", "reply.", REPLY_KEYS)?;
            let at = section.at;
            reply(section).map(|value| Some(Found { value, at }))
        }
        (false, true) => {
            let section = file.table("exchange", "exchange.", EXCHANGE_KEYS)?;
            let at = section.at;
            exchange(section).map(|value| Some(Found { value, at }))
        }
        (true, true) => {
            file.mistakes.add(file.at, "found both [reply] and [exchange], needed is one of them");
            None
        }
    }
}

fn reply(mut section: Section<'_, '_>) -> Option<ReplyWork> {
    let schedule = schedule(&mut section);
    let question = topics::body(&mut section, "question", ("reply.question.", "reply.question.log_normal."));
    let think = section.read("think", Absent::Needs("think = \"400ms\""), span);
    let chunks = section.read("chunks", Absent::Needs("chunks = 150"), count);
    let every = section.duration("every_chunk", &limits::THINK, Absent::Needs("every_chunk = \"20ms\""));
    let body = chunk_size(&mut section);
    let interrupted = section.read("interrupted", Absent::Is(0.0), running::margin);
    let binary = section.flag("binary", false);
    let sound =
        section.read("sound", Absent::Is(None), |value| section::duration(value, &limits::PERIOD).map(Some));
    let one_chunk = sound.and_then(|sound| sound.value).unwrap_or_default();
    let start_buffer = section.duration("start_buffer", &limits::THINK, Absent::Is(one_chunk));
    let (think, chunks, every) = (think?, chunks?, every?);
    let longest = think.value.max + every.value * chunks.value.max;
    if longest > limits::REPLY {
        let (found, allowed) = (options::print_duration(longest), options::print_duration(limits::REPLY));
        section.complain(
            chunks.at,
            "chunks",
            format!("found replies of up to {found}, allowed are {allowed}"),
        );
        return None;
    }
    let interrupted = interrupted?;
    if interrupted.value > 1.0 {
        section.complain(interrupted.at, "interrupted", "found more than all replies, allowed is 0% to 100%");
        return None;
    }
    Some(ReplyWork {
        schedule: schedule?,
        question: question?,
        think: think.value,
        chunks: chunks.value,
        every: every.value,
        body: body?,
        interrupted: interrupted.value,
        binary: binary?.value,
        sound: sound?.value,
        start_buffer: start_buffer?.value,
    })
}

fn exchange(mut section: Section<'_, '_>) -> Option<ReplyWork> {
    let schedule = schedule(&mut section);
    let question =
        topics::body(&mut section, "question", ("exchange.question.", "exchange.question.log_normal."));
    let work = section.read("work", Absent::Is(Span { min: Duration::ZERO, max: Duration::ZERO }), span);
    let answer = topics::body(&mut section, "answer", ("exchange.answer.", "exchange.answer.log_normal."));
    Some(ReplyWork {
        schedule: schedule?,
        question: question?,
        think: work?.value,
        chunks: Count { min: 1, max: 1 },
        every: Duration::ZERO,
        body: ChunkSize::Each(answer?),
        interrupted: 0.0,
        binary: false,
        sound: None,
        start_buffer: Duration::ZERO,
    })
}

/// One question after the other: several at once would overlap by construction.
fn schedule(section: &mut Section<'_, '_>) -> Option<Schedule> {
    topics::schedule(section)
}

fn chunk_size(section: &mut Section<'_, '_>) -> Option<ChunkSize> {
    let Some(mut found) = section.take("body") else {
        if !section.is_misspelt("body") {
            section.missing("body", "body = \"250B\"");
        }
        return None;
    };
    if let ValueInner::Table(table) = &mut found.value
        && let Some(growing) = table.get_mut("growing")
    {
        return match growth(growing.take()) {
            Ok(size) => Some(size),
            Err(what) => {
                section.complain(found.at, "body.growing", what);
                None
            }
        };
    }
    topics::body_of(section, "body", found, ("reply.body.", "reply.body.log_normal.")).map(ChunkSize::Each)
}

fn growth(value: ValueInner<'_>) -> Result<ChunkSize, String> {
    let [first, last] = two(value, "[\"1KiB\", \"40KiB\"]")?;
    let first = section::size(first, &limits::BODY_BYTES)?;
    let last = section::size(last, &limits::BODY_BYTES)?;
    Ok(ChunkSize::Growing { first, last })
}

/// A time, or `{ uniform = [least, most] }`.
fn span(value: ValueInner<'_>) -> Result<Span, String> {
    match uniform(value)? {
        Uniform::No(value) => {
            let time = section::duration(value, &limits::THINK)?;
            Ok(Span { min: time, max: time })
        }
        Uniform::Between([min, max]) => {
            let (min, max) =
                (section::duration(min, &limits::THINK)?, section::duration(max, &limits::THINK)?);
            if min > max {
                return Err("found the least time above the greatest".to_owned());
            }
            Ok(Span { min, max })
        }
    }
}

/// A number, or `{ uniform = [least, most] }`.
fn count(value: ValueInner<'_>) -> Result<Count, String> {
    let whole = |value| section::whole(value, &limits::CHUNKS).map(|number| number as u32);
    match uniform(value)? {
        Uniform::No(value) => whole(value).map(|number| Count { min: number, max: number }),
        Uniform::Between([min, max]) => {
            let (min, max) = (whole(min)?, whole(max)?);
            if min > max {
                return Err(format!("found the least number {min} above the greatest, {max}"));
            }
            Ok(Count { min, max })
        }
    }
}

enum Uniform<'de> {
    No(ValueInner<'de>),
    Between([ValueInner<'de>; 2]),
}

fn uniform(value: ValueInner<'_>) -> Result<Uniform<'_>, String> {
    let ValueInner::Table(mut table) = value else { return Ok(Uniform::No(value)) };
    if let Some(unknown) = table.keys().find(|key| key.name != "uniform") {
        return Err(format!("found the key {}, needed is `uniform`", quote(&unknown.name)));
    }
    match table.get_mut("uniform") {
        Some(ends) => two(ends.take(), "{ uniform = [least, most] }").map(Uniform::Between),
        None => Err("found an empty table, needed is { uniform = [least, most] }".to_owned()),
    }
}

fn two<'de>(value: ValueInner<'de>, needed: &str) -> Result<[ValueInner<'de>; 2], String> {
    let ValueInner::Array(mut ends) = value else {
        return Err(format!("found {}, needed is {needed}", describe(&value)));
    };
    match ends.as_mut_slice() {
        [first, last] => Ok([first.take(), last.take()]),
        _ => Err(format!("found a list of {}, needed is {needed}", ends.len())),
    }
}
