-- A wrapped sweet. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "cone", at = { -0.38, 0 }, size = { 0.34, 0.28 }, tilt = -1.57, fill = "main+" },
  { shape = "cone", at = { 0.38, 0 }, size = { 0.34, 0.28 }, tilt = 1.57, fill = "main+" },
  { shape = "ball", at = { 0, 0 }, size = { 0.58, 0.54 }, z = 0.02, fill = "main" },
  { shape = "ball", at = { 0.02, 0.02 }, size = { 0.12, 0.5 }, tilt = 0.5, z = 0.14, fill = "white", flat = true },
}
