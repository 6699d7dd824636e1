// Package inbound limits connections: how many there are, in total and per address, and how slow they may be. Readers and
// writers are limited by their progress instead of a total time, so that a large upload, a download on a slow line and an event
// stream all have the time that they need, and a peer that stops is disconnected.
package inbound
