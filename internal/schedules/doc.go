// Package schedules is the schedules of accounts: what they may be, when they are due, and what comes of it. HTTP and every later interface
// use it. Any number of processes may run them: that a time has come is settled by compare-and-swap in the transaction that stores what is
// submitted, so each time counts once, also when a process dies in between.
//
// The platform's own schedules are those of internal/transport/schedule.
package schedules
