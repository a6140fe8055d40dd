//! Rounds and labels in few words.

use std::collections::BTreeSet;

/// `all rounds`, `round 1`, `rounds 1 and 3`, `rounds 1 to 4`. Empty of none. Counted from 0, of so many.
pub(super) fn rounds(rounds: &[u32], all: u32) -> String {
    let numbers: Vec<u64> = rounds.iter().map(|round| u64::from(*round) + 1).collect();
    match numbers.as_slice() {
        [] => String::new(),
        numbers if numbers.len() as u64 == u64::from(all) && all > 1 => "all rounds".to_owned(),
        [only] => format!("round {only}"),
        numbers => format!("rounds {}", list(&spans(numbers))),
    }
}

/// Three or more in a row become a span.
fn spans(numbers: &[u64]) -> Vec<String> {
    let rows = numbers.chunk_by(|left, right| right - left == 1);
    let spans = rows.flat_map(|row| match row {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        few => few.iter().map(u64::to_string).collect(),
    });
    spans.collect()
}

/// More labels than this are counted.
const MOST_LABELS: usize = 4;

/// The labels, or how many of all they are. Empty where it is about all of them without naming any.
pub(super) fn labels(labels: &[String], all: usize) -> String {
    match labels.len() {
        0 => String::new(),
        count if count == all && all > 1 => format!("all {all} transports"),
        count if count > MOST_LABELS => format!("{count} of {all} transports"),
        _ => list(labels),
    }
}

pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Each once, in order.
pub(super) fn sorted(rounds: impl IntoIterator<Item = u32>) -> Vec<u32> {
    rounds.into_iter().collect::<BTreeSet<u32>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_folded() {
        let said = |numbers: &[u32]| rounds(numbers, 9);
        assert_eq!([said(&[]), said(&[0]), said(&[0, 2])], ["", "round 1", "rounds 1 and 3"]);
        assert_eq!(said(&[0, 1]), "rounds 1 and 2");
        assert_eq!(said(&[0, 1, 2, 3, 6]), "rounds 1 to 4 and 7");
        assert_eq!((rounds(&[0, 1, 2], 3), rounds(&[0], 1)), ("all rounds".to_owned(), "round 1".to_owned()));
    }

    #[test]
    fn labels_are_named_or_counted() {
        let of = |count: usize| labels(&(0..count).map(|k| format!("t{k}")).collect::<Vec<_>>(), 9);
        assert_eq!([of(0), of(1), of(3)], ["", "t0", "t0, t1 and t2"]);
        assert_eq!([of(5), of(9)], ["5 of 9 transports", "all 9 transports"]);
    }
}
