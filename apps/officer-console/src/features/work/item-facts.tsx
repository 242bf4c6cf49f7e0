import type { WorkDetail } from '@sallyport/contracts';
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
    case 'duty-review':
      return null;
  }
}
