//! From bytes that anybody may have sent to answers to this bundle.

use crate::answers::{Answers, FORMAT, VERSION, is_uuid};
use crate::bundle::Opened;
use adm_http::{Refusal, StatusCode};

/// Reads answers and holds against the bundle what it takes to store them; the report looks at every row.
pub(super) fn read(bytes: &[u8], bundle: &Opened) -> Result<Answers, Refusal> {
    // Lists of the values in order would do as well, as far as serde is concerned.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "answers are a JSON object"));
    }
    let answers = serde_json::from_slice::<Answers>(bytes).map_err(|error| {
        let kind = if error.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Refusal::new(kind, error.to_string())
    })?;
    match fault(&answers, bundle) {
        None => Ok(answers),
        Some(fault) => Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, fault)),
    }
}

/// What is wrong, if anything is.
fn fault(answers: &Answers, bundle: &Opened) -> Option<String> {
    let Answers { format, version, bundle: id, participant, sheet, checksum, .. } = answers;
    let sheets = bundle.manifest.sheets.len();
    if (format.as_str(), *version) != (FORMAT, VERSION) {
        return Some(format!("format and version must be {FORMAT} and {VERSION}, got {format:?} and {version}"));
    }
    if *id != bundle.id {
        return Some(format!("the answers are to another bundle: expected {}, got {id:?}", bundle.id));
    }
    if !is_uuid(participant.as_bytes()) {
        return Some(format!("participant must be a UUID in lower case, got {participant:?}"));
    }
    if *sheet >= sheets {
        return Some(format!("sheet must be below {sheets}, got {sheet}"));
    }
    (*checksum != answers.expected_checksum()).then(|| "the checksum does not fit the answers".to_owned())
}
