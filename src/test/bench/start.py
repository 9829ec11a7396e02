#!/usr/bin/env python3
"""How long a start takes and how much memory a busy process keeps.

    src/test/bench/start.py time                    # all the processes below, in turn, seven times; needs nginx
    src/test/bench/start.py time --java25 /path/to/java
    src/test/bench/start.py time --jar old/stoa.jar --jar target/stoa.jar
    src/test/bench/start.py memory --seconds 60     # with 256 connections; needs wrk

Everything runs on its own ports in folders that are removed afterwards. A start begins with the creation of the process
and ends with the first 200 through the gateway: to GET /api/products with all services in the process, or, of the
gateway alone, from an nginx; processor time is user and system time of the process until then. `fresh` is an empty data
folder, `there` the one that the start before left.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
JAR = os.path.join(ROOT, "target", "stoa.jar")
TICKS = os.sysconf("SC_CLK_TCK")
SECRET = "of-this-benchmark-and-of-nothing-else-0123456789"
SMALL = ["-Xmx64m", "-XX:+UseSerialGC"]
LIMIT = "rate_limit: 1000000/second"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stoa:
    """One process, with ports of its own."""

    def __init__(self, folder, java, flags, *options, jar=JAR):
        ports = {key: free_port() for key in ("gateway", "management")}
        self.port = ports["gateway"]
        sets = [f"{key}.port={port}" for key, port in ports.items()]
        sets += [f"services.{name}-service.port={free_port()}" for name in ("user", "product", "order", "payment")]
        line = [java, *flags, "-jar", jar, "run", "--conf", os.path.join(folder, "conf"),
                "--data", os.path.join(folder, "data"), *options]
        for value in sets + ["auth.jwt_secret=" + SECRET]:
            line += ["--set", value]
        os.makedirs(os.path.join(folder, "conf"), exist_ok=True)
        self.log = os.path.join(folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=log, cwd=folder)

    def status_of(self, path, token=""):
        head = f"Authorization: Bearer {token}\r\n" if token else ""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as client:
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n{head}Connection: close\r\n\r\n".encode())
                return client.recv(100).split(b" ")[1:2]
        except OSError:
            return []

    def until_ok(self, path, token=""):
        until = time.monotonic() + 60
        while self.status_of(path, token) != [b"200"]:
            if self.process.poll() is not None or time.monotonic() > until:
                with open(self.log) as log:
                    raise SystemExit(f"no 200 to {path}:\n{log.read()[-3000:]}")
            time.sleep(0.005)

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def one_start(folder, java, flags, fresh, jar, alone=False):
    if fresh:
        shutil.rmtree(os.path.join(folder, "data"), ignore_errors=True)
    began = time.monotonic()
    stoa = Stoa(folder, java, flags, *(["--roles", "gateway"] if alone else []), jar=jar)
    try:
        stoa.until_ok("/api/bench/1" if alone else "/api/products")
        return time.monotonic() - began, stoa.cpu(), stoa.rss()
    finally:
        stoa.stop()


def variants(options, shop, jar, name):
    """What the JVM may be given, and what a start of the whole shop leaves for it."""
    archive = os.path.join(shop, name + ".jsa")
    one_start(shop, options.java, ["-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"], True, jar)
    yield "plain", options.java, []
    yield "AppCDS", options.java, ["-XX:SharedArchiveFile=" + archive]
    if options.java25:
        cache = os.path.join(shop, name + ".aot")
        one_start(shop, options.java25, ["-XX:AOTCacheOutput=" + cache], True, jar)
        yield "25 plain", options.java25, []
        yield "25 AOT cache", options.java25, ["-XX:AOTCache=" + cache]


def times(options, folder):
    """All variants in turn, so that what else the machine does meets them all."""
    port, nginx = upstream(folder)
    shop, alone = (os.path.join(folder, name) for name in ("shop", "gateway"))
    os.makedirs(shop)
    os.makedirs(os.path.join(alone, "conf"))
    with open(os.path.join(alone, "conf", "routes.yaml"), "w") as routes:
        routes.write(f"""routes: [{{name: bench, path: "/api/bench/*", target: "http://127.0.0.1:{port}", auth: none, {LIMIT}}}]\n""")
    found = {}
    try:
        jars = [(f"{i + 1}", os.path.abspath(jar)) for i, jar in enumerate(options.jar or [JAR])]
        runs = [(name, jar, *variant) for name, jar in jars for variant in variants(options, shop, jar, name)]
        for _ in range(options.rounds):
            for name, jar, kind, java, flags in runs:
                for data in ("fresh", "there"):
                    for what, where in (("shop", shop), ("gateway", alone)):
                        found.setdefault((what, kind, data, name), []).append(
                            one_start(where, java, flags, data == "fresh", jar, what == "gateway"))
    finally:
        nginx.terminate()
        nginx.wait()
    print(f"{'process':<9}{'JVM':<14}{'data':<7}{'jar':<5}{'wall s':>8}{'lowest':>8}{'CPU s':>8}{'RSS MB':>8}")
    for (what, kind, data, name), runs in sorted(found.items(), key=lambda row: row[0][0], reverse=True):
        wall, cpu, rss = ([run[i] for run in runs] for i in range(3))
        median = statistics.median
        print(f"{what:<9}{kind:<14}{data:<7}{name:<5}"
              f"{median(wall):>8.2f}{min(wall):>8.2f}{median(cpu):>8.2f}{median(rss):>8.0f}")


def token():
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    now = int(time.time())
    claims = {"sub": "1", "user_id": "1", "username": "bench", "roles": ["customer"], "iat": now, "exp": now + 3600,
              "jti": "1"}
    signed = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())).decode()


def upstream(folder):
    """nginx with one worker, which answers a small JSON object."""
    port = free_port()
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w") as file:
        file.write(f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{ access_log off; keepalive_requests 100000000; server {{ listen 127.0.0.1:{port} backlog=1024;
location / {{ default_type application/json; return 200 '{{"id": 1, "name": "amphora"}}'; }} }} }}
""")
    return port, subprocess.Popen(["nginx", "-p", folder, "-c", conf], stderr=subprocess.DEVNULL)


