#!/bin/sh
# Installs, as root, what the grader needs into /opt/grader, and the grader if it lies beside this
# file. It needs the network; grading does not.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
packages="bubblewrap util-linux"
python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
# shellcheck disable=SC2086 # one word per package
apt-get install -qq -y $packages >/dev/null

# uv takes Python 3.11 or newer from the system, or fetches one. torch without CUDA is a tenth of
# its size; on a machine with a GPU, say TORCH_BACKEND=auto.
export UV_PYTHON_INSTALL_DIR=/opt/python UV_CACHE_DIR=/tmp/uv-cache UV_COMPILE_BYTECODE=1
python3 -m venv /opt/uv
/opt/uv/bin/python -m pip install --quiet uv
/opt/uv/bin/uv venv --quiet --python '>=3.11' /opt/grader
/opt/uv/bin/uv pip install --quiet --python /opt/grader \
  --torch-backend "${TORCH_BACKEND:-cpu}" --requirements "$here/requirements.txt"
for wheel in "$here"/*.whl; do
  [ ! -e "$wheel" ] || /opt/uv/bin/uv pip install --quiet --python /opt/grader --no-deps "$wheel"
done
rm -rf /tmp/uv-cache
