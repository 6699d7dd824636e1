// The rules of the puzzle: swap two neighbours so that three or more of a kind meet. Clear enough of the wanted kind before
// the moves run out. Four in a row leave a charged piece that bursts; foes sit on the board until a match next to them.
// No drawing; chance comes from the design's seed only. Units: a cell is 1 by 1, column 0 and row 0 are at the bottom left.
import { createRandom } from './random.js';
import { plural, withArticle } from './words.js';

export const COLS = 7;
export const ROWS = 7;
const KINDS = 5; // kind 0 is the one to gather
const FOE = -1;
export const buttons = [];

export function describe(d) {
  return {
    goal: `Match three or more. Gather the ${plural(d.collect)} before your moves run out.`,
    how: [['← ↑ ↓ →', 'choose'], ['Space, then an arrow', 'swap'], ['four in a row', `a burst; a match beside ${withArticle(d.enemy)} wins 2 moves`]],
    touch: 'Drag a piece to its neighbour, or tap both',
    won: `A feast of ${plural(d.collect)}!`,
    lost: `No moves left. So close!`,
  };
}

export function create(design) {
  const hard = design.difficulty;
  const t = design.tuning;
  const w = {
    rnd: createRandom(design.seed), status: 'playing', time: 0, score: 0, goal: t.goal || Math.max(1, Math.round(36 * t.goalTimes)),
    moves: t.moves || Math.round(22 / (0.55 + 0.45 * hard)),
    phase: 'idle', wait: 0, swap: null, combo: 0, idle: 0, settled: false, hint: null, serial: 0, grid: [],
    player: { x: 3, y: 3 }, picked: null, grab: null,
  };
  fill(w);
  for (let i = Math.round(3 * hard * t.enemies); i > 0; i--) {
    const at = piece(w, w.rnd.int(0, COLS - 1), w.rnd.int(1, ROWS - 2));
    at.kind = FOE;
  }
  if (runs(w).length || !findMove(w)) shuffle(w);
  return w;
}

export const piece = (w, c, r) => (c >= 0 && c < COLS && r >= 0 && r < ROWS ? w.grid[c * ROWS + r] : null);
const put = (w, c, r, p) => {
  w.grid[c * ROWS + r] = p;
  if (p) Object.assign(p, { c, r });
};
const fresh = (w, kind, x, y) => ({ id: ++w.serial, kind, x, y, vy: 0, charged: false, going: 0 });

function fill(w) {
  for (let c = 0; c < COLS; c++) {
    for (let r = 0; r < ROWS; r++) {
      let kind;
      do kind = w.rnd.int(0, KINDS - 1);
      while (same(w, kind, [c - 1, r], [c - 2, r]) || same(w, kind, [c, r - 1], [c, r - 2]));
      put(w, c, r, fresh(w, kind, c, r + ROWS + 1 + c * 0.35 + r * 0.5)); // drops in at the start
    }
  }
  w.phase = 'fall';
}

const same = (w, kind, ...cells) => cells.every(([c, r]) => piece(w, c, r)?.kind === kind);

export function step(w, dt, input) {
  const events = [];
  if (w.status !== 'playing') return events;
  w.time += dt;
  choose(w, input, events);
  if (w.phase === 'swap') swapping(w, dt, events);
  else if (w.phase === 'clear') clearing(w, dt, events);
  else if (w.phase === 'fall') falling(w, dt, events);
  else if (!w.settled) settle(w, events);
  if (w.phase === 'idle' && w.settled) w.idle += dt;
  w.hint = w.phase === 'idle' && w.idle > 5 ? findMove(w) : null;
  return events;
}

