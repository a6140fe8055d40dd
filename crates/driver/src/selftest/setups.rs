//! The scenarios that the checks run.
//!
//! The short edition has two, [`far`] and [`near`], that several checks share: whoever asks for a scenario that
//! was run already gets what it left. The thorough edition gives each check one that is made for it.

use super::lab::Dose;

/// Every transport, by its label.
pub const LABELS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "tcp"];

/// Those that push.
pub const PUSH: [&str; 3] = ["websocket", "sse", "tcp"];

const PUSHING: [&str; 3] = ["use = \"websocket\"", "use = \"sse\"", "use = \"tcp\""];
/// A hold that is far longer than anybody waits here, and no longer: the drain has to outlast it, and is waited out
/// where something is lost.
const LONG_POLLING: &str = "use = \"long-polling\"\nhold = \"5s\"";

/// A scenario with what the checks have to know of it.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its text.
    pub text: String,
    /// How far away the clients are, in milliseconds.
    pub one_way_ms: f64,
    /// How many they are.
    pub subscribers: u32,
    /// The short pollers: label, and from poll to poll in milliseconds.
    pub cycles: Vec<(&'static str, f64)>,
}

/// What scenarios differ in.
struct Parts<'a> {
    one_way_ms: u32,
    measure_s: u32,
    /// Between the starts of two transports.
    stagger: &'a str,
    subscribers: u32,
    /// How many topics each follows; all when empty.
    follow: &'a str,
    topics: u32,
    schedule: &'a str,
    transports: &'a [&'a str],
}

