-- Coroutines that sleep.
local timer = { threads = {} }

local ok, ffi = pcall(require, "ffi") -- only a desktop has it
timer.precise = ok and ffi ~= nil

function timer.run(f) timer.threads[#timer.threads + 1] = { co = coroutine.create(f), wait = 0 } end

function timer.sleep(s) coroutine.yield(s) end

function timer.update(dt)
    for i = #timer.threads, 1, -1 do
        local t = timer.threads[i]
        t.wait = t.wait - dt
        if t.wait <= 0 then
            local fine, s = coroutine.resume(t.co)
            if not fine then error(s) end
            if coroutine.status(t.co) == "dead" then table.remove(timer.threads, i) else t.wait = s end
        end
    end
end

return timer
