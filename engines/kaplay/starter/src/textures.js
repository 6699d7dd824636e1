// Pictures painted in code (paint.js), as KAPLAY's sprites: 'hero', 'block', 'dot'.
import { design } from './design.js';
import { roles } from './colors.js';
import { k } from './engine.js';
import { canvas, figureSheet, paintBlock, paintProp, softDot } from './paint.js';
import theme from './theme.js';
import collect from './figures/collect.js';
import enemy from './figures/enemy.js';
import heart from './figures/heart.js';
import hero from './figures/hero.js';

export const UNIT = 96; // pixels of a picture to a unit of the world
export const FRAMES = 8;
export const palette = design.palette;
export const color = Object.fromEntries(Object.entries(palette).map(([name, hex]) => [name, k.rgb(hex)]));
export const white = k.rgb(255, 255, 255);

// A picture keeps a texture of its own: neighbours on a common one would shine through at the edges.
export function addPicture(name, picture, options) {
  k.loadSprite(name, picture, { singular: true, ...options });
}

// A figure becomes a sprite with the frames of its walk.
export function addFigure(name, figure, colors, options) {
  addPicture(name, figureSheet(figure, colors, UNIT, options).sheet, { sliceX: FRAMES });
}

// The frame for a number of turns of the walk.
export const frameOf = (turns) => ((Math.floor(turns * FRAMES) % FRAMES) + FRAMES) % FRAMES;

// A picture of any size, drawn by a function around its middle.
export function draw(width, height, paint) {
  const c = canvas(width, height);
  const ctx = c.getContext('2d');
  ctx.translate(c.width / 2, c.height / 2);
  paint(ctx);
  return c;
}

export const RING = 120; // the radius of 'ring' as it is painted

function paintRing(ctx) {
  ctx.strokeStyle = '#ffffff';
  ctx.lineWidth = 11;
  ctx.beginPath();
  ctx.arc(0, 0, RING, 0, Math.PI * 2);
  ctx.stroke();
}

addFigure('hero', hero, roles(palette.hero, palette.accent));
addFigure('collect', collect, roles(palette.collect, palette.accent));
addFigure('enemy', enemy, roles(palette.enemy, palette.accent));
addFigure('heart', heart, roles('#ff4d6d', '#ffffff'));
addPicture('block', paintBlock(theme, palette));
addPicture('prop', paintProp(theme, palette));
addPicture('dot', softDot());
addPicture('ring', draw(256, 256, paintRing));
