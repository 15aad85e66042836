//! The vote on classes, and within them the one on tokens.

use super::assign::{Assigned, Known, assign};
use super::jury::Jury;
use super::settings::{Levels, Unknown, VoteSettings};
use super::settle::settle;
use crate::error::TokenError;
use crate::measures::Table;
use adm_core::Observer;
use std::collections::HashMap;

/// Exemplars of a book that is used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownBook<'a> {
    pub classes: Vec<Known<'a>>,
    /// Grouped by class where there are two levels.
    pub tokens: Vec<Known<'a>>,
}

/// What the vote decided of every slice. Classes and tokens are numbered on from those that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Elected {
    pub classes: Vec<u32>,
    pub tokens: Assigned,
}

/// Gives every slice its class and its token.
///
/// # Errors
/// `Interrupted`.
pub(crate) fn elect(
    table: &Table,
    settings: &VoteSettings,
    known: KnownBook<'_>,
    observer: &dyn Observer,
) -> Result<Elected, TokenError> {
    let hold = |jury: Jury, groups: &[u32], known: &[Known<'_>]| {
        hold(&jury, table, groups, (known, settings.unknown), observer)
    };
    let one_group = vec![0; table.len()];
    let on_tokens = Jury::on_tokens(settings.levels, &settings.thresholds);
    if settings.levels == Levels::One {
        // Every token is a class of its own.
        let tokens = hold(on_tokens, &one_group, &known.tokens)?;
        return Ok(Elected { classes: tokens.numbers.clone(), tokens });
    }
    let classes = hold(Jury::on_classes(&settings.thresholds), &one_group, &known.classes)?;
    let KnownBook { tokens: mut known, .. } = known;
    let old = known.len();
    // A class's exemplar is its first token's, whatever slices before it were taken into the class when they settled.
    known.extend(classes.born.iter().map(|&slice| Known { group: classes.numbers[slice], row: table.row(slice) }));
    let mut tokens = hold(on_tokens, &classes.numbers, &known)?;
    tokens.born = [&classes.born[..], &tokens.born].concat();
    number_by_birth(&mut tokens, old, &classes);
    Ok(Elected { classes: classes.numbers, tokens })
}

