"""A database that stands still for a long look, while the real one goes on.

Answers for: not keeping writers waiting. Does not answer for: what is looked at.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from kiosk.aggregator.storage.database import FILE_NAME, make_engine


@contextmanager
def still(engine: sa.Engine, folder: Path) -> Iterator[sa.Engine]:
    """PostgreSQL: the same database, since readers disturb nobody. SQLite: a copy of it in `folder`, gone afterwards."""
    if engine.dialect.name != "sqlite":
        yield engine
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix=".still-") as place:
        copy = Path(place) / FILE_NAME
        with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        of_copy = make_engine(f"sqlite:///{copy}")
        try:
            yield of_copy
        finally:
            of_copy.dispose()
