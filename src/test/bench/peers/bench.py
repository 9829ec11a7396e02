#!/usr/bin/env python3
"""The gateway beside its peers, all in one run on this machine: see "Performance" in the README.

    bench.py [--quick] [--rounds N] [--only stoa,scg] [setting ...]    measures (all settings if none is named), reports
    bench.py --report                                                  only reports what was measured last
    bench.py --record            makes that what later runs are compared with, and puts it into the README
    bench.py --markdown          prints the README's part that comes of the record

Everything listens on loopback. Contestants take turns, round by round, and what counts is the median. What the
kernel says a process cost is divided by the requests it answered: that figure stands on a busy machine, too.
"""
import argparse
import contextlib
import datetime
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

import report
from contestants import CONTESTANTS, ON_THE_JVM, ROOT, SMALL, Scene, free_port, upstream
from machine import Process, h2load, requests_at_upstream, wrk

JAR = os.path.join(ROOT, "target", "stoa.jar")
MEASURED = os.path.join(ROOT, "target", "peers", "measured.json")
RECORDED = os.path.join(ROOT, "src", "test", "bench", "results", "peers.json")
PACKAGES = {"nginx": "nginx", "haproxy": "haproxy", "wrk": "wrk", "h2load": "nghttp2-client", "openssl": "openssl"}
README = os.path.join(ROOT, "README.md")
EVERYONE = list(CONTESTANTS)


class Plan:
    """How long and how often: enough for figures to be believed, or only to see that all works."""

    def __init__(self, quick, rounds):
        self.rounds = rounds or (1 if quick else 5)
        self.seconds = 2 if quick else 3
        self.warm_up = 100_000 if quick else 200_000


class Arena:
    """An upstream and contestants in front of it, warmed up; all end with it."""

    def __init__(self, plan, stack, wirings, names=EVERYONE, warm=True):
        self.plan = plan
        self.running = {}
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stoa-bench-"))
        for label, wiring in wirings.items():
            scene = Scene(os.path.join(folder, label or "one"), **wiring)
            origin = _start(stack, "upstream", upstream(scene), scene)
            origin.wait_until_answers(f"http://127.0.0.1:{scene.upstream}/r0/small", {})
            if warm and not label:
                self.running["direct"] = (origin, f"http://127.0.0.1:{scene.upstream}", scene)
            for name in names:
                port = free_port()
                url = f"http://127.0.0.1:{port}"
                process = _start(stack, name, CONTESTANTS[name](scene, port), scene)
                if scene.h2 and name in ("nginx", "haproxy"):  # which speak HTTP/2 only there
                    process.wait_until_listens(port)
                else:
                    process.wait_until_answers(url + scene.path_of(0) + "small", scene.headers)
                self.running[name + label] = (process, url, scene)
        if warm:
            for name in self.running:
                self._warm_up(name)

    def _warm_up(self, name):
        """By count: a JVM that has not answered 200,000 requests is still compiling. Gently at first: who is slow
        because nothing is compiled yet would be taken for overloaded, by its own breaker or by itself."""
        if name.split("@")[0] not in ON_THE_JVM:
            return
        done = self._send(name, 4, "small", self.plan.seconds, 0)["count"]
        until = time.monotonic() + 120
        while done < self.plan.warm_up:
            result = self._send(name, 64, "small", self.plan.seconds, 0)
            done += result["count"] - result["refused"]
            if time.monotonic() > until:
                raise SystemExit(f"{name} does not get warm: {done} answers, and at last {result}")

    def _send(self, name, connections, file, seconds, per_second):
        _, url, scene = self.running[name]
        if scene.h2:
            return h2load(url, scene.path_of(0) + file, connections, seconds, scene.tokens[0])
        pause = 1000 * connections / per_second if per_second else 0
        return wrk(url, "/r%d/" + file, connections, seconds, scene.token_file, scene.routes, pause)

    def load(self, name, connections, file="small", per_second=0):
        """One measurement of one contestant; what it costs is counted around it. One in which a request fails does not
        count and is repeated, since a machine that stood still for a moment is nobody's fault; thrice is one's own."""
        process, _, scene = self.running[name]
        status = f"http://127.0.0.1:{scene.status}/"
        for _ in range(3):
            arrived, cpu = requests_at_upstream(status), process.cpu_seconds()
            result = self._send(name, connections, file, self.plan.seconds, per_second)
            cpu = process.cpu_seconds() - cpu
            arrived = requests_at_upstream(status) - arrived
            if not result["refused"] and not result["broken"] and 0 < result["count"] <= arrived:
                break
            print(f"{name}: {arrived} requests came to the upstream, and the load generator says {result}", flush=True)
        else:
            raise SystemExit(f"{name} fails requests")
        figures = {"rps": result["count"] / result["seconds"], "cpu_us": 1e6 * cpu / result["count"],
                   "rss_mb": process.rss_mb()}
        if per_second:
            figures.update(p50_ms=result["p50"] / 1000, p99_ms=result["p99"] / 1000)
        return figures | {"count": result["count"]}

    def take_turns(self, one_round, names=None):
        """The medians of each contestant over all rounds."""
        names = names or [name for name in self.running if name != "direct"]
        rounds = {name: [] for name in names}
        for _ in range(self.plan.rounds):
            for name in names:
                rounds[name].append(one_round(name))
        return {name: _medians(figures) for name, figures in rounds.items()}


