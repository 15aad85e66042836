use adm_dataset::Split;

use super::super::Passage;
use super::*;

/// A period of three in two tokens of four; the last third is held out.
fn corpus() -> Corpus {
    let mut passage = Passage::of(Split::Train, (0..60).map(|k| u32::from(k % 3 == 0)).collect());
    passage.splits[40..].fill(Some(Split::Validation));
    Corpus::new(vec![0; 4], vec![passage]).unwrap()
}

/// What a network would say that gives the right token the probability `p`, and the others even parts of the rest.
fn foretold(corpus: &Corpus, p: f32) -> Foretold<'_> {
    let row = |at: usize| {
        let target = corpus.passages()[0].tokens[at];
        (0..4).map(move |token| if token == target { p.ln() } else { ((1.0 - p) / 3.0).ln() })
    };
    Foretold::new(corpus, (40..60).map(|at| (0, at)).collect(), (40..60).flat_map(row).collect())
}

fn fitted(corpus: &Corpus, p: f32, longest: usize) -> Counting {
    let mut counting = Counting::learn(corpus, longest).unwrap();
    counting.fit(&foretold(corpus, p));
    counting
}

#[test]
fn the_better_one_gets_the_larger_share() {
    let corpus = corpus();
    let beside_a_bad_network = fitted(&corpus, 0.2, 4);
    // Trigrams span the period.
    assert!(beside_a_bad_network.order() >= 3, "{}", beside_a_bad_network.order());
    assert!(beside_a_bad_network.shares().network < 0.1, "{:?}", beside_a_bad_network.shares());
    // Single tokens span nothing.
    let beside_a_good_one = fitted(&corpus, 0.9999, 1);
    assert!(beside_a_good_one.shares().network > 0.7, "{:?}", beside_a_good_one.shares());
}

#[test]
fn what_foretells_no_better_than_the_network_has_no_share() {
    let corpus = corpus();
    // Counting is nearly sure of the period, but so is the network.
    let shares = fitted(&corpus, 0.97, 4).shares();
    assert_eq!((shares.network, shares.counted, shares.all_echoes()), (1.0, 0.0, 0.0));
}

#[test]
fn what_was_just_begun_is_foretold_though_it_was_never_learned() {
    // A bar of two tokens that are not in the training split.
    let mut passage = Passage::of(Split::Train, (0..80).map(|k| u32::from(k % 3 == 0)).collect());
    passage.tokens.splice(50.., (0..30).map(|k| 2 + u32::from(k % 4 == 0)));
    passage.splits[50..].fill(None);
    passage.splits[60..].fill(Some(Split::Validation));
    let corpus = Corpus::new(vec![0; 4], vec![passage]).unwrap();
    let mut counting = Counting::learn(&corpus, 4).unwrap();
    let knows_nothing = vec![0.25f32.ln(); 20 * 4];
    let foretold = Foretold::new(&corpus, (60..80).map(|at| (0, at)).collect(), knows_nothing);
    counting.fit(&foretold);
    // Eight beats ago is as good as four; sixteen ago it had not yet begun.
    let echoed = counting.shares().echoed;
    assert!(echoed[2] + echoed[3] > 0.7, "{:?}", counting.shares());
    assert_eq!(foretold.scores(Some(&counting)).accuracy, 1.0);
    assert!(foretold.scores(None).accuracy < 0.5);
}

#[test]
fn mixed_probabilities_are_those_of_all() {
    let corpus = corpus();
    let mut counting = Counting::learn(&corpus, 3).unwrap();
    let shares = Shares { network: 0.5, counted: 0.2, echoed: [0.1, 0.08, 0.06, 0.04, 0.02] };
    counting.mixture = Mixture { order: 2, shares, ..counting.mixture };
    let network = [0.4f64, 0.3, 0.2, 0.1];
    let counted = NGram::learn(&corpus, 2).probabilities(&[0], 2);
    // What was one, two, four and eight beats ago; what was before the first beat is counting's.
    for (before, echoes, counts) in
        [(&[3, 2, 3, 3, 1, 3, 2, 0][..], [0.1, 0.06, 0.08, 0.04], 0.2 + 0.02), (&[0], [0.1, 0.0, 0.0, 0.0], 0.2 + 0.2)]
    {
        let mut logs = network.map(|p| p.ln() as f32);
        counting.mix(&mut logs, before);
        for (index, log) in logs.iter().enumerate() {
            let expected = 0.5 * network[index] + counts * counted[index] + echoes[index];
            assert!((f64::from(*log).exp() - expected).abs() < 1e-6, "token {index} after {before:?}");
        }
    }
}

#[test]
fn nothing_held_out_changes_nothing() {
    let corpus = corpus();
    let mut counting = Counting::learn(&corpus, 5).unwrap();
    counting.fit(&Foretold::new(&corpus, Vec::new(), Vec::new()));
    assert_eq!((counting.order(), counting.shares()), (5, Shares::UNKNOWN));
    assert!(Counting::learn(&corpus, 0).is_none());
}

#[test]
fn it_comes_back_as_it_was_and_damage_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let counting = fitted(&corpus, 0.4, 4);
    counting.save(folder.path()).unwrap();
    let again = Counting::load(folder.path(), 4, 4).unwrap();
    assert_eq!(again.mixture, counting.mixture);
    assert_eq!(again.ngram.probabilities(&[0, 1], 4), counting.ngram.probabilities(&[0, 1], 4));
    let shares = r#""shares":{"network":0.5,"counted":0.4,"echoed":[0.1,0,0,0,0]}"#;
    for (text, reason) in [
        (format!(r#"{{"order":2,{shares},"runs":[[0,4]]}}"#), "token 4 is outside a vocabulary of 4"),
        (format!(r#"{{"order":5,{shares},"runs":[[0]]}}"#), "an order of 5 is not between 1 and 4"),
        (format!(r#"{{"order":0,{shares},"runs":[[0]]}}"#), "an order of 0 is not between 1 and 4"),
        (format!(r#"{{"order":2,{},"runs":[[0]]}}"#, shares.replace("0.5", "0.75")), "instead of 1"),
        ("{".to_owned(), "EOF"),
    ] {
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let message = Counting::load(folder.path(), 4, 4).unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
    }
}
