"""Takes up the tables that were made for a model, from the folder of the model, when an index is made."""

from askdoc.embedder import ModelFiles
from askdoc.embedder.model_files import TABLES
from askdoc.errors import ModelError
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.learned_tables import FILES, ModelTables, TablesOrigin
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.scope import Scope
from askdoc.retriever.topicality import Topicality
from askdoc.retriever.word_vectors import WordVectors


def tables_of(model: ModelFiles) -> ModelTables:
    """The tables of a model: its own where its folder holds some, else the shipped ones that serve it.

    Raises ModelError where its own are not whole, of another model, or of another version of this program.
    """
    folder = model.folder / TABLES
    if not folder.is_dir():
        return ModelTables.shipped(model.sha256)
    try:
        tables = ModelTables(TablesOrigin.OWN, {name: (folder / name).read_bytes() for name in FILES})
        others = tables.made_for_others(model.sha256)
        _parse(tables)
    except OSError as error:
        raise _refused(model, f"{error.filename} cannot be read ({error.strerror})") from None
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(model, f"they are not such as this version reads ({error})") from None
    if others:
        raise _refused(model, f"{others[0]} was made for another model")
    return tables


def _parse(tables: ModelTables) -> None:
    """Read every table as the retriever and the calibration do. Raises KeyError, TypeError or ValueError."""
    QueryAdapter.of(tables), Fusion.of(tables), Topicality.of(tables), Scope.of(tables), WordVectors.of(tables)
    for titles in (False, True):
        Calibration.demonstration(tables, titles=titles)


def _refused(model: ModelFiles, reason: str) -> ModelError:
    return ModelError(
        f"The tables in {model.folder / TABLES} cannot be used: {reason}. "
        f"Make them anew (in a checkout: make tables MODEL={model.folder}), or remove that folder."
    )
