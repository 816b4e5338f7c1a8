# SPDX-License-Identifier: MIT
# The Debian kernels of the build root. Sourced, never run.

kernel_versions="6.12 7.3"

# kernel_release 6.12: the full release whose headers are installed, such as 6.12.100+deb13-amd64.
kernel_release()
{
	local release

	release=$(find /lib/modules -mindepth 1 -maxdepth 1 -name "$1.*" -printf '%f\n' | sort -V | tail -n 1)
	[ -n "$release" ] ||
		die "the build root has no headers of a $1 kernel." "It has: $(ls /lib/modules | tr '\n' ' ')"
	echo "$release"
}
