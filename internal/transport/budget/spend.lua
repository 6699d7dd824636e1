-- A key holds the time at which all that its caller has spent is back. ARGV[1] is how much may be spent, then the cost for each key, all in
-- microseconds. The answer is 1 if the costs were added, else 0, and what each caller has spent then.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local most = tonumber(ARGV[1])
local spent = {1}
for i, key in ipairs(KEYS) do
  local back = tonumber(redis.call('GET', key) or now)
  spent[i + 1] = math.max(back - now, 0)
  if spent[i + 1] + tonumber(ARGV[i + 1]) > most then spent[1] = 0 end
end
if spent[1] == 0 then return spent end
for i, key in ipairs(KEYS) do
  spent[i + 1] = spent[i + 1] + tonumber(ARGV[i + 1])
  redis.call('SET', key, string.format('%.0f', now + spent[i + 1]), 'PX', math.ceil(spent[i + 1] / 1000))
end
return spent
