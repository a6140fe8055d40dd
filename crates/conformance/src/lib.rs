//! One suite that every transport passes: `conformance::suite!(DESCRIPTION);` in its tests.
//!
//! The checks know the contract and raw bytes, nothing else. They must never ask which transport
//! they are run for: what one may not do, none may.

mod application;
pub mod checks;
mod relay;
mod stand;

pub use application::Sample;
pub use stand::{Stand, TokioAlarm, run};

/// Makes one `#[test]` of every check, for one transport.
#[macro_export]
macro_rules! suite {
    ($description:expr) => {
        mod contract {
            $crate::suite! {
                $description;
                updates_arrive_in_order
                only_the_topics_asked_for_arrive
                topics_share_one_cursor
                a_cut_client_resumes_from_its_cursor
                a_gap_is_told
                a_long_backlog_arrives_whole
                conflation_counts_what_it_skips
                bodies_arrive_unchanged
                every_subscriber_gets_everything
                a_quiet_stream_stays_open
                distance_changes_nothing_but_time
                an_unknown_topic_is_refused
                posts_are_acknowledged
                an_unwanted_post_is_refused
                an_oversized_post_is_refused
                a_reply_arrives_and_ends
                a_reply_can_be_stopped
                a_forgotten_reply_is_stopped
                an_unwanted_question_is_refused
                dropping_the_server_closes_everything
                a_silent_peer_is_cut
                a_peer_that_talks_garbage_is_cut
                endless_heads_are_cut
                a_server_that_talks_garbage_is_an_error
                a_server_that_breaks_off_anywhere_is_an_end
                a_server_that_falls_silent_anywhere_is_given_up
                a_server_that_floods_is_an_error
                an_opening_that_stops_anywhere_is_cut
                a_post_that_stops_anywhere_is_an_error
                a_flood_after_the_opening_is_cut
            }
        }
    };
    ($description:expr; $($check:ident)*) => {
        $(
            #[test]
            fn $check() {
                $crate::run(&$description, $crate::checks::$check);
            }
        )*
    };
}
