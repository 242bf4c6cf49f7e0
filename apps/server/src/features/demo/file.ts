import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { demoFile } from '@sallyport/contracts';
import type { z } from 'zod';
import type { Config } from '../../platform/config/index.js';
import type { CommandScope } from '../../platform/commands/kind.js';
import { peopleOfCells, pinMatches } from '../person/index.js';
import { seededSite, seedPin } from './seed/index.js';
import { demoOfficers, demoSignInUrl } from './sign-in.js';

export type DemoFile = z.infer<typeof demoFile>;
/** A one-time enrolment code for a place; the device slice's own. */
export type CreateEnrolment = (scope: CommandScope, place: string) => Promise<{ readonly code: string; readonly url: string }>;

/** Places that get a code at every start; more by `POST /api/demo/enrolments`. */
const FIRST_PLACES = 2;

function addressesOf(config: Config): DemoFile['origins'] {
  const index = new URL(config.origins.console);
  index.hostname = 'localhost';
  return { index: index.origin, ...config.origins };
}

/** The people whose PIN is still the one of the seed; one that was changed is nobody's but the person's. */
async function detainees(scope: CommandScope, site: string): Promise<DemoFile['detainees']> {
  const [people, pins] = [await peopleOfCells(scope.trx, 'all'), await scope.trx.selectFrom('person_pin').select(['person_id', 'salt', 'hash']).execute()];
  const sealed = new Map(pins.map((pin) => [pin.person_id, pin]));
  return people.flatMap(({ id, number, name, cell, bed }) => {
    const pin = seedPin(site, number);
    const found = sealed.get(id);
    return found && pinMatches(scope.keys.pin, found.salt, found.hash, pin) ? [{ number, name, cell, bed, pin }] : [];
  });
}

/** What somebody needs to try the demo site: addresses, one-time sign-ins, PINs, enrolment codes. */
export async function demoContent(scope: CommandScope, config: Config, createEnrolment: CreateEnrolment): Promise<DemoFile> {
  const officers: DemoFile['officers'] = [];
  for (const { id, role, name } of await demoOfficers(scope)) {
    officers.push({ role, name, signInUrl: await demoSignInUrl(scope, id, config.origins.console) });
  }
  const cells = await scope.trx.selectFrom('cell').select('number').orderBy('number').limit(FIRST_PLACES).execute();
  const enrolments: DemoFile['enrolments'] = [];
  for (const { number } of cells) {
    const place = `cell:${number}`;
    enrolments.push({ place, ...(await createEnrolment(scope, place)) });
  }
  const site = (await seededSite(scope)) ?? '';
  return demoFile.parse({ origins: addressesOf(config), officers, detainees: await detainees(scope, site), enrolments });
}

/** Writes DATA_DIR/demo.json, for its owner's eyes only, whole or not at all. */
export async function writeDemoFile(dataDir: string, content: DemoFile): Promise<string> {
  const file = path.join(dataDir, 'demo.json');
  const half = `${file}.${process.pid}`;
  await rm(half, { force: true });
  await writeFile(half, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(half, file);
  return file;
}

/** The lines that a start prints for whoever wants to try it. */
export function demoLines(content: DemoFile, file: string): string[] {
  const [enrolment] = content.enrolments;
  const [mate, other] = content.detainees;
  return [
    'Sallyport demo site',
    `  Index             ${content.origins.index}/`,
    `  Cell terminal     ${content.origins.cell}/`,
    `  Officer console   ${content.origins.console}/`,
    '',
    'Sign in on the console (each address works once):',
    ...content.officers.map((officer) => `  ${officer.role.padEnd(15)} ${officer.name}  ${officer.signInUrl}`),
    '',
    ...(enrolment ? [`Enrol a terminal for ${enrolment.place}: code ${enrolment.code} at ${enrolment.url}`] : []),
    ...[mate, other].flatMap((person) => (person ? [`  bed ${person.bed} of cell ${person.cell}: number ${person.number}, PIN ${person.pin}`] : [])),
    `Everybody's numbers and PINs: ${file}`,
  ];
}
