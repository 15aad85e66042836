#!/usr/bin/env bash
# One GAN step here against the same networks in Keras on TensorFlow's CPU build, as ratios (below 1: faster here).
# Keras does it in both orders: the networks in turn, as here, and both at once from one pass of the discriminator.
#
#   benches/peers/gan_step.sh [PYTHON]      PYTHON has tensorflow-cpu; default python3
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-python3}
cargo build --release --example gan_step

median() { sort -g | sed -n 2p; }

printf '%-12s %6s %10s %16s %7s %16s %7s\n' model batch 'here s' 'keras in turn s' ratio 'keras at once s' ratio
for case in "djset-3 8" "djset-3 32" "training-4 8" "training-4 32"; do
    read -r model batch <<<"$case"
    ours=() in_turn=() at_once=()
    for _ in 1 2 3; do
        ours+=("$(target/release/examples/gan_step "$model" "$batch" 8)")
        in_turn+=("$("$python" benches/peers/gan_step.py "$model" "$batch" 8 in-turn)")
        at_once+=("$("$python" benches/peers/gan_step.py "$model" "$batch" 8 at-once)")
    done
    a=$(printf '%s\n' "${ours[@]}" | median)
    b=$(printf '%s\n' "${in_turn[@]}" | median)
    c=$(printf '%s\n' "${at_once[@]}" | median)
    printf '%-12s %6s %10s %16s %7s %16s %7s\n' "$model" "$batch" "$a" "$b" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")" \
        "$c" "$(awk "BEGIN { printf \"%.2f\", $a / $c }")"
done
