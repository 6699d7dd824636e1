package builtin

// kind is what an adjective refers to.
type kind int

const (
	anything kind = iota // "more jump", "increase the jump"
	fastness
	height
	hardness
	strength
	amount
	size
)

// degree is a word that gives a direction.
type degree struct {
	kind kind
	op   op
}

// degrees are the words that give a direction.
var degrees = func() map[string]degree {
	m := map[string]degree{}
	for d, list := range map[degree]string{
		{fastness, up}:   "fast faster quick quicker quickly speedy speedier rapid rapidly swift swifter hectic frantic speedup",
		{fastness, down}: "slow slower slowly slows calm calmer relaxed relaxing chill gentle gentler sluggish",
		{height, up}:     "high higher highest taller further farther",
		{height, down}:   "low lower lowest shorter",
		{hardness, up}:   "hard harder difficult tougher tough challenging trickier tricky brutal",
		{hardness, down}: "easy easier simple simpler forgiving",
		{strength, up}:   "strong stronger heavy heavier",
		{strength, down}: "weak weaker light lighter floaty floatier",
		{amount, up}:     "more many extra additional another plenty lots",
		{amount, down}:   "fewer less few",
		{size, up}:       "big bigger larger large longer",
		{size, down}:     "small smaller tiny",
		{anything, up}:   "increase increased raise raised boost boosted up improve double doubled triple tripled twice",
		{anything, down}: "decrease decreased reduce reduced drop cut down halve halved",
	} {
		for w := range set(list) {
			m[w] = d
		}
	}
	return m
}()

// factors of how much: the usual is 1.3.
var extents = map[string]float64{"bit": 1.15, "slightly": 1.15, "little": 1.15, "somewhat": 1.15, "tad": 1.15, "touch": 1.15,
	"much": 1.7, "lot": 1.7, "way": 1.7, "far": 1.7, "significantly": 1.7, "considerably": 1.7, "super": 1.7, "really": 1.7, "very": 1.5,
	"twice": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3, "thrice": 3}

// nouns of what can be changed.
var targetNouns = func() map[string]string {
	m := map[string]string{}
	for target, list := range map[string]string{
		"jump":       "jump jumping jumper leap leaping hop hopping",
		"speed":      "speed run running walk walking fly flying movement moving velocity",
		"pace":       "pace tempo game gameplay everything",
		"gravity":    "gravity",
		"enemies":    "enemy foe monster baddie opponent villain",
		"lives":      "life heart health hp",
		"moves":      "move turn",
		"goal":       "goal target score collectible item pickup",
		"fireRate":   "fire firing shot shoot shooting bullet laser gun weapon cannon",
		"difficulty": "difficulty",
		"hero":       "hero player character protagonist him her he she",
		"level":      "level layout map",
		"sky":        "sky background sunset",
		"ground":     "ground platform floor block road tile",
		"text":       "text letter font",
		"accent":     "accent portal button highlight",
	} {
		for w := range set(list) {
			m[w] = target
		}
	}
	return m
}()

// particles are words of a request that carry no meaning once it is carried out.
var particles = set(`theme themed style look setting set place world colour color colours colors coloured colored paint change swap replace switch
	make making made not enough too as than by to of per percent time times rate height remove without no any instead become becomes start
	begin begins starts need needs needed required collect gather win give gives total should isn't aren't is are was so bit little much lot
	slightly somewhat tad touch way far significantly considerably super really very half zero half-as normal current down up feel feels
	number amount count new another different fresh random other shuffle seed darker dark gloomier brighter bright lighter night turn exchange`)
