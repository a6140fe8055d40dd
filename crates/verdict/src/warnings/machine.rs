//! Whether a round had the CPU time that it needed.

use super::draft::Draft;
use super::remedy;
use super::sentence::Sentence;
use super::server_share;
use super::thresholds::{BUSY_SHARE, FOREIGN_CAUTION, SATURATED_SHARE, TIMER_LATE_NS};
use results::{Account, Header, WarningKind};

/// Who had no CPU time left, if somebody had not.
pub(super) fn shortage(header: &Header, account: &Account) -> Option<&'static str> {
    let is_full = |share: Option<f64>| share.is_some_and(|share| share > SATURATED_SHARE);
    match () {
        () if is_full(server_share(header, account)) => Some("the server"),
        () if is_full(clients_share(header, account)) || late_timer_ns(account).is_some() => {
            Some("the test client")
        }
        () if account.host.is_some_and(|host| host.busy_share() > BUSY_SHARE) => Some("the machine"),
        () => None,
    }
}

/// How late clients noticed one in a hundred of their own waits, where that is very late.
pub(super) fn late_timer_ns(account: &Account) -> Option<u64> {
    account.timer_lateness.quantile(0.99).filter(|late_ns| *late_ns > TIMER_LATE_NS)
}

pub(super) fn timer(header: &Header, account: &Account) -> Option<Draft> {
    let late_ns = late_timer_ns(account)?;
    let sentence =
        Sentence::of("the test clients noticed 1\u{202f}% of their own waits ").time(late_ns as f64);
    Some(spare_clients(header, account, sentence.text(" late or later")))
}

pub(super) fn saturated(header: &Header, account: &Account) -> Option<Draft> {
    let share = clients_share(header, account).filter(|share| *share > SATURATED_SHARE)?;
    let sentence = Sentence::of("the test clients used ").share(share.min(1.0)).text(match header.crowds {
        0 | 1 => " of the CPU time that their one process can use".to_owned(),
        crowds => format!(" of the CPU time that their {crowds} processes can use"),
    });
    Some(spare_clients(header, account, sentence))
}

fn clients_share(header: &Header, account: &Account) -> Option<f64> {
    let window_ns = header.measure_ns as f64 * f64::from(header.crowds.max(1));
    (window_ns > 0.0).then_some(account.client_costs.transport_ns? as f64 / window_ns)
}

/// The cheapest remedy that this machine has for clients that are short of CPU time.
fn spare_clients(header: &Header, account: &Account, sentence: Sentence) -> Draft {
    let (advice, command) = match (remedy::apart(header, account.mode), remedy::crowds(header)) {
        (Some(apart), _) => ("run one transport at a time", Some(apart)),
        (None, Some(crowds)) => ("spread the clients over more processes", Some(crowds)),
        (None, None) => ("lower the load, or use a machine with more cores", remedy::half_the_load(header)),
    };
    Draft::caution(WarningKind::CrowdSaturated, sentence, advice).with(command)
}

pub(super) fn busy(header: &Header, account: &Account) -> Option<Draft> {
    let share = account.host?.busy_share();
    (share > BUSY_SHARE).then(|| {
        let sentence = Sentence::of("").share(share).text(" of the machine's CPU time was in use");
        let (advice, command) = match remedy::apart(header, account.mode) {
            // What others use, no setting gives back.
            _ if is_disturbed(account) => (QUIET, None),
            Some(apart) => ("run one transport at a time", Some(apart)),
            None => ("lower the load, or use a machine with more cores", remedy::half_the_load(header)),
        };
        Draft::caution(WarningKind::MachineSaturated, sentence, advice).with(command)
    })
}

/// Whether other programs had so much of the machine that it shows.
pub(super) fn is_disturbed(account: &Account) -> bool {
    account.host.is_some_and(|host| host.foreign_share() > FOREIGN_CAUTION)
}

pub(super) const QUIET: &str = "close other programs, or wait until the machine is quiet, and run it again";

pub(super) fn foreign(account: &Account) -> Option<Draft> {
    let share = account.host?.foreign_share();
    is_disturbed(account).then(|| {
        let sentence = Sentence::of("other programs used ").share(share).text(" of the CPU");
        Draft::caution(WarningKind::HostBusy, sentence, QUIET)
    })
}
