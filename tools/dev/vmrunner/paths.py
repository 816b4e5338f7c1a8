# SPDX-License-Identifier: MIT
"""Where things are, as seen inside the build root."""

from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
BUILD = TOP / "build"
GUEST = TOP / "tools/dev/guest"
IMAGES = BUILD / "guest"
LOGS = BUILD / "logs"
STAGE = BUILD / "stage"
VNPU = BUILD / "out/tools/vnpu/tessera-vnpu"
SKUS = TOP / "contract/skus"
ROOT_STAMP = BUILD / "root.stamp"
