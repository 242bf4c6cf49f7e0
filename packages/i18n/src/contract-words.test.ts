import { absenceReason, alertKind, alertLevel, anomalyKind, boardState, priorityClass, role, verdict, watchFlag, workKind } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { consoleSource } from './source-console.js';

const { console: words } = consoleSource;

/** Every value that crosses a wire and is shown to an officer has a word; parity with English is tested for all keys. */
describe('words for the values of the contracts', () => {
  test.each<[string, readonly string[], object]>([
    ['anomaly', anomalyKind.options, words.anomaly],
    ['alert title of an anomaly', anomalyKind.options, words.duty.anomaly],
    ['alert kind', alertKind.options, words.alert.kind],
    ['alert title', alertKind.options, words.alert.title],
    ['alert level', alertLevel.options, words.alert.level],
    ['board state', boardState.options, words.board.state],
    ['work kind', workKind.options, words.kind],
    ['work title', workKind.options, words.work.title],
    ['priority class', priorityClass.options, words.class],
    ['verdict', verdict.options, words.verdict],
    ['verdict given', verdict.options, words.verdictDone],
    ['role', role.options, words.role],
    ['watch flag', watchFlag.options, words.flag],
    ['absence', absenceReason.options, words.absence],
  ])('%s', (_name, values, texts) => expect(Object.keys(texts)).toEqual(expect.arrayContaining([...values])));
});
