package models

import (
	"strings"
	"time"
)

// PausedKind is a kind of which no jobs are started.
type PausedKind struct {
	Kind     Kind
	PausedAt time.Time
	Reason   string // why, as whoever paused it says; "" is nothing
}

// CountedAtMost limits how many waiting jobs of a queue and state are counted for a Flow: a deep queue costs no more than a shallow one.
const CountedAtMost = 1000

// QueueCounts is what one queue holds. Numbers of jobs that wait are exact below CountedAtMost, and that or more at it.
type QueueCounts struct {
	Queue
	Due        int // wait to be dispatched
	Scheduled  int // wait for their time: a run_at, or the pause before a retry
	Blocked    int // wait for other jobs, or for their concurrency key
	Suspects   int // wait for a worker of their own
	Dispatched int // wait in Redis for a worker
	Running    int
	More       bool // more wait than were counted

	Oldest           time.Duration // how long the oldest due job has waited
	OldestDispatched time.Duration // how long ago the oldest job that waits in Redis was dispatched
	Expired          int           // running jobs whose lease has ended

	Ended  int     // jobs that ended in the last minute, at most CountedAtMost in all queues
	Rate   float64 // of them, in a second
	Failed map[Code]int

	// What jobs wait for, as far as some of them show.
	WaitForKey int          // of the blocked ones: for a concurrency key that others hold
	Retries    map[Code]int // of those that wait for their time: after an attempt that failed with the code

	Accounts []WaitingAccount // that have due jobs, those that wait longest first
}

// Waiting is how many jobs have not started.
func (q QueueCounts) Waiting() int {
	return q.Due + q.Scheduled + q.Blocked + q.Suspects + q.Dispatched
}

// WaitingAccount is an account with due jobs in a queue.
type WaitingAccount struct {
	AccountID  string
	Weight     int
	State      AccountState
	Cap        int  // how many of its jobs may be released or running; 0 is no limit
	EndUserCap int  // the same for each of its end users
	Busy       int  // how many are
	UsersHeld  bool // its oldest due jobs are of end users who have as many as they may
	Oldest     time.Duration
}

// Held is what keeps the account's due jobs from being released; "" if nothing does.
func (a WaitingAccount) Held() FlowLimit {
	switch {
	case a.State == AccountPaused:
		return LimitAccountPaused
	case a.State != AccountActive:
		return LimitAccountSuspended
	case a.Cap > 0 && a.Busy >= a.Cap:
		return LimitAccountCap
	case a.UsersHeld:
		return LimitEndUserCap
	}
	return ""
}

// FlowFacts is what is known of the flow of work at one moment, for all accounts. What it costs to learn does not grow with the backlog.
type FlowFacts struct {
	At      time.Time // by the database's clock
	Took    time.Duration
	Queues  []QueueCounts // every queue
	Paused  []PausedKind
	Workers []Worker
}

// Worker is a process that runs jobs, as it said itself.
type Worker struct {
	ID        string
	Name      string // its name in leases: host, process and id
	Slots     Slots
	Busy      int // jobs that it has taken and not yet ended
	StartedAt time.Time
	SeenAt    time.Time
	Lost      bool // it was not seen for WorkerLostAfter
	Stopping  bool // its process is ending
	// DrainAskedAt is when it was asked to take no more jobs, and DrainedAt when it had none left; nil otherwise.
	DrainAskedAt, DrainedAt *time.Time
	Running                 map[Kind]int // jobs that it has a lease for
}

// WorkerLostAfter is how long after it was last seen a worker is taken for lost.
const WorkerLostAfter = 15 * time.Second

// WorkerState is what a worker does.
type WorkerState string

// The states of workers.
const (
	WorkerActive   WorkerState = "active"
	WorkerDraining WorkerState = "draining" // takes no more jobs, and some still run
	WorkerDrained  WorkerState = "drained"  // has none any more, and takes none
	WorkerStopping WorkerState = "stopping"
	WorkerLost     WorkerState = "lost"
)

// State is what the worker does.
func (w *Worker) State() WorkerState {
	switch {
	case w.Lost:
		return WorkerLost
	case w.Stopping:
		return WorkerStopping
	case w.DrainAskedAt == nil:
		return WorkerActive
	case w.DrainedAt != nil:
		return WorkerDrained
	}
	return WorkerDraining
}

