-- For wrk: posts one body after another, and compares each answer with what the
-- service answered before the load. Arguments: the file of bodies and the file
-- of answers, one a line.
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(args)
   requests, answers = {}, {}
   wrong, checked, first_wrong = 0, 0, ""
   wrk.headers["Content-Type"] = "application/json"
   for body in io.lines(args[1]) do
      table.insert(requests, wrk.format("POST", "/scan", nil, body))
   end
   for line in io.lines(args[2]) do
      answers[line:match('^{"id":"(%d+)"')] = line .. "\n"
   end
   at = 0
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function response(status, headers, body)
   checked = checked + 1
   if status ~= 200 or body ~= answers[body:match('^{"id":"(%d+)"') or ""] then
      wrong = wrong + 1
      first_wrong = status .. " " .. body
   end
end

function done(summary, latency, requests)
   local wrong, checked, first_wrong = 0, 0, ""
   for _, thread in ipairs(threads) do
      wrong = wrong + thread:get("wrong")
      checked = checked + thread:get("checked")
      if thread:get("first_wrong") ~= "" then first_wrong = thread:get("first_wrong") end
   end
   local errors = summary.errors
   io.write(string.format(
      "RESULT requests=%d microseconds=%d connect=%d read=%d write=%d status=%d " ..
      "timeout=%d wrong=%d checked=%d p50=%d p99=%d max=%d\n",
      summary.requests, summary.duration, errors.connect, errors.read, errors.write,
      errors.status, errors.timeout, wrong, checked, latency:percentile(50),
      latency:percentile(99), latency.max))
   if first_wrong ~= "" then io.write("WRONG " .. first_wrong .. "\n") end
end
