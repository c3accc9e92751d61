"""The history of the aggregator's schema, one revision after another; run by `kiosk.aggregator.storage.migrate`.

To change the schema:
1. Change or add tables in `kiosk/aggregator/storage/<subject>.py` (a new subject: one line in `tables.py`).
2. Add `versions/r<NNNN>_<subject>.py` with `revision = "<NNNN>"` and `down_revision` the newest one on your branch. One file a
   subject and branch; numbers are settled when branches meet: whoever merges renumbers, so that the line stays one line.
3. Write `upgrade()` with plain `op.…` and its own column definitions, never with today's tables: they will have changed when it
   is run. SQLite changes a table by rebuilding it: `with op.batch_alter_table(…)`. Move the data along; the same code runs on
   both engines. New constraints get a name, so that a later revision can take hold of them.
4. There is no way down: the way back is a backup made before (`kiosk aggregator backup`).

Tests compare tables and migrated schema on both engines, and adopt a database from before there were revisions.
"""
