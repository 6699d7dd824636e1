-- A seeded source of chance (mulberry32): the same seed gives the same level on every machine. Lua 5.1 has no operators on
-- bits, so numbers are taken apart: four bits at a time for "exclusive or", sixteen for a product.

local floor = math.floor
local WHOLE = 2 ^ 32

local xors = {}
for a = 0, 15 do
  for b = 0, 15 do
    local sum, x, y = 0, a, b
    for bit = 0, 3 do
      if x % 2 ~= y % 2 then sum = sum + 2 ^ bit end
      x = floor(x / 2)
      y = floor(y / 2)
    end
    xors[a * 16 + b] = sum
  end
end

local function xor(a, b)
  local sum, place = 0, 1
  for _ = 1, 8 do
    sum = sum + xors[a % 16 * 16 + b % 16] * place
    a = floor(a / 16)
    b = floor(b / 16)
    place = place * 16
  end
  return sum
end

-- The lower 32 bits of a product.
local function product(a, b)
  local high, low = floor(a / 65536), a % 65536
  return (high * b % 65536 * 65536 + low * b) % WHOLE
end

local function right(a, bits) return floor(a / 2 ^ bits) end

-- a with the bits of 61 (11 1101) set.
local function with61(a) return a - a % 64 + 61 + (floor(a / 2) % 2) * 2 end

local Random = {}
Random.__index = Random

function Random.new(seed)
  return setmetatable({ state = seed % WHOLE }, Random)
end

-- At least 0 and less than 1.
function Random:next()
  self.state = (self.state + 0x6d2b79f5) % WHOLE
  local t = self.state
  t = product(xor(t, right(t, 15)), t + 1 - t % 2)
  t = xor(t, (t + product(xor(t, right(t, 7)), with61(t))) % WHOLE)
  return xor(t, right(t, 14)) / WHOLE
end

function Random:range(min, max) return min + (max - min) * self:next() end

-- Includes both ends.
function Random:int(min, max) return min + floor((max - min + 1) * self:next()) end

function Random:pick(list) return list[floor(#list * self:next()) + 1] end

function Random:chance(p) return self:next() < p end

return Random
