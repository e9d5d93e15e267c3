# shellcheck shell=bash
# The two locked Python environments and the card's packages, each stamped by its lock.

# Print one hash for the given files and words.
stamp_of() { { printf '%s\n' "$1"; shift; cat "$@"; } | sha256sum | cut -d' ' -f1; }

set_up_environment() {
  local name="$1" home="$CACHE/$1" lock="$ROOT/requirements/$1.txt" stamp
  stamp="$(stamp_of "$(base_python)" "$lock" "$ROOT/requirements/build.txt")"
  [ "$(cat "$home/.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  say "environment $name ($(grep -c '^[a-zA-Z0-9].*==' "$lock") packages)"
  [ -x "$home/bin/python" ] && accepts_python "$home/bin/python" \
    || "$UV" venv --quiet --clear --python "$(base_python)" "$home" || refuse "The environment $name could not be made."
  patiently "$UV" pip sync --quiet --python "$home/bin/python" --require-hashes \
    --build-constraints "$ROOT/requirements/build.txt" "$lock" \
    || refuse "The packages of the environment $name could not be installed."
  echo "$stamp" > "$home/.stamp"
}

# The satellite's packages run from the checkout.
link_satellite() {
  echo "$ROOT/satellite" > "$("$PY_SATELLITE" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/waifu_satellite.pth"
}

set_up_card() {
  local card="$ROOT/lovelace" stamp
  [ -f "$card/package-lock.json" ] || return 0
  command -v npm >/dev/null || { note "no npm here: the card is neither built nor tested. Node 20 or newer is needed"; return 0; }
  stamp="$(stamp_of "$(node --version)" "$card/package-lock.json")"
  [ "$(cat "$card/node_modules/.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  say "the card's packages"
  (cd "$card" && patiently npm ci --no-audit --no-fund --loglevel=error) || refuse "The card's packages could not be installed."
  echo "$stamp" > "$card/node_modules/.stamp"
}
