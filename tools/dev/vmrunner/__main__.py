# SPDX-License-Identifier: MIT
"""Entry of tools/dev/vm."""

import sys

from vmrunner.cli import main

sys.exit(main(sys.argv[1:]))
