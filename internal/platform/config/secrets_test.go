package config

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/spark-games/spark/models"
)

// TestSecretsAreComplete sets every secret that there is, and wants to hear of each.
func TestSecretsAreComplete(t *testing.T) {
	t.Parallel()
	c := Config{Providers: make([]NamedProvider, 2)}
	var want []string
	var set func(v reflect.Value, name string)
	set = func(v reflect.Value, name string) {
		if v.Type() == reflect.TypeFor[models.Secret]() {
			v.Set(reflect.ValueOf(models.NewSecret("secret of " + name)))
			want = append(want, "secret of "+name)
			return
		}
		if v.Kind() == reflect.Slice {
			for i := range v.Len() {
				set(v.Index(i), fmt.Sprint(name, i))
			}
		}
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				if !v.Type().Field(i).IsExported() {
					continue
				}
				set(v.Field(i), name+"."+v.Type().Field(i).Name)
			}
		}
	}
	set(reflect.ValueOf(&c).Elem(), "Config")
	if got := c.Secrets(); !slices.Equal(got, want) || len(want) < 8 {
		t.Errorf("secrets %q, want %q", got, want)
	}
	c = Config{DatabaseURL: models.NewSecret("postgres://spark:pass%2Fword@db:5432/spark"), RedisURL: models.NewSecret("redis://cache:6379/1")}
	if got := c.Secrets(); !slices.Equal(got, []string{"pass/word"}) {
		t.Errorf("of URLs: %q", got)
	}
}
