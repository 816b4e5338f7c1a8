# SPDX-License-Identifier: MIT
# Paths and messages shared by the scripts of tools/dev. Sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
dev=$top/tools/dev
build=$top/build

# The tree as seen inside the build root: /src, or a copy of the tree that lies in it.
inside=/src
[ "${TESSERA_IN_ROOT:-}" != 1 ] || inside=$top

say()
{
	printf '%s\n' "$*" >&2
}

# die WHAT [ADVICE...]: one line that says what happened, then what to do about it.
die()
{
	say "error: $1"
	shift
	for line in "$@"; do
		say "       $line"
	done
	exit 1
}

# root_dir GROUP: where the build root of a package group lives.
root_dir()
{
	case $1 in
	build) echo "$build/root" ;;
	*) echo "$build/$1-root" ;;
	esac
}

# Continue this script inside the build root, if it is not there already.
inside_root()
{
	[ "${TESSERA_IN_ROOT:-}" = 1 ] || exec "$dev/enter" "$inside/tools/dev/$(basename "$0")" "$@"
}
