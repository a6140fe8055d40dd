//! TLS 1.3 between the socket and whatever protocol is spoken, by rustls.
//!
//! Clients trust the authority that they are given and nothing else; no check is switched off.

use crate::{Connection, Meter};
use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{Accept, TlsAcceptor, TlsConnector, TlsStream};

/// What a server proves who it is with.
#[derive(Debug, Clone)]
pub struct ServerTls(Arc<ServerConfig>);

/// Whom a client believes.
#[derive(Debug, Clone)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    resumes: bool,
}

/// Sessions that a client remembers: it has one server.
const REMEMBERED: usize = 4;

impl ServerTls {
    /// With a certificate and its key, both PEM; whether those who come again may resume their session (RFC 8446,
    /// section 2.2).
    ///
    /// # Errors
    /// When they are no certificate and key.
    pub fn new(certificate_pem: &str, key_pem: &str, resumes: bool) -> io::Result<Self> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate_pem.as_bytes()).collect();
        let chain = chain.map_err(invalid)?;
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(invalid)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(invalid)?;
        match resumes {
            // Tickets, as where a server is one of many: nothing is kept for who may never come again.
            true => config.ticketer = ring::Ticketer::new().map_err(invalid)?,
            false => config.send_tls13_tickets = 0,
        }
        Ok(ServerTls(Arc::new(config)))
    }
}

impl ClientTls {
    /// Believes servers that this authority, PEM, vouches for.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn new(authority_pem: &str, resumes: bool) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(authority_pem.as_bytes()).map_err(invalid)?)
            .map_err(invalid)?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .map_err(invalid)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(ClientTls { config: Arc::new(config), resumes }.of_one_client())
    }

    /// The same for another client, who has no sessions to resume yet: two people share none.
    #[must_use]
    pub fn of_one_client(&self) -> Self {
        let mut config = (*self.config).clone();
        config.resumption = match self.resumes {
            true => Resumption::in_memory_sessions(REMEMBERED),
            false => Resumption::disabled(),
        };
        ClientTls { config: Arc::new(config), resumes: self.resumes }
    }

    /// The handshake over a connection that was dialled.
    pub(crate) async fn secure(
        &self,
        connection: Connection,
        server: IpAddr,
        plain: Meter,
    ) -> io::Result<Secured> {
        let connector = TlsConnector::from(self.config.clone());
        let stream = connector.connect(ServerName::IpAddress(server.into()), connection).await?;
        Ok(Secured { state: State::Open(TlsStream::Client(stream)), plain })
    }
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

/// A connection with TLS on it.
pub(crate) struct Secured {
    state: State,
    /// Counts what goes through above TLS.
    plain: Meter,
}

enum State {
    /// The server's side, before the handshake is over. It is gone through by whoever reads or writes first.
    Accepting(Accept<Connection>),
    Open(TlsStream<Connection>),
    Failed,
}

impl Secured {
    /// The server's side of a connection that was accepted.
    pub fn accepting(connection: Connection, tls: &ServerTls, plain: Meter) -> Self {
        let accept = TlsAcceptor::from(tls.0.clone()).accept(connection);
        Secured { state: State::Accepting(accept), plain }
    }

    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut TlsStream<Connection>>>> {
        if let State::Accepting(accept) = &mut self.state {
            self.state = match ready!(Pin::new(accept).poll(cx)) {
                Ok(stream) => State::Open(TlsStream::Server(stream)),
                Err(error) => {
                    self.state = State::Failed;
                    return Poll::Ready(Err(error));
                }
            };
        }
        Poll::Ready(match &mut self.state {
            State::Open(stream) => Ok(Pin::new(stream)),
            State::Accepting(_) | State::Failed => Err(io::ErrorKind::NotConnected.into()),
        })
    }
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secured").finish_non_exhaustive()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let poll = ready!(self.poll_open(cx))?.poll_read(cx, buf);
        self.plain.read(buf.filled().len() - before);
        poll
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = ready!(self.poll_open(cx))?.poll_write(cx, buf);
        counted(poll, &self.plain)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = ready!(self.poll_open(cx))?.poll_write_vectored(cx, bufs);
        counted(poll, &self.plain)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_shutdown(cx)
    }
}

/// Notes what was taken.
pub(crate) fn counted(poll: Poll<io::Result<usize>>, meter: &Meter) -> Poll<io::Result<usize>> {
    if let Poll::Ready(Ok(bytes)) = poll {
        meter.written(bytes);
    }
    poll
}
