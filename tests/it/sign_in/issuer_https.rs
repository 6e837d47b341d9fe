//! An identity provider is who its certificate says, or gives no keys.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sangsaeng::access::issuer::location::Location;

/// Makes an authority, a certificate of it for `localhost`, and another authority.
fn certify(folder: &Path) {
    let at = folder.display();
    let key = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    for words in [
        format!("-subj /CN=ours -keyout {at}/ca.key -out {at}/ca.pem"),
        format!("-subj /CN=others -keyout {at}/other.key -out {at}/other.pem"),
        format!(
            "-CA {at}/ca.pem -CAkey {at}/ca.key -subj /CN=localhost -addext \
             subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
             -keyout {at}/server.key -out {at}/server.pem"
        ),
    ] {
        let mut openssl = Command::new("openssl");
        let made = openssl
            .args(key.split(' '))
            .args(words.split(' '))
            .stderr(Stdio::null());
        assert!(made.status().unwrap().success(), "{words}");
    }
}

/// Answers so many connections with a body; tells the port.
fn serve(folder: &Path, connections: usize, body: &'static str) -> u16 {
    let chain = vec![CertificateDer::from_pem_file(folder.join("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(connections) {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(session, stream.unwrap());
            if stream.read(&mut [0; 4_096]).is_ok() {
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
                let answer = format!("{head} {}\r\n\r\n{body}", body.len());
                drop(stream.write_all(answer.as_bytes()));
            }
        }
    });
    port
}

#[test]
fn a_provider_is_who_its_certificate_says_or_gives_no_keys() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let port = serve(folder.path(), 4, "{\"keys\":[]}");
    let fetch = |host: &str, authorities: Option<&str>| {
        let authorities = authorities.map(|file| folder.path().join(file));
        let location = Location::parse(&format!("https://{host}:{port}/keys"), authorities);
        location.unwrap().fetch().map_err(|error| error.to_string())
    };
    assert_eq!(
        fetch("localhost", Some("ca.pem")).unwrap(),
        b"{\"keys\":[]}"
    );
    for (host, authorities) in [
        ("localhost", Some("other.pem")),
        ("localhost", None),
        ("127.0.0.1", Some("ca.pem")),
        ("localhost", Some("none.pem")),
    ] {
        let refused = fetch(host, authorities).unwrap_err();
        assert!(refused.contains("gives no keys"), "{host}: {refused}");
    }
}
