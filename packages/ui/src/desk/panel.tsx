import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Tab as AriaTab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';

export interface PanelProps {
  readonly title?: ReactNode;
  readonly end?: ReactNode;
  /** Without inner padding, for a table. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A white card with an optional heading line. */
export function Panel({ title, end, flush = false, children }: PanelProps) {
  return (
    <section className="panel">
      {title && (
        <div className="panel-head">
          <h2>{title}</h2>
          {end && <span className="end">{end}</span>}
        </div>
      )}
      <div className={flush ? '' : 'panel-body'}>{children}</div>
    </section>
  );
}

/** A sentence on a quiet ground, beside an icon. */
export function Note({
  tone = 'plain',
  icon: Icon,
  children,
}: {
  tone?: 'plain' | 'amber' | 'danger' | 'cyan' | 'ok';
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <div className="note" data-tone={tone}>
      {Icon && <Icon aria-hidden />}
      <div>{children}</div>
    </div>
  );
}

export interface TimelineEntry {
  readonly id: string;
  /** "07:31" at the site. */
  readonly time: string;
  readonly who?: string | null;
  readonly what: ReactNode;
  readonly note?: ReactNode;
}

/** What happened, oldest first: time, who, what, why. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map(({ id, time, who, what, note }) => (
        <li key={id}>
          <b>
            <bdi dir="ltr">{time}</bdi>
          </b>
          <span>
            {who && <span className="who">{who} </span>}
            {what}
            {note && <small>{note}</small>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Nothing to show: says so, and what will happen next. */
export function EmptyState({ icon: Icon = Inbox, title, next, action }: { icon?: LucideIcon; title?: ReactNode; next?: ReactNode; action?: ReactNode }) {
  const { t } = useTranslation('common');
  return (
    <div className="empty">
      <Icon aria-hidden />
      <b>{title ?? t('state.empty')}</b>
      {next && <span>{next}</span>}
      {action}
    </div>
  );
}

/** Stands in for content that takes longer than 400 ms. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation('common');
  return (
    <div className="skeleton" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

export interface TabItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly count?: number | undefined;
  /** The panel of the tab; without it the tabs are filters and `onChange` tells which. */
  readonly content?: ReactNode;
}

interface TabsProps {
  readonly items: readonly TabItem[];
  readonly selected: string;
  readonly onChange: (id: string) => void;
  readonly 'aria-label': string;
}

function words({ label, count }: TabItem) {
  return (
    <>
      {label}
      {count !== undefined && <span>{count}</span>}
    </>
  );
}

/** One of several filters of a list: looks like tabs, but there is no panel that a tab would name. */
function Filters({ items, selected, onChange, 'aria-label': label }: TabsProps) {
  return (
    <ToggleButtonGroup
      className="tabs"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[selected]}
      onSelectionChange={(keys) => [...keys].forEach((key) => onChange(String(key)))}
    >
      {items.map((item) => (
        <ToggleButton key={item.id} id={item.id} className="tab">
          {words(item)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** Tabs of a page when the items have content; without content they are filters (radio buttons to a screen reader). */
export function Tabs(props: TabsProps) {
  const { items, selected, onChange, 'aria-label': label } = props;
  if (items.every(({ content }) => content === undefined)) return <Filters {...props} />;
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onChange(String(key))}>
      <TabList className="tabs" aria-label={label}>
        {items.map((item) => (
          <AriaTab key={item.id} id={item.id} className="tab">
            {words(item)}
          </AriaTab>
        ))}
      </TabList>
      {items.map(({ id, content }) => (
        <TabPanel key={id} id={id}>
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
