//! What to run: a TOML text becomes a [`Scenario`], a schedule ([`Plan`]), bodies ([`Bodies`]) and
//! the models' predictions ([`model`]).
//!
//! Everything here follows from (scenario text, seed) alone. This crate must never read a file, a
//! clock or a socket, and never draw a random number that the seed does not determine.

mod audience;
mod bodies;
mod claims;
mod decision;
mod disturbance;
mod draw;
mod edit;
mod figure;
mod idle;
pub mod limits;
mod link;
mod mistake;
pub mod model;
mod parse;
mod plan;
mod rate;
mod replies;
mod way;
mod work;

pub use bodies::{Bodies, Damaged, read_number, read_stamp};
pub use claims::{Check, Claim, Limits, NEEDS, Objective, Published};
pub use decision::{Matters, Role, Scale};
pub use disturbance::{Disturbance, Hit, How, Instant, What};
pub use edit::{OverrideError, keep_transports, override_keys};
pub use figure::{At, FIGURES, Facts, Figure, Unit};
pub use link::{Carried, Link, print_rate};
pub use mistake::Mistake;
pub use parse::question;
pub use plan::{By, Plan, Planned};
pub use rate::parse as updates_per_s;
pub use replies::{PlannedReply, Replies};
pub use way::{Headers, Program, Reconnect, Setup, Tls, Via, Way};
pub use work::{ChunkSize, Count, Followers, PostStream, PostTo, ReplyWork, Shape, Source, Span};

use options::{Carriage, Spec, Values};
use std::time::Duration;

/// A transport that a scenario may enter, as far as a scenario must know it.
#[derive(Debug, Clone, Copy)]
pub struct TransportKind {
    /// The word behind `use =`.
    pub name: &'static str,
    /// Its settings.
    pub options: &'static [Spec],
    /// How it carries an update, given its settings.
    pub carriage: fn(&Values) -> Carriage,
}

