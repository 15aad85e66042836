#!/usr/bin/env bash
# One GAN step here against the same networks in Keras on TensorFlow's CPU build, in turn, as ratios (below 1: faster here).
#
#   benches/peers/gan_step.sh [PYTHON]      PYTHON has tensorflow-cpu; default python3
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-python3}
cargo build --release --example gan_step
printf '%-12s %6s %10s %10s %7s\n' model batch 'here s' 'keras s' ratio
for case in "djset-3 8" "djset-3 32" "training-4 8" "training-4 32"; do
    read -r model batch <<<"$case"
    ours=() theirs=()
    for _ in 1 2 3; do
        ours+=("$(target/release/examples/gan_step "$model" "$batch" 8)")
        theirs+=("$("$python" benches/peers/gan_step.py "$model" "$batch" 8)")
    done
    a=$(printf '%s\n' "${ours[@]}" | sort -g | sed -n 2p)
    b=$(printf '%s\n' "${theirs[@]}" | sort -g | sed -n 2p)
    printf '%-12s %6s %10s %10s %7s\n' "$model" "$batch" "$a" "$b" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
done
