// Package protocol is the wire format between Spark and an agent: the process that builds one project, as a child of the
// worker or as process 1 of a container. It is spoken over the agent's stdin (host to agent) and stdout (agent to host),
// whatever carries those.
//
// # Frames
//
// Everything is a frame. Integers are big-endian.
//
//	offset  bytes  field
//	0       4      payload length, at most 65,536 (Start: 262,144)
//	4       1      type (see Type)
//	5       3      zero
//	8       4      sequence number: counts the frames of this direction within this job, from 0
//	12      16     token of the job; all zero in Hello
//	28      length payload
//
// A reader refuses a frame that is longer than allowed, cut short, of an unknown type, with a token other than the
// job's (a frame of an earlier job, or a forged one), or whose sequence number repeats or skips. Each is an error of its
// own; after any of them the conversation is over and the agent is killed.
//
// # Conversation
//
//	agent: Hello{version}                      once, as soon as it can take a job; only now is it warm
//	host:  Start{spec}                         the frame's token becomes the job's; sequence numbers begin at 0
//	host:  (FileBegin FileChunk* FileEnd)*     the project's files
//	host:  Run
//	agent: (Log | Progress)*                   while it works
//	agent: Diagnostics*                        what the compiler said
//	agent: (FileBegin FileChunk* FileEnd)*     the outputs
//	agent: Done{outcome}                       the job's last frame; Start may follow on the same connection
//	both:  Credit                              after Start, while the other side sends data
//
// Log, Progress and Diagnostics may also come between output files, never within one. When the host closes the agent's stdin,
// the agent exits. A job that is cancelled is ended that way, or by killing its processes: nothing that an agent could still say
// about it is needed.
//
// # Payloads
//
//	Hello        JSON Hello
//	Start        JSON Spec
//	FileBegin    8 bytes size, then the path in UTF-8
//	FileChunk    1 to 65,536 bytes of content
//	FileEnd      32 bytes SHA-256 of the content
//	Run          empty
//	Log          text, whole lines
//	Progress     JSON Progress
//	Diagnostics  JSON array of engines.Diagnostic
//	Done         JSON Done
//	Credit       4 bytes, how much more data the other side may send
//
// # Credit
//
// FileBegin, FileChunk, FileEnd, Log, Progress and Diagnostics are data, and each costs its header and its payload. A
// side begins a job with a credit of Window bytes for its data, and sends no more until it is granted more. A receiver
// grants what it has dealt with and nothing else, so the credit never exceeds Window: whoever overdraws it, or grants
// beyond it, breaks the protocol. What is on its way is bounded so at both ends, and in every process between them,
// whatever the pipes hold. A sender without credit waits. All other frames are free. Grants that come after Done are late,
// and ignored. A receiver may know how much the other side has use for in all, and grants no more: a host the outputs and
// the log that the plan's limits allow, an agent the files of its spec.
//
// Neither side trusts the other: the host counts and hashes every byte itself and enforces the plan's limits.
package protocol
