import { expect, test } from 'vitest';
import { clipNames, reminderClips } from './clips';
import { speak, type Synthesis, type VoiceParts } from './voice';

const files = clipNames({
  './clips/zh-CN/duty-reminder.ogg': '/assets/duty-1.ogg',
  './clips/zh-CN/bed-3.opus': '/assets/bed3-1.opus',
  './clips/zh-CN/bed-7.mp3': '/assets/bed7-1.mp3',
  './clips/en/bed-3.wav': '/assets/en3.wav',
});
const reminder = { text: '请 3 号床来值班签到', language: 'zh-CN', beds: [3] };

function parts(change: Partial<VoiceParts> = {}): VoiceParts & { said: unknown[] } {
  const said: unknown[] = [];
  return { files: {}, play: (addresses, volume) => said.push([addresses, volume]), synthesis: null, ...change, said };
}
const machine = (said: unknown[], ...voices: [lang: string, localService: boolean][]): Synthesis => ({
  getVoices: () => voices.map(([lang, localService]) => ({ lang, localService })),
  speak: (text, { lang }) => said.push([text, lang]),
});

test.each([
  [
    [3, 7],
    ['/assets/bed3-1.opus', '/assets/bed7-1.mp3', '/assets/duty-1.ogg'],
  ],
  [[3, 9], ['/assets/duty-1.ogg']],
  [[], ['/assets/duty-1.ogg']],
])('clips for the beds %j', (beds, expected) => {
  expect(reminderClips(files, 'zh-CN', beds)).toEqual(expected);
});

test('a language whose sentence was not recorded has no clips', () => {
  expect(reminderClips(files, 'en', [3])).toBeNull();
});

test("the site's own clips come before the machine's voice", () => {
  const house = parts({ files });
  const said: unknown[] = [];
  expect(speak({ ...house, synthesis: machine(said, ['zh-CN', true]) }, reminder, 0.5)).toBe('recorded');
  expect(house.said).toEqual([[['/assets/bed3-1.opus', '/assets/duty-1.ogg'], 0.5]]);
  expect(said).toEqual([]);
});

test('the machine speaks only with a voice of the language that needs no network, its own region first', () => {
  const said: unknown[] = [];
  const say = (...voices: [string, boolean][]) => speak(parts({ synthesis: machine(said, ...voices) }), reminder, 1);
  expect(say(['en-US', true], ['zh-TW', true], ['zh_CN', true])).toBe('machine');
  expect(say(['zh-TW', true])).toBe('machine');
  expect(said).toEqual([
    [reminder.text, 'zh_CN'],
    [reminder.text, 'zh-TW'],
  ]);
  expect([say(['zh-CN', false]), say(['en-US', true]), say()]).toEqual([null, null, null]);
});

test('without clips and voices nothing is spoken, so that the caller sounds the tone', () => {
  expect(speak(parts(), reminder, 1)).toBeNull();
});
