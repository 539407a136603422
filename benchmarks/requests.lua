-- One kind of request, over and over. BENCH_PATH: with {id} (1 to BENCH_MOST) or {page} (likewise); BENCH_BODY: a form
-- with {n}, a new number each time, which makes it a POST; BENCH_TOKEN; BENCH_ETAG: for If-None-Match.
local path, most = os.getenv("BENCH_PATH"), tonumber(os.getenv("BENCH_MOST") or "1")
local body, etag = os.getenv("BENCH_BODY"), os.getenv("BENCH_ETAG")
local headers = { ["authtoken"] = os.getenv("BENCH_TOKEN"), ["Accept"] = "application/json" }
if body then headers["Content-Type"] = "application/x-www-form-urlencoded" end
if etag then headers["If-None-Match"] = etag end
math.randomseed(tonumber(os.getenv("BENCH_SEED") or "1"))
local n = 0
request = function()
  local number = tostring(math.random(1, most))
  local where = path:gsub("{%a+}", number)
  n = n + 1
  return wrk.format(body and "POST" or "GET", where, headers, body and body:gsub("{n}", tostring(n)) or nil)
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT requests=%d micros=%d refused=%d broken=%d p50=%d p99=%d\n", summary.requests,
    summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