/// Holds one vote to its end.
fn hold(
    jury: &Jury,
    table: &Table,
    groups: &[u32],
    (known, unknown): (&[Known<'_>], Unknown),
    observer: &dyn Observer,
) -> Result<Assigned, TokenError> {
    let stage = |name: &str| observer.begin(name, Some(table.len() as u64));
    stage("comparing");
    let assigned = assign(jury, table, groups, known, unknown, observer);
    observer.end();
    let mut assigned = assigned?;
    stage("settling");
    let settled = settle(jury, table, groups, known, &mut assigned, observer);
    observer.end();
    settled.map(|()| assigned)
}

/// Numbers the tokens that were born, from `old` on, in the order of their slices; one whose slice comes before its class's
/// exemplar is born right after that.
fn number_by_birth(tokens: &mut Assigned, old: usize, classes: &Assigned) {
    let exemplars: HashMap<u32, usize> = classes.born.iter().map(|&slice| (classes.numbers[slice], slice)).collect();
    let key = |slice: usize| {
        let exemplar = exemplars.get(&classes.numbers[slice]).copied().unwrap_or(slice);
        (slice.max(exemplar), slice != exemplar, slice)
    };
    let mut order: Vec<usize> = (0..tokens.born.len()).collect();
    order.sort_unstable_by_key(|&index| key(tokens.born[index]));
    let mut numbers = vec![0; order.len()];
    for (number, &index) in order.iter().enumerate() {
        numbers[index] = (old + number) as u32;
    }
    tokens.born = order.iter().map(|&index| tokens.born[index]).collect();
    for number in &mut tokens.numbers {
        *number = (*number as usize).checked_sub(old).and_then(|index| numbers.get(index)).copied().unwrap_or(*number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::Thresholds;
    use crate::vote::rows::{on_threads, table};
    use adm_core::Silent;

    /// The best exemplar of a row among all of `of`, each compared in turn.
    fn winner<'a>(jury: &Jury, row: &[f32], of: impl Iterator<Item = (u32, &'a [f32])>) -> Option<u32> {
        let mut ballots: Vec<_> = of.filter_map(|(number, other)| Some((number, jury.ballot(row, other)?))).collect();
        ballots.sort_by(|a, b| b.1.votes.cmp(&a.1.votes).then(a.1.mean.total_cmp(&b.1.mean)));
        ballots.first().map(|&(number, _)| number)
    }

    /// A book of a table's tokens.
    fn known<'a>(table: &'a Table, elected: &Elected, levels: Levels) -> KnownBook<'a> {
        let class = |slice: usize| if levels == Levels::Two { elected.classes[slice] } else { 0 };
        let tokens: Vec<_> =
            elected.tokens.born.iter().map(|&slice| Known { group: class(slice), row: table.row(slice) }).collect();
        let mut classes: Vec<Known<'_>> = Vec::new();
        for token in &tokens {
            if token.group as usize == classes.len() {
                classes.push(Known { group: 0, ..*token });
            }
        }
        KnownBook { classes, tokens }
    }

    /// Checks what must hold of a vote, and counts the slices that would have another token had they not settled.
    fn check(table: &Table, settings: &VoteSettings, old: &KnownBook<'_>) -> usize {
        let elected = elect(table, settings, old.clone(), &Silent).unwrap();
        for threads in [1, 2, 5] {
            let again = || elect(table, settings, old.clone(), &Silent).unwrap();
            assert_eq!(on_threads(threads, again), elected, "{threads} threads");
        }
        let first = old.tokens.len() as u32;
        for (number, &slice) in (first..).zip(&elected.tokens.born) {
            assert_eq!(elected.tokens.numbers[slice], number, "an exemplar's own slice has its token");
        }
        let tokens = [&old.tokens[..], &known(table, &elected, settings.levels).tokens].concat();
        assert_recognised(table, settings, &tokens, &elected);
        moved(table, settings, old, &elected)
    }

    /// Every slice has the best class of all, and of its tokens the best.
    fn assert_recognised(table: &Table, settings: &VoteSettings, tokens: &[Known<'_>], elected: &Elected) {
        let mut classes: Vec<(u32, &[f32])> = Vec::new();
        for token in tokens {
            assert!(token.group as usize <= classes.len(), "classes are born in order");
            if token.group as usize == classes.len() {
                classes.push((token.group, token.row));
            }
        }
        let on_tokens = Jury::on_tokens(settings.levels, &settings.thresholds);
        let on_classes = Jury::on_classes(&settings.thresholds);
        for slice in 0..table.len() {
            let (row, two) = (table.row(slice), settings.levels == Levels::Two);
            let class = if two { winner(&on_classes, row, classes.iter().copied()).unwrap() } else { 0 };
            assert!(!two || class == elected.classes[slice], "slice {slice}");
            let of_class = (0..).zip(tokens).filter(|(_, token)| token.group == class);
            let token = winner(&on_tokens, row, of_class.map(|(number, token)| (number, token.row)));
            assert_eq!(token, Some(elected.tokens.numbers[slice]), "slice {slice}");
        }
    }

    /// Slices that have another exemplar than when they were first compared.
    fn moved(table: &Table, settings: &VoteSettings, old: &KnownBook<'_>, elected: &Elected) -> usize {
        let one_group = vec![0; table.len()];
        let groups = if settings.levels == Levels::Two { &elected.classes } else { &one_group };
        let jury = Jury::on_tokens(settings.levels, &settings.thresholds);
        let at_first = assign(&jury, table, groups, &old.tokens, Unknown::Born, &Silent).unwrap();
        let exemplar = |assigned: &Assigned, slice: usize| {
            let number = assigned.numbers[slice] as usize;
            number.checked_sub(old.tokens.len()).map_or((number, 0), |born| (usize::MAX, assigned.born[born]))
        };
        (0..table.len()).filter(|&slice| exemplar(&at_first, slice) != exemplar(&elected.tokens, slice)).count()
    }

    #[test]
    fn every_slice_has_the_token_that_the_finished_book_gives_it() {
        let mut moved = 0;
        for (rows, threshold) in [(1, 0.3), (90, 0.1), (257, 0.3), (300, 0.2), (600, 0.5)] {
            for levels in [Levels::One, Levels::Two] {
                let thresholds = Thresholds::uniform(threshold);
                let settings = VoteSettings { levels, thresholds, unknown: Unknown::Born };
                let (first, second) = (table(rows as u64, rows), table(rows as u64 + 1, rows));
                moved += check(&first, &settings, &KnownBook::default());
                let elected = elect(&first, &settings, KnownBook::default(), &Silent).unwrap();
                let old = known(&first, &elected, levels);
                check(&second, &settings, &old);
                // What is settled stays as it is.
                let again = elect(&first, &settings, old, &Silent).unwrap();
                assert!(again.tokens.born.is_empty());
                assert_eq!((again.classes, again.tokens.numbers), (elected.classes, elected.tokens.numbers));
            }
        }
        assert!(moved > 50, "{moved} slices moved: there must be some to settle");
    }
}
