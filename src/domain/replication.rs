//! Positions in the binary log, as MariaDB writes them: names of files, and GTIDs by domain.

use std::collections::BTreeMap;

use super::Text;

/// `mariadb-bin.000318`: a file of the binary log. The number tells the order; text order does not, because after
/// `.999999` comes `.1000000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BinlogFile {
    /// `mariadb-bin`.
    pub base: Text,
    /// 318.
    pub number: u64,
}

impl BinlogFile {
    /// Reads a name that ends in a point and a number of at least six digits, as the server writes it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (base, digits) = name.trim().rsplit_once('.')?;
        let is_number = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| is_number && !base.is_empty())?;
        Some(Self { base: base.into(), number })
    }

    /// The name of the file with another number.
    #[must_use]
    pub fn name_of(&self, number: u64) -> String {
        format!("{}.{number:06}", self.base)
    }
}

/// A GTID position: the last sequence number of each replication domain. Positions that are equal can differ as text, because
/// domains come in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GtidPosition(BTreeMap<u32, u64>);

impl GtidPosition {
    /// Reads `domain-server-sequence`, several joined by commas. An empty text is the empty position; `None` for what the server
    /// would refuse: another form, or a domain twice.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut domains = BTreeMap::new();
        for part in text.trim().split(',').filter(|_| !text.trim().is_empty()) {
            let mut numbers = part.trim().split('-');
            let (domain, server, sequence) = (numbers.next()?, numbers.next()?, numbers.next()?);
            let _server: u32 = server.parse().ok()?;
            let is_new = domains.insert(domain.parse().ok()?, sequence.parse().ok()?).is_none();
            if !is_new || numbers.next().is_some() {
                return None;
            }
        }
        Some(Self(domains))
    }

    /// True where no domain is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The domains of another position that this one lacks.
    #[must_use]
    pub fn lacks(&self, other: &Self) -> Vec<u32> {
        other.0.keys().filter(|domain| !self.0.contains_key(domain)).copied().collect()
    }

    /// True where the other position is as far or farther in each domain of this one.
    #[must_use]
    pub fn is_reached_by(&self, other: &Self) -> bool {
        self.0.iter().all(|(domain, sequence)| other.0.get(domain).is_some_and(|reached| reached >= sequence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_ordered_by_their_number() {
        let file = |name: &str| BinlogFile::parse(name).unwrap();
        assert!(file("mariadb-bin.999999") < file("mariadb-bin.1000000"));
        assert_eq!(file("a.b.000318"), BinlogFile { base: "a.b".into(), number: 318 });
        for name in ["mariadb-bin.000318", "mariadb-bin.1000000"] {
            assert_eq!(file(name).name_of(file(name).number), name);
        }
        for odd in ["", "mariadb-bin", "mariadb-bin.318", ".000318", "mariadb-bin.00031x", "mariadb-bin.+00318"] {
            assert_eq!(BinlogFile::parse(odd), None, "{odd}");
        }
        assert_eq!(BinlogFile::parse(&format!("bin.{}", "9".repeat(30))), None);
    }

    #[test]
    fn positions_are_compared_by_domain() {
        let position = |text: &str| GtidPosition::parse(text).unwrap();
        assert_eq!(position("0-1-7,2-3-18446744073709551615"), position("2-9-18446744073709551615, 0-1-7"));
        assert_eq!(position("0-1-7").lacks(&position("7-1-3,0-1-9,2-1-1")), [2, 7]);
        assert!(position("0-1-7").is_reached_by(&position("0-2-7,1-1-1")));
        assert!(!position("0-1-7").is_reached_by(&position("0-2-6")));
        assert!(!position("0-1-7,1-1-1").is_reached_by(&position("0-2-8")));
        assert!(position("").is_empty() && position("").is_reached_by(&position("0-1-1")));
        for odd in ["0-1", "0-1-2-3", "0-1-2,0-1-3", "0-1-2,", "a-1-2", "4294967296-1-1", "0-4294967296-1", "0-1--2"] {
            assert_eq!(GtidPosition::parse(odd), None, "{odd}");
        }
    }
}
