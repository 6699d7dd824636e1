// A city at night: a banded sun, towers with lit windows, glowing edges.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, fade, halo } from './paint.js';

function towers(ctx, w, h, rnd, n, tall, fill, lights) {
  for (let i = 0; i < n; i++) {
    const x = (i / n) * w + rnd.range(0, 20);
    const tw = (w / n) * rnd.range(0.7, 1.1);
    const th = h * rnd.range(tall * 0.45, tall);
    fade(ctx, x, h - th, tw, th, lighter(fill, 0.14), fill);
    ctx.fillStyle = alpha(rnd.pick(lights), 0.9);
    ctx.fillRect(x, h - th, tw, 3);
    for (let wy = h - th + 14; wy < h - 10; wy += 18) {
      for (let wx = x + 8; wx < x + tw - 8; wx += 14) {
        if (!rnd.chance(0.4)) continue;
        ctx.fillStyle = alpha(rnd.pick(lights), rnd.range(0.25, 0.85));
        ctx.fillRect(wx, wy, 6, 9);
      }
    }
  }
}

export default {
  sky(ctx, w, h, c, rnd) {
    for (let i = 0; i < 90; i++) disc(ctx, rnd.range(0, w), rnd.range(0, h * 0.5), rnd.range(0.5, 1.8), alpha('#ffffff', rnd.range(0.3, 0.9)));
    const x = w * 0.66;
    const y = h * 0.5;
    halo(ctx, x, y, h * 0.44, c.accent, 0.5);
    ctx.save();
    ctx.beginPath();
    ctx.arc(x, y, h * 0.2, 0, Math.PI * 2);
    ctx.clip();
    fade(ctx, x - h, y - h * 0.2, h * 2, h * 0.4, c.collect, c.accent);
    ctx.fillStyle = mix(c.sky, c.skyLow, 0.7);
    for (let i = 0; i < 6; i++) ctx.fillRect(x - h, y + i * h * 0.034, h * 2, 3 + i * 1.8);
    ctx.restore();
  },
  layers: [
    { speed: 0.1, height: 0.62, paint: (ctx, w, h, c, rnd) => towers(ctx, w, h, rnd, 11, 0.8, mix(c.skyLow, c.sky, 0.55), [c.accent, c.collect]) },
    { speed: 0.28, height: 0.52, paint: (ctx, w, h, c, rnd) => towers(ctx, w, h, rnd, 8, 0.75, darker(c.sky, 0.35), [c.accent, c.hero, c.collect]) },
  ],
  ambient: { kind: 'spark', count: 26, color: 'accent', size: 0.07, vx: -0.3, vy: 0.25 },
  block(ctx, s, c) {
    fade(ctx, 0, 0, s, s, lighter(c.ground, 0.08), darker(c.ground, 0.35));
    ctx.strokeStyle = alpha(c.accent, 0.45);
    ctx.lineWidth = 2;
    for (let i = 0; i <= 2; i++) {
      ctx.strokeRect(i * (s / 2), -2, 0.1, s + 4);
      ctx.strokeRect(-2, i * (s / 2), s + 4, 0.1);
    }
  },
  // A lamp by the road.
  prop(ctx, s, c) {
    ctx.fillStyle = darker(c.sky, 0.3);
    ctx.fillRect(s * 0.47, s * 0.2, s * 0.06, s * 0.8);
    halo(ctx, s / 2, s * 0.2, s * 0.2, c.accent, 0.9);
    disc(ctx, s / 2, s * 0.2, s * 0.07, lighter(c.accent, 0.6));
    ctx.fillStyle = c.collect;
    ctx.fillRect(s * 0.47, s * 0.5, s * 0.06, s * 0.03);
  },
  top: 'accent',
};
