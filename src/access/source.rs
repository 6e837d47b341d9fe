//! Where a request comes from, and which proxies are believed about it.
//!
//! A source is an address; of IPv6 the network of 64 bits that one customer of a provider has. A
//! server behind a proxy sees the proxy alone, which tells the address in `X-Forwarded-For`. That
//! header anybody can send, so it is believed only from addresses that the operator named, and of
//! its entries only those that such proxies added.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The most networks of proxies that may be named.
const MAX_NETWORKS: usize = 16;

/// Bits of an IPv6 address that tell one customer from another.
const NETWORK_BITS: u32 = 64;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// The source of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) if !address.is_loopback() => {
                let network = address.to_bits() & high_bits(NETWORK_BITS);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            address => address,
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V6(network) if !network.is_loopback() => write!(f, "{network}/{NETWORK_BITS}"),
            address => address.fmt(f),
        }
    }
}

/// A number of 128 bits whose first ones are ones.
fn high_bits(bits: u32) -> u128 {
    u128::MAX
        .checked_shl(u128::BITS.saturating_sub(bits))
        .unwrap_or(0)
}

/// A network such as `10.1.0.0/16`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
        // A network of everybody would let everybody say where they come from.
        (1..=most).contains(&bits).then_some(Self { address, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let (own, other, bits) = match (self.address, address.to_canonical()) {
            // The bits of an IPv4 address are the last of 128.
            (IpAddr::V4(own), IpAddr::V4(other)) => (
                u128::from(own.to_bits()),
                u128::from(other.to_bits()),
                self.bits.saturating_add(96),
            ),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), self.bits),
            _ => return false,
        };
        (own ^ other) & high_bits(bits) == 0
    }
}

/// The proxies that are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

impl Proxies {
    /// Reads addresses and networks with commas between them; nothing where one is none, or is
    /// everybody's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let named = text.split(',').map(|one| Network::parse(one.trim()));
        let networks: Vec<Network> = named.collect::<Option<_>>()?;
        (networks.len() <= MAX_NETWORKS).then_some(Self(networks))
    }

    fn believed(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// Where a request comes from that `peer` sent with these headers `X-Forwarded-For`, in their
    /// order: the last address that no believed proxy has.
    #[must_use]
    pub fn source<'a>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a str>,
    ) -> Source {
        let mut nearest = peer;
        let entries = forwarded.flat_map(|header| header.split(','));
        let entries: Vec<&str> = entries.collect();
        for entry in entries.into_iter().rev() {
            if !self.believed(nearest) {
                break;
            }
            let Ok(address) = entry.trim().parse() else {
                break;
            };
            nearest = address;
        }
        Source::of(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let proxies = match proxies {
            "" => Proxies::default(),
            named => Proxies::parse(named).unwrap(),
        };
        let forwarded = forwarded.iter().copied();
        proxies.source(peer.parse().unwrap(), forwarded).to_string()
    }

    #[test]
    fn who_is_not_believed_says_nothing_of_where_a_request_comes_from() {
        assert_eq!(source("", "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(source("10.0.0.2", "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(source("10.0.0.1", "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn of_what_proxies_tell_only_what_they_added_is_believed() {
        let told = |forwarded: &[&str]| source("10.0.0.0/24, ::1", "10.0.0.1", forwarded);
        assert_eq!(told(&["1.2.3.4"]), "1.2.3.4");
        assert_eq!(told(&["6.6.6.6, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(told(&["6.6.6.6", "1.2.3.4, 10.0.0.7"]), "1.2.3.4");
        assert_eq!(told(&["nobody, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(told(&["1.2.3.4, "]), "10.0.0.1");
        assert_eq!(told(&["::ffff:1.2.3.4"]), "1.2.3.4");
        assert_eq!(
            source("10.0.0.1", "::ffff:10.0.0.1", &["1.2.3.4"]),
            "1.2.3.4"
        );
    }

    #[test]
    fn a_customer_has_one_source_among_all_addresses_of_a_network() {
        let one = Source::of("2001:db8:1:2:3::4".parse().unwrap());
        assert_eq!(one, Source::of("2001:db8:1:2:ffff::".parse().unwrap()));
        assert_ne!(one, Source::of("2001:db8:1:3::4".parse().unwrap()));
        assert_eq!(one.to_string(), "2001:db8:1:2::/64");
        let itself = Source::of("::1".parse().unwrap());
        assert_eq!(itself.to_string(), "::1");
    }

    #[test]
    fn networks_are_read_strictly_and_never_hold_everybody() {
        for good in [
            "10.0.0.1",
            "10.0.0.0/8,192.168.0.0/16",
            "fd00::/8",
            "::1/128",
        ] {
            assert!(Proxies::parse(good).is_some(), "{good}");
        }
        let many = vec!["10.0.0.1"; MAX_NETWORKS + 1].join(",");
        for bad in [
            "",
            "x",
            "10.0.0.1,",
            "10.0.0.0/0",
            "::/0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/-1",
            "10.0.0.0/8/8",
            &many,
        ] {
            assert!(Proxies::parse(bad).is_none(), "{bad}");
        }
    }
}
