//! The limits of a reply.

use crate::{DESCRIPTION, MAX_REPLY_BYTES};
use bytes::Bytes;
use conformance::Stand;
use futures_util::StreamExt;
use std::sync::Arc;
use transport::{Error, Hub, Subscription};

async fn outcome(stand: &Stand, question: &'static str) -> Result<usize, Error> {
    let client = stand.connect(Subscription::none()).await;
    let mut reply = client.requests.ask(Bytes::from(question)).await?;
    let mut parts = 0;
    while let Some(batch) = reply.updates.next().await {
        parts += batch?.updates().count();
    }
    Ok(parts)
}

fn is_refused(outcome: Result<usize, Error>, because: &str) {
    assert!(matches!(&outcome, Err(Error::Refused(why)) if why.contains(because)), "{outcome:?}");
}

#[test]
fn a_reply_that_takes_too_long_is_given_up() {
    conformance::run(&DESCRIPTION, async |stand: Stand| {
        let hub = Hub::new(1, 8, Arc::new(()));
        stand.application.answer("never", hub.clone());
        is_refused(outcome(&stand, "never").await, "not complete within");
        hub.stopped().await;
    });
}

#[test]
fn a_reply_that_is_too_long_is_refused_and_stopped() {
    conformance::run(&DESCRIPTION, async |stand: Stand| {
        let part = Bytes::from(vec![b'x'; MAX_REPLY_BYTES / 16]);
        for (question, parts) in [("long", 15), ("too long", 16)] {
            let hub = Hub::new(1, 64, Arc::new(()));
            for _ in 0..parts {
                hub.publish(0, part.clone());
            }
            hub.close();
            stand.application.answer(question, hub);
        }
        assert_eq!(outcome(&stand, "long").await.expect("within the limit"), 15);
        is_refused(outcome(&stand, "too long").await, "longer than");
    });
}
