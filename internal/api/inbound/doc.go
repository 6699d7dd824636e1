// Package inbound bounds what connections may take: how many there are, in all and from one address, and how slowly they
// may go. A reader or writer is not held to a time in total but to its progress, so that a large upload, a download on a
// slow line and a stream of events all have the time that they need, and a peer that stops is given up.
package inbound
