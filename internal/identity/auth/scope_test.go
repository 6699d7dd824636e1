package auth

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

func allScopes() []Scope { return append(append([]Scope{}, ownerScopes...), platformScopes...) }

// Each role has its scopes, and no other: none within an account implies one of the platform.
func TestRolesHaveTheirScopes(t *testing.T) {
	t.Parallel()
	want := map[models.Role]string{
		models.RoleViewer: "account:read projects:read jobs:read artifacts:read usage:read schedules:read templates:read webhooks:read",
		models.RoleUser:   "account:read projects:read jobs:read artifacts:read usage:read schedules:read templates:read webhooks:read projects:write jobs:write tokens:write schedules:write templates:write webhooks:write",
		models.RoleOwner: "account:read projects:read jobs:read artifacts:read usage:read schedules:read templates:read webhooks:read projects:write jobs:write tokens:write schedules:write templates:write webhooks:write keys:read keys:write " +
			"members:read members:write audit:read account:write",
		models.RoleAuditor: "platform:read",
		models.RoleAdmin: "account:read projects:read jobs:read artifacts:read usage:read schedules:read templates:read webhooks:read projects:write jobs:write tokens:write schedules:write templates:write webhooks:write keys:read keys:write " +
			"members:read members:write audit:read account:write platform:read platform:admin",
		models.RoleMaster: "platform:read platform:admin platform:act",
		"":                "",
		"unknown":         "",
	}
	for _, role := range models.Roles() {
		require.Contains(t, want, role)
	}
	for role, scopes := range want {
		id := Identity{Role: role}
		require.True(t, id.Has(ScopePublic))
		for _, s := range allScopes() {
			require.True(t, Known(s))
			require.Equal(t, strings.Contains(" "+scopes+" ", " "+string(s)+" "), id.Has(s), "%s: %s", role, s)
		}
		require.True(t, id.MayGrant(Granted(role, "")))
	}
	require.False(t, Known("everything"))
	require.False(t, Identity{Role: models.RoleAdmin}.Has("everything"))
}

// A key's scopes take away from its role's, and add nothing.
func TestScopesOfAKey(t *testing.T) {
	t.Parallel()
	id := Identity{Role: models.RoleUser, Scopes: "jobs:read platform:admin keys:write"}
	for _, s := range allScopes() {
		require.Equal(t, s == ScopeJobsRead, id.Has(s), s)
	}
	require.Equal(t, []Scope{ScopeJobsRead}, Granted(id.Role, id.Scopes))
	require.False(t, id.MayGrant(Granted(models.RoleUser, "")))
	require.True(t, id.MayGrant(nil))
}

// tenants are accounts with their states.
type tenants map[string]models.AccountState

func (a tenants) Standing(_ context.Context, id string) (models.Standing, error) {
	state, ok := a[id]
	if !ok {
		return models.Standing{}, models.NewError(models.CodeNotFound, "no such account")
	}
	return models.Standing{State: state}, nil
}

func TestActing(t *testing.T) {
	t.Parallel()
	mine, other, bad, unknown := models.NewID(), models.NewID(), models.NewID(), models.NewID()
	all := tenants{mine: models.AccountActive, other: models.AccountPaused, bad: models.AccountSuspended, models.SystemAccountID: models.AccountActive}
	master := Identity{AccountID: models.SystemAccountID, KeyID: "m", Role: models.RoleMaster}
	user := Identity{AccountID: mine, KeyID: "u", Role: models.RoleUser}
	for name, tt := range map[string]struct {
		by   Identity
		as   string
		want Identity
		code models.Code
	}{
		"the master, for anybody":             {by: master, as: other, want: Identity{AccountID: other, KeyID: "m", Role: models.RoleOwner, Acting: true}},
		"the master, for nobody":              {by: master, as: unknown, code: models.CodeForbidden},
		"the master, for the platform":        {by: master, as: models.SystemAccountID, code: models.CodeForbidden},
		"the master, for what is no account":  {by: master, as: "' OR 1=1", code: models.CodeForbidden},
		"the master, for who is suspended":    {by: master, as: bad, code: models.CodeAccountSuspended},
		"a master that may only read":         {by: Identity{Role: models.RoleMaster, Scopes: "platform:read"}, as: other, code: models.CodeForbidden},
		"a user, for the own account":         {by: user, as: mine, want: user},
		"a user, for another":                 {by: user, as: other, code: models.CodeForbidden},
		"an admin, who acts for nobody":       {by: Identity{AccountID: mine, Role: models.RoleAdmin}, as: other, code: models.CodeForbidden},
		"a user, for one that does not exist": {by: user, as: unknown, code: models.CodeForbidden},
	} {
		got, err := tt.by.Act(t.Context(), all, tt.as)
		if tt.code != "" {
			require.Equal(t, tt.code, models.CodeOf(err), name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, tt.want, got, name)
		require.False(t, got.Has(ScopePlatformAdmin), name)
	}
}

// noted is where uses are written to.
type noted struct{ ids [][]string }

func (n *noted) KeysUsed(_ context.Context, ids []string) error {
	n.ids = append(n.ids, ids)
	return nil
}

// Uses are written once in an interval for all keys, and at the end.
func TestUses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		u := &Uses{Write: n.KeysUsed, Every: time.Minute, Log: zap.NewNop()}
		ctx, stop := context.WithCancel(t.Context())
		go u.Run(ctx)
		for range 3 {
			u.note("b")
			u.note("a")
		}
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		require.Equal(t, [][]string{{"a", "b"}}, n.ids)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Len(t, n.ids, 1, "nothing was used")
		u.note("c")
		stop()
		synctest.Wait()
		require.Equal(t, [][]string{{"a", "b"}, {"c"}}, n.ids)
		(*Uses)(nil).note("a") // of who does not want to know
	})
}
