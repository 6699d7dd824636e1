-- This world is hills of sweets.

local colors = require("colors")
local ground = require("ground")
local land = require("land")
local props = require("props")
local sky = require("sky")

return {
  speck = colors.white, -- what floats in the air
  drift = { 0.15, -0.3 }, -- and where it goes
  far = function(pen) land.domes(pen, 7, 0.75) end,
  near = function(pen) land.domes(pen, 11, 0.5) end,
  sun = function(pen) sky.disc(pen, colors.white, false) end,
  block = ground.sweet,
  prop = props.lolly,
}
