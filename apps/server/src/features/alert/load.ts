import { addDays, DAY, instantOf, siteTime } from '@sallyport/basics';
import { alertLoad, MOST_LOAD_DAYS } from '@sallyport/contracts';
import { alarmLoad, LOAD_WINDOW } from '@sallyport/domain';
import { at } from '../../platform/db/index.js';
import { Problem } from '../../platform/http/index.js';
import { officerQuery, type Query } from '../../platform/queries/index.js';
import { presencesBetween } from '../access/index.js';
import { rowOf, visibleTo } from './queries.js';
import type { AlertRecord } from './store.js';

const iso = (instant: number) => new Date(instant).toISOString();

/** Alarms per officer and ten minutes, with the alarms behind each number (ux R17). */
export const loadQuery: Query = officerQuery<typeof alertLoad>({
  contract: alertLoad,
  permission: 'alert.read',
  audit: () => ({ subjectKind: 'alert', subjectId: null }),
  async read({ db, now, policy, actor }, _params, search) {
    const zone = policy.site.timeZone;
    const last = search.to ?? siteTime(now, zone).date;
    const first = search.from ?? last;
    const from = instantOf(first, 0, zone);
    const until = Math.min(instantOf(addDays(last, 1), 0, zone), now);
    if (last < first) throw new Problem(400, 'REQUEST_INVALID', 'querystring.to: must not lie before from. Correct this and send again.');
    if (instantOf(last, 0, zone) - from >= MOST_LOAD_DAYS * DAY)
      throw new Problem(400, 'REQUEST_INVALID', `querystring.to: a report spans at most ${MOST_LOAD_DAYS} days. Choose fewer and send again.`);
    const alerts = (await db
      .selectFrom('alert')
      .selectAll()
      .where(visibleTo(actor))
      .where('raised_at', '>=', at(from))
      .where('raised_at', '<', at(Math.max(from, until)))
      .orderBy('raised_at')
      .orderBy('id')
      .execute()) as AlertRecord[];
    const presences = await presencesBetween(db, 'alert.acknowledge', from, until);
    const { mean, most, review, windows } = alarmLoad(
      alerts.map(({ raised_at }) => raised_at),
      presences,
      from,
      until,
    );
    const shown = windows.toReversed().map(({ at: begin, officers, perOfficer }) => ({
      at: iso(begin),
      officers,
      perOfficer,
      alarms: alerts
        .filter(({ raised_at }) => raised_at >= begin && raised_at < begin + LOAD_WINDOW)
        .map((alert) => {
          const { id, kind, level, cell, place, title, raisedAt } = rowOf(alert);
          return { id, kind, level, cell, place, title, raisedAt };
        }),
    }));
    return { mean, most, review, windows: shown };
  },
});
