# SPDX-License-Identifier: MIT
# Fills the 16 elements of slot 0 with 1.0 in fp32, and then makes them negative. No size and no
# checksum is given: tessera-objdump --assemble computes them.
program engines=6 slot_count=1 node_count=2 edge_count=1 nodes=128 edges=256 streams=264
  streams_size=376 ops=32
edges 1

node 0 engine=DMA succ_count=1 stream_size=56 ops=16
  FILL
    size=64 value=0x3f800000 width=4
    dst slot=0

node 1 engine=TENSOR pred_count=1 succ_first=1 stream=56 stream_size=320 ops=16
  VECTOR
    d slot=0 type=FP32 rank=1 dim=16 stride=1
    step block=16
    post insns=1 inputs=1 result=5
    post.in[0] slot=0 type=FP32 rank=1 dim=16 stride=1
    post.code[0] op=NEG type=F32 dst=5
