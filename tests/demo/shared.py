# SPDX-License-Identifier: MIT
"""What these tests need of the demo."""

import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path += [str(TOP / folder) for folder in ("tools/dev", "training", "training/int8_oracle")]

import numpy  # noqa: E402
from demonstration import guest, host, places  # noqa: E402, F401
