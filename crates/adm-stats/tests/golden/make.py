#!/usr/bin/env python3
"""Writes statistics.json: what scipy, statsmodels, krippendorff, mpmath and R say about swept inputs.

    python3 -m venv venv && venv/bin/pip install numpy scipy statsmodels krippendorff mpmath
    venv/bin/python crates/adm-stats/tests/golden/make.py       # needs Rscript on the path

Infinite values are written as null. The versions that made the file stand in it.
"""

import importlib.metadata
import json
import math
import pathlib
import platform
import subprocess

import krippendorff
import mpmath
import numpy as np
import scipy
import scipy.stats as st
import statsmodels
from scipy import optimize, special
from statsmodels.stats import inter_rater, multitest, proportion

rng = np.random.default_rng(20)
SIDES = {"greater": "greater", "less": "less", "two": "two-sided"}
R_SIDES = {"greater": "greater", "less": "less", "two": "two.sided"}
r_jobs = []


def in_r(case, key, expression):
    """Has R compute `expression` into case[key], all in one run at the end."""
    r_jobs.append((case, key, expression))


def run_r():
    lines = [f'cat(sprintf("%.17g", suppressWarnings({expression})), "\\n")' for _, _, expression in r_jobs]
    done = subprocess.run(["Rscript", "-"], input="\n".join(lines), capture_output=True, text=True, check=True)
    for (case, key, _), line in zip(r_jobs, done.stdout.splitlines(), strict=True):
        numbers = [float(word) for word in line.split()]
        case[key] = numbers[0] if len(numbers) == 1 else numbers


def c(values):
    return "c(" + ",".join(repr(float(value)) for value in values) + ")"


def matrix(table):
    return f"matrix({c(np.asarray(table).T.ravel())},nrow={len(table)})"


def binomial():
    cases = []
    for n in [1, 2, 3, 5, 10, 20, 53, 137, 400, 1060, 10_000, 1_000_000]:
        for chance in [0.5, 0.25, 0.1, 1 / 3]:
            centre, sd = n * chance, math.sqrt(n * chance * (1 - chance))
            hits = {0, n, *(int(min(n, max(0, round(centre + z * sd)))) for z in [-8, -3, -1, 0, 0.5, 2, 4])}
            for k in sorted(hits):
                case = {"n": n, "hits": k, "chance": chance}
                for name, side in SIDES.items():
                    case[name] = st.binomtest(k, n, chance, side).pvalue
                in_r(case, "two_r", f"binom.test({k},{n},{chance!r})$p.value")
                cases.append(case)
    return cases


