//! How numbers came about, with sources.

use crate::analysis::{Findings, percent};

/// Paragraphs on methods.
pub(super) fn paragraphs(findings: &Findings) -> Vec<String> {
    let plan = &findings.plan;
    let margin = match plan.margin {
        Some(margin) => format!(
            "The margin of equivalence, ± {} around guessing, was fixed when the study was packed. Equivalence is shown where the interval of {} lies within it (two one-sided tests; Schuirmann 1987): exact binomial tests where everybody answered once, the interval that resamples people elsewhere.",
            percent(margin),
            percent(1.0 - 2.0 * plan.alpha)
        ),
        None => "The study has no margin of equivalence, so nothing here can be called indistinguishable: a test that shows no difference is not evidence that there is none.".to_owned(),
    };
    let screening = &plan.screening;
    vec![
        format!(
            "How answers are analysed was fixed when the study was packed: alpha {}, intervals of {}, {} resamples, seed {}. The same answers give the same report.",
            plan.alpha,
            percent(1.0 - plan.alpha),
            plan.resamples,
            findings.seed
        ),
        "Answers of one person hang together, and so do answers about one sample. Where somebody answered more than once, the finding follows a bootstrap that draws whole people with replacement and studentises each draw (Efron & Tibshirani 1993, section 12.5; Cameron, Gelbach & Miller 2008); where people do not differ from each other at all, a sign test over people. Intervals that draw samples, or people and samples both (Owen 2007), say what might be with other samples of their kind. The intraclass correlation is ICC(1) (Shrout & Fleiss 1979; Donner 1986), the design effect Kish's (1965).".to_owned(),
        "The exact binomial test, one-sided and two-sided (by the method of small p-values, as R's binom.test), and the intervals of Wilson (1927) and of Clopper and Pearson (1934) take all answers as independent. Where they are not, these are too sure of themselves; they are given because readers expect them.".to_owned(),
        "The balanced share is the mean of the shares for each kind of sample, so that always giving one answer counts as guessing however many samples there are of each kind.".to_owned(),
        margin,
        "d′ and the criterion c are computed by the rule of the task (Macmillan & Creelman 2005: yes/no, two-alternative forced choice, ABX by independent observations) after the log-linear correction (Hautus 1995), from all people's answers together.".to_owned(),
        "Distributions of points have Wald's interval, cut off at 0 and 100 %, as they are often printed; it is too narrow near both ends (Brown, Cai & DasGupta 2001). Means have Student's t interval over people's own means.".to_owned(),
        "Ratings are compared within people: Wilcoxon's signed-rank test (1945) for two conditions, Friedman's (1937) for more, with Kendall's W; pairs are corrected by Holm's method (1979). A χ² test of counts that people enter more than once would be wrong and is not made.".to_owned(),
        "Scores are compared by what people said of themselves with Mann and Whitney's test (1947) of two groups and Kruskal and Wallis's (1952) of more, and as tables of two classes with Pearson's χ² where Cochran's rule (1954) holds, Fisher's exact test for small tables of two by two, and Monte Carlo with fixed margins (Hope 1968) elsewhere; Cramér's V with Bergsma's correction (2013). Holm's method corrects each kind of test over all that was asked about people.".to_owned(),
        "Agreement is Fleiss' κ (1971) where everybody judged everything, Krippendorff's α (2019), and Cohen's κ (1960) of trials that came twice. Trials that came twice and attention items enter nothing else.".to_owned(),
        format!(
            "Screened out is who answered fewer than {} of attention items as asked, agreed with themselves on fewer than {} of repeated trials, or, in MUSHRA, gave the hidden reference less than {2} or the mid anchor more than {2} in more than {3} of trials (ITU-R BS.1534-3, section 4.1.2).",
            percent(screening.attention),
            percent(screening.repeats),
            screening.reference_score,
            percent(screening.missed)
        ),
    ]
}
