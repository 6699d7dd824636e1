local Class = require("lib/class")
local Lamp = Class()

function Lamp:init(world, x, y)
    self.body = love.physics.newBody(world, x, y, "dynamic")
    love.physics.newFixture(self.body, love.physics.newCircleShape(14), 1)
end

-- A beam of light goes up and down from it.
function Lamp:at(x) return math.abs(self.body:getX() - x) < 22 end

return Lamp
