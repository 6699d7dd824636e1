// A damped spring around zero, for squash and stretch. Small fixed steps keep it calm at any frame rate.

export function createSpring(stiffness = 320, damping = 15) {
  let value = 0;
  let speed = 0;
  let rest = 0;
  return {
    kick: (by) => (speed += by * 2.2),
    calm: () => (value = speed = 0),
    step(dt) {
      for (rest += dt; rest > 0; rest -= 1 / 240) {
        speed += (-value * stiffness - speed * damping) / 240;
        value += speed / 240;
      }
      return Math.max(-0.8, Math.min(0.8, value));
    },
  };
}
