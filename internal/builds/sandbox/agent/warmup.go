package agent

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// warmUp does a first job, of the kind that this agent is for, before a job waits for it: then the pages of the bundler's code, its
// tables, those of JSON's types, a thread, a child and a first piece of heap are there. It halves the time of a small job.
func warmUp(bundles bool) error {
	if bundles {
		return rehearse(protocol.Spec{Plan: engines.Plan{Bundle: &engines.Bundle{Entry: "main.ts", Mode: engines.Preview}}}, []models.File{
			{Path: "main.ts", Data: []byte(warmUpCode)},
			{Path: "other.js", Data: []byte("export const a = 1;\nexport default function f(x) { return `${x}` + a; }\n")},
			{Path: "a.css", Data: []byte("a { color: red }\n")},
		})
	}
	work, err := os.MkdirTemp("", "rehearsal-")
	if err != nil {
		return err
	}
	nothing := &engines.Command{Steps: []engines.Step{{Argv: []string{"{work}/nothing"}}}, Output: "out"} // there is no such program
	err = rehearse(protocol.Spec{Work: work, Plan: engines.Plan{Command: nothing}}, []models.File{{Path: "main", Data: []byte("rehearsal")}})
	return errors.Join(err, os.RemoveAll(work))
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

// rehearse does a job that no host has sent.
func rehearse(spec protocol.Spec, files []models.File) error {
	for _, f := range files {
		spec.Files, spec.Bytes = spec.Files+1, spec.Bytes+int64(len(f.Data))
	}
	start, err := protocol.Encode(spec)
	if err != nil {
		return err
	}
	var in bytes.Buffer
	host := protocol.NewWriter(&in)
	host.Begin(protocol.Token{1})
	err = host.Send(protocol.Start, start)
	for _, f := range files {
		err = errors.Join(err, protocol.SendFile(host, f.Path, f.Data))
	}
	if err := errors.Join(err, host.Send(protocol.Run, nil), host.Flush()); err != nil {
		return err
	}
	over := make(chan struct{})
	err = Serve(&in, io.Discard, Surroundings{Limit: func(engines.Plan, func()) func() { return func() { close(over) } }})
	if err == nil {
		<-over
	}
	return err
}
