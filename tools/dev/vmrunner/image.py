# SPDX-License-Identifier: MIT
"""The guest's kernel, initramfs, root image and payload, under build/guest."""

import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from vmrunner import paths, stamp
from vmrunner.status import SETUP, RunError

MODULE_LIST = paths.GUEST / "modules"
PAYLOAD_LIFETIME = 24 * 3600


def release_of(version):
    """The full release of the installed kernel image of a version such as 6.12."""
    images = sorted(Path("/boot").glob(f"vmlinuz-{version}.*"))
    if not images:
        raise RunError(SETUP, f"the build root has no kernel image of Linux {version}")
    return images[-1].name.removeprefix("vmlinuz-")


def releases():
    """The full releases of all installed kernel images, oldest first."""
    return [path.name.removeprefix("vmlinuz-") for path in sorted(Path("/boot").glob("vmlinuz-*"))]


def unpack_bzimage(image):
    """The ELF kernel inside a bzImage (Documentation/arch/x86/boot.rst): QEMU boots it faster."""
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    payload = image[start:start + length]
    if payload.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        return unpack_zstd(payload)
    raise RunError(SETUP, "the kernel image is compressed in a way that is not known here")


def unpack_zstd(payload):
    """The kernel's length follows the compressed data, which zstd complains about."""
    unpacked = subprocess.run(["zstd", "-dcq"], input=payload, capture_output=True, check=False).stdout
    length = int.from_bytes(payload[-4:], "little")
    if len(unpacked) != length:
        raise RunError(SETUP, f"the kernel image unpacks to {len(unpacked)} bytes, not {length}")
    return unpacked


def vmlinux(release):
    """The uncompressed kernel."""
    source = Path(f"/boot/vmlinuz-{release}")

    def make(path):
        path.write_bytes(unpack_bzimage(source.read_bytes()))

    return stamp.ensure(paths.IMAGES / f"vmlinux-{release}", stamp.digest(release), make)


def listed_modules(section):
    """The names in one [section] of the module list."""
    names, current = [], None
    for line in MODULE_LIST.read_text().splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif current == section and not line.startswith("#"):
            names += line.split()
    return names


def module_files(release, names):
    """Module files in load order, with dependencies; what is built in has none."""
    files = []
    for name in names:
        shown = subprocess.run(["modprobe", "-D", "-S", release, name],
                               capture_output=True, text=True, check=False)
        if shown.returncode:
            raise RunError(SETUP, f"Linux {release} has no module {name}: {shown.stderr.strip()}")
        for line in shown.stdout.splitlines():
            words = line.split()
            if words[0] == "insmod" and Path(words[1]) not in files:
                files.append(Path(words[1]))
    return files


def copy_module(source, target):
    """Unpacked, because unpacking is slow in an emulated guest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".xz":
        target.with_suffix("").write_bytes(lzma.decompress(source.read_bytes()))
    else:
        shutil.copy(source, target)


def fill_initramfs(folder, release):
    """Everything the first process needs, as files of a folder."""
    (folder / "bin").mkdir()
    (folder / "guest").mkdir()
    (folder / "dev").mkdir()
    shutil.copy("/usr/bin/busybox", folder / "bin/busybox")
    shutil.copy(paths.GUEST / "init", folder / "init")
    for name in ("run", "load-module"):
        shutil.copy(paths.GUEST / name, folder / "guest" / name)
    files = module_files(release, listed_modules("boot"))
    for file in files:
        copy_module(file, folder / "modules" / file.name)
    order = [file.name.removesuffix(".xz") for file in files]
    (folder / "modules/order").write_text("".join(f"{name}\n" for name in order))


def pack_cpio(folder, target):
    """The archive format the kernel unpacks."""
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*"))]
    with open(target, "wb") as output:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet", "-R", "0:0"], cwd=folder, stdout=output,
                       input="\n".join(names).encode(), check=True)


def initramfs(release):
    """The small initramfs that mounts the root image."""
    sources = [paths.GUEST / name for name in ("init", "run", "load-module", "modules")]

    def make(path):
        with tempfile.TemporaryDirectory() as folder:
            fill_initramfs(Path(folder), release)
            pack_cpio(Path(folder), path)

    return stamp.ensure(paths.IMAGES / f"initramfs-{release}", stamp.digest(release, *sources), make)


def fill_module_tree(folder, release):
    """/lib/modules/RELEASE with the listed modules only."""
    base = Path(f"/usr/lib/modules/{release}")
    for file in module_files(release, listed_modules("root")):
        relative = file.resolve().relative_to(base)
        copy_module(file, folder / base.relative_to("/") / relative)
    for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
        shutil.copy(base / name, folder / base.relative_to("/") / name)
    subprocess.run(["depmod", "-b", folder / "usr", release], check=True)


def pack_root(folder, target):
    """The build root without what a guest never uses, plus the module tree, as one erofs image."""
    exclude = paths.GUEST / "root-exclude"
    tar = target.with_suffix(".tar")
    subprocess.run(["tar", "-c", "-f", tar, "-C", "/", "--one-file-system", "--exclude-from", exclude, "."],
                   check=True)
    subprocess.run(["tar", "-r", "-f", tar, "-C", folder, "./usr"], check=True)
    subprocess.run(["mkfs.erofs", "--quiet", "--tar=f", target, tar], check=True)
    tar.unlink()


def root(release):
    """The guest's root image, made once for each build root."""
    name = stamp.digest(release, paths.ROOT_STAMP, MODULE_LIST, paths.GUEST / "root-exclude")

    def make(path):
        with tempfile.TemporaryDirectory() as folder:
            fill_module_tree(Path(folder), release)
            pack_root(Path(folder), path)

    return stamp.ensure(paths.IMAGES / f"root-{release}.erofs", name, make)


def payload_entry(path):
    """What identifies a file; installing makes links anew every time, and so changes their and their folders' times."""
    state = path.lstat()
    if path.is_symlink():
        return f"{state.st_mode} {path.readlink()}"
    if path.is_dir():
        return f"{state.st_mode}"
    return f"{state.st_mode} {state.st_size} {state.st_mtime_ns}"


def payload_name(folder):
    """Changes whenever a file of the payload does."""
    return stamp.digest(*(f"{path.relative_to(folder)} {payload_entry(path)}" for path in sorted(folder.rglob("*"))))


def forget_old_payloads(keep):
    """A running guest keeps its deleted image open, so age is the only question."""
    for path in paths.IMAGES.glob("payload-*"):
        if keep not in path.name and time.time() - path.stat().st_mtime > PAYLOAD_LIFETIME:
            path.unlink(missing_ok=True)


def payload(folder):
    """The image mounted at /opt/tessera, made from a folder."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise RunError(SETUP, f"there is no payload folder {folder}; make it with: make build")
    name = payload_name(folder)

    def make(path):
        subprocess.run(["mkfs.erofs", "--quiet", "--all-root", path, folder], check=True)

    forget_old_payloads(name)
    image = stamp.ensure(paths.IMAGES / f"payload-{name}.erofs", name, make)
    os.utime(image)
    return image
