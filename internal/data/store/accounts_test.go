package store

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// The empty account never means every account: every method that takes one, directly or in a struct, refuses it. The methods are
// found in the package's source, so that a new one cannot be forgotten.
func TestNoMethodTakesTheEmptyAccount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		tested := 0
		facets := reflect.ValueOf(s).Elem()
		for i := range facets.NumField() {
			if f := facets.Type().Field(i); !f.IsExported() || f.Name == "Platform" { // which looks across accounts, and says so
				continue
			}
			facet := facets.Field(i)
			for m := range facet.NumMethod() {
				name := facet.Type().Elem().Name() + "." + facet.Type().Method(m).Name
				params := parameters(t)[name]
				args, takes := withoutAccount(t, facet.Method(m).Type(), params)
				if !takes {
					require.False(t, tenantFacets[facets.Type().Field(i).Name] && !ofNobody[name], "%s serves a tenant and takes no account", name)
					continue
				}
				tested++
				results := facet.Method(m).Call(args)
				err, _ := reflect.TypeAssert[error](results[len(results)-1])
				require.ErrorIs(t, err, errNoAccount, name)
			}
		}
		require.Greater(t, tested, 15)
	})
}

// tenantFacets hold what belongs to accounts: each of their methods takes one, but those of ofNobody.
var tenantFacets = map[string]bool{"Projects": true, "Jobs": true, "Artifacts": true, "Provenance": true, "Usage": true, "Erasure": true, "Exports": true}

var ofNobody = map[string]bool{
	"Artifacts.PublicArtifact":  true, // for whoever knows its id
	"Provenance.SaveSigningKey": true, // the keys are the platform's
	"Provenance.SigningKeys":    true,
	"Usage.RolledTo":            true, // the same for all
	"Erasure.EraseUser":         true, // a person, who may be a member of any
	"Exports.Tables":            true, // the same for all
}

// withoutAccount makes arguments for a method in which everything is set but the account.
func withoutAccount(t *testing.T, f reflect.Type, names []string) (args []reflect.Value, takes bool) {
	t.Helper()
	require.Len(t, names, f.NumIn())
	for i, name := range names {
		switch p := f.In(i); {
		case p == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(t.Context()))
		case name == "accountID":
			args = append(args, reflect.ValueOf(""))
			takes = true
		case p.Kind() == reflect.String:
			args = append(args, reflect.ValueOf(models.NewID()).Convert(p))
		case p == reflect.TypeFor[[]byte]():
			args = append(args, reflect.ValueOf([]byte("x")))
		case p == reflect.TypeFor[jobs.Submission]():
			args = append(args, reflect.ValueOf(jobs.Submission{Jobs: []*models.Job{newJob(&models.Project{}, models.KindBuild, models.StateQueued)}}))
			takes = true
		case p.Kind() == reflect.Slice && hasAccount(p.Elem()):
			args = append(args, reflect.Append(reflect.Zero(p), blank(p.Elem())))
			takes = true
		case hasAccount(p):
			args = append(args, blank(p))
			takes = true
		default:
			args = append(args, blank(p))
		}
	}
	return args, takes
}

func hasAccount(p reflect.Type) bool {
	if p.Kind() == reflect.Pointer {
		p = p.Elem()
	}
	if p.Kind() != reflect.Struct {
		return false
	}
	_, ok := p.FieldByName("AccountID")
	return ok
}

func blank(p reflect.Type) reflect.Value {
	if p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Struct {
		return reflect.New(p.Elem())
	}
	return reflect.Zero(p)
}

// parameters reads the names of the parameters of all methods of the package, by "Type.Method".
func parameters(t *testing.T) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0) //nolint:staticcheck // build tags do not matter here
	require.NoError(t, err)
	for _, file := range packages["store"].Files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			recv := strings.TrimPrefix(typeName(f.Recv.List[0].Type), "*")
			names := []string{}
			for _, field := range f.Type.Params.List {
				for _, n := range field.Names {
					names = append(names, n.Name)
				}
			}
			all[recv+"."+f.Name.Name] = names
		}
	}
	return all
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
