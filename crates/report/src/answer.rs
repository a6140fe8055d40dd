//! The answer in sentences, by a rule that is printed below them.

use crate::order::{self, MARGIN_PERCENT, MIN_ROUNDS, Order, Tier};
use crate::standing::{Quantile, Standing};
use crate::{columns, format};
use ledger::Books;
use results::Run;

/// How the sentences come about, for the reader to check.
pub(crate) fn rule() -> String {
    format!(
        "How this was worded: \u{201c}everything\u{201d} means that the transport closed every round that the run \
        began, and that no update that was due for a subscriber is missing from what it got. Shares are of what \
        was due: what never arrived counts as infinitely late, and what was skipped in favour of something newer \
        does not count. An order is named from {MIN_ROUNDS} rounds on that all transports in it closed, and only \
        where in every one of them the slower median exceeds the faster one by more than {margin}. Raw TCP is \
        the floor and stays out of it. ~ marks a figure with too little behind it.",
        margin = margin()
    )
}

/// A few plain sentences; never empty. The first one stands for itself.
pub(crate) fn sentences(run: &Run, standings: &[Standing]) -> Vec<String> {
    let contestants: Vec<&Standing> = standings.iter().filter(|standing| !standing.entry.floor).collect();
    if contestants.iter().all(|standing| standing.merged.is_none()) {
        return vec!["No round of any transport was closed, so there is nothing to answer with.".to_owned()];
    }
    let labels: Vec<&str> = contestants.iter().map(|standing| standing.label()).collect();
    let order = order::of(run, &labels);
    let mut sentences = vec![headline(&contestants, &order)];
    sentences.extend(order_in_full(&order));
    sentences.extend(shortfalls(&contestants));
    sentences.extend(latency(&contestants));
    sentences.extend(cost(&contestants));
    sentences
}

/// What the server sent for each update, the one cost that is counted.
fn cost(contestants: &[&Standing]) -> Option<String> {
    let bytes = |standing: &&Standing| {
        let steady = standing.merged.as_ref()?.steady;
        let each = (steady.updates > 0).then(|| steady.bytes_in as f64 / steady.updates as f64)?;
        Some(format!("{} over {}", format::bytes(each), standing.label()))
    };
    let said: Vec<String> = contestants.iter().filter_map(bytes).collect();
    (!said.is_empty()).then(|| format!("For each update that arrived, the server sent {}.", list(&said)))
}

/// What a reader of one sentence should take away: who delivered, and who was faster.
fn headline(contestants: &[&Standing], order: &Order) -> String {
    let delivery = delivery(contestants);
    match contestants {
        [_] => format!("{delivery}; there is no second transport to compare it with."),
        _ => format!("{delivery}; {}.", verdict(contestants, order)),
    }
}

fn delivery(contestants: &[&Standing]) -> String {
    let of = |kind: Delivery| {
        let those = contestants.iter().filter(|standing| delivered(standing) == kind);
        those.map(|standing| standing.label()).collect::<Vec<_>>()
    };
    let (everything, missing, unclosed) =
        (of(Delivery::Everything), of(Delivery::Missing), of(Delivery::Unclosed));
    let mut clauses = Vec::new();
    if !everything.is_empty() {
        let but = match contestants.iter().any(|standing| skipped(standing)) {
            true => ", but for what was skipped in favour of something newer",
            false => "",
        };
        let who = all(&everything, contestants.len());
        clauses.push(format!("{who} delivered everything that was due{but}"));
    }
    if !missing.is_empty() {
        let what = if everything.is_empty() { "did not deliver everything that was due" } else { "did not" };
        clauses.push(format!("{} {what}", list(&missing)));
    }
    if !unclosed.is_empty() {
        clauses.push(format!("{} did not close every round", list(&unclosed)));
    }
    clauses.join(", ")
}

/// What a transport has to show of what was due.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// Every round closed, nothing missing but what was skipped, as the scenario allowed.
    Everything,
    /// Something that was due is known to be missing.
    Missing,
    /// Nothing is known to be missing, but not every round was closed.
    Unclosed,
}

fn delivered(standing: &Standing) -> Delivery {
    let books = standing.merged.as_ref().map(|merged| merged.account.books);
    match books {
        None => Delivery::Unclosed,
        Some(books) if books.expected == 0 || books.delivered + books.superseded != books.expected => {
            Delivery::Missing
        }
        Some(_) if !standing.is_whole() => Delivery::Unclosed,
        Some(_) => Delivery::Everything,
    }
}

fn skipped(standing: &Standing) -> bool {
    standing.merged.as_ref().is_some_and(|merged| merged.account.books.superseded > 0)
}

/// What can be said of latencies against each other, as a clause.
fn verdict(contestants: &[&Standing], order: &Order) -> String {
    if !order.is_known() {
        return too_few(contestants, order);
    }
    let whose = match order.left_out.is_empty() {
        true => "their median latencies".to_owned(),
        false => format!("the median latencies of {}", list(&order.labels())),
    };
    let tiers = order.tiers();
    let (rounds, margin) = (order.rounds, margin());
    match tiers.as_slice() {
        _ if order.is_level() => {
            format!("{whose} were within {margin} of each other in each of {rounds} rounds")
        }
        [only] if only.steady.is_empty() => format!("{whose} show no steady difference beyond {margin}"),
        [_] => format!(
            "{whose} show no clear order: only some pairs differ by more than {margin} in every round"
        ),
        tiers => {
            let step = |tier: &Tier| match tier.labels.len() {
                1 => list(&tier.labels),
                _ => format!("{} (in no steady order)", list(&tier.labels)),
            };
            let steps: Vec<String> = tiers.iter().map(step).collect();
            format!(
                "in each of {rounds} rounds the order by median latency, lowest first, was {}, with more than \
                {margin} at each step",
                steps.join(", then ")
            )
        }
    }
}

