// A sunny day: round clouds, green hills with flowers, a windmill.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, halo, ridge, shape } from './paint.js';

export default {
  sky(ctx, w, h, c, rnd) {
    halo(ctx, w * 0.78, h * 0.2, h * 0.42, '#fff6c8', 0.9);
    disc(ctx, w * 0.78, h * 0.2, h * 0.075, '#fff4b8');
    for (let i = 0; i < 8; i++) {
      const x = rnd.range(0, w);
      const y = rnd.range(h * 0.08, h * 0.46);
      for (let k = 0; k < 5; k++) disc(ctx, x + (k - 2) * 26, y - (k % 2) * 10, rnd.range(16, 30), alpha('#ffffff', 0.85));
    }
  },
  layers: [
    {
      speed: 0.08, height: 0.5,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.ground, c.skyLow, 0.55);
        for (let i = 0; i < 2; i++) {
          const x = w * (0.25 + i * 0.5);
          shape(ctx, mix('#fff3dc', c.skyLow, 0.3), [x - 12, h * 0.3], [x + 12, h * 0.3], [x + 20, h * 0.7], [x - 20, h * 0.7]);
          for (let k = 0; k < 4; k++) {
            const a = rnd.range(0, 0.1) + 0.5 + (k * Math.PI) / 2;
            const [dx, dy] = [Math.cos(a), Math.sin(a)];
            shape(ctx, mix(c.enemy, c.skyLow, 0.35), [x, h * 0.3], [x + dx * 66 - dy * 9, h * 0.3 + dy * 66 + dx * 9], [x + dx * 66 + dy * 5, h * 0.3 + dy * 66 - dx * 5]);
          }
        }
        ridge(ctx, w, h, h * 0.36, [[2, 36, 1], [3, 14, 0]], fill);
      },
    },
    {
      speed: 0.24, height: 0.42,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.ground, c.skyLow, 0.2);
        ridge(ctx, w, h, h * 0.4, [[2, 30, 0], [5, 9, 1]], lighter(fill, 0.1));
        for (let i = 0; i < 15; i++) {
          const x = rnd.range(0, w);
          ctx.fillStyle = '#7b5635';
          ctx.fillRect(x - 4, h * 0.5, 8, h * 0.3);
          for (let k = 0; k < 3; k++) disc(ctx, x + (k - 1) * 17, h * 0.5 - (k % 2) * 17, rnd.range(17, 25), darker(fill, 0.12));
        }
        ridge(ctx, w, h, h * 0.22, [[3, 16, 2], [5, 6, 0]], fill);
        for (let i = 0; i < 70; i++) disc(ctx, rnd.range(0, w), h - rnd.range(0, h * 0.18), rnd.range(2, 5), rnd.pick([c.collect, c.enemy, '#ffffff']));
      },
    },
  ],
  ambient: { kind: 'leaf', count: 16, color: '#ffffff', size: 0.09, vx: -0.5, vy: 0.12 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = '#9a6a3f';
    ctx.fillRect(0, 0, s, s);
    for (let i = 0; i < 22; i++) {
      ctx.fillStyle = alpha(rnd.pick(['#5a3a1e', '#ffe0b0']), 0.22);
      ctx.fillRect(rnd.int(0, 7) * (s / 8), rnd.int(0, 7) * (s / 8), s / 8, s / 8);
    }
  },
  // A round tree.
  prop(ctx, s, c) {
    ctx.fillStyle = '#7b5635';
    ctx.fillRect(s * 0.45, s * 0.6, s * 0.1, s * 0.4);
    const fill = darker(c.ground, 0.15);
    for (const [x, y, r] of [[0.34, 0.5, 0.2], [0.66, 0.5, 0.2], [0.5, 0.3, 0.25]]) disc(ctx, s * x, s * y, s * r, fill);
    for (const [x, y, r] of [[0.34, 0.44, 0.12], [0.6, 0.42, 0.12], [0.46, 0.23, 0.14]]) disc(ctx, s * x, s * y, s * r, lighter(fill, 0.18));
    for (const [x, y] of [[0.3, 0.5], [0.52, 0.36], [0.68, 0.54]]) disc(ctx, s * x, s * y, s * 0.035, c.enemy);
  },
  top: 'ground',
};
