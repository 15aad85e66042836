"""Writes document-002.json: 137 participants with the scores that document 002 prints (figures 4.20 to 4.25).

The document prints how many had 0, 1 and 2 points in each of three questions, and how many had each total. Both cannot be:
the questions' points add up to 448, the totals to 447. So there are two lists of participants. `by_question` has every
question's counts and all totals but for one participant who has a point more, `by_total` every total and all questions' counts
but for one answer that has a point less.

Counts of questions stay as they are when answers are swapped between participants; swaps are tried until the totals fit.

python3 document_002.py
"""

import json
import pathlib
import random
from collections import Counter

QUESTIONS = [[55, 14, 68], [55, 6, 76], [11, 112, 14]]
TOTALS = [1, 32, 11, 32, 13, 43, 5]


def points(counts):
    return sum(score * count for score, count in enumerate(counts))


def assign(questions, totals, seed):
    """Three scores for each participant, with these counts and totals; None where no swap leads there."""
    draw = random.Random(seed)
    columns = [[score for score, count in enumerate(counts) for _ in range(count)] for counts in questions]
    for column in columns:
        draw.shuffle(column)
    n = len(columns[0])
    have = Counter(map(sum, zip(*columns)))
    distance = lambda: sum(abs(have[total] - count) for total, count in enumerate(totals))
    now = distance()
    for _ in range(1_000_000):
        if now == 0:
            return ["".join(map(str, scores)) for scores in zip(*columns)]
        column, a, b = draw.choice(columns), draw.randrange(n), draw.randrange(n)
        before = [sum(c[p] for c in columns) for p in (a, b)]
        column[a], column[b] = column[b], column[a]
        after = [sum(c[p] for c in columns) for p in (a, b)]
        have.subtract(before), have.update(after)
        new = distance()
        if new > now:
            column[a], column[b] = column[b], column[a]
            have.subtract(after), have.update(before)
        else:
            now = new
    return None


def moved(counts, score, step):
    """The same counts with one from a score moved up or down."""
    return [count - (at == score) + (at == score + step) for at, count in enumerate(counts)]


def first(candidates):
    for questions, totals in candidates:
        if min(*totals, *(count for question in questions for count in question)) < 0:
            continue
        found = assign(questions, totals, seed=1)
        if found:
            return {"questions": questions, "totals": totals, "participants": sorted(found)}
    raise SystemExit("no participants have these scores")


def main():
    asked, in_all = sum(map(points, QUESTIONS)), points(TOTALS)
    assert (asked, in_all) == (448, 447)
    by_question = first((QUESTIONS, moved(TOTALS, total, 1)) for total in range(6))
    lower = ((number, score) for number in range(3) for score in (2, 1))
    by_total = first(
        ([moved(counts, score, -1) if at == number else counts for at, counts in enumerate(QUESTIONS)], TOTALS)
        for number, score in lower
    )
    golden = {
        "source": "document 002, figures 4.20, 4.22, 4.24 and 4.25",
        "printed": {"questions": QUESTIONS, "totals": TOTALS},
        "points": {"of_questions": asked, "of_totals": in_all},
        "by_question": by_question,
        "by_total": by_total,
    }
    path = pathlib.Path(__file__).with_name("document-002.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
