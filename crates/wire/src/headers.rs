//! Which header fields a client's requests have beside those that its protocol needs.
//!
//! The fields are those that Chromium 156 sent to a page's own server on Linux, taken down byte by byte, with a
//! session cookie and one of an analytics program. Only the word `Headless` was taken out.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, header};

/// Which fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Headers {
    /// None.
    #[default]
    Bare,
    /// A browser's.
    Browser,
}

const AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const COOKIE: &str = "session=6f1c2f0e9b7d4c3a8e5f; _ga=GA1.1.1234567890.1700000000";

/// What every request of a page has, whatever it asks for.
const ALWAYS: [(&str, &str); 4] = [
    ("user-agent", AGENT),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-US,en;q=0.9"),
    ("cookie", COOKIE),
];
/// What `fetch` and `EventSource` add.
const OF_A_SCRIPT: [(&str, &str); 7] = [
    ("connection", "keep-alive"),
    ("sec-ch-ua-platform", "\"Linux\""),
    ("sec-ch-ua", "\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\""),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];
/// What `EventSource` and `WebSocket` add: what comes is not to be taken from a store.
const UNCACHED: [(&str, &str); 2] = [("pragma", "no-cache"), ("cache-control", "no-cache")];

impl Headers {
    /// Adds the fields of a request by `fetch`, or by `EventSource` where it accepts an event stream already. `host` is the
    /// page's own.
    pub fn add(self, method: &Method, host: &str, fields: &mut HeaderMap) {
        if self == Headers::Bare {
            return;
        }
        let is_stream = fields.get(header::ACCEPT).is_some_and(|accept| accept == "text/event-stream");
        put(fields, ALWAYS.into_iter().chain(OF_A_SCRIPT));
        put(fields, UNCACHED.into_iter().filter(|_| is_stream));
        if !fields.contains_key(header::ACCEPT) {
            put(fields, [("accept", "*/*")]);
        }
        put_text(fields, header::REFERER, &format!("http://{host}/"));
        if *method != Method::GET {
            put_text(fields, header::ORIGIN, &format!("http://{host}"));
        }
        if *method == Method::POST && !fields.contains_key(header::CONTENT_TYPE) {
            put(fields, [("content-type", "text/plain;charset=UTF-8")]);
        }
    }

    /// Adds the fields of a request by `WebSocket`, but for its offer to compress, which nobody here takes up.
    pub fn add_to_upgrade(self, host: &str, fields: &mut HeaderMap) {
        if self == Headers::Browser {
            put(fields, ALWAYS.into_iter().chain(UNCACHED));
            put_text(fields, header::ORIGIN, &format!("http://{host}"));
        }
    }
}

fn put(fields: &mut HeaderMap, list: impl IntoIterator<Item = (&'static str, &'static str)>) {
    for (name, value) in list {
        fields.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

fn put_text(fields: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        fields.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(method: &Method, is_stream: bool) -> usize {
        let mut fields = HeaderMap::new();
        if is_stream {
            put(&mut fields, [("accept", "text/event-stream")]);
        }
        Headers::Browser.add(method, "127.0.0.1:8123", &mut fields);
        // Name, colon, space, value, line end.
        fields.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
    }

    #[test]
    fn they_are_as_long_as_what_the_browser_sent() {
        // Taken down: 581, 599 and 619 bytes with request line, host and the empty line (and once `Headless`).
        let rest = |line: &str| line.len() + 2 + "Host: 127.0.0.1:8123\r\n".len() + 2 + "Headless".len();
        let get = length(&Method::GET, false) + rest("GET /updates?topics=0&cursor=1 HTTP/1.1");
        let delete = length(&Method::DELETE, false) + rest("DELETE /replies/1 HTTP/1.1");
        let events = length(&Method::GET, true) + rest("GET /events HTTP/1.1");
        assert_eq!((get, delete, events), (581, 599, 619));
    }

    #[test]
    fn bare_is_bare() {
        let mut fields = HeaderMap::new();
        Headers::Bare.add(&Method::POST, "host", &mut fields);
        Headers::Bare.add_to_upgrade("host", &mut fields);
        assert!(fields.is_empty());
    }
}
