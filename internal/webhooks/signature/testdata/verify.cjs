// Verifies webhooks from standard input with npm's "standardwebhooks", and their ed25519 signature with node's own crypto.
const { createPublicKey, verify } = require("node:crypto");
const { Webhook } = require("standardwebhooks");

const hooks = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
for (const { headers, body, secret, public: key, good } of hooks) {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  let taken = true;
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    taken = false;
  }
  if (taken !== good) throw new Error(`the library says ${taken} of ${body.slice(0, 80)}`);

  const x = Buffer.from(key, "base64").toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`${lower["webhook-id"]}.${lower["webhook-timestamp"]}.${body}`);
  const signature = lower["webhook-signature"].split(" ").find((one) => one.startsWith("v1a,")).slice(4);
  if (verify(null, signed, publicKey, Buffer.from(signature, "base64")) !== good) throw new Error("ed25519 says otherwise");
}
console.log(`${hooks.length} webhooks as expected`);
