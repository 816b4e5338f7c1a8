#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Write a header of HAVE_* macros: one per probe that compiles.
# usage: probe.sh HEADER COMPILE-COMMAND PROBE.c...
set -eu

header=$1
compile=$2
shift 2

mkdir -p "$(dirname "$header")"
{
	echo "/* Made by probe.sh: what the kernel's headers offer. */"
	for probe in "$@"; do
		name=$(basename "$probe" .c | tr '[:lower:]' '[:upper:]')
		if $compile -fsyntax-only "$probe" >"$header.log" 2>&1; then
			echo "#define HAVE_$name 1"
		fi
	done
} >"$header.tmp"
rm -f "$header.log"
mv "$header.tmp" "$header"
