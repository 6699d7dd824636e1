-- Small help with English, so that texts can be put together from the words in design.lua.

local words = {}

local alike = {}
for noun in ("sheep deer moose bison shrimp salmon trout aircraft spacecraft treasure gold fruit sushi honey cheese energy lightning"):gmatch("%S+") do
  alike[noun] = true
end

-- Irregular ends, and what they become; the first that fits counts.
local irregular = {
  { "human", "humans" }, { "shaman", "shamans" }, { "talisman", "talismans" }, { "caiman", "caimans" }, { "man", "men" }, { "mouse", "mice" },
  { "goose", "geese" }, { "child", "children" }, { "person", "people" }, { "foot", "feet" }, { "tooth", "teeth" }, { "wolf", "wolves" },
  { "leaf", "leaves" }, { "loaf", "loaves" }, { "elf", "elves" }, { "thief", "thieves" }, { "calf", "calves" }, { "knife", "knives" },
  { "hero", "heroes" }, { "potato", "potatoes" }, { "tomato", "tomatoes" }, { "torpedo", "torpedoes" }, { "volcano", "volcanoes" },
  { "mosquito", "mosquitoes" }, { "buffalo", "buffaloes" },
}

local function ends(word, list)
  for tail in list:gmatch("%S+") do
    if word:sub(-#tail) == tail then return true end
  end
  return false
end

local function starts(word, list)
  for head in list:gmatch("%S+") do
    if word:sub(1, #head) == head then return true end
  end
  return false
end

function words.plural(noun)
  local last = (noun:match("([^ ]*)$")):lower()
  if noun == "" or alike[last] or ends(last, "fish") or ends(last, "s") and not ends(last, "us ss") then return noun end
  for _, i in ipairs(irregular) do
    if ends(last, i[1]) then return noun:sub(1, -#i[1] - 1) .. i[2] end
  end
  if ends(last, "s x z ch sh") then return noun .. "es" end
  if ends(last, "y") and not ends(last, "ay ey iy oy uy") then return noun:sub(1, -2) .. "ies" end
  return noun .. "s"
end

local function soundsLikeVowel(noun)
  local word = noun:match("[^ %-]+") or ""
  if word:match("^%d") then return word:sub(1, 1) == "8" or word == "11" or word == "18" end
  if word:match("^%l$") or word:match("^[bcdfghjklmnpqrstvwxz]+$") then return word:match("^[aefhilmnorsx]") ~= nil end -- letters are said one by one
  if starts(word, "hour honest honor honour heir unin unim unid") then return true end
  if starts(word, "uni use usu ute uti uto ufo ura eu ew one once") then return false end
  return starts(word, "a e i o u à á â ä å æ è é ê ë ì í î ï ò ó ô ö ø ù ú û ü")
end

-- Puts "a" or "an" before a noun, by its sound: a unicorn, an hour, an invader.
function words.withArticle(noun)
  return (soundsLikeVowel(noun:lower()) and "an " or "a ") .. noun
end

return words
