-- What wrk sends, and one line of JSON about what came of it.
-- Arguments: file of tokens (one a line; "-": requests have none), path, number of routes, milliseconds that a
-- connection pauses between two requests on average (0: none; then it is the answers that set the pace), the status
-- that answers should have.
local requests, at, only = {}, 0, nil
other = nil -- how many answers had another status, where that is counted here

function setup(thread)
  only = thread
end

local function prepare(path, i, routes)
  requests[#requests + 1] = wrk.format("GET", string.format(path, i % routes))
end

function init(args)
  local path, routes, pause, expected = args[2], tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  wrk.headers["Origin"] = "https://shop.example"
  if args[1] == "-" then
    for i = 0, routes - 1 do
      prepare(path, i, routes)
    end
  else
    local i = 0
    for token in io.lines(args[1]) do
      wrk.headers["Authorization"] = "Bearer " .. token
      prepare(path, i, routes)
      i = i + 1
    end
  end
  if pause > 0 then
    math.randomseed(os.time())
    -- Exponential pauses: arrivals as of many clients that know nothing of each other (Poisson).
    function delay()
      return math.min(10 * pause, math.floor(-pause * math.log(1 - math.random()) + 0.5))
    end
  end
  if expected ~= 200 then -- else wrk counts by itself, which costs it less
    other = 0
    function response(status)
      if status ~= expected then
        other = other + 1
      end
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local refused = only:get("other") or errors.status
  io.write(string.format(
    '\n{"count": %d, "micros": %d, "bytes": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    refused, errors.connect + errors.read + errors.write + errors.timeout))
end
