import type { AlertKind, AnomalyView } from '@sallyport/contracts';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import { closeWorkItems } from '../work/index.js';
import type { Ending } from './commands.js';
import { type AlertRecord, WORK_OF } from './store.js';

/** What the slice behind a kind of alert adds: its own end, and its facts for the page of the alert. */
export interface AlertSubject {
  readonly kind: AlertKind;
  /** An officer has ended the alert: the thing it is about ends with the same words, and so do its work items. */
  ended(scope: CommandScope, alert: AlertRecord, ending: Ending): Promise<void>;
  /** The anomalies behind these alerts, by alert. */
  anomalies?(db: Db, alerts: readonly AlertRecord[]): Promise<ReadonlyMap<string, AnomalyView>>;
}
export type AlertSubjects = ReadonlyMap<AlertKind, AlertSubject>;

/** After an alert's end: the work item is done with the verdict of whoever ended it, and the subject hears of it. */
export async function settleEnded(subjects: AlertSubjects, scope: CommandScope, alert: AlertRecord, ending: Ending): Promise<void> {
  const refs = alert.subject === null ? [alert.id] : [alert.id, alert.subject];
  await closeWorkItems(scope, WORK_OF[alert.kind], refs, { by: ending.by, what: 'ended', verdict: 'end', note: ending.measure });
  await subjects.get(alert.kind)?.ended(scope, alert, ending);
}
