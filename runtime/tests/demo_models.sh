#!/bin/sh
# SPDX-License-Identifier: MIT
# The demo's int8 model gives the logits of the oracle for all test pictures, bit for bit.
# usage: demo_models.sh TESSERA-RUN-NATIVE INT8-ORACLE PYTHON
set -eu

run=$1 oracle=$2 python=$3
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" "$top/training/dataset.py" "$folder/pictures.npy"
"$run" "$top/models/fashion_mnist_int8.onnx" --input "$folder/pictures.npy" --batch 100 \
	--output "$folder/int8.npy"
"$python" "$top/training/int8_oracle/verify.py" "$folder/int8.npy" --oracle "$oracle"
echo "1..1"
echo "ok 1 - the logits of all test pictures are the oracle's"
