package config

import (
	"reflect"
	"slices"
	"testing"

	"github.com/spark-games/spark/models"
)

// TestSecretsAreComplete sets every secret that there is, and wants to hear of each.
func TestSecretsAreComplete(t *testing.T) {
	t.Parallel()
	var c Config
	var want []string
	var set func(v reflect.Value, name string)
	set = func(v reflect.Value, name string) {
		if v.Type() == reflect.TypeFor[models.Secret]() {
			v.Set(reflect.ValueOf(models.NewSecret("secret of " + name)))
			want = append(want, "secret of "+name)
			return
		}
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				set(v.Field(i), name+"."+v.Type().Field(i).Name)
			}
		}
	}
	set(reflect.ValueOf(&c).Elem(), "Config")
	if got := c.Secrets(); !slices.Equal(got, want) || len(want) < 5 {
		t.Errorf("secrets %q, want %q", got, want)
	}
	c = Config{DatabaseURL: models.NewSecret("postgres://spark:pass%2Fword@db:5432/spark"), RedisURL: models.NewSecret("redis://cache:6379/1")}
	if got := c.Secrets(); !slices.Equal(got, []string{"pass/word"}) {
		t.Errorf("of URLs: %q", got)
	}
}
