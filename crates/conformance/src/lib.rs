//! One suite that every transport passes: `conformance::suite!(DESCRIPTION);` in its tests.
//!
//! The checks know the contract and raw bytes, nothing else. They must never ask which transport
//! they are run for: what one may not do, none may. Two things are said of a transport instead: whether it
//! carries subscriptions ([`transport::Description::is_live`]), and, by `conformance::over_http!`, whether it
//! opens a connection only when it has something to send.

mod application;
pub mod checks;
mod relay;
mod stand;

pub use application::Sample;
pub use stand::{Client, Stand, TokioAlarm, run, run_live};

/// Makes one `#[test]` of every check, for one transport.
#[macro_export]
macro_rules! suite {
    ($description:expr) => {
        mod contract {
            $crate::suite! {
                $description;
                live {
                    updates_arrive_in_order
                    only_the_topics_asked_for_arrive
                    topics_share_one_cursor
                    a_cut_client_resumes_from_its_cursor
                    a_gap_is_told
                    a_long_backlog_arrives_whole
                    conflation_counts_what_it_skips
                    conflation_spares_topics_of_which_all_counts
                    bodies_arrive_unchanged
                    any_bytes_arrive_unchanged
                    every_subscriber_gets_everything
                    a_quiet_stream_stays_open
                    distance_changes_nothing_but_time
                    an_unknown_topic_is_refused
                    a_reply_can_be_stopped_on_its_way
                    a_reply_comes_while_it_is_made
                    two_replies_take_turns
                    dropping_the_server_closes_everything
                    a_server_that_talks_garbage_is_an_error
                    a_server_that_breaks_off_anywhere_is_an_end
                    a_server_that_falls_silent_anywhere_is_given_up
                    a_server_that_floods_is_an_error
                    an_opening_that_stops_anywhere_is_cut
                    a_flood_after_the_opening_is_cut
                }
                all {
                    posts_are_acknowledged
                    posts_of_any_bytes_arrive
                    posts_keep_their_order_while_the_application_is_slow
                    posts_that_wait_are_answered_each_for_itself
                    a_post_that_is_given_up_holds_up_nobody
                    long_posts_keep_their_order
                    an_unwanted_post_is_refused
                    an_oversized_post_is_refused
                    a_client_without_a_subscription_sends_and_asks
                    a_reply_arrives_and_ends
                    replies_of_one_client_share_a_connection
                    two_replies_at_once_arrive_whole
                    a_reply_of_any_bytes_arrives_unchanged
                    a_gap_in_a_reply_is_told_in_the_reply
                    a_stopped_reply_is_over
                    a_forgotten_reply_is_stopped
                    an_unwanted_question_is_refused
                    a_reply_that_breaks_off_anywhere_is_an_error
                    a_silent_peer_is_cut
                    a_peer_that_talks_garbage_is_cut
                    endless_heads_are_cut
                    a_post_that_stops_anywhere_is_an_error
                }
            }
        }
    };
    ($description:expr; live { $($live:ident)* } all { $($check:ident)* }) => {
        $(
            #[test]
            fn $live() {
                $crate::run_live(&$description, $crate::checks::$live);
            }
        )*
        $(
            #[test]
            fn $check() {
                $crate::run(&$description, $crate::checks::$check);
            }
        )*
    };
}

/// The same for what is true of every transport over HTTP/1.1.
#[macro_export]
macro_rules! over_http {
    ($description:expr) => {
        mod contract_over_http {
            #[test]
            fn nothing_is_opened_before_it_is_needed() {
                $crate::run(&$description, $crate::checks::nothing_is_opened_before_it_is_needed);
            }

            #[test]
            fn posts_that_wait_go_together() {
                $crate::run(&$description, $crate::checks::posts_that_wait_go_together);
            }

            #[test]
            fn several_posts_in_one_request_are_checked() {
                $crate::run(&$description, $crate::checks::several_posts_in_one_request_are_checked);
            }
        }
    };
}
