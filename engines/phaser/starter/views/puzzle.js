// Draws the puzzle: a board of pieces, a cursor, and the hero who cheers from the side.
import { steady } from './motion.js';
import { darker, lighter, number } from './colors.js';
import { createMirror } from './mirror.js';
import { pieceStyles } from './pieces.js';
import { COLS, ROWS } from './rules.js';
import { UNIT, addFigure, color, createBursts, frameOf, palette, ripple } from './stage.js';

const px = (c) => (c + 0.5) * UNIT;
const py = (r) => (ROWS - r - 0.5) * UNIT;

export function createView(scene, backdrop) {
  const cam = scene.cameras.main;
  const burst = createBursts(scene);
  const styles = pieceStyles(palette);
  styles.forEach((s, i) => addFigure(scene, 'piece' + i, s.figure, s.colors));
  const tints = styles.map((s) => number(s.color));
  drawBoard();

  const glow = scene.add.image(0, 0, 'dot').setScale(2.2).setTint(color.accent).setBlendMode('ADD').setDepth(8);
  const cursor = scene.add.rectangle(0, 0, UNIT * 0.98, UNIT * 0.98).setStrokeStyle(7, color.text).setRounded(20).setDepth(30);
  const hero = scene.add.sprite(0, 0, 'hero').setDepth(20);
  const charges = createMirror(() => scene.add.image(0, 0, 'dot').setTint(0xffffff).setBlendMode('ADD').setDepth(9), (i) => i.destroy());
  const pieces = createMirror(
    (p) => scene.add.sprite(px(p.x), py(p.y), p.kind < 0 ? 'enemy' : 'piece' + p.kind).setDepth(10),
    (sprite) => sprite.destroy(),
  );
  let clock = 0;
  let cheer = 0;
  let side = { x: -2, y: 3, size: 2.6 };

  function drawBoard() {
    const g = scene.add.graphics().setDepth(2);
    const felt = darker(palette.sky, 0.5);
    g.fillStyle(number(felt), 0.8).fillRoundedRect(-18, -18, COLS * UNIT + 36, ROWS * UNIT + 36, 34);
    g.lineStyle(6, color.accent, 0.9).strokeRoundedRect(-18, -18, COLS * UNIT + 36, ROWS * UNIT + 36, 34);
    for (let c = 0; c < COLS; c++) {
      for (let r = 0; r < ROWS; r++) {
        g.fillStyle(number(lighter(felt, (c + r) % 2 ? 0.08 : 0.15)), 0.8);
        g.fillRoundedRect(c * UNIT + 4, r * UNIT + 4, UNIT - 8, UNIT - 8, 16);
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
      if (e.type === 'power') ripple(scene, x, y, 0xffffff, 90), burst(x, y, 0xffffff, 16);
      if (e.type === 'burst') ripple(scene, x, y, color.accent, 220), burst(x, y, color.accent, 40), cam.shake(200, steady(0.008));
      if (e.type === 'combo') (cheer = 1), cam.shake(90, steady(0.002 * Math.min(5, e.n)));
      if (e.type === 'no') cam.shake(120, steady(0.004));
      if (e.type === 'won') for (let i = 0; i < 8; i++) scene.time.delayedCall(i * 110, () => burst(px(i % COLS), py((i * 3) % ROWS), [color.collect, color.accent, color.hero][i % 3], 34));
    },

    frame(world, dt, state) {
      clock += dt;
      cheer = Math.max(0, cheer - dt * 1.1);
      backdrop.scroll(clock * 14);
      pieces.sync(world.grid.filter((p) => p), (s, piece) => {
        const p = state === 'title' ? { ...piece, x: piece.c, y: piece.r } : piece; // the board lies ready behind the title
        const picked = world.picked && world.picked.c === p.c && world.picked.r === p.r;
        const hinted = world.hint && ((world.hint.a.c === p.c && world.hint.a.r === p.r) || (world.hint.b.c === p.c && world.hint.b.r === p.r));
        const grow = p.going ? 1 + 0.35 * Math.sin(Math.min(1, p.going * 1.4) * Math.PI) - p.going * 0.9 : 1;
        s.setPosition(px(p.x), py(p.y)).setVisible(p.y < ROWS - 0.35).setAlpha(Math.min(1, (ROWS - 0.35 - p.y) * 3));
        s.setScale((p.kind < 0 ? 0.74 : 0.84) * Math.max(0, grow) * (picked ? 1.1 + Math.sin(clock * 9) * 0.06 : 1));
        s.setAngle(hinted ? Math.sin(clock * 11) * 11 : picked ? Math.sin(clock * 9) * 6 : 0);
        if (p.kind < 0) s.setFrame(frameOf(clock * 0.8 + p.id * 0.2));
        else if (s.kind !== p.kind) s.setTexture('piece' + p.kind);
        s.kind = p.kind;
      });
      charges.sync(world.grid.filter((p) => p?.charged), (s, p) => s.setPosition(px(p.x), py(p.y)).setScale(1.9 + Math.sin(clock * 7) * 0.25).setAlpha(0.8));
      const at = world.player;
      const ease = 1 - Math.exp(-dt * 22);
      cursor.x += (px(at.x) - cursor.x) * ease;
      cursor.y += (py(at.y) - cursor.y) * ease;
      cursor.setScale(1 + Math.sin(clock * 5) * 0.03).setVisible(state === 'playing').setStrokeStyle(7, world.picked ? color.collect : color.text);
      glow.setPosition(cursor.x, cursor.y).setVisible(state === 'playing').setAlpha(world.picked ? 0.8 : 0.35);
      const hop = state === 'won' ? 1 : cheer;
      hero.setPosition(side.x * UNIT, side.y * UNIT - Math.abs(Math.sin(clock * 9)) * 60 * hop).setFrame(frameOf(hop > 0 ? clock * 2 : 0));
      hero.setScale(side.size * (1 - Math.sin(clock * 3) * 0.015), side.size * (1 + Math.sin(clock * 3) * 0.015)).setAngle(state === 'lost' ? -70 : 0);
    },

    toWorld(x, y) {
      const k = cam.width / window.innerWidth / cam.zoom / UNIT;
      const wx = (x - window.innerWidth / 2) * k + cam.midPoint.x / UNIT;
      const wy = (y - window.innerHeight / 2) * k + cam.midPoint.y / UNIT;
      return { x: wx - 0.5, y: ROWS - 0.5 - wy };
    },

    resize() {
      const { width, height } = cam;
      const wide = width > height * 1.15;
      cam.setZoom(Math.min(width / (wide ? COLS + 5.6 : COLS + 0.6), height / (wide ? ROWS + 1.7 : ROWS + 4.6)) / UNIT);
      const middle = wide ? COLS / 2 - 1.5 : COLS / 2;
      cam.centerOn(middle * UNIT, (wide ? ROWS / 2 - 0.3 : ROWS / 2 - 1) * UNIT);
      side = wide ? { x: -2.2, y: ROWS - 1.6, size: 2.4 } : { x: COLS / 2, y: -1, size: 1.3 };
    },
  };

  // A gathered piece flies up to the score.
  function fly(x, y) {
    const ghost = scene.add.image(x, y, 'piece0').setScale(0.8).setDepth(40);
    const to = { x: cam.worldView.x + 60, y: cam.worldView.y + 40 };
    scene.tweens.add({ targets: ghost, ...to, scale: 0.25, duration: 620, ease: 'Cubic.in', onComplete: () => ghost.destroy() });
  }

  return view;
}
