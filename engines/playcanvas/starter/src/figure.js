// Figures (src/figures) as solid shapes. A look is made once; its copies share the meshes, so a crowd costs little.
import { pose } from './paint.js';
import { figureSolids } from './solid.js';
import { app, quality } from './app.js';
import { group, meshFrom, show, skin } from './materials.js';

export function createLook(figure, colors) {
  const { still, moving } = figureSolids(figure, colors, !quality.light);
  return [...(still ? [{ mesh: meshFrom(still), part: null }] : []), ...moving.map(({ part, solid }) => ({ mesh: meshFrom(solid), part }))];
}

// A copy that can be moved and posed by itself.
export function createFigure(look, parent = app.root) {
  const figure = group(parent);
  figure.moving = [];
  for (const { mesh, part } of look) {
    const copy = show(mesh, skin, { parent: figure });
    if (part) figure.moving.push({ copy, part });
  }
  walk(figure, 0);
  return figure;
}

export function walk(figure, phase) {
  for (const { copy, part } of figure.moving) {
    const at = pose(part, phase);
    copy.setLocalPosition(at.x, at.y, part.z || 0);
    copy.setLocalEulerAngles(0, 0, (at.tilt * 180) / Math.PI);
  }
}
