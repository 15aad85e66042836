//! Forms: which section for how many bars.

use super::SectionName;
use crate::error::TokenError;
use std::fmt;
use std::str::FromStr;

/// Most bars of one section.
const MOST_BARS: u32 = 10_000;
/// Most sections of a form.
const MOST_SECTIONS: usize = 1_000;

/// A row of sections, as in `intro:8,build:8,drop:16,break:8,outro:8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    parts: Vec<Part>,
}

/// One section of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub section: SectionName,
    /// Its first bar, counted from the form's first.
    pub start: u64,
    /// Its length in bars, 1 to 10,000.
    pub bars: u32,
}

impl Form {
    /// Reads `section:bars` pairs with commas between them; spaces do not matter.
    ///
    /// # Errors
    /// An unknown section, which is named with the known ones; bars that are no number from 1 to 10,000; no section at
    /// all, or more than a thousand.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bad = |reason: String| TokenError::BadForm { form: text.to_owned(), reason };
        let mut parts = Vec::new();
        let mut start = 0;
        for pair in text.split(',') {
            let (section, bars) = parse_pair(pair).map_err(bad)?;
            parts.push(Part { section, start, bars });
            start += u64::from(bars);
            if parts.len() > MOST_SECTIONS {
                return Err(bad(format!("it has more than {MOST_SECTIONS} sections")));
            }
        }
        Ok(Self { parts })
    }

    /// Its sections in order; at least one.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Its length in bars.
    pub fn bars(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.start + u64::from(part.bars))
    }

    /// The section that bar `bar` is in, counted from 0; `None` from the end on.
    pub fn at(&self, bar: u64) -> Option<Part> {
        let next = self.parts.partition_point(|part| part.start <= bar);
        let part = self.parts.get(next.checked_sub(1)?)?;
        (bar < part.start + u64::from(part.bars)).then_some(*part)
    }
}

impl FromStr for Form {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        Self::parse(text)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<String> = self.parts.iter().map(|part| format!("{}:{}", part.section, part.bars)).collect();
        f.write_str(&pairs.join(","))
    }
}

fn parse_pair(pair: &str) -> Result<(SectionName, u32), String> {
    let pair = pair.trim();
    if pair.is_empty() {
        return Err("there is a section missing".to_owned());
    }
    let (name, bars) = pair.split_once(':').ok_or_else(|| format!("\"{pair}\" has no bars, as in drop:16"))?;
    let (name, bars) = (name.trim(), bars.trim());
    let section = SectionName::from_name(name).ok_or_else(|| {
        let known = SectionName::ALL.map(SectionName::name).join(", ");
        format!("there is no section \"{name}\"; known are {known}")
    })?;
    let count = bars.parse().ok().filter(|count| (1..=MOST_BARS).contains(count));
    let count = count.ok_or_else(|| format!("the bars of {name} must be 1 to {MOST_BARS}, got \"{bars}\""))?;
    Ok((section, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    #[test]
    fn a_form_knows_its_sections_by_bar() {
        let form = Form::parse("intro:8, build:4 ,drop:16,break:8,outro:2").unwrap();
        assert_eq!((form.bars(), form.parts().len()), (38, 5));
        let at = |bar| form.at(bar).map(|part| part.section.name());
        assert_eq!(
            [0, 7, 8, 11, 12, 27, 28, 35, 36, 37].map(at).map(Option::unwrap_or_default).join(" "),
            "intro intro build build drop drop break break outro outro"
        );
        assert!(at(38).is_none() && at(u64::MAX).is_none());
        assert_eq!(form.to_string().parse::<Form>().unwrap(), form);
    }

    #[test]
    fn faults_are_named() {
        let many = vec!["drop:1"; 1_001].join(",");
        for (text, reason) in [
            ("", "there is a section missing"),
            ("drop:8,", "there is a section missing"),
            ("drop", "\"drop\" has no bars, as in drop:16"),
            ("chorus:8", "there is no section \"chorus\"; known are intro, build, drop, break, outro"),
            ("drop:0", "the bars of drop must be 1 to 10000, got \"0\""),
            ("drop:10001", "the bars of drop must be 1 to 10000, got \"10001\""),
            ("drop:-1", "the bars of drop must be 1 to 10000, got \"-1\""),
            ("drop:99999999999", "the bars of drop must be 1 to 10000, got \"99999999999\""),
            ("drop:x", "the bars of drop must be 1 to 10000, got \"x\""),
            (&many, "it has more than 1000 sections"),
        ] {
            let error = Form::parse(text).unwrap_err();
            assert_eq!(error.to_string(), format!("the form \"{text}\" cannot be read: {reason}"));
            assert!(error.hint().is_some());
        }
    }
}
