//! What is true of all that goes over HTTP/1.1.

use crate::stand::Stand;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transport::Subscription;

pub async fn nothing_is_opened_before_it_is_needed(stand: Stand) {
    let mut client = stand.connect(Subscription::none()).await;
    assert!(client.updates.next_now().is_none(), "nothing comes");
    assert_eq!(stand.meter.tally().connections, 0);
    client.requests.post(Bytes::from("first")).await.expect("acknowledged");
    assert_eq!(stand.meter.tally().connections, 1);
    client.requests.post(Bytes::from("second")).await.expect("acknowledged");
    assert_eq!(stand.meter.tally().connections, 1, "the connection was kept");
}

trait NextNow {
    fn next_now(&mut self) -> Option<()>;
}

impl NextNow for transport::Updates {
    fn next_now(&mut self) -> Option<()> {
        use futures_util::StreamExt;
        self.next().now_or_never().map(|_| ())
    }
}

/// A hundred and thirty posts at once are four requests: the first one goes alone, since it need not wait, and
/// of those behind it as many go together as may.
pub async fn posts_that_wait_go_together(stand: Stand) {
    let client = stand.connect(Subscription::none()).await;
    let posts = (0..130).map(|number| client.requests.post(Bytes::from(number.to_string())));
    for answer in join_all(posts).await {
        answer.expect("acknowledged");
    }
    assert_eq!(stand.application.posts().len(), 130);
    assert_eq!(stand.meter.tally().connections, 1);
    let heads = stand.meter.tally().writes;
    assert!((4..=8).contains(&heads), "{heads} writes for four requests");
}

/// A foreign client's mistakes are told, and nothing is taken.
pub async fn several_posts_in_one_request_are_checked(stand: Stand) {
    let status = async |query: &str, body: &str| {
        let mut peer = stand.dialer().dial().await.expect("a connection");
        let length = body.len();
        let request = format!(
            "POST /posts{query} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        peer.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        peer.read_to_end(&mut answer).await.expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 204") || answer.contains("content-length: "), "{answer}");
        answer.split(' ').nth(1).expect("a status").to_owned()
    };
    let many = format!("?lengths={}", vec!["0"; 65].join(","));
    for wrong in [
        "?lengths=",
        "?lengths=1,1",
        "?lengths=4,2",
        "?lengths=2,-1,2",
        "?lengths=2,x",
        "?lengths=%33",
        &many,
    ] {
        assert_eq!(status(wrong, "abc").await, "400", "{wrong}");
    }
    assert!(stand.application.posts().is_empty(), "nothing of it was taken");
    assert_eq!(status("?lengths=1,0,2", "abc").await, "204");
    assert_eq!(stand.application.posts(), ["a", "", "bc"]);
    assert_eq!(status("?lengths=2,2,1", "noxyz").await, "403");
    assert_eq!(stand.application.posts().len(), 5, "the others were taken");
    assert_eq!(status("?other=1", "abc").await, "204");
}
