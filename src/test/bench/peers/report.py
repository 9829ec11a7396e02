"""Tables, goals, and what changed since the record."""
import json
import math
import os

COLUMNS = {"rps": "requests/s", "cpu_us": "CPU µs each", "jit": "% compiling", "p50_ms": "p50 ms", "p99_ms": "p99 ms", "rss_mb": "RSS MB",
           "first_s": "first answer s"}
PEERS = ["nginx", "haproxy", "vertx-http-proxy", "scg", "scg-full"]
NOTABLE = 0.05
PACED = ("low", "same70", "load70")
COLD = 1.0  # percent of its time that a JVM compiled while it was measured
ABOUT_MACHINE = ("cpu", "cores", "kernel", "java")
ABOUT_VERSIONS = ("nginx", "haproxy", "vertx-http-proxy", "spring-cloud-gateway-server-webflux", "stoa")
BEGIN, END = "<!-- by bench.py --record -->", "<!-- until here -->"


def read(path):
    """What was measured, {} if nothing was."""
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        try:
            measured = json.load(file)
        except ValueError as why:
            raise SystemExit(f"{path} is not JSON: {why}") from None
    _check(path, measured)
    return measured


def _check(path, measured):
    def has(where, value, kind, text):
        if not isinstance(value, kind) or isinstance(value, bool):
            raise SystemExit(f"{path}: {where} is not {text}; measure anew, or take the file away")

    has("the whole", measured, dict, "an object")
    has("at", measured.get("at"), str, "a date")
    has("rounds", measured.get("rounds"), int, "a number")
    for about, keys in (("machine", ABOUT_MACHINE), ("versions", ABOUT_VERSIONS)):
        has(about, measured.get(about), dict, "an object")
        for key in keys:
            has(f"{about}.{key}", measured[about].get(key), (str, int), "there")
    has("settings", measured.get("settings"), dict, "an object")
    for setting, results in measured["settings"].items():
        has(f"settings.{setting}", results, dict, "an object")
        for name, figures in results.items():
            has(f"settings.{setting}.{name}", figures, dict, "an object")
            for key, figure in figures.items():
                has(f"settings.{setting}.{name}.{key}", figure, (int, float), "a number")
                if key != "jit" and not 0 < figure < math.inf:
                    raise SystemExit(f"{path}: settings.{setting}.{name}.{key} is {figure}, which cannot be")


def write(path, measured):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _replace(path, json.dumps(measured, indent=1) + "\n")


