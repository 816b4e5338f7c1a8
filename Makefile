# SPDX-License-Identifier: MIT
# Front door. Everything real happens in tools/dev, inside the build root.

enter := tools/dev/enter
PREFIX ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: help root build modules modules-7.3 firmware demo check check-long bench install train clean distclean

help:
	@echo 'Tessera. Everything is built and run in a Debian 13 root under build/, made on first use.'
	@echo
	@echo '  make demo         classify the test pictures on the virtual NPU in a guest'
	@echo '  make check        run every test'
	@echo '  make check-long   those tests too that take too long for each change'
	@echo '  make bench        measure'
	@echo '  make build        build userspace, firmware, virtual NPU and module (Linux 6.12, 7.3)'
	@echo '  make modules      build tessera.ko for the stock Debian 13 kernel'
	@echo '  make modules-7.3  build tessera.ko for the kernel of trixie-backports'
	@echo '  make firmware     build and sign the firmware image'
	@echo '  make install      install userspace to DESTDIR and PREFIX (default /usr/local)'
	@echo '  make train        train and quantize the demo network again (PyTorch, own root)'
	@echo '  make clean        remove what was built, keep the build roots'
	@echo '  make distclean    remove build/ with the roots'
	@echo
	@echo '  V=1 shows the output of every step; logs are in build/logs.'

root:
	@tools/dev/root

build: root
	@tools/dev/build

modules: root
	@tools/dev/build modules 6.12

modules-7.3: root
	@tools/dev/build modules 7.3

firmware: root
	@tools/dev/build firmware

# The demo's duration counts from here.
demo: export TESSERA_STARTED := $(shell date +%s)
demo: build
	@$(enter) tools/dev/demo

check: build
	@tools/dev/check

check-long: build
	@tools/dev/check --long

bench: build
	@$(enter) tools/dev/bench

install: root
	@tools/dev/install-tree $(PREFIX)
	@mkdir -p "$(DESTDIR)/" && cp -a build/install-tree/. "$(DESTDIR)/"

train:
	@tools/dev/root --group train
	@$(enter) --train training/run

clean:
	@rm -rf build/out build/kernel build/stage build/install build/install-tree build/out-install build/guest
	@rm -rf build/logs build/*.json

distclean: clean
	@tools/dev/root --remove
	@tools/dev/root --group train --remove
	@rm -rf build
