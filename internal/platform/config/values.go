package config

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// setText gives a field the value that a text stands for. Its error quotes no secret: a secret may be any text.
func setText(field reflect.Value, text string) error {
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](field.Addr()); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch field.Interface().(type) {
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return notDuration(text)
		}
		field.SetInt(int64(d))
		return nil
	case []string:
		field.Set(reflect.ValueOf(words(text)))
		return nil
	case map[string]string:
		pairs, err := pairsOf(text)
		if err == nil {
			field.Set(reflect.ValueOf(pairs))
		}
		return err
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", short(text))
		}
		field.SetInt(int64(n))
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is not true or false", short(text))
		}
		field.SetBool(b)
	default:
		panic("config: no setting can be a " + field.Type().String())
	}
	return nil
}

// notDuration says what is wrong with a time: most often that it has no unit.
func notDuration(text string) error {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return fmt.Errorf(`%q has no unit: write "%ss" for seconds, or "%sm" for minutes`, short(text), short(text), short(text))
	}
	return fmt.Errorf(`%q is no time such as "90s", "15m" or "36h"`, short(text))
}

// words are the entries of a list with commas between.
func words(text string) (all []string) {
	for entry := range strings.SplitSeq(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			all = append(all, entry)
		}
	}
	return all
}

func pairsOf(text string) (map[string]string, error) {
	pairs := make(map[string]string)
	for _, entry := range words(text) {
		key, value, ok := strings.Cut(entry, "=")
		if !ok {
			return nil, errors.New(`is a list such as "one=1,two=2"`)
		}
		pairs[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return pairs, nil
}

// textOf is the inverse of setText.
func textOf(field reflect.Value) string {
	switch v := field.Interface().(type) {
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			return ""
		}
		return string(text)
	case []string:
		return strings.Join(v, ",")
	case map[string]string:
		pairs := make([]string, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, key+"="+v[key])
		}
		return strings.Join(pairs, ",")
	}
	return fmt.Sprint(field.Interface())
}

// short is a value as an error shows it.
func short(s string) string { return models.Shorten(s, 60) }
