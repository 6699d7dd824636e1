package builtin

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// edition is a project that a prompt changes.
type edition struct {
	Reading
	file engines.DesignFile
	old  engines.Design // as the project has it
	done map[string]bool
}

// Edit changes a project that a starter has written, as far as the prompt is understood: values of its design file, and the
// files that the starter would write differently for them, if nobody has changed them since. Everything else stays as it is.
func Edit(engine engines.Engine, files []models.File, prompt string) ([]models.File, Reading, error) {
	designed, ok := engine.(engines.Designed)
	if !ok {
		return nil, Reading{}, models.NewError(models.CodeNotEditable,
			"the offline generator cannot edit games of this engine; from_scratch makes another game")
	}
	file, err := designed.DesignFile(files)
	if err != nil {
		return nil, Reading{}, models.WrapError(models.CodeOf(err), "the offline generator cannot edit this project: "+models.AsError(err).Message+
			"; from_scratch makes another game", err)
	}
	e := &edition{file: file, done: map[string]bool{}}
	if e.old, err = readDesign(file); err != nil {
		return nil, Reading{}, err
	}
	e.Design = e.old
	e.follow(prompt)
	out, err := e.merge(engine, files)
	return out, e.Reading, err
}

// readDesign is the design in a file; fields that are not plain values are empty.
func readDesign(file engines.DesignFile) (d engines.Design, err error) {
	for name, to := range map[string]*string{"title": &d.Title, "prompt": &d.Prompt, "theme": &d.Theme, "hero": &d.Hero, "collect": &d.Collect,
		"enemy": &d.Enemy} {
		*to, _ = file.Text(name)
	}
	genre, _ := file.Text("genre")
	d.Genre = engines.Genre(genre)
	if !d.Genre.Valid() {
		return d, models.NewError(models.CodeNotEditable, fmt.Sprintf(
			"the offline generator cannot edit this project: the genre in %s is unknown; from_scratch makes another game", file.Path()))
	}
	d.Pace, _ = file.Number("pace")
	d.Difficulty, _ = file.Number("difficulty")
	seed, _ := file.Number("seed")
	d.Seed = int64(max(0, min(seed, 1<<31-1)))
	for name, to := range colorsOf(&d.Palette) {
		*to, _ = file.Text("palette." + name)
	}
	for _, t := range d.Genre.Tunables() {
		v, _ := file.Number("tuning." + t.Name)
		d.Tuning.Set(t.Name, max(-1e6, min(v, 1e6)))
	}
	return d, nil
}

func colorsOf(p *engines.Palette) map[string]*string {
	return map[string]*string{"sky": &p.Sky, "skyLow": &p.SkyLow, "ground": &p.Ground, "hero": &p.Hero, "collect": &p.Collect,
		"enemy": &p.Enemy, "accent": &p.Accent, "text": &p.Text}
}

// merge is the project with its changes.
func (e *edition) merge(engine engines.Engine, files []models.File) ([]models.File, error) {
	out, conflict, err := e.rewrite(engine, files)
	if err == nil && conflict != "" {
		// What is drawn cannot change, so the words do not change either.
		e.undo(conflict)
		out, _, err = e.rewrite(engine, files)
	}
	if err != nil {
		return nil, err
	}
	e.write()
	for i, f := range out {
		if f.Path == e.file.Path() {
			out[i].Data = e.file.Data()
		}
	}
	return out, nil
}

