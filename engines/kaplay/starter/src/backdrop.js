// The sky, the layers of scenery that slide past, and the little things that float in the air. They fill the window
// whatever its size; being fixed, they do not follow the camera and its shaking.
import { k } from './engine.js';
import { named, paintLayer, paintSky } from './paint.js';
import { addPicture, palette } from './textures.js';
import theme from './theme.js';

const WIDE = 1024; // a layer's picture
const TALL = 512;

export function createBackdrop() {
  const layers = theme.layers.map((layer, i) => {
    addPicture('layer' + i, paintLayer(theme, i, palette, WIDE, TALL));
    return { ...layer, sprite: 'layer' + i, offset: 0 };
  });
  const air = createAir();
  let floor = 1; // where the layers stand, as a part of the window's height
  let painted = 0;

  // The sky is painted anew when the window's shape has changed.
  function fit() {
    const shape = k.width() / Math.max(1, k.height());
    if (Math.abs(painted - shape) <= 0.05) return;
    const old = k.getSprite('sky')?.data.tex;
    addPicture('sky', paintSky(theme, palette, Math.round(768 * Math.max(0.4, Math.min(2.6, shape)))));
    old?.free();
    painted = shape;
  }
  fit();

  function drawSky() {
    const { width, height } = k.getSprite('sky').data;
    const scale = Math.max(k.width() / width, k.height() / height);
    k.drawSprite({ sprite: 'sky', pos: k.center(), anchor: 'center', scale: k.vec2(scale) });
  }

  // Copies of the layer's picture stand side by side, as many as the window is wide.
  function drawLayer(layer) {
    const height = layer.height * Math.min(k.height(), k.width() * 1.1);
    const width = Math.max(1, (height * WIDE) / TALL);
    const top = k.height() * floor - height + 1;
    const first = (((layer.offset % width) + width) % width) - width;
    for (let x = first; x < k.width(); x += width) k.drawSprite({ sprite: layer.sprite, pos: k.vec2(x, top), width, height });
  }

  function draw() {
    drawSky();
    layers.forEach(drawLayer);
    air.draw();
  }
  k.add([k.fixed(), k.z(-10000), { draw }]);

  return {
    fit,
    step: air.step,
    stand: (part) => (floor = part),
    // Moves the layers along, the far ones slower: x is in CSS pixels of the game's own motion.
    scroll(x) {
      for (const layer of layers) layer.offset = -x * layer.speed;
    },
  };
}

// Flakes, leaves, bubbles or sparks.
function createAir() {
  const a = theme.ambient;
  const color = k.rgb(named(palette, a.color));
  const shader = a.kind === 'spark' ? 'glow' : undefined;
  const leaf = a.kind === 'leaf';
  const unit = 64;
  const between = (min, max) => min + (max - min) * Math.random();

  function start(f) {
    f.life = f.full = between(3, 7);
    f.x = Math.random() * k.width() * 1.2;
    f.y = Math.random() * k.height();
    f.vx = a.vx * unit * between(0.6, 1.5);
    f.vy = -a.vy * unit * between(0.6, 1.4);
    f.scale = k.vec2(a.size * between(0.7, 2), a.size * between(leaf ? 0.3 : 0.7, leaf ? 0.9 : 2));
    f.angle = Math.random() * 360;
  }
  const flakes = Array.from({ length: a.count }, () => ({}));
  for (const f of flakes) {
    start(f);
    f.life *= Math.random();
  }

  return {
    step(dt) {
      for (const f of flakes) {
        f.life -= dt;
        if (f.life <= 0) start(f);
        f.x += f.vx * dt;
        f.y += f.vy * dt;
      }
    },
    draw() {
      for (const f of flakes) {
        const opacity = Math.sin((1 - f.life / f.full) * Math.PI) * 0.85;
        k.drawSprite({ sprite: 'dot', pos: k.vec2(f.x, f.y), anchor: 'center', scale: f.scale, angle: f.angle, color, opacity, shader });
      }
    },
  };
}
