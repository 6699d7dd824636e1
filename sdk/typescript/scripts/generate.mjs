// Writes src/generated from the API's document: its types, and a method for each operation. With an argument, writes into that folder.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { bundle, createConfig } from "@redocly/openapi-core";

const source = new URL("../../../internal/api/openapi/openapi.yaml", import.meta.url);
const target = process.argv[2] ?? fileURLToPath(new URL("../src/generated", import.meta.url));

const notice = "// Generated from the API's document by scripts/generate.mjs. Do not edit.\n\n";

// Optional fields with a default may be left out of what is sent.
const types = await openapiTS(source, { defaultNonNullable: false, alphabetize: false });
await writeFile(`${target}/schema.ts`, notice + astToString(types));

const { bundle: { parsed: api } } = await bundle({ ref: fileURLToPath(source), config: await createConfig({}) });
await writeFile(`${target}/operations.ts`, notice + operations(api));

// operations is the text of a module with a class that has a method for each operation.
function operations(api) {
  const methods = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, op] of Object.entries(item)) {
      if (!op.operationId || op.tags.some((tag) => tag === "play" || tag === "operations")) continue;
      const described = describe(api, method.toUpperCase(), path, item, op);
      if (described !== null) methods.push(described);
    }
  }
  return `import { Base, type Body, type Options, type PagePromise } from "../base.js";
import type { components, operations } from "./schema.js";

type Schemas = components["schemas"];
type Query<K extends keyof operations> = NonNullable<operations[K]["parameters"]["query"]>;

/** A method for each operation of the API. */
export class Operations extends Base {
${methods.join("\n\n")}
}
`;
}

// describe is the text of an operation's method; streams, which Spark.followJob and the like read, have none.
function describe(api, method, path, item, op) {
  const resolve = (v) => (v?.$ref ? v.$ref.slice(2).split("/").reduce((at, step) => at[step], api) : v);
  const parameters = [...(item.parameters ?? []), ...(op.parameters ?? [])].map(resolve);
  const inPath = parameters.filter((p) => p.in === "path");
  const inQuery = parameters.filter((p) => p.in === "query");
  const clash = inPath.find((p) => inQuery.some((q) => q.name === p.name) || p.name === "body");
  if (clash) throw new Error(`${op.operationId}: two parameters are called ${clash.name}`);

  const name = (schema) => `Schemas["${schema.$ref.split("/").at(-1)}"]`;
  const answers = Object.entries(op.responses).filter(([status]) => status.startsWith("2")).map(([, r]) => resolve(r).content ?? {});
  if (answers.some((content) => content["text/event-stream"])) return null;
  const json = answers.flatMap((content) => Object.entries(content)).filter(([type]) => type === "application/json" || type.endsWith("+json")).map(([, media]) => name(media.schema));
  const kind = json.length > 0 ? "json" : answers.some((content) => Object.keys(content).length > 0) ? "content" : "none";
  const result = { json: [...new Set(json)].join(" | "), content: "Response", none: "void" }[kind];

  const body = resolve(op.requestBody);
  const types = Object.keys(body?.content ?? {});
  const chosen = types.filter((type) => !type.startsWith("multipart/")).length > 1; // by the caller, who says which the body has
  const media = chosen ? undefined : types[0];
  const members = inPath.map((p) => `${p.name}: string`);
  if (chosen) members.push(`media: ${types.map((type) => `"${type}"`).join(" | ")}`);
  if (body) members.push(`body${body.required ? "" : "?"}: ${media === "application/json" ? name(body.content[media].schema) : types.some((type) => type.endsWith("+json")) ? "Body | object" : "Body"}`);
  const parts = members.length > 0 ? [`{ ${members.join("; ")} }`] : [];
  if (inQuery.length > 0) parts.push(`Query<"${op.operationId}">`);
  const optional = inPath.length === 0 && !body?.required && !inQuery.some((p) => p.required);
  const input = parts.length > 0 ? `input: ${parts.join(" & ")}${optional ? " = {}" : ""}, ` : "";

  const operation = [`method: "${method}"`, `path: "${path}"`, `answer: "${kind}"`];
  if (inQuery.length > 0) operation.push(`query: [${inQuery.map((p) => `"${p.name}"`).join(", ")}]`);
  if (media) operation.push(`media: "${media}"`);
  if (["answer", "secret"].includes(op["x-spark-idempotent"])) operation.push("idempotent: true");
  const paged = inQuery.some((p) => p.name === "cursor");
  const given = parts.length > 0 ? "input" : "{}";
  return `  /** ${op.summary}: \`${method} ${path}\` */
  ${op.operationId}(${input}options: Options = {}): ${paged ? `PagePromise<${result}>` : `Promise<${result}>`} {
    return this.${paged ? "pages" : "call"}({ ${operation.join(", ")} }, ${given}, options);
  }`;
}
