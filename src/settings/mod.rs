//! From what was typed to what is meant: one validated struct a command.
//!
//! This is the only place that knows both flags and library types. Whatever is refused here is refused before anything
//! was read or written, with exit code 2.

mod caw;
mod compare;
mod evaluate;
mod generate;
mod grid;
mod inpaint;
mod live;
mod model;
mod morph;
mod plan;
mod prepare;
mod rows;
mod session;
mod slice;
mod survey;
mod tensor;
mod tokens;
mod usage;

pub use caw::{CawSettings, HoleSpec, Task, WaveSettings, train_caw, waves};
pub use compare::compare;
pub use evaluate::{EvaluateSettings, evaluate};
pub use generate::{GenerateSettings, Length, OrderSettings, generate};
pub use grid::GridSettings;
pub use inpaint::{InpaintSettings, inpaint};
pub use live::{LiveSettings, live};
pub use model::{
    DemoSettings, Start, TrainSettings, Until, demo, train_autoencoder, train_diffusion, train_gan, train_mdn,
    train_sequencer,
};
pub use morph::{MorphSettings, morph};
pub use plan::{Candidate, Course, FamilyConfig, TrialSettings, plan};
pub use prepare::prepare;
pub use rows::{RowsLength, RowsSettings, rows};
pub use session::{Session, Verbosity};
pub use slice::{AnalyzeSettings, RenderSettings, analyze, export, import, render, representation_beside, wider};
pub use survey::{
    Goal, OrderOfSettings, PackSettings, PlanSettings, ReportSettings, survey_order, survey_pack, survey_plan,
    survey_rehearse, survey_report, survey_serve,
};
pub use tokens::{TOKENS, tokenize};
pub use usage::Usage;
