package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// clean makes text from the server safe for one line of a terminal or one cell of a table.
func clean(s string) string { return models.CleanLine(separators.Replace(s)) }

var separators = strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")

// cut shortens text to a number of characters.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:max(most-1, 0)]) + "…"
}

// tellMore says how to see the next page of a list, if there is one.
func tellMore(w io.Writer, cursor *string) error {
	if cursor == nil {
		return nil
	}
	_, err := fmt.Fprintf(w, "There are more: --cursor %s\n", clean(*cursor))
	return err
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
