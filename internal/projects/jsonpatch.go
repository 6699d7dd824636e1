package projects

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/models"
)

// What a JSON Patch may cost.
const (
	maxJSONOperations = 256
	maxJSONCopied     = 1 << 20 // bytes that its operations "copy" add
)

// patchJSON applies a JSON Patch (RFC 6902) to a text: all of its operations are done or none. Errors point into the patch.
func patchJSON(text, patch []byte) ([]byte, error) {
	doc, err := readFile(text)
	if err != nil {
		return nil, err
	}
	ops, err := readJSON(patch)
	switch {
	case err != nil:
		return nil, models.FieldError("", "the patch "+err.Error())
	case ops.kind != jsontext.KindBeginArray:
		return nil, models.FieldError("", "is an array of operations")
	case len(ops.items) == 0 || len(ops.items) > maxJSONOperations:
		return nil, models.FieldError("", "has 1 to 256 operations")
	}
	p := &jsonPatch{root: doc, copies: maxJSONCopied}
	steps := make([]jsonStep, len(ops.items))
	for i, op := range ops.items {
		if steps[i], err = readStep(op); err != nil {
			return nil, models.AsError(err).At("/" + strconv.Itoa(i))
		}
	}
	for i, step := range steps {
		if err := p.do(step); err != nil {
			code := models.CodeConflict
			if errors.Is(err, errOtherValue) {
				code = models.CodeTestFailed
			}
			return nil, models.NewError(code, err.Error()).At("/" + strconv.Itoa(i))
		}
	}
	return p.root.writeChecked(text)
}

// readFile reads the JSON file that is patched.
func readFile(text []byte) (*jsonValue, error) {
	doc, err := readJSON(text)
	if err != nil {
		return nil, models.NewError(models.CodeConflict, "the file "+err.Error())
	}
	return doc, nil
}

// writeChecked writes a patched file, if it is one that could be patched again.
func (v *jsonValue) writeChecked(was []byte) ([]byte, error) {
	switch _, values, depth := v.weigh(); {
	case depth > maxJSONDepth:
		return nil, models.NewError(models.CodeConflict, "what the patch makes "+errJSONDepth.Error())
	case values > maxJSONValues:
		return nil, models.NewError(models.CodeConflict, "what the patch makes "+errJSONValues.Error())
	}
	return v.writeLike(was)
}

// jsonStep is one operation of a patch.
type jsonStep struct {
	op         string
	path, from []string // the tokens of pointers
	value      *jsonValue
}

// needs is what operations have besides a path.
var needs = map[string]struct{ value, from bool }{
	"add": {value: true}, "replace": {value: true}, "test": {value: true}, "remove": {}, "move": {from: true}, "copy": {from: true},
}

// readStep reads an operation. Members that it does not need are ignored, as the RFC has it.
func readStep(of *jsonValue) (s jsonStep, err error) {
	if of.kind != jsontext.KindBeginObject {
		return s, models.FieldError("", "an operation is an object")
	}
	get := func(name string) *jsonValue {
		if i := of.member(name); i >= 0 {
			return of.members[i].value
		}
		return &jsonValue{}
	}
	s.op = get("op").text()
	need, known := needs[s.op]
	if !known {
		return s, models.FieldError("/op", "must be add, remove, replace, move, copy or test")
	}
	var ok bool
	if s.path, ok = tokens(get("path")); !ok {
		return s, models.FieldError("/path", "must be a JSON pointer")
	}
	if need.from {
		if s.from, ok = tokens(get("from")); !ok {
			return s, models.FieldError("/from", "must be a JSON pointer")
		}
	}
	if s.value = get("value"); need.value && s.value.kind == jsontext.KindInvalid {
		return s, models.FieldError("/value", "is required")
	}
	return s, nil
}

// text is what a string says; "" of anything else.
func (v *jsonValue) text() string {
	if v.kind != jsontext.KindString {
		return ""
	}
	text, err := jsontext.AppendUnquote(nil, v.raw)
	if err != nil {
		return ""
	}
	return string(text)
}

// tokens splits a JSON pointer (RFC 6901).
func tokens(v *jsonValue) ([]string, bool) {
	p := jsontext.Pointer(v.text())
	if v.kind != jsontext.KindString || !p.IsValid() {
		return nil, false
	}
	return slices.Collect(p.Tokens()), true
}

// Why an operation cannot be done.
var (
	errOtherValue = errors.New("the file has another value there")
	errMissing    = errors.New("names what the file does not have")
	errIndex      = errors.New("has an index that the array does not have")
	errIntoItself = errors.New("moves a value into itself")
	errCopies     = errors.New("copies more than 1 MiB in all")
	errWhole      = errors.New("takes away the whole file: delete it instead")
)

// jsonPatch is a value while operations are done on it.
type jsonPatch struct {
	root   *jsonValue
	copies int // bytes that may still be copied
}

