"""The runner of commands as on a processor with AVX2 and nothing newer."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from benchmarks.speed import avx2_only
from tests.tools import missing, needed

PAIR = 2 * 255 * 127
"""What two of the products are together: more than fits in 16 bits with a sign."""
ASKED = """
import json
import numpy as np
import onnxruntime
from onnx import TensorProto, helper

product = helper.make_node("MatMulInteger", ["inputs", "matrix"], ["sums"])
inputs = helper.make_tensor_value_info("inputs", TensorProto.UINT8, [2, 2])
sums = helper.make_tensor_value_info("sums", TensorProto.INT32, [2, 2])
weights = helper.make_tensor("matrix", TensorProto.INT8, [2, 2], [127] * 4)
graph = helper.make_graph([product], "", [inputs], [sums], [weights])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
flags = open("/proc/cpuinfo", encoding="utf-8").read()
print(json.dumps([int(session.run(None, {"inputs": np.full((2, 2), 255, np.uint8)})[0][0, 0]), "vnni" in flags]))
"""


def test_a_command_runs_as_on_a_processor_without_dot_products(tmp_path: Path) -> None:
    """A sum of two products saturates, as it does where VNNI is missing, and the processor's flags have no VNNI."""
    if platform.machine() != "x86_64" or sys.platform != "linux":
        missing("what is left out are units of an x86-64 processor under Linux")
    for program in ("gcc", "objdump"):
        needed(program, "--version", package="gcc binutils")
    surroundings = avx2_only.environment(avx2_only.prepare(tmp_path), os.environ)
    command = [sys.executable, "-c", ASKED]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    total, has_vnni = json.loads(done.stdout)
    assert total < PAIR
    assert not has_vnni
