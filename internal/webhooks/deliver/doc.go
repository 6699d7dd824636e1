// Package deliver brings what happens to the receivers of webhooks: a Pump makes deliveries of the stream of events and hands over what is due, and
// Deliverers, in workers, send it. The rows in the database are the truth: a task that is lost or comes twice, a process that dies at any moment, and any
// number of processes beside one another cost time at most. docs/decisions/0050-webhooks.md has the reasons.
package deliver
