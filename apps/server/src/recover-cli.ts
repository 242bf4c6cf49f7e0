import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reason } from '@sallyport/contracts';
import type { Random } from '@sallyport/basics';
import { z } from 'zod';
import { recoverByOperator, securityAdministrators } from './features/access/index.js';
import { policyAt } from './features/policy/index.js';
import { transact, type TransactionContext } from './platform/commands/index.js';
import { type Config, readConfig } from './platform/config/index.js';
import { KEY_FOLDER, type Keys, loadKeys, SERVER_KEY_FILE } from './platform/crypto/index.js';
import { connectDatabase, type Db } from './platform/db/index.js';
import { createSiteClock, systemClock } from './platform/jobs/index.js';
import { areSiteKeys } from './platform/lifecycle/index.js';

/*
 * npm run access:recover. For whoever has the server's own shell: needs its database and its keys, as the server itself does.
 */

const USAGE = `npm run --silent access:recover -- [--staff-no NUMBER --reason TEXT]
  Without options: lists the security administrators of the site.
  With both: ends this security administrator's passkeys and sessions, and prints an address that registers a new passkey, once, within
  24 hours. It is recorded in the audit with the reason, your user name and this machine.
Settings as for the server: DATA_DIR (default ./data; its folder "keys" is needed), DATABASE_URL, CONSOLE_ORIGIN.
Ends with 0: done. 1: not possible, said why. 2: used wrongly.`;

/** Why it cannot be done, for the operator. */
class NotPossible extends Error {
  override readonly name = 'NotPossible';
}

/** What the program is given by whoever starts it. */
export interface RecoverOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: Random;
  readonly print: (line: string) => void;
}

const place = z.object({ url: z.string() });

function databaseUrl({ databaseUrl: external, dataDir }: Config): string {
  if (external !== undefined) return external;
  const file = path.join(dataDir, 'postgres.json');
  if (!existsSync(file)) throw new NotPossible(`No database: start the server of ${dataDir}, or set DATA_DIR or DATABASE_URL as the server has them.`);
  return place.parse(JSON.parse(readFileSync(file, 'utf8'))).url;
}

async function siteKeys(config: Config, db: Db): Promise<Keys> {
  const folder = path.join(config.dataDir, KEY_FOLDER);
  const file = path.join(folder, SERVER_KEY_FILE);
  // Keys are never made here: a link made with others would open nothing.
  if (!existsSync(file)) throw new NotPossible(`No keys: ${file} is not there. Set DATA_DIR to the server's data folder.`);
  const keys = await loadKeys(folder);
  if (!(await areSiteKeys(db, keys.mark))) throw new NotPossible(`The keys in ${folder} are not those of this database. Nothing was changed.`);
  return keys;
}

/** The server that runs tells the open screens by the change feed; this process has none. */
const NO_SCREENS = { publish: () => undefined, disconnect: () => undefined, announceUnrecorded: () => undefined };

type Asked = { readonly staffNo: string; readonly reason: string } | null;

function asked(args: readonly string[]): Asked | 'help' | 'wrong' {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args: [...args], options: { 'staff-no': text, reason: text, help: { type: 'boolean' } } });
    if (values.help) return 'help';
    if (values['staff-no'] === undefined && values.reason === undefined) return null;
    const why = reason.safeParse(values.reason);
    return values['staff-no'] !== undefined && why.success ? { staffNo: values['staff-no'].slice(0, 20), reason: why.data } : 'wrong';
  } catch {
    return 'wrong';
  }
}

async function list(context: TransactionContext, print: (line: string) => void): Promise<void> {
  const officers = await transact(context, securityAdministrators);
  print('Security administrators of this site (staff number, name, state, last sign-in):');
  for (const { staffNo, name, state, lastSignInAt } of officers) {
    print(`  ${staffNo}  ${name}  ${state}  ${lastSignInAt === null ? 'never' : new Date(lastSignInAt).toISOString()}`);
  }
}

async function recover(context: TransactionContext, config: Config, wanted: NonNullable<Asked>, print: (line: string) => void): Promise<void> {
  const operator = { user: os.userInfo().username, host: os.hostname() };
  const made = await transact(context, (scope) => recoverByOperator(scope, { ...wanted, operator }, config.origins.console));
  if (made === null) throw new NotPossible(`No security administrator has the staff number ${wanted.staffNo}. Without options this program lists them.`);
  print(`${made.name} registers a new passkey here, once, before ${new Date(made.expiresAt).toISOString()}:`);
  print(`  ${made.url}`);
  print('The earlier passkeys and sessions have ended. This is recorded in the audit.');
}

/** The whole program: arguments and environment in, lines out. Resolves to the exit code. */
export async function accessRecover(args: readonly string[], { env, random, print }: RecoverOptions): Promise<0 | 1 | 2> {
  const wanted = asked(args);
  if (wanted === 'help' || wanted === 'wrong') {
    print(USAGE);
    return wanted === 'help' ? 0 : 2;
  }
  try {
    const config = readConfig(env);
    const { db, close } = connectDatabase({ url: databaseUrl(config), applicationName: 'access-recover', maxConnections: 2, onError: () => undefined });
    try {
      const keys = await siteKeys(config, db);
      const context = { db, clock: await createSiteClock(db, systemClock), random, keys, realtime: NO_SCREENS, policyAt };
      await (wanted === null ? list(context, print) : recover(context, config, wanted, print));
      return 0;
    } finally {
      await close();
    }
  } catch (error) {
    print(`Not possible: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