def _start(stack, name, command, scene):
    process = Process(name, command, scene.folder)
    stack.callback(process.stop)
    return process


def _medians(figures):
    keys = [key for key in figures[0] if key != "count"]
    return {key: round(statistics.median(figure[key] for figure in figures), 3) for key in keys}


def seventy_percent(arena):
    """Latency at 70 % of what each can do at most, from 256 connections that pause between requests."""
    most = {name: arena.load(name, 64)["rps"] for name in arena.running if name != "direct"}
    return arena.take_turns(lambda name: arena.load(name, 256, per_second=0.7 * most[name]))


def same_load(arena):
    """Latency at one load for all: 70 % of what Spring Cloud Gateway's plain route can do at most. What comes to an
    operator does not depend on the gateway. Its full chain is left out, since it cannot do that much."""
    most = statistics.median(arena.load("scg", 64)["rps"] for _ in range(3))
    names = [name for name in arena.running if name not in ("direct", "scg-full")]
    return arena.take_turns(lambda name: arena.load(name, 256, per_second=0.7 * most), names)


def low_load(arena):
    """Latency of 200 requests a second: what a contestant adds to those of the upstream alone."""
    return arena.take_turns(lambda name: arena.load(name, 4, per_second=200), names=list(arena.running))


def closed(connections, file="small"):
    return lambda arena: arena.take_turns(lambda name: arena.load(name, connections, file))


