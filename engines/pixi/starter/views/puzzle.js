// Draws the puzzle: a board of pieces, a cursor, and the hero who cheers from the side.
import { Graphics } from 'pixi.js';
import { darker, lighter, number } from './colors.js';
import { createMirror } from './mirror.js';
import { pieceStyles } from './pieces.js';
import { COLS, ROWS } from './rules.js';
import { UNIT, color, figureFrames, frameOf, palette, textures } from './textures.js';

const px = (c) => (c + 0.5) * UNIT;
const py = (r) => (ROWS - r - 0.5) * UNIT;

export function createView(stage) {
  const { world: scene, camera, burst, ripple } = stage;
  const styles = pieceStyles(palette);
  const pictures = styles.map((s) => figureFrames(s.figure, s.colors)[0]);
  const tints = styles.map((s) => number(s.color));
  drawBoard();

  const glow = stage.light(color.accent, 8, { scale: 2.2 });
  const frame = (tint) => scene.addChild(new Graphics({ zIndex: 30 }).roundRect(-UNIT * 0.49, -UNIT * 0.49, UNIT * 0.98, UNIT * 0.98, 20).stroke({ width: 7, color: tint }));
  const cursor = { free: frame(color.text), picked: frame(color.collect), x: px(3), y: py(3) };
  const hero = stage.sprite(textures.hero[0], 20);
  const remove = (sprite) => sprite.destroy();
  const charges = createMirror(() => stage.light(0xffffff, 9), remove);
  const pieces = createMirror(() => stage.sprite(pictures[0], 10), remove);
  let clock = 0;
  let cheer = 0;
  let side = { x: -2, y: 3, size: 2.6 };

  function drawBoard() {
    const felt = darker(palette.sky, 0.5);
    const g = scene.addChild(new Graphics({ zIndex: 2 }));
    g.roundRect(-18, -18, COLS * UNIT + 36, ROWS * UNIT + 36, 34).fill({ color: felt, alpha: 0.8 }).stroke({ width: 6, color: color.accent, alpha: 0.9 });
    for (let c = 0; c < COLS; c++) {
      for (let r = 0; r < ROWS; r++) {
        g.roundRect(c * UNIT + 4, r * UNIT + 4, UNIT - 8, UNIT - 8, 16).fill({ color: lighter(felt, (c + r) % 2 ? 0.08 : 0.15), alpha: 0.8 });
      }
    }
  }

  const view = {
    reset() {
      pieces.clear();
      charges.clear();
      view.resize();
    },

    event(e) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'collect') {
        burst(x, y, color.collect, 14);
        fly(x, y);
      }
      if (e.type === 'pop') burst(x, y, tints[e.kind], 9);
      if (e.type === 'stomp') burst(x, y, color.enemy, 20), (cheer = 1);
      if (e.type === 'power') ripple(x, y, 0xffffff, 90), burst(x, y, 0xffffff, 16);
      if (e.type === 'burst') ripple(x, y, color.accent, 220), burst(x, y, color.accent, 40), stage.shake(0.2, 0.008);
      if (e.type === 'combo') (cheer = 1), stage.shake(0.09, 0.002 * Math.min(5, e.n));
      if (e.type === 'no') stage.shake(0.12, 0.004);
      if (e.type === 'won') for (let i = 0; i < 8; i++) stage.after(i * 0.11, () => burst(px(i % COLS), py((i * 3) % ROWS), [color.collect, color.accent, color.hero][i % 3], 34));
    },

    frame(world, dt, state) {
      clock += dt;
      cheer = Math.max(0, cheer - dt * 1.1);
      stage.backdrop.scroll(clock * 14);
      const is = (at, p) => at && at.c === p.c && at.r === p.r;
      pieces.sync(world.grid.filter((p) => p), (s, piece) => {
        const p = state === 'title' ? { ...piece, x: piece.c, y: piece.r } : piece; // the board lies ready behind the title
        const picked = is(world.picked, p);
        const hinted = world.hint && (is(world.hint.a, p) || is(world.hint.b, p));
        const grow = p.going ? 1 + 0.35 * Math.sin(Math.min(1, p.going * 1.4) * Math.PI) - p.going * 0.9 : 1;
        s.texture = p.kind < 0 ? frameOf(textures.enemy, clock * 0.8 + p.id * 0.2) : pictures[p.kind];
        s.position.set(px(p.x), py(p.y));
        s.visible = p.y < ROWS - 0.35;
        s.alpha = Math.max(0, Math.min(1, (ROWS - 0.35 - p.y) * 3));
        s.scale.set((p.kind < 0 ? 0.74 : 0.84) * Math.max(0, grow) * (picked ? 1.1 + Math.sin(clock * 9) * 0.06 : 1));
        s.angle = hinted ? Math.sin(clock * 11) * 11 : picked ? Math.sin(clock * 9) * 6 : 0;
      });
      charges.sync(world.grid.filter((p) => p?.charged), (s, p) => {
        s.position.set(px(p.x), py(p.y));
        s.scale.set(1.9 + Math.sin(clock * 7) * 0.25);
        s.alpha = 0.8;
      });
      placeCursor(world, dt, state);
      const hop = state === 'won' ? 1 : cheer;
      const breathe = Math.sin(clock * 3) * 0.015;
      hero.position.set(side.x * UNIT, side.y * UNIT - Math.abs(Math.sin(clock * 9)) * 60 * hop);
      hero.texture = frameOf(textures.hero, hop > 0 ? clock * 2 : 0);
      hero.scale.set(side.size * (1 - breathe), side.size * (1 + breathe));
      hero.angle = state === 'lost' ? -70 : 0;
    },

    toWorld(x, y) {
      const at = stage.point(x, y);
      return { x: at.x / UNIT - 0.5, y: ROWS - 0.5 - at.y / UNIT };
    },

    resize() {
      const { width, height } = stage.screen;
      const wide = width > height * 1.15;
      camera.zoom = Math.min(width / (wide ? COLS + 5.6 : COLS + 0.6), height / (wide ? ROWS + 1.7 : ROWS + 4.6)) / UNIT;
      camera.x = (wide ? COLS / 2 - 1.5 : COLS / 2) * UNIT;
      camera.y = (wide ? ROWS / 2 - 0.3 : ROWS / 2 - 1) * UNIT;
      side = wide ? { x: -2.2, y: ROWS - 1.6, size: 2.4 } : { x: COLS / 2, y: -1, size: 1.3 };
    },
  };

  function placeCursor(world, dt, state) {
    const ease = 1 - Math.exp(-dt * 22);
    cursor.x += (px(world.player.x) - cursor.x) * ease;
    cursor.y += (py(world.player.y) - cursor.y) * ease;
    const playing = state === 'playing';
    for (const [box, on] of [[cursor.free, !world.picked], [cursor.picked, !!world.picked]]) {
      box.position.set(cursor.x, cursor.y);
      box.scale.set(1 + Math.sin(clock * 5) * 0.03);
      box.visible = playing && on;
    }
    glow.position.set(cursor.x, cursor.y);
    glow.visible = playing;
    glow.alpha = world.picked ? 0.8 : 0.35;
  }

  // A gathered piece flies up to the score.
  function fly(x, y) {
    const ghost = stage.sprite(pictures[0], 40);
    const to = stage.point(40, 30);
    stage.over(0.62, (t) => {
      const ease = t ** 3;
      ghost.position.set(x + (to.x - x) * ease, y + (to.y - y) * ease);
      ghost.scale.set(0.8 - 0.55 * ease);
    }, () => ghost.destroy());
  }

  return view;
}
