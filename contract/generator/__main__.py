# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Entry of contract/generate."""

import sys

from generator.cli import main

sys.exit(main(sys.argv[1:]))
