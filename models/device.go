package models

import "time"

// DeviceLogin is a program's wish for a key of a person (RFC 8628). Only the hash of the code that the program keeps is stored.
type DeviceLogin struct {
	ID       string
	Hash     []byte
	UserCode string // that the person enters, without its hyphen
	Name     string // of the program and its machine, as it says
	Address  string // from which it asks
	// Account is the id of the one that the program asks for, "" leaving it to the person; once they have approved, of the one that they chose.
	Account string `gorm:"column:account_id"`
	// Role is what who approved could do in it then; "" of what was approved by a program that did not store it.
	Role      MemberRole
	State     DeviceState
	UserID    *string // who answered; nil before
	IntervalS int     // how many seconds the program has to wait between two questions
	CreatedAt time.Time
	ExpiresAt time.Time
}

// DeviceState is what became of a DeviceLogin.
type DeviceState string

// The states of device logins.
const (
	DevicePending  DeviceState = "pending"
	DeviceApproved DeviceState = "approved"
	DeviceDenied   DeviceState = "denied"
	DeviceTaken    DeviceState = "taken" // the program has its key
	// DeviceExpired and DeviceHasty are not stored: what comes too late, or too soon after the last time.
	DeviceExpired DeviceState = "expired"
	DeviceHasty   DeviceState = "hasty"
)
