# SPDX-License-Identifier: MIT
"""What the documents show is run."""
