// Package pool keeps sandboxes warm ahead of need. It knows nothing of Docker: a Launcher makes sandboxes, and the pool
// decides when, how many, and who gets them.
//
//	creating ──▶ warm ──▶ leased ──▶ running ──▶ draining ──▶ removed
//	    │         ▲ │                  │            ▲
//	    │         │ └── idle, old, dead, no room ───┤
//	    │         └──── reset (same account) ───┘   │
//	    └── failed ─────────────────────────────────┘
//
// A sandbox is counted until its removal is confirmed, so the limits apply to what really exists. A sandbox serves one job; with
// reuse, a sandbox whose reset was verified may serve further jobs of the same account, and never another account's.
//
// As soon as a sandbox is taken, another is made ahead of need, unless as many are in use as the machine can carry; then it
// waits a moment for one of them to finish (Config.Busy).
//
// Waiters are served first in, first out within an account, and the accounts take turns: one that floods the pool delays
// another's first job by one sandbox. Launches for waiters come before refills, and at most Config.Launches run concurrently.
// One that hangs gives up its place after Config.LaunchSlow, so that other images get it. An image whose sandboxes do not start
// is retried less and less often, then not at all for a while; other images are not affected.
//
// The lock is held for bookkeeping only. Everything that talks to a sandbox or to the launcher happens in goroutines
// outside it.
package pool
