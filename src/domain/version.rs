//! The version of a program: three numbers.

use std::fmt;

/// `1.2.3`. The greater one is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u16; 3]);

impl Version {
    /// Reads three numbers with points between them and nothing else: no sign, no leading zero, no suffix.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| {
            let is_plain =
                number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
            number.parse().ok().filter(|_| is_plain)
        });
        let version = Self([numbers.next()??, numbers.next()??, numbers.next()??]);
        numbers.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_plain_numbers_are_a_version() {
        for text in ["0.1.0", "1.22.333", "65535.0.0"] {
            assert_eq!(Version::parse(text).unwrap().to_string(), text);
        }
        let others = [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1..3",
            "v1.2.3",
            "1.2.3-rc.1",
            "01.2.3",
            "1.2.3 ",
            "+1.2.3",
            "-1.2.3",
            "1.2.65536",
            "1.2.\u{0663}",
            "<html>",
            "1.2.3\n",
        ];
        for text in others {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("0.10.0") > version("0.9.9") && version("1.0.0") > version("0.99.99"));
    }
}
