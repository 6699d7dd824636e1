// The rules of the platformer: run, jump (twice), stomp, gather and reach the portal. No drawing, no clock, no chance:
// the same level and the same input always play the same. Units: x to the right, y up, a hero is about one unit tall.
import { makeLevel } from './level.js';
import { plural, withArticle } from './words.js';

const STEP_HEIGHT = 0.05;
const GRAVITY = 38;
const RUN = 7;
const JUMP = 14.6; // reaches 2.8 units
const AIR_JUMP = 12.2;
const HALF_W = 0.34;
const HALF_H = 0.45;
const PIT = -6;

export const buttons = ['left', 'right', 'jump']; // on touch screens

export function describe(d) {
  return {
    goal: `Collect ${plural(d.collect)} to open the portal, then leap through it. Mind the ${plural(d.enemy)}!`,
    how: [['← →  or  A D', 'run'], ['Space  or  ↑', 'jump, again in the air'], [`land on ${withArticle(d.enemy)}`, 'squash it']],
    touch: 'Use the buttons on the screen',
    won: `The ${d.hero} made it home!`,
    lost: `The ${plural(d.enemy)} got the better of you.`,
  };
}

export function create(design) {
  const level = makeLevel(design);
  const t = design.tuning;
  const hearts = t.lives || (design.difficulty < 0.9 ? 5 : design.difficulty > 1.2 ? 2 : 3);
  return {
    level, hearts, maxHearts: hearts, time: 0, status: 'playing', score: 0, goal: level.goal, chain: 0, chainTime: 0,
    run: RUN * t.speed, gravity: GRAVITY * t.gravity, lift: Math.sqrt(t.jump * t.gravity), // so that jump is a height
    player: { x: 0, y: HALF_H + level.start, vx: 0, vy: 0, face: 1, onGround: true, jumps: 2, coyote: 0, buffer: 0, safe: 0, hurt: 0, held: false },
    safe: { x: 0, y: HALF_H + level.start },
    portal: { ...level.portal, open: false },
  };
}

export function step(w, dt, input) {
  const events = [];
  if (w.status !== 'playing') return events;
  w.time += dt;
  w.chainTime -= dt;
  movePlayer(w, dt, input, events);
  moveEnemies(w, dt);
  meetEnemies(w, events);
  gather(w, events);
  enterPortal(w, events);
  return events;
}

function movePlayer(w, dt, input, events) {
  const p = w.player;
  p.hurt = Math.max(0, p.hurt - dt);
  p.coyote = p.onGround ? 0.1 : p.coyote - dt; // a jump just after the edge still counts
  p.buffer = input.pressed.jump ? 0.13 : p.buffer - dt; // and one just before the landing
  const want = input.x * w.run;
  const grip = (p.onGround ? 70 : 42) * dt;
  p.vx += Math.max(-grip, Math.min(grip, want - p.vx));
  if (input.x) p.face = Math.sign(input.x);

  if (p.buffer > 0 && (p.coyote > 0 || p.jumps > 0)) {
    const first = p.coyote > 0;
    p.vy = (first ? JUMP : AIR_JUMP) * w.lift;
    p.jumps = first ? 1 : 0;
    p.coyote = p.buffer = 0;
    p.held = true;
    events.push({ type: first ? 'jump' : 'flip', x: p.x, y: p.y - HALF_H });
  }
  p.held &&= input.jump && p.vy > 0;
  p.vy -= w.gravity * dt * (p.vy > 0 && !p.held ? 1.7 : 1); // let go early for a small hop
  p.vy = Math.max(p.vy, -20);

  p.x += p.vx * dt;
  for (const s of w.level.solids) {
    if (s.thin || !overlaps(p, s)) continue;
    p.x = p.vx > 0 ? s.x - HALF_W : s.x + s.w + HALF_W;
    p.vx = 0;
  }
  p.x = Math.max(w.level.left + HALF_W, Math.min(w.level.right - HALF_W, p.x));

  const before = p.y - HALF_H;
  const fall = p.vy;
  const wasOnGround = p.onGround;
  p.y += p.vy * dt;
  p.onGround = false;
  for (const s of w.level.solids) {
    if (!overlaps(p, s)) continue;
    if (p.vy <= 0 && before >= s.top - STEP_HEIGHT - 0.12) {
      p.y = s.top + HALF_H;
      p.vy = 0;
      p.onGround = true;
      p.jumps = 2;
      if (!wasOnGround && fall < -6) events.push({ type: 'land', x: p.x, y: s.top, force: -fall });
      if (!s.thin && p.x > s.x + 0.6 && p.x < s.x + s.w - 0.6) w.safe = { x: p.x, y: p.y };
    } else if (!s.thin && p.vy > 0) {
      p.y = s.top - s.h - HALF_H;
      p.vy = 0;
    }
  }
  if (p.y < PIT) {
    hurt(w, events, 0);
    Object.assign(p, { x: w.safe.x, y: w.safe.y + 1, vx: 0, vy: 0 });
  }
}

