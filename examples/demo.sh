#!/usr/bin/env bash
# Clew on a sample folder: ingest it, ask the questions in FOLDER.questions.txt, say how to open the page.
set -euo pipefail
folder=${1:?usage: demo.sh FOLDER}
unset CLEW_INDEX  # the index lies in the sample folder, where the chat page finds it
PATH="$(cd "$(dirname "$0")/.." && pwd)/.venv/bin:$PATH"

show() { printf '\n\033[1m$ %s\033[0m\n' "$1"; }

show "ingest $folder"
# Exit code 3 says: done, with losses, which were listed.
ingest "$folder" || [ $? -eq 3 ]

show "cd $folder"
while IFS= read -r question; do
  show "clew ask \"$question\""
  (cd "$folder" && clew ask "$question" </dev/null) || [ $? -eq 4 ]
done <"$folder.questions.txt"

printf '\nOpen the chat page on this folder, or on one of your own:\n  .venv/bin/clew chat %s\n' "$folder"
