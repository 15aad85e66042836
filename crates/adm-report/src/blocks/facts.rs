//! Names and values.

use crate::html::Html;

/// A short list of names and values: what ran, with which settings, how long.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(Vec<(String, String)>);

impl Facts {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same list with one more fact.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.0.push((name.into(), value.to_string()));
        self
    }

    pub(super) fn render(&self, html: &mut Html) {
        html.element("dl", &[], |html| {
            for (name, value) in &self.0 {
                html.element("div", &[], |html| {
                    html.leaf("dt", &[], name);
                    html.leaf("dd", &[], value);
                });
            }
        });
    }
}

impl<N: Into<String>, V: ToString> FromIterator<(N, V)> for Facts {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(facts: I) -> Self {
        facts.into_iter().fold(Self::new(), |list, (name, value)| list.fact(name, value))
    }
}
