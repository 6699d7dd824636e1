package builtin

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
)

// follow reads a follow-up prompt clause by clause, and changes the design.
func (e *edition) follow(prompt string) {
	prompt = engines.CleanText(strings.ReplaceAll(cut(prompt), "\n", " . "), maxPromptBytes)
	p := parse(prompt)
	e.retitle(p)
	var last *clause
	clauses := e.clauses(p)
	for i, c := range clauses {
		e.obey(c)
		if !c.changed && c.op == none && c.adjustable() { // "raise the jump and the speed", "make the jump and the speed higher"
			switch {
			case last != nil && last.changed:
				c.borrow(last)
			case i+1 < len(clauses) && clauses[i+1].adjustable():
				c.borrow(clauses[i+1])
			}
			e.obey(c)
		}
		if !c.changed {
			c.tell(e)
		}
		last = c
	}
	for _, text := range p.rest() {
		e.ignore(text, "")
	}
}

// Phrases that give a title: "call it Moon Fox", "rename the game to …", "the title should be …"; with or without quotes.
const anyTitle = `(?:["“„«]([^"“”„«»]{1,80})["”“»]|([^"“”„«».,;!?]{1,80}))`

var titleForms = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:title|name)(?:\s+of\s+(?:it|th(?:e|is)\s+game))?` +
		`(?:\s+(?:should\s+be|to\s+be|is|to|into|be)\s|\s*[:=])\s*` + anyTitle),
	regexp.MustCompile(`(?i)\b(?:re)?(?:call|name|title)\s+(?:it|this|th(?:is|e)\s+game|the\s+title)?\s*(?:to|as|:|=)?\s*` + anyTitle),
}

// goesOn is where something other than the title begins.
var goesOn = regexp.MustCompile(`(?i)\s+(?:and|but|then|,)\s+(?:(?:then|also|please)\s+)*(?:make|change|set|add|give|use|let|turn|put|more|less|fewer|` +
	`with|raise|lower|increase|decrease|remove|slow|speed|double|halve|have|it|the|paint)\b.*\z`)

// retitle takes the title from the prompt. Its words have no other meaning.
func (e *edition) retitle(p *parsed) {
	for _, form := range titleForms {
		at := form.FindStringSubmatchIndex(p.prompt)
		if at == nil {
			continue
		}
		from, to := at[2], at[3] // in quotes
		if from < 0 {
			from, to = at[4], at[5]
			said := goesOn.ReplaceAllString(p.prompt[from:to], "")
			to = from + len(strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(said, " "), " please"), " instead"))
		}
		title := strings.TrimSpace(p.prompt[from:to])
		if title == "" {
			continue
		}
		p.useText(at[0], to)
		title = engines.Design{Title: title}.Normalize().Title
		if _, ok := e.file.Text("title"); !ok {
			e.ignore("the title "+title, "it is not a plain text in "+e.file.Path())
			return
		}
		e.Design.Title = title
		e.note(true, "title", title)
		return
	}
}

// tell reports the part of a clause that has had no effect, as one phrase.
func (c *clause) tell(e *edition) {
	first, last := -1, -1
	for i, w := range c.words() {
		if !c.p.used[c.from+i] && (!quiet(w) || e.known(w)) && !c.keep {
			if first < 0 {
				first = i
			}
		}
		if first >= 0 && !boundaries[w.text] && !requests[w.text] {
			last = i + 1
		}
	}
	if first >= 0 && last > first {
		e.ignore(phrase(c.words()[first:last]), c.why)
	}
	c.p.use(c.from, c.to)
}

var splitters = set("and but then also plus while with")

var exchanging = set("replace swap exchange start starts begin begins")

// exchanges reports whether "with" belongs to the verb before it: "replace the drones with bats", "start with 5 lives".
func exchanges(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return exchanging[w.text] })
}

// clauses splits the prompt and finds in each part what is to change, and how.
func (e *edition) clauses(p *parsed) (list []*clause) {
	from, subject := 0, ""
	flush := func(to int, goesOn bool) {
		if to > from {
			c := &clause{p: p, from: from, to: to, factor: 1}
			e.read(c)
			if goesOn && subject == "enemies" && !c.targeted("enemies") { // "more enemies that move faster", "… slow them down"
				c.targets = append(c.targets, "enemies")
			}
			subject = ""
			if c.targeted("enemies") {
				subject = "enemies"
			}
			list = append(list, c)
		}
		from = to
	}
	goesOn := false
	for i, w := range p.words {
		switch {
		case p.used[i]:
			flush(i, goesOn)
			from, goesOn = i+1, false
		case splitters[w.text] && i > from && (w.text != "with" || !exchanges(p.words[from:i])):
			flush(i, goesOn)
			p.use(i, i+1)
			from, goesOn = i+1, false
		case (w.text == "that" || w.text == "who" || w.text == "which") && i > from:
			flush(i, goesOn)
			from, goesOn = i+1, true
		case w.text == "them" || w.text == "they":
			goesOn = true
		}
		if w.stop {
			flush(i+1, goesOn)
			goesOn = false
		}
	}
	flush(len(p.words), goesOn)
	return list
}
