package models

import "time"

// EngineStatus is one version of an engine, and whether games can be built with it.
type EngineStatus struct {
	Name      string    `json:"name"`
	Title     string    `json:"title"`
	Version   string    `json:"version"`
	Outputs   []string  `json:"outputs"`
	Default   bool      `json:"default"` // projects have this version that pin none
	Available bool      `json:"available"`
	Reason    string    `json:"reason"` // why it is not available; safe to show
	Image     string    `json:"image"`  // digest of its container image, "" for none
	Boxes     BoxCounts `json:"boxes"`
}

// BoxCounts are the sandboxes of an engine by state, and how many builds wait for one.
type BoxCounts struct {
	Creating int `json:"creating"`
	Warm     int `json:"warm"`
	Leased   int `json:"leased"`
	Running  int `json:"running"`
	Draining int `json:"draining"`
	Waiting  int `json:"waiting"`
}

// Add is both together.
func (c BoxCounts) Add(d BoxCounts) BoxCounts {
	return BoxCounts{Creating: c.Creating + d.Creating, Warm: c.Warm + d.Warm, Leased: c.Leased + d.Leased,
		Running: c.Running + d.Running, Draining: c.Draining + d.Draining, Waiting: c.Waiting + d.Waiting}
}

// WorkerReport is what a worker tells the others of itself, again and again while it lives.
type WorkerReport struct {
	Worker  string         `json:"worker"`
	At      time.Time      `json:"at"`      // by the worker's clock
	Sandbox string         `json:"sandbox"` // where it builds: "docker", or "local" for processes of its own
	Engines []EngineStatus `json:"engines"` // every version that it knows
}
