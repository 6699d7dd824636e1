// A wrapped sweet.
export default [
  { shape: 'cone', at: [-0.38, 0], size: [0.34, 0.28], depth: 0.1, tilt: -1.57, fill: 'main+', z: 0 },
  { shape: 'cone', at: [0.38, 0], size: [0.34, 0.28], depth: 0.1, tilt: 1.57, fill: 'main+', z: 0 },
  { shape: 'ball', at: [0, 0], size: [0.58, 0.54], depth: 0.5, fill: 'main', z: 0.02, glow: true },
  { shape: 'ball', at: [0.02, 0.02], size: [0.12, 0.5], depth: 0.4, tilt: 0.5, fill: 'white', z: 0.14, flat: true },
];
