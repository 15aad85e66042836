#!/usr/bin/env python3
"""What each part of the preset `adm` is worth: trains every row alike long, judges it, prints a table in Markdown.

    benches/teacher.py DATASET OUT [--minutes N | --paced N | --steps N] [--seeds N] [--rows NAME,...] [--threads N] [--set KEY=VALUE]... [--adm PROGRAM]

OUT holds a run for every row and seed, and `rows.jsonl` with a line for each that is done; rows that are in it are not run again,
so it can be stopped and gone on with. With `--paced N` each row gets as many steps as N minutes have on this machine, as `adm plan`
tells before anything is trained (`pace.json` keeps it): then it does not matter what else the machine does later, or on how many
threads a row is trained. `--set` holds for every row, and a row's own settings come after it. Needs nothing but Python 3.8 and a built `adm`.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

COMPLEX_TENSORS = [
    'representation={name="stereo-complex", bins=128, frames=128, phase="slice"}',
    "scaling.coding=\"mid-side\"",
    'scaling.law={name="power", exponent=0.5}',
    "scaling.quantile=0.9999",
    "discriminator.log_magnitude=1.0",
    "augment.swap=true",
]

# The third model of document 002 (tables 4.3 and 4.4) with its settings, on one channel of levels.
DJSET_3 = [
    "sample_rate=0",
    'representation={name="magnitude", bins=128, frames=128, stereo="mono"}',
    "generator.latent=100",
    "generator.widths=[1024, 512, 256, 128, 64]",
    "generator.slope=0.0",
    "discriminator.widths=[16, 32, 64, 128, 256]",
    'discriminator.norm="batch"',
    "discriminator.dropout=0.0",
    "discriminator.dense=[]",
    'optimizer.method="sgd"',
    "optimizer.generator_rate=0.0002",
    "optimizer.discriminator_rate=0.0002",
    "training.batch=100",
]

# Name, preset (of another family with its name before a slash), settings: each changes one thing of `adm`, or is another preset.
ROWS = [
    ("adm", "adm", []),
    ("cpu", "cpu", []),
    ("complex", "complex", []),
    ("auto-encoder", "autoencoder/vae", []),
    ("diffusion", "diffusion/ddpm", []),
    ("diffusion with coarser pixels", "diffusion/ddpm", ["network.patch=4"]),
    ("diffusion as Ho et al.", "diffusion/linear-epsilon", ["sampling.method=\"ddim\"", "sampling.steps=25"]),
    ("training-4", "training-4", ["sample_rate=0"]),
    ("training-5", "training-5", ["sample_rate=0"]),
    ("document 002", "training-3", DJSET_3),
    ("document 002 with Adam", "training-3", DJSET_3 + ['optimizer.method="adam"', "optimizer.beta_1=0.5"]),
    ("without codes", "adm", None),
    ("without the direct way", "adm", ["generator.direct=false"]),
    ("codes of 64 values", "adm", ["generator.latent=64"]),
    ("codes of weight 1", "adm", ["codes.weight=1"]),
    ("codes of weight 40", "adm", ["codes.weight=40"]),
    ("sharpness 3", "adm", ["codes.sharpness=3"]),
    ("sharpness 10", "adm", ["codes.sharpness=10"]),
    ("complex tensors", "adm", COMPLEX_TENSORS),
    ("complex tensors in bands of the ear", "adm", ['representation={name="log-frequency", bins=128, frames=128}', *COMPLEX_TENSORS[1:]]),
    ("mel bands", "adm", ['representation={name="log-mel", bins=128, frames=64}']),
    ("mag-if", "adm", ['representation={name="mag-if", bins=128, frames=128}']),
    ("cross-entropy", "adm", ['loss="bce"']),
    ("relativistic loss", "adm", ['loss="relativistic"']),
    (
        "relativistic loss and penalties without a norm",
        "adm",
        ['loss="relativistic"', 'discriminator.norm="none"', "penalty={recorded=1.0, generated=1.0, every=8}"],
    ),
    ("a penalty on steepness", "adm", ["penalty={recorded=1.0, every=8}"]),
    ("repeated pixels", "adm", ['generator.upsample="repeated"']),
    ("without spectral norm", "adm", ['discriminator.norm="none"']),
    ("without the spread of a batch", "adm", ["discriminator.spread=false"]),
    ("without averaged weights", "adm", ["training.ema=0.0"]),
    ("without augmentation", "adm", ["augment.gain=0.0"]),
    ("rolled by two frames", "adm", ["augment.roll=2"]),
    ("cut out up to a half", "adm", ["augment.cutout=0.5"]),
    ("shifted by up to two semitones", "adm", ["augment.pitch=2"]),
    ("with copies a semitone higher and lower", "adm", ["augment.pitch_copies=1"]),
    ("channels swapped", "adm", ["augment.swap=true"]),
    ("overshoot and the way down", "adm", ["generator.direct=false", "generator.oversample=true"]),
    ("one rate for both", "adm", ["optimizer.discriminator_rate=0.0006"]),
    ("rates that stay", "adm", ["optimizer.half_life=0"]),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--paced", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rows", help="only these, by name and in this order")
    parser.add_argument("--beats", type=int, default=1000)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--adm", default="target/release/adm")
    return parser.parse_args()


def without_codes(given, out):
    """A preset without its table of codes, as a file: `--set` cannot take a table away."""
    preset = pathlib.Path(__file__).parent.parent / "configs/gan/adm.toml"
    tables = preset.read_text().split("\n[")
    path = out / "without-codes.toml"
    path.write_text("\n[".join(table for table in tables if not table.startswith("codes]")))
    return str(path)


def command(given, preset, settings):
    """What trains and what plans a row, but for where and how long."""
    family, _, name = preset.rpartition("/")
    config = without_codes(given, given.out) if settings is None else name
    sets = [word for setting in given.set + (settings or []) for word in ("--set", setting)]
    return [family or "gan", "--data", str(given.dataset), "--config", config, *sets]


def pace(given, rows):
    """Steps of each row: as many as `--paced` minutes have, told while nothing else runs."""
    known = given.out / "pace.json"
    steps = json.loads(known.read_text()) if known.exists() else {}
    for name, preset, settings in rows:
        if name in steps:
            continue
        common = [given.adm, "--device", given.device, "--quiet", "--json"]
        plan = common + ["plan", *command(given, preset, settings), "--minutes", str(given.paced)]
        told = subprocess.run(plan, capture_output=True, text=True)
        if told.returncode:
            sys.exit(told.stderr)
        steps[name] = json.loads(told.stdout)["rows"][0]["figures"]["budget"]["steps"]
        known.write_text(json.dumps(steps, indent=1))
    return steps


def run(given, name, preset, settings, seed, steps):
    folder = given.out / f"{name.replace(' ', '-').replace(',', '')}-{seed}"
    # A row that was stopped half way begins anew.
    shutil.rmtree(folder, ignore_errors=True)
    budget = ["--steps", str(steps)] if steps else ["--minutes", str(given.minutes or 10)]
    common = [given.adm, "--device", given.device, "--seed", str(seed), "--quiet", "--json"]
    common += ["--threads", str(given.threads)] if given.threads else []
    train = ["train", *command(given, preset, settings), "--run", str(folder), *budget]
    trained = subprocess.run(common + train, capture_output=True, text=True)
    if trained.returncode:
        return {"name": name, "seed": seed, "failed": trained.stderr.strip().splitlines()[0]}
    judge = ["evaluate", "--reference", str(given.dataset), "--candidate", str(folder), "--beats", str(given.beats)]
    judged = subprocess.run(common + judge, capture_output=True, text=True)
    if not judged.stdout:
        return {"name": name, "seed": seed, "failed": judged.stderr.strip().splitlines()[0]}
    result = json.loads(judged.stdout)
    figures = lambda found: {key: value["value"] for key, value in found["distances"].items()}
    candidate = result["candidates"][0]
    trained = json.loads(trained.stdout)
    return {
        "name": name,
        "seed": seed,
        "steps": trained["steps"],
        "best_step": candidate["step"],
        "seconds": trained["seconds"],
        "figures": figures(candidate),
        "floor": figures(result["floor"]),
        "ceiling": figures(result["ceiling"]),
        "onsets": candidate["sound"]["onset_f1"]["value"],
        "phase_ms": (candidate["sound"]["phase_ms"] or {}).get("value"),
        "variety": candidate["variety"],
        "copies": candidate["copies"]["verdict"],
        "leaning": candidate["copies"]["leaning"],
    }


def table(rows):
    print("| changed | steps | mel-KAD | coverage | diversity | beats | copies |\n|---|---|---|---|---|---|---|")
    spread = lambda values, digits: (
        f"{statistics.mean(values):.{digits}f}"
        + (f" ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else "")
    )
    done = [row for row in rows if "figures" in row]
    for name in dict.fromkeys(row["name"] for row in rows):
        of = [row for row in done if row["name"] == name]
        for failed in (row for row in rows if row["name"] == name and "failed" in row):
            print(f"| {name} | {failed['failed']} | | | | | |")
        if not of:
            continue
        figure = lambda key, digits: spread([row["figures"][key] for row in of], digits)
        phases = [row["phase_ms"] for row in of if row["phase_ms"] is not None]
        phase = f", {spread(phases, 1)} ms" if phases else ""
        words = ", ".join(sorted({row["copies"] for row in of}))
        steps = spread([row["steps"] for row in of], 0)
        print(
            f"| {name} | {steps} | {figure('kad', 1)} | {figure('coverage', 2)} | {figure('diversity', 2)} "
            f"| {spread([row['onsets'] or 0 for row in of], 2)}{phase} | {words} |"
        )
    if done:
        for yardstick in ("floor", "ceiling"):
            found = done[0][yardstick]
            print(f"| {yardstick} | | {found['kad']:.1f} | {found['coverage']:.2f} | {found['diversity']:.2f} | | |")


def main():
    given = arguments()
    given.out.mkdir(parents=True, exist_ok=True)
    log = given.out / "rows.jsonl"
    rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    by_name = {row[0]: row for row in ROWS}
    asked = given.rows.split(",") if given.rows else list(by_name)
    unknown = [name for name in asked if name not in by_name]
    if unknown:
        sys.exit(f"error: no row is called {', '.join(unknown)}; there are {', '.join(by_name)}")
    wanted = [by_name[name] for name in asked]
    steps = pace(given, wanted) if given.paced else {}
    for seed in range(given.seeds):
        for name, preset, settings in wanted:
            if any(row["name"] == name and row["seed"] == seed for row in rows):
                continue
            rows.append(run(given, name, preset, settings, seed, steps.get(name, given.steps)))
            with log.open("a") as out:
                out.write(json.dumps(rows[-1]) + "\n")
    table(rows)


if __name__ == "__main__":
    main()
