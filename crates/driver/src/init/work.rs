//! The text of a scenario: what each kind has of its own.

use super::text::time;
use super::{Kind, Wishes};
use std::time::Duration;

/// Clients of one transport that a small machine plays beside those of all others.
const CLIENTS: u32 = 500;
/// Deliveries a second over one transport.
const DELIVERIES_PER_S: f64 = 4_000.0;
/// Members of a room.
const ROOM: u32 = 8;
/// Topics that a user of a ticker follows.
const FOLLOWED: f64 = 10.0;

/// What one kind says of itself.
pub struct Work {
    /// What opens the file.
    pub question: String,
    /// Who speaks to whom, if that is not the usual shape.
    pub shape: Option<&'static str>,
    /// How many clients there are.
    pub clients: u32,
    /// Lines of `[subscribers]`.
    pub audience: Option<&'static str>,
    /// Lines of `[hub]`.
    pub hub: Option<&'static str>,
    /// What comes and goes.
    pub tables: String,
    /// What has to be met.
    pub objectives: String,
    /// How often something happens, over everything.
    pub instants_per_s: f64,
    /// The least warm-up.
    pub warm_up: Duration,
    /// The longest that one thing lasts.
    pub longest: Duration,
    /// What passes in the limited time beside the wait for a poll.
    pub besides: Duration,
    /// Whether clients wait for updates.
    pub is_live: bool,
}

/// The work of a kind.
#[must_use]
pub fn work(wishes: &Wishes) -> Work {
    match wishes.kind {
        Kind::Dashboard => shown(
            wishes,
            "A dashboard shows live values",
            "poisson",
            "\nbody = \"120B\"         # a name, a value, a unit and a time, as JSON",
        ),
        Kind::Notifications => notifications(wishes),
        Kind::Ticker => ticker(wishes),
        Kind::Chat => chat(wishes),
        Kind::AiAnswer => answers(wishes),
        Kind::Form => form(wishes),
        Kind::Telemetry => telemetry(wishes),
        Kind::Game => game(wishes),
    }
}

fn base(wishes: &Wishes, question: String) -> Work {
    let each = (DELIVERIES_PER_S / wishes.updates_per_s).max(2.0) as u32;
    Work {
        question,
        shape: None,
        clients: wishes.users.min(CLIENTS).min(each),
        audience: None,
        hub: Some("retention = 256       # updates of each topic that a client who reconnects can ask for\n"),
        tables: String::new(),
        objectives: late(wishes),
        instants_per_s: wishes.updates_per_s,
        warm_up: Duration::from_secs(1),
        longest: Duration::ZERO,
        besides: wishes.rtt / 2,
        is_live: true,
    }
}

/// Nearly everything arrives in time.
fn late(wishes: &Wishes) -> String {
    objective("latency", &format!("beyond {}", time(wishes.limit)), "2%", "the share that may be later")
}

fn in_time(figure: &str, wishes: &Wishes) -> String {
    objective(figure, "p90", &time(wishes.limit), "the limit, met by nine in ten")
}

fn objective(figure: &str, at: &str, at_most: &str, why: &str) -> String {
    format!("[[objective]]\nfigure = \"{figure}\"\nat = \"{at}\"\nat_most = \"{at_most}\"        # {why}\n")
}

