//! From a TOML text to a [`Scenario`], or to everything that is wrong with it.
//!
//! A [`Draft`] holds what could be read; the checks look at its parts against each other; what came
//! through without a mistake is put together.

mod checks;
mod claims;
mod decision;
mod disturbances;
mod meant;
mod question;
mod quote;
mod running;
mod section;
mod topics;
mod transports;
mod way;
mod work;

pub use question::question;

use crate::edit;
use crate::mistake::Mistakes;
use crate::{
    Disturbance, Entry, IdleCount, Mistake, Order, Placement, Scenario, Shape, Subscribers, TransportKind,
    Via, Way, limits,
};
use claims::{Asked, Parts};
use section::{Absent, Found, Section};
use std::time::Duration;
use toml_span::value::ValueInner;
use topics::TopicEntry;
use work::Work;

const KEYS: &[&str] = &[
    "shape",
    "seed",
    "warm_up",
    "measure",
    "drain",
    "rounds",
    "order",
    "control",
    "margin",
    "idle_connections",
    "kernel_stamps",
    "memory_every",
    "pin",
    "stagger",
    "network",
    "via",
    "disturbance",
    "hub",
    "subscribers",
    "topic",
    "rooms",
    "post",
    "reply",
    "exchange",
    "transport",
    "claim",
    "published",
    "objective",
    "needs",
    "recommends",
    "scale",
    "matters",
];

impl Scenario {
    /// Reads a scenario text. `kinds` are the transports that it may enter.
    ///
    /// # Errors
    /// All mistakes at once, in the order of the text; a text that is no TOML at all has one.
    pub fn parse(text: &str, kinds: &[TransportKind]) -> Result<Scenario, Vec<Mistake>> {
        let mistakes = Mistakes::default();
        let scenario = read(text, kinds, &mistakes);
        let mistakes = mistakes.locate(text);
        match scenario {
            Some(scenario) if mistakes.is_empty() => Ok(scenario),
            _ => Err(mistakes),
        }
    }
}

fn read(text: &str, kinds: &[TransportKind], mistakes: &Mistakes) -> Option<Scenario> {
    if text.len() > limits::TEXT_BYTES {
        let limit = options::print_size(limits::TEXT_BYTES);
        mistakes.add(0, format!("the scenario has {} bytes, allowed is {limit}", text.len()));
        return None;
    }
    let mut root = match toml_span::parse(text) {
        Ok(root) => root,
        Err(error) => {
            mistakes.add(error.span.start, format!("this is no TOML: {error}"));
            return None;
        }
    };
    if let Some((at, error)) = edit::unreadable(text) {
        mistakes.add(at, format!("this is no TOML: {error}"));
        return None;
    }
    let question = question(text);
    if question.is_empty() {
        mistakes.add(0, "the file should open with its question as a comment: # Which transport ...?");
    }
    let ValueInner::Table(table) = root.take() else { return None };
    let mut draft = Draft::read(Section::new(mistakes, "", 0, table, KEYS), kinds);
    draft.check(mistakes);
    draft.assemble(question, text)
}

/// What could be read of a scenario: every part is there, or was complained about.
struct Draft {
    shape: Option<Found<Shape>>,
    seed: Option<Found<i64>>,
    warm_up: Option<Found<Duration>>,
    measure: Option<Found<Duration>>,
    drain: Option<Found<Duration>>,
    rounds: Option<Found<i64>>,
    order: Option<Found<Order>>,
    control: Option<Found<Option<String>>>,
    margin: Option<Found<f64>>,
    idle_connections: Option<Found<Vec<IdleCount>>>,
    kernel_stamps: Option<Found<bool>>,
    memory_every: Option<Found<Option<Duration>>>,
    pin: Option<Placement>,
    stagger: Option<Found<Duration>>,
    way: Option<Found<Way>>,
    vias: Option<Vec<Found<Via>>>,
    disturbances: Option<Vec<Found<Disturbance>>>,
    retention: Option<Found<i64>>,
    conflate: Option<Found<bool>>,
    audience: Audience,
    topics: Option<Vec<TopicEntry>>,
    work: Work,
    transports: Option<Vec<Option<Found<Entry>>>>,
    asked: Asked,
    decision: decision::Read,
}

