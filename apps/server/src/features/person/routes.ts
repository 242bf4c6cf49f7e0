import { bridgeNoncePath, bridgeNonceResponse, passkeyOptions, passkeyOptionsPath, passkeyOptionsResponse } from '@sallyport/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DeviceActor, ResolveDevice } from '../../platform/commands/index.js';
import type { Db } from '../../platform/db/index.js';
import { inactiveDevice } from '../../platform/commands/inactive-device.js';
import type { Services } from '../../platform/feature.js';
import { type Http, Problem } from '../../platform/http/index.js';
import { bridgeNonce } from './bridge.js';

const tags = ['terminal'];
const config = { audience: 'cell' as const };

async function requireDevice(resolveDevice: ResolveDevice, request: FastifyRequest): Promise<DeviceActor> {
  const session = await resolveDevice(request);
  if (!session?.current) throw new Problem(401, 'NOT_SIGNED_IN', 'Open a session at /api/device/session first.');
  const { actor } = session.device;
  if (actor.state !== 'active') throw inactiveDevice(actor.state);
  return actor;
}

/** Keys of one person of this cell, without a name; the same empty answer for a bed that nobody has. */
async function keysOf(db: Db, cell: string, person: z.infer<typeof passkeyOptions>['person']) {
  const base = db.selectFrom('person').select(['id', 'passkey_allowed_until', 'passkey_user']).where('cell', '=', cell);
  const found = await ('bed' in person ? base.where('bed', '=', person.bed) : base.where('number', '=', person.number)).executeTakeFirst();
  if (!found) return null;
  const keys = await db.selectFrom('person_passkey').select('credential_id').where('person_id', '=', found.id).execute();
  return { ...found, keys: keys.map((key) => key.credential_id) };
}

/** What a terminal asks about the proofs of one person; nothing here tells who the person is. */
export function addPersonRoutes(http: Http, { db, clock, keys, config: site }: Services, resolveDevice: ResolveDevice): void {
  const rpId = new URL(site.origins.cell).hostname;
  const options = { summary: 'Which keys the person of a bed or number may use here', tags, body: passkeyOptions, response: { 200: passkeyOptionsResponse } };
  http.post(passkeyOptionsPath, { config, schema: options }, async (request) => {
    const { cell } = await requireDevice(resolveDevice, request);
    const found = cell === null ? null : await keysOf(db, cell, request.body.person);
    const mayRegister = found?.passkey_allowed_until !== null && found?.passkey_allowed_until !== undefined && found.passkey_allowed_until > clock.now();
    return { rpId, allowCredentials: found?.keys ?? [], mayRegister, registrationUser: mayRegister ? found.passkey_user : null };
  });
  const nonce = { summary: 'A nonce for the reader beside this terminal', tags, body: z.strictObject({}), response: { 200: bridgeNonceResponse } };
  http.post(bridgeNoncePath, { config, schema: nonce }, async (request) => {
    const { place } = await requireDevice(resolveDevice, request);
    return { nonce: bridgeNonce(keys, place, clock.now()) };
  });
}
