#!/usr/bin/env bash
# Clew on a sample folder: ingest it, ask the questions in FOLDER.questions.txt, say how to open the page.
set -euo pipefail
folder=${1:?usage: demo.sh FOLDER}
PATH="$(cd "$(dirname "$0")/.." && pwd)/.venv/bin:$PATH"
index=$(mktemp -d)
trap 'rm -rf "$index"' EXIT

show() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

show ingest "$folder"
# Exit code 3 says: done, with losses, which were listed.
ingest "$folder" --index "$index" || [ $? -eq 3 ]

while IFS= read -r question; do
  show clew ask "$question"
  clew ask "$question" --index "$index" </dev/null || [ $? -eq 4 ]
done <"$folder.questions.txt"

printf '\nOpen the chat page on this folder, or on one of your own:\n  .venv/bin/clew chat %s\n' "$folder"