// Whoever stands against a wall does not overlap it, however the difference was rounded.
const overlaps = (p, s) =>
  p.x + HALF_W > s.x + 0.0001 && p.x - HALF_W < s.x + s.w - 0.0001 && p.y - HALF_H < s.top && p.y + HALF_H > s.top - s.h;

function moveEnemies(w, dt) {
  for (const e of w.level.enemies) {
    if (e.dead) continue;
    e.x += e.dir * e.speed * dt;
    if (e.x < e.from) e.dir = 1;
    if (e.x > e.to) e.dir = -1;
    e.y = e.base + (e.flies ? Math.sin(w.time * 2.2 + e.from) * 0.7 : 0);
  }
}

function meetEnemies(w, events) {
  const p = w.player;
  for (const e of w.level.enemies) {
    if (e.dead || Math.abs(e.x - p.x) > 0.72 || Math.abs(e.y - p.y) > 0.8) continue;
    if (p.vy < -1 && p.y > e.y + 0.25) {
      e.dead = true;
      p.vy = 11;
      p.held = true;
      p.jumps = 1;
      events.push({ type: 'stomp', x: e.x, y: e.y });
      w.level.items.push({ x: e.x, y: e.y + 1.4, taken: false, dropped: true });
    } else if (p.hurt <= 0) {
      p.vx = Math.sign(p.x - e.x || 1) * 9;
      p.vy = 7;
      hurt(w, events);
    }
  }
}

function hurt(w, events) {
  if (w.player.hurt > 0) return;
  w.hearts--;
  w.player.hurt = 1.6;
  w.chain = 0;
  events.push({ type: 'hurt', x: w.player.x, y: Math.max(w.player.y, PIT + 2) });
  if (w.hearts <= 0) {
    w.status = 'lost';
    events.push({ type: 'lost', x: w.player.x, y: w.player.y });
  }
}

function gather(w, events) {
  const p = w.player;
  for (const s of w.level.items) {
    if (s.taken || Math.hypot(s.x - p.x, s.y - p.y) > 0.85) continue;
    s.taken = true;
    w.score++;
    w.chain = w.chainTime > 0 ? w.chain + 1 : 0;
    w.chainTime = 1.4;
    events.push({ type: 'collect', x: s.x, y: s.y, n: w.chain });
    if (w.score === w.goal) {
      w.portal.open = true;
      events.push({ type: 'open', x: w.portal.x, y: w.portal.y, say: 'The portal is open!' });
    }
  }
}

function enterPortal(w, events) {
  const p = w.player;
  const near = Math.hypot(w.portal.x - p.x, w.portal.y - p.y) < 1.1;
  if (near && w.portal.open) {
    w.status = 'won';
    events.push({ type: 'won', x: w.portal.x, y: w.portal.y });
  } else if (near && !w.portal.told) {
    events.push({ type: 'no', x: p.x, y: p.y, say: `${w.goal - w.score} more to open the portal` });
  }
  w.portal.told = near;
}
