//! The sentences at the top: what they claim, and what they must not.

use crate::sample::{self, SHAPES, UPDATES};
use report::{render, summary};
use results::{Run, WarningKind};

/// The sentences of the only run, on lines of their own, thin spaces as plain ones.
fn answer(run: &Run) -> String {
    let page = render(std::slice::from_ref(run));
    let start = page.find("<div class=\"answer\">").unwrap();
    let end = start + page[start..].find("</div>").unwrap();
    page[start..end].replace("<p>", "").replace("</p>", "").replace('\u{202f}', " ")
}

fn first_sentence(run: &Run) -> String {
    answer(run).lines().nth(1).unwrap().to_owned()
}

/// Every account of this transport takes its ledger from another shape, in all rounds or in one.
fn reshape(run: &mut Run, label: &str, median_ns: f64, only: Option<u32>) {
    let shape = sample::Shape { median_ns, lost: 0, interval_ns: 0.0, ..SHAPES[0] };
    let accounts = run.accounts.iter_mut().filter(|account| account.label == label);
    for account in accounts.filter(|account| only.is_none_or(|round| round == account.round)) {
        account.ledger = sample::account(&shape, account.round, UPDATES).ledger;
    }
}

fn break_down(run: &mut Run, label: &str, from_round: u32) {
    run.accounts.retain(|account| account.label != label || account.round < from_round);
}

#[test]
fn fewer_than_five_rounds_name_no_order() {
    for rounds in [2, 4] {
        let answer = answer(&sample::run(rounds));
        assert!(answer.contains(&format!("{rounds} rounds are too few to name an order between them.")));
        assert!(!answer.contains("order by median"));
    }
}

#[test]
fn five_rounds_name_an_order_where_each_step_is_steady() {
    let answer = answer(&sample::run(5));
    let order = "; in each of 5 rounds the order by median latency, lowest first, was websocket and sse (in no steady order), then \
        long-polling, then short-polling, with more than 10 % at each step.";
    assert!(answer.contains(order), "{answer}");
    assert!(
        answer.contains("There is no steady difference beyond 10 % between websocket and sse."),
        "{answer}"
    );
}

#[test]
fn one_round_against_it_undoes_an_order() {
    let mut run = sample::run(5);
    reshape(&mut run, "long-polling", 1.1e6, Some(3));
    let answer = answer(&run);
    assert!(
        answer.contains("was websocket, sse and long-polling (in no steady order), then short-polling, with"),
        "{answer}"
    );
    assert!(answer.contains("no steady difference beyond 10 % between websocket, sse and long-polling."));
}

#[test]
fn a_difference_within_the_margin_is_none() {
    let mut run = sample::run(5);
    for (label, median_ns) in [("sse", 1.1e6), ("long-polling", 1.13e6), ("short-polling", 1.09e6)] {
        reshape(&mut run, label, median_ns, None);
    }
    let sentence = "All four delivered everything that was due; their median latencies were within 10 % of \
        each other in each of 5 rounds.";
    assert_eq!(first_sentence(&run), sentence);
    reshape(&mut run, "sse", 2e6, Some(2));
    assert!(first_sentence(&run).ends_with("their median latencies show no steady difference beyond 10 %."));
}

#[test]
fn a_steady_pair_around_an_unsteady_one_is_named() {
    let mut run = sample::run(5);
    for (label, median_ns) in [("sse", 1.15e6), ("long-polling", 1.23e6), ("short-polling", 3e6)] {
        reshape(&mut run, label, median_ns, None);
    }
    let answer = answer(&run);
    assert!(answer.contains("between websocket and sse, nor between sse and long-polling."), "{answer}");
    assert!(answer.contains("the median over long-polling was more than 10 % above that over websocket."));
}

#[test]
fn who_broke_down_did_not_deliver_everything() {
    let mut run = sample::run(5);
    break_down(&mut run, "sse", 1);
    assert!(first_sentence(&run).starts_with(
        "websocket and long-polling delivered everything that was due, short-polling did not, sse did not close \
         every round; in each of 5 rounds the order by median latency, lowest first, was websocket, then long-polling, "
    ));
    let answer = answer(&run);
    assert!(answer.contains("sse closed 1 of 5 rounds; in what it closed 100 % of what was due arrived."));
    assert!(answer.contains("sse is not in this comparison: it closed fewer than 5 rounds."), "{answer}");
    let page = render(std::slice::from_ref(&run));
    assert!(page.contains("sse <span class=\"quiet\">closed 1 of 5 rounds</span>"));
    assert_eq!(summary(&run)[1][0], "sse (1 of 5 rounds)");
    assert_eq!(summary(&run)[4][0], "tcp (floor)");
}

#[test]
fn who_never_closed_a_round_is_not_passed_over() {
    let mut run = sample::run(5);
    break_down(&mut run, "sse", 0);
    assert!(answer(&run).contains("sse closed none of 5 rounds."));
    assert_eq!(summary(&run)[1][0], "sse (0 of 5 rounds)");
}

#[test]
fn an_order_is_taken_from_common_rounds_only() {
    let mut run = sample::run(6);
    break_down(&mut run, "sse", 5);
    run.accounts.retain(|account| account.label != "websocket" || account.round != 0);
    let said = first_sentence(&run);
    assert!(said.ends_with("they have 4 rounds in common, too few to name an order between them."), "{said}");
}

#[test]
fn a_run_without_an_end_began_the_rounds_that_it_mentions() {
    let mut run = sample::run(3);
    (run.end, run.header.rounds) = (None, 9);
    assert_eq!(summary(&run)[0][0], "websocket");
    run.warnings.push(results::Warning {
        round: Some(3),
        ..sample::warning(WarningKind::ChildDied, Some("sse"), "It died.", "Look.")
    });
    assert_eq!(summary(&run)[0][0], "websocket (3 of 4 rounds)");
    assert!(!answer(&run).contains("delivered everything that was due"));
    assert!(first_sentence(&run).contains("websocket, sse and long-polling did not close every round; "));
}

#[test]
fn a_round_that_was_cut_short_is_left_out_and_named() {
    let mut run = sample::run(2);
    run.accounts.iter_mut().filter(|account| account.round == 1).for_each(|account| account.complete = false);
    let page = render(std::slice::from_ref(&run));
    assert!(page.contains("closed 1 of 2 rounds; what was cut short is left out"));
    assert_eq!(summary(&run)[0][1..], summary(&sample::run(1))[0][1..]);

    run.accounts.retain(|account| !account.complete);
    assert!(
        render(std::slice::from_ref(&run)).contains("closed 0 of 2 rounds; all that there is was cut short")
    );
    assert!(answer(&run).contains("websocket closed none of 2 rounds; in what was cut short 100 % of"));
}
