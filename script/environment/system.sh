# shellcheck shell=bash
# System packages: installed where we may, else named in one line.

SYSTEM_PACKAGES=(
  build-essential cmake patchelf ca-certificates      # wheels without a build for Python 3.14
  espeak-ng flite libspeexdsp1                        # voices, echo cancelling
  libportaudio2 pulseaudio pulseaudio-utils libgomp1  # sound cards of the satellite
  ffmpeg sox libturbojpeg0                            # Home Assistant's own, and test sounds
  chromium fonts-noto-core                            # pictures and browser tests
  firefox-esr webkit2gtk-driver gir1.2-webkit2-4.1    # the card in other browsers
  python3-gi xvfb gstreamer1.0-plugins-good gstreamer1.0-pulseaudio
)

# Print the packages that are not there, each on a line.
missing_packages() {
  local package
  for package in "${SYSTEM_PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || echo "$package"
  done
  # Debian's own Python comes without the module that makes environments.
  python3 -c 'import ensurepip, venv' 2>/dev/null || printf '%s\n' python3 python3-venv
}

# Print how to become root without a question, or fail.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then
    echo ""
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    echo "sudo -n"
  else
    return 1
  fi
}

# Install what is missing; in CI (CI=true) what stays missing is an error.
set_up_system() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    note "no apt here: please see to ${SYSTEM_PACKAGES[*]}"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  local root
  if ! root="$(root_prefix)"; then
    note "missing system packages; tests that need them are skipped. Run:"
    note "sudo apt-get install --no-install-recommends ${missing[*]}"
    [ "${CI:-}" != true ] || refuse "CI needs these system packages: ${missing[*]}."
    return
  fi
  say "system packages: ${missing[*]}"
  install_packages "$root" "${missing[@]}" \
    || { [ "${CI:-}" != true ] || refuse "These system packages could not be installed: ${missing[*]}."; }
}

install_packages() {
  local root="$1"
  shift
  # shellcheck disable=SC2086  # an empty prefix must vanish
  $root apt-get update -qq \
    && patiently $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    || { note "could not install them; run: sudo apt-get install --no-install-recommends $*"; return 1; }
}
