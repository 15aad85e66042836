//! The secret in the address of a page that other machines can reach.

use crate::HttpError;
use std::fmt;
use subtle::ConstantTimeEq;

/// Bytes of chance: far too many to guess.
const BYTES: usize = 16;

/// A secret that whoever asks must know: 32 hexadecimal digits.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new one, from the operating system's random numbers.
    ///
    /// # Errors
    /// [`HttpError::NoToken`].
    pub fn draw() -> Result<Self, HttpError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| HttpError::NoToken { reason: error.to_string() })?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// One that was drawn before, from its digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 2 * BYTES && text.bytes().all(digits)).then(|| Self(text.to_owned()))
    }

    /// Its digits.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether `given` is it. How long that takes says nothing of how much of it is right.
    pub(crate) fn is(&self, given: &str) -> bool {
        given.as_bytes().ct_eq(self.0.as_bytes()).into()
    }

    /// Whether a query such as `a=b&token=…` holds it.
    pub(crate) fn is_in(&self, query: &str) -> bool {
        self.is(query.split('&').find_map(|part| part.strip_prefix("token=")).unwrap_or_default())
    }
}

/// A secret is not for logs.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens() {
        let token = Token::draw().unwrap();
        assert_eq!(token.text().len(), 2 * BYTES);
        assert!(token.is_in(&format!("token={}", token.text())) && token.is_in(&format!("a=1&token={}", token.text())));
        let other = Token::draw().unwrap();
        for bad in ["", "token=", "token", &format!("token={}", other.text()), &format!("token={}x", token.text())] {
            assert!(!token.is_in(bad), "{bad}");
        }
        assert!(Token::parse(token.text()).unwrap().is(token.text()));
        assert!(Token::parse("").is_none() && Token::parse(&"G".repeat(2 * BYTES)).is_none());
        assert!(!format!("{token:?}").contains(token.text()));
    }
}
