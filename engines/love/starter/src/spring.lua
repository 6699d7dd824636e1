-- A damped spring around zero, for squash and stretch. Small fixed steps keep it calm at any frame rate.

local Spring = {}
Spring.__index = Spring

function Spring.new() return setmetatable({ value = 0, speed = 0, rest = 0 }, Spring) end

function Spring:kick(by) self.speed = self.speed + by * 2.2 end

function Spring:step(dt)
  self.rest = self.rest + dt
  while self.rest > 0 do
    self.speed = self.speed + (-self.value * 320 - self.speed * 15) / 240
    self.value = self.value + self.speed / 240
    self.rest = self.rest - 1 / 240
  end
  return math.max(-0.8, math.min(0.8, self.value))
end

return Spring
