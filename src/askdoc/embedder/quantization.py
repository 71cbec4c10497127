"""Quantises an exported encoder: int8 matrix products and a word-embedding table in half precision.

The graph is that of ``export``: a product with a constant matrix is a ``MatMul``, its bias an ``Add``. Products of the
same input (the query, key and value of an attention layer) become one, quantised as ``quantized_matmul`` finds best for
the inputs that arise when typical texts are encoded.

Between the whole numbers stand float32 operations. Where two processors round one of them otherwise, a number now and
then becomes the next whole number, and what follows differs: the last bit of a softmax moved vectors by up to 0.0005 in
cosine. So softmax, whose sum onnxruntime adds up in an order that hangs on the width of the processor's registers, is
written in operations that give the same bits on every x86-64 processor with AVX2.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial, reduce
from operator import or_
from typing import Any

import numpy as np

from askdoc.embedder import quantized_matmul
from askdoc.embedder.onnx_encoder import WEIGHTS, runtime
from askdoc.embedder.protocol import ShareCallback, unheard
from askdoc.embedder.quantized_matmul import ActivationSample, QuantizedMatmul

LARGE_TABLE = 1 << 20
"""A table with at least so many numbers, of which a text needs a few rows, is kept in half precision."""
SAMPLED_ROWS = 600
"""About so many rows of a product's input are kept for calibration, from each half of the texts."""
SAMPLED = 0.6
"""The share of the quantisation's time that sampling the inputs takes."""
TokenIds = Sequence[Sequence[int]]
"""The token ids of each text, special tokens included."""


def single_precision(model: bytes) -> dict[str, bytes]:
    """Make the files of an encoder in single precision, by name, from the bytes of an ONNX model."""
    return {"encoder.onnx": model, WEIGHTS: b""}


def quantized(model: bytes, calibration: TokenIds, on_share: ShareCallback = unheard) -> dict[str, bytes]:
    """Make the files of the quantised encoder, by name, from the bytes of an ONNX model and texts to calibrate on."""
    import onnx

    graph = _Graph(onnx.load_from_string(model))
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # runtime and NumPy release the interpreter's lock
        fitting, held_out = _sampled(graph, (calibration[0::2], calibration[1::2]), threads)

        def fitted(name: str) -> QuantizedMatmul:
            return quantized_matmul.calibrate(fitting[name], held_out[name], graph.matrix(name))

        on_share(SAMPLED)
        products: dict[str, QuantizedMatmul] = {}
        for name, product in zip(fitting, threads.map(fitted, fitting), strict=True):
            products[name] = product
            on_share(SAMPLED + (1 - SAMPLED) * len(products) / len(fitting))
    graph.quantize(products)
    return _serialized(graph.proto)


def _sampled(
    graph: "_Graph", halves: tuple[TokenIds, TokenIds], threads: ThreadPoolExecutor
) -> list[dict[str, ActivationSample]]:
    """Sample each product's input for both halves of the texts at once; the session, which is large, goes with this."""
    return list(threads.map(partial(graph.sample_activations, graph.observer()), halves))


