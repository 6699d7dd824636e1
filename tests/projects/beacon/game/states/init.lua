local here = ...
local State = { stack = {} }

function State.switch(name, ...)
    State.current = require(here .. "." .. name)
    State.current:enter(...)
end

function State.call(name, ...)
    local s = State.current
    if s and s[name] then return s[name](s, ...) end
end

return State
