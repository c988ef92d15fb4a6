#!/usr/bin/env bash
# Clew on a sample folder: ingest it, ask three questions, say how to open the page.
set -euo pipefail
folder=${1:?usage: demo.sh FOLDER}
PATH="$(cd "$(dirname "$0")/.." && pwd)/.venv/bin:$PATH"
index=$(mktemp -d)
trap 'rm -rf "$index"' EXIT

show() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

show ingest "$folder"
# Exit code 3 says: done, with losses, which were listed.
ingest "$folder" --index "$index" || [ $? -eq 3 ]

questions=(
  "Who will be managing director of Orrin Sound Ferries from April 2026?"
  "How much energy do the batteries of the Petrel hold?"
  "海燕号的电池能储存多少电？"
)
for question in "${questions[@]}"; do
  show clew ask "$question"
  clew ask "$question" --index "$index" || [ $? -eq 4 ]
done

printf '\nOpen the chat page on this folder, or on one of your own:\n  .venv/bin/clew chat %s\n' "$folder"
