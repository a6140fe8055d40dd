//! The warning about a round that began without some of its subscribers.

use super::draft::{Draft, Found, LAST_FAILURE};
use super::missing;
use super::sentence::Sentence;
use results::{Header, Warning, WarningKind};

/// What follows the two numbers, in this version's words and the older ones'.
const AT_THE_START: &str = " subscribers were connected at the start";

/// How older versions went on.
const ANOTHER: &str = "; another one said: ";

/// The warning about a round in which so many subscribers were connected at the start, where those are not all.
/// `failure` is why another one was not.
#[must_use]
pub fn of_connecting(
    header: &Header,
    round: u32,
    label: &str,
    connected: u32,
    failure: Option<&str>,
) -> Option<Warning> {
    let all = header.subscribers;
    let draft = || draft(header, label, (connected.into(), all.into()), failure);
    (connected < all).then(|| draft().about(Some(label), Some(round)).into_warning())
}

/// The same again, from a warning that was written down: no account holds these numbers.
pub(super) fn again(header: &Header, warning: &Warning) -> Option<Found> {
    let label = warning.label.as_deref().filter(|_| warning.kind == WarningKind::ConnectionsMissing)?;
    let (numbers, rest) = warning.message.split_once(AT_THE_START)?;
    let (connected, all) = numbers.split_once(" of ")?;
    let number = |text: &str| {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        digits.parse::<u64>().ok()
    };
    let failure = [LAST_FAILURE, ANOTHER].into_iter().find_map(|mark| rest.strip_prefix(mark));
    let failure = failure.filter(|failure| *failure != "nothing");
    let draft = draft(header, label, (number(connected)?, number(all)?), failure);
    Some(Draft { severity: warning.severity, ..draft }.about(Some(label), warning.round))
}

fn draft(header: &Header, label: &str, (connected, all): (u64, u64), failure: Option<&str>) -> Draft {
    let sentence = Sentence::of("").count(connected).text(" of ").count(all).text(AT_THE_START);
    let advice = missing::unopened(header, label, failure);
    Draft::caution(WarningKind::ConnectionsMissing, sentence, advice).after(failure)
}
