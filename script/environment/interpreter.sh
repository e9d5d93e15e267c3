# shellcheck shell=bash
# uv and a Python that Home Assistant accepts (3.14.2 or newer of 3.14).

UV_VERSION=0.13.9
PYTHON_SERIES=3.14
# Debian's suite that carries it, for machines that cannot reach uv's own builds.
DEBIAN_SUITE=forky
DEBIAN_PACKAGES=(
  python3.14 python3.14-minimal libpython3.14 libpython3.14-minimal libpython3.14-stdlib
  libpython3.14-dev python3.14-dev libc6 libssl3t64 libexpat1 zlib1g libbz2-1.0 libffi8 liblzma5
  libsqlite3-0 libuuid1 libzstd1 libncursesw6 libtinfo6 libreadline8t64 libgcc-s1 libstdc++6
  libdb5.3t64
)

set_up_uv() {
  [ "$("$UV" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ] || return 0
  say "uv $UV_VERSION"
  python3 -m venv --clear "$CACHE/uv" \
    || refuse "Python 3 with its venv module is needed to start with: apt-get install python3-venv."
  "$CACHE/uv/bin/python" -m pip install --quiet "uv==$UV_VERSION" \
    || refuse "uv $UV_VERSION could not be installed from the package index."
}

# Tell whether $1 is a Python that Home Assistant accepts.
accepts_python() {
  [ -x "$1" ] && "$1" -c 'import sys, ssl, sqlite3; sys.exit(not (3, 14, 2) <= sys.version_info[:3] < (3, 15))' 2>/dev/null
}

# Print the interpreter's real place: through a link it would not find its library.
base_python() { readlink -f "$PYTHON_LINK"; }

set_up_python() {
  ! accepts_python "$(base_python)" || return 0
  say "Python $PYTHON_SERIES"
  local found
  found="$(find_python || download_python || unpack_debian_python)" \
    || refuse "No Python 3.14.2 or newer of 3.14 was found, nor could one be fetched; install python3.14 and run this again."
  ln -sfn "$found" "$PYTHON_LINK"
  note "$("$found" --version)"
}

find_python() {
  local found
  for found in "$(command -v python3.14)" "$("$UV" python find --no-project $PYTHON_SERIES 2>/dev/null)"; do
    if accepts_python "$found"; then
      "$found" -c 'import os, sys; print(os.path.realpath(sys.executable))'
      return
    fi
  done
  return 1
}

download_python() {
  note "asking uv for a build" >&2
  UV_PYTHON_DOWNLOADS=automatic UV_HTTP_RETRIES=0 timeout 120 \
    "$UV" python install --quiet --no-bin $PYTHON_SERIES >&2 2>/dev/null || return 1
  find_python
}

# Unpack Debian's packages into a prefix of our own and print the interpreter in it.
unpack_debian_python() {
  local tool work loader python
  for tool in apt-get dpkg-deb patchelf; do
    command -v $tool >/dev/null || { note "$tool is missing" >&2; return 1; }
  done
  note "taking Debian's packages of $DEBIAN_SUITE" >&2
  work="$CACHE/debian-packages"
  rm -rf "$work" "$PYTHON_PREFIX"
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$PYTHON_PREFIX"
  fetch_debian_packages "$work" >&2 || return 1
  local package
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$PYTHON_PREFIX"; done
  python="$PYTHON_PREFIX/usr/bin/python$PYTHON_SERIES"
  loader="$(find "$PYTHON_PREFIX" -name "$(basename "$(patchelf --print-interpreter "$python")")" | head -n 1)"
  # An rpath (not a runpath) also serves the libraries that extension modules ask for.
  patchelf --set-interpreter "$loader" --force-rpath \
    --set-rpath "$(dirname "$(find "$PYTHON_PREFIX" -name 'libc.so.6' | head -n 1)")" "$python" || return 1
  rm -rf "$work"
  accepts_python "$python" && echo "$python"
}

fetch_debian_packages() {
  local work="$1" options
  debian_source > "$work/sources.list"
  [ -s "$work/sources.list" ] || { note "no Debian source is set up here"; return 1; }
  options=(-qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User="$(id -un)")
  apt-get "${options[@]}" update && (cd "$work" && apt-get "${options[@]}" download "${DEBIAN_PACKAGES[@]}")
}

# Print this machine's own Debian source with the other suite in place of its own.
debian_source() {
  local codename
  codename="$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}")"
  [ -n "$codename" ] || return 0
  {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null \
      | awk -v own="$codename" '$1 == "deb" { for (i = 2; i < NF; i++) if ($(i + 1) == own) print $i }'
    awk -v own="$codename" '/^URIs:/ { uri = $2 } /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == own) print uri }' \
      /etc/apt/sources.list.d/*.sources 2>/dev/null
  } | head -n 1 | sed "s|^|deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |; s|\$| $DEBIAN_SUITE main|"
}
