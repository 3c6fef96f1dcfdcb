-- Sends the requests of a file over and over: one a line, "<path>\t<body>". Each "{n}" in a body
-- becomes a text that no other request has, so that every create is of a customer of its own.
--
-- wrk … -s requests.lua URL -- METHOD TOKEN FILE PREFIX

local requests = {}
local prefix
local turn, number = 0, 0

-- Splits at every occurrence of a plain text.
local function split(text, separator)
  local pieces, from = {}, 1
  while true do
    local first, last = text:find(separator, from, true)
    pieces[#pieces + 1] = text:sub(from, (first or 0) - 1)
    if not first then return pieces end
    from = last + 1
  end
end

function init(args)
  local method, token, file = args[1], args[2], args[3]
  prefix = args[4]
  wrk.headers["Authorization"] = "Bearer " .. token
  wrk.headers["Content-Type"] = "application/json"

  -- As long as what takes its place, so that the Content-Length stays right.
  local place = prefix .. "#########"
  for line in io.lines(file) do
    local path, body = line:match("^([^\t]*)\t(.*)$")
    body = body:gsub("{n}", place)
    if body == "" then body = nil end
    requests[#requests + 1] = split(wrk.format(method, path, nil, body), place)
  end
end

function request()
  turn = turn % #requests + 1
  local pieces = requests[turn]
  if #pieces == 1 then return pieces[1] end
  local parts = { pieces[1] }
  for i = 2, #pieces do
    number = number + 1
    parts[#parts + 1] = string.format("%s%09d", prefix, number)
    parts[#parts + 1] = pieces[i]
  end
  return table.concat(parts)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"socketErrors":%d}',
    summary.requests,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99),
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
