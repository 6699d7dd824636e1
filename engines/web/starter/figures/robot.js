// A robot: a square head with a lit visor, an antenna, round feet. Parts: x right, y up, about one unit tall.
export default [
  { shape: 'box', at: [-0.17, -0.42], size: [0.24, 0.16], depth: 0.3, swing: 0.13, fill: 'steel', z: 0.03 },
  { shape: 'box', at: [0.17, -0.42], size: [0.24, 0.16], depth: 0.3, swing: -0.13, fill: 'steel', z: 0.05 },
  { shape: 'ball', at: [-0.38, -0.14], size: [0.18, 0.3], depth: 0.18, wag: 0.5, fill: 'steel', z: -0.05 },
  { shape: 'box', at: [0, -0.18], size: [0.56, 0.42], depth: 0.42, fill: 'main-', z: 0 },
  { shape: 'ball', at: [0.06, -0.18], size: [0.18, 0.18], depth: 0.12, fill: 'accent', z: 0.24, glow: true },
  { shape: 'ball', at: [0.38, -0.14], size: [0.18, 0.3], depth: 0.18, wag: -0.5, fill: 'steel', z: 0.1 },
  { shape: 'box', at: [0, 0.48], size: [0.05, 0.22], depth: 0.05, fill: 'steel', z: 0 },
  { shape: 'ball', at: [0, 0.6], size: [0.15, 0.15], depth: 0.15, fill: 'accent', z: 0.02, glow: true },
  { shape: 'box', at: [0.02, 0.2], size: [0.72, 0.48], depth: 0.48, round: 0.3, fill: 'main', z: 0.1 },
  { shape: 'box', at: [0.08, 0.21], size: [0.5, 0.26], depth: 0.1, round: 0.45, fill: 'ink', z: 0.34, flat: true },
  { shape: 'ball', at: [-0.03, 0.21], size: [0.12, 0.14], depth: 0.08, fill: 'accent+', z: 0.39, flat: true, glow: true },
  { shape: 'ball', at: [0.2, 0.21], size: [0.12, 0.14], depth: 0.08, fill: 'accent+', z: 0.39, flat: true, glow: true },
];
