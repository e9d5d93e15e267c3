# shellcheck shell=bash
# How the scripts speak: one line for each step, one sentence for each refusal.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
refuse() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
