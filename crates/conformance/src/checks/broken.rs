//! What every transport must do when the other end, or the line between, goes wrong at any byte.
//!
//! Real clients talk to real servers, so that what is broken off is what they say.

use super::{bodies, numbers, still_serves};
use crate::relay::{FLOOD_BYTES, Harm, Relay, Way};
use crate::stand::{Client, Stand, hurried, timer};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use transport::{Error, Subscription};

/// What no protocol here goes on with for ever, wherever it begins: zeros and ones, letters, heads and
/// fields without an end, frames and chunks that announce more than is allowed, and well-formed chunks of
/// a line that does not end. Empty lines and unknown fields are not among them: they say nothing in a
/// stream of events, take no room, and may be as many as its server likes.
const FLOODS: &[&[u8]] = &[
    &[0],
    &[0xff],
    b"a",
    b"data:a",
    b"HTTP/1.1 200 OK\r\n",
    b"Name: value\r\n",
    b"7fffffffffffffff",
    b"7;a=",
    b"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x00\x20\x00\x00",
    b"10\r\naaaaaaaaaaaaaaaa\r\n",
];

/// How many are tried at once: a server takes them all, and what waits for a limit waits together.
const AT_ONCE: usize = 100;

/// Tries all of these, many at once.
async fn all<T, F: Future<Output = ()>>(cases: impl IntoIterator<Item = T>, check: impl Fn(T) -> F) {
    stream::iter(cases).for_each_concurrent(AT_ONCE, check).await;
}

/// How many bytes a client and its server say to each other until it is connected, up and down, and down
/// until it has three updates.
async fn lengths(stand: &Stand) -> (usize, usize, usize) {
    let line = Relay::start(stand, Way::Up, usize::MAX, Harm::Close);
    let quiet = line.connect(stand, 1, timer()).await.expect("connected");
    let (up, down) = line.carried();
    drop(quiet);
    let line = Relay::start(stand, Way::Up, usize::MAX, Harm::Close);
    let mut client = line.connect(stand, 0, timer()).await.expect("connected");
    client.take(3).await;
    assert!(up > 0 && down > 0, "something was said");
    (up, down, line.carried().1)
}

/// Reads until the stream ends: what came, and the error if it was one.
async fn to_the_end(opened: Result<Client, Error>) -> (Vec<String>, Option<Error>) {
    let mut client = match opened {
        Ok(client) => client,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut came = Vec::new();
    loop {
        match client.updates.next().await {
            Some(Ok(batch)) => came.extend(bodies(&batch.updates().cloned().collect::<Vec<_>>())),
            Some(Err(error)) => return (came, Some(error)),
            None => return (came, None),
        }
    }
}

pub async fn a_server_that_breaks_off_anywhere_is_an_end(stand: Stand) {
    stand.publish(0, 0..3);
    let (_, _, session) = lengths(&stand).await;
    all(0..session, |byte| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Down, byte, Harm::Close);
            let (came, _) = to_the_end(line.connect(stand, 0, timer()).await).await;
            assert_eq!(came, numbers(0..came.len()), "broken off at byte {byte}");
            assert!(came.len() <= 3, "broken off at byte {byte}");
        }
    })
    .await;
    still_serves(&stand).await;
}

pub async fn a_server_that_falls_silent_anywhere_is_given_up(stand: Stand) {
    stand.publish(0, 0..3);
    let (_, opening, session) = lengths(&stand).await;
    all((0..session).step_by(7).chain([opening, session]), |byte| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Down, byte, Harm::Silence);
            let (came, error) = to_the_end(line.connect(stand, 0, hurried()).await).await;
            assert!(
                matches!(error, Some(Error::Silent(_))),
                "silent from byte {byte}: {error:?} after {came:?}"
            );
        }
    })
    .await;
}