/// One question, ready to run: nothing is optional any more.
///
/// Made by [`Scenario::parse`], which fills in what a text leaves out (the defaults stand with each
/// field) and refuses what lies outside the [`limits`]. Every other function of this crate counts on
/// those limits.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The comment that opens the file: the question it answers.
    pub question: String,
    /// The whole text, with overrides applied: what a report shows so that the run can be repeated.
    pub text: String,
    /// Who speaks to whom.
    /// Key `shape`, default `"broadcast"`.
    pub shape: Shape,
    /// From which schedules, bodies, phases and topics are drawn. Round r uses `seed + r`.
    /// Key `seed`, default 1.
    pub seed: u64,
    /// Updates due in it are carried and checked, but not counted.
    /// Key `warm_up`, default `"1s"`.
    pub warm_up: Duration,
    /// What is due in it is what the books and figures are about.
    /// Key `measure`, has to be said.
    pub measure: Duration,
    /// How long to wait, at most, for what is still on its way.
    /// Key `drain`, default `"30s"`; a run in which nothing is missing ends sooner.
    pub drain: Duration,
    /// How often everything is repeated, with fresh processes and connections.
    /// Key `rounds`, default 1.
    pub rounds: u32,
    /// All transports at once, one after the other, or each round in both ways.
    /// Key `order`, default `"together"`.
    pub order: Order,
    /// Where transports run one after the other: the label of the one that is entered twice. What it and
    /// its control differ by is noise.
    /// Key `control`, default the first transport.
    pub control: String,
    /// Differences up to this part of the smaller figure do not matter to who asks: 0.1 is ten per cent.
    /// Key `margin`, default `"10%"`.
    pub margin: f64,
    /// Counts of idle connections per transport from which the memory of one is worked out, fewer first; empty
    /// leaves it out.
    /// Key `idle_connections`, default 500: a fifth of that, and all. A list names the counts themselves.
    pub idle_connections: Vec<IdleCount>,
    /// Whether the kernel is asked when what clients read had come. Costs each read something: an option for
    /// finding out where time goes, never for a figure to quote.
    /// Key `kernel_stamps`, default `false`.
    pub kernel_stamps: bool,
    /// How often the server's memory is looked at, for a picture over time. None is not at all: a look takes time of
    /// the server's processor.
    /// Key `memory_every`, default `"never"`.
    pub memory_every: Option<Duration>,
    /// On which processors the processes run.
    /// Key `pin`, default `"halves"`.
    pub pin: Placement,
    /// In `together`: by how much each transport's schedule is shifted against the one before.
    /// Key `stagger`, default `"10ms"`.
    pub stagger: Duration,
    /// How clients reach their servers where their transport says nothing else.
    /// Table `[network]`.
    pub way: Way,
    /// What may stand between.
    /// Tables `[[via]]`, in their order.
    pub vias: Vec<Via>,
    /// Updates kept per topic for those who reconnect or poll.
    /// Key `hub.retention`, default 1024.
    pub retention: usize,
    /// Whether a reader that fell behind gets only the newest update of each topic.
    /// Key `hub.conflate`, default `false`.
    pub conflate: bool,
    /// What happens in every round.
    /// Tables `[[disturbance]]`, in their order.
    pub disturbances: Vec<Disturbance>,
    /// Who listens.
    /// Table `[subscribers]`.
    pub subscribers: Subscribers,
    /// What is published, one entry per topic.
    /// Tables `[[topic]]`, in their order; a `count` above one makes several of it.
    pub topics: Vec<Topic>,
    /// How many members a room has; 0 where there are no rooms. The last room may have fewer.
    /// Key `rooms.members`.
    pub room_members: u32,
    /// What every client sends.
    /// Tables `[[post]]`, in their order.
    pub posts: Vec<PostStream>,
    /// What clients ask and are answered.
    /// Table `[reply]` or `[exchange]`.
    pub reply: Option<ReplyWork>,
    /// What carries it.
    /// Tables `[[transport]]`, in their order.
    pub transports: Vec<Entry>,
    /// What should come out.
    /// Tables `[[claim]]`, in their order.
    pub claims: Vec<Claim>,
    /// What others have published.
    /// Tables `[[published]]`, in their order.
    pub published: Vec<Published>,
    /// What a transport has to show to be chosen.
    /// Tables `[[objective]]`, in their order.
    pub objectives: Vec<Objective>,
    /// What a transport has to be able to do to be chosen, by the words of [`NEEDS`].
    /// Table `[needs]`.
    pub needs: Vec<&'static str>,
    /// Whether the question is a choice of a transport. Where it is none, the answer is the verdict on the first claim.
    /// Key `recommends`, default `true`.
    pub recommends: bool,
    /// How large the deployment is that costs are told for.
    /// Table `[scale]`; default the scenario's own subscribers, all day.
    pub scale: Scale,
    /// From which amount on a difference matters.
    /// Table `[matters]`.
    pub matters: Matters,
}

/// So many idle connections per transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleCount {
    /// This many.
    Exactly(u32),
    /// As many as the machine's limits allow, and [`limits::IDLE_MOST`] at the most. `"most"`, the last of a list.
    Most,
}

/// How transports share the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All at once, their schedules a little shifted against each other.
    Together,
    /// One after the other, in an order that changes from round to round, and one of them twice.
    Apart,
    /// Every round once together and once apart: shows how far transports are in each other's way.
    Both,
}

/// How processes are placed on processors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Servers on one half of the processors, clients on the other, where there are two halves and the system
    /// lets a program choose. Clients are elsewhere in practice: on a shared processor each message would take
    /// it from the server that is still sending the next one. `"halves"`.
    Halves,
    /// Wherever the system puts them. `"anywhere"`.
    Anywhere,
    /// On these.
    On(Pin),
}

/// On which processors processes run, by the system's numbers. An empty list is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pin {
    /// Servers.
    /// Key `servers`, a list of numbers.
    pub servers: Vec<u32>,
    /// Clients.
    /// Key `clients`, a list of numbers.
    pub clients: Vec<u32>,
}

