//! The headline, and what candidates are said to be.

use super::names::{self, list, mid, sentence_case};
use super::rule::View;
use super::{Decision, Found, Kind, Outcome, Path, Scale, Word};
use crate::claims::Answer;
use crate::through::Passage;
use crate::{format, warnings};
use results::Run;
use scenario::{Figure, NEEDS};

/// The answer in one line.
pub(super) fn headline(decision: &Decision<'_>) -> String {
    let run = decision.run;
    match decision.outcome {
        Outcome::Recommended if decision.sheet.paths.len() > 1 => {
            let paths = 0..decision.sheet.paths.len();
            let said: Vec<String> = paths.map(|path| of_path(decision, path)).collect();
            said.join(" ")
        }
        Outcome::Recommended => choice(decision, 0),
        Outcome::Invalid => "Do not use these numbers.".to_owned(),
        Outcome::Unfinished => "This run did not finish, so it recommends nothing.".to_owned(),
        Outcome::NothingClosed => {
            "No transport completed a round, so there is nothing to compare.".to_owned()
        }
        Outcome::OneRound => "One round recommends nothing: run it with --rounds 5.".to_owned(),
        Outcome::NoneMeets => none_meets(decision),
        Outcome::Alone => match decision.sheet.rows.first() {
            Some(row) => format!(
                "{} is alone in this run: there is nothing to compare it with.",
                names::entry(run, &row.label)
            ),
            None => "There is no candidate in this run.".to_owned(),
        },
        Outcome::NoChoice => match super::finding(decision) {
            Some(claimed) => finding(&claimed),
            None => "Measured; the scenario asks for no choice.".to_owned(),
        },
    }
}

/// A claim with its verdict, as a headline.
fn finding(claimed: &crate::Claimed) -> String {
    let says = claimed.says.trim_end_matches('.');
    match claimed.answer {
        Answer::Holds => format!("Confirmed: {}.", says),
        Answer::DoesNotHold => format!("Refuted: {}.", says),
        Answer::CantTell => format!("Inconclusive: {}.", says),
    }
}

/// The answer in a few words.
pub(super) fn title(decision: &Decision<'_>) -> String {
    let recommended = decision.recommended();
    let mut named: Vec<String> =
        recommended.iter().map(|label| mid(&names::entry(decision.run, label))).collect();
    named.dedup();
    match (decision.outcome, named.as_slice()) {
        (Outcome::Recommended, [_, ..]) if named.len() <= 2 => {
            format!("Use {}", names::joined(&named, "or"))
        }
        (Outcome::Recommended, _) => "Depends on the path".to_owned(),
        (Outcome::NoneMeets, _) => "No transport meets the limits".to_owned(),
        (Outcome::NoChoice, _) => headline(decision).trim_end_matches('.').to_owned(),
        _ => "No recommendation".to_owned(),
    }
}

/// "Use SSE. WebSocket performs the same."
fn choice(decision: &Decision<'_>, path: usize) -> String {
    let (first, same, enough) = named(decision, path);
    let mut said = vec![format!("Use {}.", mid(&first))];
    if !same.is_empty() {
        let verb = if same.len() == 1 { "performs" } else { "perform" };
        said.push(sentence_case(&format!("{} {verb} the same here.", list(&same))));
    }
    if !enough.is_empty() {
        let verb = if enough.len() == 1 { "is" } else { "are" };
        said.push(sentence_case(&format!("{} {verb} slower, and enough.", list(&enough))));
    }
    said.join(" ")
}

/// "Through nginx as installed: SSE; long polling performs the same."
fn of_path(decision: &Decision<'_>, path: usize) -> String {
    let run = decision.run;
    let usual = Path::usual(run);
    let here =
        decision.sheet.paths[path].differs(run, &usual).unwrap_or_else(|| "on the usual path".to_owned());
    if decision.ruling.class(path).is_empty() {
        return sentence_case(&format!("{here}: no transport meets the limits."));
    }
    let (first, same, enough) = named(decision, path);
    let same = [same, enough].concat();
    let also = if same.is_empty() { String::new() } else { format!(" or {}", names::joined(&same, "or")) };
    sentence_case(&format!("{here}: use {}{also}.", mid(&first)))
}

/// Who is recommended, who performs the same and who is enough, on one path.
fn named(decision: &Decision<'_>, path: usize) -> (String, Vec<String>, Vec<String>) {
    let of = |word: Word| {
        let places =
            decision.ruling.places.iter().filter(move |place| place.path == path && place.word == word);
        let names = places.map(|place| mid(&names::entry(decision.run, &place.label)));
        names.collect::<Vec<String>>()
    };
    let first = of(Word::Recommended).into_iter().next().unwrap_or_default();
    (sentence_case(&first), of(Word::Same), of(Word::Enough))
}

