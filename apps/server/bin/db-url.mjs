// npm run --silent db:url: the address of the running embedded database, for psql and other tools.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, fail } from './prepare.mjs';

const dataDir = path.resolve(ROOT, process.env.DATA_DIR ?? 'data');

function read() {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8'));
  } catch {
    return fail(`There is no embedded database in ${dataDir}. Start the server first, or set DATA_DIR to its data folder.`);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const { url, pid } = read();
if (!isAlive(pid)) fail(`The database of ${dataDir} is not running. Start the server first.`);
console.log(url);
