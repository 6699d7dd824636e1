package config

import (
	"net/url"
	"reflect"

	"github.com/spark-games/spark/models"
)

// Secrets lists all configured secrets, for code that redacts them: the password of a URL, and any other secret as it is.
func (c *Config) Secrets() []string { return secretsIn(reflect.ValueOf(*c)) }

func secretsIn(v reflect.Value) (list []string) {
	if s, ok := reflect.TypeAssert[models.Secret](v); ok {
		return secretParts(s.Reveal())
	}
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			list = append(list, secretsIn(v.Index(i))...)
		}
		return list
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			list = append(list, secretsIn(v.Field(i))...)
		}
	}
	return list
}

func secretParts(s string) []string {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return []string{s}
	}
	if password, ok := u.User.Password(); ok {
		return []string{password}
	}
	return nil
}
