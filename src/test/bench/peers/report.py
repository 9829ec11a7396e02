"""Tables, goals, and what changed since the record."""
import json
import os

COLUMNS = {"rps": "requests/s", "cpu_us": "CPU µs each", "p50_ms": "p50 ms", "p99_ms": "p99 ms", "rss_mb": "RSS MB",
           "first_s": "first answer s"}
PEERS = ["nginx", "haproxy", "vertx-http-proxy", "scg", "scg-full"]
NOTABLE = 0.05


def read(path):
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return json.load(file)


def write(path, measured):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(measured, file, indent=1)
        file.write("\n")


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
        print(f"{name:20}" + "".join(f"{figures[key]:16,.{_digits(key)}f}" for key in keys))


def _digits(key):
    return {"rps": 0, "cpu_us": 1, "rss_mb": 0, "p50_ms": 2, "p99_ms": 2, "first_s": 2}[key]


def _goals(settings):
    """What issue by issue was promised, each as a figure and the most it may be."""
    def cpu(peer, setting="c64"):
        return settings[setting]["stoa-full"]["cpu_us"] / settings[setting][peer]["cpu_us"]

    def of(setting, name, key):
        return settings[setting][name][key]

    goals = [
        ("CPU of the full chain ÷ bare vertx-http-proxy", 1.0, lambda: cpu("vertx-http-proxy")),
        ("CPU of the full chain ÷ Spring Cloud Gateway, plain", 0.4, lambda: cpu("scg")),
        ("CPU of the full chain ÷ Spring Cloud Gateway, full", 0.3, lambda: cpu("scg-full")),
        ("CPU of the full chain ÷ nginx", 2.0, lambda: cpu("nginx")),
        ("p99 at 70 % ÷ p50 of Spring Cloud Gateway at its 70 %", 1.0,
         lambda: of("load70", "stoa-full", "p99_ms") / of("load70", "scg", "p50_ms")),
        ("added latency at low load, ms (p50)", 0.3,
         lambda: of("low", "stoa-full", "p50_ms") - of("low", "direct", "p50_ms")),
        ("CPU with 1,000 routes ÷ with 4", 1.05,
         lambda: of("routes", "stoa-full@1000", "cpu_us") / of("routes", "stoa-full@4", "cpu_us")),
        ("resident MB at 256 connections", 200, lambda: of("memory", "stoa-full", "rss_mb")),
        ("first answer with the archive, s", 1.0, lambda: of("start", "stoa-full, archive", "first_s")),
        ("first answer without, s", 2.0, lambda: of("start", "stoa-full", "first_s")),
    ]
    print(f"\n{'goal':58}{'at most':>10}{'is':>10}")
    for text, most, figure in goals:
        try:
            value = figure()
        except KeyError:
            print(f"{text:58}{most:>10}{'not measured':>15}")
            continue
        print(f"{text:58}{most:>10}{value:>10.2f}  {'met' if value <= most else 'NOT MET'}")


def _ratios(settings, recorded):
    """Of Stoa to each peer: what can be compared from one machine to another."""
    print(f"{'':20}" + "".join(f"{'÷ ' + peer:>20}" for peer in PEERS))
    for setting, results in settings.items():
        for name in results:
            if name.startswith("stoa"):
                cells = [_cell(name, peer, results, recorded.get(setting, {})) for peer in PEERS]
                if any(cells):
                    print(f"{setting + ' ' + name:20}" + "".join(f"{cell:>20}" for cell in cells))


def _cell(name, peer, results, recorded):
    if "@" in name:
        peer += "@" + name.split("@")[1]
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
