//! Where an update's time went: on its way to this machine, and on it.

use crate::Distribution;

/// When a delivered update was due and sent, in nanoseconds of the driver's one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// When it was due.
    pub due_ns: u64,
    /// When it was sent.
    pub sent_ns: u64,
}

/// A frame, event or response, and what the kernel noted while it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// How many reads of the socket brought something since the one before this. None: it came out of the
    /// same read.
    pub reads: u64,
    /// When the last of it had come to this machine, on the driver's clock. None where the kernel did not say.
    pub came_ns: Option<u64>,
    /// When the program had it.
    pub arrived_ns: u64,
    /// How many updates it carried.
    pub updates: usize,
    /// How many of them count as delivered in the measured window.
    pub deliveries: u64,
    /// The last of those.
    pub delivered: Option<Delivered>,
}

/// Deliveries of the measured window by where their time went, and why others could not be split. Times
/// are in nanoseconds.
///
/// A stamp belongs to the last segment that the kernel had merged when the program read. So it is taken for
/// an update's only where one read brought one update and nothing else. A read that brought the beginning of
/// the next frame as well is not found out: its stamp is too late for the update.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Split {
    /// Come to this machine minus due.
    pub due_to_machine: Distribution,
    /// Come to this machine minus sent.
    pub sent_to_machine: Distribution,
    /// Arrived minus come to this machine: waking, reading, parsing, waiting for other clients.
    pub machine_to_program: Distribution,
    /// Deliveries that shared a read with another one, or took several reads.
    pub shared: u64,
    /// Deliveries that the kernel gave no stamp for.
    pub unstamped: u64,
    /// Deliveries that were stamped before they were sent or after they had arrived: the clocks are apart.
    pub impossible: u64,
    /// Deliveries in seconds in which the clock of the stamps moved against the driver's.
    pub clock_moved: u64,
    /// So many seconds those were.
    pub seconds_dropped: u64,
}

impl Split {
    /// How many deliveries were split.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.machine_to_program.len()
    }

    /// Adds what another one holds: other subscribers, or another round.
    pub fn merge(&mut self, other: &Split) {
        self.due_to_machine.merge(&other.due_to_machine);
        self.sent_to_machine.merge(&other.sent_to_machine);
        self.machine_to_program.merge(&other.machine_to_program);
        self.shared += other.shared;
        self.unstamped += other.unstamped;
        self.impossible += other.impossible;
        self.clock_moved += other.clock_moved;
        self.seconds_dropped += other.seconds_dropped;
    }

    fn enter(&mut self, one: &Stamped) {
        let Stamped { delivered: Delivered { due_ns, sent_ns }, came_ns, arrived_ns } = *one;
        if came_ns < sent_ns || arrived_ns < came_ns {
            self.impossible += 1;
            return;
        }
        self.due_to_machine.record(came_ns.saturating_sub(due_ns));
        self.sent_to_machine.record(came_ns - sent_ns);
        self.machine_to_program.record(arrived_ns - came_ns);
    }

    fn deliveries(&self) -> u64 {
        self.used() + self.shared + self.unstamped + self.impossible
    }
}

/// A delivery with its stamp.
#[derive(Debug, Clone, Copy)]
struct Stamped {
    delivered: Delivered,
    came_ns: u64,
    arrived_ns: u64,
}

/// Splits as they are made. What a second brought counts when that second's clocks are known to be good.
#[derive(Debug, Default)]
pub(crate) struct Splitting {
    kept: Split,
    second: Split,
    /// Each subscriber's last delivery, which the next frame may show to have shared its read.
    last: Vec<Option<Stamped>>,
}

impl Splitting {
    pub fn new(subscribers: usize) -> Self {
        Splitting { last: vec![None; subscribers], ..Splitting::default() }
    }

    pub fn read(&mut self, sub: usize, read: &Read) {
        if let Some(before) = self.last[sub].take() {
            match read.reads {
                0 => self.second.shared += 1,
                _ => self.second.enter(&before),
            }
        }
        let Some(delivered) = read.delivered else { return };
        match read.came_ns {
            _ if read.reads != 1 || read.updates != 1 => self.second.shared += read.deliveries,
            None => self.second.unstamped += 1,
            Some(came_ns) => {
                self.last[sub] = Some(Stamped { delivered, came_ns, arrived_ns: read.arrived_ns });
            }
        }
    }

    /// Ends a second: what it brought is kept, or counted only.
    pub fn end_second(&mut self, clock_held: bool) {
        // What comes out of the same read follows at once, so these stood alone.
        for last in self.last.iter_mut().filter_map(Option::take) {
            self.second.enter(&last);
        }
        let second = std::mem::take(&mut self.second);
        if clock_held {
            self.kept.merge(&second);
        } else {
            self.kept.clock_moved += second.deliveries();
            self.kept.seconds_dropped += 1;
        }
    }

    pub fn close(mut self) -> Split {
        self.end_second(true);
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reads: u64, came_ns: Option<u64>, updates: usize) -> Read {
        let delivered = Some(Delivered { due_ns: 100, sent_ns: 110 });
        Read { reads, came_ns, arrived_ns: 190, updates, deliveries: updates as u64, delivered }
    }

    #[test]
    fn one_read_with_one_update_is_split() {
        let mut splitting = Splitting::new(2);
        splitting.read(1, &read(1, Some(140), 1));
        splitting.read(1, &Read { deliveries: 0, delivered: None, ..read(1, Some(150), 1) });
        let split = splitting.close();
        let value = |distribution: &Distribution| (distribution.len(), distribution.max());
        assert_eq!(value(&split.due_to_machine), (1, Some(40)));
        assert_eq!(value(&split.sent_to_machine), (1, Some(30)));
        assert_eq!(value(&split.machine_to_program), (1, Some(50)));
        assert_eq!(split.deliveries(), 1);
    }

    #[test]
    fn whatever_shares_a_read_is_counted_and_not_split() {
        let mut splitting = Splitting::new(1);
        splitting.read(0, &read(1, Some(140), 1));
        splitting.read(0, &read(0, None, 1));
        splitting.read(0, &read(2, Some(140), 1));
        splitting.read(0, &read(1, Some(140), 3));
        let split = splitting.close();
        assert_eq!((split.used(), split.shared), (0, 6));
    }

    #[test]
    fn stamps_that_are_missing_or_impossible_are_counted() {
        let mut splitting = Splitting::new(1);
        splitting.read(0, &read(1, None, 1));
        splitting.read(0, &read(1, Some(109), 1));
        splitting.read(0, &read(1, Some(191), 1));
        let split = splitting.close();
        assert_eq!((split.used(), split.unstamped, split.impossible), (0, 1, 2));
    }

    #[test]
    fn a_second_in_which_the_clock_moved_counts_for_nothing() {
        let mut splitting = Splitting::new(1);
        splitting.read(0, &read(1, Some(140), 1));
        splitting.end_second(true);
        splitting.read(0, &read(1, Some(140), 1));
        splitting.read(0, &read(1, None, 1));
        splitting.end_second(false);
        splitting.read(0, &read(1, Some(140), 1));
        let split = splitting.close();
        assert_eq!((split.used(), split.unstamped, split.clock_moved, split.seconds_dropped), (2, 0, 2, 1));
    }
}
