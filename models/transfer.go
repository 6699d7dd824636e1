package models

// Transfer is the move of a project from one account to another.
type Transfer struct {
	ProjectID string
	AccountID string // that has it
	To        string // the account that gets it
	// OwnerID is the user who has to be an owner of both; "" is for who may act for any account.
	OwnerID string
}
