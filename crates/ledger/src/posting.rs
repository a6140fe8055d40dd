//! What clients send: acknowledged or not, and when it shows its effect.

use crate::Posts;
use scenario::Plan;
use std::ops::Range;
use std::sync::Arc;

/// The open account of what a crowd's clients post. Instants are nanoseconds of the driver's one clock.
#[derive(Debug)]
pub struct Posting {
    plan: Arc<Plan>,
    start_ns: Option<u64>,
    /// For each client, the numbers of its posts, as they are due.
    of_client: Vec<Vec<u32>>,
    /// For each client, how many of them have shown their effect.
    effective: Vec<usize>,
    /// For each post, whether its account is closed.
    settled: Vec<bool>,
    /// Due in the window, and not settled.
    outstanding: u64,
    account: Posts,
}

impl Posting {
    /// Opens the account of some clients' posts.
    #[must_use]
    pub fn new(plan: Arc<Plan>, clients: Range<u32>) -> Self {
        let mut of_client = vec![Vec::new(); clients.len()];
        let mut due = 0;
        for (number, planned) in (1_u32..).zip(plan.iter()) {
            let author = plan.author(u64::from(number)).filter(|author| clients.contains(author));
            let Some(author) = author else { continue };
            of_client[(author - clients.start) as usize].push(number);
            due += u64::from(plan.in_window(planned));
        }
        Posting {
            start_ns: None,
            effective: vec![0; of_client.len()],
            of_client,
            settled: vec![false; plan.len()],
            outstanding: due,
            account: Posts { due, ..Posts::default() },
            plan,
        }
    }

    /// The numbers of a client's posts, as they are due.
    #[must_use]
    pub fn of_client(&self, client: usize) -> &[u32] {
        self.of_client.get(client).map_or(&[], Vec::as_slice)
    }

    /// Sets the common start.
    pub fn start(&mut self, start_ns: u64) {
        self.start_ns = Some(start_ns);
    }

    /// The server has taken a post.
    pub fn acknowledged(&mut self, number: u64, at_ns: u64) {
        if let Some(due_ns) = self.settle(number) {
            self.account.acknowledged += 1;
            self.account.acknowledgement.record(at_ns.saturating_sub(due_ns));
        }
    }

    /// The server refused a post.
    pub fn failed(&mut self, number: u64) {
        if self.settle(number).is_some() {
            self.account.failed += 1;
        }
    }

    /// An update says how many of a client's posts the server had taken when it made it, in sixteen bits.
    pub fn effects(&mut self, client: usize, taken: u16, at_ns: u64) {
        let (Some(posts), Some(start_ns)) = (self.of_client.get(client), self.start_ns) else { return };
        let known = self.effective[client];
        // What wrapped around is ahead; what is far behind is an older update that came late.
        let ahead = usize::from(taken.wrapping_sub(known as u16));
        if ahead > usize::from(u16::MAX / 2) {
            return;
        }
        let upto = (known + ahead).min(posts.len());
        for number in &posts[known..upto] {
            let Some(planned) = self.plan.get(u64::from(*number)) else { continue };
            if self.plan.in_window(planned) {
                self.account.effect.record(at_ns.saturating_sub(start_ns + planned.due_ns));
            }
        }
        self.effective[client] = upto;
    }

    /// Whether every post due in the window has been acknowledged or refused.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outstanding == 0
    }

    /// Closes the account; what was not due yet was not expected.
    #[must_use]
    pub fn close(mut self, end_ns: u64) -> Posts {
        let over_ns = end_ns.saturating_sub(self.start_ns.unwrap_or(end_ns));
        let posts = (1_u32..).zip(self.plan.iter()).filter(|(number, planned)| {
            let is_open = !self.settled[*number as usize - 1];
            is_open && self.plan.in_window(planned) && planned.due_ns > over_ns
        });
        let not_due = posts.filter(|(number, _)| self.is_ours(*number)).count();
        self.account.due -= not_due as u64;
        self.account
    }

    fn is_ours(&self, number: u32) -> bool {
        self.of_client.iter().any(|of_client| of_client.binary_search(&number).is_ok())
    }

    /// When a post of the window was due that had no outcome so far.
    fn settle(&mut self, number: u64) -> Option<u64> {
        let planned = *self.plan.get(number)?;
        let settled = self.settled.get_mut(number as usize - 1)?;
        if std::mem::replace(settled, true) || !self.plan.in_window(&planned) {
            return None;
        }
        self.outstanding = self.outstanding.saturating_sub(1);
        self.start_ns.map(|start_ns| start_ns + planned.due_ns)
    }
}
