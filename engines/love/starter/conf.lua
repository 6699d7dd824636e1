-- What LÖVE asks before the game begins.

function love.conf(t)
  t.identity = "spark-game"
  t.version = "11.4"
  t.window.title = "{{title}}"
  t.window.width, t.window.height = 960, 600
  t.window.resizable = true
  t.window.highdpi = true
  t.modules.joystick = false
  t.modules.physics = false
  t.modules.thread = false
  t.modules.video = false
end
