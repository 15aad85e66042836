//! Answers from CSV: any number of participants, their lines in any order among each other, columns in any order.

use super::json::check_kind;
use super::limits::{Held, MOST_BYTES, MOST_FAULTS, MOST_ROWS, weight_of_row};
use super::listed::Reason;
use super::piece::{Fault, Piece};
use super::record::{Answers, COLUMNS, Row};
use super::records::{Record, Records};
use crate::SurveyError;
use std::collections::HashMap;
use std::io::{self, BufRead};
use std::str::FromStr;

/// How many of [`COLUMNS`] are the participant's.
const HEAD: usize = 8;

/// One participant's lines so far.
struct Group {
    line: u64,
    bytes: usize,
    weight: usize,
    content: Result<Answers, Fault>,
}

/// A CSV file so far.
#[derive(Default)]
struct Table {
    /// Where each of [`COLUMNS`] is in the file.
    order: Option<Vec<usize>>,
    groups: Vec<Group>,
    /// Groups by all that their lines have in common.
    places: HashMap<String, usize>,
    /// What belongs to no participant.
    loose: Vec<Piece>,
}

/// All pieces of a CSV file.
///
/// # Errors
/// The outer error is a file that cannot be read, the inner one too many answers to be held.
pub(super) fn read(input: impl BufRead, held: &mut Held) -> io::Result<Result<Vec<Piece>, SurveyError>> {
    let mut records = Records::new(input)?;
    let mut table = Table::default();
    while let Some(record) = records.next()? {
        if let Err(error) = table.take(record, held) {
            return Ok(Err(error));
        }
        if table.order.is_none() || table.loose.len() >= MOST_FAULTS {
            break;
        }
    }
    let kept: usize = table.groups.iter().map(|group| group.weight).sum();
    held.free(kept);
    Ok(Ok(table.into_pieces()))
}

impl Table {
    fn take(&mut self, record: Record, held: &mut Held) -> Result<(), SurveyError> {
        let line = record.line;
        if let Some(fault) = record.fault {
            self.loosen(fault.of(&record.fields.concat().into_bytes()).at(line));
            return Ok(());
        }
        match (header(&record.fields), &self.order) {
            (Some(Ok(order)), _) => self.order = Some(order),
            (Some(Err(fault)), None) => self.loose.push(fault.at(line)),
            (None, None) => self.loose.push(not_answers(&record.fields).at(line)),
            (_, Some(order)) if record.fields.len() == order.len() => {
                let fields: Vec<&str> = order.iter().map(|&place| &*record.fields[place]).collect();
                return self.row(line, &fields, record.damaged, held);
            }
            (_, Some(order)) => {
                let words = format!("{} fields, expected {}", record.fields.len(), order.len());
                self.loosen(Fault::new(Reason::Fields, words).of(&record.fields.join(" ").into_bytes()).at(line));
            }
        }
        Ok(())
    }

    /// Keeps a piece that belongs to nobody, and says so where it is the last that is kept.
    fn loosen(&mut self, mut piece: Piece) {
        if let (true, Err(fault)) = (self.loose.len() + 1 >= MOST_FAULTS, &mut piece.content) {
            fault.words.push_str("; the rest of the file, which is as broken, is not read");
        }
        self.loose.push(piece);
    }

    /// Takes a line, its fields in the order of [`COLUMNS`].
    fn row(&mut self, line: u64, fields: &[&str], damaged: bool, held: &mut Held) -> Result<(), SurveyError> {
        let key = [&fields[..HEAD], &fields[COLUMNS.len() - 1..]].concat().join("\u{1f}");
        let next = self.groups.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            let content = begin(fields).map_err(|fault| fault.of(fields[3].as_bytes()));
            held.keep(1_024)?;
            self.groups.push(Group { line, bytes: 0, weight: 1_024, content });
        }
        let Some(group) = self.groups.get_mut(place) else { return Ok(()) };
        group.bytes += fields.iter().map(|field| field.len()).sum::<usize>();
        group.add(line, fields, damaged, held)
    }

    fn into_pieces(self) -> Vec<Piece> {
        let groups = self.groups.into_iter().map(|group| Piece { line: Some(group.line), content: group.content });
        let mut pieces: Vec<Piece> = groups.chain(self.loose).collect();
        pieces.sort_by_key(|piece| piece.line);
        pieces
    }
}

