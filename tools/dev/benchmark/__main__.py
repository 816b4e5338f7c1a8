# SPDX-License-Identifier: MIT
"""Entry of tools/dev/bench."""

import sys

from benchmark.cli import main

sys.exit(main(sys.argv[1:]))
