//! What is known of each transport without measuring it, with its source.
//!
//! These facts break ties: where measurements find no difference that matters, the order of [`order`] decides, and a report
//! says with [`reason`] that this step is no measurement. Nothing here depends on a run.

/// The columns of the table, by the names of the transports; `plain` is plain HTTP, one response when all is there.
pub const TRANSPORTS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "plain"];

/// What a response says for nginx to pass it on unbuffered, whatever nginx's configuration.
pub const NO_BUFFERING: &str = "X-Accel-Buffering: no";

/// A property of protocols and of what speaks them, the same in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// What tools call it.
    pub key: &'static str,
    /// What tables call it.
    pub title: &'static str,
    /// A phrase for each of [`TRANSPORTS`], in their order; at most 60 characters.
    pub cells: [&'static str; 5],
    /// Which transport does better, lower first, in the order of [`TRANSPORTS`]; none where the fact orders nothing.
    pub ranks: Option<[u8; 5]>,
    /// Who says so.
    pub sources: &'static [Source],
    /// The words of `scenario::NEEDS` that make the fact decide. Empty: it may matter to any scenario.
    pub needs: &'static [&'static str],
}

/// Where a fact can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Its name and the place in it.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

/// All of them, in the order in which tables show them.
pub const FACTS: &[Fact] = &[
    Fact {
        key: "reconnect",
        title: "Reconnect and resume",
        cells: [
            "your own code, with a backoff and a cursor",
            "EventSource does both, with Last-Event-ID",
            "the next poll, with your cursor",
            "the next poll, with your cursor",
            "your own retry; the answer begins again",
        ],
        ranks: Some([3, 1, 2, 2, 3]),
        sources: &[HTML_SSE, RFC_6455_RECOVERY],
        needs: &["reconnects_by_itself"],
    },
    Fact {
        key: "headers",
        title: "Custom and auth headers from a browser",
        cells: [
            "none: a cookie, the query or the first message",
            "none with EventSource, any with fetch",
            "any, with fetch",
            "any, with fetch",
            "any, with fetch",
        ],
        ranks: Some([3, 2, 1, 1, 1]),
        sources: &[MDN_WEBSOCKET, HTML_SSE],
        needs: &[],
    },
    Fact {
        key: "client-to-server",
        title: "Client to server",
        cells: [
            "on the same connection",
            "a POST beside the stream",
            "a POST beside the held poll",
            "a POST beside the polls",
            "the request itself",
        ],
        ranks: Some([1, 2, 3, 2, 2]),
        sources: &[RFC_6455, MDN_EVENTSOURCE],
        needs: &["client_speaks_midstream"],
    },
    Fact {
        key: "binary",
        title: "Binary data",
        cells: [
            "yes, binary frames",
            "no, UTF-8 text: base64 adds a third",
            "yes, any response body",
            "yes, any response body",
            "yes, any response body",
        ],
        ranks: Some([1, 2, 1, 1, 1]),
        sources: &[RFC_6455_DATA, HTML_SSE],
        needs: &["binary"],
    },
    Fact {
        key: "connections",
        title: "Connections per host in a browser",
        cells: [
            "not of the six of HTTP/1.1; HTTP/2 by RFC 8441",
            "one of six over HTTP/1.1 for all tabs; HTTP/2: a stream",
            "one of six over HTTP/1.1 while held; HTTP/2: a stream",
            "one of six, for one response at a time",
            "one of six, for one response",
        ],
        ranks: Some([1, 3, 3, 2, 2]),
        sources: &[MDN_EVENTSOURCE, RFC_8441],
        needs: &["live"],
    },
    Fact {
        key: "proxies",
        title: "What a proxy must do",
        cells: [
            "forward Upgrade; bear silence (nginx and ALB: 60 s)",
            "not buffer; bear silence (nginx and ALB: 60 s)",
            "bear a request held for up to 30 s",
            "nothing",
            "nothing",
        ],
        ranks: Some([4, 3, 2, 1, 1]),
        sources: &[NGINX_WEBSOCKET, NGINX_PROXY, AWS_ALB, RFC_6202],
        needs: &["plain_http"],
    },
    Fact {
        key: "http-tools",
        title: "HTTP caches, compression and tracing",
        cells: [
            "none of HTTP's; permessage-deflate compresses",
            "compression; one long response for caches and traces",
            "compression and traces of each response; no cache",
            "all of HTTP's",
            "all of HTTP's",
        ],
        ranks: Some([4, 3, 2, 1, 1]),
        sources: &[RFC_9111, RFC_7692],
        needs: &["plain_http"],
    },
    Fact {
        key: "deploys",
        title: "Deploys, in order",
        cells: [
            "end all connections at once; clients need jitter",
            "end all streams at once; EventSource comes back",
            "end held polls; the next finds the new server",
            "unnoticed: polls are spread over the interval",
            "unnoticed between two requests",
        ],
        ranks: Some([4, 3, 2, 1, 1]),
        sources: &[RFC_6455_RECOVERY, HTML_SSE],
        needs: &[],
    },
];

