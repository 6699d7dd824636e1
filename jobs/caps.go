package jobs

// Caps limit how many jobs of one account, and of one of its end users, are in Redis or running at a time. 0 is no limit.
type Caps struct {
	Account int
	EndUser int
}

// Any reports whether there is a limit.
func (c Caps) Any() bool { return c.Account > 0 || c.EndUser > 0 }
