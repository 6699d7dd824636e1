package engines

// The nouns that starters have a picture for, and the picture's name. Several nouns share one: a wolf is a fox of
// another colour. The keys are singular and in lower case.

// Heroes are who the player can be.
var Heroes = map[string]string{
	"fox": "fox", "wolf": "fox", "dog": "fox", "puppy": "fox", "raccoon": "fox", "coyote": "fox", "squirrel": "fox", "husky": "fox", "red panda": "fox",
	"cat": "cat", "kitten": "cat", "kitty": "cat", "tiger": "cat", "lion": "cat", "panther": "cat", "leopard": "cat", "lynx": "cat", "panda": "cat", "bear": "cat", "mouse": "cat", "ninja cat": "cat",
	"robot": "robot", "android": "robot", "bot": "robot", "mech": "robot", "cyborg": "robot", "astronaut": "robot", "cosmonaut": "robot", "spaceman": "robot",
	"ship": "ship", "spaceship": "ship", "rocket": "ship", "starship": "ship", "starfighter": "ship", "jet": "ship", "plane": "ship", "ufo": "ship", "submarine": "ship", "car": "ship",
	"knight": "knight", "warrior": "knight", "paladin": "knight", "soldier": "knight", "viking": "knight", "samurai": "knight", "king": "knight", "queen": "knight", "prince": "knight", "princess": "knight", "ninja": "knight", "hero": "knight", "pirate": "knight", "cowboy": "knight",
	"dragon": "dragon", "wyvern": "dragon", "dinosaur": "dragon", "dino": "dragon", "lizard": "dragon", "gecko": "dragon", "crocodile": "dragon", "t-rex": "dragon",
	"frog": "frog", "toad": "frog", "turtle": "frog", "tadpole": "frog",
	"ghost": "ghost", "spirit": "ghost", "phantom": "ghost", "jellyfish": "ghost", "octopus": "ghost", "wizard": "ghost", "witch": "ghost",
	"bunny": "bunny", "rabbit": "bunny", "hare": "bunny", "kangaroo": "bunny", "unicorn": "bunny", "pony": "bunny", "horse": "bunny", "llama": "bunny", "alpaca": "bunny", "sheep": "bunny",
	"bird": "bird", "chick": "bird", "chicken": "bird", "duck": "bird", "duckling": "bird", "owl": "bird", "parrot": "bird", "penguin": "bird", "eagle": "bird", "phoenix": "bird", "bee": "bird",
	"fish": "fish", "shark": "fish", "dolphin": "fish", "whale": "fish", "goldfish": "fish", "clownfish": "fish", "seahorse": "fish", "mermaid": "fish",
	"blob": "blob", "alien": "alien", "hamster": "blob", "hedgehog": "blob", "pig": "blob", "piglet": "blob", "potato": "blob", "mushroom": "blob", "creature": "blob", "monster": "blob",
}

// Collectibles are what the player gathers.
var Collectibles = map[string]string{
	"star": "star", "starfish": "star", "snowflake": "star", "cookie": "coin", "coin": "coin", "gold": "coin", "doubloon": "coin", "medal": "coin", "cheese": "coin", "pizza": "coin", "donut": "coin",
	"gem": "gem", "diamond": "gem", "crystal": "gem", "jewel": "gem", "ruby": "gem", "emerald": "gem", "sapphire": "gem", "rune": "gem", "treasure": "gem", "relic": "gem", "artifact": "gem",
	"heart": "heart", "berry": "berry", "apple": "berry", "cherry": "berry", "strawberry": "berry", "orange": "berry", "peach": "berry", "fruit": "berry", "blueberry": "berry", "pumpkin": "berry", "tomato": "berry", "acorn": "berry", "nut": "berry", "egg": "berry",
	"flower": "flower", "rose": "flower", "petal": "flower", "daisy": "flower", "lotus": "flower", "leaf": "flower", "mushroom": "flower",
	"orb": "orb", "pearl": "orb", "bubble": "orb", "planet": "orb", "moon": "orb", "light": "orb", "firefly": "orb", "lantern": "orb", "soul": "orb", "potion": "orb", "ring": "orb",
	"bolt": "bolt", "battery": "bolt", "energy": "bolt", "spark": "bolt", "lightning": "bolt", "power cell": "bolt", "chip": "bolt", "carrot": "bolt", "feather": "bolt",
	"key": "key", "candy": "candy", "sweet": "candy", "lollipop": "candy", "gumdrop": "candy", "cupcake": "candy", "cake": "candy", "chocolate": "candy", "marshmallow": "candy", "fish": "fish",
}

// Enemies are what the player avoids or fights. Every hero's picture can be one too.
var Enemies = map[string]string{
	"drone": "drone", "satellite": "drone", "turret": "drone", "camera": "drone", "machine": "drone", "helicopter": "drone",
	"slime": "slime", "goo": "slime", "ooze": "slime", "goblin": "slime", "troll": "slime", "orc": "slime", "zombie": "slime", "snowman": "slime", "gummy": "slime", "monster": "slime", "snail": "slime", "mummy": "slime",
	"bat": "bat", "vampire": "bat", "demon": "bat", "gargoyle": "bat", "crow": "bat", "raven": "bat", "moth": "bat", "mosquito": "bat", "wasp": "bat", "imp": "bat",
	"spike": "spiky", "mine": "spiky", "asteroid": "spiky", "meteor": "spiky", "urchin": "spiky", "cactus": "spiky", "pufferfish": "spiky", "fireball": "spiky", "virus": "spiky", "rock": "spiky", "boulder": "spiky", "bomb": "spiky", "hedgehog": "spiky", "thorn": "spiky",
	"crab": "crab", "scorpion": "crab", "spider": "crab", "beetle": "crab", "bug": "crab", "lobster": "crab", "ant": "crab", "insect": "crab",
	"skull": "skull", "skeleton": "skull", "reaper": "skull", "pirate": "skull",
	"snake": "dragon", "alien": "alien", "martian": "alien", "invader": "alien", "guard": "knight", "eel": "fish", "ghost": "ghost",
}
