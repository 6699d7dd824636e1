package auth

import (
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// keyRoles are the roles of keys with which members act. An admin of an account is no admin of the platform, which a key with that role is, but
// an owner without the power over the account and its owners.
var keyRoles = map[models.MemberRole]models.Role{
	models.MemberOwner:  models.RoleOwner,
	models.MemberAdmin:  models.RoleOwner,
	models.MemberEditor: models.RoleUser,
	models.MemberViewer: models.RoleViewer,
}

// ActsAs are the role and the scopes, as of a key, with which a member acts. Of what is no role they are none.
func ActsAs(role models.MemberRole) (models.Role, string) {
	if role == models.MemberAdmin {
		return models.RoleOwner, scopeText(managerScopes)
	}
	return keyRoles[role], ""
}

// MemberScopes lists what a member may do.
func MemberScopes(role models.MemberRole) []Scope { return Granted(ActsAs(role)) }

// asMember is an identity without the scopes that a member does not have; ok is false if none are left.
func (i Identity) asMember(role models.MemberRole) (_ Identity, ok bool) {
	may := MemberScopes(role)
	left := slices.DeleteFunc(slices.Clone(Granted(i.Role, i.Scopes)), func(s Scope) bool { return !slices.Contains(may, s) })
	i.Scopes = scopeText(left)
	return i, len(left) > 0
}

func scopeText(scopes []Scope) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, " ")
}
