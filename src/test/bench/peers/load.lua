-- What wrk sends, and one line of JSON about what came of it.
-- Arguments: file of tokens (one a line), path, number of routes, milliseconds that a connection
-- pauses between two requests on average (0: none; then it is the answers that set the pace).
local requests, at = {}, 0

function init(args)
  local routes, pause = tonumber(args[3]), tonumber(args[4])
  local i = 0
  for token in io.lines(args[1]) do
    wrk.headers["Authorization"] = "Bearer " .. token
    wrk.headers["Origin"] = "https://shop.example"
    requests[#requests + 1] = wrk.format("GET", string.format(args[2], i % routes))
    i = i + 1
  end
  if pause > 0 then
    math.randomseed(os.time())
    -- Exponential pauses: arrivals as of many clients that know nothing of each other (Poisson).
    function delay()
      return math.min(10 * pause, math.floor(-pause * math.log(1 - math.random()) + 0.5))
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"count": %d, "micros": %d, "bytes": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
