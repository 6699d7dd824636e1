// What every scene shares: textures painted from figures and theme, the backdrop behind the game, bursts of particles.
import { few } from './motion.js';
import Phaser from 'phaser';
import { design } from './design.js';
import { number, roles } from './colors.js';
import { figureSheet, named, paintBlock, paintLayer, paintProp, paintSky, softDot } from './paint.js';
import theme from './theme.js';
import collect from './figures/collect.js';
import enemy from './figures/enemy.js';
import heart from './figures/heart.js';
import hero from './figures/hero.js';

export const UNIT = 96; // pixels of a texture to a unit of the world
export const FRAMES = 8;
export const palette = design.palette;
export const color = Object.fromEntries(Object.entries(palette).map(([name, hex]) => [name, number(hex)]));

export function makeTextures(scene) {
  addFigure(scene, 'hero', hero, roles(palette.hero, palette.accent));
  addFigure(scene, 'heroBack', hero, roles(palette.hero, palette.accent), { behind: true });
  addFigure(scene, 'collect', collect, roles(palette.collect, palette.accent));
  addFigure(scene, 'enemy', enemy, roles(palette.enemy, palette.accent));
  addFigure(scene, 'heart', heart, roles('#ff4d6d', '#ffffff'));
  add(scene, 'block', paintBlock(theme, palette));
  add(scene, 'prop', paintProp(theme, palette));
  add(scene, 'dot', softDot());
  add(scene, 'sky', paintSky(theme, palette, Math.round((768 * scene.scale.width) / scene.scale.height)));
  theme.layers.forEach((_, i) => add(scene, 'layer' + i, paintLayer(theme, i, palette)));
}

function add(scene, key, canvas) {
  return scene.textures.addCanvas(key, canvas);
}

// A figure becomes a texture with the frames of its walk.
export function addFigure(scene, key, figure, colors, options) {
  const { sheet, side } = figureSheet(figure, colors, UNIT, options);
  const texture = add(scene, key, sheet);
  for (let i = 0; i < FRAMES; i++) texture.add(i, 0, i * side, 0, side, side);
}

export const frameOf = (turns) => ((Math.floor(turns * FRAMES) % FRAMES) + FRAMES) % FRAMES;

// The sky and its layers fill the window whatever its size; they live in a scene of their own, so that the zoom and
// the shaking of the game's camera do not tear them.
export class Backdrop extends Phaser.Scene {
  constructor() {
    super('backdrop');
    this.floor = 1; // where the layers stand, as a part of the window's height
    this.offset = 0;
  }

  create() {
    this.sky = this.add.image(0, 0, 'sky');
    this.bands = theme.layers.map((_, i) => this.add.tileSprite(0, 0, 64, 64, 'layer' + i).setOrigin(0, 1));
    this.air = this.makeAir();
    this.place();
    this.scale.on('resize', () => this.place());
  }

  // The little things that float in the air: flakes, leaves, bubbles, sparks.
  makeAir() {
    const a = theme.ambient;
    const unit = 64;
    return this.add.particles(0, 0, 'dot', {
      x: { onEmit: () => Math.random() * this.scale.width * 1.2 },
      y: { onEmit: () => Math.random() * this.scale.height },
      speedX: { min: a.vx * unit * 0.6, max: a.vx * unit * 1.5 },
      speedY: { min: -a.vy * unit * 1.4, max: -a.vy * unit * 0.6 },
      scaleX: { min: a.size * 0.7, max: a.size * 2 },
      scaleY: { min: a.size * (a.kind === 'leaf' ? 0.3 : 0.7), max: a.size * (a.kind === 'leaf' ? 0.9 : 2) },
      rotate: { min: 0, max: 360 },
      alpha: { onEmit: () => 0, onUpdate: (p, k, t) => Math.sin(t * Math.PI) * 0.85 },
      tint: number(named(palette, a.color)),
      lifespan: { min: 3000, max: 7000 },
      frequency: 5000 / a.count,
      advance: 5000,
      blendMode: a.kind === 'spark' ? 'ADD' : 'NORMAL',
    });
  }

  stand(part) {
    this.floor = part;
    if (this.sky) this.place();
  }

  place() {
    const { width, height } = this.scale;
    this.sky.setPosition(width / 2, height / 2).setScale(Math.max(width / this.sky.width, height / this.sky.height));
    this.bands.forEach((band, i) => {
      const tall = theme.layers[i].height * Math.min(height, width * 1.1);
      band.setPosition(0, height * this.floor + 1).setSize(width, tall).setTileScale(tall / 512);
    });
  }

  // Moves the layers along, the far ones slower: x is in CSS pixels of the game's own motion.
  scroll(x) {
    this.bands.forEach((band, i) => (band.tilePositionX = (x * theme.layers[i].speed) / band.tileScaleX));
  }
}

// One emitter for each look, used again and again.
export function createBursts(scene, depth = 50) {
  const emitters = new Map();
  const emitter = (tint, glow) => {
    const key = `${tint}${glow}`;
    if (!emitters.has(key)) {
      const config = { emitting: false, tint, blendMode: glow ? 'ADD' : 'NORMAL', lifespan: { min: 250, max: 750 } };
      config.speed = { min: 40, max: 330 };
      config.scale = { start: 0.42, end: 0 };
      config.gravityY = 320;
      emitters.set(key, scene.add.particles(0, 0, 'dot', config).setDepth(depth));
    }
    return emitters.get(key);
  };
  return (x, y, tint, n = 12, glow = true) => emitter(tint, glow).explode(few(n), x, y);
}

// A ring that opens and fades.
export function ripple(scene, x, y, tint, radius = 60) {
  const ring = scene.add.circle(x, y, radius).setStrokeStyle(6, tint).setDepth(49).setScale(0.2);
  scene.tweens.add({ targets: ring, scale: 1, alpha: 0, duration: 380, ease: 'Cubic.out', onComplete: () => ring.destroy() });
}
