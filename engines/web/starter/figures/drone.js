// A drone: one red eye, two rotors. Parts: x right, y up, about one unit wide.
export default [
  { shape: 'ball', at: [-0.42, 0.26], size: [0.46, 0.08], depth: 0.4, wag: 0.2, fill: 'steel', z: -0.02 },
  { shape: 'ball', at: [0.42, 0.26], size: [0.46, 0.08], depth: 0.4, wag: -0.2, fill: 'steel', z: -0.02 },
  { shape: 'box', at: [-0.4, 0.14], size: [0.08, 0.24], depth: 0.08, fill: 'main-', z: 0 },
  { shape: 'box', at: [0.4, 0.14], size: [0.08, 0.24], depth: 0.08, fill: 'main-', z: 0 },
  { shape: 'box', at: [0, 0.04], size: [0.86, 0.14], depth: 0.16, fill: 'main-', z: 0.02 },
  { shape: 'ball', at: [0, -0.04], size: [0.62, 0.56], depth: 0.52, fill: 'main', z: 0.04 },
  { shape: 'ball', at: [0, -0.06], size: [0.34, 0.34], depth: 0.2, fill: 'ink', z: 0.24, flat: true },
  { shape: 'ball', at: [0, -0.06], size: [0.19, 0.19], depth: 0.14, fill: '#ff3b5c', z: 0.32, flat: true, glow: true },
  { shape: 'ball', at: [0.04, -0.02], size: [0.06, 0.06], depth: 0.05, fill: 'white', z: 0.4, flat: true },
];
