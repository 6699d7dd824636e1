// Package ai writes games with language models: the openai and anthropic providers of jobs/generation, on the vendors'
// own SDKs.
//
// A provider makes one attempt. It sends the rules and an example of the engine as instructions and the player's wish
// as data, streams the answer, tells progress from the files it sees coming, and lets nothing through that is not a
// valid project. SDK retries are off, because the job retries; the SDKs read nothing from the environment, because
// internal/platform/config does; and no error, log line or span of theirs leaves this package, because they quote what the
// server says and the server may quote the key.
package ai