def intervals():
    cases = []
    for n in [1, 2, 5, 20, 53, 137, 1060, 100_000, 5_000_000]:
        for k in sorted({0, 1, n // 20, n // 3, n // 2, n - 1, n} & set(range(n + 1))):
            for level in [0.5, 0.9, 0.95, 0.999]:
                case = {"n": n, "hits": k, "level": level}
                for name, method in [("wilson", "wilson"), ("clopper_pearson", "beta"), ("wald", "normal")]:
                    case[name] = list(map(float, proportion.proportion_confint(k, n, 1 - level, method)))
                cases.append(case)
    return cases


def detection():
    z, cases = special.ndtri, []
    for hits, signals, alarms, noises in [(14, 20, 8, 20), (20, 20, 0, 20), (0, 1, 1, 1), (300, 530, 250, 530), (7, 9, 3, 31)]:
        h, f = (hits + 0.5) / (signals + 1), (alarms + 0.5) / (noises + 1)
        variance = h * (1 - h) / signals / st.norm.pdf(z(h)) ** 2 + f * (1 - f) / noises / st.norm.pdf(z(f)) ** 2
        cases.append({"hits": hits, "misses": signals - hits, "false_alarms": alarms, "correct_rejections": noises - alarms,
                      "d_prime": z(h) - z(f), "criterion": -(z(h) + z(f)) / 2, "standard_error": math.sqrt(variance)})
    choices = []
    for correct, n in [(0, 5), (10, 20), (11, 20), (15, 20), (20, 20), (600, 1060), (1060, 1060)]:
        p = (correct + 0.5) / (n + 1)
        phi = special.ndtr
        abx = lambda d: phi(d / math.sqrt(2)) * phi(d / 2) + phi(-d / math.sqrt(2)) * phi(-d / 2)
        solved = 0.0 if p <= 0.5 else optimize.brentq(lambda d: abx(d) - p, 0, 20, xtol=1e-14, rtol=1e-14)
        choices.append({"correct": correct, "n": n, "two_alternative": math.sqrt(2) * z(p), "abx": solved})
    return {"yes_no": cases, "choice": choices}


def bergsma(table):
    table = np.asarray(table)
    n, (r, k) = table.sum(), table.shape
    chi = st.chi2_contingency(table, correction=False).statistic
    surplus = max(0, chi / n - (r - 1) * (k - 1) / (n - 1))
    r, k = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    return math.sqrt(surplus / (min(r, k) - 1)) if min(r, k) > 1 else 0.0


def contingency():
    tables = [[[10, 20], [30, 40]], [[3, 1], [1, 3]], [[0, 5], [7, 1]], [[12, 5], [29, 2]], [[100, 90], [80, 130]],
              [[1, 0], [0, 1]], [[530, 500], [480, 520]], [[4, 0], [0, 6]]]
    tables += [rng.poisson(mean, shape).tolist() for mean, shape in [(9, (2, 3)), (12, (4, 3)), (25, (6, 5)), (200, (3, 3))]]
    tables = [table for table in tables if np.all(np.sum(table, 0)) and np.all(np.sum(table, 1))]
    cases = []
    for table in tables:
        found = st.chi2_contingency(table, correction=False)
        case = {"table": table, "chi_square": found.statistic, "freedom": int(found.dof), "p": found.pvalue,
                "v": st.contingency.association(table, "cramer"), "v_corrected": bergsma(table)}
        if np.shape(table) == (2, 2):
            for name, side in SIDES.items():
                case[f"fisher_{name}"] = st.fisher_exact(table, side).pvalue
                in_r(case, f"fisher_{name}_r", f"fisher.test({matrix(table)},alternative='{R_SIDES[name]}')$p.value")
        cases.append(case)
    return cases


def exact_tables():
    """The exact probability of a χ² as large, with fixed margins, by listing all tables."""
    cases = []
    for table in [[[3, 1, 0], [0, 2, 3]], [[4, 1, 1], [1, 3, 0], [0, 1, 4]], [[2, 2, 2, 1], [1, 2, 3, 2]]]:
        table = np.array(table)
        rows, columns = table.sum(1), table.sum(0)
        expected = np.outer(rows, columns) / table.sum()
        chi = lambda t: ((t - expected) ** 2 / expected).sum()
        law = st.random_table(rows, columns)
        total = sum(law.pmf(t) for t in all_tables(list(rows), list(columns)) if chi(t) >= chi(table) - 1e-9)
        cases.append({"table": table.tolist(), "p": float(total)})
    return cases


def all_tables(rows, columns):
    if len(rows) == 1:
        yield np.array([columns])
        return
    for first in all_rows(rows[0], columns):
        for rest in all_tables(rows[1:], [a - b for a, b in zip(columns, first)]):
            yield np.vstack([first, rest])


def all_rows(total, most):
    if len(most) == 1:
        if total <= most[0]:
            yield [total]
        return
    for head in range(min(total, most[0]) + 1):
        for rest in all_rows(total - head, most[1:]):
            yield [head, *rest]


def multiple():
    cases = []
    for n in [0, 1, 2, 6, 20]:
        p = np.round(rng.random(n) ** 3, 4).tolist() if n != 6 else [0.01, 0.04, 0.03, 0.005, 0.04, 1.0]
        holm = multitest.multipletests(p, method="holm")[1].tolist() if p else []
        fdr = multitest.multipletests(p, method="fdr_bh")[1].tolist() if p else []
        cases.append({"p": p, "holm": holm, "benjamini_hochberg": fdr})
    return cases


def means():
    cases = []
    for n in [2, 3, 10, 53, 137, 2000]:
        x = np.round(rng.normal(5.2, 2, n), 2)
        y = np.round(rng.normal(4.6, 3, max(2, n // 2)), 2)
        case = {"x": x.tolist(), "y": y.tolist(), "mean": x.mean(), "sd": x.std(ddof=1)}
        case["quartiles"] = np.quantile(x, [0, 0.25, 0.5, 0.75, 1]).tolist()
        case["interval_90"] = list(st.t.interval(0.9, n - 1, x.mean(), st.sem(x)))
        case["interval_9999"] = list(st.t.interval(0.9999, n - 1, x.mean(), st.sem(x)))
        for name, side in SIDES.items():
            case[f"one_sample_{name}"] = st.ttest_1samp(x, 5, alternative=side).pvalue
            case[f"welch_{name}"] = st.ttest_ind(x, y, equal_var=False, alternative=side).pvalue
        in_r(case, "welch_r", f"with(t.test({c(x)},{c(y)}),c(statistic,parameter,p.value))")
        cases.append(case)
    return cases


def paired_ranks():
    cases = []
    for n in [1, 2, 5, 12, 25, 26, 60, 300]:
        for tied in [False, True]:
            d = np.round(rng.normal(0.3, 1.5, n)) if tied else np.round(rng.normal(0.3, 1.5, n), 6)
            if not np.any(d):
                continue
            case = {"d": d.tolist()}
            kept = d[d != 0]
            exact = len(kept) <= 25 and len(set(abs(kept))) == len(kept)
            for name, side in R_SIDES.items():
                flag = "TRUE" if exact else "FALSE"
                in_r(case, name, f"wilcox.test({c(kept)},alternative='{side}',exact={flag},correct=TRUE)$p.value")
            in_r(case, "v", f"wilcox.test({c(kept)},exact=FALSE)$statistic")
            cases.append(case)
    return cases


def grouped_ranks():
    cases = []
    for m, n in [(1, 1), (2, 3), (5, 5), (10, 7), (25, 25), (26, 10), (80, 57)]:
        for tied in [False, True]:
            x, y = (np.round(rng.normal(loc, 2, size), 0 if tied else 6) for loc, size in [(0.8, m), (0, n)])
            if len(set([*x, *y])) == 1:
                continue
            case = {"x": x.tolist(), "y": y.tolist()}
            exact = max(m, n) <= 25 and len(set([*x, *y])) == m + n
            for name, side in R_SIDES.items():
                flag = "TRUE" if exact else "FALSE"
                in_r(case, name, f"wilcox.test({c(x)},{c(y)},alternative='{side}',exact={flag},correct=TRUE)$p.value")
            in_r(case, "u", f"wilcox.test({c(x)},{c(y)},exact=FALSE)$statistic")
            cases.append(case)
    return cases


def many_groups():
    cases = []
    for sizes in [(3, 4), (5, 5, 5), (20, 3, 30, 1)]:
        for digits in [0, 6]:
            groups = [np.round(rng.normal(i / 2, 2, size), digits) for i, size in enumerate(sizes)]
            found = st.kruskal(*groups)
            cases.append({"groups": [group.tolist() for group in groups], "h": found.statistic, "p": found.pvalue})
    return cases


def friedman():
    cases = []
    for n, k in [(2, 3), (5, 3), (12, 4), (53, 6), (137, 3)]:
        for digits in [0, 6]:
            rows = np.round(rng.normal(0, 1.5, (n, k)) + np.arange(k) / 3, digits)
            case = {"rows": rows.tolist()}
            in_r(case, "r", f"with(friedman.test({matrix(rows)}),c(statistic,parameter,p.value))")
            cases.append(case)
    return cases


def agreement():
    fleiss = []
    for items, raters, categories in [(10, 14, 5), (4, 2, 2), (30, 6, 3), (20, 53, 2)]:
        bias = rng.dirichlet(np.ones(categories), items)
        counts = np.array([rng.multinomial(raters, p) for p in bias])
        fleiss.append({"counts": counts.tolist(), "kappa": inter_rater.fleiss_kappa(counts)})
    alphas = []
    for raters, items, missing in [(2, 5, 0), (4, 12, 0.3), (10, 20, 0.5), (53, 20, 0.1)]:
        truth = rng.integers(0, 5, items)
        ratings = np.clip(truth + np.round(rng.normal(0, 1, (raters, items))), 0, 6)
        ratings[rng.random((raters, items)) < missing] = np.nan
        case = {"ratings": [[None if np.isnan(v) else v for v in row] for row in ratings.tolist()]}
        for scale in ["nominal", "ordinal", "interval"]:
            case[scale] = float(krippendorff.alpha(ratings, level_of_measurement=scale))
        alphas.append(case)
    pairs = rng.integers(0, 3, (40, 2))
    pairs[:20, 1] = pairs[:20, 0]
    table = np.zeros((3, 3))
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1)
    cohen = [{"pairs": pairs.tolist(), "kappa": inter_rater.cohens_kappa(table).kappa}]
    return {"fleiss": fleiss, "krippendorff": alphas, "cohen": cohen}


def clustering():
    cases = []
    for sizes in [[4] * 6, [20] * 53, [1, 2, 3, 9, 30], [2] * 100]:
        person = np.repeat(np.arange(len(sizes)), sizes)
        value = (rng.random(len(person)) < rng.beta(4, 4, len(sizes))[person]).astype(float)
        case = {"person": person.tolist(), "value": value.tolist()}
        r = f"with(list(a=anova(lm({c(value)}~factor({c(person)}))),m={c(sizes)}),"
        r += "{n0<-(sum(m)-sum(m^2)/sum(m))/(length(m)-1);b<-a$'Mean Sq'[1];w<-a$'Mean Sq'[2];(b-w)/(b+(n0-1)*w)})"
        in_r(case, "icc", r)
        cases.append(case)
    return cases


def power():
    sizes = []
    for truth, chance, alpha, side in [(0.55, 0.5, 0.05, "greater"), (0.6, 0.5, 0.05, "greater"), (0.65, 0.5, 0.05, "greater"),
                                       (0.7, 0.5, 0.05, "greater"), (0.6, 0.5, 0.05, "two"), (0.4, 0.5, 0.01, "less"),
                                       (0.2, 0.1, 0.05, "two"), (0.3, 0.25, 0.05, "greater"), (0.04, 0.02, 0.05, "greater")]:
        powers = {n: one_power(n, truth, chance, alpha, side) for n in range(1, 1400)}
        sizes.append({"truth": truth, "chance": chance, "alpha": alpha, "sides": side, **found(powers)})
    within = []
    for margin in [0.05, 0.1, 0.15]:
        powers = {n: equivalence_power(n, margin) for n in range(1, 1400)}
        within.append({"margin": margin, **found(powers)})
    return {"sizes": sizes, "equivalence": within}


def found(powers, wanted=0.8):
    enough = [n for n, power in powers.items() if power >= wanted]
    stable = max(n for n, power in powers.items() if power < wanted) + 1
    return {"fewest": min(enough), "n": stable, "power": powers[stable]}


def one_power(n, truth, chance, alpha, side):
    k = np.arange(n + 1)
    mass = st.binom.pmf(k, n, chance)
    if side == "greater":
        p = st.binom.sf(k - 1, n, chance)
    elif side == "less":
        p = st.binom.cdf(k, n, chance)
    else:
        order = np.argsort(mass)
        sums = np.concatenate([[0], np.cumsum(mass[order])])
        p = sums[np.searchsorted(mass[order], mass * (1 + 1e-7), side="right")]
    return float(st.binom.pmf(k, n, truth)[p <= alpha].sum())


def equivalence_power(n, margin):
    k = np.arange(n + 1)
    both = (st.binom.sf(k - 1, n, 0.5 - margin) <= 0.05) & (st.binom.cdf(k, n, 0.5 + margin) <= 0.05)
    return float(st.binom.pmf(k, n, 0.5)[both].sum())


def beta_tails(a, b, x, sd):
    """Both tails by numerical integration with 30 digits; scipy's `betainc` is off by up to 5e-11 here."""
    a, b, x, sd = map(mpmath.mpf, (a, b, x, sd))
    log_beta = mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b)
    density = lambda t: mpmath.exp((a - 1) * mpmath.log(t) + (b - 1) * mpmath.log1p(-t) - log_beta) if 0 < t < 1 else 0
    mean = a / (a + b)
    places = sorted({p for p in [mean + k * sd for k in (-30, -12, -8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8, 12, 30)] if 0 < p < 1})
    below = mpmath.quad(density, [0, *[p for p in places if p < x], x])
    above = mpmath.quad(density, [x, *[p for p in places if p > x], 1])
    assert abs(below + above - 1) < 1e-15, (a, b, x, below + above)
    return float(below), float(above)


def special_functions():
    mpmath.mp.dps = 30
    tails = []
    for a in [0.5, 1, 2.5, 20, 530, 5e4, 5e6]:
        for b in [0.5, 1, 3, 50.5, 5e3, 5e6]:
            mean = a / (a + b)
            sd = math.sqrt(mean * (1 - mean) / (a + b + 1))
            for z in [-6, -2, 0, 1, 5]:
                x = mean + z * sd
                if 0 < x < 1:
                    tails.append([a, b, x, 1 - x, *beta_tails(a, b, x, sd)])
    return {"normal_upper": [[z, st.norm.sf(z)] for z in np.arange(-9, 38, 0.37)],
            "chi_square_upper": [[k * q, k, st.chi2.sf(k * q, k)] for k in [1, 2, 7, 60, 999] for q in [0.1, 0.9, 1, 1.3, 4, 9]],
            "t_upper": [[t, v, st.t.sf(t, v)] for v in [1, 2.5, 9, 100, 1e4, 1e6] for t in [-3, 0, 0.1, 1.9, 6, 30]],
            "t_quantile": [[p, v, st.t.isf(p, v)] for v in [1, 2.5, 9, 100, 1e6] for p in [0.5, 0.25, 0.025, 1e-3, 1e-9]],
            "beta_tails": tails}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (np.floating, float)):
        return None if not math.isfinite(value) else float(value)
    return int(value) if isinstance(value, np.integer) else value


def versions():
    r = subprocess.run(["Rscript", "-e", "cat(as.character(getRversion()))"], capture_output=True, text=True, check=True)
    return {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__, "mpmath": mpmath.__version__, "krippendorff": importlib.metadata.version("krippendorff"), "R": r.stdout.strip()}


def main():
    sections = [binomial, intervals, detection, contingency, exact_tables, multiple, means, paired_ranks, grouped_ranks,
                many_groups, friedman, agreement, clustering, power, special_functions]
    golden = {section.__name__: section() for section in sections}
    run_r()
    golden = plain({"versions": versions(), **golden})
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(golden, separators=(",", ":")).replace('],"', '],\n"').replace('},{', '},\n{') + "\n")


main()
