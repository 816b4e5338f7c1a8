# SPDX-License-Identifier: MIT
"""Runs the test suites and adds up what they report."""
