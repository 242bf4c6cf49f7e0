// npm run check: types, lint, format and tidy.
import { pathToFileURL } from 'node:url';
import { failPlainly, install } from '../../apps/server/bin/prepare.mjs';
import { FAILED, PASSED, node, vitest } from './steps.mjs';

const step = (well) => (well ? PASSED : FAILED);

/** The checks that run no product code, by name. */
export const checks = [
  { name: 'types', run: () => step(node('typescript/bin/tsc', ['-b'])) },
  { name: 'lint', run: () => step(node('oxlint/bin/oxlint', ['--type-aware'])) },
  { name: 'format', run: () => step(node('@biomejs/biome/bin/biome', ['format', '.'])) },
  { name: 'tidy', run: () => vitest('tidy') },
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  failPlainly();
  install();
  const failed = [];
  for (const { name, run } of checks) {
    console.log(`\n── ${name}`);
    if (run().failed > 0) failed.push(name);
  }
  console.log(failed.length === 0 ? '\nEverything is in order.' : `\nNot in order: ${failed.join(', ')}`);
  process.exit(failed.length === 0 ? 0 : 1);
}