fn none_meets(decision: &Decision<'_>) -> String {
    let nearest = decision.held.iter().filter(|held| decision.sheet.row(&held.label).is_some());
    let least = nearest.filter_map(|held| {
        let missed = held.missed().filter_map(|missed| missed.share_to_spare());
        Some((held, missed.min_by(f64::total_cmp)?))
    });
    match least.max_by(|(_, one), (_, two)| one.total_cmp(two)) {
        Some((held, _)) => {
            let missed: Vec<String> = held.missed().map(missed).collect();
            format!(
                "No transport meets the limits. The nearest is {}: {}.",
                mid(&names::entry(decision.run, &held.label)),
                list(&missed)
            )
        }
        None => "No transport meets the requirements.".to_owned(),
    }
}

/// "stutters per minute 996, limit 10"
pub(super) fn missed(checked: &crate::claims::Checked) -> String {
    let value = checked
        .shown
        .map_or_else(|| format::NONE.to_owned(), |shown| super::table::limited(checked.unit, shown.value));
    let limit = checked.asked().replace("at most", "limit");
    format!("{} {value}, {limit}", checked.measure)
}

/// Why a candidate has its word.
pub(super) fn detail(decision: &Decision<'_>, label: &str) -> String {
    let Some(place) = decision.ruling.place(label) else { return String::new() };
    if place.word == Word::Misses {
        return misses(decision, label);
    }
    if decision.outcome != Outcome::Recommended {
        return String::new();
    }
    let open = decision.held(label).into_iter().flat_map(|held| held.open());
    let open: Vec<String> = open.map(|open| format!("{} inconclusive", open.measure)).collect();
    [more(decision, label, place.path), open.join(", ")]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// What a candidate costs more, or is slower by, than the recommended one; then than the others.
fn more(decision: &Decision<'_>, label: &str, path: usize) -> String {
    let view = View { sheet: &decision.sheet, without: None };
    let Some(row) = decision.sheet.row(label) else { return String::new() };
    let others = decision.sheet.rows.iter().filter(|other| {
        other.path == path
            && other.label != label
            && decision.ruling.place(&other.label).is_some_and(|place| place.word != Word::Misses)
    });
    let mut others: Vec<_> = others.collect();
    others.sort_by_key(|other| decision.ruling.place(&other.label).map(|place| place.word));
    for other in others {
        let found = view.differences(row, other);
        let said: Vec<String> = found
            .iter()
            .filter(|difference| difference.found == Found::More)
            .map(|difference| {
                let criterion = &decision.sheet.criteria[difference.criterion];
                let (of, against) = (criterion.print(difference.of), criterion.print(difference.against));
                format!(
                    "{} {of}, {} {against}",
                    criterion.name(),
                    mid(&names::entry(decision.run, &other.label))
                )
            })
            .collect();
        if !said.is_empty() {
            return said.join("; ");
        }
    }
    String::new()
}

fn misses(decision: &Decision<'_>, label: &str) -> String {
    let run = decision.run;
    let mut said = Vec::new();
    if let Some(passage) = Passage::of(run, label).filter(|passage| !passage.is_free()) {
        // Of what a server or proxy said, the beginning: its status.
        let brief = |why: &str| why.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
        let why = passage.failure.as_deref().map(|why| format!(", {}", brief(why))).unwrap_or_default();
        said.push(match passage.connected {
            connected if connected < passage.clients => {
                format!("{connected} of {} connected{why}", passage.clients)
            }
            _ => format!("connected, and received nothing{why}"),
        });
    }
    if let Some(held) = decision.held(label) {
        let need = |need: &String| {
            let known = NEEDS.iter().find(|(name, _)| name == need);
            format!("needed: {}", known.map_or(need.as_str(), |(_, words)| words))
        };
        said.extend(held.lacks.iter().map(need));
        if said.is_empty() {
            said.extend(held.missed().map(missed).take(1));
        }
    }
    let reach = crate::Reach::of(run, label);
    if said.is_empty() && reach.closed < reach.started {
        said.push(format!("completed {} of {} rounds", reach.closed, reach.started));
    }
    if said.is_empty() && reach.is_short() {
        let due = reach.expected.saturating_sub(reach.superseded);
        said.push(format!("delivered {}", format::percent(reach.delivered, due)));
    }
    said.join("; ")
}

/// How stable the answer is.
pub(super) fn stability(decision: &Decision<'_>) -> Vec<String> {
    if decision.outcome != Outcome::Recommended {
        return Vec::new();
    }
    std::iter::once(decision.stability.said()).chain(previous(decision)).collect()
}

/// Which differences the run would not have shown, of the first two of each class.
pub(super) fn unseen(decision: &Decision<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for path in 0..decision.sheet.paths.len() {
        let class = decision.ruling.class(path);
        let [first, second, ..] = class.as_slice() else { continue };
        let hidden = super::stability::unseen(&decision.sheet, first, second);
        let parts: Vec<String> = hidden
            .iter()
            .map(|(criterion, hidden)| format!("{} in {}", criterion.print(*hidden), criterion.name()))
            .collect();
        if !parts.is_empty() {
            let [first, second] = [first, second].map(|label| mid(&names::entry(decision.run, label)));
            said.push(format!(
                "Between {first} and {second}, this run would not have shown a difference of less than {}.",
                list(&parts)
            ));
        }
    }
    said
}

/// Whether the last stored run of the scenario said the same.
fn previous(decision: &Decision<'_>) -> Option<String> {
    let previous = decision.run.previous.as_ref()?;
    let when = format::date(&previous.started);
    let class: Vec<&str> = decision.class();
    Some(if previous.class == class {
        format!("The run of {when} gave the same answer.")
    } else {
        format!("The run of {when} gave another answer: \u{201c}{}\u{201d}", previous.headline)
    })
}

/// "200 users"
pub(super) fn users(run: &Run) -> String {
    let scale = Scale::of(run);
    let noun = match run.header.shape.as_str() {
        "telemetry" => "devices",
        "reply" | "exchange" => "clients",
        "rooms" | "duplex" => "users",
        _ => "subscribers",
    };
    format!("{} {noun}", format::count(scale.users as u64))
}

/// Over what the answer holds.
pub(super) fn conditions(run: &Run) -> String {
    let header = &run.header;
    let path = Path::usual(run);
    let distance = match path.delay_ns {
        0 => "loopback without added delay".to_owned(),
        ns => format!("{} round trip, emulated", format::tick(2.0 * ns as f64)),
    };
    let tls = if path.way.contains_key("tls") { "with TLS" } else { "without TLS" };
    let clients =
        if path.way.contains_key("headers") { "a browser\u{2019}s header fields" } else { "bare clients" };
    let link = path.way.get("link").map(|link| format!(", {link}")).unwrap_or_default();
    let seconds = format::tick(header.measure_ns as f64);
    let rounds = if header.rounds == 1 { "round" } else { "rounds" };
    format!(
        "HTTP/1.1 {tls}, {clients}, one host, {distance}{link}; {} {rounds} of {seconds}, {} {}",
        header.rounds,
        format::count(u64::from(header.subscribers)),
        users_noun(run)
    )
}

fn users_noun(run: &Run) -> String {
    users(run).rsplit(' ').next().unwrap_or_default().to_owned()
}

/// What heads the column of a figure.
pub(super) fn heading(figure: &str, at: Option<&str>) -> String {
    let title = Figure::parse(figure).map_or(figure, |figure| figure.facts().title);
    match at {
        None => sentence_case(title),
        Some(at) if at.starts_with("beyond ") => {
            format!("Later than {}", names::spaced(&at["beyond ".len()..]))
        }
        Some(at) => format!("{}, {at}", sentence_case(title)),
    }
}

/// What a delay is of, at the beginning of a sentence.
pub(super) fn noun(figure: Figure) -> String {
    match figure {
        Figure::Latency => "An update arrives".to_owned(),
        Figure::SeenByAll => "The last member of a room has a message".to_owned(),
        Figure::FirstChunk => "The first part of a reply arrives".to_owned(),
        Figure::Cold => "The answer over a new connection takes".to_owned(),
        Figure::Warm => "The answer over an open connection takes".to_owned(),
        Figure::Effect => "An input shows its effect".to_owned(),
        Figure::Uplink => "A post reaches the server".to_owned(),
        Figure::Staleness => "What is shown has an age of".to_owned(),
        other => sentence_case(other.facts().title),
    }
}

/// What is said of the run before its figures, where they are not to be used.
pub(super) fn unusable(decision: &Decision<'_>) -> Option<String> {
    match decision.outcome {
        // The headline says it already.
        Outcome::Invalid => {
            let line = warnings::first_line(decision.run)?;
            let rest = line.strip_prefix("Do not use these numbers: ").map(str::to_owned);
            Some(rest.unwrap_or(line))
        }
        Outcome::Unfinished => Some(unfinished(decision.run)),
        Outcome::NothingClosed => Some("The warnings say what broke.".to_owned()),
        _ => None,
    }
}

fn unfinished(run: &Run) -> String {
    let reason = match &run.end {
        _ if run.truncated => "its file breaks off within a line".to_owned(),
        Some(end) => end.reason.trim_end_matches('.').to_owned(),
        None => "its file has no end: it is still running, or it was killed".to_owned(),
    };
    format!("The reason: {reason}. What was measured stands below.")
}

/// Whether a criterion is one that a reader feels.
pub(super) fn is_felt(kind: Kind) -> bool {
    matches!(kind, Kind::Delay | Kind::Count)
}
