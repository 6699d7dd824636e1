// Draws the puzzle: a board of pieces, a cursor, and the hero who cheers from the side.
import { alpha, darker, lighter, roles } from './colors.js';
import { k } from './engine.js';
import { createMirror } from './mirror.js';
import { canvas, figureSheet } from './paint.js';
import { pieceStyles } from './pieces.js';
import { COLS, ROWS } from './rules.js';
import { FRAMES, UNIT, addPicture, color, draw, frameOf, palette, white } from './textures.js';
import enemyFigure from './figures/enemy.js';

const px = (c) => (c + 0.5) * UNIT;
const py = (r) => (ROWS - r - 0.5) * UNIT;

export function createView(stage) {
  const { camera, burst, ripple } = stage;
  const styles = pieceStyles(palette);
  const tints = styles.map((s) => k.rgb(s.color));
  paintPieces(styles);
  addPicture('board', boardPicture());
  addPicture('frame', framePicture());

  stage.sprite('board', 2, { x: (COLS * UNIT) / 2, y: (ROWS * UNIT) / 2 });
  const glow = stage.light(color.accent, 8, { scale: 2.2 });
  const cursor = stage.sprite('frame', 30, { x: px(3), y: py(3) });
  const hero = stage.sprite('hero', 20);
  const remove = (thing) => thing.destroy();
  const charges = createMirror(() => stage.light(white, 9, { opacity: 0.8 }), remove);
  const pieces = createMirror(() => stage.sprite('pieces', 10), remove);
  let clock = 0;
  let cheer = 0;
  let side = { x: -2, y: 3, size: 2.6 };

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
      if (e.type === 'power') ripple(x, y, white, 90), burst(x, y, white, 16);
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
        s.frame = p.kind < 0 ? styles.length + frameOf(clock * 0.8 + p.id * 0.2) : p.kind;
        s.moveTo(px(p.x), py(p.y));
        s.opacity = Math.max(0, Math.min(1, (ROWS - 0.35 - p.y) * 3));
        s.scaleTo((p.kind < 0 ? 0.74 : 0.84) * Math.max(0, grow) * (picked ? 1.1 + Math.sin(clock * 9) * 0.06 : 1));
        s.angle = hinted ? Math.sin(clock * 11) * 11 : picked ? Math.sin(clock * 9) * 6 : 0;
      });
      charges.sync(world.grid.filter((p) => p?.charged), (s, p) => {
        s.moveTo(px(p.x), py(p.y));
        s.scaleTo(1.9 + Math.sin(clock * 7) * 0.25);
      });
      placeCursor(world, dt, state);
      const hop = state === 'won' ? 1 : cheer;
      const breathe = Math.sin(clock * 3) * 0.015;
      hero.moveTo(side.x * UNIT, side.y * UNIT - Math.abs(Math.sin(clock * 9)) * 60 * hop);
      hero.frame = frameOf(hop > 0 ? clock * 2 : 0);
      hero.scaleTo(side.size * (1 - breathe), side.size * (1 + breathe));
      hero.angle = state === 'lost' ? -70 : 0;
    },

    toWorld(x, y) {
      const at = stage.point(x, y);
      return { x: at.x / UNIT - 0.5, y: ROWS - 0.5 - at.y / UNIT };
    },

    resize() {
      const wide = k.width() > k.height() * 1.15;
      camera.zoom = Math.min(k.width() / (wide ? COLS + 5.6 : COLS + 0.6), k.height() / (wide ? ROWS + 1.7 : ROWS + 4.6)) / UNIT;
      camera.x = (wide ? COLS / 2 - 1.5 : COLS / 2) * UNIT;
      camera.y = (wide ? ROWS / 2 - 0.3 : ROWS / 2 - 1) * UNIT;
      side = wide ? { x: -2.2, y: ROWS - 1.6, size: 2.4 } : { x: COLS / 2, y: -1, size: 1.3 };
    },
  };

  function placeCursor(world, dt, state) {
    const ease = 1 - Math.exp(-dt * 22);
    cursor.moveBy((px(world.player.x) - cursor.pos.x) * ease, (py(world.player.y) - cursor.pos.y) * ease);
    cursor.scaleTo(1 + Math.sin(clock * 5) * 0.03);
    cursor.color = world.picked ? color.collect : color.text;
    cursor.hidden = glow.hidden = state !== 'playing';
    glow.moveTo(cursor.pos);
    glow.opacity = world.picked ? 0.8 : 0.35;
  }

  // A gathered piece flies up to the score.
  function fly(x, y) {
    const ghost = stage.sprite('pieces', 40);
    const to = stage.point(40, 30);
    stage.over(0.62, (t) => {
      const ease = t ** 3;
      ghost.moveTo(x + (to.x - x) * ease, y + (to.y - y) * ease);
      ghost.scaleTo(0.8 - 0.55 * ease);
    }, () => ghost.destroy());
  }

  return view;
}

// One sprite for all that lies on the board, since a piece may change its kind: a frame for each kind, then the foe's walk.
function paintPieces(styles) {
  const foe = figureSheet(enemyFigure, roles(palette.enemy, palette.accent), UNIT);
  const sheet = canvas(foe.side * (styles.length + FRAMES), foe.side);
  const ctx = sheet.getContext('2d');
  styles.forEach((s, i) => ctx.drawImage(figureSheet(s.figure, s.colors, UNIT, { frames: 1 }).sheet, i * foe.side, 0));
  ctx.drawImage(foe.sheet, styles.length * foe.side, 0);
  addPicture('pieces', sheet, { sliceX: styles.length + FRAMES });
}

function boardPicture() {
  const felt = darker(palette.sky, 0.5);
  const [w, h] = [COLS * UNIT, ROWS * UNIT];
  return draw(w + 48, h + 48, (ctx) => {
    const box = (x, y, width, height, radius) => (ctx.beginPath(), ctx.roundRect(x - w / 2, y - h / 2, width, height, radius));
    box(-18, -18, w + 36, h + 36, 34);
    ctx.fillStyle = alpha(felt, 0.8);
    ctx.fill();
    ctx.strokeStyle = alpha(palette.accent, 0.9);
    ctx.lineWidth = 6;
    ctx.stroke();
    for (let c = 0; c < COLS; c++) {
      for (let r = 0; r < ROWS; r++) {
        box(c * UNIT + 4, r * UNIT + 4, UNIT - 8, UNIT - 8, 16);
        ctx.fillStyle = alpha(lighter(felt, (c + r) % 2 ? 0.08 : 0.15), 0.8);
        ctx.fill();
      }
    }
  });
}

const framePicture = () =>
  draw(UNIT * 1.1, UNIT * 1.1, (ctx) => {
    ctx.strokeStyle = '#ffffff';
    ctx.lineWidth = 7;
    ctx.beginPath();
    ctx.roundRect(-UNIT * 0.49, -UNIT * 0.49, UNIT * 0.98, UNIT * 0.98, 20);
    ctx.stroke();
  });
