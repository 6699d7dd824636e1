--[[ A tiny class library.
     License: public domain ]]
return setmetatable({}, {
    __call = function(_, parent)
        local class = {}
        class.__index = class
        return setmetatable(class, {
            __index = parent,
            __call = function(c, ...)
                local o = setmetatable({}, c)
                if c.init then c.init(o, ...) end
                return o
            end,
        })
    end,
})
