# SPDX-License-Identifier: MIT
"""Entry of tools/dev/mutate."""

import sys

from mutation.cli import main

sys.exit(main(sys.argv[1:]))
