import { fastify } from 'fastify';
import pg from 'pg';

/*
 * The limit that sign-ins are held against: a bare Fastify that checks a body by schema and does one INSERT, with as many connections
 * to the same PostgreSQL as the product has.
 */

const CONNECTIONS = 20;

const text = { type: 'string', maxLength: 64 };
const schema = {
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'person', 'cell', 'slot', 'at'],
    properties: { id: text, person: text, cell: text, slot: text, at: text },
  },
  response: { 200: { type: 'object', properties: { done: { type: 'boolean' } } } },
};

interface Row {
  readonly id: string;
  readonly person: string;
  readonly cell: string;
  readonly slot: string;
  readonly at: string;
}

const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE'], max: CONNECTIONS });
await pool.query('create schema if not exists bench');
await pool.query(
  'create table if not exists bench.sign_in (id uuid primary key, person uuid not null, cell text not null, slot text not null, at timestamptz not null)',
);
const http = fastify({ logger: false });
http.post<{ Body: Row }>('/sign-in', { schema }, async ({ body }) => {
  await pool.query({
    name: 'sign-in',
    text: 'insert into bench.sign_in (id, person, cell, slot, at) values ($1, $2, $3, $4, $5)',
    values: [body.id, body.person, body.cell, body.slot, body.at],
  });
  return { done: true };
});
await http.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
process.stdout.write('peer ready\n');
process.once('SIGTERM', () => process.exit(0));
