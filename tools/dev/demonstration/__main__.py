# SPDX-License-Identifier: MIT
"""Entry of tools/dev/demo."""

import sys

from demonstration.cli import main

sys.exit(main(sys.argv[1:]))
