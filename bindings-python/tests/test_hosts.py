"""polars, pandas and DuckDB give what scan gives."""

from __future__ import annotations

from typing import Any

import arro3.core
import duckdb
import huoyan.duckdb
import huoyan.pandas
import huoyan.polars
import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from huoyan import Ruleset
from rows import FIELDS, RowFile, by_name

POST = "大量V信号出售"


def check(found: list[Any], file: RowFile) -> None:
    assert [row and by_name(row) for row in found] == [None, *map(by_name, file.plain)]


class TestPolars:
    def frame(self, file: RowFile) -> pl.DataFrame:
        return pl.DataFrame(
            {"id": range(len(file.texts) + 1), "text": [None, *file.texts]}
        )

    def scan(self, file: RowFile, **more: Any) -> pl.Expr:
        expr: Any = pl.col("text")
        scanned: pl.Expr = expr.huoyan.scan(file.ruleset, fields=FIELDS, **more)
        return scanned

    def test_eager(self, file: RowFile) -> None:
        frame = self.frame(file).with_columns(verdict=self.scan(file))
        check(frame["verdict"].to_list(), file)

    def test_lazy(self, file: RowFile) -> None:
        lazy = self.frame(file).lazy().with_columns(verdict=self.scan(file, threads=2))
        assert lazy.collect_schema()["verdict"] == huoyan.polars.dtype(FIELDS)
        check(lazy.collect()["verdict"].to_list(), file)

    def test_chunks_and_categories(self, file: RowFile) -> None:
        frame = self.frame(file)
        chunked = pl.concat([frame[:3], frame[3:]], rechunk=False)
        check(chunked.select(self.scan(file)).to_series().to_list(), file)
        category = frame.with_columns(pl.col("text").cast(pl.Categorical))
        check(category.select(self.scan(file)).to_series().to_list(), file)

    def test_series(self, file: RowFile) -> None:
        series: Any = self.frame(file)["text"]
        check(series.huoyan.scan(file.ruleset, fields=FIELDS).to_list(), file)
        flags = series.huoyan.is_flagged(file.ruleset)
        assert flags.to_list() == [None, *(row["flagged"] for row in file.plain)]
        masked = series.huoyan.mask(file.ruleset).to_list()
        assert masked == [None, *(row["masked"] for row in file.plain)]

    def test_filter_and_groups(self) -> None:
        frame = pl.DataFrame({"text": [POST, "x", None, POST], "day": [1, 1, 2, 2]})
        text: Any = pl.col("text")
        assert frame.filter(text.huoyan.is_flagged())["day"].to_list() == [1, 2]
        counts = frame.group_by("day").agg(text.huoyan.is_flagged().sum()).sort("day")
        assert counts["text"].to_list() == [1, 1]
        folded = pl.select(pl.lit("ＶＸ").alias("text")).select(text.huoyan.fold())
        assert folded.item() == "vx"

    def test_empty(self) -> None:
        text: Any = pl.col("text")
        frame = pl.DataFrame({"text": []}, schema={"text": pl.String})
        assert frame.select(text.huoyan.scan()).schema["text"] == huoyan.polars.dtype()

    def test_nothing_but_nulls(self) -> None:
        text: Any = pl.col("text")
        for texts in ([], [None], [None, None]):
            frame = pl.DataFrame({"text": texts})
            assert frame.schema["text"] == pl.Null
            scanned = frame.select(text.huoyan.scan())["text"]
            assert scanned.dtype == huoyan.polars.dtype()
            assert scanned.to_list() == texts
            series: Any = frame["text"]
            assert series.huoyan.is_flagged().to_list() == texts
        literal: Any = pl.lit(None)
        assert pl.select(literal.huoyan.is_flagged()).item() is None

    def test_names_are_kept(self) -> None:
        for name in ("text", ""):
            series: Any = pl.Series(name, [POST, None])
            assert series.huoyan.scan().name == name
            assert series.huoyan.is_flagged().name == name
            assert series.huoyan.mask().name == name

    def test_categories(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Polars 1.20 exports none that are read as a dictionary."""
        asked: list[Any] = []
        real = pl.Series.__arrow_c_stream__

        def export(series: pl.Series, requested_schema: Any = None) -> Any:
            asked.append(series.dtype)
            return real(series, requested_schema)

        monkeypatch.setattr(pl.Series, "__arrow_c_stream__", export)
        for dtype in (pl.Categorical, pl.Enum([POST, "x"])):
            series: Any = pl.Series("text", [POST, None, "x", POST], dtype=dtype)
            assert series.huoyan.is_flagged().to_list() == [True, None, False, True]
        assert set(asked) == {pl.String}

    def test_truncated(self) -> None:
        series: Any = pl.Series(["加V：abc12345，" * 200, POST])
        verdicts = series.huoyan.scan()
        assert verdicts.struct.field("truncated").to_list() == [True, False]

    def test_numbers_are_no_texts(self) -> None:
        number: Any = pl.col("n")
        with pytest.raises(TypeError, match="column of strings"):
            pl.DataFrame({"n": [1]}).select(number.huoyan.scan())


class TestPandas:
    @pytest.mark.parametrize(
        "dtype",
        [
            "str",
            "object",
            "category",
            "string[python]",
            "string[pyarrow]",
            pd.ArrowDtype(pa.string()),
            pd.ArrowDtype(pa.large_string()),
        ],
        ids=str,
    )
    def test_rows(self, file: RowFile, dtype: Any) -> None:
        series: Any = pd.Series([None, *file.texts], dtype=dtype, name="text")
        series.index = series.index * 2
        frame = series.huoyan.scan(file.ruleset, fields=FIELDS)
        assert list(frame.columns) == list(FIELDS)
        assert frame.index.equals(series.index)
        table = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
        none = dict.fromkeys(FIELDS)
        assert {k: v for k, v in table[0].items() if v != []} == {
            k: v for k, v in none.items() if table[0][k] != []
        }
        assert [by_name(row) for row in table[1:]] == [*map(by_name, file.plain)]

    def test_flags(self) -> None:
        posts: Any = pd.Series([POST, "x", None], index=[7, 8, 9], name="text")
        flags = posts.huoyan.is_flagged()
        assert flags.index.to_list() == [7, 8, 9] and flags.name == "text"
        assert flags.isna().to_list() == [False, False, True]
        assert posts[flags.fillna(False)].to_list() == [POST]
        assert posts.huoyan.mask()[8] == "x"

    def test_default_fields(self) -> None:
        posts: Any = pd.Series([POST])
        frame = posts.huoyan.scan()
        assert list(frame.columns) == list(FIELDS[:5])
        assert frame["category"][0] == "account_trade"

    def test_mixed_values(self) -> None:
        mixed: Any = pd.Series(["x", 3], name="mixed")
        with pytest.raises(TypeError, match="'mixed' does not hold texts alone"):
            mixed.huoyan.scan()
        numbers: Any = pd.Series([1.5])
        with pytest.raises(TypeError, match="column of strings"):
            numbers.huoyan.scan()

    @pytest.mark.parametrize("dtype", [None, "float64", "float32", "Float64", "object"])
    def test_nothing_but_missing_values(self, dtype: Any) -> None:
        for values in ([np.nan, np.nan], []):
            posts: Any = pd.Series(values, dtype=dtype, name="text")
            assert posts.huoyan.is_flagged().isna().to_list() == [True] * len(values)
            frame = posts.huoyan.scan(fields=FIELDS)
            assert list(frame.columns) == list(FIELDS) and len(frame) == len(values)

    def test_surrogates(self) -> None:
        values = ["x", None, "你\ud83d好，大量V信号出售"]
        posts: Any = pd.Series(values, dtype=object, index=[7, 8, 9])
        for call in (posts.huoyan.scan, posts.huoyan.is_flagged, posts.huoyan.mask):
            with pytest.raises(huoyan.TextError) as caught:
                call()
            error = caught.value
            assert (error.index, error.position, error.code_point) == (2, 1, 0xD83D)
            with pytest.raises(ValueError, match="'strict' or 'replace'"):
                call(errors="ignore")
        flags = posts.huoyan.is_flagged(errors="replace")
        assert flags.isna().to_list() == [False, True, False] and flags[9]
        masked = posts.huoyan.mask(errors="replace")[9]
        assert masked.startswith("你\ufffd好，") and "出售" not in masked
        mixed: Any = pd.Series(["\ud83d", 3])
        with pytest.raises(TypeError, match="does not hold texts alone"):
            mixed.huoyan.scan(errors="replace")


class TestDuckDB:
    def test_registering_again(self, demo: Ruleset) -> None:
        with duckdb.connect() as connection:
            flagged = f"SELECT hy_flagged('{POST}'), hy_scan('{POST}')"
            huoyan.duckdb.register(connection, demo, prefix="hy", fields=["flagged"])
            assert connection.sql(flagged).fetchall() == [(True, {"flagged": True})]
            strict = demo.with_threshold(100)
            huoyan.duckdb.register(connection, strict, prefix="hy", fields=["category"])
            assert connection.sql(flagged).fetchall() == [(False, {"category": None})]
            with (
                connection.cursor() as cursor,
                pytest.raises(ValueError, match=r"'hy_scan', .* did not add it"),
            ):
                huoyan.duckdb.register(cursor, demo, prefix="hy")

    def test_rows(self, file: RowFile) -> None:
        with duckdb.connect() as connection:
            huoyan.duckdb.register(connection, file.ruleset, fields=FIELDS)
            table = pa.table(
                {"id": range(len(file.texts) + 1), "text": [None, *file.texts]}
            )
            connection.register("posts", table)
            found = connection.sql(
                "SELECT huoyan_scan(text) FROM posts ORDER BY id"
            ).fetchall()
            check([row[0] for row in found], file)

    def test_single_values(self, file: RowFile) -> None:
        with duckdb.connect() as connection:
            huoyan.duckdb.register(connection, file.ruleset, prefix="hy")
            connection.register("posts", pa.table({"text": [None, *file.texts]}))
            found = connection.sql(
                "SELECT hy_flagged(text), hy_score(text), hy_category(text), "
                "hy_masked(text), hy_folded(text) FROM posts"
            ).fetchall()
            names = ("flagged", "score", "category", "masked", "folded")
            wanted = [tuple(row[name] for name in names) for row in file.plain]
            assert found == [(None,) * 5, *wanted]

    def test_many_rows(self, demo: Ruleset) -> None:
        with duckdb.connect() as connection:
            huoyan.duckdb.register(connection, demo)
            connection.execute(
                "CREATE TABLE posts AS SELECT i, CASE WHEN i % 10 = 0 THEN ? "
                "WHEN i % 10 = 1 THEN NULL ELSE 'x' || i END AS text "
                "FROM range(50000) AS r(i)",
                [POST],
            )
            count = connection.sql(
                "SELECT count(*) FROM posts WHERE huoyan_flagged(text)"
            )
            assert count.fetchall() == [(5000,)]
            first = connection.sql(
                "SELECT huoyan_scan(text).findings[1].evidence[1].text FROM posts WHERE i = 0"
            )
            assert first.fetchall() == [("V信号",)]

    def test_relations_are_columns(self, ruleset: Ruleset) -> None:
        with duckdb.connect() as connection:
            relation = connection.sql(f"SELECT '{POST}' AS text")
            column = relation.to_arrow_table()["text"]
            assert pa.array(ruleset.scan_arrow(column)).to_pylist()[0]["flagged"]


def test_other_arrow_libraries(file: RowFile) -> None:
    """Columns come and go without a class of ours knowing theirs."""
    texts = pa.array([None, *file.texts], pa.string())
    for column in (
        arro3.core.Array.from_arrow(texts),
        arro3.core.ChunkedArray.from_arrow(pa.chunked_array([texts[:9], texts[9:]])),
        nanoarrow.Array(texts),
        nanoarrow.c_array(texts),
    ):
        verdicts = file.ruleset.scan_arrow(column, fields=FIELDS)
        check(pa.chunked_array(verdicts).to_pylist(), file)
        assert len(arro3.core.ChunkedArray.from_arrow(verdicts)) == len(texts)
        check(nanoarrow.ArrayStream(verdicts).read_all().to_pylist(), file)


def test_verdicts_as_frames(ruleset: Ruleset) -> None:
    verdicts = ruleset.scan_arrow(pa.array([POST, "x"]))
    assert pl.DataFrame(verdicts)["flagged"].to_list() == [True, False]
    assert pl.Series(verdicts).struct.field("category").to_list() == [
        "account_trade",
        None,
    ]
    frames: Any = pd.DataFrame
    assert frames.from_arrow(verdicts)["flagged"].to_list() == [True, False]
    with duckdb.connect() as connection:
        relation = connection.from_arrow(verdicts.to_table())
        assert relation.filter("flagged").shape[0] == 1


def test_rulesets_are_checked_at_once() -> None:
    wrong: Any = "pack.toml"
    expr: Any = pl.col("text")
    polars_series: Any = pl.Series([POST])
    pandas_series: Any = pd.Series([POST])
    accessors = [expr.huoyan, polars_series.huoyan, pandas_series.huoyan]
    calls = [a for host in accessors for a in (host.scan, host.is_flagged, host.mask)]
    with duckdb.connect() as connection:
        calls.append(lambda ruleset: huoyan.duckdb.register(connection, ruleset))
        for call in calls:
            with pytest.raises(TypeError, match=r"not str; huoyan.Ruleset.load\(path\)"):
                call(wrong)


def test_unknown_fields() -> None:
    for function in (huoyan.polars.dtype, huoyan.duckdb.sql_type):
        with pytest.raises(ValueError, match="no field 'colour'"):
            function(["colour"])
        with pytest.raises(ValueError, match="empty"):
            function([])
        with pytest.raises(TypeError, match=r"fields=\['score'\]"):
            function("score")
