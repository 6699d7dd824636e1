local Class = require("lib/class")
local Lamp = Class()

function Lamp:init(world, x, y)
    self.body = love.physics.newBody(world, x, y, "dynamic")
    love.physics.newFixture(self.body, love.physics.newCircleShape(14), 1)
end

function Lamp:at(x, y)
    local bx, by = self.body:getPosition()
    return math.abs(bx - x) < 22 and math.abs(by - y) < 150
end

return Lamp