impl Group {
    fn add(&mut self, line: u64, fields: &[&str], damaged: bool, held: &mut Held) -> Result<(), SurveyError> {
        let Ok(answers) = &mut self.content else { return Ok(()) };
        let row = if damaged {
            let words = format!("line {line} is not UTF-8; save the file as CSV in UTF-8");
            Err(Fault::new(Reason::Damaged, words))
        } else if self.bytes > MOST_BYTES || answers.rows.len() >= MOST_ROWS {
            let words = format!("more than {MOST_ROWS} rows or {} MiB; nobody gives as much", MOST_BYTES >> 20);
            Err(Fault::new(Reason::TooLarge, words))
        } else {
            row(&fields[HEAD..]).map_err(|words| Fault::new(Reason::Fields, format!("line {line}: {words}")))
        };
        match row {
            Ok(row) => {
                self.weight += weight_of_row(&row);
                held.keep(weight_of_row(&row))?;
                answers.rows.push(row);
            }
            Err(fault) => {
                held.free(self.weight - 1_024);
                self.weight = 1_024;
                self.content = Err(fault.of(fields[3].as_bytes()));
            }
        }
        Ok(())
    }
}

/// Where each of [`COLUMNS`] is, if a line is a header; a fault where it is one that has not just these columns.
fn header(fields: &[String]) -> Option<Result<Vec<usize>, Fault>> {
    let names: Vec<&str> = fields.iter().map(|field| field.trim_matches(['\u{feff}', '"', ' '])).collect();
    if !["participant", "question", "response"].iter().all(|name| names.contains(name)) {
        return None;
    }
    let places: Vec<Option<usize>> =
        COLUMNS.iter().map(|column| names.iter().position(|name| name == column)).collect();
    let missing: Vec<_> =
        COLUMNS.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
    let extra: Vec<_> = names.iter().filter(|name| !COLUMNS.contains(name)).collect();
    if missing.is_empty() && extra.is_empty() && names.len() == COLUMNS.len() {
        return Some(Ok(places.into_iter().flatten().collect()));
    }
    let words = format!("{} columns, expected {}; missing: {missing:?}, extra: {extra:?}", names.len(), COLUMNS.len());
    Some(Err(Fault::new(Reason::Fields, words)))
}

fn not_answers(fields: &[String]) -> Fault {
    let first: Vec<&String> = fields.iter().take(4).collect();
    Fault::new(
        Reason::NotAnswers,
        format!("its first line begins with {first:?}, expected the columns {:?} …", &COLUMNS[..4]),
    )
}

/// Answers without rows, from a line's fields in the order of [`COLUMNS`].
fn begin(fields: &[&str]) -> Result<Answers, Fault> {
    check_kind(fields[0], fields[1])?;
    let wrong = |words: String| Fault::new(Reason::Fields, words);
    Ok(Answers {
        format: fields[0].to_owned(),
        version: number("version", fields[1]).map_err(wrong)?,
        bundle: fields[2].to_owned(),
        participant: fields[3].to_owned(),
        sheet: number("sheet", fields[4]).map_err(wrong)?,
        started: fields[5].to_owned(),
        finished: fields[6].to_owned(),
        device_rate: number("device_rate", fields[7]).map_err(wrong)?,
        rows: Vec::new(),
        checksum: fields[COLUMNS.len() - 1].to_owned(),
    })
}

fn row(fields: &[&str]) -> Result<Row, String> {
    let text = |place: usize| fields[place].to_owned();
    Ok(Row {
        page: number("page", fields[0])?,
        block: text(1),
        position: text(2),
        trial: text(3),
        question: text(4),
        slot: text(5),
        stimulus: text(6),
        response: text(7),
        // Spreadsheets shout truth values.
        declined: match fields[8] {
            "true" | "TRUE" => true,
            "false" | "FALSE" => false,
            other => return Err(format!("declined is {other:?}, expected true or false")),
        },
        ms: number("ms", fields[9])?,
        plays: number("plays", fields[10])?,
        heard: number("heard", fields[11])?,
    })
}

fn number<N: FromStr>(name: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("{name} is {text:?}, expected a whole number"))
}
