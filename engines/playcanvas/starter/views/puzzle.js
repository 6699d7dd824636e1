// Draws the puzzle in depth: solid pieces that turn in the light on a board of glass, and a hero who cheers.
import { grow, turn } from './app.js';
import { darker, lighter, roles } from './colors.js';
import { createFigure, createLook, walk } from './figure.js';
import { flat, glow, group, lit, meshFrom, palette, shape, show } from './materials.js';
import { createMirror } from './mirror.js';
import { pieceStyles } from './pieces.js';
import { COLS, ROWS } from './rules.js';
import { box } from './solid.js';
import enemyFigure from './figures/enemy.js';
import heroFigure from './figures/hero.js';

const MIDDLE = { x: (COLS - 1) / 2, y: (ROWS - 1) / 2 };

export function createView(stage) {
  const { eye, burst } = stage;
  const styles = pieceStyles(palette);
  const looks = styles.map((s) => createLook(s.figure, s.colors));
  const foe = createLook(enemyFigure, roles(palette.enemy, palette.accent));
  const hero = createFigure(createLook(heroFigure, roles(palette.hero, palette.accent)));
  makeBoard();

  const remove = (thing) => thing.destroy();
  // A piece is a holder, because a shuffle changes what it holds.
  const pieces = createMirror(() => Object.assign(group(), { kind: null }), remove);
  const charges = createMirror(() => glow('#ffffff', 1.6), remove);
  const cursor = makeCursor();
  const shine = glow(palette.accent, 1.8);
  let clock = 0;
  let cheer = 0;
  let side = { x: -3, y: 1, size: 2 };

  const view = {
    reset() {
      pieces.clear();
      charges.clear();
      view.resize();
    },

    event(e) {
      const at = [e.x, e.y, 0.4];
      if (e.type === 'collect') burst(...at, palette.collect, 14, 4);
      if (e.type === 'pop') burst(...at, styles[e.kind].color, 9, 3.5);
      if (e.type === 'stomp') burst(...at, palette.enemy, 22, 5), (cheer = 1);
      if (e.type === 'power') burst(...at, '#ffffff', 20, 5);
      if (e.type === 'burst') burst(...at, palette.accent, 50, 8), stage.shake(0.4);
      if (e.type === 'combo') (cheer = 1), stage.shake(0.08 * Math.min(5, e.n));
      if (e.type === 'no') stage.shake(0.15);
      if (e.type === 'won') for (let i = 0; i < 7; i++) burst(i, (i * 3) % ROWS, 0.5, [palette.collect, palette.accent, palette.hero][i % 3], 30, 7);
    },

    frame(world, dt, state) {
      clock += dt;
      cheer = Math.max(0, cheer - dt * 1.1);
      stage.backdrop.scroll(clock * 0.3);
      const is = (at, p) => at && at.c === p.c && at.r === p.r;
      pieces.sync(world.grid.filter((p) => p), (g, piece) => {
        const p = state === 'title' ? { ...piece, x: piece.c, y: piece.r } : piece; // the board lies ready behind the title
        if (g.kind !== p.kind) hold(g, p.kind);
        const picked = is(world.picked, p);
        const hinted = world.hint && (is(world.hint.a, p) || is(world.hint.b, p));
        const size = p.going ? 1 + 0.35 * Math.sin(Math.min(1, p.going * 1.4) * Math.PI) - p.going * 0.9 : 1;
        g.setLocalPosition(p.x, p.y, picked ? 0.35 : 0);
        g.enabled = p.y < ROWS + 0.4;
        grow(g, (p.kind < 0 ? 0.76 : 0.84) * Math.max(0.001, size) * Math.min(1, Math.max(0.001, (ROWS + 0.4 - p.y) * 1.4)));
        turn(g, 0, picked ? clock * 4 : Math.sin(clock * 1.4 + p.c * 0.7 + p.r) * 0.3, hinted ? Math.sin(clock * 11) * 0.2 : 0);
        if (p.kind < 0) walk(g.held, clock * 5 + p.id);
      });
      charges.sync(world.grid.filter((p) => p?.charged), (s, p) => {
        s.setLocalPosition(p.x, p.y, -0.3);
        grow(s, 1.5 + Math.sin(clock * 7) * 0.25);
      });
      placeCursor(world, dt, state);
      const hop = state === 'won' ? 1 : cheer;
      walk(hero, hop > 0 ? clock * 12 : Math.sin(clock * 2) * 0.4);
      hero.setLocalPosition(side.x, side.y + Math.abs(Math.sin(clock * 9)) * 0.6 * hop, 0.4);
      turn(hero, 0, 0.35 + Math.sin(clock * 0.8) * 0.25, state === 'lost' ? 1.2 : 0);
      grow(hero, side.size * (1 + Math.sin(clock * 3) * 0.015));
    },

    toWorld: (x, y) => stage.point(x, y),

    resize() {
      const wide = stage.aspect() > 1.15;
      const far = wide ? stage.distance(COLS + 5.4, ROWS + 1.9) : stage.distance(COLS + 0.9, ROWS + 4.4);
      const [x, y] = wide ? [MIDDLE.x - 1.6, MIDDLE.y + 0.35] : [MIDDLE.x, MIDDLE.y + 0.9];
      eye.set(x, y - 1.4, far);
      stage.look(x, y, 0);
      side = wide ? { x: -2.9, y: 1.1, size: 2.4 } : { x: MIDDLE.x, y: ROWS + 0.5, size: 1.3 };
      stage.reach(far + 6);
    },
  };

  function hold(g, kind) {
    g.held?.destroy();
    g.held = createFigure(kind < 0 ? foe : looks[kind], g);
    g.kind = kind;
  }

  function placeCursor(world, dt, state) {
    const { frame, bars, free, picked } = cursor;
    const ease = 1 - Math.exp(-dt * 22);
    cursor.x += (world.player.x - cursor.x) * ease;
    cursor.y += (world.player.y - cursor.y) * ease;
    frame.setLocalPosition(cursor.x, cursor.y, 0);
    grow(frame, 1 + Math.sin(clock * 5) * 0.03);
    for (const bar of bars) bar.render.meshInstances[0].material = world.picked ? picked : free;
    frame.enabled = shine.enabled = state === 'playing';
    shine.setLocalPosition(cursor.x, cursor.y, -0.35);
    shine.fade(world.picked ? 0.9 : 0.4);
  }

  return view;
}

