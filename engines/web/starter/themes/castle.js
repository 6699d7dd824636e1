// A castle at dusk: a big moon, towers with flags, bats of mist, old bricks.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, fade, halo, ridge, shape } from './paint.js';

function tower(ctx, x, y, w, h, fill, flag, window) {
  fade(ctx, x, y, w, h, lighter(fill, 0.08), fill);
  ctx.fillStyle = lighter(fill, 0.08);
  for (let i = 0; i < 4; i++) ctx.fillRect(x - 4 + (i * (w + 8)) / 4, y - 9, (w + 8) / 7, 12);
  ctx.fillRect(x - 4, y, w + 8, 8);
  for (let wy = y + 26; wy < y + h - 20; wy += 46) {
    ctx.fillStyle = alpha(window, 0.85);
    ctx.beginPath();
    ctx.roundRect(x + w / 2 - 5, wy, 10, 16, [5, 5, 0, 0]);
    ctx.fill();
  }
  ctx.fillStyle = fill;
  ctx.fillRect(x + w / 2 - 1.5, y - 50, 3, 44);
  shape(ctx, flag, [x + w / 2, y - 50], [x + w / 2 + 26, y - 41], [x + w / 2, y - 32]);
}

export default {
  sky(ctx, w, h, c, rnd) {
    for (let i = 0; i < 70; i++) disc(ctx, rnd.range(0, w), rnd.range(0, h * 0.6), rnd.range(0.5, 1.6), alpha('#ffffff', rnd.range(0.3, 0.9)));
    halo(ctx, w * 0.3, h * 0.28, h * 0.42, '#fff3cf', 0.5);
    disc(ctx, w * 0.3, h * 0.28, h * 0.13, '#fff3d6');
    for (const [x, y, r] of [[-0.04, -0.03, 0.03], [0.05, 0.02, 0.02], [-0.01, 0.06, 0.024]]) disc(ctx, w * 0.3 + x * h, h * 0.28 + y * h, r * h, alpha('#cdbb8b', 0.5));
  },
  layers: [
    {
      speed: 0.08, height: 0.6,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.sky, c.skyLow, 0.55);
        for (let i = 0; i < 7; i++) tower(ctx, (i / 7) * w + rnd.range(0, 40), h * rnd.range(0.25, 0.6), rnd.range(46, 80), h, fill, mix(c.enemy, fill, 0.3), c.collect);
        ctx.fillStyle = fill;
        ctx.fillRect(0, h * 0.72, w, h);
      },
    },
    {
      speed: 0.24, height: 0.46,
      paint(ctx, w, h, c, rnd) {
        const fill = darker(mix(c.sky, c.ground, 0.3), 0.3);
        ridge(ctx, w, h, h * 0.36, [[2, 30, 1], [5, 9, 0]], fill);
        for (let i = 0; i < 3; i++) tower(ctx, (i / 3) * w + rnd.range(40, 140), h * rnd.range(0.2, 0.4), rnd.range(50, 74), h, fill, c.accent, c.collect);
      },
    },
  ],
  ambient: { kind: 'spark', count: 20, color: 'collect', size: 0.07, vx: -0.2, vy: 0.35 },
  block(ctx, s, c) {
    ctx.fillStyle = darker(c.ground, 0.35);
    ctx.fillRect(0, 0, s, s);
    for (let row = 0; row < 4; row++) {
      for (let i = -1; i < 3; i++) {
        const x = i * (s / 2) + (row % 2) * (s / 4);
        ctx.fillStyle = mix(c.ground, '#ffffff', ((row * 3 + i * 5 + 8) % 4) * 0.05);
        ctx.fillRect(x + 2, row * (s / 4) + 2, s / 2 - 4, s / 4 - 4);
      }
    }
  },
  // A small tower.
  prop(ctx, s, c) {
    tower(ctx, s * 0.33, s * 0.42, s * 0.34, s * 0.6, mix(c.ground, c.sky, 0.35), c.accent, c.collect);
  },
  top: 'accent',
};
