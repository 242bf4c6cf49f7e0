import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { clickRule, directionRule, machineRule } from './bans.js';
import { bareTextRule } from './bare-text.js';
import { importRule } from './imports.js';
import { leftoverRule } from './leftovers.js';
import { lockRule, machinePathRule, topLevelRule } from './repository.js';
import { coverageRule } from './rule-coverage.js';
import { sizeViolations } from './size.js';
import { readSources, ROOT } from './source.js';

const files = readSources();
const ratchet = JSON.parse(readFileSync(path.join(ROOT, 'test/tidy/size-ratchet.json'), 'utf8')) as Record<string, number>;

test.each([
  ['imports follow the directions of the house', importRule],
  ['time, chance, network and environment are touched at the edges only', machineRule],
  ['screens use press events', clickRule],
  ['screens know no left and right', directionRule],
  ['every word for people comes from a catalogue', bareTextRule],
  ['every numbered rule has its test, and the reverse', coverageRule],
  ['nothing half-done is left', leftoverRule],
  ['the top level is that of the README', topLevelRule],
  ['no path of one machine is named', machinePathRule],
  ['the lock file names no registry', lockRule],
])('%s', (_name, rule) => {
  expect(rule(files)).toEqual([]);
});

test('functions and files stay small', () => {
  expect(sizeViolations(files, ratchet)).toEqual([]);
});
