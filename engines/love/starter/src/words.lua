-- Small help with English, so that texts can be put together from the words in design.lua.

local words = {}

local alike = { fish = true, sheep = true, deer = true, treasure = true, gold = true, fruit = true, sushi = true, honey = true, cheese = true }

local function ends(word, ...)
  for _, tail in ipairs({ ... }) do
    if word:sub(-#tail) == tail then return true end
  end
  return false
end

function words.plural(word)
  if alike[word] or ends(word, "s") and not ends(word, "us", "ss") then return word end
  if ends(word, "s", "x", "z", "ch", "sh") then return word .. "es" end
  if word:match("[^aeiou]y$") then return word:sub(1, -2) .. "ies" end
  if ends(word, "wolf") then return word:sub(1, -2) .. "ves" end
  return word .. "s"
end

return words
