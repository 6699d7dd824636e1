// Deep woods: light through the leaves, rows of trees, drifting leaves.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, halo, ridge, shape } from './paint.js';

function firs(ctx, w, h, rnd, n, tall, fill) {
  for (let i = 0; i < n; i++) {
    const x = ((i + rnd.range(0, 0.7)) / n) * w;
    const th = h * rnd.range(tall * 0.6, tall);
    const tw = th * 0.34;
    for (let k = 0; k < 4; k++) {
      const y = h - th * (1 - k * 0.2);
      const half = tw * (0.32 + k * 0.24);
      shape(ctx, mix(fill, '#ffffff', 0.07 - k * 0.02), [x, y], [x + half, y + th * 0.36], [x - half, y + th * 0.36]);
    }
  }
}

export default {
  sky(ctx, w, h, c, rnd) {
    halo(ctx, w * 0.3, h * 0.2, h * 0.55, lighter(c.collect, 0.5), 0.7);
    for (let i = 0; i < 6; i++) {
      const x = w * 0.1 + i * w * 0.16 + rnd.range(-20, 20);
      shape(ctx, alpha('#fff8d0', 0.1), [w * 0.3, -20], [w * 0.3 + 24, -20], [x + 110, h], [x, h]);
    }
  },
  layers: [
    {
      speed: 0.08, height: 0.66,
      paint(ctx, w, h, c, rnd) {
        firs(ctx, w, h, rnd, 15, 0.86, mix(c.skyLow, c.ground, 0.4));
        ridge(ctx, w, h, h * 0.2, [[3, 12, 0], [5, 7, 1]], mix(c.skyLow, c.ground, 0.45));
      },
    },
    {
      speed: 0.24, height: 0.56,
      paint(ctx, w, h, c, rnd) {
        const fill = darker(mix(c.skyLow, c.ground, 0.75), 0.18);
        firs(ctx, w, h, rnd, 10, 0.82, fill);
        ridge(ctx, w, h, h * 0.16, [[2, 16, 2], [5, 8, 0]], fill);
        for (let i = 0; i < 26; i++) disc(ctx, rnd.range(0, w), h - rnd.range(0, h * 0.2), rnd.range(14, 34), alpha(fill, 1));
      },
    },
  ],
  ambient: { kind: 'leaf', count: 22, color: 'accent', size: 0.14, vx: -0.6, vy: -0.5 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = '#6d4a2f';
    ctx.fillRect(0, 0, s, s);
    for (let i = 0; i < 26; i++) disc(ctx, rnd.range(0, s), rnd.range(0, s), rnd.range(2, 7), alpha(rnd.chance(0.5) ? '#000000' : '#ffdca8', 0.12));
  },
  // A tall fir.
  prop(ctx, s, c, rnd) {
    ctx.fillStyle = '#5b3d26';
    ctx.fillRect(s * 0.46, s * 0.8, s * 0.08, s * 0.2);
    const fill = darker(mix(c.ground, '#1f7a4a', 0.5), 0.15);
    for (let k = 3; k >= 0; k--) {
      const half = s * (0.12 + k * 0.08);
      shape(ctx, mix(fill, '#ffffff', 0.16 - k * 0.05), [s / 2, s * (0.04 + k * 0.17)], [s / 2 + half, s * (0.4 + k * 0.16)], [s / 2 - half, s * (0.4 + k * 0.16)]);
    }
  },
  top: 'ground',
};
