-- This world is mountains in the snow.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.white, -- what floats in the air
  drift = { -0.2, -0.7 }, -- and where it goes
  far = function(pen) land.peaks(pen, 6, 0.85, true) end,
  near = function(pen) land.trees(pen, 14, 0.62, true) end,
  sun = function(pen) sky.disc(pen, colors.hex("#fffbe6"), false) end,
  block = ground.bricks,
  prop = props.fir,
}
