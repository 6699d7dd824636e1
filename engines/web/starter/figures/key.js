// A key.
export default [
  { shape: 'box', at: [0.14, -0.02], size: [0.56, 0.13], depth: 0.12, round: 0.2, fill: 'main', z: 0, glow: true },
  { shape: 'box', at: [0.36, -0.14], size: [0.1, 0.2], depth: 0.12, round: 0.2, fill: 'main', z: 0, glow: true },
  { shape: 'box', at: [0.2, -0.12], size: [0.09, 0.15], depth: 0.12, round: 0.2, fill: 'main', z: 0, glow: true },
  { shape: 'ring', at: [-0.26, 0], size: [0.36, 0.36], tube: 0.13, fill: 'main', z: 0.02, glow: true },
];
