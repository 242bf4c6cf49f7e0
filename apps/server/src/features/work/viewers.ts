import { SECOND } from '@sallyport/basics';
import { id, workViewPath } from '@sallyport/contracts';
import { z } from 'zod';
import type { Services } from '../../platform/feature.js';
import { type Http, Problem } from '../../platform/http/index.js';
import { maySee } from './access.js';
import type { WorkItem } from './store.js';

/** The console says every 20 s that an item is open; after this time without a word the viewer is gone. */
const VIEW_SECONDS = 30;

/** Presence of viewers (ux R7): says only who looks, claims nothing and is worth nothing tomorrow. */
export function viewRoute(http: Http, services: Services): void {
  http.route({
    method: 'POST',
    url: workViewPath,
    config: { audience: 'console' },
    schema: {
      summary: 'Says that the signed-in officer has the work item open; repeat every 20 s',
      tags: ['work'],
      params: z.object({ id }),
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const officer = await services.resolveOfficer(request);
      if (!officer) throw new Problem(401, 'NOT_SIGNED_IN', 'Sign in first.');
      if (officer.locked) throw new Problem(423, 'SESSION_LOCKED', 'The console is locked. Unlock it first.');
      const item = (await services.db.selectFrom('work_item').selectAll().where('id', '=', request.params.id).executeTakeFirst()) as WorkItem | undefined;
      if (!item || !maySee(officer, item)) throw new Problem(404, 'NOT_FOUND', 'There is no such work item.');
      const until = new Date(services.clock.now() + VIEW_SECONDS * SECOND);
      await services.db
        .insertInto('work_viewer')
        .values({ item: item.id, officer: officer.id, name: officer.name, until_at: until })
        .onConflict((conflict) => conflict.columns(['item', 'officer']).doUpdateSet({ until_at: until }))
        .execute();
      return reply.code(204).send(null);
    },
  });
}
