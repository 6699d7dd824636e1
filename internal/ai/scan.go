package ai

import (
	"encoding/json"
	"strings"
)

// pathScanner reads a JSON answer as it grows and reports the file that it has reached: the value of every "path" key, wherever
// it is. It is a lexer and not a parser: strings and the characters between them are enough, because a "path" inside a file's
// content has its quotes escaped. Text around the answer may mislead it, which only makes the reported progress wrong.
type pathScanner struct {
	inString, escaped bool
	token             []byte // of the string being read, without quotes, cut at maxToken
	last              string // the string that has just ended, while it may still turn out to be a key
	hasLast           bool
	key               string // the key whose value comes next
	files             int
}

const maxToken = 1024

// feed reads on and returns the last path that was completed, if any was.
func (s *pathScanner) feed(chunk string) (path string, found bool) {
	for i := 0; i < len(chunk); i++ {
		if s.inString && !s.escaped { // most of an answer: skip to what ends it
			n := strings.IndexAny(chunk[i:], `"\\`)
			if n < 0 {
				n = len(chunk) - i
			}
			s.token = append(s.token, chunk[i:i+min(n, maxToken-len(s.token))]...)
			if i += n; i == len(chunk) {
				break
			}
		}
		if p, ok := s.step(chunk[i]); ok {
			path, found = p, true
			s.files++
		}
	}
	return path, found
}

func (s *pathScanner) step(c byte) (path string, found bool) {
	if s.inString {
		switch {
		case s.escaped:
			s.escaped = false
		case c == '\\':
			s.escaped = true
		case c == '"':
			s.inString = false
			return s.endString()
		}
		if len(s.token) < maxToken {
			s.token = append(s.token, c)
		}
		return "", false
	}
	switch c {
	case '"':
		s.inString, s.hasLast, s.token = true, false, s.token[:0]
	case ':':
		s.key = ""
		if s.hasLast {
			s.key, s.hasLast = s.last, false
		}
	case ' ', '\t', '\r', '\n':
	default:
		s.key, s.hasLast = "", false
	}
	return "", false
}

func (s *pathScanner) endString() (path string, found bool) {
	if s.key == "path" {
		s.key = ""
		found = json.Unmarshal([]byte(`"`+string(s.token)+`"`), &path) == nil
		return path, found
	}
	s.key = ""
	if s.hasLast = len(s.token) <= len("path"); s.hasLast {
		s.last = string(s.token)
	}
	return "", false
}
