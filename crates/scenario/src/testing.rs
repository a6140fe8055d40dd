//! Scenarios for tests, and transports that carry nothing.

use crate::{Scenario, TransportKind};
use options::{Carriage, Kind, Pacing, Spec, Values};
use std::time::Duration;

const SPAN: Kind = Kind::Duration { min: Duration::from_millis(10), max: Duration::from_secs(60) };
const HOLD: Spec = Spec { name: "hold", kind: SPAN, default: "25s", help: "" };
const INTERVAL: Spec = Spec { name: "interval", kind: SPAN, default: "1s", help: "" };
const PACING: Spec = Spec {
    name: "pacing",
    kind: Kind::Choice(&["fixed-rate", "fixed-delay"]),
    default: "fixed-rate",
    help: "",
};

/// Four transports with the usual settings.
pub(crate) const KINDS: &[TransportKind] = &[
    TransportKind { name: "websocket", options: &[], carriage: |_| Carriage::Push },
    TransportKind { name: "sse", options: &[], carriage: |_| Carriage::Push },
    TransportKind {
        name: "long-polling",
        options: &[HOLD],
        carriage: |values| Carriage::LongPoll { hold: values.duration("hold") },
    },
    TransportKind { name: "short-polling", options: &[INTERVAL, PACING], carriage: short_polling },
];

fn short_polling(values: &Values) -> Carriage {
    let pacing = match values.choice("pacing") {
        "fixed-rate" => Pacing::FixedRate,
        _ => Pacing::FixedDelay,
    };
    Carriage::ShortPoll { interval: values.duration("interval"), pacing, random_phase: true }
}

/// A text that is right, with this in its one topic.
pub(crate) fn text(topic: &str) -> String {
    format!(
        "# Which one?\nseed = 1\nmeasure = \"10s\"\n\n[subscribers]\ncount = 20\n\n[[topic]]\nname = \"cpu\"\n\
         body = \"120B\"\n{topic}\n\n[[transport]]\nuse = \"websocket\"\n"
    )
}

/// The scenario of such a text.
pub(crate) fn scenario(topic: &str) -> Scenario {
    parse(&text(topic))
}

/// The scenario of a text that has to be right.
pub(crate) fn parse(text: &str) -> Scenario {
    match Scenario::parse(text, KINDS) {
        Ok(scenario) => scenario,
        Err(mistakes) => panic!("{mistakes:#?}\n{text}"),
    }
}
