//! The event stream parser of WHATWG HTML, section 9.2.6, to the letter.

use bytes::{Bytes, BytesMut};

/// A longer line or event is refused: nothing that a peer sends may grow without a limit.
pub const MAX_EVENT_BYTES: usize = 4 << 20;

/// One event, as it would be dispatched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The stream's last event id when the event was dispatched.
    pub last_event_id: String,
    /// `message` when the event named none.
    pub event_type: String,
    /// Its lines of data, joined with LF.
    pub data: Bytes,
}

/// The stream broke a limit of ours; the standard has no other errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Takes bytes as they come, in pieces of any size, and gives events.
#[derive(Debug, Default)]
pub struct Parser {
    /// Bytes of a line that has no end yet.
    pending: BytesMut,
    /// How far `pending` is known to hold no line end.
    scanned: usize,
    /// The last line ended with a CR: a LF that comes next belongs to it.
    after_cr: bool,
    begun: bool,
    data: BytesMut,
    event_type: String,
    id_buffer: String,
    retry_ms: Option<u64>,
}

impl Parser {
    /// Appends bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next complete event. What the end of the stream leaves unfinished is never one.
    ///
    /// # Errors
    /// When a line or an event is longer than [`MAX_EVENT_BYTES`].
    pub fn next_event(&mut self) -> Result<Option<Parsed>, TooLong> {
        while let Some(line) = self.next_line()? {
            if line.is_empty() {
                if let Some(event) = self.dispatch() {
                    return Ok(Some(event));
                }
            } else {
                self.field(&line)?;
            }
        }
        Ok(None)
    }

    /// The reconnection time that the stream last asked for, in milliseconds.
    #[must_use]
    pub fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    fn next_line(&mut self) -> Result<Option<Bytes>, TooLong> {
        if !self.skip_prefix() {
            return Ok(None);
        }
        let rest = &self.pending[self.scanned..];
        let Some(end) = memchr::memchr2(b'\n', b'\r', rest) else {
            self.scanned = self.pending.len();
            return if self.scanned > MAX_EVENT_BYTES { Err(TooLong) } else { Ok(None) };
        };
        let line = self.pending.split_to(self.scanned + end).freeze();
        self.after_cr = self.pending[0] == b'\r';
        let _ = self.pending.split_to(1);
        self.scanned = 0;
        Ok(Some(line))
    }

    /// Passes over a byte order mark at the start and over the LF of a CRLF; false when it must wait
    /// for more bytes to tell.
    fn skip_prefix(&mut self) -> bool {
        const BOM: &[u8] = b"\xEF\xBB\xBF";
        if !self.begun {
            if self.pending.len() < BOM.len() && BOM.starts_with(&self.pending) {
                return false;
            }
            self.begun = true;
            if self.pending.starts_with(BOM) {
                let _ = self.pending.split_to(BOM.len());
            }
        }
        if self.after_cr && !self.pending.is_empty() {
            self.after_cr = false;
            if self.pending[0] == b'\n' {
                let _ = self.pending.split_to(1);
            }
        }
        true
    }

