//! The names of sections.

use std::fmt;

/// A kind of section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionName {
    /// How a recording begins.
    Intro,
    /// On the way to a drop.
    Build,
    /// The loudest, with the low end.
    Drop,
    /// Without the low end.
    Break,
    /// How a recording ends.
    Outro,
}

impl SectionName {
    /// All of them, in the order of a track.
    pub const ALL: [Self; 5] = [Self::Intro, Self::Build, Self::Drop, Self::Break, Self::Outro];

    /// Its name, as in `--form`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Build => "build",
            Self::Drop => "drop",
            Self::Break => "break",
            Self::Outro => "outro",
        }
    }

    /// The section of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }
}

impl fmt::Display for SectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
