//! How numbers came about, with sources.

use crate::analysis::{Findings, in_points, percent};
use crate::study::Screening;

/// Paragraphs on methods.
pub(super) fn paragraphs(findings: &Findings) -> Vec<String> {
    let plan = &findings.plan;
    let margin = match plan.margin {
        Some(margin) => format!(
            "The margin of equivalence, {} points on either side of guessing, was fixed when the study was packed. Equivalence is shown where the interval of {} lies within it (two one-sided tests; Schuirmann 1987): exact binomial tests where everybody answered once, the interval that resamples people elsewhere. “Indistinguishable” is only said where the interval that resamples samples too lies within it as well: pairs of which half are always told and half always mistaken are right half of the time.",
            in_points(margin),
            percent(1.0 - 2.0 * plan.alpha)
        ),
        None => "The study has no margin of equivalence, so nothing here can be called indistinguishable: a test that shows no difference is not evidence that there is none.".to_owned(),
    };
    vec![
        format!(
            "How answers are analysed was fixed when the study was packed: alpha {}, intervals of {}, {} resamples, seed {}. The same answers give the same report.",
            plan.alpha,
            percent(1.0 - plan.alpha),
            plan.resamples,
            findings.seed
        ),
        "Answers of one person hang together, and so do answers about one sample. Where somebody answered more than once, the finding follows a bootstrap that draws whole people with replacement and studentises each draw (Efron & Tibshirani 1993, section 12.5; Cameron, Gelbach & Miller 2008); where people answer so much alike that it has no end, Clopper and Pearson's interval of the effective number of answers (Korn & Graubard 1998), in which people who are all right count once each. Intervals that draw samples, each among those of its kind, or people and samples both (Owen 2007), say what might be with other samples of their kind. The intraclass correlation is ICC(1) (Shrout & Fleiss 1979; Donner 1986), the design effect Kish's (1965).".to_owned(),
        "The exact binomial test, one-sided and two-sided (by the method of small p-values, as R's binom.test), and the intervals of Wilson (1927) and of Clopper and Pearson (1934) take all answers as independent. Where they are not, these are too sure of themselves; they are given because readers expect them.".to_owned(),
        "The balanced share is the mean of the shares for each kind of sample, so that always giving one answer counts as guessing however many samples there are of each kind; every resample is weighted anew. What answers lean to is measured likewise.".to_owned(),
        margin,
        "d′ and the criterion c are computed by the rule of the task (Macmillan & Creelman 2005: yes/no, two-alternative forced choice, ABX by independent observations) after the log-linear correction (Hautus 1995), from all people's answers together; their standard errors, and tests of leaning where people answered more than once, leave out one person after the other (the jackknife: Efron & Tibshirani 1993, section 11.2).".to_owned(),
        "Distributions of points have Wald's interval, cut off at 0 and 100 %, as they are often printed; it is too narrow near both ends (Brown, Cai & DasGupta 2001). Means have Student's t interval over people's own means.".to_owned(),
        "Ratings are compared within people: Wilcoxon's signed-rank test (1945) for two conditions, Friedman's (1937) for more, with Kendall's W; pairs are corrected by Holm's method (1979), those of choices over all options of a question. A χ² test of counts that people enter more than once would be wrong and is not made.".to_owned(),
        "Scores are compared by what people said of themselves with Mann and Whitney's test (1947) of two groups and Kruskal and Wallis's (1952) of more, and as tables of two classes with Pearson's χ² where Cochran's rule (1954) holds, Fisher's exact test for small tables of two by two, and Monte Carlo with fixed margins (Hope 1968) elsewhere; Cramér's V with Bergsma's correction (2013). Holm's method corrects each kind of test over all that was asked about people.".to_owned(),
        "Agreement is Fleiss' κ (1971) where everybody judged everything, Krippendorff's α (2019), and Cohen's κ (1960) of trials that came twice. Trials that came twice and attention items enter nothing else.".to_owned(),
        screened(&plan.screening),
    ]
}

fn screened(screening: &Screening) -> String {
    let attention = format!("answered fewer than {} of attention items as asked", percent(screening.attention));
    let repeats = (screening.repeats > 0.0)
        .then(|| format!("agreed with themselves on fewer than {} of repeated trials", percent(screening.repeats)));
    let score = screening.reference_score;
    let mushra = format!(
        "in MUSHRA, gave the hidden reference less than {score} in more than {0} of trials, or the mid anchor more than {score} in more than {0} (ITU-R BS.1534-3, section 4.1.2)",
        percent(screening.missed)
    );
    let rules: Vec<String> = [Some(attention), repeats, Some(mushra)].into_iter().flatten().collect();
    format!("Screened out is who {}.", rules.join(", or "))
}
