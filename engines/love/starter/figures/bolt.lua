-- A bolt of energy. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "poly", at = { 0, 0 }, size = { 0.72, 0.96 }, fill = "main", points = { { 0.12, 0.5 }, { -0.45, -0.08 }, { -0.06, -0.08 }, { -0.16, -0.5 }, { 0.45, 0.1 }, { 0.04, 0.1 }, { 0.38, 0.5 } } },
}
