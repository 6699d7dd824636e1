package kernel

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/models"
)

// Limits on a JSON body, whatever it contains. No sensible body comes close to them.
const (
	maxJSONTokens = 50_000
	maxJSONDepth  = 64
	maxJSONName   = 128 // bytes
)

// scanJSON checks that a body is one JSON value of limited size and depth, without duplicate names in objects. It reads each
// byte once and keeps only the names of open objects.
func scanJSON(raw []byte) error {
	if !utf8.Valid(raw) {
		return models.NewError(models.CodeInvalidRequest, "the body is not UTF-8")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return models.NewError(models.CodeInvalidRequest, "a JSON body is required")
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	for tokens := 0; ; tokens++ {
		token, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, jsontext.ErrDuplicateName):
			return models.FieldError(duplicate(err), "is there twice")
		case err != nil:
			return models.NewError(models.CodeInvalidRequest, "the body is not JSON")
		case tokens >= maxJSONTokens:
			return models.NewError(models.CodeInvalidRequest, "the body has more than "+strconv.Itoa(maxJSONTokens)+" values")
		case d.StackDepth() > maxJSONDepth:
			return models.NewError(models.CodeInvalidRequest, "the body is nested more than "+strconv.Itoa(maxJSONDepth)+" levels deep")
		case isName(d, token) && len(token.String()) > maxJSONName:
			return models.NewError(models.CodeInvalidRequest, "the body has a name of more than "+strconv.Itoa(maxJSONName)+" bytes")
		}
		if d.StackDepth() == 0 && d.PeekKind() != jsontext.KindInvalid {
			return models.NewError(models.CodeInvalidRequest, "the body is more than one JSON value")
		}
	}
}

// isName reports whether the token that was read last is the name of an object's member.
func isName(d *jsontext.Decoder, token jsontext.Token) bool {
	in, n := d.StackIndex(d.StackDepth())
	return token.Kind() == jsontext.KindString && in == jsontext.KindBeginObject && n%2 == 1
}

// duplicate is the pointer of a member that is there twice.
func duplicate(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && len(syntax.JSONPointer) <= maxJSONName {
		return string(syntax.JSONPointer)
	}
	return ""
}
