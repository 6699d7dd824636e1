-- A key. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { 0.14, -0.02 }, size = { 0.56, 0.13 }, round = 0.2, fill = "main" },
  { shape = "box", at = { 0.36, -0.14 }, size = { 0.1, 0.2 }, round = 0.2, fill = "main" },
  { shape = "box", at = { 0.2, -0.12 }, size = { 0.09, 0.15 }, round = 0.2, fill = "main" },
  { shape = "ring", at = { -0.26, 0 }, size = { 0.36, 0.36 }, z = 0.02, tube = 0.13, fill = "main" },
}
