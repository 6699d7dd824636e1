-- A cut gem with bright facets. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "poly", at = { 0, 0 }, size = { 0.8, 0.82 }, fill = "main", points = { { -0.3, 0.45 }, { 0.3, 0.45 }, { 0.5, 0.14 }, { 0, -0.5 }, { -0.5, 0.14 } } },
  { shape = "poly", at = { 0, 0.24 }, size = { 0.5, 0.2 }, z = 0.04, fill = "main+", flat = true, points = { { -0.3, 0.5 }, { 0.3, 0.5 }, { 0.5, -0.5 }, { -0.5, -0.5 } } },
  { shape = "poly", at = { 0.16, -0.08 }, size = { 0.3, 0.5 }, z = 0.03, fill = "main-", flat = true, points = { { -0.5, 0.5 }, { 0.5, 0.5 }, { -0.5, -0.5 } } },
}
