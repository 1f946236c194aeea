//! How often somebody without a token may try: per client address and per thing asked for. In memory, bounded, on each
//! node for itself; it counts real time, not the domain's.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use uuid::Uuid;

use super::problem::Problem;

/// How often one address may try.
const BY_ADDRESS: Rule = Rule { tries: 60, within: Duration::from_mins(1) };
/// How often anybody may try with one thing.
const BY_THING: Rule = Rule { tries: 5, within: Duration::from_mins(10) };
/// How many addresses, and how many things, are remembered. An address that comes back after it was forgotten starts anew.
const REMEMBERED: usize = 20_000;

/// So many tries within such a time.
#[derive(Clone, Copy)]
struct Rule {
    tries: u32,
    within: Duration,
}

/// Who tried what how often.
#[derive(Default)]
pub struct Limiter {
    addresses: Mutex<HashMap<Option<IpAddr>, Window>>,
    things: Mutex<HashMap<Uuid, Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    since: Instant,
    tries: u32,
}

impl Limiter {
    /// Counts a try, whatever comes of it. A refusal says after how many seconds to come back.
    pub fn take(&self, address: Option<IpAddr>, thing: Uuid) -> Result<(), Problem> {
        let now = Instant::now();
        counted(&self.addresses, address.map(network), BY_ADDRESS, now)
            .and_then(|()| counted(&self.things, thing, BY_THING, now))
            .map_err(|wait| Problem::rate_limited(seconds(wait)))
    }
}

fn counted<K: Eq + Hash>(
    windows: &Mutex<HashMap<K, Window>>,
    key: K,
    rule: Rule,
    now: Instant,
) -> Result<(), Duration> {
    let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
    if windows.len() >= REMEMBERED && !windows.contains_key(&key) {
        windows.retain(|_, window| now.duration_since(window.since) < rule.within);
        if windows.len() >= REMEMBERED {
            windows.clear();
        }
    }
    let window = windows.entry(key).or_insert(Window { since: now, tries: 0 });
    let passed = now.duration_since(window.since);
    if passed >= rule.within {
        *window = Window { since: now, tries: 0 };
    } else if window.tries >= rule.tries {
        return Err(rule.within.saturating_sub(passed));
    }
    window.tries += 1;
    Ok(())
}

/// Whoever has one IPv6 address has its whole network.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            address.to_ipv4_mapped().map_or_else(|| Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(), IpAddr::V4)
        }
    }
}

fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

/// The address of whoever is connected: this program believes no header about it.
pub(super) fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use uuid::Uuid;

    use super::{BY_THING, Limiter, REMEMBERED, counted, network, seconds};

    #[test]
    fn one_thing_is_tried_a_few_times_and_then_again_later() {
        let (windows, now) = (Mutex::default(), Instant::now());
        for _ in 0..BY_THING.tries {
            assert_eq!(counted(&windows, 7, BY_THING, now), Ok(()));
        }
        let later = now + Duration::from_secs(1);
        assert_eq!(counted(&windows, 7, BY_THING, later), Err(BY_THING.within.saturating_sub(Duration::from_secs(1))));
        assert_eq!(counted(&windows, 8, BY_THING, later), Ok(()), "another thing is not concerned");
        assert_eq!(counted(&windows, 7, BY_THING, now + BY_THING.within), Ok(()));
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let (limiter, thing) = (Limiter::default(), Uuid::from_u128(7));
        let refused = (0..=BY_THING.tries).find_map(|_| limiter.take(None, thing).err());
        assert_eq!(refused.map(|problem| problem.status), Some(429));
        assert_eq!((seconds(Duration::from_millis(1500)), seconds(Duration::ZERO)), (2, 1));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (windows, now) = (Mutex::new(HashMap::new()), Instant::now());
        for key in 0..=REMEMBERED {
            assert_eq!(counted(&windows, key, BY_THING, now), Ok(()));
        }
        assert!(windows.lock().unwrap().len() <= REMEMBERED);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let parse = |text: &str| network(text.parse().unwrap());
        assert_eq!(parse("2001:db8:1:2:3::4"), parse("2001:db8:1:2:ffff::1"));
        assert_ne!(parse("2001:db8:1:2::1"), parse("2001:db8:1:3::1"));
        assert_eq!(parse("::ffff:192.0.2.1"), parse("192.0.2.1"));
        assert_ne!(parse("192.0.2.1"), parse("192.0.2.2"));
    }
}
