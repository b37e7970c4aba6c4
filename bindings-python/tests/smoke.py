"""What must work in an environment with nothing but the wheel. Not a module of
pytest: that is not there."""

import importlib
import importlib.metadata
import pickle
import subprocess
import sys
import sysconfig
from pathlib import Path

import huoyan

POST = "国内实名薇❤号15-30天！带支付！"


def main() -> None:
    installed = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    assert installed <= {"huoyan", "pip", "setuptools", "wheel"}, installed
    assert importlib.metadata.version("huoyan") == huoyan.__version__
    ruleset = huoyan.Ruleset.builtin()
    verdict = ruleset.scan(POST)
    assert verdict.category == "account_trade", verdict
    finding = verdict.findings[0]
    assert POST[finding.start : finding.end] == finding.text
    assert pickle.loads(pickle.dumps(ruleset)) == ruleset
    assert ruleset.scan_batch([POST, "x"] * 5000, threads=2)[:2] == [
        verdict,
        ruleset.scan("x"),
    ]
    try:
        ruleset.scan("\ud800")
    except huoyan.TextError as error:
        assert error.position == 0
    assert "薇❤号" in ruleset.explain(POST)._repr_html_()
    script = str(Path(sysconfig.get_path("scripts")) / "huoyan")
    for command in ([script], [sys.executable, "-m", "huoyan"]):
        done = subprocess.run(
            [*command, "scan", "--check"],
            input=POST.encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, done
        assert "薇❤号" in done.stdout.decode()
    for host in ("polars", "pandas", "duckdb", "spark"):
        try:
            importlib.import_module(f"huoyan.{host}")
        except ImportError as error:
            assert f"huoyan[{host}]" in str(error), error
        else:
            raise AssertionError(f"{host} is there")
    print(f"huoyan {huoyan.__version__} works on Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
