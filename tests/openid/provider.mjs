// A real OpenID provider for the tests of signing in. It says on its output where it listens, and ends with its input. POST /control changes how
// it behaves; all that is false in its tokens is signed with its real keys.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { redirects, logout } = JSON.parse(process.argv[2]);
const faults = { audience: false, nonce: false, away: false, hang: false };
const now = Date.now;

const key = () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' };
};

const client = (id) => ({
  client_id: id,
  client_secret: 'the secret of the client',
  redirect_uris: redirects,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
  backchannel_logout_uri: logout,
  backchannel_logout_session_required: true,
});

// Whoever signs in is who they say; the name decides the rest.
const findAccount = (_, sub) => ({
  accountId: sub,
  claims: () => ({
    sub,
    name: sub.split('@')[0],
    email: sub,
    email_verified: !sub.startsWith('unverified'),
    groups: sub.startsWith('staff') ? ['staff', 'people'] : ['people'],
  }),
});

const create = (issuer, keys) => {
  const provider = new Provider(issuer, {
    clients: [client('spark'), client('other')],
    jwks: { keys },
    cookies: { keys: ['a key of the cookies'] },
    findAccount,
    ttl: { IdToken: 300 },
    claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
    // Nobody is asked what the client may know.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    fetch: (url, options) => fetch(url, options), // also to this machine
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token' && ctx.body?.id_token && (faults.audience || faults.nonce)) {
      const said = JSON.parse(Buffer.from(ctx.body.id_token.split('.')[1], 'base64url'));
      const token = new provider.IdToken({ sub: said.sub }, { client: await provider.Client.find(faults.audience ? 'other' : 'spark'), ctx: undefined });
      token.scope = 'openid';
      token.mask = { sub: null };
      token.set('nonce', faults.nonce ? 'another' : said.nonce);
      ctx.body = { ...ctx.body, id_token: await token.issue({ use: 'idtoken' }) };
    }
  });
  return provider;
};

let issuer;
let keys = [key()];
let provider;

// A logout token as the provider makes it, with claims that are added to it or, with null, taken away from it.
const logoutToken = async ({ client: of = 'spark', sub, sid, claims = {} }) => {
  const token = new provider.IdToken({ sub }, { client: await provider.Client.find(of), ctx: undefined });
  token.mask = { sub: null };
  const all = { events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, jti: randomUUID(), sid, ...claims };
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && value !== undefined) token.set(name, value);
  }
  return token.issue({ use: 'logout' });
};

const control = async (req, res) => {
  let text = '';
  for await (const chunk of req) text += chunk;
  const { rotate, skew, token, ...rest } = JSON.parse(text);
  Object.assign(faults, rest);
  if (rotate) {
    keys = [key()];
    provider = create(issuer, keys);
  }
  if (skew !== undefined) Date.now = () => now() + skew * 1000;
  res.end(token ? await logoutToken(token) : '');
};

const server = createServer((req, res) => {
  if (req.url === '/control') control(req, res).catch((err) => res.writeHead(500).end(String(err)));
  else if (faults.hang) return; // and say nothing
  else if (faults.away) req.socket.destroy();
  else provider.callback()(req, res);
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  provider = create(issuer, keys);
  process.stdout.write(`${issuer}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
