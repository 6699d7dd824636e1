return { lamps = { { x = 60, y = 40 }, { x = 200, y = 20 }, { x = 340, y = 60 } } }
