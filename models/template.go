package models

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Template is a pipeline with a name and parameters, which stand in the inputs of its steps.
type Template struct {
	ID          string
	AccountID   string // "" of one that every account has
	Name        string
	Description string
	Parameters  Parameters     `gorm:"serializer:json"`
	Steps       []TemplateStep `gorm:"serializer:json"`
	// Version counts its changes, from 1.
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TemplateStep is a step as a pipeline has it. The texts in its input may have references to parameters: {{params.NAME}}.
type TemplateStep struct {
	Name                string                         `json:"name,omitempty"`
	Kind                Kind                           `json:"kind"`
	Priority            Priority                       `json:"priority,omitempty"`
	Input               json.RawMessage                `json:"input,omitempty"`
	After               *[]string                      `json:"after,omitempty"` // nil is the step before
	OnDependencyFailure DependencyPolicy               `json:"on_dependency_failure,omitempty"`
	RunIf               map[string]DependencyCondition `json:"run_if,omitempty"`
}

// TemplateRef is a version of a template. Its zero value is none.
type TemplateRef struct {
	ID      string
	Name    string
	Version int
	BuiltIn bool `gorm:"-"` // known of one that was just found
}

// Limits of templates.
const (
	// MaxTemplateParameters and MaxTemplateSteps limit what is asked for, and the steps, in bytes of JSON.
	MaxTemplateParameters = 32 << 10
	MaxTemplateSteps      = 128 << 10
)

var templateName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)

// ValidTemplateName reports whether a template may have the name.
func ValidTemplateName(name string) bool { return templateName.MatchString(name) }

// BuiltIn reports whether every account has the template, and none may change it.
func (t *Template) BuiltIn() bool { return t.AccountID == "" }

// Ref is the template's present version.
func (t *Template) Ref() TemplateRef { return TemplateRef{t.ID, t.Name, t.Version, t.BuiltIn()} }

// Tag is different after each change.
func (t *Template) Tag() string { return fmt.Sprintf("%s.%d", t.ID, t.Version) }

// Check refuses what no template has, whatever its steps do. The error's pointer is into the template.
func (t *Template) Check() error {
	switch {
	case !ValidTemplateName(t.Name):
		return FieldError("/name", "a name is 1 to 64 lower-case letters, digits and hyphens, with no hyphen at its ends")
	case len(t.Description) > maxDescription || !utf8.ValidString(t.Description) || strings.ContainsRune(t.Description, 0):
		return FieldError("/description", fmt.Sprintf("a description is text of at most %d bytes without NUL", maxDescription))
	case len(ToJSON(t.Parameters)) > MaxTemplateParameters:
		return &Error{Code: CodePayloadTooLarge, Pointer: "/parameters", Message: "the parameters of a template are at most 32 KiB"}
	case len(ToJSON(t.Steps)) > MaxTemplateSteps:
		return &Error{Code: CodePayloadTooLarge, Pointer: "/steps", Message: "the steps of a template are at most 128 KiB"}
	}
	if err := t.Parameters.Check(); err != nil {
		return AsError(err).At("/parameters")
	}
	return nil
}
