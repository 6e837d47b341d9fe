//! An identity provider: a socket that tells public keys, and tokens signed with the private ones.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sangsaeng::TextEnum;
use sangsaeng::access::issuer::Provider;
use sangsaeng::access::issuer::jwks::Algorithm;
use sangsaeng::access::issuer::location::Location;
use sangsaeng::access::rights::Role;
use serde_json::{Value, json};

pub const ISSUER: &str = "https://idp.test.example/realms/house";
pub const AUDIENCE: &str = "sangsaeng";

/// A private key of the provider's.
pub enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Key {
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Rs256 => Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            Algorithm::Es256 => {
                Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
            }
            Algorithm::EdDsa => Self::Ed(Ed25519KeyPair::generate().unwrap()),
        }
    }

    /// The bytes of the public half, as the library has them.
    pub fn public(&self) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.public();
        match self {
            Self::Rsa(_) => {
                let (n, e) = numbers(&public);
                json!({ "kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
                    "n": text(&n), "e": text(&e) })
            }
            // A point that is not compressed: one byte, x, y.
            Self::Ec(_) => json!({ "kty": "EC", "crv": "P-256", "kid": kid,
                "x": text(&public[1..33]), "y": text(&public[33..]) }),
            Self::Ed(_) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(&public) })
            }
        }
    }

    pub fn sign(&self, said: &str) -> Vec<u8> {
        let (said, random) = (said.as_bytes(), SystemRandom::new());
        match self {
            Self::Rsa(pair) => {
                let mut seal = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, said, &mut seal)
                    .unwrap();
                seal
            }
            Self::Ec(pair) => pair.sign(&random, said).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(said).as_ref().to_vec(),
        }
    }
}

/// The two numbers of a public RSA key (RFC 8017 §A.1.1): a sequence of two integers.
fn numbers(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (sequence, rest) = content(der, 0x30);
    assert!(rest.is_empty());
    let (n, rest) = content(sequence, 0x02);
    let (e, _) = content(rest, 0x02);
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect()
    };
    (number(n), number(e))
}

/// What a value of DER holds, and what comes after it.
fn content(der: &[u8], tag: u8) -> (&[u8], &[u8]) {
    assert_eq!(der[0], tag);
    let (length, from) = match der[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let bytes = usize::from(long & 0x7f);
            let length = der[2..2 + bytes].iter();
            (
                length.fold(0, |sum, byte| (sum << 8) | usize::from(*byte)),
                2 + bytes,
            )
        }
    };
    (&der[from..from + length], &der[from + length..])
}

/// An identity provider.
pub struct Idp {
    address: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    stop: Arc<Mutex<bool>>,
    thread: Option<JoinHandle<()>>,
    keys: Vec<(String, Arc<Key>)>,
}

impl Idp {
    /// One with a key of that algorithm, named `k1`.
    pub fn start(algorithm: Algorithm) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut idp = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::default(),
            asked: Arc::default(),
            stop: Arc::default(),
            thread: None,
            keys: Vec::new(),
        };
        idp.publish(&[("k1", &Arc::new(Key::new(algorithm)))]);
        let (answer, asked, stop) = (idp.answer.clone(), idp.asked.clone(), idp.stop.clone());
        idp.thread = Some(std::thread::spawn(move || {
            for stream in listener.incoming() {
                if *stop.lock().unwrap() {
                    return;
                }
                asked.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                drop(stream.read(&mut [0; 4_096]));
                drop(stream.write_all(answer.lock().unwrap().as_bytes()));
            }
        }));
        idp
    }

    /// Publishes these keys from now on, and signs with them.
    pub fn publish(&mut self, keys: &[(&str, &Arc<Key>)]) {
        let jwks: Vec<Value> = keys.iter().map(|(kid, key)| key.jwk(kid)).collect();
        self.keys = keys
            .iter()
            .map(|(kid, key)| ((*kid).to_owned(), Arc::clone(key)))
            .collect();
        self.answers("200 OK", "", &json!({ "keys": jwks }).to_string());
    }

    /// Answers so from now on.
    pub fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}");
        *self.answer.lock().unwrap() = format!("{head}Connection: close\r\n\r\n{body}");
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A private key of it.
    pub fn key(&self, kid: &str) -> Arc<Key> {
        let found = self.keys.iter().find(|(known, _)| known == kid);
        Arc::clone(&found.unwrap().1)
    }

    /// How servers know it. Its groups stand for the roles of the same names.
    pub fn provider(&self) -> Provider {
        let people = Role::ALL.iter().filter(|role| **role != Role::Partner);
        let url = format!("http://{}/keys", self.address);
        Provider {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            jwks: Location::parse(&url, None).unwrap(),
            algorithms: Algorithm::ALL.to_vec(),
            role_claim: "groups".to_owned(),
            roles: people.map(|role| (format!("esg-{role}"), *role)).collect(),
        }
    }

    /// Is gone.
    pub fn stop(&mut self) {
        if let Some(thread) = self.thread.take() {
            *self.stop.lock().unwrap() = true;
            drop(TcpStream::connect(self.address));
            thread.join().unwrap();
        }
    }
}

impl Drop for Idp {
    fn drop(&mut self) {
        self.stop();
    }
}