function choose(w, input, events) {
  const p = w.player;
  const dx = (input.pressed.right ? 1 : 0) - (input.pressed.left ? 1 : 0);
  const dy = dx ? 0 : (input.pressed.up ? 1 : 0) - (input.pressed.down ? 1 : 0);
  const at = input.pointer;
  const c = Math.round(at.x);
  const r = Math.round(at.y);
  if (at.pressed && piece(w, c, r)) {
    const from = w.picked;
    Object.assign(p, { x: c, y: r });
    w.grab = { c, r };
    if (from && Math.abs(from.c - c) + Math.abs(from.r - r) === 1) return trySwap(w, from, { c, r }, events);
    w.picked = { c, r };
    events.push({ type: 'move', x: c, y: r });
  } else if (w.grab && at.down && (c !== w.grab.c || r !== w.grab.r)) {
    const side = Math.abs(at.x - w.grab.c) > Math.abs(at.y - w.grab.r);
    const to = side
      ? { c: w.grab.c + Math.sign(at.x - w.grab.c), r: w.grab.r }
      : { c: w.grab.c, r: w.grab.r + Math.sign(at.y - w.grab.r) };
    trySwap(w, w.grab, to, events);
  }
  if (at.released) w.grab = null;
  if (at.down || at.released) return; // a swipe also reads as an arrow: it has been dealt with
  if (dx || dy) {
    const to = { c: p.x + dx, r: p.y + dy };
    if (!piece(w, to.c, to.r)) return;
    if (w.picked) trySwap(w, w.picked, to, events);
    else events.push({ type: 'move', x: to.c, y: to.r });
    Object.assign(p, { x: to.c, y: to.r });
  } else if (input.pressed.action) {
    w.picked = w.picked ? null : { c: p.x, r: p.y };
    events.push({ type: 'move', x: p.x, y: p.y });
  }
}

function trySwap(w, a, b, events) {
  w.grab = null;
  w.picked = null;
  const one = piece(w, a.c, a.r);
  const two = piece(w, b.c, b.r);
  if (w.phase !== 'idle' || !w.settled || !one || !two) return;
  Object.assign(w.player, { x: b.c, y: b.r });
  w.idle = 0;
  if (one.kind === FOE || two.kind === FOE) return void events.push({ type: 'no', x: b.c, y: b.r });
  w.phase = 'swap';
  w.swap = { a: one, b: two, t: 0, back: false };
  exchange(w, one, two);
  if (!runs(w).length) w.swap.back = true;
  events.push({ type: 'flip', x: b.c, y: b.r });
}

function exchange(w, one, two) {
  const { c, r } = one;
  put(w, two.c, two.r, one);
  put(w, c, r, two);
}

function swapping(w, dt, events) {
  const s = w.swap;
  s.t += dt / 0.16;
  const t = Math.min(1, s.t);
  const ease = t * t * (3 - 2 * t);
  for (const [p, other] of [[s.a, s.b], [s.b, s.a]]) {
    p.x = other.c + (p.c - other.c) * ease;
    p.y = other.r + (p.r - other.r) * ease;
  }
  if (s.t < 1) return;
  w.swap = null;
  if (s.back) {
    exchange(w, s.a, s.b);
    w.swap = { a: s.a, b: s.b, t: 0, back: false, undo: true };
    events.push({ type: 'no', x: s.a.c, y: s.a.r });
    return;
  }
  w.phase = 'idle';
  w.combo = 0;
  if (s.undo) return;
  w.moves--;
  mark(w, events);
}

// Marks every run for clearing and everything that a charged piece or a neighbouring match takes with it.
function mark(w, events) {
  const found = runs(w);
  if (!found.length) return false;
  const going = new Set();
  const take = (p) => {
    if (!p || going.has(p)) return;
    going.add(p);
    if (!p.charged) return;
    events.push({ type: 'burst', x: p.c, y: p.r, big: true });
    for (let dc = -1; dc <= 1; dc++) for (let dr = -1; dr <= 1; dr++) take(piece(w, p.c + dc, p.r + dr));
  };
  found.flat().forEach(take);
  for (const p of [...going].filter((p) => p.kind !== FOE)) {
    for (const [dc, dr] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      const n = piece(w, p.c + dc, p.r + dr);
      if (n?.kind === FOE) going.add(n);
    }
  }
  for (const run of found.filter((run) => run.length > 3)) {
    const keep = run.find((p) => !p.charged);
    if (!keep) continue;
    going.delete(keep);
    keep.charged = true;
    events.push({ type: 'power', x: keep.c, y: keep.r });
    if (keep.kind === 0) score(w, keep, events); // it stays, but it counts
  }
  for (const p of going) p.going = 0.001;
  w.combo++;
  w.phase = 'clear';
  w.wait = 0.24;
  if (w.combo > 1) events.push({ type: 'combo', x: COLS / 2, y: ROWS / 2, n: w.combo, say: ['', '', 'Nice!', 'Sweet!', 'Superb!', 'Wow!'][Math.min(5, w.combo)] });
  return true;
}

