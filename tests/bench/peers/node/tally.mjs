// The time now in milliseconds since the epoch, with fractions, as all processes of the machine have it.
export const now = () => performance.timeOrigin + performance.now();

// What every job carries, of the same length for all peers.
export const body = (since) => ({ since: new Date(since).toISOString().slice(0, -1) + micros(since) + "Z" });

const micros = (ms) => String(Math.floor((ms % 1) * 1e6)).padStart(6, "0");

// The time in milliseconds of a body.
export const due = ({ since }) => Date.parse(since.slice(0, 23) + "Z") + Number(since.slice(23, -1)) / 1e6;

// What the handlers did.
export class Tally {
  waits = []; // in milliseconds
  finished = 0;
  #waiting = null;

  started(data) {
    this.waits.push(now() - due(data));
  }

  ended() {
    this.finished++;
    if (this.#waiting && this.finished >= this.#waiting.jobs) this.#waiting.done();
  }

  // Waits until so many jobs have finished, at most so many milliseconds, and returns how many have.
  async reached(jobs, within) {
    if (this.finished < jobs) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, within);
        this.#waiting = { jobs, done: () => (clearTimeout(timer), resolve()) };
      });
      this.#waiting = null;
    }
    return this.finished;
  }
}
