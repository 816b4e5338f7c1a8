# SPDX-License-Identifier: MIT
"""Would the tests notice? Changes single places of the sources and runs the tests of their part."""
