import { type PolicyDocument, policyCurrent, policyDocument, type ResponseOf } from '@sallyport/contracts';
import { Button, Ltr, Note, Page, Panel, Skeleton, Tabs, Tag, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useKeyHints } from '../../shell/frame';
import { useSession } from '../access/session';
import { differences } from './difference';
import { ValueField } from './policy-field';
import { PolicyHistory } from './policy-history';
import { usePolicyWords } from './policy-words';
import { SaveDialog } from './save-dialog';
import { childrenOf, type Field, isGroup, type Node, type Path, valueAt, withValue } from './schema';

type Policy = ResponseOf<typeof policyCurrent>;

/** The tab of earlier versions, beside those of the sections. */
const HISTORY = 'history';

/** Versions that are decided but not yet in force. */
function comingOf({ versions, current }: Policy) {
  return versions.filter(({ version }) => version > current);
}

interface SectionProps {
  readonly field: Field;
  readonly document: PolicyDocument;
  readonly changed: ReadonlySet<string>;
  readonly faults: ReadonlyMap<string, string>;
  readonly isEditing: boolean;
  readonly onChange: (path: Path, value: unknown) => void;
}

/** A group of settings: its own values first, then the groups inside. */
function Section({ field, document, changed, faults, isEditing, onChange }: SectionProps) {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  const children = childrenOf(field);
  const values = children.filter((child) => !isGroup(child));
  const groups = children.filter(isGroup);
  return (
    <>
      {values.length > 0 && (
        <Panel title={words.label(field.path)}>
          <div className="policy-values">
            {values.map((child) => {
              const path = child.path.join('.');
              return (
                <div key={path} data-changed={changed.has(path) ? '' : undefined} className="policy-value">
                  <ValueField field={child} value={valueAt(document, child.path)} isEditing={isEditing} fault={faults.get(path)} onChange={onChange} />
                  {changed.has(path) && <Tag tone="amber">{t('policy.edited')}</Tag>}
                </div>
              );
            })}
          </div>
        </Panel>
      )}
      {groups.map((child) => (
        <Section key={child.path.join('.')} field={child} document={document} changed={changed} faults={faults} isEditing={isEditing} onChange={onChange} />
      ))}
    </>
  );
}

/** What is wrong with a draft, by place; the sentences of the schema name the rule. */
function faultsOf(draft: PolicyDocument | null): ReadonlyMap<string, string> {
  const checked = draft ? policyDocument.safeParse(draft) : null;
  if (!checked || checked.success) return new Map();
  return new Map(
    checked.error.issues.map(({ path, message }) => [
      path
        .slice(0, 6)
        .filter((step) => typeof step !== 'number')
        .join('.'),
      message,
    ]),
  );
}

type Change = ReturnType<typeof differences>[number];

function Nav({
  sections,
  selected,
  changes,
  onChange,
}: {
  sections: readonly Field[];
  selected: string;
  changes: readonly Change[];
  onChange: (id: string) => void;
}) {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  const items = sections.map(({ path }) => {
    const count = changes.filter((change) => change.path.startsWith(`${path[0]}.`)).length;
    return { id: String(path[0]), label: words.label(path), ...(count > 0 ? { count } : {}) };
  });
  return (
    <nav className="scroll policy-nav" aria-label={t('policy.title')}>
      <Tabs aria-label={t('policy.title')} selected={selected} onChange={onChange} items={[...items, { id: HISTORY, label: t('policy.history') }]} />
    </nav>
  );
}

interface HeadProps {
  readonly policy: Policy;
  readonly saved: number | null;
  readonly changes: readonly Change[] | null;
  readonly isWhole: boolean;
  readonly onEdit: () => void;
  readonly onDiscard: () => void;
  readonly onReview: () => void;
}

function Head({ policy, saved, changes, isWhole, onEdit, onDiscard, onReview }: HeadProps) {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const fmt = useFmt(me.timeZone);
  return (
    <>
      <Tag tone="ok">{t('policy.inForce', { n: policy.current })}</Tag>
      {comingOf(policy).map(({ version, effectiveFrom }) => (
        <Tag key={version} tone="cyan">
          <Ltr>{t('policy.coming', { n: version, time: fmt.dateTime(Date.parse(effectiveFrom)) })}</Ltr>
        </Tag>
      ))}
      {saved !== null && !changes && <Tag tone="ok">{t('policy.saved', { n: saved })}</Tag>}
      <span className="grow" />
      {can('policy.change') && !changes && <Button onPress={onEdit}>{t('policy.edit')}</Button>}
      {changes && (
        <>
          <b>{t('policy.changes', { n: changes.length })}</b>
          <Button onPress={onDiscard}>{t('policy.discard')}</Button>
          <Button tone="primary" isDisabled={changes.length === 0 || !isWhole} onPress={onReview}>
            {t('policy.review')}
          </Button>
        </>
      )}
    </>
  );
}

function Faults({ faults }: { faults: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  if (faults.size === 0) return null;
  return (
    <Note tone="danger">
      {t('policy.invalid')}: {[...faults].map(([path, fault]) => `${words.whole(path)} (${fault})`).join(' · ')}
    </Note>
  );
}

/** The policy of the site: every setting with its bounds and default, changed as a whole, with a reason, from a time on. */
export function PolicyPage() {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const words = usePolicyWords();
  const { data } = useQuery(reading(policyCurrent));
  const [section, setSection] = useState('duty');
  const [draft, setDraft] = useState<PolicyDocument | null>(null);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState<number | null>(null);
  const newest = data?.newest;
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['?'], label: t('key.help') },
  ]);
  const faults = useMemo(() => faultsOf(draft), [draft]);
  if (!data || !newest) return <Page title={t('policy.title')}>{<Skeleton rows={8} />}</Page>;
  const changes = draft ? differences(newest.document, draft) : null;
  const sections = childrenOf({ path: [], node: data.schema as Node });
  const opened = sections.find(({ path }) => path[0] === section);
  const head = (
    <Head
      policy={data}
      saved={saved}
      changes={changes}
      isWhole={faults.size === 0}
      onEdit={() => setDraft(newest.document)}
      onDiscard={() => setDraft(null)}
      onReview={() => setSaving(true)}
    />
  );
  return (
    <Page title={t('policy.title')} head={head}>
      <div className="policy-page grow min-h-0">
        <Nav sections={sections} selected={section} changes={changes ?? []} onChange={setSection} />
        {/* While nothing can be edited, the keys scroll it. */}
        <div className="scroll flex flex-col gap-4 pb-6" role="region" aria-label={words.label([section])} tabIndex={draft ? -1 : 0}>
          {draft && comingOf(data).length > 0 && <Note tone="cyan">{t('policy.pendingNote')}</Note>}
          {!draft && <p className="text-sm text-muted">{t('policy.whoMay')}</p>}
          <Faults faults={faults} />
          {opened && (
            <Section
              key={section}
              field={opened}
              document={draft ?? data.document}
              changed={new Set(changes?.map(({ path }) => path))}
              faults={faults}
              isEditing={draft !== null}
              onChange={(path, value) => setDraft((before) => before && withValue(before, path, value))}
            />
          )}
          {section === HISTORY && <PolicyHistory versions={data.versions} current={data.current} zone={me.timeZone} />}
        </div>
      </div>
      {saving && draft && (
        <SaveDialog
          document={draft}
          basedOn={newest.version}
          changes={changes ?? []}
          onClose={() => setSaving(false)}
          onSaved={(version) => {
            setSaving(false);
            setDraft(null);
            setSaved(version);
          }}
        />
      )}
    </Page>
  );
}
