package builtin

import (
	"strings"

	"github.com/spark-games/spark/engines"
)

// hints reads "word word*3 …": a word and how much it weighs, 1 when it does not say.
func hints(list string) map[string]int {
	m := map[string]int{}
	for w := range strings.FieldsSeq(list) {
		weight := 1
		if name, n, ok := strings.Cut(w, "*"); ok {
			w, weight = name, int(n[0]-'0')
		}
		m[w] = weight
	}
	return m
}

var genreHints = map[engines.Genre]map[string]int{
	engines.GenrePlatformer: hints(`platformer*9 platform*6 platforming*9 jump*2 jumping*2 jumper*4 parkour*4 side-scroller*5 sidescroller*5
			climb*2 climbing*2 ledge*2 stomp*2 adventure mario*4 hop*2 leap*2`),
	engines.GenreShooter: hints(`shooter*9 shmup*9 shoot*4 shooting*4 laser*2 bullet*3 blaster*3 blast*3 gun*2 missile*2 dogfight*4 galaga*6
			invader*3 boss*2 battle*2 war*2 fight zap*2 cannon*2`),
	engines.GenreRunner: hints(`runner*9 endless*3 run*3 running*3 race*4 racing*4 racer*5 dash*3 sprint*3 lane*4 subway*4 road*2 highway*3
			chase*2 escape speed*2`),
	engines.GenrePuzzle: hints(`puzzle*9 puzzler*9 match*4 matching*4 match-3*9 match-three*9 match3*9 swap*4 tile*3 brain*3 bejeweled*9
			jewel logic*3 board*2 grid*2 connect*3 think*2 combo*2`),
}

var themeHints = func() map[string][]string {
	m := map[string][]string{}
	for theme, list := range map[string]string{
		"neon":   "neon cyber cyberpunk synthwave retrowave vaporwave city tron futuristic arcade future disco hacker laser 80s",
		"forest": "forest wood woods woodland jungle rainforest enchanted swamp grove fairy tropical",
		"space": "space galaxy galactic cosmic cosmos universe planet asteroid orbit mars lunar nebula interstellar sci-fi scifi " +
			"spaceship starship rocket ufo astronaut",
		"ocean":  "ocean sea underwater reef coral deep-sea aquatic submarine beach island lagoon undersea abyss aquarium mermaid pirate kraken",
		"desert": "desert sand sandy dune egypt egyptian pyramid western cowboy canyon sahara oasis arabian",
		"candy":  "candy sweet sugar sugary dessert chocolate cake lollipop bakery candyland gingerbread pastel",
		"castle": "castle medieval kingdom dungeon haunted gothic spooky halloween vampire graveyard tower fantasy knight wizard witch ghost night",
		"snow":   "snow snowy ice icy winter christmas arctic frozen polar antarctic frost frosty ski glacier cold snowman penguin",
		"lava":   "lava volcano volcanic fire fiery hell inferno magma flame burning underworld molten",
		"meadow": "meadow farm garden sunny sky cloud spring countryside field village summer picnic park grass hill flower",
	} {
		m[theme] = strings.Fields(list)
	}
	return m
}()

// homes are the themes of a figure if the prompt names no place.
var homes = map[string]string{"fish": "ocean", "ship": "space", "knight": "castle", "ghost": "castle", "fox": "forest",
	"frog": "forest", "bunny": "meadow", "bird": "meadow", "robot": "neon", "dragon": "lava", "alien": "space"}

// The characters and objects of a theme if the prompt names none.
var (
	heroesOf = lists(map[string]string{
		"neon": "robot cat fox ninja", "forest": "fox frog bunny squirrel", "space": "spaceship astronaut rocket robot",
		"ocean": "fish dolphin frog octopus", "desert": "cowboy lizard fox bird", "candy": "bunny blob cat unicorn",
		"castle": "knight dragon ghost wizard", "snow": "penguin bunny husky bear", "lava": "dragon knight phoenix robot",
		"meadow": "bunny bird chick pig",
	})
	collectOf = lists(map[string]string{
		"neon": "star bolt chip gem", "forest": "berry acorn flower firefly", "space": "star crystal orb gem",
		"ocean": "pearl starfish coin gem", "desert": "gem coin key ruby", "candy": "candy cupcake heart lollipop",
		"castle": "coin key potion gem", "snow": "snowflake star cookie gem", "lava": "ruby orb gem coin",
		"meadow": "flower berry coin heart",
	})
	enemiesOf = lists(map[string]string{
		"neon": "drone virus bug robot", "forest": "slime spider bat hedgehog", "space": "alien asteroid drone invader",
		"ocean": "crab urchin pufferfish shark", "desert": "scorpion cactus snake mummy", "candy": "gummy wasp slime spider",
		"castle": "bat skeleton ghost goblin", "snow": "snowman bat wolf troll", "lava": "demon fireball skull imp",
		"meadow": "wasp snail crow beetle",
	})
)

func lists(m map[string]string) map[string][]string {
	out := map[string][]string{}
	for k, v := range m {
		out[k] = strings.Fields(v)
	}
	return out
}

var paces = factors(map[float64]string{
	1.25: "fast quick speedy frantic hectic rapid furious turbo fast-paced frenetic intense speed",
	0.8:  "slow calm relaxing relaxed chill peaceful cozy cosy zen gentle leisurely laid-back soothing meditative",
})

var difficulties = factors(map[float64]string{
	0.7: "easy simple kid kids child children beginner casual toddler toddlers forgiving",
	1.4: "hard difficult challenging brutal hardcore insane tough nightmare punishing expert impossible",
})

func factors(m map[float64]string) map[string]float64 {
	out := map[string]float64{}
	for f, list := range m {
		for w := range strings.FieldsSeq(list) {
			out[w] = f
		}
	}
	return out
}