class _Graph:
    """An encoder's graph with its constant matrix products, grouped by the name of their input.

    The names of added tensors are part of the files and so of their hashes: another name would have every index
    embedded anew.
    """

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
        """Concatenate the matrices that an input is multiplied by: (channels, columns of all)."""
        return np.concatenate([self._array(node.input[1]) for node in self._products[name]], axis=1)

    def observer(self) -> Any:
        """Open the model with each product's input among its outputs. It computes on the thread that calls it."""
        import onnx

        observed = onnx.ModelProto()
        observed.CopyFrom(self.proto)
        for name in self._products:
            observed.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        options = runtime().SessionOptions()
        options.intra_op_num_threads = 1  # both halves of the texts are run at once
        return runtime().InferenceSession(observed.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def sample_activations(self, session: Any, texts: TokenIds) -> dict[str, ActivationSample]:
        """Run the observed model over texts and sample each product's input, by its name."""
        inputs = list(self._products)
        samples: dict[str, list[ActivationSample]] = {name: [] for name in inputs}
        total, passed = sum(map(len, texts)), 0
        step = -(-total // SAMPLED_ROWS)
        for ids in texts:
            kept = slice(-passed % step, None, step)  # every step-th row over all texts: to keep all takes 300 MB
            passed += len(ids)
            tokens = np.array([ids], np.int64)
            masks = {read.name: np.ones_like(tokens) for read in self.proto.graph.input}
            activations = session.run(inputs, masks | {"input_ids": tokens})
            for name, rows in zip(inputs, activations, strict=True):
                samples[name].append(ActivationSample.of(rows.reshape(-1, rows.shape[-1]), rows=kept))
        return {name: reduce(or_, parts) for name, parts in samples.items()}

    def quantize(self, products: dict[str, QuantizedMatmul]) -> None:
        """Replace the constant matrix products by quantised ones, and the gathers from large tables by halved ones."""
        import onnx

        replaced = {node.name for nodes in self._products.values() for node in nodes}
        nodes: list[Any] = []
        for node in self.proto.graph.node:
            group = self._products.get(node.input[0], []) if node.op_type == "MatMul" else []
            if group and node.name == group[0].name:
                quantized_nodes, bias_adds = self._product(node.input[0], group, products[node.input[0]])
                nodes += quantized_nodes
                replaced |= bias_adds
            elif node.name in replaced:
                continue
            elif node.op_type == "Gather" and _is_large(self._constants.get(node.input[0])):
                nodes += _half_precision(node)
            elif node.op_type == "Softmax":
                nodes += self._softmax(node)
            elif node.op_type == "MatMul" and (scaled := self._scaled(node)):
                nodes.append(scaled[0])
                replaced.add(scaled[1])
            else:
                nodes.append(node)
        del self.proto.graph.node[:]
        self.proto.graph.node.extend(nodes)
        self.proto.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))

    def _product(self, name: str, group: list[Any], product: QuantizedMatmul) -> tuple[list[Any], set[str]]:
        """Make the nodes of one quantised product, biases included; also name the ``Add`` nodes that they replace."""
        from onnx import helper

        q = f"{name}.grid"
        outputs, biases, bias_adds = self._biases(group)
        nodes, source = [], name
        if product.is_smoothed:
            source = f"{q}.in"
            reciprocals = self._add(1 / product.smoothing_factors, f"{q}.even")
            nodes.append(helper.make_node("Mul", [name, reciprocals], [source]))
        scale, zero = self._add(product.input_scale, f"{q}.scale"), self._add(product.zero_point, f"{q}.zero")
        nodes.append(helper.make_node("QuantizeLinear", [source, scale, zero], [q]))
        total = outputs[0] if len(outputs) == 1 else f"{q}.all"
        inliers = f"{q}.most" if len(product.outlier_channels) else total
        weights = self._add(product.weights, f"{q}.numbers")
        weight_scales = self._add(product.weight_scales, f"{q}.scales")
        bias = self._add(np.concatenate(biases), f"{q}.bias")
        operands = [q, weights, scale, weight_scales, zero, "", bias]
        nodes.append(helper.make_node("MatMulIntegerToFloat", operands, [inliers], domain="com.microsoft"))
        if len(product.outlier_channels):
            nodes += self._outliers(name, product, inliers, total)
        if len(outputs) > 1:
            widths = self._add(np.array([len(each) for each in biases], np.int64), f"{q}.widths")
            nodes.append(helper.make_node("Split", [total, widths], outputs, axis=-1))
        return nodes, bias_adds

    def _outliers(self, name: str, product: QuantizedMatmul, inliers: str, total: str) -> list[Any]:
        """Make the nodes that multiply the outlier channels in float32 and add them to the quantised product."""
        from onnx import helper

        q = f"{name}.grid"
        rows = self._add(self.matrix(name)[product.outlier_channels], f"{q}.apart")
        channels = self._add(product.outlier_channels, f"{q}.far")
        return [
            helper.make_node("Gather", [name, channels], [f"{q}.side"], axis=-1),
            helper.make_node("MatMul", [f"{q}.side", rows], [f"{q}.sided"]),
            helper.make_node("Add", [inliers, f"{q}.sided"], [total]),
        ]

    def _softmax(self, node: Any) -> list[Any]:
        """Make the nodes of a softmax whose bits are the same on processors with wider and narrower registers."""
        from onnx import helper

        [source], [output] = node.input, node.output
        axis = [helper.get_attribute_value(attribute) for attribute in node.attribute if attribute.name == "axis"]
        axes = self._add(np.array(axis or [-1], np.int64), f"{output}.axes")
        return [
            helper.make_node("ReduceMax", [source, axes], [f"{output}.most"]),
            helper.make_node("Sub", [source, f"{output}.most"], [f"{output}.below"]),
            helper.make_node("Exp", [f"{output}.below"], [f"{output}.powers"]),
            helper.make_node("ReduceSum", [f"{output}.powers", axes], [f"{output}.sum"]),
            helper.make_node("Reciprocal", [f"{output}.sum"], [f"{output}.share"]),
            helper.make_node("Mul", [f"{output}.powers", f"{output}.share"], [output]),
        ]

    def _scaled(self, node: Any) -> tuple[Any, str] | None:
        """Join a product and the one scalar that it is multiplied by; also name the ``Mul`` node that this replaces."""
        from onnx import helper

        readers = self._readers.get(node.output[0], [])
        if len(readers) != 1 or readers[0].op_type != "Mul":
            return None
        [other] = [name for name in readers[0].input if name != node.output[0]] or [""]
        if not self._is_constant(other, dimensions=0):
            return None
        factor, output = float(self._array(other)), list(readers[0].output)
        fused = helper.make_node("FusedMatMul", list(node.input), output, domain="com.microsoft", alpha=factor)
        return fused, readers[0].name

    def _biases(self, group: list[Any]) -> tuple[list[str], list[Any], set[str]]:
        """For each product its final output and its bias, or zeros; and the names of the ``Add`` nodes of biases."""
        outputs, biases, bias_adds = [], [], set()
        for node in group:
            output, bias = node.output[0], np.zeros(self._constants[node.input[1]].dims[1], np.float32)
            readers = self._readers[output]
            if len(readers) == 1 and readers[0].op_type == "Add":
                [other] = [name for name in readers[0].input if name != output] or [""]
                if self._is_constant(other, dimensions=1):
                    output, bias = readers[0].output[0], self._array(other)
                    bias_adds.add(readers[0].name)
            outputs.append(output)
            biases.append(bias)
        return outputs, biases, bias_adds

    def _add(self, array: Any, name: str) -> str:
        """Add a constant to the graph; its name."""
        from onnx import numpy_helper

        self.proto.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


def _is_large(tensor: Any) -> bool:
    return tensor is not None and int(np.prod(tensor.dims)) >= LARGE_TABLE


def _half_precision(node: Any) -> list[Any]:
    """Make the nodes that gather a table's rows in half precision and cast them to single."""
    from onnx import TensorProto, helper

    gathered = f"{node.output[0]}.half"
    axis = [helper.get_attribute_value(attribute) for attribute in node.attribute if attribute.name == "axis"]
    return [
        helper.make_node("Gather", list(node.input), [gathered], node.name, axis=axis[0] if axis else 0),
        helper.make_node("Cast", [gathered], list(node.output), f"{node.name}.single", to=TensorProto.FLOAT),
    ]


def _serialized(proto: Any) -> dict[str, bytes]:
    """Write the model without unused constants, its half-precision tables in a file of their own."""
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
