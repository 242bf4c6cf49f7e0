import { clipNames, type ClipFiles, reminderClips } from './clips';

/** What the site recorded, found by the build: hashed files that the worker keeps for a start with no network. */
const recorded = clipNames(import.meta.glob<string>('./clips/*/*.{ogg,opus,mp3,wav}', { eager: true, query: '?url', import: 'default' }));

export interface Reminder {
  /** The same words as on the screen. */
  readonly text: string;
  readonly language: string;
  readonly beds: readonly number[];
}
/** The machine's own voices; as much of `speechSynthesis` as is used. */
export interface Synthesis {
  readonly getVoices: () => readonly Pick<SpeechSynthesisVoice, 'lang' | 'localService'>[];
  readonly speak: (text: string, voice: Pick<SpeechSynthesisVoice, 'lang' | 'localService'>, volume: number) => void;
}
export interface VoiceParts {
  readonly files: ClipFiles;
  /** Plays the files one after the other. */
  readonly play: (addresses: readonly string[], volume: number) => void;
  readonly synthesis: Synthesis | null;
}

/** How a reminder was spoken; null when it could not be, and a tone has to do. */
export type Spoken = 'recorded' | 'machine' | null;

/** A voice that needs no network and speaks the language, its own region first. */
function voiceFor(synthesis: Synthesis, language: string): ReturnType<Synthesis['getVoices']>[number] | undefined {
  const own = (tag: string): string => tag.replace('_', '-').toLowerCase();
  const [wanted, base] = [own(language), own(language).split('-')[0]];
  const able = synthesis.getVoices().filter(({ lang, localService }) => localService && own(lang).split('-')[0] === base);
  return able.find(({ lang }) => own(lang) === wanted) ?? able[0];
}

/** Speaks a reminder: by the site's people, else by the machine, else not at all. */
export function speak({ files, play, synthesis }: VoiceParts, { text, language, beds }: Reminder, volume: number): Spoken {
  const clips = reminderClips(files, language, beds);
  if (clips) {
    play(clips, volume);
    return 'recorded';
  }
  const voice = synthesis && voiceFor(synthesis, language);
  if (!synthesis || !voice) return null;
  synthesis.speak(text, voice, volume);
  return 'machine';
}

function playInTurn(addresses: readonly string[], volume: number): void {
  const [first, ...rest] = addresses;
  if (first === undefined) return;
  const audio = new Audio(first);
  audio.volume = volume;
  audio.addEventListener('ended', () => playInTurn(rest, volume), { once: true });
  // A browser that does not yet let the page sound also keeps the tone silent.
  audio.play().catch(() => undefined);
}

function machineVoices(): Synthesis | null {
  const { speechSynthesis } = globalThis as { speechSynthesis?: SpeechSynthesis };
  if (!speechSynthesis) return null;
  // The first question only makes the browser look; the answer is there at the next.
  speechSynthesis.getVoices();
  return {
    getVoices: () => speechSynthesis.getVoices(),
    speak(text, voice, volume) {
      const saying = new SpeechSynthesisUtterance(text);
      Object.assign(saying, { voice, lang: voice.lang, volume, rate: 0.9 });
      // One reminder at a time: the newest is the true one.
      speechSynthesis.cancel();
      speechSynthesis.speak(saying);
    },
  };
}

/** The voice of this terminal. */
export function terminalVoice(): (reminder: Reminder, volume: number) => Spoken {
  const parts: VoiceParts = { files: recorded, play: playInTurn, synthesis: machineVoices() };
  return (reminder, volume) => speak(parts, reminder, volume);
}
