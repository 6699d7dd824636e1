package store

import (
	"bytes"
	"context"
	"slices"
	"strconv"

	"github.com/spark-games/spark/models"
)

// AdoptPeppers makes the first of these check values the one in force, if the one that is in force is among them or there is none, and
// returns what is in force then. Lost counts the keys that work and were hashed with a pepper that is none of these.
func (s *Accounts) AdoptPeppers(ctx context.Context, checks [][]byte) (inForce []byte, lost int, err error) {
	err = s.write(ctx, func(tx *tx) error {
		lost = 0
		if err := tx.oneAtATime(); err != nil {
			return err
		}
		if err := tx.Exec("INSERT INTO pepper_check (id, value) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", checks[0]).Error; err != nil {
			return err
		}
		if err := tx.Raw("SELECT value FROM pepper_check WHERE id = 1").Row().Scan(&inForce); err != nil {
			return err
		}
		if !slices.ContainsFunc(checks, func(c []byte) bool { return bytes.Equal(c, inForce) }) {
			return nil
		}
		if err := tx.Exec("UPDATE api_keys SET pepper = ? WHERE pepper IS NULL", inForce).Error; err != nil { // of an older program
			return err
		}
		if !bytes.Equal(inForce, checks[0]) {
			if err := tx.Exec("UPDATE pepper_check SET value = ? WHERE id = 1", checks[0]).Error; err != nil {
				return err
			}
			inForce = checks[0]
			if err := tx.record("pepper.rotate", resource{}); err != nil {
				return err
			}
		}
		return tx.Raw("SELECT count(*) FROM api_keys WHERE "+s.lost(), checks).Scan(&lost).Error
	})
	return inForce, lost, err
}

// lost is the condition of keys that would work if their pepper were there. Master keys are made again from the configuration.
func (s *Accounts) lost() string {
	return s.works() + " AND role <> '" + string(models.RoleMaster) + "' AND pepper NOT IN ?"
}

// Rehash stores another hash of a key in the place of one, unless another process was faster.
func (s *Accounts) Rehash(ctx context.Context, old []byte, k *models.APIKey) error {
	if err := needAccount(k.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec("UPDATE api_keys SET hash = ?, pepper = ? WHERE id = ? AND account_id = ? AND hash = ?", k.Hash, k.Pepper, k.ID, k.AccountID, old).Error
	})
}

// PepperUse counts the keys that work by the check value of their pepper.
func (s *Accounts) PepperUse(ctx context.Context) (uses []models.PepperUse, err error) {
	err = s.read(ctx).Raw("SELECT pepper AS check_value, count(*) AS keys FROM api_keys WHERE " + s.works() +
		" GROUP BY pepper ORDER BY keys DESC").Scan(&uses).Error
	return uses, s.wrap(err)
}

// RevokeLost revokes the keys that were hashed with a pepper that is none of these.
func (s *Accounts) RevokeLost(ctx context.Context, checks [][]byte) (revoked int, err error) {
	err = s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE api_keys SET revoked_at = "+s.dialect.now()+" WHERE "+s.lost(), checks)
		revoked = int(res.RowsAffected)
		if res.Error != nil || revoked == 0 {
			return res.Error
		}
		return tx.record("key.revoke_lost", resource{}, details{"revoked": strconv.Itoa(revoked)})
	})
	return revoked, err
}