/// A rate with no more digits than it needs.
fn rate(per_s: f64) -> String {
    let text = format!("{per_s:.6}");
    format!("{}/s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The time between two of a beat, in whole milliseconds where that is near enough.
fn period(per_s: f64) -> Duration {
    match 1e3 / per_s {
        ms if ms < 10.0 => Duration::from_micros((ms * 1e3) as u64),
        ms => Duration::from_millis(ms as u64),
    }
}

/// Something that clients of a feature send that otherwise only shows something.
fn sent(wishes: &Wishes) -> (Option<&'static str>, String) {
    match wishes.clients_send {
        false => (None, String::new()),
        true => (
            Some("telemetry"),
            "\n[[post]]\nname = \"action\"\npoisson = \"12/min\"     # each client sends something every five seconds\n\
             body = \"120B\"\n"
                .to_owned(),
        ),
    }
}

fn shown(wishes: &Wishes, what: &str, key: &str, body: &str) -> Work {
    let rate = rate(wishes.updates_per_s);
    let question = format!("{what} to {} users, each of whom gets {rate}.", wishes.users);
    let (shape, post) = sent(wishes);
    Work {
        shape,
        tables: format!(
            "[[topic]]\nname = \"value\"\n{key} = \"{rate}\"       # at random, as things happen{body}\n{post}"
        ),
        ..base(wishes, question)
    }
}

fn notifications(wishes: &Wishes) -> Work {
    let rate = rate(wishes.updates_per_s);
    let question = format!("{} users wait for notifications, and each gets {rate}.", wishes.users);
    let (shape, post) = sent(wishes);
    let base = base(wishes, question);
    Work {
        shape,
        tables: format!(
            "[[topic]]\nname = \"notification\"\nper = \"subscriber\"    # each user has notifications of their own\n\
             poisson = \"{rate}\"\nbody = \"300B\"\n{post}"
        ),
        instants_per_s: wishes.updates_per_s * f64::from(base.clients),
        ..base
    }
}

fn ticker(wishes: &Wishes) -> Work {
    let each = rate(wishes.updates_per_s / FOLLOWED);
    let total = rate(wishes.updates_per_s);
    let question =
        format!("A ticker shows ten of 200 topics to each of {} users, {total} in all.", wishes.users);
    let (shape, post) = sent(wishes);
    Work {
        shape,
        audience: Some("topics = 10           # each user follows ten topics, drawn by seed\n"),
        hub: Some(
            "retention = 64\nconflate = true       # who fell behind gets the newest value of each topic\n",
        ),
        tables: format!(
            "[[topic]]\nname = \"symbol\"\ncount = 200\npoisson = \"{each}\"\nbody = \"80B\"            # symbol, price, size, time\n{post}"
        ),
        instants_per_s: wishes.updates_per_s * 20.0,
        ..base(wishes, question)
    }
}

fn chat(wishes: &Wishes) -> Work {
    let each = rate(wishes.updates_per_s / f64::from(ROOM));
    let question = format!(
        "{} users talk in rooms of eight, and each reads {}.",
        wishes.users,
        rate(wishes.updates_per_s)
    );
    let base = base(wishes, question);
    let clients = rooms(base.clients.min(200));
    Work {
        shape: Some("rooms"),
        clients,
        tables: format!(
            "[rooms]\nmembers = {ROOM}\n\n[[post]]\nname = \"message\"\npoisson = \"{each}\"     # of each member\n\
             body = {{ log_normal = {{ median = \"120B\", sigma = 0.6, max = \"2KiB\" }} }}   # a line or two as JSON\n"
        ),
        besides: wishes.rtt,
        objectives: in_time("seen-by-all", wishes)
            + "\n[[objective]]\nfigure = \"disagreements\"\nat_most = \"0\"           # all see one order\n",
        instants_per_s: wishes.updates_per_s * f64::from(clients) / f64::from(ROOM),
        ..base
    }
}

/// Whole rooms, one at the least.
fn rooms(clients: u32) -> u32 {
    (clients / ROOM).max(1) * ROOM
}

fn answers(wishes: &Wishes) -> Work {
    // Pieces come no more rarely than once a second: a reply of minutes is none.
    let per_s = wishes.updates_per_s.max(1.0);
    let (least, most) = ((per_s * 0.8).max(5.0) as u32, (per_s * 2.4).max(10.0) as u32);
    let gap = period(per_s);
    let longest = gap * most + Duration::from_millis(300);
    let every = Duration::from_secs((longest.as_secs_f64() + 1.0).max(4.0).ceil() as u64);
    let question =
        format!("{} users ask a model, and its answers are streamed at {}.", wishes.users, rate(per_s));
    Work {
        shape: Some("reply"),
        clients: wishes.users.min(if per_s > 200.0 { 12 } else { 60 }),
        hub: None,
        tables: format!(
            "[reply]\nevery = \"{}\"            # more often than a reader asks, so that a short window holds enough\n\
             question = \"400B\"\nthink = {{ uniform = [\"150ms\", \"300ms\"] }}   # the model's own, before the first piece\n\
             chunks = {{ uniform = [{least}, {most}] }}\nevery_chunk = \"{}\"\nbody = \"250B\"           # one piece as a JSON event\n\
             interrupted = \"10%\"     # readers who stop an answer in the middle\n",
            time(every),
            time(gap)
        ),
        objectives: in_time("first-chunk", wishes)
            + "\n[[objective]]\nfigure = \"stutter\"\nat_most = \"10\"          # per minute: one every six seconds is noticed\n",
        instants_per_s: 60.0 / every.as_secs_f64(),
        warm_up: every + Duration::from_millis(500),
        longest: longest + Duration::from_secs(1),
        besides: wishes.rtt + Duration::from_millis(300),
        is_live: false,
        ..base(wishes, question)
    }
}

fn form(wishes: &Wishes) -> Work {
    // In turn over a fresh and a kept connection: fewer than one in ten seconds would be hours of waiting.
    let per_s = wishes.updates_per_s.clamp(0.1, 5.0);
    let every = Duration::from_millis((1e3 / per_s) as u64);
    let question = format!("{} users send a form and get one answer.", wishes.users);
    Work {
        shape: Some("exchange"),
        clients: wishes.users.min(40),
        hub: None,
        tables: format!(
            "[exchange]\nevery = \"{}\"            # in turn over a connection opened for it and over one that is kept\n\
             question = \"600B\"       # a dozen fields\nwork = \"5ms\"            # a row in a database\nanswer = \"300B\"\n",
            time(every)
        ),
        objectives: in_time("cold", wishes),
        instants_per_s: 20.0 * per_s,
        warm_up: every * 2 + Duration::from_millis(500),
        is_live: false,
        ..base(wishes, question)
    }
}

fn telemetry(wishes: &Wishes) -> Work {
    let rate = rate(wishes.updates_per_s);
    let question = format!(
        "{} devices report {rate} each, and now and then one of them is told something.",
        wishes.users
    );
    let base = base(wishes, question);
    Work {
        shape: Some("telemetry"),
        tables: format!(
            "[[post]]\nname = \"reading\"\npoisson = \"{rate}\"\nbody = \"80B\"            # a device, a time and three values\n\n\
             [[topic]]\nname = \"command\"\nper = \"subscriber\"\npoisson = \"6/min\"      # more than real, so that a short window holds enough\n\
             body = \"100B\"\n"
        ),
        instants_per_s: f64::from(base.clients) / 10.0,
        ..base
    }
}

fn game(wishes: &Wishes) -> Work {
    let world = rate(wishes.updates_per_s);
    let tick = period(wishes.updates_per_s);
    let question = format!(
        "{} players in rooms of eight get a world {world}, and each sends 20 moves a second.",
        wishes.users
    );
    let base = base(wishes, question);
    Work {
        shape: Some("rooms"),
        clients: rooms(base.clients.min(32)),
        tables: format!(
            "[rooms]\nmembers = {ROOM}\n\n[[post]]\nname = \"move\"\nto = \"server\"\nevery = \"50ms\"\n\
             body = \"48B\"            # keys, a direction and a tick\n\n[[topic]]\nname = \"world\"\nper = \"room\"\n\
             effects = true          # every world says how many moves of each player are in it\nevery = \"{}\"\nbody = \"400B\"\n",
            time(tick)
        ),
        besides: wishes.rtt + tick,
        objectives: in_time("effect", wishes),
        ..base
    }
}
