"""Processes that the benchmark starts, what they cost, and how they are loaded."""
import contextlib
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
HERE = os.path.dirname(os.path.abspath(__file__))
COMPILERS = ("C1 CompilerThre", "C2 CompilerThre")  # of a JVM, as the kernel names threads


class Failed(Exception):
    """What makes it impossible to measure something, for people. What has been measured stands."""


class Process:
    """One process and its children; ended with the block that it is used in."""

    def __init__(self, name, command, folder, env=None):
        self.name = name
        self.started = time.monotonic()
        self.log = os.path.join(folder, name + ".log")
        with open(self.log, "wb") as log:
            self.popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                env={**os.environ, **(env or {})})

    def pids(self):
        found, new = [], [self.popen.pid]
        while new:
            found += new
            new = [child for pid in new for child in _children(pid)]
        return found

    def cpu_seconds(self):
        """User and system time; of children, too."""
        return sum(_cpu_ticks(pid) for pid in self.pids()) / TICKS

    def compiler_seconds(self):
        """What of it went into compiling, in a JVM."""
        ticks = 0
        for thread in os.listdir(f"/proc/{self.popen.pid}/task"):
            with contextlib.suppress(FileNotFoundError):  # threads come and go
                with open(f"/proc/{self.popen.pid}/task/{thread}/comm") as name:
                    if name.read().startswith(COMPILERS):
                        ticks += _cpu_ticks(f"{self.popen.pid}/task/{thread}")
        return ticks / TICKS

    def rss_mb(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/status") as status:
                total += int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
        return total / 1024

    def wait_until_answers(self, url, headers, seconds=60):
        """How long after its start the process answered 200, in seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.popen.poll() is not None:
                self._give_up(f"ended with {self.popen.returncode}")
            try:
                with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
                    if answer.status == 200:
                        return time.monotonic() - self.started
            except (urllib.error.URLError, OSError):
                time.sleep(0.01)
        self._give_up(f"does not answer at {url}")

    def wait_until_listens(self, port):
        for _ in range(1000):
            if self.popen.poll() is not None:
                self._give_up(f"ended with {self.popen.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        self._give_up("does not listen")

    def _give_up(self, why):
        with open(self.log, errors="replace") as log:
            raise Failed(f"{self.name} {why}; the end of its log:\n{''.join(log.readlines()[-20:])}")

    def stop(self):
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(20)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


def _children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [int(child) for child in children.read().split()]
    except FileNotFoundError:
        return []


def _cpu_ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def wrk(url, path, connections, seconds, tokens, routes=1, pause_millis=0, status=200):
    """HTTP/1.1, from one thread; "refused" are the answers with another status."""
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", f"{HERE}/load.lua", url,
         "--", tokens, path, str(routes), str(pause_millis), str(status)],
        capture_output=True, text=True, timeout=seconds + 60)
    lines = out.stdout.strip().splitlines()
    if out.returncode or not lines or not lines[-1].startswith("{"):
        raise Failed(f"wrk {url}: {out.stdout}{out.stderr}")
    result = json.loads(lines[-1])
    result["seconds"] = result["micros"] / 1e6
    return result


def h2load(url, path, connections, seconds, token):
    """HTTP/2 without TLS, four streams on each connection."""
    out = subprocess.run(
        ["h2load", "-t1", f"-c{connections}", "-m4", f"-D{seconds}", "--warm-up-time=0",
         "-H", f"Authorization: Bearer {token}", "-H", "Origin: https://shop.example", url + path],
        capture_output=True, text=True, timeout=seconds + 60)
    codes = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", out.stdout)
    failed = re.search(r"(\d+) failed", out.stdout)
    if not codes or not failed:
        raise Failed(f"h2load {url}: {out.stdout}{out.stderr}")
    good, *other = (int(count) for count in codes.groups())
    return {"count": good, "seconds": float(seconds), "refused": sum(other), "broken": int(failed.group(1))}


def requests_at_upstream(status_url):
    """How many requests the upstream has counted (stub_status of nginx)."""
    with urllib.request.urlopen(status_url, timeout=5) as page:
        return int(page.read().decode().splitlines()[2].split()[2])