def memory(options, folder):
    """After a minute of as many requests as it answers, over 256 connections."""
    port, nginx = upstream(folder)
    os.makedirs(os.path.join(folder, "conf"))
    with open(os.path.join(folder, "conf", "routes.yaml"), "w") as routes:
        routes.write(f"""routes:
  - {{name: bench, path: "/api/bench/*", target: "http://127.0.0.1:{port}", auth: required, {LIMIT}}}
  - {{name: products, path: "/api/products/*", target: "http://product-service:8082", auth: required, {LIMIT}}}
""")
    print(f"{'flags':<58}{'process':<14}{'requests/s':>11}{'RSS MB':>8}")
    try:
        for flags in options.flags or [" ".join(SMALL), "-Xmx128m -XX:+UseSerialGC", "-Xmx128m", ""]:
            for name, roles, path in (("gateway", ["--roles", "gateway"], "/api/bench/1"), ("whole shop", [], "/api/products")):
                shutil.rmtree(os.path.join(folder, "data"), ignore_errors=True)
                stoa = Stoa(folder, options.java, flags.split(), *roles, jar=os.path.abspath((options.jar or [JAR])[0]))
                try:
                    proof = token()
                    stoa.until_ok(path, proof)
                    rate = load(stoa.port, path, proof, options.seconds)
                    print(f"{flags or 'none':<58}{name:<14}{rate:>11}{stoa.rss():>8.0f}", flush=True)
                finally:
                    stoa.stop()
    finally:
        nginx.terminate()
        nginx.wait()


def load(port, path, proof, seconds):
    """Gently at first, so that what is measured is compiled."""
    wrk(port, path, proof, 8, 8)
    out = wrk(port, path, proof, 256, seconds)
    words = out.split()
    refused = int(words[words.index("responses:") + 1]) if "Non-2xx" in out else 0
    if refused * 1000 > int(words[words.index("requests") - 1]):
        raise SystemExit(out)
    return next(line.split()[1] for line in out.splitlines() if line.startswith("Requests/sec"))


def wrk(port, path, proof, connections, seconds):
    return subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-H", "Authorization: Bearer " + proof,
         "-H", "Origin: https://bench.example", f"http://127.0.0.1:{port}{path}"],
        capture_output=True, text=True, check=True).stdout


def count(text):
    if not text.isdecimal() or not 0 < int(text) <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 3600")
    return int(text)


def end(number, _):
    """Once: what is ending its processes is not to be interrupted."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(f"ended by {signal.Signals(number).name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["time", "memory"])
    parser.add_argument("--java", default="java")
    parser.add_argument("--java25", default="", help="a JVM that knows AOT caches, measured beside the other")
    parser.add_argument("--jar", action="append", help="measured beside each other; may be repeated")
    parser.add_argument("--rounds", type=count, default=7)
    parser.add_argument("--seconds", type=count, default=60)
    parser.add_argument("--flags", action="append", help="of the JVM, in one word; may be repeated")
    options = parser.parse_args()
    for java in filter(None, (options.java, options.java25)):
        if not shutil.which(java):
            parser.error(f"no JVM at {java}")
    for jar in options.jar or [JAR]:
        if not os.path.isfile(jar):
            parser.error(f"no jar at {jar}; mvn -DskipTests package makes one")
    for tool in {"time": ["nginx"], "memory": ["nginx", "wrk"]}[options.what]:
        if not shutil.which(tool):
            parser.error(f"no {tool} here; Debian's package has that name")
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, end)
    with tempfile.TemporaryDirectory(prefix="stoa-start-") as folder:
        {"time": times, "memory": memory}[options.what](options, folder)


if __name__ == "__main__":
    main()
