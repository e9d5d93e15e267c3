# shellcheck shell=bash disable=SC2034  # sourced: every name here is for its reader
# Where the environments of this repository live. Source it: . script/environment/paths.sh

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/waifu-rt3d"

UV="$CACHE/uv/bin/uv"
PYTHON_PREFIX="$CACHE/python-debian" # unpacked Debian packages, when uv cannot fetch a Python
PYTHON_LINK="$CACHE/python3.14"      # the interpreter that the environments were made with

ENV_COMPONENT="$CACHE/component"
ENV_SATELLITE="$CACHE/satellite"
PY_COMPONENT="$ENV_COMPONENT/bin/python"
PY_SATELLITE="$ENV_SATELLITE/bin/python"

# A miss must fail at once: pyenv's shims and slow mirrors are not ours to wait for.
export UV_PYTHON_DOWNLOADS=never
export UV_PYTHON_INSTALL_DIR="$CACHE/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Where compiled modules are not kept, each start of Home Assistant compiles all of it: ten seconds.
unset PYTHONDONTWRITEBYTECODE

# Wheels without a build for 3.14 compile against the private Python's own headers.
if [ -d "$PYTHON_PREFIX/usr/include" ]; then
  export CPATH="$PYTHON_PREFIX/usr/include${CPATH:+:$CPATH}"
fi
