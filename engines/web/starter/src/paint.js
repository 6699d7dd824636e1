// Draws figures (src/figures) and backdrops (src/theme.js) onto plain 2D canvases. The engine turns them into textures.
import { createRandom } from './random.js';
import { alpha, darker, lighter, mix } from './colors.js';

export function canvas(width, height) {
  const c = document.createElement('canvas');
  c.width = Math.ceil(width);
  c.height = Math.ceil(height);
  return c;
}

// Where a part stands in a step of its walk; phase runs from 0 to 2π. Shared by flat and solid drawing.
export function pose(part, phase) {
  const swing = part.swing || 0;
  return {
    x: part.at[0] + swing * Math.sin(phase),
    y: part.at[1] + Math.max(0, Math.abs(swing) * 0.6 * Math.cos(phase) * Math.sign(swing)),
    tilt: (part.tilt || 0) + (part.wag || 0) * Math.sin(phase),
  };
}

// A part with mirror is drawn twice, left and right.
export const expand = (figure) =>
  figure.flatMap((p) =>
    p.mirror
      ? [p, { ...p, at: [-p.at[0], p.at[1]], tilt: -(p.tilt || 0), wag: -(p.wag || 0), swing: -(p.swing || 0), flip: true }]
      : [p],
  );

function trace(ctx, p, grow) {
  const w = p.size[0] + grow * 2;
  const h = p.size[1] + grow * 2;
  ctx.beginPath();
  if (p.shape === 'ball' || p.shape === 'ring') ctx.ellipse(0, 0, w / 2, h / 2, 0, 0, Math.PI * 2);
  else if (p.shape === 'box') ctx.roundRect(-w / 2, -h / 2, w, h, Math.min(w, h) * (p.round ?? 0.25));
  else if (p.shape === 'cone') {
    ctx.moveTo(-w / 2, -h / 2);
    ctx.lineTo(w / 2, -h / 2);
    ctx.lineTo(0, h / 2);
    ctx.closePath();
  } else {
    p.points.forEach(([x, y], i) => ctx[i ? 'lineTo' : 'moveTo']((p.flip ? -x : x) * w, y * h));
    ctx.closePath();
  }
}

// Paints one figure centred at the context's origin, unit pixels to a unit, with a dark sticker outline. From behind, the
// nearest parts are the farthest, so the face disappears behind the head by itself.
export function paintFigure(ctx, figure, colors, unit, phase = 0, behind = false) {
  const turn = behind ? -1 : 1;
  const parts = expand(figure).sort((a, b) => turn * ((a.z || 0) - (b.z || 0)));
  const outline = darker(colors.main, 0.72);
  const each = (draw) => {
    for (const p of parts) {
      const at = pose(p, phase);
      ctx.save();
      ctx.scale(unit * turn, -unit);
      ctx.translate(at.x, at.y);
      ctx.rotate(at.tilt);
      draw(p, colors[p.fill] || p.fill);
      ctx.restore();
    }
  };
  ctx.lineJoin = 'round';
  each((p) => {
    if (p.flat) return;
    ctx.strokeStyle = ctx.fillStyle = outline;
    ctx.lineWidth = 0.085 + (p.shape === 'ring' ? p.tube : 0);
    trace(ctx, p, 0);
    ctx.stroke();
    if (p.shape !== 'ring') ctx.fill();
  });
  each((p, fill) => {
    trace(ctx, p, 0);
    if (p.shape === 'ring') {
      ctx.lineWidth = p.tube;
      ctx.strokeStyle = fill;
      return ctx.stroke();
    }
    const r = Math.max(p.size[0], p.size[1]);
    const g = ctx.createRadialGradient(-r * 0.18, r * 0.22, r * 0.02, 0, 0, r * 0.72);
    g.addColorStop(0, p.flat ? fill : lighter(fill, 0.35));
    g.addColorStop(0.45, fill);
    g.addColorStop(1, p.flat ? fill : darker(fill, 0.28));
    ctx.fillStyle = g;
    ctx.fill();
  });
}

