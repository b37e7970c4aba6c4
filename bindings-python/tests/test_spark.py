"""A real cluster: a master and two executors, each a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import huoyan.spark
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huoyan import Ruleset
from rows import FIELDS, FILES, RowFile, by_name

if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.fail(
        "Spark needs Java 17: apt-get install openjdk-17-jre-headless", pytrace=False
    )

from pyspark.sql import DataFrame, SparkSession

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("spark")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("huoyan")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def plain(value: Any) -> Any:
    """Spark's rows as dicts."""
    if hasattr(value, "asDict"):
        return {key: plain(item) for key, item in value.asDict().items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def posts(spark: SparkSession, file: RowFile, partitions: int = 4) -> DataFrame:
    rows = [(None, -1)] + [(text, place) for place, text in enumerate(file.texts)]
    return spark.createDataFrame(rows, "text string, id long").repartition(partitions)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rows(spark: SparkSession, file: RowFile) -> None:
    frame = posts(spark, file)
    scanned = huoyan.spark.scan_column(frame, "text", file.ruleset, fields=FIELDS)
    assert scanned.schema["huoyan"].dataType == huoyan.spark.schema(FIELDS)
    rows = scanned.orderBy("id").collect()
    assert [row["text"] for row in rows] == [None, *file.texts]
    found = [row["huoyan"] and by_name(plain(row["huoyan"])) for row in rows]
    assert found == [None, *map(by_name, file.plain)]


def test_sql_on_verdicts(spark: SparkSession) -> None:
    frame = posts(spark, FILES[-1])
    scanned = huoyan.spark.scan_column(frame, "text", output="verdict")
    scanned.createOrReplaceTempView("scanned")
    counts = spark.sql(
        "SELECT verdict.category AS category, count(*) AS n FROM scanned "
        "WHERE verdict.flagged GROUP BY 1"
    )
    wanted: dict[str, int] = {}
    for row in FILES[-1].plain:
        if row["flagged"]:
            wanted[row["category"]] = wanted.get(row["category"], 0) + 1
    assert {row["category"]: row["n"] for row in counts.collect()} == wanted
    texts = spark.sql(
        "SELECT explode(verdict.findings.text) AS text FROM scanned"
    ).collect()
    assert {row["text"] for row in texts} == {
        finding["text"] for row in FILES[-1].plain for finding in row["findings"]
    }


def test_parquet(spark: SparkSession, tmp_path: Path) -> None:
    frame = huoyan.spark.scan_column(posts(spark, FILES[-1]), "text")
    frame.write.parquet(str(tmp_path / "scanned"))
    again = pa.concat_tables(
        pq.read_table(path) for path in (tmp_path / "scanned").glob("*.parquet")
    )
    flagged = sum(bool(row and row["flagged"]) for row in again["huoyan"].to_pylist())
    assert flagged == sum(row["flagged"] for row in FILES[-1].plain)


def test_a_worker_killed_during_the_job(
    spark: SparkSession, engine: RowFile, tmp_path: Path
) -> None:
    """The job goes on without it, with a pickled custom ruleset, and comes to
    the same as here."""
    texts = engine.texts * 40
    frame = spark.createDataFrame(
        [(place, text) for place, text in enumerate(texts)], "id long, text string"
    ).repartition(12)

    def slow(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Tells of its executor, the parent of the workers' parent."""
        for batch in batches:
            daemon = Path(f"/proc/{os.getppid()}/stat").read_text()
            executor = daemon.rsplit(")", 1)[1].split()[1]
            (tmp_path / executor).touch()
            time.sleep(0.5)
            yield batch

    killed: list[int] = []

    def kill() -> None:
        for _ in range(600):
            found = [path for path in tmp_path.iterdir() if path.name.isdigit()]
            if len(found) >= 2:
                killed.append(int(found[0].name))
                command = Path(f"/proc/{killed[0]}/cmdline").read_text()
                assert "CoarseGrainedExecutorBackend" in command
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.05)

    killer = Thread(target=kill)
    killer.start()
    slowed = frame.mapInArrow(slow, frame.schema)
    scanned = huoyan.spark.scan_column(slowed, "text", engine.ruleset, fields=FIELDS)
    rows = scanned.collect()
    killer.join()
    assert killed and not Path(f"/proc/{killed[0]}/cmdline").exists()
    executors = {path.name for path in tmp_path.iterdir()}
    assert len(executors) >= 2
    assert len(rows) == len(texts)
    wanted = [by_name(row) for row in engine.plain]
    for row in rows:
        assert row["text"] == texts[row["id"]]
        assert by_name(plain(row["huoyan"])) == wanted[row["id"] % len(wanted)]


def test_mistakes(spark: SparkSession, ruleset: Ruleset) -> None:
    frame = spark.createDataFrame([("x", 1)], "text string, id int")
    with pytest.raises(ValueError, match="no column 'body'; the frame has text, id"):
        huoyan.spark.scan_column(frame, "body")
    with pytest.raises(ValueError, match="'id' already"):
        huoyan.spark.scan_column(frame, "text", output="id")
    with pytest.raises(ValueError, match="'id' already"):
        huoyan.spark.scan_column(frame, "text", output="ID")
    wrong: Any = "pack.toml"
    with pytest.raises(TypeError, match=r"must be a huoyan\.Ruleset, not str"):
        huoyan.spark.scan_column(frame, "text", wrong)
    with pytest.raises(TypeError, match="'id' is int, not string"):
        huoyan.spark.scan_column(frame, "id", ruleset)
