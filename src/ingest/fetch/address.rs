//! Which addresses are on the open internet. Everything else is refused unless the operator allowed it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What lies outside the open internet, by the registries of special-purpose addresses: this network, private use,
/// shared by carriers, loopback, link-local (cloud metadata), protocol assignments, documentation, 6to4 relays,
/// benchmarks, multicast, reserved.
const CLOSED: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// True if the address belongs to a publisher on the open internet, as far as an address can tell.
pub(super) fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_open_v4(address),
        IpAddr::V6(address) => is_open_v6(address),
    }
}

fn is_open_v4(address: Ipv4Addr) -> bool {
    !CLOSED.iter().any(|(network, bits)| {
        let mask = u32::MAX << (32 - bits);
        address.to_bits() & mask == network.to_bits()
    })
}

/// Of version 6, only global unicast is open, less what is set aside in it; addresses that carry one of version 4
/// are what that one is.
fn is_open_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = carried(address) {
        return is_open_v4(inner);
    }
    let [first, second, ..] = address.segments();
    let global_unicast = first & 0xe000 == 0x2000;
    let protocols = first == 0x2001 && second < 0x0200;
    let documentation = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    let six_to_four = first == 0x2002;
    global_unicast && !protocols && !documentation && !six_to_four
}

/// The address of version 4 inside a mapped address or one of the well-known NAT64 prefix. The other wrappings
/// (compatible, 6to4, Teredo) are out of use and closed as they are.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    const MAPPED: u128 = 0xffff << 32;
    const NAT64: u128 = 0x0064_ff9b << 96;
    let (prefix, inner) = (address.to_bits() & !u128::from(u32::MAX), address.to_bits() & u128::from(u32::MAX));
    let inner = u32::try_from(inner).ok()?;
    matches!(prefix, MAPPED | NAT64).then(|| Ipv4Addr::from_bits(inner))
}

#[cfg(test)]
pub(super) mod tests {
    use url::{Host, Url};

    use super::*;

    /// Spellings of closed addresses, a group a line or two.
    const CLOSED_SPELLINGS: &str = "
        # loopback: plain, short, decimal, octal, hexadecimal, mixed, with a trailing dot, in full-width digits
        127.0.0.1 127.1 127.0.1 2130706433 0177.0.0.1 017700000001 0x7f.0.0.1 0x7f000001 0x7f.1 0177.0x0.0.1
        127.0.0.1. 127.255.255.254 １２７.０.０.１ 127。0。0。1 %31%32%37.0.0.1 user@127.0.0.1
        example.gov:80@127.0.0.1
        # this network
        0.0.0.0 0 0x0 0.1.2.3
        # private, shared, link-local, metadata services
        10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 100.64.0.1 100.127.255.255
        169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 192.0.0.192
        # documentation, benchmarks, relays, multicast, reserved, broadcast
        192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 198.19.255.255 192.88.99.1 224.0.0.1 239.255.255.250
        240.0.0.1 255.255.255.255
        # version 6: unspecified, loopback, mapped, compatible, link-local, unique local, multicast, site-local
        [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1]
        [::ffff:169.254.169.254] [::127.0.0.1] [::a00:1] [fe80::1] [fc00::1] [fd00:ec2::254] [ff02::1]
        [fec0::1]
        # version 6: 6to4, NAT64 (both prefixes), Teredo, documentation, discard, benchmarks, segment routing
        [2002:7f00:1::] [2002:a00:1::] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [2001::1]
        [2001:db8::1] [3fff::1] [100::1] [2001:2::1] [5f00::1]";

    /// Each of them.
    pub(in super::super) fn closed_spellings() -> Vec<&'static str> {
        let lines = CLOSED_SPELLINGS.lines().filter(|line| !line.trim_start().starts_with('#'));
        let closed: Vec<_> = lines.flat_map(str::split_whitespace).collect();
        assert!(closed.len() >= 40);
        closed
    }

    /// What a host means, spelled as people (and attackers) spell it.
    fn open(host: &str) -> bool {
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        match url.host().unwrap() {
            Host::Ipv4(address) => is_open(address.into()),
            Host::Ipv6(address) => is_open(address.into()),
            Host::Domain(name) => panic!("{host} was read as the name {name}"),
        }
    }

    #[test]
    fn no_spelling_of_a_closed_address_passes() {
        for host in closed_spellings() {
            assert!(!open(host), "{host} would be fetched");
        }
    }

    #[test]
    fn publishers_addresses_pass() {
        let publishers = "1.1.1.1 8.8.8.8 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 192.0.1.1 198.17.255.255
            223.255.255.255
            [2606:4700::1111] [2a00:1450:4001:80b::200e] [::ffff:8.8.8.8] [64:ff9b::808:808] [2001:4860:4860::8888]";
        for host in publishers.split_whitespace() {
            assert!(open(host), "{host} would be refused");
        }
    }
}