// WorkerID is the id of a worker that has a name in leases.
func WorkerID(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// Slots is how many jobs of each kind a worker runs at a time.
type Slots map[Kind]int

// Beat is what a worker says of itself.
type Beat struct {
	Name     string
	Slots    Slots
	Busy     int
	Stopping bool
	// Draining says that it takes no more jobs, as it was asked.
	Draining bool
}

// StuckReason is why a job is taken for stuck.
type StuckReason string

// The reasons.
const (
	StuckSilent     StuckReason = "silent"     // runs, and has said nothing for long
	StuckCancelling StuckReason = "cancelling" // was asked to stop long ago, and runs
	StuckExpired    StuckReason = "expired"    // its worker is lost, and nobody has taken the job from it
	StuckDispatched StuckReason = "dispatched" // was dispatched long ago, and no worker has taken it
	StuckSuspect    StuckReason = "suspect"    // waits for a worker of its own, because it was there when workers were lost
	StuckPoisonous  StuckReason = "poisonous"  // failed because too many workers were lost while they ran it alone
)

// StuckReasons lists them.
func StuckReasons() []StuckReason {
	return []StuckReason{StuckSilent, StuckCancelling, StuckExpired, StuckDispatched, StuckSuspect, StuckPoisonous}
}

// StuckJob is a job that seems to be stuck.
type StuckJob struct {
	JobID, AccountID, ProjectID, PipelineID string
	Queue
	Reason       StuckReason
	Since        time.Time `gorm:"-"` // the last event, the request to stop, the end of the lease, the dispatch, the death, or the failure
	Worker       string    // that has it, or had it when it was lost; "" is none
	Attempt      int
	WorkerDeaths int
	DeathsAlone  int
	Stage        string
	Progress     float64
}

// FlowLimit is what keeps work from flowing.
type FlowLimit string

// The limits.
const (
	LimitDatabaseAway     FlowLimit = "database_away"
	LimitDatabaseSlow     FlowLimit = "database_slow"
	LimitRedisAway        FlowLimit = "redis_away"
	LimitStorageAway      FlowLimit = "storage_away"
	LimitNoWorkers        FlowLimit = "no_workers"
	LimitWorkersDraining  FlowLimit = "workers_draining"
	LimitLeasesExpired    FlowLimit = "leases_expired"
	LimitTransportPaused  FlowLimit = "transport_paused"
	LimitKindPaused       FlowLimit = "kind_paused"
	LimitNotClaimed       FlowLimit = "not_claimed"
	LimitNotDispatched    FlowLimit = "not_dispatched"
	LimitProviderOutage   FlowLimit = "provider_outage"
	LimitPlatformOutage   FlowLimit = "platform_outage"
	LimitSandboxes        FlowLimit = "sandboxes_full"
	LimitSlots            FlowLimit = "slots_full"
	LimitWindow           FlowLimit = "window"
	LimitAccountSuspended FlowLimit = "account_suspended"
	LimitAccountPaused    FlowLimit = "account_paused"
	LimitAccountCap       FlowLimit = "account_cap"
	LimitEndUserCap       FlowLimit = "end_user_cap"
	LimitSuspects         FlowLimit = "suspects"
	LimitConcurrencyKeys  FlowLimit = "concurrency_keys"
	LimitDependencies     FlowLimit = "dependencies"
	LimitScheduled        FlowLimit = "run_at"
)

// FlowLimits lists them, the most urgent first.
func FlowLimits() []FlowLimit {
	return []FlowLimit{LimitDatabaseAway, LimitRedisAway, LimitStorageAway, LimitNoWorkers, LimitWorkersDraining, LimitLeasesExpired,
		LimitTransportPaused, LimitKindPaused, LimitNotClaimed, LimitNotDispatched, LimitDatabaseSlow, LimitProviderOutage, LimitPlatformOutage,
		LimitSandboxes, LimitSlots, LimitWindow, LimitAccountSuspended, LimitAccountPaused, LimitAccountCap, LimitEndUserCap, LimitSuspects,
		LimitConcurrencyKeys, LimitDependencies, LimitScheduled}
}

// Flow is the answer to whether work is flowing, and which limit binds.
type Flow struct {
	At      time.Time
	Flowing bool
	// Binds is the most urgent of Limits; "" if work flows without any.
	Binds    FlowLimit
	Sentence string
	Limits   []BindingLimit
	Totals   FlowTotals
}

// BindingLimit is one limit that keeps jobs waiting now.
type BindingLimit struct {
	Limit     FlowLimit
	Kind      Kind     // "" is all
	Priority  Priority // "" is all
	AccountID string   // "" is all, or several
	Accounts  int      // that it holds, if it is one of accounts
	Jobs      int      // that it keeps waiting, as far as they were counted
	Value     float64  // what there is of what is limited: slots that are taken, jobs of the account that run, milliseconds of an answer
	Limited   float64  // what there may be; 0 if that is no number
	Blocks    bool     // nothing of what it concerns moves
	Sentence  string
}

// FlowTotals sum up all queues.
type FlowTotals struct {
	Waiting, Due, Dispatched, Running, Slots, Workers, Ended int
	More                                                     bool
	Oldest                                                   time.Duration
}
