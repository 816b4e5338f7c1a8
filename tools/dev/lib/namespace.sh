# SPDX-License-Identifier: MIT
# Private namespaces, as root or as a user with subordinate ids. Sourced, never run.

# Explain what an unprivileged user lacks, if anything.
check_user_namespaces()
{
	local user
	user=$(id -un)

	command -v newuidmap >/dev/null && command -v newgidmap >/dev/null ||
		die "newuidmap is missing: user namespaces cannot be set up." \
		    "Ask an administrator to run:  apt-get install uidmap"
	grep -qE "^($user|$(id -u)):" /etc/subuid && grep -qE "^($user|$(id -u)):" /etc/subgid ||
		die "/etc/subuid or /etc/subgid has no line for $user." \
		    "Ask an administrator to run:  usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $user"
	unshare --user --map-root-user --map-auto true 2>/dev/null ||
		die "this kernel does not let $user create user namespaces." \
		    "Ask an administrator to run:  sysctl -w kernel.unprivileged_userns_clone=1" \
		    "(with AppArmor also:  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0), or run as root."
}

# Become a command that is root of new mount and pid namespaces; they end with it.
# The first id of the namespace is the caller, so files made in the tree belong to them.
exec_in_namespace()
{
	local user=()

	if [ "$(id -u)" != 0 ]; then
		user=(--user --map-root-user --map-auto)
	fi
	exec unshare "${user[@]}" --mount --pid --fork --kill-child "$@"
}