/// Who listens, to how much, and how fast they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscribers {
    /// How many, per transport.
    /// Key `count`, has to be said.
    pub count: u32,
    /// The time over which they connect, before anything is published.
    /// Key `ramp`, default `"500ms"`.
    pub ramp: Duration,
    /// How many topics each follows, drawn by seed; all of them when equal to the number of topics.
    /// Key `topics`, a number or `"all"`, which is the default.
    pub topics_each: u32,
    /// Over how many client processes they are spread, per transport.
    /// Key `crowds`, default 1.
    pub crowds: u32,
    /// How many of them are tabs of one browser, which opens no more than six connections to a server over HTTP. One is a
    /// browser for each, and no limit.
    /// Key `tabs`, default 1.
    pub tabs: u32,
}

/// One stream of updates.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Its name in the scenario, with a number when the entry asked for several.
    /// Key `name`, has to be said; with `count = 4`, `cpu` becomes `cpu-1` to `cpu-4`.
    pub name: String,
    /// When its updates are due.
    /// Key `every`, `poisson`, or `burst` together with `every`.
    pub schedule: Schedule,
    /// How long its bodies are, in bytes.
    /// Key `body`, has to be said.
    pub body: BodySize,
    /// Who follows it.
    /// Key `per`: `"all"` (the default), `"room"` or `"subscriber"`, which make a topic of each.
    pub followers: Followers,
    /// Who makes its updates. A topic of a room's posts follows from `[[post]]`.
    pub source: Source,
    /// Whether a reader that fell behind may get only its newest update.
    pub conflate: bool,
    /// Whether its updates say how many posts of each of its room's members the server had taken: what a
    /// client did shows its effect with the first update that counts it.
    /// Key `effects`, default `false`.
    pub effects: bool,
}

/// When the updates of a topic are due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Schedule {
    /// One every period, the first at a random part of it (by seed).
    Periodic {
        /// The time between two updates.
        period: Duration,
    },
    /// At random, independent instants.
    Poisson {
        /// Mean number of updates per second.
        rate_per_s: f64,
    },
    /// Several at the same instant, every period.
    Bursts {
        /// Updates per burst.
        size: u32,
        /// The time between two bursts.
        period: Duration,
    },
}

/// How long bodies are, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BodySize {
    /// All alike.
    Fixed(usize),
    /// Any size between two ends, both included.
    Uniform {
        /// Least.
        min: usize,
        /// Most.
        max: usize,
    },
    /// Log-normal, with all that lies beyond `max` put at `max`: mostly small, now and then large.
    LogNormal {
        /// Half of the bodies are smaller.
        median: usize,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Most.
        max: usize,
    },
}

/// One transport of the race, with all its settings.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What reports call it; unique in a scenario.
    /// Key `label`, default the name of the transport.
    pub label: String,
    /// What it is in the decision. None where it follows from the transport and its network path.
    /// Key `role`, `"candidate"`, `"reference"` or `"what-if"`.
    pub role: Option<Role>,
    /// Which transport it is.
    /// Key `use`, has to be said.
    pub kind: TransportKind,
    /// Its settings.
    pub values: Values,
    /// How its clients reach its server.
    /// The keys of `[network]`, which are the defaults.
    pub way: Way,
    /// What its clients try next where this is not to be had, in this order, each with its usual settings.
    /// Key `fallback`, default `[]`.
    pub fallback: Vec<TransportKind>,
    /// How long they try each of them but the last.
    /// Key `fallback_after`, default `"3s"`.
    pub fallback_after: Duration,
}

impl Entry {
    /// What its clients try, one after the other, with the settings of each.
    pub fn chain(&self) -> impl Iterator<Item = (TransportKind, Values)> {
        let first = (self.kind, self.values.clone());
        let others = self.fallback.iter().map(|kind| (*kind, Values::defaults(kind.options)));
        std::iter::once(first).chain(others)
    }

    /// The longest that any of them may keep an update waiting.
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        self.chain().map(|(kind, values)| (kind.carriage)(&values).longest_wait()).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod testing;
