"""Makes sentence-transformers models of several architectures with random weights, a few kilobytes large."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WIDTH, MAX_TOKENS = 32, 48
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?:'"
SPREAD = 3.0
"""Weights are so many times the usual ones, which would make all texts alike."""
SPECIAL = {
    "bert": {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"},
    "roberta": {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "unk_token": "<unk>"},
    "decoder": {"pad_token": "<pad>", "unk_token": "<unk>", "eos_token": "<eos>"},
}
"""The special tokens of each kind of tokenizer, in the order of the vocabulary: RoBERTa's padding is no zero."""
AROUND = {"bert": "[CLS] $A [SEP]", "roberta": "<s> $A </s>", "decoder": "$A <eos>"}
"""What each kind of tokenizer puts around a text."""
TOKENIZER_OF = {"roberta": "roberta", "mpnet": "roberta", "t5": "decoder", "qwen3": "decoder"}
PROMPTS = {"query": "query: ", "document": "passage: "}


@dataclass(frozen=True)
class RandomModel:
    """What a model is made of; ``modules`` makes those behind the pooling."""

    architecture: str = "bert"
    pooling: str | tuple[str, ...] = "mean"
    prompts: Mapping[str, str] = field(default_factory=dict)
    include_prompt: bool = True
    padding: str = "right"
    lower: bool = False
    max_tokens: int = MAX_TOKENS
    truncate_dim: int | None = None
    modules: Callable[[], Sequence[Any]] = tuple

    def save(self, folder: Path) -> Path:
        """Write the model; the folder that it is loaded from."""
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.models import Pooling, Transformer

        torch.manual_seed(0)
        self._save_transformer(folder / "transformer")
        transformer = Transformer(str(folder / "transformer"), max_seq_length=self.max_tokens, do_lower_case=self.lower)
        pooling = Pooling(WIDTH, self.pooling, include_prompt=self.include_prompt)
        model = SentenceTransformer(
            modules=[transformer, pooling, *self.modules()],
            device="cpu",
            prompts=dict(self.prompts),
            truncate_dim=self.truncate_dim,
        )
        model.save(str(folder / "model"))
        return folder / "model"

    def _save_transformer(self, folder: Path) -> None:
        import torch
        from transformers import PreTrainedTokenizerFast

        kind = TOKENIZER_OF.get(self.architecture, "bert")
        tokenizer = word_pieces(kind)
        model = transformer(self.architecture, tokenizer.get_vocab_size())
        with torch.no_grad():
            for weights in model.parameters():
                weights.mul_(SPREAD if weights.ndim > 1 else 1)
        model.save_pretrained(folder)
        wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, padding_side=self.padding, **SPECIAL[kind])
        wrapped.save_pretrained(folder)


def word_pieces(kind: str = "bert") -> Any:
    """A tokenizer of letters, with the special tokens of a kind of models."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    special = list(SPECIAL[kind].values())
    tokens = [*special, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {token: row for row, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL[kind]["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=kind != "roberta")
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=AROUND[kind], special_tokens=[(token, vocabulary[token]) for token in special]
    )
    return tokenizer


def transformer(architecture: str, vocabulary: int) -> Any:
    """A transformer of two layers, with random weights."""
    import transformers

    size = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
    common = {"vocab_size": vocabulary, "max_position_embeddings": 64}
    padded = {"pad_token_id": 1, "max_position_embeddings": 66}
    local = {"pad_token_id": 0, "cls_token_id": 2, "sep_token_id": 3, "bos_token_id": 2, "eos_token_id": 3}
    decoder = {"num_key_value_heads": 2, "head_dim": 8, "pad_token_id": 0, "eos_token_id": 2, "bos_token_id": None}
    t5 = {"d_model": WIDTH, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4, "pad_token_id": 0}
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "bert": ("BertModel", common | size),
        "roberta": ("RobertaModel", common | size | padded),
        "mpnet": ("MPNetModel", common | size | padded),
        "modernbert": ("ModernBertModel", common | size | local | {"local_attention": 8}),
        "qwen3": ("Qwen3Model", common | size | decoder),
        "t5": ("T5EncoderModel", {"vocab_size": vocabulary, "eos_token_id": 2} | t5),
    }
    name, values = kinds[architecture]
    made = getattr(transformers, name)
    return made(made.config_class(**values))


def dense(activation: str, *, out: int = 24, bias: bool = True) -> Any:
    """A dense layer behind the pooling, by the name of its activation in torch."""
    import torch
    from sentence_transformers.models import Dense

    return Dense(WIDTH, out, bias=bias, activation_function=getattr(torch.nn, activation)())


def normalize() -> Any:
    """What makes the vectors' length one."""
    from sentence_transformers.models import Normalize

    return Normalize()


def layer_norm(width: int) -> Any:
    """A layer norm behind the pooling."""
    from sentence_transformers.sentence_transformer.modules.layer_norm import LayerNorm

    return LayerNorm(width)


def static(prompts: Mapping[str, str] | None = None) -> Any:
    """A model without a transformer, which cannot be exported: the mean of a vector for each token."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding

    torch.manual_seed(0)
    embedding = StaticEmbedding(word_pieces(), embedding_dim=WIDTH)
    return SentenceTransformer(modules=[embedding], device="cpu", prompts=dict(prompts or {}))
