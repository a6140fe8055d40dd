//! Replies that clients are polling.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use transport::{Hub, Refused};

/// Replies kept at once. When there are so many, those that were read to their end make room; if there
/// are none, the next question is refused.
const MAX_REPLIES: usize = 1024;

/// By number. What nobody polls for a while is stopped and forgotten.
#[derive(Debug, Default)]
pub(crate) struct Replies(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    last_id: u64,
    open: HashMap<u64, Open>,
}

#[derive(Debug)]
struct Open {
    reply: Hub,
    /// Since the last sweep.
    polled: bool,
    /// Its last poll was told of the end.
    finished: bool,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.reply.stop();
        // A poll that is held is answered: there will be nothing more.
        self.reply.close();
    }
}

impl Replies {
    pub(crate) fn insert(&self, reply: Hub) -> Result<u64, Refused> {
        let mut table = self.table();
        if table.open.len() >= MAX_REPLIES {
            table.open.retain(|_, open| !open.finished);
        }
        if table.open.len() >= MAX_REPLIES {
            reply.stop();
            return Err(Refused(format!("{MAX_REPLIES} replies are under way")));
        }
        table.last_id += 1;
        let id = table.last_id;
        table.open.insert(id, Open { reply, polled: true, finished: false });
        Ok(id)
    }

    pub(crate) fn poll(&self, id: u64) -> Option<Hub> {
        let mut table = self.table();
        let open = table.open.get_mut(&id)?;
        open.polled = true;
        Some(open.reply.clone())
    }

    pub(crate) fn finished(&self, id: u64) {
        if let Some(open) = self.table().open.get_mut(&id) {
            open.finished = true;
        }
    }

    pub(crate) fn remove(&self, id: u64) -> bool {
        self.table().open.remove(&id).is_some()
    }

    /// Forgets what was not polled since the last sweep.
    pub(crate) fn sweep(&self) {
        self.table().open.retain(|_, open| std::mem::replace(&mut open.polled, false));
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
