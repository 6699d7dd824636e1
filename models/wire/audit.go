package wire

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// AuditEntry is an entry of the audit. It has everything that its hash is made of, so that its readers can verify the chain.
type AuditEntry struct {
	ID             string           `json:"id"`
	AccountID      string           `json:"account_id"`
	At             time.Time        `json:"at"`
	Action         string           `json:"action"`
	Outcome        models.Outcome   `json:"outcome"`
	Code           models.Code      `json:"code,omitempty"`
	ResourceKind   string           `json:"resource_kind,omitempty"`
	ResourceID     string           `json:"resource_id,omitempty"`
	ActorKind      models.ActorKind `json:"actor_kind"`
	ActorAccountID string           `json:"actor_account_id,omitempty"`
	KeyID          string           `json:"key_id,omitempty"`
	UserID         string           `json:"user_id,omitempty"`
	RequestID      string           `json:"request_id,omitempty"`
	EndUser        string           `json:"end_user,omitempty"`
	Address        string           `json:"address,omitempty"`
	Salt           string           `json:"salt,omitempty"`
	PersonalHash   string           `json:"personal_hash"`
	Count          int              `json:"count"`
	Since          *time.Time       `json:"since,omitempty"`
	// Details are words and ids that the platform made, as a JSON object of strings.
	Details      json.RawMessage `json:"details,omitempty"`
	Sequence     *int64          `json:"sequence"`
	PreviousHash string          `json:"previous_hash"`
	Hash         string          `json:"hash"`
}

// FromAudit is the entry as the API shows it.
func FromAudit(e *models.AuditEntry) AuditEntry {
	return AuditEntry{ID: e.ID, AccountID: e.AccountID, At: e.At, Action: e.Action, Outcome: e.Outcome, Code: e.Code, ResourceKind: e.ResourceKind,
		ResourceID: e.ResourceID, ActorKind: e.ActorKind, ActorAccountID: e.ActorAccountID, KeyID: e.KeyID, UserID: e.UserID, RequestID: e.RequestID,
		EndUser: e.EndUser, Address: e.Address, Salt: e.Salt, PersonalHash: e.PersonalHash, Count: e.Count, Since: e.Since,
		Details: json.RawMessage(e.Details), Sequence: e.Sequence, PreviousHash: e.PreviousHash, Hash: e.Hash}
}

// Model is the entry as it was hashed, however its JSON was written since.
func (e *AuditEntry) Model() (*models.AuditEntry, error) {
	details := ""
	if len(e.Details) > 0 {
		var words map[string]string
		if err := json.Unmarshal(e.Details, &words); err != nil {
			return nil, fmt.Errorf("details of entry %s: %w", e.ID, err)
		}
		text, err := json.Marshal(words)
		if err != nil {
			return nil, err
		}
		details = string(text)
	}
	return &models.AuditEntry{ID: e.ID, AccountID: e.AccountID, At: e.At, Action: e.Action, Outcome: e.Outcome, Code: e.Code, ResourceKind: e.ResourceKind,
		ResourceID: e.ResourceID, ActorKind: e.ActorKind, ActorAccountID: e.ActorAccountID, KeyID: e.KeyID, UserID: e.UserID, RequestID: e.RequestID,
		EndUser: e.EndUser, Address: e.Address, Salt: e.Salt, PersonalHash: e.PersonalHash, Count: e.Count, Since: e.Since,
		Details: details, Sequence: e.Sequence, PreviousHash: e.PreviousHash, Hash: e.Hash}, nil
}
