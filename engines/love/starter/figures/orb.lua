-- A shining pearl with a ring around it. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { 0, 0 }, size = { 0.66, 0.66 }, fill = "main" },
  { shape = "ring", at = { 0, 0 }, size = { 0.92, 0.34 }, tilt = 0.4, z = 0.3, tube = 0.06, fill = "main+", flat = true },
  { shape = "ball", at = { -0.12, 0.14 }, size = { 0.16, 0.12 }, tilt = 0.6, z = 0.32, fill = "white", flat = true },
}
