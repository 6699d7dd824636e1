package pack

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// require is a call of require with a name that is written out.
type require struct {
	module string
	line   int
	// certain says that whoever loads the file makes the call: it stands in no function, branch or loop.
	certain bool
}

// deepest is how far a walk goes into a file. Lua itself refuses what is nested deeper.
const deepest = 250

// walker looks for what a chunk requires.
type walker struct {
	requires []require
	newer    []int // lines with what Lua 5.1 does not know
	depth    int
}

func (w *walker) statements(list []ast.Stmt, certain bool) {
	if w.depth++; w.depth < deepest {
		for _, s := range list {
			w.statement(s, certain)
			certain = certain && !w.returns(s)
		}
	}
	w.depth--
}

// returns reports whether what follows a statement may never run.
func (w *walker) returns(s ast.Stmt) (yes bool) {
	if w.depth++; w.depth < deepest {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			yes = true
		case *ast.IfStmt:
			yes = slices.ContainsFunc(s.Then, w.returns) || slices.ContainsFunc(s.Else, w.returns)
		case *ast.DoBlockStmt:
			yes = slices.ContainsFunc(s.Stmts, w.returns)
		case *ast.WhileStmt:
			yes = slices.ContainsFunc(s.Stmts, w.returns)
		}
	}
	w.depth--
	return yes
}

func (w *walker) statement(s ast.Stmt, certain bool) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		w.expressions(s.Lhs, certain)
		w.expressions(s.Rhs, certain)
	case *ast.LocalAssignStmt:
		w.expressions(s.Exprs, certain)
	case *ast.FuncCallStmt:
		w.expression(s.Expr, certain)
	case *ast.DoBlockStmt:
		w.statements(s.Stmts, certain)
	case *ast.WhileStmt:
		w.expression(s.Condition, certain)
		w.statements(s.Stmts, false)
	case *ast.RepeatStmt:
		w.statements(s.Stmts, false)
		w.expression(s.Condition, false)
	case *ast.IfStmt:
		w.expression(s.Condition, certain)
		w.statements(s.Then, false)
		w.statements(s.Else, false)
	case *ast.NumberForStmt:
		w.expressions([]ast.Expr{s.Init, s.Limit, s.Step}, certain)
		w.statements(s.Stmts, false)
	case *ast.GenericForStmt:
		w.expressions(s.Exprs, certain)
		w.statements(s.Stmts, false)
	case *ast.FuncDefStmt:
		w.statements(s.Func.Stmts, false)
	case *ast.ReturnStmt:
		w.expressions(s.Exprs, certain)
	case *ast.LabelStmt:
		w.newer = append(w.newer, s.Line())
	case *ast.GotoStmt:
		w.newer = append(w.newer, s.Line())
	}
}

func (w *walker) expressions(list []ast.Expr, certain bool) {
	for _, e := range list {
		w.expression(e, certain)
	}
}

func (w *walker) expression(e ast.Expr, certain bool) {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth >= deepest {
		return
	}
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		w.call(e, certain)
	case *ast.AttrGetExpr:
		w.expression(e.Object, certain)
		w.expression(e.Key, certain)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			w.expression(f.Key, certain)
			w.expression(f.Value, certain)
		}
	case *ast.LogicalOpExpr:
		w.expression(e.Lhs, certain)
		w.expression(e.Rhs, false)
	case *ast.RelationalOpExpr:
		w.expressions([]ast.Expr{e.Lhs, e.Rhs}, certain)
	case *ast.StringConcatOpExpr:
		w.expressions([]ast.Expr{e.Lhs, e.Rhs}, certain)
	case *ast.ArithmeticOpExpr:
		w.expressions([]ast.Expr{e.Lhs, e.Rhs}, certain)
	case *ast.UnaryMinusOpExpr:
		w.expression(e.Expr, certain)
	case *ast.UnaryNotOpExpr:
		w.expression(e.Expr, certain)
	case *ast.UnaryLenOpExpr:
		w.expression(e.Expr, certain)
	case *ast.FunctionExpr:
		w.statements(e.Stmts, false)
	}
}

func (w *walker) call(e *ast.FuncCallExpr, certain bool) {
	w.expression(e.Func, certain)
	w.expression(e.Receiver, certain)
	w.expressions(e.Args, certain)
	name, isName := e.Func.(*ast.IdentExpr)
	if !isName || name.Value != "require" || len(e.Args) != 1 {
		return
	}
	if module, ok := e.Args[0].(*ast.StringExpr); ok {
		w.requires = append(w.requires, require{module.Value, e.Line(), certain})
	}
}
