//! What one reader had of one topic, one update after the other.

use scenario::Planned;
use std::ops::Range;

/// The updates of one topic as they came to one subscriber: pictures over time are drawn from it.
///
/// The subscriber is the first of its crowd and the topic the busiest of those that it follows, so that the same
/// updates are shown of every transport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// For each update of the measured window that came, in the order of arrival: when it was due and when it
    /// arrived, in nanoseconds since the window began.
    pub came: Vec<(u64, u64)>,
}

impl Trace {
    /// More updates than this are not kept.
    pub const UPDATES: usize = 400;
}

/// The open account of a trace.
#[derive(Debug)]
pub(crate) struct Tracing {
    topic: Option<u32>,
    trace: Trace,
}

impl Tracing {
    /// Of a subscriber who follows these topics; `windows` has the indices of each that are due in the window.
    pub fn new(topics: &[u32], windows: &[Range<u32>]) -> Self {
        let due = |topic: &u32| windows.get(*topic as usize).map_or(0, |window| window.len());
        // Of several equally busy ones the first.
        let topic = topics.iter().copied().rev().max_by_key(due);
        Tracing { topic, trace: Trace::default() }
    }

    /// An update of the window, due so long after the start, was delivered to the subscriber.
    pub fn came(&mut self, planned: &Planned, arrived_ns: u64, window_ns: &Range<u64>) {
        if self.topic == Some(planned.topic) && self.trace.came.len() < Trace::UPDATES {
            let since = |ns: u64| ns.saturating_sub(window_ns.start);
            self.trace.came.push((since(planned.due_ns), since(arrived_ns)));
        }
    }

    /// None where nothing came.
    pub fn close(self) -> Option<Trace> {
        (!self.trace.came.is_empty()).then_some(self.trace)
    }
}
