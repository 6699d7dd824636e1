-- This world is a city at night, under a banded sun.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.accent, -- what floats in the air
  drift = { -0.3, 0.25 }, -- and where it goes
  far = function(pen) land.towers(pen, 11, 0.85, false) end,
  near = function(pen) land.towers(pen, 8, 0.75, false) end,
  sun = function(pen) sky.disc(pen, colors.accent, true) end,
  block = ground.glowing,
  prop = props.lamp,
}
