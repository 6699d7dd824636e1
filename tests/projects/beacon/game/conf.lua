function love.conf(t)
    t.identity = "beacon"
    t.version = "11.3"
    t.console = false
    t.window.title = "Beacon"
    t.window.width = 400
    t.window.height = 300
    t.window.vsync = 1
    t.modules.touch = false
end