// rewrite replaces what the starter writes differently for the new design. A picture that was changed by hand stays, which is
// reported; so do texts, on which nothing depends.
func (e *edition) rewrite(engine engines.Engine, files []models.File) (out []models.File, conflict string, err error) {
	before, err := engine.Starter(e.old)
	if err != nil {
		return nil, "", fmt.Errorf("write the starter: %w", err)
	}
	after, err := engine.Starter(e.Design)
	if err != nil {
		return nil, "", fmt.Errorf("write the starter: %w", err)
	}
	out = slices.Clone(files)
	for _, next := range after {
		was, known := find(before, next.Path)
		if next.Path == e.file.Path() || known && bytes.Equal(was, next.Data) {
			continue
		}
		i := slices.IndexFunc(out, func(f models.File) bool { return f.Path == next.Path })
		switch {
		case i >= 0 && known && bytes.Equal(out[i].Data, was):
			out[i].Data = next.Data
		case !e.file.Repeats(next.Path):
			conflict = next.Path
		}
	}
	return out, conflict, nil
}

func find(files []models.File, path string) ([]byte, bool) {
	for _, f := range files {
		if f.Path == path {
			return f.Data, true
		}
	}
	return nil, false
}

// undo reverts changes of pictures.
func (e *edition) undo(because string) {
	d := &e.Design
	d.Hero, d.Collect, d.Enemy = e.old.Hero, e.old.Collect, e.old.Enemy
	if d.Theme != e.old.Theme {
		d.Theme, d.Palette = e.old.Theme, e.old.Palette
	}
	e.Understood = slices.DeleteFunc(e.Understood, func(s string) bool {
		for _, what := range []string{"theme: ", "hero: ", "gathered: ", "enemy: "} {
			if strings.HasPrefix(s, what) {
				e.ignore(s, because+" has been changed by hand")
				return true
			}
		}
		return false
	})
}

// write puts the changed values into the design file.
func (e *edition) write() {
	oldColors, newColors := colorsOf(&e.old.Palette), colorsOf(&e.Design.Palette)
	texts := map[string][2]string{"title": {e.old.Title, e.Design.Title}, "theme": {e.old.Theme, e.Design.Theme}, "hero": {e.old.Hero, e.Design.Hero},
		"collect": {e.old.Collect, e.Design.Collect}, "enemy": {e.old.Enemy, e.Design.Enemy}}
	for name, to := range newColors {
		texts["palette."+name] = [2]string{*oldColors[name], *to}
	}
	for name, t := range texts {
		if t[0] != t[1] {
			e.file.SetText(name, t[1])
		}
	}
	numbers := map[string][2]float64{"pace": {e.old.Pace, e.Design.Pace}, "difficulty": {e.old.Difficulty, e.Design.Difficulty},
		"seed": {float64(e.old.Seed), float64(e.Design.Seed)}}
	for _, t := range e.old.Genre.Tunables() {
		numbers["tuning."+t.Name] = [2]float64{e.old.Tuning.Get(t.Name), e.Design.Tuning.Get(t.Name)}
	}
	for name, n := range numbers {
		if n[0] != n[1] {
			e.file.SetNumber(name, n[1])
		}
	}
}

// ignore reports what has no effect, and why if it was understood.
func (e *edition) ignore(what, why string) {
	if why != "" {
		what += " (" + why + ")"
	}
	if what = engines.CleanText(what, maxToldRunes+60); what != "" && len(e.Ignored) < maxTold && !slices.Contains(e.Ignored, what) {
		e.Ignored = append(e.Ignored, what)
	}
}

// respond edits the request's project.
func edit(req generation.Request) (*generation.Response, error) {
	files, reading, err := Edit(req.Engine, req.Files, req.Prompt)
	if err != nil {
		return nil, err
	}
	summary := "Nothing was changed: the offline generator did not understand what to change."
	if len(reading.Understood) > 0 {
		summary = "Changed " + strings.Join(reading.Understood, "; ") + "."
	}
	var none int64 // known: there is no model that could count any
	return &generation.Response{Provider: Name, Model: Model, TokensIn: &none, TokensOut: &none, Files: files,
		Title: reading.Design.Title, Summary: engines.CleanText(summary, generation.MaxSummaryRunes),
		Genre: string(reading.Design.Genre), Understood: reading.Understood, Ignored: reading.Ignored}, nil
}
