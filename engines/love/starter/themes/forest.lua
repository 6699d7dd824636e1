-- This world is a wood in the morning.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.hex("#fff7c2"), -- what floats in the air
  drift = { 0.2, 0.3 }, -- and where it goes
  far = function(pen) land.trees(pen, 9, 0.95, false) end,
  near = function(pen) land.trees(pen, 13, 0.7, false) end,
  sun = function(pen) sky.disc(pen, colors.hex("#fff3b0"), false) end,
  block = ground.soil,
  prop = props.tree,
}
