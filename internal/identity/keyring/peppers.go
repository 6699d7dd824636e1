package keyring

import (
	"bytes"
	"context"
	"errors"
	"strconv"
)

// PepperUse is how many keys that work were hashed with one of the peppers.
type PepperUse struct {
	Pepper string // "current", "accepted 1" and so on in the order of the configuration, or "missing"
	Keys   int
}

// Uses tells how many keys hang on each pepper. With revoke, those whose pepper is not configured any more are revoked first.
func (k *Keyring) Uses(ctx context.Context, revoke bool) (uses []PepperUse, revoked int, err error) {
	peppers, _, err := k.Open(ctx)
	if _, unused := errors.AsType[*UnusedError](err); err != nil && !unused {
		return nil, 0, err
	}
	checks := peppers.Checks()
	if revoke {
		if revoked, err = k.Store.RevokeLost(ctx, checks); err != nil {
			return nil, 0, err
		}
	}
	stored, err := k.Store.PepperUse(ctx)
	if err != nil {
		return nil, 0, err
	}
	missing := PepperUse{Pepper: "missing"}
	counts := make([]int, len(checks))
	for _, one := range stored {
		known := false
		for i, check := range checks {
			if bytes.Equal(check, one.CheckValue) {
				counts[i] += one.Keys
				known = true
			}
		}
		if !known {
			missing.Keys += one.Keys
		}
	}
	for i, n := range counts {
		uses = append(uses, PepperUse{nameOf(i), n})
	}
	if missing.Keys > 0 {
		uses = append(uses, missing)
	}
	return uses, revoked, nil
}

func nameOf(i int) string {
	if i == 0 {
		return "current"
	}
	return "accepted " + strconv.Itoa(i)
}
