//! Answers as the page writes them.

use super::record::{Answers, COLUMNS};

impl Answers {
    /// One JSON object on one line.
    ///
    /// # Errors
    /// None that is known: everything is text or a number. serde_json does not promise it.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// CSV by RFC 4180 with a header line. Answers without rows have no line.
    pub fn to_csv(&self) -> String {
        to_csv(std::slice::from_ref(self))
    }
}

/// CSV of many participants, by RFC 4180: one header line, lines ended by CR LF, quotes only where they are needed.
///
/// Texts are written as they were answered, or checksums would not fit any more; a spreadsheet may take one that begins with `=`
/// for a formula.
pub fn to_csv(answers: &[Answers]) -> String {
    let mut csv = String::new();
    line(&mut csv, COLUMNS.iter().copied());
    for participant in answers {
        let head = participant.head();
        for row in &participant.rows {
            let fields = row.fields();
            line(&mut csv, head.iter().chain(&fields).chain([&participant.checksum]).map(String::as_str));
        }
    }
    csv
}

fn line<'a>(csv: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (column, text) in fields.enumerate() {
        if column > 0 {
            csv.push(',');
        }
        field(csv, text);
    }
    csv.push_str("\r\n");
}

fn field(csv: &mut String, text: &str) {
    if !text.contains([',', '"', '\n', '\r']) {
        return csv.push_str(text);
    }
    csv.push('"');
    csv.push_str(&text.replace('"', "\"\""));
    csv.push('"');
}
