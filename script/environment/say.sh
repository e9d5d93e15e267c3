# shellcheck shell=bash
# How the scripts speak: one line for each step, one sentence for each refusal.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
refuse() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Run a command that may take minutes in silence, and show every 15 s that time passes.
patiently() {
  local code=0 beat
  (
    # The lock of script/setup and the terminal belong to the command, not to a last sleep.
    while sleep 15 >/dev/null 2>&1 9>&- && kill -0 $$ 2>/dev/null; do note "… $SECONDS s"; done
  ) 9>&- &
  beat=$!
  "$@" || code=$?
  kill "$beat" 2>/dev/null
  wait "$beat" 2>/dev/null || true
  return "$code"
}
