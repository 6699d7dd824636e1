// Package ai writes games with language models: the openai and anthropic providers of jobs/generation, on the vendors'
// own SDKs.
//
// A provider makes one attempt. It sends the rules and an example of the engine as instructions and the player's prompt as data,
// streams the answer, reports progress from the files that appear in it, and returns only a valid project. SDK retries are off,
// because the job retries. The SDKs read nothing from the environment, because internal/platform/config does. None of their
// errors, log lines or spans leaves this package: they quote what the server says, and the server may quote the key.
package ai