func (p *jsonPatch) do(s jsonStep) error {
	switch s.op {
	case "add":
		return p.add(s.path, s.value.clone())
	case "remove":
		_, err := p.remove(s.path)
		return err
	case "replace":
		now, err := p.find(s.path)
		if err == nil {
			*now = *s.value.clone()
		}
		return err
	case "move":
		if len(s.path) > len(s.from) && slices.Equal(s.path[:len(s.from)], s.from) {
			return errIntoItself
		}
		if slices.Equal(s.path, s.from) {
			_, err := p.find(s.from)
			return err
		}
		moved, err := p.remove(s.from)
		if err != nil {
			return err
		}
		return p.add(s.path, moved)
	case "copy":
		from, err := p.find(s.from)
		if err != nil {
			return err
		}
		size, _, _ := from.weigh()
		if p.copies -= size; p.copies < 0 {
			return errCopies
		}
		return p.add(s.path, from.clone())
	default: // test
		now, err := p.find(s.path)
		if err == nil && !now.equal(s.value) {
			err = errOtherValue
		}
		return err
	}
}

// find is the value at a pointer.
func (p *jsonPatch) find(path []string) (*jsonValue, error) {
	v := p.root
	for _, token := range path {
		switch v.kind {
		case jsontext.KindBeginObject:
			i := v.member(token)
			if i < 0 {
				return nil, errMissing
			}
			v = v.members[i].value
		case jsontext.KindBeginArray:
			i, err := index(token, len(v.items)-1)
			if err != nil {
				return nil, err
			}
			v = v.items[i]
		default:
			return nil, errMissing
		}
	}
	return v, nil
}

// index reads an index of an array, which is at most last.
func index(token string, last int) (int, error) {
	i, err := strconv.Atoi(token)
	if err != nil || strings.HasPrefix(token, "+") || strings.HasPrefix(token, "-") || len(token) > 1 && token[0] == '0' || i > last {
		return 0, errIndex
	}
	return i, nil
}

func (p *jsonPatch) add(path []string, value *jsonValue) error {
	if _, _, depth := value.weigh(); len(path)+depth > maxJSONDepth {
		return errJSONDepth
	}
	if len(path) == 0 {
		p.root = value
		return nil
	}
	in, err := p.find(path[:len(path)-1])
	if err != nil {
		return err
	}
	switch token := path[len(path)-1]; in.kind {
	case jsontext.KindBeginObject:
		in.set(token, value)
	case jsontext.KindBeginArray:
		i := len(in.items)
		if token != "-" {
			if i, err = index(token, len(in.items)); err != nil {
				return err
			}
		}
		in.items = slices.Insert(in.items, i, value)
	default:
		return errMissing
	}
	return nil
}

// set gives an object a member, the last one if it is new.
func (v *jsonValue) set(name string, value *jsonValue) {
	if i := v.member(name); i >= 0 {
		v.members[i].value = value
		return
	}
	raw, _ := jsontext.AppendQuote(nil, name) // of what was read as UTF-8
	v.members = append(v.members, jsonMember{name, raw, value})
}

func (p *jsonPatch) remove(path []string) (*jsonValue, error) {
	if len(path) == 0 {
		return nil, errWhole
	}
	gone, err := p.find(path)
	if err != nil {
		return nil, err
	}
	in, _ := p.find(path[:len(path)-1])
	if i := in.member(path[len(path)-1]); i >= 0 {
		in.members = slices.Delete(in.members, i, i+1)
	} else {
		i, _ := strconv.Atoi(path[len(path)-1])
		in.items = slices.Delete(in.items, i, i+1)
	}
	return gone, nil
}

// mergeJSON applies a JSON merge patch (RFC 7396) to a text. New members follow the others, in the patch's order.
func mergeJSON(text, patch []byte) ([]byte, error) {
	doc, err := readFile(text)
	if err != nil {
		return nil, err
	}
	change, err := readJSON(patch)
	if err != nil {
		return nil, models.FieldError("", "the patch "+err.Error())
	}
	return doc.merge(change).writeChecked(text)
}

// merge is the function MergePatch of the RFC.
func (v *jsonValue) merge(patch *jsonValue) *jsonValue {
	if patch.kind != jsontext.KindBeginObject {
		return patch
	}
	merged := &jsonValue{kind: jsontext.KindBeginObject}
	at := make(map[string]int)
	for i, m := range v.members {
		at[m.name] = i
		merged.members = append(merged.members, m)
	}
	for _, m := range patch.members {
		i, there := at[m.name]
		if m.value.kind == jsontext.KindNull {
			if there {
				merged.members[i].value = nil
			}
			continue
		}
		if !there {
			i = len(merged.members)
			merged.members = append(merged.members, jsonMember{m.name, m.raw, &jsonValue{}})
		}
		merged.members[i].value = merged.members[i].value.merge(m.value)
	}
	merged.members = slices.DeleteFunc(merged.members, func(m jsonMember) bool { return m.value == nil })
	return merged
}
