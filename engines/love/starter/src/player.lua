-- What the player prefers, as the page around the game says on the command line: --touch, --calm, --muted.

local player = {
  fingers = love.system.getOS() == "Android" or love.system.getOS() == "iOS", -- plays with fingers
  calm = false, -- wants less motion: fewer particles, no shaking
  muted = false,
}

function player.read(words)
  for _, word in ipairs(words) do
    if word == "--touch" then player.fingers = true end
    if word == "--calm" then player.calm = true end
    if word == "--muted" then player.muted = true end
  end
end

return player
