-- Plays a recorded game with a project's rules, and returns how it ended.
local rules = require("rules")

return function(game)
  local design = {}
  for name, value in pairs(require("design")) do design[name] = value end
  design.seed, design.difficulty = game.seed, game.difficulty
  local world = rules.create(design, game.aspect)
  for _, step in ipairs(game.steps) do
    local input = { x = step.input.x, y = step.input.y, jump = step.input.jump, action = step.input.action, pressed = {},
      pointer = { x = 0, y = 0, down = false, pressed = false, released = false } }
    for _, name in ipairs(step.input.hit) do input.pressed[name] = true end
    for _ = 1, step.times do rules.step(world, 1 / 120, input) end
  end
  return { status = world.status, score = world.score, hearts = world.hearts or 0, time = world.time, x = world.player.x, y = world.player.y }
end