fn too_few(contestants: &[&Standing], order: &Order) -> String {
    let closed = contestants.iter().map(|standing| standing.closed()).max().unwrap_or(0);
    match closed {
        0 => "without a closed round no order between them can be named".to_owned(),
        1 => "one round names no winner: nothing tells a difference from an accident".to_owned(),
        _ if closed < MIN_ROUNDS => format!("{closed} rounds are too few to name an order between them"),
        _ if order.labels().len() >= 2 => {
            format!("they have {} rounds in common, too few to name an order between them", order.rounds)
        }
        _ => format!("too few of them have {MIN_ROUNDS} rounds with a known median to name an order"),
    }
}

/// One sentence for each transport from which something is missing.
fn shortfalls(contestants: &[&Standing]) -> Vec<String> {
    let partial = contestants
        .iter()
        .filter(|standing| delivered(standing) != Delivery::Everything || skipped(standing));
    partial.map(|standing| format!("{}.", shortfall(standing))).collect()
}

fn shortfall(standing: &Standing) -> String {
    let (label, closed, started) = (standing.label(), standing.closed(), standing.started);
    match &standing.merged {
        None => format!("{label} closed none of {started} rounds"),
        Some(merged) if !merged.complete => format!(
            "{label} closed none of {started} rounds; in what was cut short {}",
            share(&merged.account.books)
        ),
        Some(merged) if !standing.is_whole() => {
            format!(
                "{label} closed {closed} of {started} rounds; in what it closed {}",
                share(&merged.account.books)
            )
        }
        Some(merged) => format!("Over {label} {}", share(&merged.account.books)),
    }
}

fn share(books: &Books) -> String {
    if books.expected == 0 {
        return "nothing was due".to_owned();
    }
    let reach = format::percent(books.delivered, books.expected);
    let skipped = books.superseded > 0 && books.delivered.saturating_add(books.superseded) == books.expected;
    let rest = match skipped {
        true => ", and the rest was skipped in favour of newer updates",
        false => "",
    };
    format!("{reach} of what was due arrived{rest}")
}

fn latency(contestants: &[&Standing]) -> Option<String> {
    let half = within(contestants, 0.5, "half of what was due arrived within", "more than half of it");
    let most = within(contestants, 0.99, "99 of 100 within", "more than one in 100");
    let said: Vec<String> = [half, most].into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("Counted from when it was due, {}.", said.join("; ")))
}

/// By when a share had arrived, and over what it never did; none when nothing is known of either. In the
/// order of the header, since they may be of different rounds.
fn within(contestants: &[&Standing], q: f64, arrived: &str, missing: &str) -> Option<String> {
    let mut known = Vec::new();
    let mut never = Vec::new();
    for standing in contestants {
        let books = standing.merged.as_ref().map(|merged| merged.account.books);
        match standing.quantile(q) {
            Ok(figure) => known.push((standing.label(), figure)),
            Err(_) if books.is_some_and(|books| books.expected > books.superseded) => {
                never.push(standing.label())
            }
            Err(_) => {}
        }
    }
    let times: Vec<String> = known
        .into_iter()
        .map(|(label, figure)| format!("{} over {label}", columns::latency(&Quantile::Ok(figure)).text()))
        .collect();
    let times = (!times.is_empty()).then(|| format!("{arrived} {}", list(&times)));
    let never = (!never.is_empty()).then(|| format!("{missing} never arrived over {}", list(&never)));
    let said: Vec<String> = [times, never].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", and "))
}

/// What the first sentence leaves out of the order: the pairs within a step, and who is not in it.
fn order_in_full(order: &Order) -> Vec<String> {
    if !order.is_known() {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    let tiers = order.tiers();
    let is_said = order.is_level() || (tiers.len() == 1 && tiers[0].steady.is_empty());
    for tier in tiers.iter().filter(|tier| !is_said && tier.labels.len() > 1) {
        let open = match tier.steady.is_empty() {
            true => list(&tier.labels),
            false => tier.open.iter().map(|pair| list(pair)).collect::<Vec<_>>().join(", nor between "),
        };
        sentences.push(format!("There is no steady difference beyond {} between {open}.", margin()));
        sentences.extend(tier.steady.iter().map(|[lower, higher]| {
            format!(
                "In every round the median over {higher} was more than {} above that over {lower}.",
                margin()
            )
        }));
    }
    let left_out = order.left_out.iter();
    sentences.extend(left_out.map(|(label, why)| format!("{label} is not in this comparison: {why}.")));
    sentences
}

fn margin() -> String {
    format!("{MARGIN_PERCENT}\u{202f}%")
}

/// Labels, unless they are those of all.
fn all(labels: &[&str], total: usize) -> String {
    match total {
        _ if labels.len() < total => list(labels),
        1 => list(labels),
        2 => "Both".to_owned(),
        _ => format!("All {}", number(total)),
    }
}

/// Small numbers in words.
fn number(count: usize) -> String {
    match count {
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        5 => "five".to_owned(),
        6 => "six".to_owned(),
        _ => format::count(count as u64),
    }
}

fn list(items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
