# SPDX-License-Identifier: MIT
"""ONNX and ONNX Runtime, imported so that Debian's packages of both work in one process.

Both register the same operator schemas with the same library. ONNX Runtime aborts when it comes
first, and the one that comes second writes a thousand lines to standard error.
"""

import contextlib
import logging
import os


@contextlib.contextmanager
def _standard_error_closed():
    saved = os.dup(2)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    os.close(silent)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


with _standard_error_closed():
    import onnx.reference
    import onnxruntime
    from onnxruntime import quantization


# The quantizer advises on every model to prepare it first, which would change its operators.
logging.disable(logging.WARNING)


def session(model):
    """Return a session that runs `model` on the processor, node by node as written.

    Graph optimization stays off: ONNX Runtime's fused int8 kernels saturate on processors
    without VNNI, and then a reference would depend on the host.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Calibration(quantization.CalibrationDataReader):
    """Sets of inputs, each a dict of name to array, handed to the quantizer one after the other."""

    def __init__(self, batches):
        self._batches = iter(batches)

    def get_next(self):
        return next(self._batches, None)


def quantize(source, target, batches, activation="QInt8", per_channel=True, symmetric=False):
    """Write the quantized form of the ONNX file `source` to `target`, calibrated with `batches`.

    Activations become bytes of type `activation` with a zero point per tensor (none if
    `symmetric`), weights signed bytes without zero point and one scale per output channel or per
    tensor, biases 32-bit integers. Inputs and outputs of the model stay float.
    """
    quantization.quantize_static(
        source, target, Calibration(batches), quant_format=quantization.QuantFormat.QDQ,
        per_channel=per_channel, activation_type=quantization.QuantType[activation],
        weight_type=quantization.QuantType.QInt8,
        calibrate_method=quantization.CalibrationMethod.MinMax,
        extra_options={
            "ActivationSymmetric": symmetric,
            # Also where a model begins with an operator that only moves or selects values.
            "ForceQuantizeNoInputCheck": True,
        })