const HTML_SSE: Source = Source {
    title: "HTML Standard, section 9.2, Server-sent events",
    url: "https://html.spec.whatwg.org/multipage/server-sent-events.html",
};
const MDN_EVENTSOURCE: Source = Source {
    title: "MDN, EventSource: one direction, and six connections per browser and domain",
    url: "https://developer.mozilla.org/en-US/docs/Web/API/EventSource",
};
const MDN_WEBSOCKET: Source = Source {
    title: "MDN, WebSocket() constructor: an address and subprotocols",
    url: "https://developer.mozilla.org/en-US/docs/Web/API/WebSocket/WebSocket",
};
const RFC_6202: Source = Source {
    title: "RFC 6202, section 5.5: a safe time to hold a poll is 30 seconds",
    url: "https://www.rfc-editor.org/rfc/rfc6202#section-5.5",
};
const RFC_6455: Source =
    Source { title: "RFC 6455, The WebSocket Protocol", url: "https://www.rfc-editor.org/rfc/rfc6455" };
const RFC_6455_DATA: Source = Source {
    title: "RFC 6455, section 5.6: text and binary frames",
    url: "https://www.rfc-editor.org/rfc/rfc6455#section-5.6",
};
const RFC_6455_RECOVERY: Source = Source {
    title: "RFC 6455, section 7.2.3: backoff of clients that reconnect",
    url: "https://www.rfc-editor.org/rfc/rfc6455#section-7.2.3",
};
const RFC_7692: Source = Source {
    title: "RFC 7692, Compression Extensions for WebSocket",
    url: "https://www.rfc-editor.org/rfc/rfc7692",
};
const RFC_8441: Source = Source {
    title: "RFC 8441, Bootstrapping WebSockets with HTTP/2",
    url: "https://www.rfc-editor.org/rfc/rfc8441",
};
const RFC_9111: Source =
    Source { title: "RFC 9111, HTTP Caching", url: "https://www.rfc-editor.org/rfc/rfc9111" };
const NGINX_WEBSOCKET: Source = Source {
    title: "nginx, WebSocket proxying: Upgrade, and 60 seconds of silence",
    url: "https://nginx.org/en/docs/http/websocket.html",
};
const NGINX_PROXY: Source = Source {
    title: "nginx, proxy_buffering, X-Accel-Buffering and proxy_read_timeout",
    url: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
};
const AWS_ALB: Source = Source {
    title: "AWS, Application Load Balancer: idle timeout, 60 seconds by default",
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
};

/// In which order transports are named where measurements find no difference that matters.
///
/// **One way**: plain HTTP, SSE, short polling, WebSocket, long polling. A response that ends needs nothing kept open, and every
/// proxy, cache and tracer knows it. SSE is one such response that does not end, with reconnecting and resuming in the
/// browser. Short polling needs nothing of proxies either, and is late by design; in a tie its lateness is within the limit.
/// WebSocket needs an upgrade and reconnecting code, for a direction that is not used. Long polling comes last: it
/// asks as much of proxies' patience as a stream, and is one request an answer for authentication, logs and load balancers.
///
/// **Two ways**: WebSocket, SSE, plain HTTP, short polling, long polling. One connection carries both directions in order,
/// without a request for each message. SSE with POSTs is next: its stream and its requests are apart, and each POST waits for
/// the one before it. Plain HTTP answers where it was asked, and tells nothing unasked. Polls come last, long ones behind short
/// ones for the reason above.
#[must_use]
pub const fn order(two_way: bool) -> [&'static str; 5] {
    match two_way {
        false => ["plain", "sse", "short-polling", "websocket", "long-polling"],
        true => ["websocket", "sse", "plain", "short-polling", "long-polling"],
    }
}

