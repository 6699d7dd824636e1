// The sky, the layers of scenery that slide past, and the little things that float in the air. They fill the window
// whatever its size, and the zoom and the shaking of the game's camera do not reach them.
import { Container, Sprite, TilingSprite } from 'pixi.js';
import { number } from './colors.js';
import { named, paintLayer, paintSky } from './paint.js';
import { palette, picture, textures } from './textures.js';
import theme from './theme.js';

const EDGE = 2; // rows of a layer's picture left out at its top, where its bottom would shine through

export function createBackdrop(app) {
  const container = new Container();
  const sky = container.addChild(new Sprite());
  const bands = theme.layers.map((_, i) => container.addChild(new TilingSprite({ texture: picture(paintLayer(theme, i, palette)) })));
  const air = createAir(container, app.screen);
  let floor = 1; // where the layers stand, as a part of the window's height
  let painted = 0;

  function fit() {
    const { width, height } = app.screen;
    const shape = width / Math.max(1, height);
    if (Math.abs(painted - shape) > 0.05) {
      painted = shape;
      const old = sky.texture;
      sky.texture = picture(paintSky(theme, palette, Math.round(768 * Math.max(0.4, Math.min(2.6, shape)))));
      if (old.width > 1) old.destroy(true);
    }
    const { texture } = sky;
    sky.anchor.set(0.5);
    sky.position.set(width / 2, height / 2);
    sky.scale.set(Math.max(width / texture.width, height / texture.height));
    bands.forEach((band, i) => {
      const tall = theme.layers[i].height * Math.min(height, width * 1.1);
      const scale = tall / 512;
      band.tileScale.set(scale);
      band.tilePosition.y = -EDGE * scale;
      band.setSize(width, tall - EDGE * scale);
      band.position.set(0, height * floor - tall + EDGE * scale + 1);
    });
  }
  fit();

  return {
    container, fit,
    step: air,
    stand(part) {
      floor = part;
      fit();
    },
    // Moves the layers along, the far ones slower: x is in CSS pixels of the game's own motion.
    scroll(x) {
      bands.forEach((band, i) => (band.tilePosition.x = -x * theme.layers[i].speed));
    },
  };
}

// Flakes, leaves, bubbles or sparks.
function createAir(container, screen) {
  const a = theme.ambient;
  const tint = number(named(palette, a.color));
  const unit = 64;
  const between = (min, max) => min + (max - min) * Math.random();
  const flakes = Array.from({ length: a.count }, () => {
    const sprite = new Sprite({ texture: textures.dot, anchor: 0.5, tint, blendMode: a.kind === 'spark' ? 'add' : 'normal' });
    container.addChild(sprite);
    return { sprite, life: 0, full: 1 };
  });

  function start(f) {
    f.life = f.full = between(3, 7);
    f.sprite.position.set(Math.random() * screen.width * 1.2, Math.random() * screen.height);
    f.vx = a.vx * unit * between(0.6, 1.5);
    f.vy = -a.vy * unit * between(0.6, 1.4);
    const leaf = a.kind === 'leaf';
    f.sprite.scale.set(a.size * between(0.7, 2), a.size * between(leaf ? 0.3 : 0.7, leaf ? 0.9 : 2));
    f.sprite.rotation = Math.random() * Math.PI * 2;
  }
  for (const f of flakes) {
    start(f);
    f.life *= Math.random();
  }

  return (dt) => {
    for (const f of flakes) {
      f.life -= dt;
      if (f.life <= 0) start(f);
      f.sprite.x += f.vx * dt;
      f.sprite.y += f.vy * dt;
      f.sprite.alpha = Math.sin((1 - f.life / f.full) * Math.PI) * 0.85;
    }
  };
}