function makeBoard() {
  const felt = darker(palette.sky, 0.4);
  const place = (entity, x, y, z) => {
    entity.setLocalPosition(x, y, z);
    entity.render.castShadows = false;
  };
  place(shape(box(COLS + 0.5, ROWS + 0.5, 0.3), lit({ color: palette.accent, gloss: 0.3 })), MIDDLE.x, MIDDLE.y, -0.75);
  place(shape(box(COLS + 0.2, ROWS + 0.2, 0.3), lit({ color: felt })), MIDDLE.x, MIDDLE.y, -0.7);
  const tile = meshFrom(box(0.92, 0.92, 0.12));
  const tints = [0.1, 0.18].map((t) => lit({ color: lighter(felt, t) }));
  for (let c = 0; c < COLS; c++) for (let r = 0; r < ROWS; r++) place(show(tile, tints[(c + r) % 2]), c, r, -0.52);
}

function makeCursor() {
  const frame = group();
  const [free, picked] = [palette.text, palette.collect].map((color) => flat({ color }));
  const bars = [[0, 0.48, 1.02, 0.07], [0, -0.48, 1.02, 0.07], [0.48, 0, 0.07, 1.02], [-0.48, 0, 0.07, 1.02]].map(([x, y, w, h]) => {
    const bar = shape(box(w, h, 0.12), free, { shadow: false, parent: frame });
    bar.setLocalPosition(x, y, 0.1);
    return bar;
  });
  return { frame, bars, free, picked, x: 3, y: 3 };
}
