# SPDX-License-Identifier: MIT
"""The measurements of make bench: docs/bench.md."""
