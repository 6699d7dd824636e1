// Figures (src/figures) as solid shapes. Each look is made once and never drawn itself; its copies are instances, which the
// graphics card draws in one go, so a crowd costs little.
import '@babylonjs/core/Meshes/instancedMesh.js'; // lets meshes have instances
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { pose } from './paint.js';
import { figureSolids } from './solid.js';
import { meshOf, skin } from './materials.js';
import { quality, scene } from './scene.js';

export function createLook(figure, colors) {
  const { still, moving } = figureSolids(figure, colors, !quality.light);
  const source = (solid, part) => {
    const mesh = meshOf(solid, skin);
    mesh.isVisible = false;
    return { mesh, part };
  };
  return [...(still ? [source(still, null)] : []), ...moving.map((m) => source(m.solid, m.part))];
}

// A copy that can be moved and posed by itself.
export function createFigure(look) {
  const group = new TransformNode('', scene);
  group.moving = [];
  for (const { mesh, part } of look) {
    const copy = mesh.createInstance('');
    copy.parent = group;
    copy.casts = true;
    if (!part) continue;
    copy.position.z = part.z || 0;
    group.moving.push({ copy, part });
  }
  walk(group, 0);
  return group;
}

export function walk(group, phase) {
  for (const { copy, part } of group.moving) {
    const at = pose(part, phase);
    copy.position.x = at.x;
    copy.position.y = at.y;
    copy.rotation.z = at.tilt;
  }
}
