"""Several connections write: without a write-ahead log an old engine could lose a commit in, and synced to the last name."""

import sqlalchemy as sa

from kiosk.aggregator.storage.database import open_database


def test_no_write_ahead_log_and_every_commit_synced(tmp_path):
    engine = open_database(tmp_path)
    with engine.connect() as db:
        asked = [
            db.execute(sa.text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    extra, on = 3, 1
    assert asked == ["delete", extra, on]
