//! A query that is understood says the same when it is written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use transport::Subscription;

fuzz_target!(|query: &str| {
    if let Ok(asked) = Subscription::from_query(query) {
        let again = asked.to_query();
        // A list of topics may come out longer than it went in, and then does not fit any more.
        if again.len() <= Subscription::QUERY_BYTES {
            assert_eq!(Subscription::from_query(&again).as_ref(), Ok(&asked));
        }
    }
});
