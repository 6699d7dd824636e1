function logged(_target: unknown, _key: string, d: PropertyDescriptor) {
  const inner = d.value as (...args: unknown[]) => unknown;
  d.value = function (this: unknown, ...args: unknown[]) { console.debug("hud", args); return inner.apply(this, args); };
}

export class Hud {
  private hits = 0;
  private frames = 0;
  readonly #box = document.createElement("output");
  constructor(public readonly title: string) {
    this.#box.className = "hud";
    document.body.append(this.#box);
  }
  frame() { document.body.dataset.frames = String(++this.frames); }
  @logged
  hit() { this.#box.value = `${this.title}: ${++this.hits}`; }
}
