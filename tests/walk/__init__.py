# SPDX-License-Identifier: MIT
"""What a vendor adds to the contract, and how many files that takes: done in a copy of the tree, built and run."""
