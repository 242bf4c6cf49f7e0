import { startTestPostgres, systemBinaries } from '../../apps/server/src/platform/db/testing.js';

/** One PostgreSQL for the whole run: the embedded one, or with TEST_ENGINE=external the system's own package. */
export default async function setup(): Promise<() => Promise<void>> {
  const external = process.env['TEST_ENGINE'] === 'external';
  const binaries = external ? systemBinaries() : undefined;
  if (external && !binaries) throw new Error('TEST_ENGINE=external needs the PostgreSQL of the system: apt-get install postgresql');
  const server = await startTestPostgres(binaries);
  return () => server.stop();
}
