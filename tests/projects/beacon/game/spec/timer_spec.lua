-- For busted, with LuaJIT.
local list = {}
for i = 1, 3 do
    if i == 2 then goto continue end
    list[#list + 1] = i
    ::continue::
end
assert(#list == 2)
