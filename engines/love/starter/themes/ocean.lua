-- This world is the bottom of a warm sea.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.hex("#e8fdff"), -- what floats in the air
  drift = { 0.1, 0.7 }, -- and where it goes
  far = function(pen) land.hills(pen, 150, { { 3, 40, 0 }, { 7, 16, 1 } }) end,
  near = function(pen) land.domes(pen, 9, 0.42) end,
  sun = function(pen) sky.disc(pen, colors.hex("#d8fbff"), false) end,
  block = ground.soil,
  prop = props.kelp,
}
