// Winter: northern lights over white mountains, firs under snow, falling flakes.
import { alpha, darker, lighter, mix } from './colors.js';
import { ridge, shape } from './paint.js';

export default {
  sky(ctx, w, h, c) {
    for (let k = 0; k < 3; k++) {
      for (let x = 0; x < w; x += 5) {
        const y = h * (0.16 + k * 0.09) + Math.sin(x / 90 + k * 2) * 34;
        const g = ctx.createLinearGradient(0, y - 70, 0, y + 26);
        g.addColorStop(0, alpha(c.accent, 0));
        g.addColorStop(0.8, alpha(k % 2 ? c.collect : c.accent, 0.2 + 0.1 * Math.sin(x / 33 + k)));
        g.addColorStop(1, alpha(c.accent, 0));
        ctx.fillStyle = g;
        ctx.fillRect(x, y - 70, 5, 96);
      }
    }
  },
  layers: [
    {
      speed: 0.07, height: 0.62,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 6; i++) {
          const x = ((i + 0.5) / 6) * w + rnd.range(-30, 30);
          const th = h * rnd.range(0.5, 0.92);
          const half = th * 0.62;
          const fill = mix(c.skyLow, c.sky, 0.45);
          shape(ctx, fill, [x, h - th], [x + half, h], [x - half, h]);
          shape(ctx, darker(fill, 0.14), [x, h - th], [x + half, h], [x + half * 0.1, h]);
          shape(ctx, '#ffffff', [x, h - th], [x + half * 0.3, h - th * 0.7], [x + half * 0.1, h - th * 0.76], [x, h - th * 0.66], [x - half * 0.12, h - th * 0.75], [x - half * 0.3, h - th * 0.7]);
        }
      },
    },
    {
      speed: 0.24, height: 0.5,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 14; i++) {
          const x = rnd.range(0, w);
          const th = h * rnd.range(0.36, 0.7);
          for (let k = 0; k < 3; k++) {
            const y = h * 0.84 - th * (1 - k * 0.26);
            const half = th * (0.12 + k * 0.07);
            shape(ctx, mix('#2b5a5e', c.skyLow, 0.25), [x, y], [x + half, y + th * 0.4], [x - half, y + th * 0.4]);
            shape(ctx, alpha('#ffffff', 0.9), [x, y], [x + half * 0.55, y + th * 0.2], [x, y + th * 0.15], [x - half * 0.55, y + th * 0.2]);
          }
        }
        ridge(ctx, w, h, h * 0.24, [[2, 20, 0], [3, 10, 2]], lighter(mix(c.skyLow, '#dfefff', 0.6), 0.1));
        ridge(ctx, w, h, h * 0.14, [[3, 14, 1], [5, 5, 0]], '#eef6ff');
      },
    },
  ],
  ambient: { kind: 'snow', count: 48, color: '#ffffff', size: 0.09, vx: -0.5, vy: -1.3 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = c.ground;
    ctx.fillRect(0, 0, s, s);
    for (let i = 0; i < 9; i++) {
      const x = rnd.range(0, s);
      const y = rnd.range(0, s);
      shape(ctx, alpha('#ffffff', 0.2), [x, y], [x + rnd.range(8, 30), y + rnd.range(-12, 12)], [x + rnd.range(0, 12), y + rnd.range(8, 26)]);
    }
  },
  // A fir under snow.
  prop(ctx, s) {
    ctx.fillStyle = '#6b4a35';
    ctx.fillRect(s * 0.46, s * 0.85, s * 0.08, s * 0.15);
    for (let k = 2; k >= 0; k--) {
      const y = s * (0.08 + k * 0.22);
      const half = s * (0.18 + k * 0.09);
      shape(ctx, '#2f6b6a', [s / 2, y], [s / 2 + half, y + s * 0.36], [s / 2 - half, y + s * 0.36]);
      shape(ctx, '#ffffff', [s / 2, y], [s / 2 + half * 0.6, y + s * 0.2], [s / 2, y + s * 0.15], [s / 2 - half * 0.6, y + s * 0.2]);
    }
  },
  top: '#ffffff',
};
