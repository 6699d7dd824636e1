package signin

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/spark-games/spark/models"
)

// Logout is what a provider has ended: a session of its own, all of a subject's, or with both that subject's in that session.
type Logout struct{ Issuer, Subject, SID string }

// LoggedOut checks a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). Each is taken once.
func (p *Party) LoggedOut(ctx context.Context, name, raw string) (*Logout, error) {
	i := p.find(name)
	if i == nil {
		return nil, errNoIssuer
	}
	found, err := i.discover(ctx)
	if err != nil {
		return nil, err
	}
	keys := &keys{KeySet: found.keys}
	token, err := p.verifier(i, found, keys).VerifyLogout(i.with(ctx), raw)
	switch {
	case keys.away != nil:
		return nil, i.away(err)
	case err != nil:
		return nil, badLogout(err)
	}
	var said struct {
		Events map[string]json.RawMessage `json:"events"`
	}
	var event map[string]any
	if err := token.Claims(&said); err != nil {
		return nil, badLogout(err)
	}
	switch err := json.Unmarshal(said.Events["http://schemas.openid.net/event/backchannel-logout"], &event); {
	case err != nil || event == nil:
		return nil, badLogout(errors.New("the event is not an object"))
	case token.IssuedAt.IsZero() || token.IssuedAt.After(p.Now().Add(skew)):
		return nil, badLogout(errors.New("it was issued in the future, or at no time"))
	}
	fresh, err := p.spent.Spend(ctx, digest("logout "+i.URL, token.TokenID), token.Expiry.Add(2*skew))
	if err == nil && !fresh {
		err = badLogout(errors.New("it was presented before"))
	}
	if err != nil {
		return nil, err
	}
	return &Logout{Issuer: i.URL, Subject: token.Subject, SID: token.SessionID}, nil
}

func badLogout(err error) error {
	return models.WrapError(models.CodeInvalidRequest, "this is not a logout token that is taken here", err)
}
