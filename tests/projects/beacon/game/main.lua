-- Everything goes through the state machine.
local State = require "states"
local timer = require("lib.timer")

function love.load(args)
    love.graphics.setDefaultFilter("nearest", "nearest")
    State.switch("play", "one")
end

function love.update(dt)
    timer.update(dt)
    State.call("update", dt)
end

function love.draw() State.call("draw") end

for _, event in ipairs { "keypressed", "mousepressed", "resize" } do
    love[event] = function(...) State.call(event, ...) end
end