    fn field(&mut self, line: &[u8]) -> Result<(), TooLong> {
        let colon = memchr::memchr(b':', line);
        let (name, value) = match colon {
            Some(0) => return Ok(()), // A comment.
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.data.len() + value.len() > MAX_EVENT_BYTES {
                    return Err(TooLong);
                }
                self.data.extend_from_slice(value);
                self.data.extend_from_slice(b"\n");
            }
            b"event" => self.event_type = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => self.id_buffer = String::from_utf8_lossy(value).into_owned(),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.retry_ms = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
            }
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Option<Parsed> {
        let event_type = std::mem::take(&mut self.event_type);
        if self.data.is_empty() {
            return None;
        }
        let mut data = self.data.split();
        data.truncate(data.len() - 1);
        let event_type = if event_type.is_empty() { "message".to_owned() } else { event_type };
        Some(Parsed { last_event_id: self.id_buffer.clone(), event_type, data: data.freeze() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(chunks: &[&[u8]]) -> Vec<(String, String, String)> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for chunk in chunks {
            parser.push(chunk);
            while let Some(event) = parser.next_event().expect("short") {
                let data = String::from_utf8_lossy(&event.data).into_owned();
                events.push((event.last_event_id, event.event_type, data));
            }
        }
        events
    }

    fn event(id: &str, event_type: &str, data: &str) -> (String, String, String) {
        (id.to_owned(), event_type.to_owned(), data.to_owned())
    }

    #[test]
    fn the_examples_of_the_standard() {
        let stocks = parse(&[b"data: YHOO\ndata: +2\ndata: 10\n\n"]);
        assert_eq!(stocks, [event("", "message", "YHOO\n+2\n10")]);
        let four = parse(&[
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        ]);
        let expected = [
            event("1", "message", "first event"),
            event("", "message", "second event"),
            event("", "message", " third event"),
        ];
        assert_eq!(four, expected);
        assert_eq!(
            parse(&[b"data\n\ndata\ndata\n\ndata:"]),
            [event("", "message", ""), event("", "message", "\n")]
        );
        assert_eq!(parse(&[b"data:test\n\ndata: test\n\n"]).len(), 2);
    }

    #[test]
    fn an_id_persists_and_one_with_nul_is_ignored() {
        let events = parse(&[b"id:1\ndata:a\n\ndata:b\n\nid:2\n\nid:x\0y\ndata:c\n\n"]);
        assert_eq!(
            events,
            [event("1", "message", "a"), event("1", "message", "b"), event("2", "message", "c")]
        );
    }

    #[test]
    fn a_type_does_not_outlive_its_event() {
        let events = parse(&[b"event:gone\n\nevent:x\ndata:a\n\ndata:b\n\n"]);
        assert_eq!(events, [event("", "x", "a"), event("", "message", "b")]);
    }

    #[test]
    fn retry_takes_digits_only() {
        let mut parser = Parser::default();
        parser.push(b"retry: 30\nretry:4x\nretry:-1\nretry:\n");
        assert_eq!(parser.next_event(), Ok(None));
        assert_eq!(parser.retry_ms(), Some(30));
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut parser = Parser::default();
        parser.push(&vec![b'x'; MAX_EVENT_BYTES + 1]);
        assert_eq!(parser.next_event(), Err(TooLong));
    }

    /// The same stream by the standard's own steps, on the whole text at once.
    fn oracle(stream: &str) -> Vec<(String, String, String)> {
        let text = stream.strip_prefix('\u{feff}').unwrap_or(stream);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let (mut events, mut data, mut event_type, mut id) =
            (Vec::new(), String::new(), String::new(), String::new());
        let lines: Vec<&str> = text.split('\n').collect();
        for line in &lines[..lines.len() - 1] {
            if line.is_empty() {
                if !data.is_empty() {
                    data.pop();
                    let kind = if event_type.is_empty() { "message" } else { &event_type };
                    events.push((id.clone(), kind.to_owned(), data.clone()));
                }
                data.clear();
                event_type.clear();
                continue;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "data" => data = data + value + "\n",
                "event" => event_type = value.to_owned(),
                "id" if !value.contains('\0') => id = value.to_owned(),
                _ => {}
            }
        }
        events
    }

    proptest! {
        #[test]
        fn any_split_parses_like_the_whole(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "data:", "data", "id:", "event:", ":", " ", "\r", "\n", "\r\n", "\n\n", "a", "é", "\u{feff}", "\0", "7",
                ]),
                0..60,
            ),
            cuts in prop::collection::vec(0_usize..200, 0..20),
        ) {
            let stream: String = pieces.concat();
            let bytes = stream.as_bytes();
            let mut places: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            places.extend([0, bytes.len()]);
            places.sort_unstable();
            let chunks: Vec<&[u8]> = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(parse(&chunks), oracle(&stream));
        }
    }
}
