"""Makes an exported encoder smaller and quicker: its products in whole numbers, the word table in half precision.

The graph comes from ``trained``: a product with a constant matrix is a ``MatMul``, its bias an ``Add``. Products of one
input become one, on the grid that ``grid`` finds from what reaches them when typical texts are encoded.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import numpy as np

from askdoc.embedder import quantized_matmul
from askdoc.embedder.onnx_encoder import WEIGHTS, runtime

TABLE = 1 << 20
"""A table of so many numbers or more, from which rows are gathered, is kept in half precision."""
SEEN = 600
"""Rows that are kept of what reaches a product, from each half of the texts."""
Tokens = Sequence[Sequence[int]]
"""Of each text the numbers that the model reads."""


def plain(model: bytes) -> dict[str, bytes]:
    """The files of an encoder that keeps every number."""
    return {"encoder.onnx": model, WEIGHTS: b""}


def packed(model: bytes, typical: Tokens) -> dict[str, bytes]:
    """The files of the packed encoder by name, from the bytes of an ONNX model and texts as it will read them."""
    import onnx

    graph = _Graph(onnx.load_from_string(model))
    halves = [graph.seen(typical[half::2]) for half in (0, 1)]
    graph.rewrite(
        {name: quantized_matmul.best(halves[0][name], halves[1][name], graph.matrix(name)) for name in halves[0]}
    )
    return _split(graph.proto)


class _Graph:
    """An encoder's graph, and which products there are with constant matrices: by the name of their input."""

    def __init__(self, proto: Any) -> None:
        self.proto = proto
        self._constants = {tensor.name: tensor for tensor in proto.graph.initializer}
        self._readers: dict[str, list[Any]] = {}
        self._products: dict[str, list[Any]] = {}
        for node in proto.graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
            if node.op_type == "MatMul" and self._is_constant(node.input[1], dimensions=2):
                self._products.setdefault(node.input[0], []).append(node)

    def _is_constant(self, name: str, *, dimensions: int) -> bool:
        return name in self._constants and len(self._constants[name].dims) == dimensions

    def _array(self, name: str) -> Any:
        from onnx import numpy_helper

        return numpy_helper.to_array(self._constants[name])

    def matrix(self, name: str) -> Any:
        """The matrices of an input's products, side by side."""
        return np.concatenate([self._array(node.input[1]) for node in self._products[name]], axis=1)

    def seen(self, texts: Tokens) -> dict[str, quantized_matmul.Sample]:
        """What reaches each product when the texts are encoded."""
        import onnx

        inputs = list(self._products)
        shown = onnx.ModelProto()
        shown.CopyFrom(self.proto)
        for name in inputs:
            shown.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        session = runtime().InferenceSession(shown.SerializeToString(), providers=["CPUExecutionProvider"])
        found: dict[str, list[quantized_matmul.Sample]] = {name: [] for name in inputs}
        total, passed = sum(map(len, texts)), 0
        step = -(-total // SEEN)
        for ids in texts:
            kept = slice(-passed % step, None, step)  # every so many of all rows: to keep them all takes 300 MB
            passed += len(ids)
            tokens = np.array([ids], np.int64)
            given = session.run(inputs, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})
            for name, rows in zip(inputs, given, strict=True):
                found[name].append(quantized_matmul.Sample.of(rows.reshape(-1, rows.shape[-1]), rows=kept))
        return {name: reduce(or_, samples) for name, samples in found.items()}

    def rewrite(self, grids: dict[str, quantized_matmul.Grid]) -> None:
        """Put products on grids in place of products with matrices, and halve the word table."""
        import onnx

        done = {node.name for nodes in self._products.values() for node in nodes}
        nodes: list[Any] = []
        for node in self.proto.graph.node:
            products = self._products.get(node.input[0], []) if node.op_type == "MatMul" else []
            if products and node.name == products[0].name:
                new, biases = self._product(node.input[0], products, grids[node.input[0]])
                nodes += new
                done |= biases
            elif node.name in done:
                continue
            elif node.op_type == "Gather" and _is_large(self._constants.get(node.input[0])):
                nodes += _half(node)
            else:
                nodes.append(node)
        del self.proto.graph.node[:]
        self.proto.graph.node.extend(nodes)
        self.proto.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))

    def _product(self, name: str, products: list[Any], on: quantized_matmul.Grid) -> tuple[list[Any], set[str]]:
        """The nodes of one product on its grid, biases included, and the names of the nodes that added those."""
        from onnx import helper

        q = f"{name}.grid"
        outputs, biases, added = self._biases(products)
        nodes = (
            []
            if on.is_even
            else [helper.make_node("Mul", [name, self._keep(1 / on.factors, f"{q}.even")], [f"{q}.in"])]
        )
        scale, zero = self._keep(on.scale, f"{q}.scale"), self._keep(on.zero, f"{q}.zero")
        nodes.append(helper.make_node("QuantizeLinear", [name if on.is_even else f"{q}.in", scale, zero], [q]))
        whole = outputs[0] if len(outputs) == 1 else f"{q}.all"
        most = f"{q}.most" if len(on.apart) else whole
        matrix = [self._keep(on.numbers, f"{q}.numbers"), scale, self._keep(on.scales, f"{q}.scales"), zero, ""]
        bias = self._keep(np.concatenate(biases), f"{q}.bias")
        nodes.append(helper.make_node("MatMulIntegerToFloat", [q, *matrix, bias], [most], domain="com.microsoft"))
        if len(on.apart):
            rows = self._keep(self.matrix(name)[on.apart], f"{q}.apart")
            nodes += [
                helper.make_node("Gather", [name, self._keep(on.apart, f"{q}.far")], [f"{q}.side"], axis=-1),
                helper.make_node("MatMul", [f"{q}.side", rows], [f"{q}.sided"]),
                helper.make_node("Add", [most, f"{q}.sided"], [whole]),
            ]
        if len(outputs) > 1:
            widths = self._keep(np.array([len(one) for one in biases], np.int64), f"{q}.widths")
            nodes.append(helper.make_node("Split", [whole, widths], outputs, axis=-1))
        return nodes, added

    def _biases(self, products: list[Any]) -> tuple[list[str], list[Any], set[str]]:
        """For each product what it gives in the end, its bias or zeros, and the nodes that added the biases."""
        outputs, biases, added = [], [], set()
        for node in products:
            output, bias = node.output[0], np.zeros(self._constants[node.input[1]].dims[1], np.float32)
            readers = self._readers[output]
            if len(readers) == 1 and readers[0].op_type == "Add":
                [other] = [one for one in readers[0].input if one != output] or [""]
                if self._is_constant(other, dimensions=1):
                    output, bias = readers[0].output[0], self._array(other)
                    added.add(readers[0].name)
            outputs.append(output)
            biases.append(bias)
        return outputs, biases, added

    def _keep(self, array: Any, name: str) -> str:
        from onnx import numpy_helper

        self.proto.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


def _is_large(tensor: Any) -> bool:
    return tensor is not None and int(np.prod(tensor.dims)) >= TABLE


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