/// What could be read of `[subscribers]`.
#[derive(Default)]
struct Audience {
    count: Option<Found<i64>>,
    ramp: Option<Found<Duration>>,
    topics: Option<Found<TopicsEach>>,
    crowds: Option<Found<i64>>,
    tabs: Option<Found<i64>>,
}

#[derive(Clone, Copy)]
enum TopicsEach {
    All,
    Some(u32),
}

impl Draft {
    fn read(mut file: Section<'_, '_>, kinds: &[TransportKind]) -> Draft {
        let seconds = |seconds| Absent::Is(Duration::from_secs(seconds));
        let millis = |millis| Absent::Is(Duration::from_millis(millis));
        let vias = way::vias(&mut file);
        let network = file.table("network", "network.", &way::KEYS);
        let hub = file.table("hub", "hub.", &["retention", "conflate"]);
        let (retention, conflate) = match hub {
            Some(mut hub) => {
                (hub.whole("retention", &limits::RETENTION, Absent::Is(1_024)), hub.flag("conflate", false))
            }
            None => (None, None),
        };
        let shape = file.read("shape", Absent::Is(Shape::Broadcast), work::shape);
        let known = vias.as_deref().unwrap_or_default();
        let way = network.and_then(|mut network| way::read(&mut network, &Way::default(), known));
        let usual = way.as_ref().map_or_else(Way::default, |way| way.value.clone());
        let asks = shape.is_some_and(|shape| shape.value.asks());
        let transports = transports(&mut file, kinds, (&usual, known));
        let asked = Asked::read(&mut file, shape.map(|shape| shape.value), transports.as_deref());
        Draft {
            shape,
            seed: file.whole("seed", &limits::SEED, Absent::Is(1)),
            warm_up: file.duration("warm_up", &limits::WARM_UP, seconds(1)),
            measure: file.duration("measure", &limits::MEASURE, Absent::Needs("measure = \"10s\"")),
            drain: file.duration("drain", &limits::DRAIN, seconds(30)),
            rounds: file.whole("rounds", &limits::ROUNDS, Absent::Is(1)),
            order: file.read("order", Absent::Is(Order::Together), running::order),
            control: file.read("control", Absent::Is(None), |value| {
                section::text(value, "the label of a transport in quotes").map(Some)
            }),
            margin: file.read("margin", Absent::Is(0.1), running::margin),
            idle_connections: file.read(
                "idle_connections",
                // A client that asks holds no stream open while it does not.
                Absent::Is(running::up_to(if asks { 0 } else { 500 })),
                running::idle_counts,
            ),
            kernel_stamps: file.flag("kernel_stamps", false),
            memory_every: file.read("memory_every", Absent::Is(None), running::memory_every),
            pin: running::pin(&mut file),
            stagger: file.duration("stagger", &limits::STAGGER, millis(10)),
            way,
            vias,
            disturbances: disturbances::read(&mut file),
            retention,
            conflate,
            audience: audience(&mut file),
            work: Work::read(&mut file, shape.map(|shape| shape.value)),
            topics: topics(&mut file),
            transports,
            asked,
            decision: decision::Read::of(&mut file),
        }
    }

