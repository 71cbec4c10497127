"""Makes an exported encoder smaller and quicker: matrices in blocks of 8-bit numbers, the word table in half precision.

Each block of ``BLOCK`` weights has a scale of its own, and at question time each block of the input gets one as
well, so an outlier spoils its own block and not the whole matrix, and a text's vector does not depend on its batch.
"""

from typing import Any

import numpy as np

from askdoc.embedder.exported import WEIGHTS

BLOCK = 64
"""Weights under one scale. 32 is slower; 128 is hardly quicker and moves the vectors twice as far (docs/speed.md)."""
BITS = 8
TABLE = 1 << 20
"""A table of so many numbers or more, from which rows are gathered, is kept in half precision."""

def plain(model: bytes) -> dict[str, bytes]:
    """The files of an encoder that keeps every number."""
    return {"encoder.onnx": model, WEIGHTS: b""}


def packed(model: bytes) -> dict[str, bytes]:
    """The files of the packed encoder by name, from the bytes of an ONNX model."""
    import onnx

    proto = onnx.load_from_string(model)
    graph = proto.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in constants:
            nodes.append(_blocks(graph, node, constants[node.input[1]]))
        elif node.op_type == "Gather" and _large(constants.get(node.input[0])):
            nodes += _half(node)
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    proto.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    return _split(proto)


def _large(tensor: Any) -> bool:
    return tensor is not None and int(np.prod(tensor.dims)) >= TABLE


def _blocks(graph: Any, node: Any, tensor: Any) -> Any:
    """The product with a matrix in blocks, in place of a product with the matrix."""
    from onnx import helper, numpy_helper

    matrix = numpy_helper.to_array(tensor)
    numbers, scales = quantised(matrix)
    names = [f"{tensor.name}.blocks", f"{tensor.name}.scales"]
    graph.initializer.extend(map(numpy_helper.from_array, (numbers, scales), names))
    rows, columns = matrix.shape
    return helper.make_node(
        "MatMulNBits", [node.input[0], *names], node.output, node.name, domain="com.microsoft",
        K=rows, N=columns, bits=BITS, block_size=BLOCK, accuracy_level=4,
    )  # fmt: skip


def quantised(matrix: Any) -> tuple[Any, Any]:
    """Numbers from 1 to 255 about 128, uint8 (columns, blocks, BLOCK), and scales, float32 (columns, blocks)."""
    rows, columns = matrix.shape
    blocks = -(-rows // BLOCK)
    padded = np.zeros((columns, blocks * BLOCK), np.float32)
    padded[:, :rows] = matrix.T
    values = padded.reshape(columns, blocks, BLOCK)
    scales = np.maximum(np.abs(values).max(axis=2), 1e-12) / 127
    return (np.rint(values / scales[:, :, None]) + 128).astype(np.uint8), scales.astype(np.float32)


def _half(node: Any) -> list[Any]:
    """The rows of a table in half precision, made single again."""
    from onnx import TensorProto, helper

    gathered = f"{node.output[0]}.half"
    axis = [helper.get_attribute_value(found) for found in node.attribute if found.name == "axis"]
    return [
        helper.make_node("Gather", list(node.input), [gathered], node.name, axis=axis[0] if axis else 0),
        helper.make_node("Cast", [gathered], list(node.output), f"{node.name}.single", to=TensorProto.FLOAT),
    ]


def _split(proto: Any) -> dict[str, bytes]:
    """The model without what nothing uses, its tables apart."""
    from onnx import external_data_helper, numpy_helper

    graph = proto.graph
    used = {name for node in graph.node for name in node.input}
    halved = {node.input[0] for node in graph.node if node.op_type == "Gather" and node.output[0].endswith(".half")}
    tables = b""
    kept = []
    for tensor in graph.initializer:
        if tensor.name in halved:
            data = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(data, tensor.name))
            external_data_helper.set_external_data(tensor, WEIGHTS, offset=len(tables), length=data.nbytes)
            tensor.ClearField("raw_data")
            tables += data.tobytes()
        if tensor.name in used:
            kept.append(tensor)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return {"encoder.onnx": proto.SerializeToString(deterministic=True), WEIGHTS: tables}
