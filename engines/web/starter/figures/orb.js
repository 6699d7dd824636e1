// A shining pearl with a ring around it.
export default [
  { shape: 'ball', at: [0, 0], size: [0.66, 0.66], depth: 0.66, fill: 'main', z: 0, glow: true },
  { shape: 'ring', at: [0, 0], size: [0.92, 0.34], tube: 0.06, tilt: 0.4, fill: 'main+', z: 0.3, flat: true },
  { shape: 'ball', at: [-0.12, 0.14], size: [0.16, 0.12], depth: 0.1, tilt: 0.6, fill: 'white', z: 0.32, flat: true },
];
