# SPDX-License-Identifier: MIT
"""QEMU's command line for a guest."""

import json

from vmrunner import tsc

KERNEL_ARGUMENTS = (
    "console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check nokaslr mitigations=off "
    "cryptomgr.notests rcupdate.rcu_expedited=1 random.trust_cpu=on audit=0 apparmor=0 "
    "i8042.noaux=1 i8042.nokbd=1 rdinit=/init log_buf_len=4M printk.devkmsg=on "
    # The kernel's watchdogs count seconds, in which an emulated CPU of a loaded host may not run at all.
    "watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=300 "
    "sysctl.kernel.hung_task_timeout_secs=600 "
    # Linux patches its code while it boots. QEMU's TCG can keep the translation of a breakpoint that one CPU has
    # already replaced, when another CPU translates just then: so it boots with one, and /init starts the others.
    "maxcpus=1 noreplace-smp "
    # No test wants random numbers from jitter, and trying that source takes a third of a second of emulation.
    "initcall_blacklist=jent_mod_init"
)
# QEMU takes a device for gone that has not answered for so long, by default five seconds. On a loaded host a virtual
# NPU may not run for as long; one that ends closes its socket, which is noticed at once.
ANSWER_MILLISECONDS = 600_000
PORTS = ("status", "output", "klog")


def accelerator(accel, icount):
    """TCG counts instructions only with one thread; sleep stays on because the NPU answers in real time."""
    if icount:
        return ["-accel", "tcg,thread=single", "-icount", "shift=0", "-cpu", "max"]
    if accel == "kvm":
        return ["-accel", "kvm", "-cpu", "host"]
    # Without the fifth level of page tables: each miss of the emulated TLB walks all of them.
    return ["-accel", "tcg,thread=multi", "-cpu", "max,la57=off"]


def timers(accel, icount):
    """
    QEMU goes on to emulate the periodic timers that a kernel starts with, 250 times a second each, on processors
    that compute for guests. A kernel needs them if it has to measure the frequency of its time-stamp counter.
    """
    is_told = accel == "tcg" and not icount and tsc.kernel_arguments()
    return ",pit=off,hpet=off" if is_told else ""


def machine(accel, icount, smp, memory, iommu):
    """Guest memory is a shared memfd, so that the virtual NPU can map it."""
    name = "q35,memory-backend=mem" + (",kernel-irqchip=split" if iommu and accel == "kvm" else "")
    name += timers(accel, icount)
    arguments = ["-M", name, "-object", f"memory-backend-memfd,id=mem,size={memory},share=on", "-m", memory,
                 "-smp", str(smp), *accelerator(accel, icount),
                 "-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio"]
    if iommu:
        arguments += ["-device", "intel-iommu,intremap=on,caching-mode=on"]
    return arguments


def disk(name, path):
    """A read-only image as a virtio disk."""
    return ["-drive", f"if=none,id={name},file={path},format=raw,readonly=on",
            "-device", f"virtio-blk-pci,drive={name}"]


def port(name, guest_name, path):
    """A named serial port of the guest, connected to a socket the host listens on."""
    return ["-chardev", f"socket,id={name},path={path}",
            "-device", f"virtserialport,chardev={name},name={guest_name}"]


def npu(unit):
    """A virtual NPU behind its own root port, and its control socket as a port of the guest."""
    index = unit.index
    device = {"driver": "vfio-user-pci", "id": f"npu{index}", "bus": f"rp{index}",
              "socket": {"type": "unix", "path": str(unit.socket)}, "x-msg-timeout": ANSWER_MILLISECONDS}
    return ["-device", f"pcie-root-port,id=rp{index},chassis={index + 1},slot={index + 1},pref64-reserve=128M",
            "-device", json.dumps(device),
            *port(f"control{index}", f"tessera.npu{index}.control", unit.control)]


def caller_ports(options):
    """Ports whose host end is the caller's, given as NAME=SOCKET."""
    arguments = []
    for number, text in enumerate(options.port):
        name, _, path = text.partition("=")
        arguments += port(f"caller{number}", name, path)
    return arguments


def share(folder):
    """A folder of the host the guest may write to."""
    return ["-fsdev", f"local,id=share,path={folder},security_model=none,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=share,mount_tag=share"]


def kernel_arguments(options):
    """The guest's kernel command line."""
    words = [KERNEL_ARGUMENTS]
    if not options.icount:
        words += tsc.kernel_arguments()
    words.append(f"kfence.sample_interval={0 if options.icount else 100}")
    if options.debug:
        words.append("slab_debug=FZPU page_owner=on init_on_free=1")
    if options.share:
        words.append("tessera.share")
    if options.unload:
        words.append("tessera.unload")
    if options.iommu:
        words.append("intel_iommu=on iommu.strict=1")
    return " ".join(words + options.append)


def command(options, accel, images, npus, sockets):
    """The whole command line. images: kernel, initramfs, root, payload; sockets: path by port name."""
    arguments = ["qemu-system-x86_64",
                 *machine(accel, options.icount, options.smp, options.memory, options.iommu),
                 *disk("root", images.root), *disk("payload", images.payload),
                 "-device", "virtio-serial-pci,max_ports=31"]
    for name in PORTS:
        arguments += port(name, f"tessera.{name}", sockets[name])
    for unit in npus:
        arguments += npu(unit)
    arguments += caller_ports(options)
    if options.share:
        arguments += share(options.share)
    if not options.allow_reboot:
        arguments += ["-no-reboot"]
    return arguments + ["-kernel", str(images.kernel), "-initrd", str(images.initramfs),
                        "-append", kernel_arguments(options)]
