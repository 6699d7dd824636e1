// A slime that scowls. Parts: x right, y up, about one unit wide.
export default [
  { shape: 'ball', at: [0, -0.34], size: [0.98, 0.28], depth: 0.7, fill: 'main-', z: 0 },
  { shape: 'ball', at: [0, -0.1], size: [0.82, 0.68], depth: 0.62, wag: 0.06, fill: 'main', z: 0.03 },
  { shape: 'ball', at: [-0.2, 0.1], size: [0.16, 0.1], depth: 0.1, tilt: 0.6, fill: 'main+', z: 0.28, flat: true },
  { shape: 'ball', at: [-0.16, -0.06], size: [0.18, 0.22], depth: 0.1, fill: 'white', z: 0.33, flat: true },
  { shape: 'ball', at: [0.16, -0.06], size: [0.18, 0.22], depth: 0.1, fill: 'white', z: 0.33, flat: true },
  { shape: 'ball', at: [-0.13, -0.08], size: [0.09, 0.12], depth: 0.08, fill: 'ink', z: 0.38, flat: true },
  { shape: 'ball', at: [0.13, -0.08], size: [0.09, 0.12], depth: 0.08, fill: 'ink', z: 0.38, flat: true },
  { shape: 'box', at: [-0.17, 0.07], size: [0.22, 0.05], depth: 0.06, tilt: -0.4, fill: 'ink', z: 0.39, flat: true },
  { shape: 'box', at: [0.17, 0.07], size: [0.22, 0.05], depth: 0.06, tilt: 0.4, fill: 'ink', z: 0.39, flat: true },
];
