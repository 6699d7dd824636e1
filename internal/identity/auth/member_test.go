package auth

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// Members act as keys do, none of them on the platform, and what they may do is less from role to role.
func TestMembersActAsKeys(t *testing.T) {
	t.Parallel()
	want := map[models.MemberRole][]Scope{models.MemberOwner: ownerScopes, models.MemberAdmin: managerScopes, models.MemberEditor: userScopes,
		models.MemberViewer: viewerScopes, "": nil, "king": nil}
	for role, scopes := range want {
		require.ElementsMatch(t, scopes, MemberScopes(role), role)
	}
	for i, role := range models.MemberRoles() {
		for _, less := range models.MemberRoles()[i+1:] {
			require.True(t, role.Above(less))
			require.False(t, less.Above(role))
			require.Subset(t, MemberScopes(role), MemberScopes(less))
			require.Greater(t, len(MemberScopes(role)), len(MemberScopes(less)))
		}
		require.True(t, role.Above(""))
		require.False(t, role.Above(role))
	}
}

// A person's key may do what both it and its person's role allow; if that is nothing, it is refused, since no scopes would mean all.
func TestKeyOfAMember(t *testing.T) {
	t.Parallel()
	user := models.NewID()
	key := func(role models.Role, scopes string, member models.MemberRole) *models.APIKey {
		return &models.APIKey{ID: "k", AccountID: "a", UserID: &user, Role: role, Scopes: scopes, Member: member}
	}
	for _, tt := range []struct {
		key  *models.APIKey
		want []Scope
	}{
		{key(models.RoleOwner, "", models.MemberOwner), ownerScopes},
		{key(models.RoleOwner, "", models.MemberAdmin), managerScopes},
		{key(models.RoleOwner, "", models.MemberViewer), viewerScopes},
		{key(models.RoleUser, "", models.MemberOwner), userScopes},
		{key(models.RoleUser, "jobs:read jobs:write", models.MemberViewer), []Scope{ScopeJobsRead}},
		{key(models.RoleAdmin, "", models.MemberOwner), ownerScopes},
		{key(models.RoleUser, "jobs:write", models.MemberViewer), nil},
		{key(models.RoleOwner, "", ""), nil},
	} {
		id, err := identify(tt.key, nil)
		if tt.want == nil {
			require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
			continue
		}
		require.NoError(t, err)
		require.Equal(t, user, id.UserID)
		require.ElementsMatch(t, tt.want, Granted(id.Role, id.Scopes))
		require.False(t, id.Has(ScopeMe))
	}
}
