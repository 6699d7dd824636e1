// Every sound is synthesized with WebAudio when it is needed: no files, and silence where there is no audio device.
import { recall, remember } from './memory.js';

const effects = {
  start: (s) => [0, 4, 7, 12].forEach((n, i) => s.tone(note(n), 0.16, { at: i * 0.07, type: 'triangle' })),
  jump: (s) => s.tone(280, 0.16, { to: 620, type: 'square', gain: 0.1 }),
  flip: (s) => s.tone(420, 0.14, { to: 880, type: 'square', gain: 0.09 }),
  land: (s) => s.noise(0.06, { gain: 0.08, filter: 500 }),
  move: (s) => s.tone(330, 0.07, { to: 400, type: 'triangle', gain: 0.14 }),
  collect: (s, n = 0) => [0, 7].forEach((k, i) => s.tone(note(12 + scale(n) + k), 0.12, { at: i * 0.05, type: 'triangle', gain: 0.22 })),
  shoot: (s) => s.tone(760, 0.09, { to: 240, type: 'sawtooth', gain: 0.05 }),
  stomp: (s) => (s.tone(200, 0.14, { to: 70, type: 'square', gain: 0.16 }), s.noise(0.1, { gain: 0.12, filter: 900 })),
  burst: (s) => (s.noise(0.28, { gain: 0.22, filter: 1400 }), s.tone(160, 0.22, { to: 40, gain: 0.2 })),
  hurt: (s) => (s.tone(240, 0.3, { to: 60, type: 'sawtooth', gain: 0.2 }), s.noise(0.18, { gain: 0.2, filter: 800 })),
  heart: (s) => [7, 12, 16].forEach((n, i) => s.tone(note(n), 0.14, { at: i * 0.06, gain: 0.2 })),
  power: (s) => [0, 5, 9, 14].forEach((n, i) => s.tone(note(n + 12), 0.1, { at: i * 0.05, type: 'square', gain: 0.09 })),
  no: (s) => s.tone(170, 0.16, { to: 130, type: 'square', gain: 0.1 }),
  alarm: (s) => [0, 1, 2].forEach((i) => s.tone(220, 0.22, { at: i * 0.3, to: 330, type: 'sawtooth', gain: 0.1 })),
  open: (s) => [0, 7, 12, 19].forEach((n, i) => s.tone(note(n), 0.3, { at: i * 0.09, gain: 0.18 })),
  won: (s) => [0, 4, 7, 12, 7, 12, 16].forEach((n, i) => s.tone(note(n), 0.22, { at: i * 0.11, type: 'triangle', gain: 0.26 })),
  lost: (s) => [7, 4, 1, -5].forEach((n, i) => s.tone(note(n), 0.34, { at: i * 0.18, type: 'triangle', gain: 0.24 })),
};

const note = (semitones) => 261.6 * 2 ** (semitones / 12);
const steps = [0, 2, 4, 7, 9]; // a pentatonic scale never clashes
const scale = (n) => steps[n % 5] + 12 * Math.min(2, Math.floor(n / 5));

export function createSound(seed, pace) {
  let ctx = null;
  let out = null;
  let muted = recall('muted') === 'yes';
  let beat = 0;
  let nextBeat = 0;
  let playing = false;

  const s = {
    tone(freq, length, { to = freq, at = 0, type = 'sine', gain = 0.2 } = {}) {
      const t = ctx.currentTime + at;
      const osc = ctx.createOscillator();
      const amp = ctx.createGain();
      osc.type = type;
      osc.frequency.setValueAtTime(freq, t);
      osc.frequency.exponentialRampToValueAtTime(Math.max(20, to), t + length);
      amp.gain.setValueAtTime(0.0001, t);
      amp.gain.exponentialRampToValueAtTime(gain, t + 0.012);
      amp.gain.exponentialRampToValueAtTime(0.0001, t + length);
      osc.connect(amp).connect(out);
      osc.start(t);
      osc.stop(t + length + 0.02);
    },
    noise(length, { gain = 0.2, filter = 1000 } = {}) {
      const buffer = ctx.createBuffer(1, Math.ceil(ctx.sampleRate * length), ctx.sampleRate);
      const data = buffer.getChannelData(0);
      for (let i = 0; i < data.length; i++) data[i] = (Math.random() * 2 - 1) * (1 - i / data.length);
      const source = ctx.createBufferSource();
      const low = ctx.createBiquadFilter();
      const amp = ctx.createGain();
      source.buffer = buffer;
      low.frequency.value = filter;
      amp.gain.value = gain;
      source.connect(low).connect(amp).connect(out);
      source.start();
    },
  };

  return {
    get muted() {
      return muted;
    },
    // Browsers allow sound only after a key or a click, so this is called from the first one.
    unlock() {
      if (ctx) return void ctx.resume();
      const Audio = window.AudioContext || window.webkitAudioContext;
      if (!Audio) return;
      try {
        ctx = new Audio();
        out = ctx.createGain();
        out.gain.value = muted ? 0 : 0.7;
        out.connect(ctx.destination);
      } catch {
        ctx = null; // no audio device: play on in silence
      }
    },
    toggle() {
      muted = !muted;
      remember('muted', muted ? 'yes' : 'no');
      if (ctx) out.gain.setTargetAtTime(muted ? 0 : 0.7, ctx.currentTime, 0.02);
      return muted;
    },
    play(name, n) {
      if (ctx && effects[name]) effects[name](s, n);
    },
    music(on) {
      playing = on;
      if (ctx) nextBeat = ctx.currentTime + 0.1;
    },
    suspend(yes) {
      if (ctx) yes ? ctx.suspend() : ctx.resume();
    },
    // A quiet tune: bass and a wandering melody, chosen by the seed. Called every frame, it plans one beat ahead.
    tick() {
      if (!ctx || !playing || ctx.currentTime < nextBeat - 0.1) return;
      const at = Math.max(0, nextBeat - ctx.currentTime);
      const bar = Math.floor(beat / 8);
      const root = [0, -3, -5, 2][(bar + seed) % 4];
      if (beat % 4 === 0) s.tone(note(root - 24), 0.5, { at, type: 'triangle', gain: 0.16 });
      const h = Math.imul(beat % 32 ^ seed, 2654435761) >>> 0;
      if (h % 8 < 5) s.tone(note(root + steps[(h >>> 8) % 5]), 0.24, { at, type: 'sine', gain: 0.055 });
      beat++;
      nextBeat += 0.21 / pace;
    },
  };
}
