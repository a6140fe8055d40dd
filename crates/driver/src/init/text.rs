//! The text of a scenario: what is common to all kinds.

use super::work::{Work, work};
use super::{Kind, Wishes};
use std::time::Duration;

/// Half of it is what a poll takes longer on average, so nobody polls more often than this.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);
/// Distinct updates that a round should have.
const UPDATES: f64 = 60.0;

/// How the run goes that answers it.
pub struct Pace {
    /// Between two polls.
    pub interval: Duration,
    /// Before the window.
    pub warm_up: Duration,
    /// The window.
    pub measure: Duration,
    /// The longest wait for what is still on its way.
    pub drain: Duration,
}

/// The scenario.
#[must_use]
pub fn text(wishes: &Wishes) -> String {
    let work = work(wishes);
    let pace = pace(wishes, &work);
    let shape = work.shape.map(|shape| format!("shape = \"{shape}\"\n")).unwrap_or_default();
    let [warm_up, measure, drain] = [pace.warm_up, pace.measure, pace.drain].map(time);
    let idle =
        if work.is_live { format!("idle_connections = {}\n", work.clients.max(100)) } else { String::new() };
    let parts = [
        format!("# {}\n# Which transport should carry it, and what does each cost?\n", work.question),
        format!(
            "{shape}seed = 1\nwarm_up = \"{warm_up}\"     # connections are open, and every poll of the window is a whole one\n\
             measure = \"{measure}\"     # longer finds smaller differences and rarer delays\n\
             drain = \"{drain}\"       # a limit: a round ends when everything has arrived\n\
             rounds = 5            # the unit of comparison is the round\n\
             order = \"together\"    # \"apart\" where transports would be in each other's way\n\
             margin = \"25%\"        # smaller differences would not change the choice\n\
             stagger = \"20ms\"      # longer than a fan-out takes\n{idle}"
        ),
        distance(wishes.rtt),
        work.hub.map(|hub| format!("[hub]\n{hub}")).unwrap_or_default(),
        audience(wishes, &work),
        scale(wishes),
        work.tables.clone(),
        transports(wishes, &work, &pace),
        work.objectives.clone(),
    ];
    aligned(&parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n"))
}

/// The same text with its comments below each other.
fn aligned(text: &str) -> String {
    const COLUMN: usize = 22;
    let line = |line: &str| match line.split_once("  #") {
        Some((value, comment)) if !line.starts_with('#') => {
            format!("{:<COLUMN$}#{comment}\n", value.trim_end())
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// A span of time with one unit where that is enough.
pub fn time(span: Duration) -> String {
    let ms = span.as_millis();
    match ms % 1_000 {
        _ if ms > 60_000 || !span.subsec_micros().is_multiple_of(1_000) => options::print_duration(span),
        0 => format!("{}s", ms / 1_000),
        _ => format!("{ms}ms"),
    }
}

fn pace(wishes: &Wishes, work: &Work) -> Pace {
    let one_way = wishes.rtt / 2;
    // The worst poll takes its interval beside that.
    let interval = tidy(wishes.limit.saturating_sub(work.besides)).max(SHORTEST_INTERVAL);
    let enough = UPDATES / work.instants_per_s;
    let least = 2.0 / work.instants_per_s;
    let seconds = enough.clamp(5.0, 30.0).max(least).max(interval.as_secs_f64() * 2.0).ceil();
    Pace {
        interval,
        warm_up: (interval * 2 + Duration::from_millis(500)).max(work.warm_up),
        measure: Duration::from_secs_f64(seconds).max(work.warm_up),
        drain: Duration::from_secs(30).max(interval + Duration::from_secs(5)).max(work.longest) + one_way * 4,
    }
}

/// A round number that is no longer.
fn tidy(span: Duration) -> Duration {
    let ms = span.as_millis() as u64;
    let step = match ms {
        0..1_000 => 50,
        1_000..10_000 => 500,
        _ => 1_000,
    };
    Duration::from_millis(ms / step * step)
}

fn distance(rtt: Duration) -> String {
    if rtt.is_zero() {
        return String::new();
    }
    let (one_way, rtt) = (time(rtt / 2), time(rtt));
    format!("[network]\ndelay = \"{one_way}\"        # one way: {rtt} to the server and back\n")
}

fn audience(wishes: &Wishes, work: &Work) -> String {
    let note = match work.clients < wishes.users {
        true => format!("of {} users, so many are played by this machine at a time", wishes.users),
        false => "all users".to_owned(),
    };
    let more = work.audience.unwrap_or_default();
    format!("[subscribers]\ncount = {}            # {note}\nramp = \"500ms\"\n{more}", work.clients)
}

/// What figures are scaled to.
fn scale(wishes: &Wishes) -> String {
    format!("[scale]\nusers = {}\nhours_per_day = 24\n", wishes.users)
}

fn transports(wishes: &Wishes, work: &Work, pace: &Pace) -> String {
    let interval = time(pace.interval);
    let late = wishes.limit < pace.interval + work.besides;
    let why = if late {
        "the shortest that is sensible; the limit is shorter"
    } else {
        "the longest that meets the limit"
    };
    let short = format!("use = \"short-polling\"\ninterval = \"{interval}\"     # {why}\n");
    let mut entries: Vec<String> =
        ["websocket", "sse", "long-polling"].map(|name| format!("use = \"{name}\"\n")).into();
    match wishes.kind {
        Kind::Form => entries = vec![
            "use = \"plain\"           # a request and its response\nlabel = \"http\"\n".to_owned(),
            "use = \"websocket\"\n".to_owned(),
            "use = \"sse\"\n".to_owned(),
        ],
        Kind::AiAnswer => entries.extend([
            short,
            "use = \"plain\"           # no stream: the whole answer when it is done\nlabel = \"all-at-once\"\n".to_owned(),
        ]),
        _ => entries.push(short),
    }
    entries.push(
        "use = \"tcp\"             # the baseline: the least that any protocol could cost\n".to_owned(),
    );
    let live = if work.is_live || wishes.kind == Kind::AiAnswer { "\n[needs]\nlive = true\n" } else { "" };
    let tables: Vec<String> = entries.iter().map(|entry| format!("[[transport]]\n{entry}")).collect();
    tables.join("\n") + live
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::scenarios::{describe, parse};
    use crate::init::{LIMIT, RTT, UPDATES_PER_S};
    use clap::ValueEnum;

    fn all_wishes() -> Vec<Wishes> {
        let mut all = Vec::new();
        for kind in Kind::value_variants() {
            let usual = kind.usual();
            all.push(usual);
            for users in [1, 9, 5_000, 1_000_000] {
                for updates_per_s in [*UPDATES_PER_S.start(), 0.3, 2.0, 33.0, *UPDATES_PER_S.end()] {
                    for (limit, rtt) in
                        [(*LIMIT.start(), *RTT.end()), (*LIMIT.end(), *RTT.start()), (usual.limit, usual.rtt)]
                    {
                        for clients_send in [false, kind.may_send()] {
                            all.push(Wishes { kind: *kind, users, updates_per_s, limit, rtt, clients_send });
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn every_scenario_that_can_be_written_is_right_and_asks_for_something() {
        for wishes in all_wishes() {
            let text = text(&wishes);
            let scenario = parse(&text, "init").unwrap_or_else(|wrong| panic!("{wishes:?}: {wrong}\n{text}"));
            assert!(!scenario.objectives.is_empty() && scenario.question.ends_with('?'), "{text}");
            assert!(scenario.subscribers.count <= wishes.users.max(8), "{text}");
            assert_eq!(scenario.way.delay * 2, wishes.rtt);
            assert!(
                text.contains(&format!("users = {}\n", wishes.users)) && text.contains("[scale]"),
                "{text}"
            );
        }
    }

    #[test]
    fn usual_scenarios_take_no_longer_than_a_few_minutes() {
        for kind in Kind::value_variants() {
            let scenario = parse(&text(&kind.usual()), "init").unwrap();
            let round = scenario.warm_up + scenario.measure;
            assert!(round * scenario.rounds < Duration::from_secs(240), "{}", describe(&scenario));
        }
    }
}