// Paints the frames of a walk side by side: each is box units wide and high.
export function figureSheet(figure, colors, unit, { frames = 8, box = 1.5, behind = false } = {}) {
  const side = Math.ceil(unit * box);
  const sheet = canvas(side * frames, side);
  const ctx = sheet.getContext('2d');
  for (let i = 0; i < frames; i++) {
    ctx.save();
    ctx.translate(side * (i + 0.5), side / 2);
    paintFigure(ctx, figure, colors, unit, (i / frames) * Math.PI * 2, behind);
    ctx.restore();
  }
  return { sheet, side };
}

// A soft round light, white; engines tint it.
export function softDot(size = 64) {
  const c = canvas(size, size);
  const ctx = c.getContext('2d');
  const g = ctx.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
  g.addColorStop(0, 'rgba(255,255,255,1)');
  g.addColorStop(0.35, 'rgba(255,255,255,.75)');
  g.addColorStop(1, 'rgba(255,255,255,0)');
  ctx.fillStyle = g;
  ctx.fillRect(0, 0, size, size);
  return c;
}

export function paintSky(theme, palette, width = 1024, height = 768) {
  const c = canvas(width, height);
  const ctx = c.getContext('2d');
  const g = ctx.createLinearGradient(0, 0, 0, height);
  g.addColorStop(0, palette.sky);
  g.addColorStop(0.72, palette.skyLow);
  g.addColorStop(1, mix(palette.skyLow, palette.ground, 0.35));
  ctx.fillStyle = g;
  ctx.fillRect(0, 0, width, height);
  theme.sky(ctx, width, height, palette, createRandom(11));
  return c;
}

// Paints one backdrop layer that repeats sideways without a seam: the same picture is drawn three times, one width apart.
export function paintLayer(theme, index, palette, width = 1024, height = 512) {
  const c = canvas(width, height);
  const ctx = c.getContext('2d');
  for (const shift of [-width, 0, width]) {
    ctx.save();
    ctx.translate(shift, 0);
    theme.layers[index].paint(ctx, width, height, palette, createRandom(100 + index));
    ctx.restore();
  }
  return c;
}

export function paintBlock(theme, palette, size = 128) {
  const c = canvas(size, size);
  theme.block(c.getContext('2d'), size, palette, createRandom(7));
  return c;
}

// Something that stands about in this theme: a tree, a lamp, a cactus. Its foot is at the bottom in the middle.
export function paintProp(theme, palette, size = 256) {
  const c = canvas(size, size);
  theme.prop(c.getContext('2d'), size, palette, createRandom(5));
  return c;
}

// The palette's colour of that name, or the name itself when it is a colour.
export const named = (palette, name) => palette[name] || name;

// ---- brushes for themes ----

// A filled skyline of waves that fits the width a whole number of times; waves is a list of [count, height, shift]. It
// reaches over both ends, to cover the feet of what a neighbouring copy of the picture has put there.
export function ridge(ctx, width, height, base, waves, fill) {
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.moveTo(-120, height);
  for (let x = -120; x <= width + 120; x += 4) {
    const y = waves.reduce((sum, [n, amp, shift]) => sum + amp * Math.sin((x / width) * n * Math.PI * 2 + shift), 0);
    ctx.lineTo(x, height - base - y);
  }
  ctx.lineTo(width + 120, height);
  ctx.fill();
}

export function disc(ctx, x, y, r, fill) {
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, Math.PI * 2);
  ctx.fill();
}

export function halo(ctx, x, y, r, color, strength = 0.8) {
  const g = ctx.createRadialGradient(x, y, 0, x, y, r);
  g.addColorStop(0, alpha(color, strength));
  g.addColorStop(1, alpha(color, 0));
  ctx.fillStyle = g;
  ctx.fillRect(x - r, y - r, r * 2, r * 2);
}

export function shape(ctx, fill, ...points) {
  ctx.fillStyle = fill;
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.fill();
}

export function fade(ctx, x, y, w, h, from, to) {
  const g = ctx.createLinearGradient(0, y, 0, y + h);
  g.addColorStop(0, from);
  g.addColorStop(1, to);
  ctx.fillStyle = g;
  ctx.fillRect(x, y, w, h);
}
