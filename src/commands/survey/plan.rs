//! `adm survey-plan`: how many answers a study needs.

use crate::cli::SurveyPlanArgs;
use crate::commands::Outcome;
use crate::output::Output;
use crate::output::text::{Rows, count};
use crate::settings::{self, Goal, PlanSettings};
use adm_stats::power::{Clustered, Size, equivalence_size, sample_size, with_clusters};
use adm_stats::{Sides, binomial};
use anyhow::Result;
use serde::Serialize;
use std::fmt;

/// Plans a study.
///
/// # Errors
/// Numbers that no study can reach.
pub fn run(args: &SurveyPlanArgs, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_plan(args)?;
    output.printer.print(&Planned::of(&settings)?)?;
    Ok(Outcome::Done)
}

/// What a study needs.
#[derive(Debug, Serialize)]
struct Planned {
    goal: String,
    /// Independent answers.
    answers: u64,
    /// The fewest that reach the wished power; a few more may fall short of it again, up to `answers`.
    fewest: u64,
    power: f64,
    /// Right answers from which on a test finds something; of equivalence there is no such number.
    hits_needed: Option<u64>,
    per_participant: u64,
    icc: f64,
    design_effect: f64,
    participants: u64,
    answers_in_all: u64,
}

impl Planned {
    fn of(settings: &PlanSettings) -> Result<Self> {
        let PlanSettings { goal, design, per_participant, icc } = *settings;
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let (size, goal, hits_needed): (Size, _, _) = match goal {
            Goal::Right(right) => {
                let size = sample_size(right, &design)?;
                let hits = (design.sides == Sides::Greater)
                    .then(|| binomial::hits_needed(size.n, design.chance, design.alpha, design.sides))
                    .transpose()?
                    .flatten();
                let goal = format!("find {} right where guessing gives {}", percent(right), percent(design.chance));
                (size, goal, hits)
            }
            Goal::Within(margin) => {
                let size = equivalence_size(design.chance, margin, &design)?;
                let points = 100.0 * margin;
                let goal =
                    format!("show that it is within {points:.1} points of {}, where it is", percent(design.chance));
                (size, goal, None)
            }
        };
        let Clustered { persons, answers, design_effect } = with_clusters(size.n, per_participant, icc)?;
        Ok(Self {
            goal,
            answers: size.n,
            fewest: size.fewest,
            power: size.power,
            hits_needed,
            per_participant,
            icc,
            design_effect,
            participants: persons,
            answers_in_all: answers,
        })
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let independent = format!(
            "{}, if each is another person's; power {:.1} %, first reached with {}",
            count(self.answers),
            100.0 * self.power,
            count(self.fewest)
        );
        let each = self.per_participant;
        let people = match each {
            1 => count(self.participants),
            _ => format!(
                "{} with {each} answers each, {} in all: answers of one person are alike (correlation {}), which makes {:.2} answers \
                 worth one",
                count(self.participants),
                count(self.answers_in_all),
                self.icc,
                self.design_effect
            ),
        };
        let rows = Rows::default()
            .row("to", self.goal.clone())
            .row("answers", independent)
            .maybe("right ones", self.hits_needed.map(|hits| format!("{} or more of them show it", count(hits))))
            .row("participants", people);
        write!(f, "{rows}")
    }
}
