#!/bin/bash
# SPDX-License-Identifier: MIT
# First process of the namespaces made by enter: mount what the root needs, then become its init.
# usage: mount-root.sh ROOT TREE rw|ro FOLDER CMD [ARG...]
set -eu

root=$1 tree=$2 access=$3 folder=$4
shift 4

bind_device()
{
	if [ -e "/dev/$1" ]; then
		: >"$root/dev/$1"
		mount --bind "/dev/$1" "$root/dev/$1"
	fi
}

mount_dev()
{
	mount -t tmpfs -o mode=755 dev "$root/dev"
	for node in null zero full random urandom tty kvm fuse; do
		bind_device "$node"
	done
	mkdir "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts"
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	ln -s fd/0 "$root/dev/stdin"
	ln -s fd/1 "$root/dev/stdout"
	ln -s fd/2 "$root/dev/stderr"
}

# A user namespace may not drop the flags its parent set on the mount: repeat them.
make_read_only()
{
	local flags

	flags=$(findmnt -n -o VFS-OPTIONS --mountpoint "$root" | tail -n 1 | tr , '\n' |
		grep -E '^(nosuid|nodev|noexec|noatime|nodiratime|relatime)$' | paste -sd, -)
	mount -o "remount,bind,ro${flags:+,$flags}" "$root"
}

mount --bind "$root" "$root"
mkdir -p "$root/src"
mount --bind "$tree" "$root/src"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount_dev
for folder_in_memory in tmp run var/tmp root; do
	mount -t tmpfs -o mode=1777 tmpfs "$root/$folder_in_memory"
done
if [ "$access" = rw ]; then
	cat /etc/resolv.conf >"$root/etc/resolv.conf"
else
	make_read_only
fi
cd "$root"
# tini passes signals on to CMD; when it ends, the kernel kills whatever is left of the namespace.
exec chroot "$root" /usr/bin/env --chdir="$folder" /usr/bin/tini -g -- "$@"
