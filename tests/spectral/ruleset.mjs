// The rules for the OpenAPI document: Spectral's own for OpenAPI, and those of the OWASP API Security Top 10. What is switched off, or
// narrowed, has its reason beside it.
import { oas } from "@stoplight/spectral-rulesets";
import owasp from "@stoplight/spectral-owasp-ruleset";

// narrowed is a rule of OWASP for a part of the document.
const narrowed = (name, ...given) => ({ ...owasp.rules[name], given });

// Limits bound what an attacker can send: parameters and bodies. On what the server sends they would say nothing.
const sent = (type) => ["parameters", "requestBody"].map((part) => `$.paths..${part}..[?(@ && @.type=="${type}")]`);

// Operations that need a key. The public ones declare an empty list of security requirements.
const protectedOperations = "$.paths[*][?(@ && @.responses && !(@.security && @.security.length === 0))]";

export default {
  extends: [oas, owasp],
  rules: {
    "owasp:api4:2023-string-limit": narrowed("owasp:api4:2023-string-limit", ...sent("string")),
    "owasp:api4:2023-array-limit": narrowed("owasp:api4:2023-array-limit", ...sent("array")),
    "owasp:api4:2023-integer-limit-legacy": narrowed("owasp:api4:2023-integer-limit-legacy", ...sent("integer")),
    "owasp:api3:2023-no-additionalProperties": narrowed("owasp:api3:2023-no-additionalProperties",
      '$.paths..requestBody..[?(@ && @.type=="object" && @.additionalProperties && !@.maxProperties)]'),
    "owasp:api3:2023-constrained-additionalProperties": narrowed("owasp:api3:2023-constrained-additionalProperties",
      '$.paths..requestBody..[?(@ && @.type=="object" && @.additionalProperties && @.additionalProperties!=true)]'),
    "owasp:api8:2023-define-error-responses-401": narrowed("owasp:api8:2023-define-error-responses-401", `${protectedOperations}.responses`),

    // A position in a stream is a number, and of no resource.
    "owasp:api1:2023-no-numeric-ids": narrowed("owasp:api1:2023-no-numeric-ids",
      '$.paths..parameters[*][?(@property === "name" && @ !== "last_event_id" && (@ === "id" || @.match(/(_id|Id|-id)$/)))]^.schema'),

    // The format says how wide a number is in generated code. What bounds it is its minimum and maximum, which are checked.
    "owasp:api4:2023-integer-format": "off",
    // Names, prompts and texts of files are any text. Where the set of values is smaller, the schema says it.
    "owasp:api4:2023-string-restricted": "off",
    // Basic is for the pages under /admin alone, since browsers ask for nothing else. Its password is an API key.
    "owasp:api2:2023-no-http-basic": "off",
    // What needs no key is public on purpose: games, health, and the API's own documentation. A test lists it.
    "owasp:api2:2023-read-restricted": "off",
    // Other sites' scripts may read the few answers that send the header; which these are is not for the document but for its operator.
    "owasp:api8:2023-define-cors-origin": "off",
    // What is public is not limited by rate, and says no rate.
    "owasp:api4:2023-rate-limit": narrowed("owasp:api4:2023-rate-limit", `${protectedOperations}.responses[?(@property.match(/^(2|4)/))]`),

    // An EventSource cannot set headers. Streams take a browser token from the query: one that lives for an hour at most and may see one
    // resource. A key is refused there, and queries are not logged.
    "owasp:api2:2023-no-credentials-in-url": "off",

    // The contact is whoever runs the platform.
    "info-contact": "off",
    // A summary that says everything needs no second sentence.
    "operation-description": "off",
  },
};