impl Parts<'_> {
    fn text(&self) -> String {
        let Parts { one_way_ms, measure_s, stagger, subscribers, follow, topics, schedule, .. } = self;
        let entries: String =
            self.transports.iter().map(|entry| format!("[[transport]]\n{entry}\n\n")).collect();
        format!(
            "# A check of the physics.\n\
             seed = 7\nwarm_up = \"1s\"\nmeasure = \"{measure_s}s\"\ndrain = \"10s\"\nstagger = \"{stagger}\"\n\
             idle_connections = 0\n\n\
             [network]\ndelay = \"{one_way_ms}ms\"\n\n\
             [hub]\nretention = 4096\n\n\
             [subscribers]\nramp = \"500ms\"\ncount = {subscribers}\n{follow}\n\n\
             [[topic]]\nname = \"t\"\nbody = \"100B\"\ncount = {topics}\n{schedule}\n\n{entries}"
        )
    }

    fn setup(&self, cycles: &[(&'static str, f64)]) -> Setup {
        Setup {
            text: self.text(),
            one_way_ms: f64::from(self.one_way_ms),
            subscribers: self.subscribers,
            cycles: cycles.to_vec(),
        }
    }
}

/// One way to the clients of long polling, in milliseconds.
pub const LONG_POLLING_WAY_MS: u32 = 25;
/// What a client takes from an answer to the next request, and the server to answer it: on such
/// machines some tenths of a millisecond.
pub const TURNAROUND_MS: f64 = 0.5;

/// Updates per second of which so many fall into the gap between an answer and the next poll.
pub fn rate_per_s(updates_per_gap: f64) -> f64 {
    updates_per_gap / ((2.0 * f64::from(LONG_POLLING_WAY_MS) + TURNAROUND_MS) / 1e3)
}

/// The short edition's run at a distance: all five at once. A topic for each subscriber: otherwise all long polls
/// would share one sequence of gaps.
fn far() -> Setup {
    let polled = "use = \"short-polling\"\ninterval = \"200ms\"";
    let [websocket, sse, tcp] = PUSHING;
    Parts {
        one_way_ms: LONG_POLLING_WAY_MS,
        measure_s: 12,
        stagger: "20ms",
        subscribers: 60,
        follow: "topics = 1",
        topics: 60,
        schedule: &format!("poisson = \"{:.4}/s\"", rate_per_s(1.0)),
        transports: &[websocket, sse, LONG_POLLING, polled, tcp],
    }
    .setup(&[("short-polling", 200.0)])
}

/// All five on one host, with one topic for everybody. Its period has nothing in common with the interval of the
/// polls, and the transports' starts divide it, so that no two send at once.
pub fn near(measure_s: u32) -> Setup {
    let polled = "use = \"short-polling\"\ninterval = \"100ms\"";
    let [websocket, sse, tcp] = PUSHING;
    Parts {
        one_way_ms: 0,
        measure_s,
        stagger: "4ms",
        subscribers: 20,
        follow: "",
        topics: 1,
        schedule: "every = \"19ms\"",
        transports: &[websocket, sse, LONG_POLLING, polled, tcp],
    }
    .setup(&[("short-polling", 100.0)])
}

/// How long a server that is stopped for a second is watched, and its twin that is not, in seconds.
pub fn stopped_s(dose: Dose) -> u32 {
    match dose {
        Dose::Short => 4,
        Dose::Thorough => 6,
    }
}

/// Push at a distance.
pub fn push(dose: Dose) -> Setup {
    match dose {
        Dose::Short => far(),
        Dose::Thorough => push_alone(30),
    }
}

/// Push on one host.
pub fn push_near(dose: Dose) -> Setup {
    match dose {
        Dose::Short => near(stopped_s(dose)),
        Dose::Thorough => push_alone(0),
    }
}

fn push_alone(one_way_ms: u32) -> Setup {
    Parts {
        one_way_ms,
        measure_s: 5,
        stagger: "20ms",
        subscribers: 20,
        follow: "",
        topics: 1,
        schedule: "poisson = \"20/s\"",
        transports: &PUSHING,
    }
    .setup(&[])
}

/// Push and long polling at a distance, once with bytes held back and once with packets.
pub fn link() -> Setup {
    let on_packets = |entry: &str, label: &str| format!("{entry}\nlabel = \"{label}\"\nlink = \"packets\"");
    let [websocket, ..] = PUSHING;
    Parts {
        one_way_ms: LONG_POLLING_WAY_MS,
        measure_s: 8,
        stagger: "20ms",
        subscribers: 40,
        follow: "topics = 1",
        topics: 40,
        schedule: &format!("poisson = \"{:.4}/s\"", rate_per_s(0.3)),
        transports: &[
            websocket,
            &on_packets(websocket, "websocket-packets"),
            LONG_POLLING,
            &on_packets(LONG_POLLING, "long-polling-packets"),
        ],
    }
    .setup(&[])
}

/// Short polling at a distance.
pub fn short_polling(dose: Dose) -> Setup {
    let (rate, delay) = ("label = \"rate\"", "label = \"delay\"\npacing = \"fixed-delay\"");
    let polled = |how: &str| format!("use = \"short-polling\"\ninterval = \"200ms\"\n{how}");
    match dose {
        Dose::Short => far(),
        // Fixed delay counts from the answer, so a cycle is a round trip longer.
        Dose::Thorough => Parts {
            one_way_ms: 20,
            measure_s: 8,
            stagger: "20ms",
            subscribers: 100,
            follow: "",
            topics: 1,
            schedule: "poisson = \"15/s\"",
            transports: &[&polled(rate), &polled(delay)],
        }
        .setup(&[("rate", 200.0), ("delay", 200.0 + 2.0 * 20.0)]),
    }
}

/// Short polling with one topic for everybody.
pub fn short_polling_shared(dose: Dose) -> Setup {
    match dose {
        Dose::Short => near(stopped_s(dose)),
        Dose::Thorough => short_polling(dose),
    }
}

/// Long polling at a distance, with so many updates per gap; the short edition knows only one.
pub fn long_polling(dose: Dose, updates_per_gap: f64) -> Setup {
    match dose {
        Dose::Short => far(),
        Dose::Thorough => Parts {
            one_way_ms: LONG_POLLING_WAY_MS,
            measure_s: 10,
            stagger: "20ms",
            subscribers: 80,
            follow: "topics = 1",
            topics: 80,
            schedule: &format!("poisson = \"{:.4}/s\"", rate_per_s(updates_per_gap)),
            transports: &["use = \"websocket\"", LONG_POLLING],
        }
        .setup(&[]),
    }
}

/// Long polling of periodic updates, 40 ms away.
pub fn knee(period_ms: u32) -> Setup {
    Parts {
        one_way_ms: 40,
        measure_s: 8,
        stagger: "20ms",
        subscribers: 40,
        follow: "topics = 1",
        topics: 40,
        schedule: &format!("every = \"{period_ms}ms\""),
        transports: &[LONG_POLLING, "use = \"sse\""],
    }
    .setup(&[])
}

/// Ages at a distance: schedules, and by how much of the prediction their means may be off.
pub fn ages(dose: Dose) -> Vec<(&'static str, Setup, f64)> {
    let polled = "use = \"short-polling\"\ninterval = \"250ms\"";
    let setup = |schedule: &str| {
        Parts {
            one_way_ms: 20,
            measure_s: 8,
            stagger: "20ms",
            subscribers: 60,
            follow: "topics = 3",
            // Many topics, so that the means of a few seconds of Poisson gaps come near those of all time.
            topics: 60,
            schedule,
            transports: &["use = \"websocket\"", "use = \"sse\"", polled],
        }
        .setup(&[("short-polling", 250.0)])
    };
    match dose {
        Dose::Short => vec![("poisson", far(), 0.05)],
        Dose::Thorough => vec![
            ("every 190 ms", setup("every = \"190ms\""), 0.02),
            ("poisson", setup("poisson = \"6/s\""), 0.05),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_both_editions_is_right() {
        let of = |dose| {
            let ages = ages(dose).into_iter().map(|(_, setup, _)| setup);
            let knees = [70, 100].map(knee);
            let polled = [short_polling(dose), short_polling_shared(dose), long_polling(dose, 0.3)];
            let pushed = [push(dose), push_near(dose), near(stopped_s(dose)), link()];
            ages.chain(knees).chain(polled).chain(pushed).collect::<Vec<Setup>>()
        };
        for setup in of(Dose::Short).into_iter().chain(of(Dose::Thorough)) {
            if let Err(wrong) = crate::commands::scenarios::parse(&setup.text, "selftest") {
                panic!("{wrong}\n{}", setup.text);
            }
        }
    }
}
