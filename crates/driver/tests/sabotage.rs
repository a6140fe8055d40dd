//! The self-test fails where a transport is broken on purpose, for the right reason, and holds elsewhere.
//!
//! This file is both: the test, and a `pushpull` with one transport that does something wrong. A program's processes
//! are started from its own file, so the broken one reaches servers and clients alike.

#![expect(clippy::print_stdout, reason = "a test harness speaks")]

use driver::transports::TRANSPORTS;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use options::{Value, Values};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::process::{Command, ExitCode, Output, Stdio};
use std::time::Duration;
use transport::{Batch, Description, Error, Event, Hub, Requests, Subscription, Transport, Updates};
use wire::{Dialer, Listener, Timer};

/// Says which fault this program has; where it is set, this is the program and not the test.
const FAULT: &str = "PUSHPULL_TEST_FAULT";

/// A transport, what is wrong with it, and what must come of that.
struct Sabotage {
    fault: &'static str,
    list: &'static [Description],
    /// The word that chooses the check which must find it, and the transport that it must name.
    finds: &'static str,
    names: &'static str,
    /// Words of checks over the same run that must hold.
    holds: &'static [&'static str],
}

const WEBSOCKET: Description = TRANSPORTS[0];
const SSE: Description = TRANSPORTS[1];
const LONG_POLLING: Description = TRANSPORTS[2];
const SHORT_POLLING: Description = TRANSPORTS[3];
const TCP: Description = TRANSPORTS[5];

const SABOTAGES: [Sabotage; 3] = [
    Sabotage {
        fault: "held-back",
        list: &[Description { build: held_back, ..WEBSOCKET }, SSE, LONG_POLLING, SHORT_POLLING, TCP],
        finds: "push is one transit",
        names: "websocket",
        holds: &["short polling", "at its limit", "two round trips", "books"],
    },
    Sabotage {
        fault: "wrong-interval",
        list: &[WEBSOCKET, SSE, LONG_POLLING, Description { build: wrong_interval, ..SHORT_POLLING }, TCP],
        finds: "short polling",
        names: "short-polling",
        holds: &["push is one transit", "at its limit", "two round trips", "books"],
    },
    Sabotage {
        fault: "lossy",
        list: &[WEBSOCKET, Description { build: lossy, ..SSE }, LONG_POLLING, SHORT_POLLING, TCP],
        finds: "books",
        names: "sse",
        holds: &["at its limit", "two round trips"],
    },
];

fn main() -> ExitCode {
    if let Ok(fault) = std::env::var(FAULT) {
        let found = SABOTAGES.iter().find(|sabotage| sabotage.fault == fault);
        return driver::main_with(found.map_or(TRANSPORTS, |sabotage| sabotage.list));
    }
    if cfg!(debug_assertions) {
        println!("sabotage: not run in an unoptimised build; use `cargo test --release`");
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    for sabotage in SABOTAGES.iter().filter(|sabotage| chosen(sabotage.fault)) {
        is_found(sabotage);
        println!("{} is found in `{}`, of {}", sabotage.fault, sabotage.finds, sabotage.names);
    }
    ExitCode::SUCCESS
}

/// Runs the self-test with a fault until no neighbour disturbs it, and looks at what it says.
fn is_found(sabotage: &Sabotage) {
    const ATTEMPTS: u32 = 4;
    for _ in 0..ATTEMPTS {
        let output = selftest(sabotage);
        let said: Json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let checks = said["checks"].as_array().expect("checks");
        if checks.iter().any(|check| check["verdict"] == "inconclusive") {
            println!("{}: disturbed, once more: {}", sabotage.fault, said["sentence"]);
            continue;
        }
        assert_eq!(output.status.code(), Some(1), "{said:#}");
        assert_eq!((said["verdict"].as_str(), said["trusted"].as_bool()), (Some("broken"), Some(false)));
        for check in checks {
            let name = check["check"].as_str().expect("a name");
            let is_the_one = name.contains(sabotage.finds);
            assert_eq!(check["verdict"], if is_the_one { "broken" } else { "holds" }, "{name}: {check:#}");
            if is_the_one {
                assert!(
                    said["sentence"].as_str().is_some_and(|sentence| sentence.contains(name)),
                    "{said:#}"
                );
                assert_eq!(blamed(check), BTreeSet::from([sabotage.names]), "{check:#}");
            }
        }
        assert_eq!(checks.len(), 1 + sabotage.holds.len(), "{said:#}");
        return;
    }
    panic!("{}: disturbed {ATTEMPTS} times in a row: run it again on a quiet machine", sabotage.fault);
}

fn selftest(sabotage: &Sabotage) -> Output {
    let words = [sabotage.finds].into_iter().chain(sabotage.holds.iter().copied());
    Command::new(std::env::current_exe().expect("this file"))
        .args(["selftest", "--json"])
        .args(words.map(|word| format!("--only={word}")))
        .env(FAULT, sabotage.fault)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

/// The transports of which a figure by itself is off. Of a ratio nobody can tell which side is.
fn blamed(check: &Json) -> BTreeSet<&str> {
    let figures = check["figures"].as_array().expect("figures").iter();
    let off = figures.filter(|figure| figure["holds"] == false && figure["unit"] != "ratio");
    off.map(|figure| figure["what"].as_str().and_then(|what| what.split(':').next()).expect("a name"))
        .collect()
}

/// A real transport, of which something is done to whatever its clients get.
struct Broken(Box<dyn Transport>, fn(Updates, Timer) -> Updates);

impl Transport for Broken {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, std::io::Result<()>> {
        self.0.serve(listener, hub, timer)
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let (opening, harm) = (self.0.connect(dialer, subscription, timer.clone()), self.1);
        Box::pin(async move {
            let (updates, requests) = opening.await?;
            Ok((harm(updates, timer), requests))
        })
    }
}

/// Everything comes 40 ms late, as with Nagle's algorithm and delayed acknowledgements.
fn held_back(values: &Values) -> Box<dyn Transport> {
    const HELD: Duration = Duration::from_millis(40);
    const UNDER_WAY: usize = 1_024;
    let hold = |updates: Updates, timer: Timer| {
        // A sleep counts from here, so those of updates that follow closely run side by side.
        let held = updates.map(move |batch| {
            let sleep = timer.sleep(HELD);
            async move {
                sleep.await;
                batch
            }
        });
        held.buffered(UNDER_WAY).boxed()
    };
    Box::new(Broken((WEBSOCKET.build)(values), hold))
}

/// Polls at five quarters of the interval that it was told.
fn wrong_interval(values: &Values) -> Box<dyn Transport> {
    let mut wrong = values.clone();
    let interval = SHORT_POLLING.options.iter().find(|spec| spec.name == "interval").expect("an interval");
    wrong.set(interval, Value::Duration(values.duration("interval").mul_f64(1.25)));
    (SHORT_POLLING.build)(&wrong)
}

/// Loses every fiftieth update.
fn lossy(values: &Values) -> Box<dyn Transport> {
    const EVERY: u64 = 50;
    let lose = |updates: Updates, _: Timer| {
        let kept = updates.flat_map(|batch| {
            let batches: Vec<Result<Batch, Error>> = match batch {
                Ok(batch) => batch.events.into_iter().filter(is_kept).map(|event| Ok(event.into())).collect(),
                Err(error) => vec![Err(error)],
            };
            stream::iter(batches)
        });
        kept.boxed()
    };
    fn is_kept(event: &Event) -> bool {
        !matches!(event, Event::Update(update) if update.seq % EVERY == 0)
    }
    Box::new(Broken((SSE.build)(values), lose))
}