function clearing(w, dt, events) {
  w.wait -= dt;
  for (const p of w.grid) if (p?.going) p.going = Math.min(1, p.going + dt / 0.24);
  if (w.wait > 0) return;
  for (const p of w.grid.filter((p) => p?.going)) {
    if (p.kind === FOE) {
      w.moves += 2;
      events.push({ type: 'stomp', x: p.c, y: p.r, say: '+2 moves' });
    } else if (p.kind === 0) score(w, p, events);
    else events.push({ type: 'pop', x: p.c, y: p.r, kind: p.kind });
    put(w, p.c, p.r, null);
  }
  drop(w);
  w.phase = 'fall';
}

function score(w, p, events) {
  w.score = Math.min(w.goal, w.score + 1);
  events.push({ type: 'collect', x: p.c, y: p.r, n: w.score % 10 });
}

function drop(w) {
  for (let c = 0; c < COLS; c++) {
    let r = 0;
    for (let from = 0; from < ROWS; from++) {
      const p = w.grid[c * ROWS + from];
      if (!p) continue;
      put(w, c, from, null);
      put(w, c, r++, p);
    }
    for (let n = 0; r < ROWS; r++, n++) put(w, c, r, fresh(w, w.rnd.int(0, KINDS - 1), c, ROWS + 0.6 + n));
  }
}

function falling(w, dt, events) {
  let moving = false;
  for (const p of w.grid) {
    if (p.y <= p.r) continue;
    p.vy += 42 * dt;
    p.y -= p.vy * dt;
    moving = true;
    if (p.y > p.r) continue;
    p.y = p.r;
    p.vy = 0;
    events.push({ type: 'land', x: p.c, y: p.r, force: 4 });
  }
  if (moving) return;
  w.phase = 'idle';
  w.settled = false;
}

// The board lies still: another match by luck, the end, or the player's turn.
function settle(w, events) {
  if (mark(w, events)) return;
  w.settled = true;
  w.idle = 0;
  w.combo = 0;
  if (w.score >= w.goal) {
    w.status = 'won';
    events.push({ type: 'won', x: w.player.x, y: w.player.y });
  } else if (w.moves <= 0) {
    w.status = 'lost';
    events.push({ type: 'lost', x: w.player.x, y: w.player.y });
  } else if (!findMove(w)) {
    shuffle(w);
    w.settled = false;
    events.push({ type: 'alarm', x: 3, y: 3, say: 'No match left: shuffled' });
  }
}

// All runs of three or more of a kind, as lists of pieces.
export function runs(w) {
  const found = [];
  const scan = (outer, inner, at) => {
    for (let o = 0; o < outer; o++) {
      let run = [];
      for (let i = 0; i <= inner; i++) {
        const p = i < inner ? at(o, i) : null;
        if (p && p.kind >= 0 && run[0]?.kind === p.kind) run.push(p);
        else {
          if (run.length > 2) found.push(run);
          run = p && p.kind >= 0 ? [p] : [];
        }
      }
    }
  };
  scan(COLS, ROWS, (c, r) => piece(w, c, r));
  scan(ROWS, COLS, (r, c) => piece(w, c, r));
  return found;
}

// Every swap that would match, best first is up to the caller.
export function allMoves(w) {
  const list = [];
  for (let c = 0; c < COLS; c++) {
    for (let r = 0; r < ROWS; r++) {
      for (const [dc, dr] of [[1, 0], [0, 1]]) {
        const a = piece(w, c, r);
        const b = piece(w, c + dc, r + dr);
        if (!a || !b || a.kind === FOE || b.kind === FOE) continue;
        exchange(w, a, b);
        const found = runs(w);
        exchange(w, a, b);
        if (found.length) list.push({ a: { c, r }, b: { c: c + dc, r: r + dr }, found: found.flat().map((p) => p.kind) });
      }
    }
  }
  return list;
}

export const findMove = (w) => allMoves(w)[0] || null;

// Deals the kinds anew until there is a move and no run; foes stay where they are.
function shuffle(w) {
  const free = w.grid.filter((p) => p.kind !== FOE);
  for (let tries = 0; tries < 500; tries++) {
    for (const p of free) p.kind = w.rnd.int(0, KINDS - 1);
    if (!runs(w).length && findMove(w)) break;
  }
}
