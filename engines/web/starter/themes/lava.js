// A land of fire: volcanoes, rivers of lava, embers in the air.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, fade, halo, ridge, shape } from './paint.js';

export default {
  sky(ctx, w, h, c, rnd) {
    halo(ctx, w * 0.55, h * 0.75, h * 0.8, c.accent, 0.55);
    for (let i = 0; i < 16; i++) {
      const x = rnd.range(0, w);
      for (let k = 0; k < 4; k++) disc(ctx, x + k * 34, rnd.range(h * 0.02, h * 0.22), rnd.range(22, 54), alpha(darker(c.sky, 0.5), 0.24));
    }
  },
  layers: [
    {
      speed: 0.08, height: 0.6,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 4; i++) {
          const x = ((i + 0.5) / 4) * w + rnd.range(-40, 40);
          const th = h * rnd.range(0.55, 0.85);
          const fill = mix(c.sky, c.skyLow, 0.35);
          halo(ctx, x, h - th, 110, c.accent, 0.8);
          shape(ctx, fill, [x - 24, h - th], [x + 24, h - th], [x + th * 0.8, h], [x - th * 0.8, h]);
          shape(ctx, c.accent, [x - 24, h - th], [x + 24, h - th], [x + 14, h - th * 0.7], [x + 4, h - th * 0.84], [x - 4, h - th * 0.5], [x - 14, h - th * 0.8]);
        }
        ridge(ctx, w, h, h * 0.14, [[3, 16, 0]], mix(c.sky, c.skyLow, 0.4));
      },
    },
    {
      speed: 0.25, height: 0.44,
      paint(ctx, w, h, c, rnd) {
        fade(ctx, 0, h * 0.7, w, h * 0.3, lighter(c.accent, 0.3), c.accent);
        for (let i = 0; i < 13; i++) {
          const x = rnd.range(0, w);
          const th = h * rnd.range(0.3, 0.75);
          shape(ctx, darker(c.sky, 0.4), [x, h - th], [x + th * 0.12, h - th * 0.8], [x + th * 0.34, h], [x - th * 0.34, h], [x - th * 0.1, h - th * 0.7]);
        }
        ridge(ctx, w, h, h * 0.12, [[4, 14, 1], [7, 7, 0]], darker(c.sky, 0.45));
      },
    },
  ],
  ambient: { kind: 'spark', count: 40, color: 'accent', size: 0.09, vx: 0.3, vy: 1.2 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = c.ground;
    ctx.fillRect(0, 0, s, s);
    ctx.strokeStyle = alpha(c.accent, 0.75);
    ctx.lineWidth = 3;
    for (let i = 0; i < 4; i++) {
      ctx.beginPath();
      let x = rnd.range(0, s);
      let y = rnd.range(0, s);
      ctx.moveTo(x, y);
      for (let k = 0; k < 3; k++) ctx.lineTo((x += rnd.range(-26, 26)), (y += rnd.range(4, 24)));
      ctx.stroke();
    }
  },
  // A glowing spire of rock.
  prop(ctx, s, c) {
    halo(ctx, s / 2, s * 0.8, s * 0.4, c.accent, 0.5);
    shape(ctx, darker(c.ground, 0.35), [s * 0.5, s * 0.08], [s * 0.62, s * 0.4], [s * 0.78, s], [s * 0.22, s], [s * 0.36, s * 0.5]);
    shape(ctx, c.accent, [s * 0.5, s * 0.3], [s * 0.55, s * 0.6], [s * 0.6, s], [s * 0.5, s], [s * 0.46, s * 0.66]);
  },
  top: 'accent',
};