pub async fn a_server_that_floods_is_an_error(stand: Stand) {
    let (_, opening, _) = {
        stand.publish(0, 0..3);
        lengths(&stand).await
    };
    let places = (0..opening).step_by(opening.div_ceil(12)).chain([opening]);
    all(places.flat_map(|byte| FLOODS.iter().map(move |flood| (byte, flood))), |(byte, flood)| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Down, byte, Harm::Flood(flood));
            let _ = to_the_end(line.connect(stand, 1, hurried()).await).await;
            let told = String::from_utf8_lossy(flood);
            assert!(line.poured() < FLOOD_BYTES, "{told:?} from byte {byte} was taken for ever");
        }
    })
    .await;
}

pub async fn an_opening_that_stops_anywhere_is_cut(stand: Stand) {
    stand.publish(0, 0..3);
    let (opening, _, _) = lengths(&stand).await;
    all(0..opening, |byte| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Up, byte, Harm::Silence);
            let outcome = line.connect(stand, 0, timer()).await;
            let error = outcome.err().expect("an opening that is not whole opens nothing");
            // The client waits for longer than the server.
            assert!(!matches!(error, Error::Silent(_)), "the server did not cut at byte {byte}");
        }
    })
    .await;
    still_serves(&stand).await;
}

pub async fn a_reply_that_breaks_off_anywhere_is_an_error(stand: Stand) {
    let whole = {
        let line = Relay::start(&stand, Way::Down, usize::MAX, Harm::Close);
        let (parts, _) = reply_through(&line, &stand, None).await;
        assert_eq!(parts, 3);
        line.carried().1
    };
    all(0..whole, |byte| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Down, usize::MAX, Harm::Close);
            let (parts, error) = reply_through(&line, stand, Some(byte)).await;
            assert!(parts == 3 || error.is_some(), "{parts} parts were taken for all at byte {byte}");
        }
    })
    .await;
    still_serves(&stand).await;
}

/// How many parts of three came, and the error if there was one; the line breaks after so many bytes of the
/// answer.
async fn reply_through(line: &Relay, stand: &Stand, breaks: Option<usize>) -> (usize, Option<Error>) {
    let mut client = line.subscribe(stand, Subscription::none(), timer()).await.expect("connected");
    if let Some(byte) = breaks {
        line.arm(byte);
    }
    let requests = client.requests.clone();
    let reply = match client.during(requests.ask(Bytes::from("parts 3"))).await {
        Ok(reply) => reply,
        Err(error) => return (0, Some(error)),
    };
    let batches = client.during(reply.updates.collect::<Vec<_>>()).await;
    let parts = batches.iter().flatten().map(|batch| batch.updates().count()).sum();
    (parts, batches.into_iter().find_map(Result::err))
}

pub async fn a_post_that_stops_anywhere_is_an_error(stand: Stand) {
    let body = Bytes::from("posted ".repeat(20));
    all((0..body.len()).step_by(9), |byte| {
        let (stand, body) = (&stand, body.clone());
        async move {
            let line = Relay::start(stand, Way::Up, usize::MAX, Harm::Silence);
            let mut client = line.connect(stand, 1, hurried()).await.expect("connected");
            line.arm(byte);
            let requests = client.requests.clone();
            let outcome = client.during(requests.post(body)).await;
            assert!(outcome.is_err(), "half a post was acknowledged at byte {byte}");
        }
    })
    .await;
    assert!(stand.application.posts().is_empty(), "what is not whole is not taken");
    still_serves(&stand).await;
}

pub async fn a_flood_after_the_opening_is_cut(stand: Stand) {
    stand.publish(0, 0..3);
    let (opening, _, _) = lengths(&stand).await;
    all(FLOODS, |flood| {
        let stand = &stand;
        async move {
            let line = Relay::start(stand, Way::Up, opening, Harm::Flood(flood));
            let _ = to_the_end(line.connect(stand, 1, timer()).await).await;
            let told = String::from_utf8_lossy(flood);
            assert!(line.poured() < FLOOD_BYTES, "{told:?} was taken for ever");
        }
    })
    .await;
    still_serves(&stand).await;
}
