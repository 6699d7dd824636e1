// A round fruit with a stalk and a leaf.
export default [
  { shape: 'box', at: [0.03, 0.38], size: [0.06, 0.24], depth: 0.06, tilt: -0.2, fill: '#6b4423', z: -0.02 },
  { shape: 'ball', at: [0.2, 0.42], size: [0.3, 0.14], depth: 0.08, tilt: 0.3, fill: '#5ecb4a', z: 0 },
  { shape: 'ball', at: [0, -0.06], size: [0.74, 0.72], depth: 0.66, fill: 'main', z: 0.02, glow: true },
  { shape: 'ball', at: [-0.16, 0.1], size: [0.16, 0.11], depth: 0.1, tilt: 0.6, fill: 'main+', z: 0.34, flat: true },
];
