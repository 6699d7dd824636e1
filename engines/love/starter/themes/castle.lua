-- This world is towers under the moon.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.collect, -- what floats in the air
  drift = { 0.1, 0.2 }, -- and where it goes
  far = function(pen) land.towers(pen, 6, 0.8, true) end,
  near = function(pen) land.hills(pen, 120, { { 3, 36, 0 }, { 8, 12, 1 } }) end,
  sun = function(pen) sky.moon(pen) end,
  block = ground.bricks,
  prop = props.banner,
}
