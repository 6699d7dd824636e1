// Pictures painted in code (paint.js), as textures.
import { Rectangle, Texture } from 'pixi.js';
import { design } from './design.js';
import { number, roles } from './colors.js';
import { figureSheet, paintBlock, paintProp, softDot } from './paint.js';
import theme from './theme.js';
import collect from './figures/collect.js';
import enemy from './figures/enemy.js';
import heart from './figures/heart.js';
import hero from './figures/hero.js';

export const UNIT = 96; // pixels of a texture to a unit of the world
export const FRAMES = 8;
export const palette = design.palette;
export const color = Object.fromEntries(Object.entries(palette).map(([name, hex]) => [name, number(hex)]));

// A figure becomes the frames of its walk.
export function figureFrames(figure, colors, options) {
  const { sheet, side } = figureSheet(figure, colors, UNIT, options);
  const { source } = Texture.from(sheet);
  return Array.from({ length: FRAMES }, (_, i) => new Texture({ source, frame: new Rectangle(i * side, 0, side, side) }));
}

// The frame for a number of turns of the walk.
export const frameOf = (frames, turns) => frames[((Math.floor(turns * FRAMES) % FRAMES) + FRAMES) % FRAMES];

export const picture = (canvas) => Texture.from(canvas);

export const textures = {
  hero: figureFrames(hero, roles(palette.hero, palette.accent)),
  collect: figureFrames(collect, roles(palette.collect, palette.accent)),
  enemy: figureFrames(enemy, roles(palette.enemy, palette.accent)),
  heart: figureFrames(heart, roles('#ff4d6d', '#ffffff')),
  block: picture(paintBlock(theme, palette)),
  prop: picture(paintProp(theme, palette)),
  dot: picture(softDot()),
};
