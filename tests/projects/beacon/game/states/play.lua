local Class = require "lib.class"
local Lamp = require "lamp"
local timer = require "lib.timer"
local utf8 = require("utf8")

local Play = Class()

function Play:enter(level)
    assert(love.filesystem.getInfo("levels/" .. level .. ".lua"), "no level")
    local data = love.filesystem.load("levels/" .. level .. ".lua")()
    self.font = love.graphics.newFont("assets/plain.ttf", 18)
    self.bell = love.audio.newSource("assets/bell.wav", "static")
    self.image = love.graphics.newImage("assets/lamp.png")
    self.batch = love.graphics.newSpriteBatch(self.image, 64)
    self.canvas = love.graphics.newCanvas(400, 300)
    self.glow = love.graphics.newShader("shaders/glow.glsl")
    self.world = love.physics.newWorld(0, 90, true)
    self.ground = love.physics.newBody(self.world, 200, 290, "static")
    love.physics.newFixture(self.ground, love.physics.newRectangleShape(400, 10))
    self.lamps = {}
    for i, at in ipairs(data.lamps) do self.lamps[i] = Lamp(self.world, at.x, at.y) end
    self.words = {}
    for line in love.filesystem.lines("data/words.txt") do self.words[#self.words + 1] = line end
    self.lit = 0
    self.frames = 0
    love.filesystem.write("last.txt", level)
    timer.run(function()
        while true do
            timer.sleep(0.2)
            self.blink = not self.blink
        end
    end)
end

function Play:update(dt)
    self.world:update(math.min(dt, 0.05))
    self.frames = self.frames + 1
    if self.frames == 5 then self:tell() end
end

function Play:tell()
    local word = self.words[self.lit + 1]
    love.window.setTitle(("Beacon: %d lit, %s has %d letters, played %s"):format(self.lit, word, utf8.len(word), love.filesystem.read("last.txt")))
end

function Play:draw()
    love.graphics.setCanvas(self.canvas)
    love.graphics.clear(0.05, 0.07, 0.2)
    self.batch:clear()
    for _, lamp in ipairs(self.lamps) do
        self.batch:setColor(lamp.on and 1 or 0.4, lamp.on and 0.9 or 0.4, 0.4)
        self.batch:add(lamp.body:getX() - 16, lamp.body:getY() - 16)
    end
    love.graphics.setColor(1, 1, 1)
    love.graphics.draw(self.batch)
    love.graphics.setCanvas()
    love.graphics.setShader(self.glow)
    self.glow:send("strength", self.blink and 1.2 or 1)
    love.graphics.draw(self.canvas)
    love.graphics.setShader()
    love.graphics.setFont(self.font)
    love.graphics.printf(self.words[self.lit + 1] or "done", 0, 8, 400, "center")
end

function Play:mousepressed(x, _, button)
    for _, lamp in ipairs(self.lamps) do
        if button == 1 and not lamp.on and lamp:at(x) then
            lamp.on = true
            self.lit = self.lit + 1
            self.bell:clone():play()
            self:tell()
        end
    end
end

return Play
