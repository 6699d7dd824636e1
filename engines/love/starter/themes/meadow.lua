-- This world is green hills and a clear sky.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.white, -- what floats in the air
  drift = { 0.3, 0.1 }, -- and where it goes
  far = function(pen) land.hills(pen, 170, { { 2, 46, 0 }, { 5, 18, 1 } }) end,
  near = function(pen) land.trees(pen, 8, 0.55, false) end,
  sun = function(pen) sky.disc(pen, colors.hex("#fff6b8"), false) end,
  block = ground.soil,
  prop = props.tree,
}
