// A cut gem with bright facets.
export default [
  { shape: 'poly', at: [0, 0], size: [0.8, 0.82], depth: 0.26, fill: 'main', z: 0, glow: true, points: [[-0.3, 0.45], [0.3, 0.45], [0.5, 0.14], [0, -0.5], [-0.5, 0.14]] },
  { shape: 'poly', at: [0, 0.24], size: [0.5, 0.2], depth: 0.32, fill: 'main+', z: 0.04, flat: true, points: [[-0.3, 0.5], [0.3, 0.5], [0.5, -0.5], [-0.5, -0.5]] },
  { shape: 'poly', at: [0.16, -0.08], size: [0.3, 0.5], depth: 0.3, fill: 'main-', z: 0.03, flat: true, points: [[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5]] },
];