    fn assemble(self, question: String, text: &str) -> Option<Scenario> {
        let (members, posts, reply) = self.work.parts()?;
        let clients = self.audience.count?.value as u32;
        let entries = self.topics?.into_iter();
        let expanded = entries.map(|entry| work::published(entry, clients, members));
        let mut topics = expanded.collect::<Option<Vec<_>>>()?.concat();
        topics.extend(work::relayed(&posts, clients, members));
        let transports = self.transports?.into_iter().map(|entry| Some(entry?.value));
        let transports = transports.collect::<Option<Vec<_>>>()?;
        let Parts { claims, published, objectives, needs } = self.asked.parts()?;
        let decision = self.decision.parts()?;
        Some(Scenario {
            question,
            text: text.to_owned(),
            shape: self.shape?.value,
            seed: self.seed?.value as u64,
            warm_up: self.warm_up?.value,
            measure: self.measure?.value,
            drain: self.drain?.value,
            rounds: self.rounds?.value as u32,
            order: self.order?.value,
            control: self.control?.value.unwrap_or_else(|| transports[0].label.clone()),
            margin: self.margin?.value,
            idle_connections: self.idle_connections?.value,
            kernel_stamps: self.kernel_stamps?.value,
            memory_every: self.memory_every?.value,
            pin: self.pin?,
            stagger: self.stagger?.value,
            way: self.way?.value,
            vias: self.vias?.into_iter().map(|via| via.value).collect(),
            disturbances: self.disturbances?.into_iter().map(|one| one.value).collect(),
            retention: self.retention?.value as usize,
            conflate: self.conflate?.value,
            subscribers: Subscribers {
                count: clients,
                ramp: self.audience.ramp?.value,
                topics_each: match self.audience.topics?.value {
                    TopicsEach::All => (topics.len() as u32).max(1),
                    TopicsEach::Some(number) => number,
                },
                crowds: self.audience.crowds?.value as u32,
                tabs: self.audience.tabs?.value as u32,
            },
            topics,
            room_members: members,
            posts,
            reply,
            transports,
            claims,
            published,
            objectives,
            needs,
            recommends: decision.recommends,
            scale: decision.scale,
            matters: decision.matters,
        })
    }
}

fn audience(file: &mut Section<'_, '_>) -> Audience {
    let Some(mut section) =
        file.table("subscribers", "subscribers.", &["count", "ramp", "topics", "crowds", "tabs"])
    else {
        return Audience::default();
    };
    Audience {
        count: section.whole("count", &limits::SUBSCRIBERS, Absent::Needs("count = 200")),
        ramp: section.duration("ramp", &limits::RAMP, Absent::Is(Duration::from_millis(500))),
        topics: section.read("topics", Absent::Is(TopicsEach::All), topics_each),
        crowds: section.whole("crowds", &limits::CROWDS, Absent::Is(1)),
        tabs: section.whole("tabs", &limits::TABS, Absent::Is(1)),
    }
}

fn topics(file: &mut Section<'_, '_>) -> Option<Vec<TopicEntry>> {
    let tables = file.tables("topic")?;
    Some(tables.into_iter().map(|table| topics::read(file.mistakes, table)).collect())
}

fn transports(
    file: &mut Section<'_, '_>,
    kinds: &[TransportKind],
    usual: (&Way, &[Found<Via>]),
) -> Option<Vec<Option<Found<Entry>>>> {
    let tables = file.tables("transport")?;
    if tables.is_empty() {
        file.mistakes.add(file.at, "`transport` is missing: at least one [[transport]] has to carry it");
        return None;
    }
    if tables.len() as i64 > *limits::ENTRIES.end() {
        let at = tables.last().map_or(file.at, |last| last.at);
        let (found, allowed) = (tables.len(), limits::ENTRIES.end());
        file.complain(at, "transport", format!("found {found} entries, allowed are {allowed}"));
        return None;
    }
    Some(transports::read(file.mistakes, tables, kinds, usual))
}

fn topics_each(value: ValueInner<'_>) -> Result<TopicsEach, String> {
    match value {
        ValueInner::String(word) if word == "all" => Ok(TopicsEach::All),
        number @ ValueInner::Integer(_) => {
            section::whole(number, &limits::TOPICS).map(|number| TopicsEach::Some(number as u32))
        }
        other => Err(format!("found {}, needed is \"all\" or a whole number", quote::describe(&other))),
    }
}

#[cfg(test)]
mod tests;
