// Package sandbox runs build plans in isolation and returns their outputs.
//
// A runner starts agents (package agent), gives one job to each over the sandbox protocol (package protocol), and trusts nothing
// that an agent says: session counts every byte and checks every path, and an agent that breaks a rule is killed. LocalRunner's
// agents are child processes of the worker; they bundle untrusted code but never execute it.
package sandbox
