//! What a proxy's configuration says, line by line.

use scenario::{Program, Setup, Via};
use std::net::SocketAddr;
use std::path::Path;

/// Where a proxy stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Where clients find it.
    pub listen: SocketAddr,
    /// The server behind it.
    pub server: SocketAddr,
    /// Its own folder.
    pub folder: &'a Path,
    /// Whether clients speak TLS with it: certificate and key are in its folder.
    pub tls: bool,
    /// Whether they may resume sessions.
    pub resumes: bool,
    /// Connections that it has to hold, on both sides together.
    pub connections: u32,
}

/// The file in the folder that a client's certificate check is answered with: certificate, then key.
pub(super) const IDENTITY: &str = "identity.pem";
/// Where requests are noted.
pub(super) const ACCESS: &str = "access.log";
/// Where it complains.
pub(super) const ERRORS: &str = "error.log";

/// The text of a proxy's configuration.
pub(super) fn configuration(via: &Via, place: &Place<'_>) -> String {
    match via.program {
        Program::Nginx => nginx(via.setup, place),
        Program::Haproxy => haproxy(via.setup, place),
    }
}

fn nginx(setup: Setup, place: &Place<'_>) -> String {
    let Place { listen, server, folder, connections, .. } = place;
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("  {what}_temp_path {folder}/{what};\n"))
        .concat();
    let (ssl, certificate) = match place.tls {
        false => ("", String::new()),
        true => (
            " ssl",
            format!(
                "    ssl_certificate {folder}/{IDENTITY};\n    ssl_certificate_key {folder}/{IDENTITY};\n    ssl_protocols TLSv1.3;\n    \
                 ssl_session_tickets {};\n",
                if place.resumes { "on" } else { "off" }
            ),
        ),
    };
    let lines = |text: &str, indent: &str| -> String {
        text.lines().filter(|line| !line.is_empty()).map(|line| format!("{indent}{line}\n")).collect()
    };
    let (general, of_server, location) = nginx_setup(setup);
    format!(
        "# One process, which ends with the run.\n\
         daemon off;\nmaster_process off;\n\
         pid {folder}/nginx.pid;\nerror_log {folder}/{ERRORS};\nworker_rlimit_nofile {files};\n\
         events {{\n  worker_connections {connections};\n}}\n\
         http {{\n  access_log {folder}/{ACCESS};\n{temporary}{general}\
         \x20 server {{\n    listen {listen}{ssl};\n{certificate}{of_server}\
         \x20   location / {{\n      proxy_pass http://{server};\n{location}    }}\n  }}\n}}\n",
        files = connections + 64,
        general = lines(&general.replace("SERVER", &server.to_string()), "  "),
        server = if general.is_empty() { server.to_string() } else { "behind".to_owned() },
        of_server = lines(&of_server, "    "),
        location = lines(&location, "      "),
    )
}

/// Lines of the whole, of the server, and of the location.
fn nginx_setup(setup: Setup) -> (String, String, String) {
    if setup == Setup::Default {
        return (String::new(), String::new(), String::new());
    }
    let silence = match setup {
        Setup::Idle(idle) => format!("proxy_read_timeout {}ms;", idle.as_millis()),
        _ => "proxy_read_timeout 1h;".to_owned(),
    };
    let upgrade = match setup {
        Setup::NoUpgrade => "proxy_set_header Connection \"\";",
        _ => "proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $upgrade_or_none;",
    };
    let buffering = match setup {
        Setup::Buffering => "proxy_buffering on;\nproxy_ignore_headers X-Accel-Buffering;",
        _ => "proxy_buffering off;",
    };
    let of_server = match setup {
        Setup::Requests(requests) => format!("keepalive_requests {requests};"),
        Setup::NoUpgrade => "if ($http_upgrade) {\n  return 403;\n}".to_owned(),
        _ => String::new(),
    };
    (
        "map $http_upgrade $upgrade_or_none {\n  default upgrade;\n  '' '';\n}\nupstream behind {\n  server SERVER;\n  keepalive 64;\n}"
            .to_owned(),
        of_server,
        format!("proxy_http_version 1.1;\n{upgrade}\n{buffering}\n{silence}"),
    )
}

