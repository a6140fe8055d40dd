//! What goes up and is acknowledged.

use super::still_serves;
use crate::stand::{Client, Stand};
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use transport::{Answer, Error, MAX_POST_BYTES, Subscription};

/// Posts them all, without waiting in between, and gives their answers.
fn begin(client: &Client, bodies: impl IntoIterator<Item = Bytes>) -> Vec<BoxFuture<'static, Answer>> {
    let begun = bodies.into_iter().map(|body| {
        let requests = client.requests.clone();
        let mut posting = async move { requests.post(body).await }.boxed();
        assert!((&mut posting).now_or_never().is_none(), "no answer comes without a wait");
        posting
    });
    begun.collect()
}

pub async fn posts_are_acknowledged(stand: Stand) {
    let mut client = stand.client().await;
    for body in ["one", "", "two\nlines", "naïve"] {
        let requests = client.requests.clone();
        client.during(requests.post(Bytes::from(body))).await.expect("acknowledged");
        assert_eq!(
            stand.application.posts().last().expect("the post is there"),
            body,
            "taken before the answer"
        );
    }
    assert_eq!(stand.application.posts().len(), 4);
}

pub async fn posts_of_any_bytes_arrive(stand: Stand) {
    let mut client = stand.client().await;
    let every: Vec<u8> = (0..=255).collect();
    let bodies: Vec<Bytes> =
        [&every[..], b"\n\xff", b"\0", b"text"].iter().map(|body| Bytes::copy_from_slice(body)).collect();
    for answer in client.during(join_all(begin(&client, bodies.clone()))).await {
        answer.expect("acknowledged");
    }
    assert_eq!(stand.application.posts(), bodies);
}

pub async fn posts_keep_their_order_while_the_application_is_slow(stand: Stand) {
    let mut client = stand.connect(Subscription::none()).await;
    let bodies: Vec<Bytes> = (0..500).map(|number| Bytes::from(format!("slow {number}"))).collect();
    for answer in client.during(join_all(begin(&client, bodies.clone()))).await {
        answer.expect("acknowledged");
    }
    assert_eq!(stand.application.posts(), bodies);
}

pub async fn posts_that_wait_are_answered_each_for_itself(stand: Stand) {
    let mut client = stand.client().await;
    let bodies = ["no", "one", "no", "", "two", "no"];
    let answers = client.during(join_all(begin(&client, bodies.map(Bytes::from)))).await;
    for (body, answer) in bodies.iter().zip(&answers) {
        match answer {
            Ok(()) => assert_ne!(*body, "no"),
            Err(Error::Refused(why)) => assert!(*body == "no" && why.contains("not wanted"), "{body}: {why}"),
            Err(other) => panic!("{body}: {other:?}"),
        }
    }
    assert_eq!(stand.application.posts(), ["one", "", "two"]);
}

pub async fn a_post_that_is_given_up_holds_up_nobody(stand: Stand) {
    let mut client = stand.client().await;
    let mut posts = begin(&client, (0..20).map(|number| Bytes::from(number.to_string())));
    // The first one is under way, wherever that is; of the others, nobody knows.
    drop(posts.drain(..7));
    for answer in client.during(join_all(posts)).await {
        answer.expect("acknowledged");
    }
    let taken: Vec<usize> = stand
        .application
        .posts()
        .iter()
        .map(|body| String::from_utf8_lossy(body).parse().expect("a number"))
        .collect();
    assert!(taken.is_sorted_by(|a, b| a < b), "in order, none twice: {taken:?}");
    assert!((7..20).all(|number| taken.contains(&number)), "{taken:?}");
}

pub async fn long_posts_keep_their_order(stand: Stand) {
    let mut client = stand.client().await;
    let lengths = [10, 70_000, 20, 60_000, 30, MAX_POST_BYTES, 40, 0, 5_000];
    let bodies: Vec<Bytes> = lengths.iter().map(|length| Bytes::from(vec![b'x'; *length])).collect();
    for answer in client.during(join_all(begin(&client, bodies.clone()))).await {
        answer.expect("acknowledged");
    }
    let taken: Vec<usize> = stand.application.posts().iter().map(Bytes::len).collect();
    assert_eq!(taken, lengths);
}

pub async fn an_unwanted_post_is_refused(stand: Stand) {
    let mut client = stand.client().await;
    let requests = client.requests.clone();
    let outcome = client.during(requests.post(Bytes::from("no"))).await;
    assert!(matches!(&outcome, Err(Error::Refused(why)) if why.contains("not wanted")), "{outcome:?}");
}

pub async fn an_oversized_post_is_refused(stand: Stand) {
    let mut client = stand.client().await;
    let requests = client.requests.clone();
    let outcome = client.during(requests.post(Bytes::from(vec![b'x'; MAX_POST_BYTES * 4]))).await;
    assert!(outcome.is_err(), "too long a post is not acknowledged");
    assert!(stand.application.posts().is_empty());
    still_serves(&stand).await;
}
