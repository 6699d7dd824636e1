// Plays a starter's rules without drawing: node play.mjs <project> <genre> <first seed> <count> [record]. For each seed one
// bot has to win and one has to lose. Prints a summary as JSON; the Go test reads it. A record gets a line for each game
// that a bot won or lost, with everything that it pressed: rules in another language must come to the same end.
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [project, genre, first, count, record] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${project}/src/${name}.js`));
const rules = await load('rules');
const { design } = await load('design');
const STEP = 1 / 120;

const none = () => ({ x: 0, y: 0, jump: false, action: false, pressed: {}, pointer: { x: 0, y: 0, down: false, pressed: false, released: false } });

function play(design, bot, seconds, aspect) {
  const world = rules.create(design, { aspect });
  const start = { x: world.player.x, y: world.player.y };
  let moved = false;
  const steps = [];
  for (let t = 0; t < seconds && world.status === 'playing'; t += STEP) {
    const input = bot(world, t);
    if (record) note(steps, input);
    rules.step(world, STEP, input);
    for (const n of [world.player.x, world.player.y, world.score]) if (!Number.isFinite(n)) throw new Error('not a number in the world');
    moved ||= Math.hypot(world.player.x - start.x, world.player.y - start.y) > 0.5;
  }
  if (record && world.status !== 'playing') {
    const end = { status: world.status, score: world.score, hearts: world.hearts ?? 0, time: world.time, x: world.player.x, y: world.player.y };
    appendFileSync(record, JSON.stringify({ seed: design.seed, difficulty: design.difficulty, aspect, steps, end }) + '\n');
  }
  return { status: world.status, time: world.time, score: world.score, goal: world.goal, hearts: world.hearts, moves: world.moves, moved };
}

// Adds what is pressed in one step, counting how often it comes in a row.
function note(steps, input) {
  const now = { x: input.x, y: input.y, jump: input.jump, action: input.action, hit: Object.keys(input.pressed).filter((k) => input.pressed[k]) };
  const last = steps.at(-1);
  if (last && JSON.stringify(last.input) === JSON.stringify(now)) last.times++;
  else steps.push({ times: 1, input: now });
}

const platformer = {
  // Runs right and jumps where it must; eager says how early.
  win: (eager) => {
    let held = 0;
    let last = false;
    return (w) => {
      const input = none();
      const p = w.player;
      const foot = p.y - 0.45;
      const stands = (x) => w.level.solids.some((s) => x > s.x && x < s.x + s.w && s.top < foot + 0.3 && s.top > foot - 3.4);
      const wall = w.level.solids.some((s) => !s.thin && s.x > p.x && s.x - p.x < 0.9 && s.top > foot + 0.1 && s.top - s.h < foot + 1);
      const rise = w.level.solids.some((s) => s.x > p.x && s.x - p.x < 3 && s.top > foot + 0.4 && s.top < foot + 1.6);
      const foe = w.level.enemies.some((e) => !e.dead && Math.abs(e.y - p.y) < 1.2 && e.x - p.x > -0.3 && e.x - p.x < 1.5 + eager);
      const gap = !stands(p.x + 0.4 + eager * 0.5);
      input.x = 1;
      if (p.onGround) held = wall || gap || foe ? 0.5 : 0;
      else if (p.vy < -3 && p.jumps > 0 && !stands(p.x + 0.3) && !stands(p.x + 1) && (rise || foot < 3)) held = 0.5;
      held -= STEP;
      input.jump = held > 0;
      input.pressed.jump = input.jump && !last;
      last = input.jump;
      return input;
    };
  },
  lose: () => (w) => {
    const input = none();
    const p = w.player;
    const foot = p.y - 0.45;
    const wall = w.level.solids.some((s) => !s.thin && s.x > p.x && s.x - p.x < 0.6 && s.top > foot + 0.1 && s.top - s.h < foot + 1);
    input.x = 1;
    input.pressed.jump = wall && p.onGround;
    input.jump = wall || p.vy > 0;
    return input;
  },
};

// Plays the platformer by looking ahead: keeps the best few of all ways to go on. It finds a way where the quick bot fails.
function search(design, width) {
  const clone = (w) => ({
    ...w, player: { ...w.player }, safe: { ...w.safe }, portal: { ...w.portal },
    level: { ...w.level, items: w.level.items.map((i) => ({ ...i })), enemies: w.level.enemies.map((e) => ({ ...e })) },
  });
  let beam = [rules.create(design)];
  for (let t = 0; t < 150; t += 0.25) {
    const next = [];
    for (const from of beam) {
      for (const [x, jump] of [[1, 0], [1, 1], [0, 1], [-1, 1]]) {
        const w = clone(from);
        for (let i = 0; i < 30 && w.status === 'playing'; i++) {
          const input = { ...none(), x, jump: !!jump };
          input.pressed = { jump: jump && i === 0 };
          rules.step(w, STEP, input);
        }
        if (w.status === 'won') return { status: 'won', time: w.time, score: w.score, moved: true };
        if (w.status === 'playing') next.push(w);
      }
    }
    const worth = (w) => w.player.x + Math.min(w.score, w.goal) * 2.5 + w.hearts * 12 + (w.player.onGround ? 0.5 : 0);
    const seen = new Set();
    beam = next.sort((a, b) => worth(b) - worth(a)).filter((w) => {
      const key = `${Math.round(w.player.x * 2)} ${Math.round(w.player.y * 2)} ${w.score}`;
      return !seen.has(key) && seen.add(key);
    }).slice(0, width);
  }
  return { status: 'no way found', moved: true };
}

const shooter = {
  win: (eager) => (w) => {
    const input = none();
    const p = w.player;
    input.action = true;
    let fx = 0;
    let fy = 0;
    const away = (o, reach, force) => {
      const dx = p.x - o.x;
      const dy = p.y - o.y;
      const d = Math.hypot(dx, dy);
      if (d < reach) (fx += (dx / d) * force * (reach - d)), (fy += ((dy || 0.1) / d) * force * (reach - d));
    };
    for (const b of w.bullets) away({ x: b.x + b.vx * 0.2, y: b.y + b.vy * 0.2 }, 2.2, 5);
    for (const f of w.foes) away(f, 2.4, 4);
    if (w.boss) away(w.boss, 5, 3);
    const target = w.items.slice().sort((a, b) => Math.hypot(a.x - p.x, a.y - p.y) - Math.hypot(b.x - p.x, b.y - p.y))[0];
    const foe = w.boss || w.foes.filter((f) => f.x > p.x).sort((a, b) => a.x - b.x)[0];
    if (target && Math.hypot(target.x - p.x, target.y - p.y) < 7 + eager * 2) (fx += Math.sign(target.x - p.x) * 1.2), (fy += Math.sign(target.y - p.y) * 1.2);
    else {
      fx += (w.w * 0.2 - p.x) * 0.6;
      if (foe) fy += Math.max(-1.5, Math.min(1.5, foe.y - p.y));
    }
    input.x = Math.abs(fx) > 0.35 ? Math.sign(fx) : 0;
    input.y = Math.abs(fy) > 0.35 ? Math.sign(fy) : 0;
    return input;
  },
  lose: () => none,
};

const runner = {
  win: (eager) => {
    let cool = 0;
    return (w) => {
      const input = none();
      const p = w.player;
      cool -= STEP;
      const near = w.blocks.filter((b) => !b.gone && b.z > p.z - 1 && b.z < p.z + w.speed * (0.62 + eager * 0.06)).sort((a, b) => a.z - b.z);
      const inLane = (l, kind) => near.some((b) => b.lane === l && (kind ? b.kind === kind : true));
      const prize = (l) => w.items.filter((i) => Math.round(i.x / rules.LANE) === l && i.z > p.z && i.z < p.z + 14).length;
      const open = [-1, 0, 1].filter((l) => !inLane(l, 'tall'));
      const ahead = near.find((b) => b.lane === p.lane && b.z > p.z);
      if (ahead && ahead.kind !== 'tall' && p.onGround && ahead.z - p.z < w.speed * (0.2 + (eager * 7.3 % 0.12) - 0.04) + 0.7) input.pressed.jump = true;
      if (cool > 0) return input;
      let to = p.lane;
      if (inLane(p.lane, 'tall') && open.length) to = open.sort((a, b) => Math.abs(a - p.lane) - Math.abs(b - p.lane))[0];
      else if (!ahead) to = open.filter((l) => Math.abs(l - p.lane) <= 1 && !inLane(l)).sort((a, b) => prize(b) - prize(a))[0] ?? p.lane;
      if (to === p.lane || prize(to) <= prize(p.lane) && !inLane(p.lane, 'tall')) return input;
      input.pressed[to > p.lane ? 'right' : 'left'] = true;
      cool = 0.16;
      return input;
    };
  },
  lose: () => none,
};

const puzzle = {
  // Chooses a move by its worth and carries it out with the keys.
  pick: (worth) => {
    let keys = [];
    let wait = 0;
    return (w) => {
      const input = none();
      wait -= STEP;
      if (wait > 0) return input;
      if (!keys.length && w.phase === 'idle' && w.settled) {
        const move = rules.allMoves(w).sort((a, b) => worth(w, b) - worth(w, a))[0];
        if (!move) return input;
        const { a, b } = move;
        for (let x = w.player.x; x !== a.c; x += Math.sign(a.c - x)) keys.push(a.c > x ? 'right' : 'left');
        for (let y = w.player.y; y !== a.r; y += Math.sign(a.r - y)) keys.push(a.r > y ? 'up' : 'down');
        keys.push('action', b.c > a.c ? 'right' : 'up');
      }
      if (keys.length) {
        input.pressed[keys.shift()] = true;
        wait = 0.03;
      }
      return input;
    };
  },
  win: (eager) => puzzle.pick((w, m) => {
    const whim = eager * 3 * Math.sin(m.a.c * 12.9 + m.a.r * 78.2 + m.b.c * 37.7 + w.moves * eager * 91.3);
    return whim + m.found.filter((k) => k === 0).length * 2 + m.found.length * 0.6 + puzzle.beside(w, m) * 1.5 - m.a.r * 0.05;
  }),
  beside: (w, m) => [m.a, m.b].flatMap(({ c, r }) => [[1, 0], [-1, 0], [0, 1], [0, -1]].filter(([x, y]) => rules.piece(w, c + x, r + y)?.kind === -1)).length,
  lose: (eager) => puzzle.pick((w, m) => eager * 9 * Math.sin(m.a.c * 12.9 + m.a.r * 78.2 + w.moves * eager * 91.3) - puzzle.beside(w, m) * 20 - m.found.filter((k) => k === 0).length * 10 - m.found.length + m.a.r * 0.2),
};

const bots = { platformer, shooter, runner, puzzle }[genre];
const out = { won: 0, lost: 0, failedToWin: [], failedToLose: [], times: [], tries: 0, searched: 0 };
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const d = { ...design, seed: Math.imul(seed + 1, 2654435761) >>> 1, difficulty: [1, 0.7, 1.4][seed % 3] };
  const aspect = [1.78, 0.46, 1.2][seed % 3];
  let result = null;
  for (let eager = 0; eager < (genre === 'platformer' ? 8 : 24) && result?.status !== 'won'; eager++) {
    out.tries++;
    result = play(d, bots.win((eager % 12) * 0.15 - (eager > 11 ? 0.6 : 0)), genre === 'platformer' ? 75 : 360, aspect);
  }
  if (genre === 'platformer' && result.status !== 'won') {
    out.searched++;
    for (const width of [4, 12]) if (result.status !== 'won') result = search(d, width);
  }
  if (result.status === 'won' && result.moved) {
    out.won++;
    out.times.push(Math.round(result.time));
  } else out.failedToWin.push({ seed, ...result });
  let loser = null;
  for (let eager = 0; eager < 12 && loser?.status !== 'lost'; eager++) loser = play(d, bots.lose(eager * 0.1), 600, aspect);
  if (loser.status === 'lost') out.lost++;
  else out.failedToLose.push({ seed, ...loser });
}
out.times.sort((a, b) => a - b);
const median = out.times[out.times.length >> 1];
console.log(JSON.stringify({ won: out.won, lost: out.lost, tries: out.tries, searched: out.searched, shortest: out.times[0], median, longest: out.times.at(-1), failedToWin: out.failedToWin.slice(0, 5), failedToLose: out.failedToLose.slice(0, 5) }));
