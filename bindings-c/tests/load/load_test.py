#!/usr/bin/env python3
"""The HTTP service under load while its pack is reloaded.

Checks: what it answers is what the command line says, before and under load; no
request fails or is lost; a broken pack changes nothing; memory stays flat; it
stops when told. Prints the figures. Needs wrk, and Python 3.11.
"""

import argparse
import http.client
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CONNECTIONS = 32
RELOAD_SECONDS = 0.25
# Growth from the second quarter of the load to the last one.
GROWTH_MAX = 0.08
RULELESS = "format = 1\n[pack]\nid = 'bare'\nversion = '1'\n"


def require(holds, what):
    if not holds:
        sys.exit(f"load_test: {what}")


class Service:
    """The service as a child process."""

    def __init__(self, program, pack):
        self.process = subprocess.Popen(
            [program, "--port", "0", "--pack", pack],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on (127\.0\.0\.1):(\d+)\n", line)
        if not found:
            require(False, f"it did not start: {line!r} {self.process.stderr.read()}")
        self.port = int(found[2])

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = body.encode() if isinstance(body, str) else body
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def metrics(self):
        status, text = self.ask("GET", "/metrics")
        require(status == 200, f"/metrics answers {status}")
        samples = [line for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (s.rsplit(" ", 1) for s in samples)}

    def resident(self):
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            require(False, "it does not stop on SIGTERM")


def posts():
    """Posts to scan: the example file, the behaviour rows, awkward ones."""
    texts = (ROOT / "examples/posts.txt").read_text().splitlines()
    for file in sorted((ROOT / "core/tests/behaviour").glob("*.toml")):
        texts += [row["text"] for row in tomllib.loads(file.read_text())["row"]]
    texts += ["", "\u0000", "微.信.辅.助.解.封 " * 200, "加V：abc12345，" * 40]
    return [{"id": str(number), "text": text} for number, text in enumerate(texts)]


def compare(service, cli, pack, bodies, folder):
    """Asks for every post; gives the answers, which must be the command line's."""
    file = folder / "posts.jsonl"
    file.write_text("".join(body + "\n" for body in bodies))
    command = [cli, "scan", file, "--format", "jsonl", "--output", "json", "--pack", pack]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answers = []
    for body, expected in zip(bodies, told.splitlines(), strict=True):
        status, text = service.ask("POST", "/scan", body)
        require(status == 200, f"{status} for {body}: {text}")
        require(
            json.loads(text) == json.loads(expected),
            f"the service says\n{text}and the command line\n{expected}",
        )
        answers.append(text)
    flagged = sum(json.loads(answer)["category"] is not None for answer in answers)
    require(flagged > 10, f"only {flagged} posts are flagged")
    batch = "[" + ",".join(bodies) + "]"
    status, text = service.ask("POST", "/scan", batch)
    require(status == 200, f"{status} for all posts at once")
    require(json.loads(text) == [json.loads(a) for a in answers], "all at once differ")
    return answers


def refuse_bad_requests(service):
    bodies = ("", "{", "7", '{"id": 1}', '{"text": 7}', '[{"text": "a"}, 1]')
    for body in (*bodies, b'{"text": "\xff"}', b"\xe5\xbe", b'"\xed\xa0\x80"'):
        status, text = service.ask("POST", "/scan", body)
        require(status == 400, f"{status} for {body!r}")
        require(json.loads(text)["error"], f"no error for {body!r}")
    require(service.ask("GET", "/nothing")[0] == 404, "an unknown path is found")


def refuse_bad_options(program, folder):
    """What is wrong with an option is told with its name, and what it may be."""
    bare = folder / "bare.toml"
    bare.write_text(RULELESS)
    for options, said in (
        (["--port", "99999"], '--port takes a number from 0 to 65535, not "99999"'),
        (["--port", "abc"], '--port takes a number from 0 to 65535, not "abc"'),
        (["--threads", "0"], '--threads takes a number from 1 to 4096, not "0"'),
        (["--pack", folder], f"{folder}: cannot be read"),
        (["--pack", folder / "none.toml"], "none.toml: cannot be read"),
        (["--pack", bare], f"{bare}: the pack has no rules"),
    ):
        ran = subprocess.run(
            [program, "--port", "0", *options],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        require(ran.returncode == 1 and said in ran.stderr, f"{options}: {ran.stderr!r}")


def survive_broken_pack(service, pack):
    whole = pack.read_text()
    for broken in (whole + "\ncolour = [\n", RULELESS):
        pack.write_text(broken)
        before = service.metrics()['huoyan_reloads_total{result="failed"}']
        service.reload()
        deadline = time.monotonic() + 20
        while service.metrics()['huoyan_reloads_total{result="failed"}'] == before:
            require(time.monotonic() < deadline, "the broken pack was not told of")
            time.sleep(0.02)
    pack.write_text(whole)
    status, text = service.ask("POST", "/scan", '{"text": "大量V信号出售"}')
    require(status == 200 and json.loads(text)["category"], "it lost its pack")


def load(service, wrk, seconds, bodies, answers, folder):
    """Runs wrk while the pack is reloaded; gives its figures and the memory."""
    (folder / "bodies").write_text("".join(body + "\n" for body in bodies))
    (folder / "answers").write_text("".join(answers))
    script = Path(__file__).with_name("posts.lua")
    command = [wrk, "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", script, f"http://127.0.0.1:{service.port}", "--"]
    command += [folder / "bodies", folder / "answers"]
    over = threading.Event()
    sizes = []

    def disturb():
        while not over.wait(RELOAD_SECONDS):
            service.reload()
            sizes.append(service.resident())

    disturber = threading.Thread(target=disturb)
    disturber.start()
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + 60, check=False
        )
    finally:
        over.set()
        disturber.join()
    found = re.search(r"^RESULT (.*)$", ran.stdout, re.MULTILINE)
    require(found, f"wrk failed: {ran.stdout}{ran.stderr}")
    figures = {k: int(v) for k, v in (pair.split("=") for pair in found[1].split())}
    wrong = re.search(r"^WRONG (.*)$", ran.stdout, re.MULTILINE)
    require(figures["wrong"] == 0, f"{figures['wrong']} answers are wrong: {wrong}")
    return figures, sizes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", required=True, help="the program http-filter")
    parser.add_argument("--cli", required=True, help="the program huoyan")
    parser.add_argument("--wrk", default="wrk")
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = folder / "pack.toml"
        shutil.copy(ROOT / "core/packs/wechat-trade.toml", pack)
        refuse_bad_options(options.service, folder)
        bodies = [json.dumps(post, ensure_ascii=False) for post in posts()]
        service = Service(options.service, pack)
        try:
            answers = compare(service, options.cli, pack, bodies, folder)
            refuse_bad_requests(service)
            survive_broken_pack(service, pack)
            before = service.metrics()
            figures, sizes = load(
                service, options.wrk, options.seconds, bodies, answers, folder
            )
            time.sleep(0.5)
            after = service.metrics()
        finally:
            status = service.stop()
        require(status == 0, f"it ended with {status}")

    def grown(key):
        return after.get(key, 0) - before.get(key, 0)

    for kind in ("connect", "read", "write", "status", "timeout"):
        require(figures[kind] == 0, f"{figures[kind]} requests failed: {kind}")
    codes = {key for key in after if key.startswith("huoyan_requests_total") and grown(key)}
    ok = 'huoyan_requests_total{code="200"}'
    require(codes == {ok}, f"answers under load: {sorted(codes)}")
    # What wrk had under way when its time was over is answered but not counted.
    beyond = grown(ok) - figures["requests"]
    require(0 <= beyond <= CONNECTIONS, f"wrk counts {figures['requests']}, the service {grown(ok)}")
    reloads = grown('huoyan_reloads_total{result="done"}')
    require(reloads >= 5, f"only {reloads:.0f} reloads")
    require(grown('huoyan_reloads_total{result="failed"}') == 0, "a reload failed")
    quarter = len(sizes) // 4
    early = statistics.median(sizes[quarter : 2 * quarter])
    late = statistics.median(sizes[-quarter:])
    require(
        late <= early * (1 + GROWTH_MAX),
        f"memory grew from {early / 1e6:.1f} to {late / 1e6:.1f} MB",
    )
    rate = figures["requests"] / (figures["microseconds"] / 1e6)
    print(
        f"{figures['requests']} requests in {figures['microseconds'] / 1e6:.1f} s, "
        f"{rate:.0f} a second over {CONNECTIONS} connections; all {figures['checked']} "
        f"answers right; {reloads:.0f} reloads; p50 {figures['p50'] / 1e3:.1f} ms, "
        f"p99 {figures['p99'] / 1e3:.1f} ms, max {figures['max'] / 1e3:.1f} ms; resident "
        f"{early / 1e6:.1f} MB early, {late / 1e6:.1f} MB late"
    )


if __name__ == "__main__":
    main()
