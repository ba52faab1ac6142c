"""A dataset, opened as docs/tables.md says; what the other scripts of this folder share."""

import pathlib

TABLES = ["calls", "turns", "stretches", "entities", "findings", "score_items", "not_evaluated", "verdict_changes"]


def pyarrow_table(results, name):
    import pyarrow as pa
    import pyarrow.dataset as ds

    by_date = ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive")
    return ds.dataset(pathlib.Path(results) / name, format="parquet", partitioning=by_date).to_table()


def duckdb_rows(results):
    """A function that answers queries over the dataset's tables with lists of rows."""
    import duckdb

    db = duckdb.connect()
    for name in TABLES:
        files = f"{results}/{name}/**/*.parquet"
        # A table, so that every column is read in the database: Python gets moments with a zone only with the module pytz.
        db.execute(f"CREATE TABLE {name} AS FROM read_parquet('{files}', hive_partitioning = true)")
    db.execute(f"CREATE TABLE rules AS FROM read_parquet('{results}/rules/*.parquet')")
    return lambda query: db.execute(query).fetchall()