fn haproxy(setup: Setup, place: &Place<'_>) -> String {
    let Place { listen, server, folder, connections, .. } = place;
    let ssl = match (place.tls, place.resumes) {
        (false, _) => String::new(),
        (true, resumes) => format!(
            " ssl crt {}/{IDENTITY} ssl-min-ver TLSv1.3{}",
            folder.display(),
            if resumes { "" } else { " no-tls-tickets" }
        ),
    };
    // What Debian's own file says, but for the one that is asked for.
    let silence_ms = match setup {
        Setup::Idle(idle) => idle.as_millis(),
        Setup::Streaming => 3_600_000,
        _ => 50_000,
    };
    // Without it the kernel is told that more follows each piece of a response, and waits for that for 200 ms.
    let no_delay = if setup == Setup::Streaming { "  option http-no-delay\n" } else { "" };
    format!(
        "global\n  maxconn {connections}\n  log stdout format raw local0\n\
         defaults\n  mode http\n  log global\n  option httplog\n  option dontlognull\n\
         {no_delay}\x20 timeout connect 5000\n  timeout client {silence_ms}\n  timeout server {silence_ms}\n\
         frontend clients\n  bind {listen}{ssl}\n  default_backend behind\n\
         backend behind\n  server server {server}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn text(program: Program, setup: Setup, tls: bool) -> String {
        let via = Via { name: "proxy".to_owned(), program, setup };
        let place = Place {
            listen: SocketAddr::from(([127, 0, 0, 1], 4000)),
            server: SocketAddr::from(([127, 0, 0, 1], 5000)),
            folder: Path::new("/run/proxy"),
            tls,
            resumes: true,
            connections: 100,
        };
        configuration(&via, &place)
    }

    #[test]
    fn the_default_says_nothing_of_streams() {
        let plain = text(Program::Nginx, Setup::Default, false);
        assert!(plain.contains("      proxy_pass http://127.0.0.1:5000;\n    }\n"), "{plain}");
        assert!(!plain.contains("Upgrade") && !plain.contains("ssl"));
    }

    #[test]
    fn each_setup_differs_from_streaming_in_what_it_is_named_for() {
        let streaming = text(Program::Nginx, Setup::Streaming, false);
        for (setup, line) in [
            (Setup::Buffering, "proxy_buffering on;"),
            (Setup::Idle(Duration::from_secs(5)), "proxy_read_timeout 5000ms;"),
            (Setup::Requests(100), "keepalive_requests 100;"),
            (Setup::NoUpgrade, "return 403;"),
        ] {
            let text = text(Program::Nginx, setup, false);
            assert!(text.contains(line) && !streaming.contains(line), "{text}");
        }
        assert!(streaming.contains("proxy_set_header Upgrade $http_upgrade;"));
    }

    #[test]
    fn haproxy_waits_for_more_unless_it_is_set_up_for_streams() {
        let [default, streaming] =
            [Setup::Default, Setup::Streaming].map(|setup| text(Program::Haproxy, setup, false));
        assert!(
            !default.contains("http-no-delay") && default.contains("  timeout server 50000\n"),
            "{default}"
        );
        assert!(streaming.contains("  option http-no-delay\n  timeout connect 5000\n"), "{streaming}");
        assert!(streaming.contains("  timeout server 3600000\n"), "{streaming}");
    }

    #[test]
    fn tls_ends_at_the_proxy() {
        for (program, line) in [
            (Program::Nginx, "listen 127.0.0.1:4000 ssl;"),
            (Program::Haproxy, "bind 127.0.0.1:4000 ssl crt /run/proxy/identity.pem"),
        ] {
            let text = text(program, Setup::Default, true);
            assert!(text.contains(line), "{text}");
            assert!(!text.contains("https://"), "{text}");
        }
    }
}
