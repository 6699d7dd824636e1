// A hot desert: a low sun, tables of rock, dunes and cacti.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, fade, halo, ridge } from './paint.js';

function cactus(ctx, x, y, s, fill) {
  ctx.strokeStyle = fill;
  ctx.lineCap = 'round';
  ctx.lineWidth = s * 0.3;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, y - s * 1.7);
  ctx.moveTo(x - s * 0.6, y - s * 1.3);
  ctx.quadraticCurveTo(x - s * 0.6, y - s * 0.75, x, y - s * 0.75);
  ctx.moveTo(x + s * 0.55, y - s * 1.5);
  ctx.quadraticCurveTo(x + s * 0.55, y - s * 0.95, x, y - s * 0.95);
  ctx.stroke();
}

export default {
  sky(ctx, w, h, c) {
    halo(ctx, w * 0.7, h * 0.4, h * 0.6, lighter(c.collect, 0.4), 0.9);
    disc(ctx, w * 0.7, h * 0.4, h * 0.11, lighter(c.collect, 0.6));
  },
  layers: [
    {
      speed: 0.08, height: 0.5,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 6; i++) {
          const x = (i / 6) * w + rnd.range(0, 60);
          const tw = rnd.range(80, 170);
          const th = h * rnd.range(0.4, 0.8);
          fade(ctx, x, h - th, tw, th, mix(c.enemy, c.skyLow, 0.55), mix(c.ground, c.skyLow, 0.5));
          ctx.fillStyle = alpha(darker(c.ground, 0.4), 0.25);
          for (let k = 1; k < 5; k++) ctx.fillRect(x, h - th + k * th * 0.18, tw, 4);
        }
        ridge(ctx, w, h, h * 0.22, [[2, 18, 0], [3, 12, 2]], mix(c.ground, c.skyLow, 0.45));
      },
    },
    {
      speed: 0.24, height: 0.4,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.ground, c.skyLow, 0.18);
        for (let i = 0; i < 8; i++) cactus(ctx, rnd.range(0, w), h * 0.72, rnd.range(24, 56), mix('#3f7d4e', c.skyLow, 0.15));
        ridge(ctx, w, h, h * 0.34, [[2, 26, 1], [4, 10, 0]], fill);
        ridge(ctx, w, h, h * 0.16, [[3, 18, 2], [5, 6, 0]], darker(fill, 0.12));
      },
    },
  ],
  ambient: { kind: 'spark', count: 22, color: 'collect', size: 0.05, vx: -1.4, vy: 0.1 },
  block(ctx, s, c, rnd) {
    fade(ctx, 0, 0, s, s, c.ground, darker(c.ground, 0.28));
    ctx.strokeStyle = alpha('#5a2a10', 0.25);
    ctx.lineWidth = 3;
    for (let y = 18; y < s; y += 24) {
      ctx.beginPath();
      for (let x = 0; x <= s; x += 8) ctx.lineTo(x, y + Math.sin((x / s) * Math.PI * 2 + y) * 4);
      ctx.stroke();
    }
    for (let i = 0; i < 12; i++) disc(ctx, rnd.range(0, s), rnd.range(0, s), rnd.range(1, 3), alpha('#ffffff', 0.2));
  },
  // A cactus.
  prop(ctx, s) {
    cactus(ctx, s / 2, s, s * 0.46, '#3f8a55');
    cactus(ctx, s / 2 - s * 0.03, s, s * 0.42, '#57a86b');
  },
  top: 'collect',
};