def _replace(path, text):
    """Whole or not at all."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def put_into(readme, measured):
    """Renews the part of the README that comes of the record."""
    with open(readme) as file:
        before, _, rest = file.read().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{readme} has no part between {BEGIN} and {END}")
    _replace(readme, f"{before}{BEGIN}\n{markdown(measured)}\n{END}{after}")


def show(measured, recorded):
    if not measured:
        raise SystemExit("nothing has been measured yet")
    print(f"{measured['at']}, medians of {measured['rounds']} rounds")
    for about in ("machine", "versions"):
        print(f"{about}: " + "; ".join(f"{key} {value}" for key, value in measured[about].items()))
    settings = measured["settings"]
    for setting, results in settings.items():
        _table(setting, results)
    _goals(settings)
    print("\nCPU of each request, as ratios in the same run"
          + (" (and against the last record)" if recorded else ""))
    _ratios(settings, recorded.get("settings", {}))


def _table(setting, results):
    keys = [key for key in COLUMNS if any(key in figures for figures in results.values())]
    print(f"\n{setting:20}" + "".join(f"{COLUMNS[key]:>16}" for key in keys))
    for name, figures in results.items():
        cells = [f"{figures[key]:,.{_digits(key)}f}" if key in figures else "" for key in keys]
        print(f"{name:20}" + "".join(f"{cell:>16}" for cell in cells))


def _digits(key):
    return {"rps": 0, "cpu_us": 1, "jit": 1, "rss_mb": 0, "p50_ms": 2, "p99_ms": 2, "first_s": 2}[key]


def _goals(settings):
    print(f"\n{'goal':78}{'at most':>10}{'is':>10}")
    for text, most, value in _goals_and_figures(settings):
        if value is None:
            print(f"{text:78}{most:>10}{'not measured':>15}")
        else:
            print(f"{text:78}{most:>10}{value:>10.2f}  {_verdict(value, most)}")


def _verdict(value, most):
    return "met" if value <= most else "NOT MET"


def _goals_and_figures(settings):
    """What was promised: a text, the most it may be, and what it is; None where it was not measured."""
    def cpu(peer, setting="c64"):
        return settings[setting]["stoa-full"]["cpu_us"] / settings[setting][peer]["cpu_us"]

    def of(setting, name, key):
        return settings[setting][name][key]

    def p99(setting):
        return of(setting, "stoa-full", "p99_ms") / of(setting, "scg", "p50_ms")

    def refusal():
        answer, *refusals = [figures["cpu_us"] for figures in settings["refused"].values()]
        return max(refusals) / answer

    goals = [
        ("CPU of the full chain ÷ bare vertx-http-proxy", 1.0, lambda: cpu("vertx-http-proxy")),
        ("CPU of the full chain ÷ Spring Cloud Gateway, plain", 0.4, lambda: cpu("scg")),
        ("CPU of the full chain ÷ Spring Cloud Gateway, full", 0.3, lambda: cpu("scg-full")),
        ("CPU of the full chain ÷ nginx", 2.0, lambda: cpu("nginx")),
        ("p99 ÷ p50 of Spring Cloud Gateway, each at 70 % of its own most", 1.0, lambda: p99("load70")),
        ("p99 ÷ p50 of Spring Cloud Gateway, both at 70 % of the latter's most", 1.0, lambda: p99("same70")),
        ("added latency at low load, ms (p50)", 0.3,
         lambda: of("low", "stoa-full", "p50_ms") - of("low", "direct", "p50_ms")),
        ("CPU with 1,000 routes ÷ with 4", 1.05,
         lambda: of("routes", "stoa-full@1000", "cpu_us") / of("routes", "stoa-full@4", "cpu_us")),
        ("CPU of the dearest refusal ÷ of an answer", 1.0, refusal),
        ("resident MB at 256 connections", 200, lambda: of("memory", "stoa-full", "rss_mb")),
        ("first answer with the archive, s", 1.0, lambda: of("start", "stoa-full, archive", "first_s")),
        ("first answer without, s", 2.0, lambda: of("start", "stoa-full", "first_s")),
    ]
    for text, most, figure in goals:
        try:
            yield text, most, figure()
        except KeyError:
            yield text, most, None


def _ratios(settings, recorded):
    """Of Stoa to each peer: what can be compared from one machine to another."""
    print(f"{'':20}" + "".join(f"{'÷ ' + peer:>20}" for peer in PEERS + ["itself@4"]))
    for setting, results in settings.items():
        for name in results:
            if name.startswith("stoa"):
                peers = PEERS + ([name.split("@")[0]] if name.endswith("@1000") else [])
                cells = [_cell(name, peer, results, recorded.get(setting, {})) for peer in peers]
                if any(cells):
                    print(f"{setting + ' ' + name:20}" + "".join(f"{cell:>20}" for cell in cells))


def _cell(name, peer, results, recorded):
    if "@" in name:
        peer += "@4" if name.startswith(peer) else "@" + name.split("@")[1]
    now, then = _ratio(results, name, peer), _ratio(recorded, name, peer)
    if not now:
        return ""
    if not then:
        return f"{now:.2f}"
    change = now / then - 1
    mark = "" if abs(change) < NOTABLE else " better" if change < 0 else " WORSE"
    return f"{now:.2f} ({change:+.0%}{mark})"


def _ratio(results, name, peer):
    if "cpu_us" in results.get(name, {}) and "cpu_us" in results.get(peer, {}):
        return results[name]["cpu_us"] / results[peer]["cpu_us"]
    return None


def markdown(measured):
    """The tables of the README."""
    if not measured:
        raise SystemExit("nothing has been recorded yet")
    settings, versions = measured["settings"], measured["versions"]
    machine = measured["machine"]
    about = (f"Medians of {measured['rounds']} rounds, {measured['at']}, on {machine['cores']} cores of a virtual machine"
             f" ({machine['cpu']}; {_version(machine['java'])};\nStoa as of {versions['stoa']}, Vert.x {versions['vertx-http-proxy']}, Spring Cloud"
             f" Gateway {versions['spring-cloud-gateway-server-webflux']}, {_version(versions['nginx'])},"
             f" {_version(versions['haproxy'])}).")
    cold = {}
    for setting, results in settings.items():
        for name, figures in results.items():
            if setting not in PACED and figures.get("jit", 0) >= COLD:
                cold.setdefault(name, []).append(f"{figures['jit']:.1f} % in `{setting}`")
    refused = settings.get("refused", {})
    names = [name for name in PEERS + ["stoa", "stoa-full"] if any(name in result for result in settings.values())]
    loads = [name for name in ("c64", "c256", "body", "h2", "tls") if name in settings]
    columns = [(f"`{load}`", load, "") for load in loads]
    if "routes" in settings:
        columns += [("4 routes", "routes", "@4"), ("1,000 routes", "routes", "@1000")]
    paces = [name for name in PACED if name in settings]
    paced = [name for name in ["direct"] + names if any(name in settings[pace] for pace in paces)]
    jvms = ["stoa-full, archive" if name == "archive" else name for name in names + ["archive"]]
    jvms = [name for name in jvms if name in settings.get("start", {}) or name in settings.get("memory", {})]
    return "\n\n".join(part for part in [
        about,
        _rows(["CPU µs of a request"] + [title for title, _, _ in columns],
              [[name] + [_figure(settings, setting, name + routes, "cpu_us") for _, setting, routes in columns]
               for name in names]),
        "Still compiling for more than a percent of that time: "
        + "; ".join(f"{name} {', '.join(where)}" for name, where in cold.items()) + "." if cold else "",
        _rows(["CPU µs of an answer, `refused`"] + [name.split()[1] for name in refused],
              [["stoa-full"] + [_figure(settings, "refused", name, "cpu_us") for name in refused]]) if refused else "",
        _rows(["p50 / p99, ms"] + [f"`{pace}`" for pace in paces],
              [[name] + [_both(settings, pace, name) for pace in paces] for name in paced]),
        _rows(["", "resident MB, `memory`", "first answer s, `start`"],
              [[name, _figure(settings, "memory", name, "rss_mb"), _figure(settings, "start", name, "first_s")]
               for name in jvms]),
        _rows(["goal", "at most", "is", ""],
              [[text, f"{most:g}", "" if value is None else f"{value:.2f}",
                "not measured" if value is None else _verdict(value, most).lower()]
               for text, most, value in _goals_and_figures(settings)]),
    ] if part)


def _rows(head, rows):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head)] + rows)


def _figure(settings, setting, name, key):
    value = settings.get(setting, {}).get(name, {}).get(key)
    return "" if value is None else f"{value:,.{_digits(key)}f}"


def _both(settings, pace, name):
    p50, p99 = (_figure(settings, pace, name, key) for key in ("p50_ms", "p99_ms"))
    return p50 and f"{p50} / {p99}"


def _version(text):
    """Of the many ways in which programs tell theirs: name and number."""
    text = text.replace("nginx version: nginx/", "nginx ").replace("HAProxy version", "HAProxy")
    words = text.replace("openjdk version", "Java").replace('"', "").split()
    return " ".join(word.split("-")[0] for word in words[:2])