def first_answer(plan, names):
    """Seconds from the start of the process until the whole chain answered 200."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stoa-bench-"))
        scene = Scene(folder, routes=4)
        _start(stack, "upstream", upstream(scene), scene).wait_until_answers(scene.target() + "/r0/small", {})
        ways = {name: (name, []) for name in names if name in ON_THE_JVM}
        if "stoa-full" in names:
            archive = os.path.join(folder, "stoa.jsa")
            _first_answer(scene, "stoa-full", [f"-XX:ArchiveClassesAtExit={archive}"])
            ways["stoa-full, archive"] = ("stoa-full", [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"])
        seconds = {label: [] for label in ways}
        for _ in range(plan.rounds):
            for label, (name, flags) in ways.items():
                seconds[label].append(_first_answer(scene, name, flags))
        return {label: {"first_s": round(statistics.median(each), 2)} for label, each in seconds.items()}


def _first_answer(scene, name, flags):
    port = free_port()
    command = CONTESTANTS[name](scene, port)
    process = Process(name, command[:1] + flags + command[1:], scene.folder)
    try:
        return process.wait_until_answers(f"http://127.0.0.1:{port}/r0/small", scene.headers)
    finally:
        process.stop()


FOUR = {"": {"routes": 4}}
# Settings with the same wiring and the same contestants share their processes.
SETTINGS = {
    "c64": (FOUR, EVERYONE, closed(64)),
    "c256": (FOUR, EVERYONE, closed(256)),
    "load70": (FOUR, EVERYONE, seventy_percent),
    "same70": (FOUR, EVERYONE, same_load),
    "low": (FOUR, EVERYONE, low_load),
    "body": (FOUR, EVERYONE, closed(64, "large")),
    # Bare vertx-http-proxy sends the upstream's Connection field on to HTTP/2 clients, who have to refuse it.
    "h2": ({"": {"routes": 4, "h2": True}}, [name for name in EVERYONE if name != "vertx-http-proxy"], closed(64)),
    "tls": ({"": {"routes": 4, "tls": True}}, EVERYONE, closed(64)),
    "routes": ({"@4": {"routes": 4}, "@1000": {"routes": 1000}}, ["nginx", "haproxy", "scg", "stoa-full"], closed(64)),
    "memory": ({"": {"routes": 4, "java": SMALL}}, [name for name in EVERYONE if name in ON_THE_JVM], closed(256)),
    "start": None,
}


def measure(plan, settings, only):
    """A result at a time: {setting: {contestant: figures}}."""
    for wiring, names, group in _groups(settings):
        with contextlib.ExitStack() as stack:
            arena = Arena(plan, stack, wiring, [name for name in names if name in only])
            for setting in group:
                print(f"measuring {setting} …", flush=True)
                yield {setting: SETTINGS[setting][2](arena)}
    if "start" in settings:
        print("measuring start …", flush=True)
        yield {"start": first_answer(plan, only)}


def _groups(settings):
    groups = []
    for setting in settings:
        if SETTINGS[setting]:
            wiring, names, _ = SETTINGS[setting]
            same = next((group for group in groups if group[:2] == (wiring, names)), None)
            if not same:
                same = (wiring, names, [])
                groups.append(same)
            same[2].append(setting)
    return groups


def prepare():
    """The peers: from Debian, and from Maven."""
    missing = [package for tool, package in PACKAGES.items() if not shutil.which(tool)]
    if missing:
        install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        if os.geteuid() != 0:
            raise SystemExit("first: sudo " + " ".join(install))
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(install, check=True)
    if not os.path.exists(JAR):
        subprocess.run(["mvn", "-q", "-B", "-DskipTests", "package"], cwd=ROOT, check=True)
    for peer in ("vertx", "scg", "scg-full"):
        if not os.path.isdir(os.path.join(ROOT, "target", "peers", peer, "dependency")):
            pom = os.path.join(os.path.dirname(os.path.abspath(__file__)), peer, "pom.xml")
            subprocess.run(["mvn", "-q", "-B", "-f", pom, "package"], check=True)


def about_this_machine():
    with open("/proc/cpuinfo") as cpus:
        models = [line.split(":")[1].strip() for line in cpus if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(), "java": _says(["java", "-version"])}


def versions():
    jars = {"vertx-http-proxy": "vertx", "spring-cloud-gateway-server-webflux": "scg"}
    found = {"nginx": _says(["nginx", "-v"]), "haproxy": _says(["haproxy", "-v"])}
    for artifact, peer in jars.items():
        for name in os.listdir(os.path.join(ROOT, "target", "peers", peer, "dependency")):
            if name.startswith(artifact + "-"):
                found[artifact] = name[len(artifact) + 1:-len(".jar")]
    built = datetime.datetime.fromtimestamp(os.path.getmtime(JAR)).isoformat(" ", "minutes")
    return found | {"stoa": f"{_says(['git', '-C', ROOT, 'log', '-1', '--format=%h'])}, built {built}"}


def _says(command):
    out = subprocess.run(command, capture_output=True, text=True)
    return (out.stdout + out.stderr).strip().splitlines()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", metavar="setting", help=", ".join(SETTINGS))
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, proves nothing")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--only", default=",".join(EVERYONE), help="contestants; all: %(default)s")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    unknown = [setting for setting in args.settings if setting not in SETTINGS]
    if unknown:
        parser.error(f"no setting {unknown[0]}; there are {', '.join(SETTINGS)}")
    only = args.only.split(",")
    settings = args.settings or [name for name in SETTINGS if name != "same70" or "scg" in only]
    if "same70" in settings and "scg" not in only:
        parser.error("same70 goes by what scg can do")
    if args.markdown:
        print(report.markdown(report.read(RECORDED)))
        return
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit("ended")))
    measured = report.read(MEASURED)
    if not args.report and not args.record:
        prepare()
        plan = Plan(args.quick, args.rounds)
        for result in measure(plan, settings, only):
            now = versions()
            same = measured.get("versions") == now and measured.get("rounds") == plan.rounds
            earlier = measured.get("settings", {}) if same else {}  # one table does not mix two jars
            known = earlier | result
            measured = {"at": datetime.date.today().isoformat(), "rounds": plan.rounds,
                        "machine": about_this_machine(), "versions": now,
                        "settings": {name: known[name] for name in SETTINGS if name in known}}
            report.write(MEASURED, measured)
    report.show(measured, report.read(RECORDED))
    if args.record and measured["rounds"] < 3:
        raise SystemExit("not recorded: one round proves nothing")
    if args.record:
        report.write(RECORDED, measured)
        report.put_into(README, measured)


if __name__ == "__main__":
    main()
