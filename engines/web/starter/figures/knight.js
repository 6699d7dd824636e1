// A knight: a helmet with a slit and a plume, a shield. Parts: x right, y up, about one unit tall, facing right.
export default [
  { shape: 'box', at: [-0.15, -0.42], size: [0.2, 0.18], depth: 0.26, swing: 0.13, fill: 'ink', z: 0.03 },
  { shape: 'box', at: [0.15, -0.42], size: [0.2, 0.18], depth: 0.26, swing: -0.13, fill: 'ink', z: 0.05 },
  { shape: 'box', at: [0.42, 0.02], size: [0.08, 0.62], depth: 0.05, tilt: -0.25, fill: 'white', z: 0.05 },
  { shape: 'box', at: [0.36, -0.2], size: [0.24, 0.07], depth: 0.08, tilt: -0.25, fill: 'gold', z: 0.07 },
  { shape: 'box', at: [0, -0.2], size: [0.52, 0.46], depth: 0.42, round: 0.35, fill: 'main', z: 0 },
  { shape: 'poly', at: [-0.24, -0.16], size: [0.42, 0.46], depth: 0.08, fill: 'accent', z: 0.26, points: [[-0.5, 0.5], [0.5, 0.5], [0.5, 0], [0, -0.5], [-0.5, 0]] },
  { shape: 'ball', at: [-0.24, -0.12], size: [0.14, 0.14], depth: 0.08, fill: 'gold', z: 0.33, flat: true },
  { shape: 'ball', at: [-0.2, 0.52], size: [0.42, 0.2], depth: 0.16, tilt: -0.5, wag: 0.2, fill: 'accent', z: -0.05 },
  { shape: 'ball', at: [0.03, 0.22], size: [0.56, 0.58], depth: 0.5, fill: '#c3cbe0', z: 0.12 },
  { shape: 'box', at: [0.12, 0.24], size: [0.4, 0.1], depth: 0.1, round: 0.3, fill: 'ink', z: 0.34, flat: true },
  { shape: 'ball', at: [0.06, 0.24], size: [0.07, 0.07], depth: 0.05, fill: 'accent+', z: 0.39, flat: true, glow: true },
  { shape: 'ball', at: [0.22, 0.24], size: [0.07, 0.07], depth: 0.05, fill: 'accent+', z: 0.39, flat: true, glow: true },
];