/// One sentence for why a transport stands where it does in [`order`]; empty of what is not among [`TRANSPORTS`].
#[must_use]
pub fn reason(transport: &str, two_way: bool) -> &'static str {
    match (transport, two_way) {
        ("plain", false) => {
            "Plain HTTP keeps nothing open, and every proxy, cache and tracer passes it as it is."
        }
        ("sse", false) => "SSE is plain HTTP, and a browser's EventSource reconnects and resumes by itself.",
        ("short-polling", false) => "Short polling needs nothing of proxies and keeps no request open.",
        ("websocket", false) => {
            "WebSocket needs an upgrade and reconnecting code, but no request for each update as long polling does."
        }
        ("websocket", true) => "WebSocket carries both directions on one connection, in order.",
        ("sse", true) => "SSE streams down over plain HTTP, and the client speaks with POSTs beside it.",
        ("plain", true) => {
            "Plain HTTP answers each request where it was asked, and needs nothing of proxies."
        }
        ("short-polling", true) => {
            "Short polling needs nothing of proxies, and each direction takes requests of its own."
        }
        ("long-polling", _) => {
            "Long polling takes a request for each answer, which authentication, logs and load balancers all handle."
        }
        _ => "",
    }
}

/// The lines of a proxy's configuration that let streams and upgrades pass: the same that `setup = "streaming"` gives a
/// `[[via]]` of this program. Empty of any other program.
///
/// Of nginx, the first line belongs into `http`, the others into `location`; `proxy_http_version` is the default from nginx 1.29.7 on.
/// Of HAProxy, they belong into `defaults`; [its manual](https://docs.haproxy.org/2.6/configuration.html) says what
/// `option http-no-delay` changes.
#[must_use]
pub fn lines_for(program: &str) -> &'static [&'static str] {
    match program {
        "nginx" => &[
            "map $http_upgrade $upgrade_or_none { default upgrade; '' ''; }",
            "proxy_http_version 1.1;",
            "proxy_set_header Upgrade $http_upgrade;",
            "proxy_set_header Connection $upgrade_or_none;",
            "proxy_buffering off;",
            "proxy_read_timeout 1h;",
        ],
        "haproxy" => &["option http-no-delay", "timeout client 1h", "timeout server 1h"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fact_has_sources_with_addresses() {
        for fact in FACTS {
            assert!((1..=4).contains(&fact.sources.len()), "{}", fact.key);
            for source in fact.sources {
                assert!(source.url.starts_with("https://") && !source.title.is_empty(), "{source:?}");
            }
        }
    }

    #[test]
    fn phrases_are_short_and_there() {
        for fact in FACTS {
            for cell in fact.cells {
                assert!(!cell.is_empty() && cell.chars().count() <= 60, "{}: {cell}", fact.key);
            }
            assert!(!fact.title.is_empty());
        }
    }

    #[test]
    fn keys_are_of_one_fact_each() {
        let keys: BTreeSet<_> = FACTS.iter().map(|fact| fact.key).collect();
        assert_eq!(keys.len(), FACTS.len());
    }

    #[test]
    fn ranks_begin_at_one_and_order_something() {
        for ranks in FACTS.iter().filter_map(|fact| fact.ranks) {
            let different: BTreeSet<_> = ranks.into_iter().collect();
            let to = u8::try_from(different.len()).unwrap();
            assert!(to > 1 && different.into_iter().eq(1..=to), "{ranks:?}");
        }
    }

    #[test]
    fn both_orders_hold_every_transport_with_a_reason() {
        for two_way in [false, true] {
            let all: BTreeSet<_> = order(two_way).into_iter().collect();
            assert_eq!(all, TRANSPORTS.into_iter().collect());
            for transport in TRANSPORTS {
                let words = reason(transport, two_way).split_whitespace().count();
                assert!((1..=25).contains(&words), "{transport}: {words} words");
            }
        }
        assert_eq!(reason("tcp", false), "");
    }

    #[test]
    fn both_proxies_have_their_lines() {
        assert!(lines_for("nginx").contains(&"proxy_buffering off;"));
        assert!(lines_for("haproxy").contains(&"option http-no-delay"));
        assert!(lines_for("squid").is_empty());
    }
}
