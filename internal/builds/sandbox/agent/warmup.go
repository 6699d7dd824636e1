package agent

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/bundle"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// warmUp builds a small project, so that the pages of the bundler's code, its tables and a first piece of heap are there
// before a job waits for them. It halves the time of a small job.
func warmUp() {
	_, _ = bundle.Make(bundle.Input{
		Bundle: engines.Bundle{Entry: "main.ts", Mode: engines.Preview},
		Files: []models.File{
			{Path: "main.ts", Data: []byte(warmUpCode)},
			{Path: "other.js", Data: []byte("export const a = 1;\nexport default function f(x) { return `${x}` + a; }\n")},
			{Path: "a.css", Data: []byte("a { color: red }\n")},
		},
	})
}

const warmUpCode = `import f, { a } from "./other.js";
import "./a.css";
interface Shape { x: number; name?: string }
class Hero implements Shape {
	#life = 3;
	constructor(public x: number, readonly options: Record<string, number> = { ...{ a } }) {}
	get alive(): boolean { return this.#life > 0 && !(this.x < 0); }
	async hit({ by = 1, ...rest }: { by?: number }) {
		for (const [k, v] of Object.entries(rest)) if (k?.length ?? 0) this.#life -= by * Number(v);
		try { await Promise.resolve(() => this.x++); } catch { throw new Error(f(this.x)); }
		switch (this.x) { case 1: return /a+/g.test("b"); default: return void 0; }
	}
}
console.log(new Hero(1).alive ? "yes" : "no", [1, 2, 3].map((n) => n ** 2));
`

// rehearse does a job whose program does not exist, sent by no host, in a folder of its own: what a process does for
// the first time, reading the tables of JSON's types, starting a thread, a child, it does before a job waits for it.
func rehearse() error {
	work, err := os.MkdirTemp("", "rehearsal-")
	if err != nil {
		return err
	}
	file := models.File{Path: "main", Data: []byte("rehearsal")}
	spec, err := protocol.Encode(protocol.Spec{Work: work, Files: 1, Bytes: int64(len(file.Data)), Plan: engines.Plan{
		Command: &engines.Command{Steps: []engines.Step{{Argv: []string{"{work}/nothing"}}}, Output: "out"}}})
	if err != nil {
		return err
	}
	var in bytes.Buffer
	host := protocol.NewWriter(&in)
	host.Begin(protocol.Token{1})
	err = errors.Join(host.Send(protocol.Start, spec), protocol.SendFile(host, file.Path, file.Data), host.Send(protocol.Run, nil),
		host.Flush())
	if err != nil {
		return err
	}
	over := make(chan struct{})
	err = Serve(&in, io.Discard, Surroundings{Limit: func(engines.Plan, func()) func() { return func() { close(over) } }})
	if err == nil {
		<-over
	}
	return errors.Join(err, os.RemoveAll(work))
}
