#!/bin/bash
# One part of a study for each core of this machine, by GNU parallel.
#
#   ./parallel.sh 8 sweep scenario.yaml --vary region.zones=2..8 --csv > answer.csv
set -euo pipefail

planner=${PLANNER:-planner}
parts=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seq "$parts" | parallel --quote --halt now,fail=1 --results "$folder/{}/" \
  "$planner" "$@" --workers 1 --shard "{}/$parts" > /dev/null
"$planner" merge "$folder"/*/stdout
