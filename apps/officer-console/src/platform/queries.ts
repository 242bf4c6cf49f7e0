import type { QueryContract, ResponseOf, Topic } from '@sallyport/contracts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { getJson } from './api';

type Values = Readonly<Record<string, string | number | undefined>>;

/** The address of a query with its parameters filled in. */
export function addressOf(contract: QueryContract, params: Values = {}, search: Values = {}): string {
  const path = contract.path.replace(/:([a-zA-Z]+)/g, (_whole, name: string) => encodeURIComponent(String(params[name])));
  const pairs = Object.entries(search).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path;
}

/** Options for `useQuery`: the key begins with the path so that a hint finds every reading of it. */
export function reading<Contract extends QueryContract>(contract: Contract, params: Values = {}, search: Values = {}) {
  const address = addressOf(contract, params, search);
  return queryOptions({ queryKey: [contract.path, address], queryFn: async () => contract.response.parse(await getJson(address)) as ResponseOf<Contract> });
}

/** Which readings a topic makes stale. A missed entry would show as a screen that does not follow, so the live test walks this table. */
const READINGS: Record<Topic, readonly string[]> = {
  duty: ['/api/duty/board', '/api/duty/records', '/api/duty/anomalies', '/api/duty/night/:date'],
  roster: ['/api/duty/rosters/:cell/:week', '/api/duty/board'],
  'roll-call': ['/api/roll-calls'],
  alert: ['/api/alerts/open', '/api/alerts/:id', '/api/alerts', '/api/alerts/load', '/api/duty/board'],
  'work-item': ['/api/work-items', '/api/work-items/:id'],
  person: ['/api/people', '/api/people/:id', '/api/cells', '/api/duty/board'],
  device: ['/api/devices', '/api/readers', '/api/duty/board'],
  policy: ['/api/policy', '/api/me'],
  access: ['/api/officers', '/api/officers/on-shift', '/api/me'],
  audit: ['/api/audit/records', '/api/audit/checkpoint'],
  time: ['/api/me', '/api/duty/board', '/api/work-items', '/api/alerts/open'],
};

/** Reads again what a hint made stale and is on the screen. */
export async function refresh(client: QueryClient, topic: Topic): Promise<void> {
  await Promise.all(READINGS[topic].map((path) => client.invalidateQueries({ queryKey: [path] })));
}
