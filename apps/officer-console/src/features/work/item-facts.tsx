import { gapFinding, rollCallFinding, stuckJobs, type WorkDetail } from '@sallyport/contracts';
import { Button, Ltr, Note, useFmt } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useRuleWords } from '../roster/roster-words';

type Content = Readonly<Record<string, unknown>>;

/** A text of the content, or null: the content of an item comes from the slice that owns it and may lack anything. */
export function textOf(content: Content, name: string): string | null {
  const value = content[name];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return children === null ? null : (
    <div className="flex gap-4">
      <dt className="text-muted w-32 flex-none">{label}</dt>
      <dd className="break-all">{children}</dd>
    </div>
  );
}

/** "05 张** 20260012" of a person inside the content. */
function personOf(content: Content, name: string): string | null {
  const value = content[name];
  if (typeof value !== 'object' || value === null) return null;
  const { bed, maskedName, number } = value as Record<string, unknown>;
  return [typeof bed === 'number' ? String(bed).padStart(2, '0') : null, maskedName, number].filter((part) => typeof part === 'string').join(' ');
}

function Enrolment({ content, zone }: { content: Content; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const enrolledAt = textOf(content, 'enrolledAt');
  return (
    <>
      <Note tone="cyan">
        <b>{t('device.checkTitle')}</b> · {t('item.compare')} · {t('device.checkHint')}
      </Note>
      <dl className="flex flex-col gap-2">
        <Line label={t('device.enrolledAt')}>{enrolledAt && <Ltr>{fmt.dateTime(Date.parse(enrolledAt))}</Ltr>}</Line>
        <Line label={t('device.build')}>{textOf(content, 'build')}</Line>
        <Line label={t('item.screen')}>{textOf(content, 'screen')}</Line>
        <Line label={t('device.key')}>{textOf(content, 'keyThumbprint')}</Line>
      </dl>
      {textOf(content, 'replaces') && <Note tone="amber">{t('item.replaces')}</Note>}
    </>
  );
}

function Substitute({ content }: { content: Content }) {
  const { t } = useTranslation('console');
  const words = useRuleWords();
  const proposed = personOf(content, 'proposed');
  const cause = textOf(content, 'cause');
  return (
    <>
      <dl className="flex flex-col gap-2">
        <Line label={t('records.slot')}>{textOf(content, 'slot')?.replace('T', ' ') ?? null}</Line>
        <Line label={t('item.absent')}>{personOf(content, 'absent')}</Line>
        <Line label={t('item.cause')}>{cause && words(cause)}</Line>
        <Line label={t('item.proposed')}>{proposed}</Line>
      </dl>
      {!proposed && <Note tone="amber">{t('item.noProposed')}</Note>}
    </>
  );
}

function Roster({ content }: { content: Content }) {
  const { t } = useTranslation('console');
  return (
    <dl className="flex flex-col gap-2">
      <Line label={t('item.week')}>{textOf(content, 'week')}</Line>
      <Line label={t('item.version')}>{textOf(content, 'version')}</Line>
      <Line label={t('roster.why')}>{textOf(content, 'reason')}</Line>
    </dl>
  );
}

function RosterMissing({ content }: { content: Content }) {
  const { t } = useTranslation('console');
  const navigate = useNavigate();
  const cell = textOf(content, 'cell');
  return (
    <>
      <dl className="flex flex-col gap-2">
        <Line label={t('item.week')}>{textOf(content, 'week')}</Line>
        <Line label={t('item.firstGap')}>{textOf(content, 'slot')?.replace('T', ' ') ?? null}</Line>
      </dl>
      {cell && <Button onPress={() => void navigate([`/roster/${cell}`, textOf(content, 'week')].filter(Boolean).join('/'))}>{t('item.toRoster')}</Button>}
    </>
  );
}

function FromAlert({ content, zone }: { content: Content; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const raisedAt = textOf(content, 'raisedAt');
  const state = textOf(content, 'state');
  return (
    <dl className="flex flex-col gap-2">
      <Line label={t('item.raisedAt')}>{raisedAt && <Ltr>{fmt.dateTime(Date.parse(raisedAt))}</Ltr>}</Line>
      <Line label={t('records.state')}>{state && t(`alert.state.${state}` as never)}</Line>
    </dl>
  );
}

function RollCall({ content, zone }: { content: Content; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const found = rollCallFinding.safeParse(content);
  if (!found.success) return null;
  const { startedAt, offline, cells } = found.data;
  return (
    <>
      {offline && <Note tone="cyan">{t('rollCall.offline')}</Note>}
      <dl className="flex flex-col gap-2">
        <Line label={t('item.raisedAt')}>
          <Ltr>{fmt.dateTime(Date.parse(startedAt))}</Ltr>
        </Line>
        {cells.map(({ cell, expected, missing }) => (
          <Line key={cell} label={cell}>
            {t('item.present', { n: expected - missing.length, of: expected })}
            {missing.map(({ id, bed, maskedName }) => (
              <div key={id}>{[bed === null ? null : String(bed).padStart(2, '0'), maskedName].filter(Boolean).join(' ')}</div>
            ))}
          </Line>
        ))}
      </dl>
    </>
  );
}

function Gap({ content, zone }: { content: Content; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const found = gapFinding.safeParse(content);
  if (!found.success) return null;
  return (
    <dl className="flex flex-col gap-2">
      {found.data.gaps.map(({ generation, fromSeq, toSeq, noticedAt, filled }) => (
        <Line key={`${generation} ${fromSeq}`} label={fmt.dateTime(Date.parse(noticedAt))}>
          {t('item.gap', { from: fromSeq, to: toSeq })} · {t(filled ? 'item.gapFilled' : 'item.gapOpen')}
        </Line>
      ))}
    </dl>
  );
}

function Stuck({ content, zone }: { content: Content; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const found = stuckJobs.safeParse(content);
  if (!found.success) return null;
  const { jobs } = found.data;
  return (
    <>
      <Note tone={jobs.length === 0 ? 'ok' : 'amber'}>{t(jobs.length === 0 ? 'item.stuckGone' : 'item.stuckHint')}</Note>
      <dl className="flex flex-col gap-2">
        {jobs.map(({ id, dueAt, attempts, error }) => (
          <Line key={id} label={fmt.dateTime(Date.parse(dueAt))}>
            {t('item.tries', { n: attempts })} · {error}
          </Line>
        ))}
      </dl>
    </>
  );
}

/** The facts by which an item of each kind is decided. A duty review shows its anomaly instead. */
export function ItemFacts({ item, content, zone }: { item: WorkDetail; content: Content; zone: string }) {
  switch (item.kind) {
    case 'device-enrolment':
      return <Enrolment content={content} zone={zone} />;
    case 'substitute':
      return <Substitute content={content} />;
    case 'roster-missing':
      return <RosterMissing content={content} />;
    case 'roster-approval':
      return <Roster content={content} />;
    case 'emergency-call':
    case 'device-silence':
    case 'command-parked':
      return <FromAlert content={content} zone={zone} />;
    case 'roll-call-review':
      return <RollCall content={content} zone={zone} />;
    case 'device-gap':
      return <Gap content={content} zone={zone} />;
    case 'job-stuck':
      return <Stuck content={content} zone={zone} />;
    case 'duty-review':
      return null;
  }
}
