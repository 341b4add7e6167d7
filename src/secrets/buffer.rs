//! What a field for a secret holds while it is typed.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// What a secret buffer holds without moving; moving would leave a copy behind that is never wiped.
const SECRET_CAPACITY: usize = 8 * 1024;

/// A text field for a secret: wiped when cleared and when dropped, never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretBuffer(Zeroizing<String>);

impl SecretBuffer {
    /// The text, for checking and sending.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, for a text field to edit.
    pub fn as_mut_string(&mut self) -> &mut String {
        if self.0.capacity() < SECRET_CAPACITY {
            let mut roomy = Zeroizing::new(String::with_capacity(SECRET_CAPACITY));
            roomy.push_str(&self.0);
            self.0 = roomy;
        }
        &mut self.0
    }

    /// Wipes the text.
    pub fn clear(&mut self) {
        self.0.zeroize();
    }

    /// True where nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBuffer(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_move_while_it_is_typed() {
        let mut buffer = SecretBuffer::default();
        buffer.as_mut_string().push_str("s3cr3t");
        let before = buffer.as_mut_string().as_ptr();
        for _ in 0..SECRET_CAPACITY - 6 {
            buffer.as_mut_string().push('x');
        }
        assert_eq!(buffer.as_mut_string().as_ptr(), before);
        assert!(!format!("{buffer:?}").contains("s3cr3t"));
    }
}
