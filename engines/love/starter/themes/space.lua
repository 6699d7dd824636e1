-- This world is another planet, among the stars.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.white, -- what floats in the air
  drift = { -0.1, 0.02 }, -- and where it goes
  far = function(pen) land.peaks(pen, 6, 0.6, false) end,
  near = function(pen) land.domes(pen, 7, 0.4) end,
  sun = function(pen) sky.planet(pen) end,
  block = ground.glowing,
  prop = props.crystal,
}
