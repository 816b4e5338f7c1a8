# SPDX-License-Identifier: MIT
"""Entry: python3 -m layers, in tests/."""

import sys

from layers.cli import main

sys.exit(main(sys.argv[1:]))
