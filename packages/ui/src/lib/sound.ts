/** Tones made by the browser; there are no files to load, so that an alarm sounds off line too. */
export type SoundName = 'high' | 'medium' | 'low' | 'reminder' | 'presence' | 'done';

export interface Tone {
  /** Hertz. */
  readonly pitch: number;
  /** Seconds after the start of the pattern. */
  readonly at: number;
  /** Seconds. */
  readonly length: number;
}

function row(pitches: readonly number[], gap: number, length: number): Tone[] {
  return pitches.map((pitch, index) => ({ pitch, at: index * gap, length }));
}

/** Alarm levels differ in how many tones they have and how fast: five, three, one. The others are soft. */
export const tones: Readonly<Record<SoundName, readonly Tone[]>> = {
  high: row([988, 988, 988, 1319, 1319], 0.22, 0.16),
  medium: row([784, 784, 988], 0.32, 0.22),
  low: row([659], 0, 0.35),
  reminder: row([523, 659], 0.45, 0.4),
  presence: row([659, 523, 659], 0.3, 0.25),
  done: row([659, 880], 0.14, 0.12),
};

/** Milliseconds from one repetition of an alarm to the next; a low alarm sounds once. */
export const alarmEvery = { high: 2_500, medium: 8_000, low: null } as const;

export interface Sound {
  /** Plays a pattern once. `volume` 0..1. Does nothing while the browser still blocks sound. */
  play(name: SoundName, volume?: number): void;
  /** Sounds until another level or null is given. Repeating the same level changes nothing. */
  alarm(level: 'high' | 'medium' | 'low' | null): void;
  /** Call it on a press: browsers allow sound only after one. Resolves to true when sound works. */
  unlock(): Promise<boolean>;
  /** True while the browser does not let the page sound; the screen must say so. */
  readonly blocked: boolean;
}

/** A tone must not click: it rises and falls within this many seconds. */
const EDGE = 0.015;

function schedule(context: AudioContext, { pitch, at, length }: Tone, volume: number): void {
  const [oscillator, gain, start] = [context.createOscillator(), context.createGain(), context.currentTime + at];
  oscillator.frequency.value = pitch;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume, start + EDGE);
  gain.gain.setValueAtTime(volume, start + length - EDGE);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

/** The sounds of one page. `makeContext` is called at the first sound. */
export function createSound(makeContext: () => AudioContext = () => new AudioContext()): Sound {
  let context: AudioContext | null = null;
  let sounding: { level: 'high' | 'medium' | 'low'; timer: ReturnType<typeof setInterval> | null } | null = null;
  const ready = () => (context ??= makeContext());
  const play = (name: SoundName, volume = 0.6) => {
    const audio = ready();
    if (audio.state !== 'running') return;
    for (const tone of tones[name]) schedule(audio, tone, volume);
  };
  return {
    play,
    alarm(level) {
      if (level === (sounding?.level ?? null)) return;
      if (sounding?.timer) clearInterval(sounding.timer);
      sounding = null;
      if (!level) return;
      play(level, 1);
      const every = alarmEvery[level];
      sounding = { level, timer: every === null ? null : setInterval(() => play(level, 1), every) };
    },
    async unlock() {
      await ready().resume();
      return ready().state === 'running';
    },
    get blocked() {
      return ready().state !== 'running';
    },
  };
}
