//! The verbs of listening tests.

use super::{Session, Usage};
use crate::cli::{
    SidesName, SurveyOrderArgs, SurveyPackArgs, SurveyPlanArgs, SurveyRehearseArgs, SurveyReportArgs, SurveyServeArgs,
};
use adm_core::Seeds;
use adm_stats::Sides;
use adm_stats::power::Design;
use adm_survey::answers::MergeOptions;
use adm_survey::rehearsal::Rehearsal;
use adm_survey::serve::{CollectorSettings, parse_address};
use adm_train::DeviceChoice;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// What to pack, and where to.
#[derive(Debug, Clone)]
pub struct PackSettings {
    /// A preset's name or a path.
    pub study: String,
    pub bundle: PathBuf,
    pub key: PathBuf,
    /// A key whose salt and seed are taken.
    pub like: Option<PathBuf>,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// What to serve, where, and where answers go.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    pub bundle: PathBuf,
    pub answers: PathBuf,
    pub server: CollectorSettings,
}

/// What to report on, and where to.
#[derive(Debug, Clone)]
pub struct ReportSettings {
    pub bundle: PathBuf,
    pub key: PathBuf,
    pub answers: Vec<PathBuf>,
    pub output: PathBuf,
    pub merge: MergeOptions,
    pub seeds: Seeds,
}

/// Whom to pretend, and where to.
#[derive(Debug, Clone)]
pub struct RehearseSettings {
    pub bundle: PathBuf,
    pub key: PathBuf,
    pub output: PathBuf,
    pub rehearsal: Rehearsal,
    pub seeds: Seeds,
}

/// What a study is to find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanSettings {
    pub goal: Goal,
    pub design: Design,
    pub per_participant: u64,
    pub icc: f64,
}

/// What a study is to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// That so large a share is right.
    Right(f64),
    /// That the share is no further from guessing.
    Within(f64),
}

/// Whose order to say.
#[derive(Debug, Clone)]
pub struct OrderOfSettings {
    pub bundle: PathBuf,
    pub key: PathBuf,
    pub sheet: Option<usize>,
}

/// What to pack, and where to.
pub fn survey_pack(args: SurveyPackArgs, session: &Session) -> Result<PackSettings, Usage> {
    let key = args.key.unwrap_or_else(|| key_beside(&args.output));
    outside(&args.output, &key, "the key", "put it elsewhere with --key KEY.json")?;
    Ok(PackSettings {
        study: args.study,
        bundle: args.output,
        key,
        like: args.like,
        seeds: session.seeds,
        device: session.device,
    })
}

/// What to serve, where, and where answers go.
pub fn survey_serve(args: SurveyServeArgs) -> Result<ServeSettings, Usage> {
    outside(&args.bundle, &args.output, "the folder of answers", "collect them elsewhere with -o ANSWERS")?;
    let address = parse_address(&args.serve)?;
    let server = CollectorSettings { address, allow_remote: args.allow_remote };
    Ok(ServeSettings { bundle: args.bundle, answers: args.output, server })
}

/// What to report on, and where to.
pub fn survey_report(args: SurveyReportArgs, session: &Session) -> Result<ReportSettings, Usage> {
    outside(&args.bundle, &args.output, "the report", "write it elsewhere with -o DIR")?;
    let key = args.key.unwrap_or_else(|| key_beside(&args.bundle));
    let merge = MergeOptions { unfinished: args.unfinished, exclude: args.without.into_iter().collect() };
    let (bundle, answers, output) = (args.bundle, args.answers, args.output);
    Ok(ReportSettings { bundle, key, answers, output, merge, seeds: session.seeds })
}

/// Whom to pretend, and where to.
pub fn survey_rehearse(args: SurveyRehearseArgs, session: &Session) -> Result<RehearseSettings, Usage> {
    outside(&args.bundle, &args.output, "the folder of answers", "write them elsewhere with -o ANSWERS")?;
    let key = args.key.unwrap_or_else(|| key_beside(&args.bundle));
    let SurveyRehearseArgs { people, right, spread, attention, .. } = args;
    let rehearsal = Rehearsal { people, right, spread, attention };
    Ok(RehearseSettings { bundle: args.bundle, key, output: args.output, rehearsal, seeds: session.seeds })
}

/// What a study is to find.
pub fn survey_plan(args: &SurveyPlanArgs) -> Result<PlanSettings, Usage> {
    let room = args.chance.min(1.0 - args.chance);
    if let Some(margin) = args.margin.filter(|margin| *margin >= room) {
        let message = format!("a margin of {margin} around {} leaves nothing outside it", args.chance);
        return Err(Usage::new(message, format!("give a --margin below {room}")));
    }
    let goal = match (args.right, args.margin) {
        (_, Some(margin)) => Goal::Within(margin),
        (right, None) => Goal::Right(right.unwrap_or_default()),
    };
    if let Goal::Right(right) = goal
        && (right == args.chance || (right < args.chance && args.sides == SidesName::Greater))
    {
        let message = format!("{right} right answers are no more than guessing gives, which is {}", args.chance);
        return Err(Usage::new(message, "give a larger --right, a smaller --chance, or --sides both"));
    }
    let sides = match args.sides {
        SidesName::Greater => Sides::Greater,
        SidesName::Both => Sides::Two,
    };
    let design = Design { chance: args.chance, alpha: args.alpha, sides, power: args.power };
    Ok(PlanSettings { goal, design, per_participant: args.per_participant as u64, icc: args.icc })
}

/// Whose order to say.
pub fn survey_order(args: SurveyOrderArgs) -> OrderOfSettings {
    let key = args.key.unwrap_or_else(|| key_beside(&args.bundle));
    OrderOfSettings { bundle: args.bundle, key, sheet: args.sheet }
}

/// Refuses a place within a bundle, which everybody is given: what lies there would tell.
fn outside(bundle: &Path, place: &Path, what: &str, hint: &str) -> Result<(), Usage> {
    match plain(place).starts_with(plain(bundle)) {
        false => Ok(()),
        true => Err(Usage::new(format!("{what} would lie within the bundle: {}", place.display()), hint)),
    }
}

/// A path from the root on, without detours. What does not exist yet has no links to follow.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
        plain = plain.canonicalize().unwrap_or(plain);
    }
    plain
}

/// `study` → `study.key.json`, beside it.
fn key_beside(bundle: &Path) -> PathBuf {
    let mut name: OsString = bundle.file_name().unwrap_or_default().to_owned();
    name.push(".key.json");
    bundle.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detours_into_a_bundle_are_seen() {
        for place in ["b", "b/x", "./b/x", "a/../b/x", "b/../b/x/y"] {
            assert!(outside(Path::new("b"), Path::new(place), "it", "no").is_err(), "{place}");
        }
        for place in ["bb", "b.key.json", "b/../c", "../b"] {
            outside(Path::new("./b"), Path::new(place), "it", "no").unwrap();
        }
    }

    #[test]
    fn a_key_lies_beside_its_bundle() {
        for (bundle, key) in [("study", "study.key.json"), ("a/b.c/", "a/b.c.key.json"), ("/x/y", "/x/y.key.json")] {
            assert_eq!(key_beside(Path::new(bundle)), Path::new(key));
        }
    }
}
