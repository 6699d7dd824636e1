-- This world is volcanoes, and embers in the air.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.accent, -- what floats in the air
  drift = { 0.15, 0.8 }, -- and where it goes
  far = function(pen) land.peaks(pen, 5, 0.8, false) end,
  near = function(pen) land.peaks(pen, 9, 0.5, false) end,
  sun = function(pen) sky.disc(pen, colors.accent, false) end,
  block = ground.bricks,
  prop = props.crystal,
}
