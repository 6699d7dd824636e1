-- A coin with a rim. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { 0, 0 }, size = { 0.74, 0.78 }, fill = "main" },
  { shape = "ring", at = { 0, 0 }, size = { 0.52, 0.56 }, z = 0.06, tube = 0.06, fill = "main+", flat = true },
  { shape = "box", at = { 0, 0 }, size = { 0.1, 0.3 }, z = 0.04, fill = "main-", flat = true },
}
