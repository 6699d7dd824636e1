// A small spaceship seen from the side: a long hull, a glass dome, fins and a flame. Parts: x right, y up, nose right.
export default [
  { shape: 'ball', at: [-0.58, -0.02], size: [0.36, 0.2], depth: 0.2, swing: 0.05, fill: 'gold', z: -0.05, glow: true },
  { shape: 'ball', at: [-0.52, -0.02], size: [0.2, 0.12], depth: 0.12, swing: 0.04, fill: 'cream', z: 0.06, glow: true, flat: true },
  { shape: 'poly', at: [-0.28, 0.22], size: [0.4, 0.4], depth: 0.08, fill: 'accent', z: -0.1, points: [[-0.5, 0.5], [0.5, -0.5], [-0.3, -0.5]] },
  { shape: 'poly', at: [-0.26, -0.24], size: [0.44, 0.36], depth: 0.08, fill: 'accent', z: 0.16, points: [[-0.5, -0.5], [0.5, 0.5], [-0.3, 0.5]] },
  { shape: 'ball', at: [0, 0], size: [1, 0.42], depth: 0.42, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.06, -0.08], size: [0.8, 0.16], depth: 0.36, fill: 'main+', z: 0.08, flat: true },
  { shape: 'ball', at: [0.12, 0.14], size: [0.4, 0.32], depth: 0.3, fill: '#9fe8ff', z: 0.12 },
  { shape: 'ball', at: [0.17, 0.2], size: [0.14, 0.08], depth: 0.1, fill: 'white', z: 0.26, flat: true },
  { shape: 'ball', at: [-0.22, 0.02], size: [0.11, 0.11], depth: 0.1, fill: 'gold', z: 0.22, flat: true, glow: true },
];
