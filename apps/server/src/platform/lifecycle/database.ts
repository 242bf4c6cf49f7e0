import type { Config } from '../config/index.js';
import { type Connection, checkDatabaseServer, connectDatabase, migrate, startEmbeddedPostgres } from '../db/index.js';
import type { Log } from '../log/index.js';
import type { Lifecycle } from './lifecycle.js';

async function databaseUrl(config: Config, lifecycle: Lifecycle, log: Log): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const server = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
    onCrash: (message) => {
      log.fatal(`${message} The server ends; whoever watches it starts it again.`);
      process.exit(1);
    },
  });
  lifecycle.onStop('embedded database', () => server.stop());
  return server.url;
}

/** The database ready for use: started where it is ours, found fit, and brought to this build's schema. */
export async function openDatabase(config: Config, lifecycle: Lifecycle, log: Log): Promise<Connection> {
  const url = await databaseUrl(config, lifecycle, log);
  const connection = connectDatabase({ url, applicationName: 'sallyport', onError: (error) => log.warn({ err: error }, 'a database connection broke') });
  lifecycle.onStop('database connections', () => connection.close());
  await checkDatabaseServer(connection.pool);
  const applied = await migrate(connection.pool);
  if (applied.length > 0) log.info({ count: applied.length }, 'migrations applied');
  return connection;
}
