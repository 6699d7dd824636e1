-- This world is dunes under a low sun.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.hex("#fff2cf"), -- what floats in the air
  drift = { -0.5, 0.05 }, -- and where it goes
  far = function(pen) land.hills(pen, 150, { { 2, 50, 1 }, { 5, 20, 0 } }) end,
  near = function(pen) land.hills(pen, 110, { { 3, 36, 2 }, { 8, 10, 1 } }) end,
  sun = function(pen) sky.disc(pen, colors.hex("#fff0a0"), false) end,
  block = ground.bricks,
  prop = props.cactus,
}
