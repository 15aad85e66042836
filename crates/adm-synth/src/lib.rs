//! adm-synth
