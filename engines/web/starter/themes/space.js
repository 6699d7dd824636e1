// Outer space: a ringed planet, nebulae, drifting rocks, dust.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, halo, ridge } from './paint.js';

function planet(ctx, x, y, r, color, ring) {
  const g = ctx.createRadialGradient(x - r * 0.4, y - r * 0.4, r * 0.1, x, y, r);
  g.addColorStop(0, lighter(color, 0.45));
  g.addColorStop(0.6, color);
  g.addColorStop(1, darker(color, 0.65));
  disc(ctx, x, y, r, g);
  if (!ring) return;
  ctx.strokeStyle = alpha(ring, 0.75);
  ctx.lineWidth = r * 0.14;
  ctx.beginPath();
  ctx.ellipse(x, y, r * 1.75, r * 0.42, -0.3, -0.25, Math.PI + 0.25);
  ctx.stroke();
}

export default {
  sky(ctx, w, h, c, rnd) {
    for (let i = 0; i < 7; i++) halo(ctx, rnd.range(0, w), rnd.range(0, h), rnd.range(160, 330), rnd.pick([c.accent, c.hero, c.skyLow]), 0.22);
    for (let i = 0; i < 260; i++) disc(ctx, rnd.range(0, w), rnd.range(0, h), rnd.range(0.4, 1.9), alpha('#ffffff', rnd.range(0.25, 1)));
    planet(ctx, w * 0.72, h * 0.34, h * 0.15, c.accent, c.collect);
    planet(ctx, w * 0.2, h * 0.2, h * 0.05, mix(c.enemy, c.sky, 0.3));
  },
  layers: [
    {
      speed: 0.12, height: 0.9,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 16; i++) planet(ctx, rnd.range(0, w), rnd.range(h * 0.1, h * 0.95), rnd.range(4, 15), mix(c.ground, c.sky, 0.45));
        for (let i = 0; i < 40; i++) disc(ctx, rnd.range(0, w), rnd.range(0, h), rnd.range(0.8, 2.2), alpha('#ffffff', 0.8));
      },
    },
    {
      speed: 0.3, height: 0.36,
      paint(ctx, w, h, c, rnd) {
        ridge(ctx, w, h, h * 0.38, [[2, 34, 1], [5, 16, 0], [11, 5, 2]], darker(mix(c.ground, c.sky, 0.4), 0.25));
        for (let i = 0; i < 18; i++) {
          const x = rnd.range(0, w);
          const y = h - rnd.range(0, h * 0.34);
          ctx.fillStyle = alpha(darker(c.sky, 0.4), 0.4);
          ctx.beginPath();
          ctx.ellipse(x, y, rnd.range(10, 34), rnd.range(4, 9), 0, 0, Math.PI * 2);
          ctx.fill();
        }
      },
    },
  ],
  ambient: { kind: 'spark', count: 34, color: 'text', size: 0.05, vx: -1.6, vy: 0 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = c.ground;
    ctx.fillRect(0, 0, s, s);
    for (let i = 0; i < 9; i++) {
      const x = rnd.range(0, s);
      const y = rnd.range(0, s);
      const r = rnd.range(5, 15);
      disc(ctx, x, y, r, alpha('#000000', 0.22));
      disc(ctx, x + 2, y + 2, r * 0.8, alpha('#ffffff', 0.07));
    }
  },
  // A crystal on a rock.
  prop(ctx, s, c) {
    halo(ctx, s / 2, s * 0.6, s * 0.36, c.accent, 0.6);
    for (const [x, h, w] of [[0.38, 0.4, 0.1], [0.52, 0.72, 0.13], [0.66, 0.48, 0.1]]) {
      ctx.fillStyle = lighter(c.accent, 0.1 + w);
      ctx.beginPath();
      ctx.moveTo(s * (x - w), s);
      ctx.lineTo(s * (x - w * 0.6), s * (1 - h * 0.8));
      ctx.lineTo(s * x, s * (1 - h));
      ctx.lineTo(s * (x + w * 0.6), s * (1 - h * 0.75));
      ctx.lineTo(s * (x + w), s);
      ctx.fill();
    }
    ridge(ctx, s, s, s * 0.04, [[2, s * 0.02, 0]], darker(c.ground, 0.3));
  },
  top: 'accent',
};
