use crate::testing::KINDS;
use crate::{Carried, Link, Reconnect, Scenario, Way};
use std::time::Duration;

fn text(network: &str, transport: &str) -> String {
    format!(
        "# Which?\nmeasure = \"1s\"\n[network]\n{network}\n[subscribers]\ncount = 2\n[[topic]]\nname = \"t\"\nevery = \"1s\"\n\
         body = \"90B\"\n[[transport]]\nuse = \"websocket\"\n{transport}\n"
    )
}

fn ways(network: &str, transport: &str) -> (Way, Way) {
    let scenario = Scenario::parse(&text(network, transport), KINDS).expect("a scenario");
    (scenario.way, scenario.transports[0].way.clone())
}

fn mistake(network: &str, transport: &str) -> String {
    let mistakes = Scenario::parse(&text(network, transport), KINDS).expect_err("a mistake");
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    mistakes[0].to_string()
}

#[test]
fn a_profile_says_delay_and_rates_and_what_stands_beside_it_stands() {
    let (network, transport) = ways("profile = \"broadband\"", "");
    assert_eq!(network, transport);
    assert_eq!(network.delay, Duration::from_millis(14));
    assert_eq!((network.link.down, network.link.up), (Some(5_000_000), Some(1_000_000)));
    let (_, transport) = ways("profile = \"broadband\"\nup = \"2Mbit/s\"", "delay = \"1ms\"");
    assert_eq!((transport.delay, transport.link.up), (Duration::from_millis(1), Some(2_000_000)));
    assert_eq!(transport.link.down, Some(5_000_000), "what the network says, all transports have");
    let (_, transport) = ways("loss = \"1%\"\nlink = \"packets\"", "profile = \"4g\"");
    assert_eq!((transport.link.lost_per_million, transport.link.carried), (0, Carried::Packets));
}

#[test]
fn every_key_of_a_link_is_read() {
    let keys = "jitter = \"3ms\"\ndown = \"1Gbit/s\"\nup = \"unlimited\"\nqueue = \"20ms\"\nloss = \"0.5%\"\nlost_in_a_row = 3\n\
                overtaken = \"1%\"\nlink = \"packets\"\ncongestion_control = \"cubic\"\nreconnect = \"3s\"";
    let (way, _) = ways(keys, "");
    let link = Link {
        carried: Carried::Packets,
        jitter: Duration::from_millis(3),
        down: Some(1_000_000_000),
        up: None,
        queue: Duration::from_millis(20),
        lost_per_million: 5_000,
        in_a_row: 3,
        overtaken_per_million: 10_000,
    };
    assert_eq!(way.link, link);
    assert_eq!(way.congestion_control.as_deref(), Some("cubic"));
    assert_eq!(way.reconnect, Reconnect::After(Duration::from_secs(3)));
}

#[test]
fn what_a_link_can_not_do_is_a_mistake_that_says_what_would_be_right() {
    for (network, transport, said) in [
        ("loss = \"1%\"", "", "needed is link = \"packets\""),
        ("profile = \"lossy-wifi\"", "", "needed is link = \"packets\""),
        ("profile = \"5g\"", "", "allowed is"),
        ("down = \"5MB/s\"", "", "such as \"5Mbit/s\""),
        ("down = \"1bit/s\"", "", "such as \"5Mbit/s\""),
        ("down = \"0.1kbit/s\"", "", "allowed is 1 kbit/s to 10 Gbit/s"),
        ("loss = \"51%\"\nlink = \"packets\"", "", "allowed is 0% to 50%"),
        ("link = \"cable\"", "", "allowed is bytes or packets"),
        ("congestion_control = \"Very fast!\"", "", "such as \"cubic\""),
        ("reconnect = \"soon\"", "", "a time with its unit"),
        ("", "fallback = \"sse\"", "needed is a list"),
        ("", "fallback = [\"websocket\"]", "is tried twice"),
        ("", "fallback = [\"pigeon\"]", "allowed is"),
    ] {
        let mistake = mistake(network, transport);
        assert!(mistake.contains(said), "{network} {transport}: {mistake}");
    }
}
